"""One policy as plain data, on which the benchmarks hold Gokei against its peers: agreements and providers' laws.

A question is permitted where an agreement in force between the two nations allows its activity and its supply and its
third-party rule is met, and the provider's law of that day lets this supply go to this recipient for this activity.
Recipients' laws permit everything. `drawn` draws a policy from a seed; `instruments` writes it as Gokei's library
knows it; every peer (tests/bench/peers) compiles the same data.

Peers know an unknown fact only as two bounds by Kleene (certain, possible), where Gokei's verdict is exact. On a policy
at random the two part where one unknown fact stands in an agreement and in a law at once. This policy is drawn so that
they never do: no law lets weapons go, so an unknown supply is never certain; every law lets food go for whatever it
lets anything go for, and all that it lets go for exercises too, and every agreement allows food and exercises, so
that what is possible in each part is possible in all together. tests/bench/test_policy.py tries it, question by
question, against every way in which the unknown could turn out; the benchmarks compare all their answers as well.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from gokei.law.conditions import ALWAYS, All, Condition, Member
from gokei.law.conditions import Any as AnyOf
from gokei.law.instruments import ALL_DAYS, Event, Instrument, Interval, Provision, Source
from gokei.terms.facts import ACTIVITIES, NONE, SUPPLIES

Verdict: TypeAlias = Literal["permitted", "not_permitted", "undetermined"]
# What is asked, and what a peer answers: the verdict, and the place of the agreement that decides it, if one does.
Question: TypeAlias = "dict[str, Any]"
Answer: TypeAlias = "tuple[Verdict, int | None]"

SEED: Final = 7
NATIONS: Final = ("AU", "CA", "DE", "FR", "GB", "IN", "JP", "US")
RETRANSFERS: Final = (NONE, *NATIONS, "KR", "NZ")
FACTS: Final = ("kind", "on", "provider", "recipient", "activity", "supply", "retransfer_to", "provider_consents")
FIRST_DAY: Final = datetime.date(2014, 1, 1)
LAST_DAY: Final = datetime.date(2026, 12, 31)
# The law of every provider changed on this day.
NEW_LAW: Final = datetime.date(2016, 3, 29)
ALWAYS_ALLOWED: Final = "joint_exercise"
ALWAYS_SUPPLIED: Final = "food"
NEVER_SUPPLIED: Final = "weapons"
# How often a fact is left out, in hundredths.
LEFT_OUT: Final[Mapping[str, int]] = {"activity": 1, "supply": 3, "retransfer_to": 5, "provider_consents": 20}

_TREATIES: Final = (
    ("jp-us-1996", ("JP", "US"), "1996-10-22", "2017-04-25"),
    ("jp-au-2017", ("JP", "AU"), "2017-09-06", None),
    ("jp-us-2017", ("JP", "US"), "2017-04-25", None),
    ("jp-gb-2017", ("JP", "GB"), "2017-08-18", None),
    ("jp-ca-2019", ("JP", "CA"), "2019-07-18", None),
    ("jp-fr-2019", ("JP", "FR"), "2019-06-26", None),
    ("jp-in-2021", ("JP", "IN"), "2021-07-11", None),
    ("jp-de-2024", ("JP", "DE"), "2024-07-12", None),
    ("four-2004", ("AU", "CA", "GB", "US"), "2004-05-01", None),
    ("three-2014", ("AU", "JP", "US"), "2014-02-01", None),
)
# Of these agreements no consent of the provider lets anything go on to a third nation.
_ABSOLUTE: Final = frozenset({"jp-in-2021", "four-2004"})
_SOURCE: Final = Source("https://example.org/policy", "derived")


class Agreement(NamedTuple):
    """An agreement: in force from `since` up to, not including, `until`; `annex` less `excluded` may be supplied.

    What it says of the `undecided` activity nobody knows: it allows it, or it bars it (`bars`), or it says nothing.
    """

    name: str
    parties: tuple[str, ...]
    since: datetime.date
    until: datetime.date | None
    activities: tuple[str, ...]
    undecided: str
    bars: bool
    annex: tuple[str, ...]
    excluded: tuple[str, ...]
    consent_suffices: bool

    @property
    def supplies(self) -> tuple[str, ...]:
        """What may be supplied under it."""
        return tuple(one for one in self.annex if one not in self.excluded)

    @property
    def days(self) -> Interval:
        """The days on which it is in force."""
        return Interval(self.since, self.until)


class Law(NamedTuple):
    """What one provider's law lets go to one recipient, on these days: the supplies of each activity."""

    provider: str
    recipient: str
    days: Interval
    rows: Mapping[str, tuple[str, ...]]


class Policy(NamedTuple):
    """The agreements, in the order in which one of them is named as the basis, and every law."""

    agreements: tuple[Agreement, ...]
    laws: tuple[Law, ...]

    def law(self, provider: str, recipient: str, day: datetime.date) -> Law | None:
        """The provider's law of the day on what may go to that recipient."""
        for one in self.laws:
            if (one.provider, one.recipient) == (provider, recipient) and one.days.covers(day):
                return one
        return None


def drawn(seed: int = SEED) -> Policy:
    """A policy drawn from a seed: which activities, supplies and rows; who is party to what, and when, is fixed."""
    chance = random.Random(seed)
    agreements = tuple(_agreement(chance, *treaty) for treaty in _TREATIES)
    directions = sorted({(a, b) for one in agreements for a in one.parties for b in one.parties if a != b})
    laws = tuple(
        Law(provider, recipient, days, _rows(chance))
        for provider, recipient in directions
        for days in (Interval(None, NEW_LAW), Interval(NEW_LAW, None))
    )
    return Policy(agreements, laws)


def _agreement(chance: random.Random, name: str, parties: tuple[str, ...], since: str, until: str | None) -> Agreement:
    *others, undecided = chance.sample([one for one in ACTIVITIES if one not in {ALWAYS_ALLOWED, "other"}], 7)
    supplies = [one for one in SUPPLIES if one not in {ALWAYS_SUPPLIED, NEVER_SUPPLIED}]
    annex = _ordered(SUPPLIES, {ALWAYS_SUPPLIED, NEVER_SUPPLIED, *chance.sample(supplies, 15)})
    return Agreement(
        name=name,
        parties=parties,
        since=datetime.date.fromisoformat(since),
        until=None if until is None else datetime.date.fromisoformat(until),
        activities=_ordered(ACTIVITIES, {ALWAYS_ALLOWED, *others}),
        undecided=undecided,
        bars=chance.random() < 0.5,
        annex=annex,
        excluded=_ordered(SUPPLIES, {NEVER_SUPPLIED, *chance.sample(supplies, 2)}),
        consent_suffices=name not in _ABSOLUTE,
    )


def _rows(chance: random.Random) -> Mapping[str, tuple[str, ...]]:
    """Between 60 and 100 pairs of an activity and a supply."""
    supplies = chance.sample([one for one in SUPPLIES if one not in {ALWAYS_SUPPLIED, NEVER_SUPPLIED}], 15)
    activities = {ALWAYS_ALLOWED, *chance.sample([one for one in ACTIVITIES if one != "other"], 8)}
    found: dict[str, tuple[str, ...]] = {}
    for activity in _ordered(ACTIVITIES, activities):
        some = supplies if activity == ALWAYS_ALLOWED else chance.sample(supplies, chance.randint(6, 10))
        found[activity] = _ordered(SUPPLIES, {ALWAYS_SUPPLIED, *some})
    return found


def _ordered(words: tuple[str, ...], some: set[str]) -> tuple[str, ...]:
    return tuple(one for one in words if one in some)


# Gokei's library


def instruments(policy: Policy) -> tuple[Instrument, ...]:
    """The policy as the library knows it: a treaty for each agreement, a law for each nation."""
    return (*(_treaty(one) for one in policy.agreements), *(_national_law(policy, nation) for nation in NATIONS))


def _treaty(agreement: Agreement) -> Instrument:
    events = [_event("in_force", agreement.since, agreement.parties)]
    if agreement.until is not None:
        events.append(_event("superseded", agreement.until, agreement.parties))
    supplies = Member("supply", frozenset(agreement.annex))
    allowed: Condition = Member("activity", frozenset(agreement.activities))
    undecided = Member("activity", frozenset({agreement.undecided}))
    met = [Member("retransfer_to", frozenset({NONE})), Member("provider_consents", frozenset({True}))]
    name = agreement.name
    variants = {"included": "permit", "left_out": "prohibit" if agreement.bars else "nothing"}
    provisions = (
        _provision(name, "1", "permit", when=All((allowed, supplies))),
        _provision(name, "2", "undecided", when=All((undecided, supplies)), variants=variants),
        _provision(name, "3", "prohibit", when=Member("supply", frozenset(agreement.excluded))),
        _provision(name, "4", "require", that=AnyOf(tuple(met[: 1 + agreement.consent_suffices]))),
    )
    return _instrument(name, "support", agreement.parties, tuple(events), provisions)


def _national_law(policy: Policy, nation: str) -> Instrument:
    name = f"law-{nation.lower()}"
    provisions = [_provision(name, "1", "permit", side="recipient")]
    for law in policy.laws:
        if law.provider != nation:
            continue
        to = Member("recipient", frozenset({law.recipient}))
        for activity, supplies in law.rows.items():
            said = (to, Member("activity", frozenset({activity})), Member("supply", frozenset(supplies)))
            place = str(1 + len(provisions))
            provisions.append(_provision(name, place, "permit", side="provider", when=All(said), in_force=law.days))
    return _instrument(name, "law", (nation,), (), tuple(provisions))


def _provision(
    instrument: str,
    place: str,
    effect: Any,
    when: Condition = ALWAYS,
    that: Condition = ALWAYS,
    side: Any = None,
    variants: Mapping[str, str] | None = None,
    in_force: Interval = ALL_DAYS,
) -> Provision:
    says = dict.fromkeys(("en", "ja", "ko"), f"Rule {place} of {instrument}.")
    return Provision(
        instrument, place, effect, says, _SOURCE, in_force, when=when, that=that, side=side, variants=variants
    )


def _instrument(
    name: str, kind: Any, parties: tuple[str, ...], events: tuple[Event, ...], provisions: tuple[Provision, ...]
) -> Instrument:
    titles = dict.fromkeys(("en", "ja", "ko"), name)
    return Instrument(name, kind, titles, parties, False, events, provisions, (), f"sha256:{name}")


def _event(event: str, day: datetime.date, parties: tuple[str, ...]) -> Event:
    return Event(event, datetime.datetime.combine(day, datetime.time(), datetime.UTC), parties, _SOURCE)


# Questions


def questions(count: int, seed: int = SEED) -> list[Question]:
    """Questions at random, facts left out as often as LEFT_OUT says: `on` as YYYY-MM-DD, an unknown fact as None."""
    chance = random.Random(seed)
    return [_question(chance) for _ in range(count)]


def _question(chance: random.Random) -> Question:
    provider, recipient = chance.sample(NATIONS, 2)
    day = FIRST_DAY + datetime.timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days + 1))
    found: Question = {
        "kind": "support",
        "on": day.isoformat(),
        "provider": provider,
        "recipient": recipient,
        "activity": chance.choice(ACTIVITIES),
        "supply": chance.choice(SUPPLIES),
        "retransfer_to": NONE if chance.random() < 0.7 else chance.choice(RETRANSFERS[1:]),
        "provider_consents": chance.random() < 0.5,
    }
    return {name: None if chance.randrange(100) < LEFT_OUT.get(name, 0) else found[name] for name in FACTS}
