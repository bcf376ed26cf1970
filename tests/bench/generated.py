"""Agreements that nobody signed, as many as are wanted: does the law cost more to ask, the more of it there is?"""

from __future__ import annotations

import datetime
import random
from typing import Any, Final

from gokei.law.conditions import ALWAYS, All, Condition, Member
from gokei.law.instruments import Event, Instrument, Provision, Source
from gokei.terms.facts import ACTIVITIES, SUPPLIES
from gokei.terms.nations import NATIONS

PARTIES: Final = 60
# Organisations, and nations of which the packs speak: their answers must stay what they are.
_OTHERS: Final = frozenset(["UN", "NATO", "EU", "AU", "CA", "DE", "FR", "GB", "IN", "IT", "JP", "KR", "NL", "US"])
_SOURCE: Final = Source("https://example.org", "draft")


def agreements(count: int, seed: int = 7) -> tuple[Instrument, ...]:
    """Agreements on support between pairs of PARTIES nations, each in force from another day, with a law for each."""
    chance = random.Random(seed)
    nations = sorted(NATIONS - _OTHERS)[:PARTIES]
    pairs = [(one, other) for place, one in enumerate(nations) for other in nations[:place]]
    made = [_agreement(chance, number, pair) for number, pair in enumerate(chance.sample(pairs, count))]
    return (*made, *(_law(nation) for nation in nations))


def _agreement(chance: random.Random, number: int, parties: tuple[str, str]) -> Instrument:
    name = f"acsa-generated-{number}"
    since = datetime.datetime(1996, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=chance.randrange(10_000))
    permits = [_provision(name, str(place), "permit", _scope(chance)) for place in range(1, 5)]
    more = [
        _provision(name, "5", "prohibit", Member("supply", frozenset(chance.sample(SUPPLIES, 2)))),
        _provision(name, "6", "require", ALWAYS, Member("requested", frozenset({True}))),
        _provision(name, "7", "require", ALWAYS, Member("hinders_mission", frozenset({False}))),
    ]
    event = Event("in_force", since, parties, _SOURCE)
    return _instrument(name, "support", parties, (event,), (*permits, *more))


def _scope(chance: random.Random) -> Condition:
    activities = Member("activity", frozenset(chance.sample(ACTIVITIES, 4)))
    return All((activities, Member("supply", frozenset(chance.sample(SUPPLIES, 8)))))


def _law(nation: str) -> Instrument:
    name = f"law-{nation.lower()}-generated"
    event = Event("in_force", datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC), (nation,), _SOURCE)
    return _instrument(name, "law", (nation,), (event,), (_provision(name, "1", "permit", ALWAYS),))


def _provision(name: str, place: str, effect: Any, when: Condition, that: Condition = ALWAYS) -> Provision:
    says = dict.fromkeys(("en", "ja", "ko"), f"Rule {place} of {name}.")
    return Provision(name, place, effect, says, _SOURCE, when=when, that=that)


def _instrument(
    name: str, kind: Any, parties: tuple[str, ...], events: tuple[Event, ...], provisions: tuple[Provision, ...]
) -> Instrument:
    titles = dict.fromkeys(("en", "ja", "ko"), name)
    return Instrument(name, kind, titles, parties, False, events, provisions, (), f"sha256:{name}")
