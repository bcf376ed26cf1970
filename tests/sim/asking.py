"""Questions about secrets, and the law under watch: what it permitted is asked again, with what was not stated."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from gokei.law.library import Library
from gokei.terms.canonical import canonical
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from tests.nations import law

Question = Mapping[str, Any]

ON = "2018-01-10"
RANKS: Mapping[str, int] = {
    "JP:kimitsu": 3, "JP:gokuhi": 2, "JP:hi": 1, "US:TS": 3, "US:S": 2, "US:C": 1,
}  # fmt: skip
"""The levels of Japan and the United States as their agreement of 2007 makes them equal; no pack was read for it."""
PAIR = ("JP", "US")
NATIONS = ("AU", "JP", "KR", "US", "none", "high_seas", "contractor")
DAYS = ("1990-01-01", "2018-01-09", ON, "2030-01-01")
TEXTS = ("patrol", "resale")
TOGETHER = 12
"""So many times several facts that were not stated are stated together."""


class WatchedLaw:
    """The law of the tests, for one run; what it permits is kept until an invariant looks at it."""

    def __init__(self) -> None:
        self._law = law()
        self._new: list[tuple[JsonObject, tuple[str, ...]]] = []

    @property
    def library(self) -> Library:
        """The library itself, which nobody watches."""
        return self._law.library

    def answer(self, question: JsonObject, assume: Sequence[str]) -> JsonObject:
        """The determination of a question."""
        found = self._law.answer(question, assume)
        if found["verdict"] == "permitted":
            self._new.append((question, (*assume,)))
        return found

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of a nation that are equal to a level."""
        return self._law.equivalents(agreement, level, nation, on)

    def permitted(self) -> list[tuple[JsonObject, tuple[str, ...]]]:
        """What was permitted since the last look."""
        new, self._new = self._new, []
        return new


def question(chance: Random) -> dict[str, Any]:
    """What a security officer asks: mostly all that the agreement wants is so; now and then something is not, or is
    not said."""
    owner, holder = PAIR if chance.random() < 0.5 else PAIR[::-1]
    levels = {nation: [one for one in RANKS if one.startswith(nation)] for nation in PAIR}
    found: dict[str, Any] = {
        "kind": "information", "on": ON, "action": "access", "owner": owner, "holder": holder, "actor": holder,
        "level": chance.choice(levels[owner]), "clearance": chance.choice(levels[holder]),
        "clearance_until": "2019-01-01", "need_to_know": True, "on_register": True, "assurances_recorded": True,
        "purpose": "patrol", "provided_purpose": "patrol",
    }  # fmt: skip
    if chance.random() < 0.3:
        found |= {"action": "release_third_party", "release_to": "AU", "owner_consents": True, "written": True}
    changes = {
        "need_to_know": False, "on_register": False, "clearance_until": "2017-01-01", "purpose": "resale",
        "owner_consents": False, "written": False, "actor": owner, "clearance": None,
    }  # fmt: skip
    for name in chance.sample(sorted(changes), chance.choice((0, 0, 1, 2))):
        if name == "actor":
            found |= {"actor": owner, "clearance": chance.choice(levels[owner])}
        elif name == "clearance" or (name not in found) or chance.random() < 0.5:
            found.pop(name, None)
        else:
            found[name] = changes[name]
    return found


def refuted(asked: JsonObject, assume: tuple[str, ...]) -> JsonObject | None:
    """The facts, not stated in a question that was permitted, that make it no yes any more; None where none do."""
    return _refuted(canonical(asked), assume)


@functools.lru_cache(10_000)
def _refuted(text: bytes, assume: tuple[str, ...]) -> JsonObject | None:
    """The same; each question is tried once in a process."""
    asked: JsonObject = json.loads(text)
    for more, also in _completions(asked):
        try:
            found = law().answer(asked | more, (*assume, *also))
        except BadInput:
            # What contradicts the facts that were stated cannot be so.
            continue
        if found["verdict"] != "permitted":
            return more | {"assume": [*also]}
    return None


def _completions(asked: JsonObject) -> Iterator[tuple[JsonObject, tuple[str, ...]]]:
    unstated = {name: _values(name) for name in FACTS if name not in asked}
    for name, values in unstated.items():
        for value in values:
            yield {name: value}, ()
    chance = Random(repr(asked))
    for _ in range(TOGETHER):
        some = chance.sample(sorted(unstated), chance.randrange(2, len(unstated)))
        yield {name: chance.choice(unstated[name]) for name in some if unstated[name]}, ()
    for name, variants in _undecided(law().answer(asked, ())):
        for variant in variants:
            yield {}, (f"{name}={variant}",)


def _values(name: str) -> tuple[Any, ...]:
    fact = FACTS[name]
    match fact.type:
        case "boolean":
            return True, False
        case "date":
            return DAYS
        case "text":
            return TEXTS
        case "nation":
            return NATIONS
        case "marking":
            return (*RANKS,)
        case _:
            return fact.words()


def _undecided(found: JsonObject) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The instruments that an answer rests on, with the variants of what is undecided in them."""
    basis: Any = found["basis"]
    for name in sorted({one["instrument"] for one in basis}):
        provisions = law().library.instrument(name).provisions
        variants = itertools.chain.from_iterable(one.variants or () for one in provisions)
        yield name, (*sorted({*variants}),)
