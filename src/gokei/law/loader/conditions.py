"""Conditions as packs write them, read against the vocabulary of facts."""

from __future__ import annotations

from typing import Final

from gokei.law.conditions import ALWAYS, All, Any, Compare, Condition, Covers, Mapped, Member, Not, Same
from gokei.law.loader.places import Place
from gokei.terms.facts import FACTS, Fact
from gokei.terms.nearest import nearest
from gokei.terms.question import FactValue
from gokei.terms.words import N_

ROLES: Final = ("provider", "recipient", "owner", "holder")
# Facts that settle others or the question itself stand in no condition.
_UNUSABLE: Final = frozenset({"kind", "on", "nsn"})
_NESTING: Final = ("all", "any", "not")


def read_condition(place: Place) -> Condition:
    """The condition at a place; what is wrong is noted, and read as always true."""
    parts: list[Condition] = []
    for name, inner in place.pairs():
        if name in _NESTING:
            parts.append(_nested(name, inner))
        elif name in FACTS and name not in _UNUSABLE:
            parts.append(_of_fact(FACTS[name], inner))
        else:
            near = nearest(name, [*FACTS, *_NESTING])
            detail = N_("No condition can speak of {name}. Did you mean {nearest}?")
            inner.note(
                "pack-fact",
                detail if near else N_("No condition can speak of {name}."),
                name=name[:60],
                nearest=near or "",
            )
    if len(parts) == 1:
        return parts[0]
    return All(tuple(parts))


def _nested(name: str, place: Place) -> Condition:
    if name == "not":
        return Not(read_condition(place))
    parts = tuple(read_condition(item) for item in place.items())
    if not parts:
        place.note("pack-condition", N_("A nesting of no conditions says nothing."))
    return All(parts) if name == "all" else Any(parts)


def _of_fact(fact: Fact, place: Place) -> Condition:
    if place.scalar or place.node.shape == "list":
        return _member(fact, place)
    pairs = place.pairs()
    if len(pairs) != 1:
        place.note("pack-condition", N_("Exactly one comparison should stand here."))
        return ALWAYS
    name, inner = pairs[0]
    if name == "not":
        return Not(_member(fact, inner))
    return _comparison(fact, name, inner)


def _member(fact: Fact, place: Place) -> Condition:
    places = [place] if place.scalar else place.items()
    values = [_value(fact, one) for one in places]
    if not values:
        place.note("pack-condition", N_("A list of no values says nothing."))
    return Member(fact.name, frozenset(value for value in values if value is not None))


def _value(fact: Fact, place: Place) -> FactValue | None:
    match fact.type:
        case "boolean":
            return place.boolean()
        case "nation":
            return place.word((*fact.words(), *ROLES))
        case "code" | "marking":
            return place.word(fact.words())
        case "date":
            place.note("pack-condition", N_("Compare a day by before or on_or_after."))
            return None
        case _:
            return place.text()


def _comparison(fact: Fact, name: str, place: Place) -> Condition:
    if fact.type == "date" and name in {"before", "on_or_after"}:
        if place.scalar and place.node.text == "on":
            return Compare(fact.name, name, "on")
        day = place.day()
        return Compare(fact.name, name, day.isoformat()) if day else ALWAYS
    if fact.type == "text" and name == "same_as":
        other = place.word([one.name for one in FACTS.values() if one.type == "text" and one != fact])
        return Same(fact.name, other) if other else ALWAYS
    if fact.name == "clearance" and name == "covers":
        return Covers(fact.name, place.word(["level"]) or "level", frozenset())
    if fact.name == "level" and name == "mapped":
        return Mapped(fact.name, place.word(ROLES) or "holder")
    place.note("pack-condition", N_("{name} is no comparison of {fact}."), name=name[:60], fact=fact.name)
    return ALWAYS
