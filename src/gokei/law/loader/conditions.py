"""Conditions as packs write them, read against the vocabulary of facts."""

from __future__ import annotations

from gokei.law.conditions import ALWAYS, All, Any, Compare, Condition, Covers, Mapped, Member, Not, Same
from gokei.law.loader.places import Place
from gokei.law.loader.shapes import NEGATION, NESTING, ON, USABLE, comparisons, values
from gokei.terms.facts import FACTS, Fact
from gokei.terms.nearest import nearest
from gokei.terms.question import FactValue
from gokei.terms.words import N_


def read_condition(place: Place) -> Condition:
    """The condition at a place; what is wrong is noted, and read as always true."""
    parts: list[Condition] = []
    for name, inner in place.pairs():
        if name in NESTING:
            parts.append(_nested(name, inner))
        elif name in USABLE:
            parts.append(_of_fact(USABLE[name], inner))
        else:
            near = nearest(name, [*FACTS, *NESTING])
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
    if not NESTING[name]:
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
    if name == NEGATION:
        return Not(_member(fact, inner))
    return _comparison(fact, name, inner)


def _member(fact: Fact, place: Place) -> Condition:
    places = [place] if place.scalar else place.items()
    found = [_value(fact, one) for one in places]
    if not found:
        place.note("pack-condition", N_("A list of no values says nothing."))
    return Member(fact.name, frozenset(value for value in found if value is not None))


def _value(fact: Fact, place: Place) -> FactValue | None:
    match fact.type:
        case "boolean":
            return place.boolean()
        case "nation" | "code" | "marking":
            return place.word(values(fact))
        case "date":
            place.note("pack-condition", N_("Compare a day by before or on_or_after."))
            return None
        case _:
            return place.text()


def _comparison(fact: Fact, name: str, place: Place) -> Condition:
    taken = comparisons(fact)
    if name not in taken:
        place.note("pack-condition", N_("{name} is no comparison of {fact}."), name=name[:60], fact=fact.name)
        return ALWAYS
    words = taken[name]
    if words is None:
        if place.scalar and place.node.text == ON:
            return Compare(fact.name, name, ON)
        day = place.day()
        return Compare(fact.name, name, day.isoformat()) if day else ALWAYS
    word = place.word(words)
    if word is None:
        return ALWAYS
    match name:
        case "same_as":
            return Same(fact.name, word)
        case "covers":
            return Covers(fact.name, word, frozenset())
        case _:
            return Mapped(fact.name, word)
