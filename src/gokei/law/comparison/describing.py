"""What a set of a fact's words means, as a pack would write the condition."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gokei.law.comparison.variables import ONE_TEXT, OTHER_TEXT, Truths, Variable, Word
from gokei.law.conditions import Atom, Compare, Covers, Same
from gokei.law.masks import Mask
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.markings import nation_of
from gokei.terms.question import FactValue


def described(
    variable: Variable, mask: Mask, nations: frozenset[FactValue] | None = None, tables: Sequence[Atom] = ()
) -> JsonValue:
    """The words of `mask`: a list of them, or `{not: […]}`, or a comparison, or `{any: […]}` of several.

    Of markings, only those of `nations` are named, where that is given.
    `tables` are all comparisons of a clearance that the two sides make: where there are several, each says which it is.
    """
    words = [word for number, word in enumerate(variable.words) if mask >> number & 1]
    atoms = [atom for atom, _ in variable.words[0].truths]
    if not atoms:
        return _listed(variable, [value for word in words for value in word.values], nations)
    if all(isinstance(atom, Compare) and atom.than != "on" for atom in atoms):
        return _stretches(variable, words)
    told = {word.truths for word in words}
    if all((word.truths in told) is (word in words) for word in variable.words):
        return _turned_out(variable, told, tables)
    ways = [_way(variable, treated, words, nations, tables) for treated in {word.treated: None for word in words}]
    return ways[0] if len(ways) == 1 else {"any": ways}


def _way(
    variable: Variable,
    treated: object,
    words: Sequence[Word],
    nations: frozenset[FactValue] | None,
    tables: Sequence[Atom],
) -> JsonValue:
    """The values that are treated so, with the comparisons where they matter."""
    alike = [word for word in variable.words if word.treated == treated]
    listed = _listed(variable, [*dict.fromkeys(value for word in alike for value in word.values)], nations)
    inside = [word for word in alike if word in words]
    if len(inside) == len(alike):
        return listed
    return {"all": [listed, _turned_out(variable, {word.truths for word in inside}, tables)]}


def _turned_out(variable: Variable, told: Collection[Truths], tables: Sequence[Atom]) -> JsonValue:
    """How comparisons turn out: one alone where that says it, else each way with all of them."""
    can = {word.truths for word in variable.words}
    for place, (atom, _) in enumerate(variable.words[0].truths):
        for holds in (True, False):
            if {truths for truths in can if truths[place][1] is holds} == {*told}:
                return _compared(variable.fact, atom, holds, tables)
    ways: list[JsonValue] = [
        {"all": [_compared(variable.fact, atom, holds, tables) for atom, holds in truths]}
        for truths in sorted(told, key=repr)
    ]
    return ways[0] if len(ways) == 1 else {"any": ways}


def _listed(variable: Variable, inside: Sequence[FactValue], nations: frozenset[FactValue] | None) -> JsonValue:
    whole = dict.fromkeys(value for word in variable.words for value in word.values)
    outside = [value for value in whole if value not in inside]
    if nations is not None:
        inside, outside = ([one for one in some if nation_of(str(one)) in nations] for some in (inside, outside))
    if ONE_TEXT in inside or OTHER_TEXT in inside:
        return {"not": _sorted(variable.fact, outside)}
    open_ended = variable.undecided is None and FACTS[variable.fact].type in {"nation", "marking"}
    if open_ended and len(inside) > len(outside):
        return {"not": _sorted(variable.fact, outside)}
    return _sorted(variable.fact, inside)


def _sorted(fact: str, values: Sequence[FactValue]) -> list[JsonValue]:
    """In the order of the vocabulary."""
    known = FACTS[fact].words() if fact in FACTS else ()
    return [*sorted(values, key=lambda one: (known.index(str(one)) if one in known else len(known), str(one)))]


def _stretches(variable: Variable, words: Sequence[Word]) -> JsonValue:
    """A day in one of several stretches."""
    days = sorted({str(value) for word in variable.words for value in word.values})
    inside = [any(day in word.values for word in words) for day in days]
    found: list[JsonValue] = []
    place = 0
    while place < len(days):
        if not inside[place]:
            place += 1
            continue
        stretch: JsonObject = {"on_or_after": days[place]} if place else {}
        while place < len(days) and inside[place]:
            place += 1
        found.append(stretch | ({"before": days[place]} if place < len(days) else {}))
    return found[0] if len(found) == 1 else {"any": found}


def _compared(fact: str, atom: Atom, holds: bool, tables: Sequence[Atom]) -> JsonValue:
    match atom:
        case Compare(_, order, than):
            late = (order == "on_or_after") is holds
            return {"on_or_after" if late else "before": than}
        case Same(one, other):
            found: JsonObject = {"same_as": one if fact == other else other}
        case Covers(_, other):
            found = {"covers": other}
            if len(tables) > 1:
                found |= {"table": tables.index(atom) + 1, "reaches": _table(atom)}
        case _:
            raise LookupError("only comparisons have truths")
    return found if holds else {"not": found}


def _table(atom: Covers) -> JsonValue:
    """The levels that each clearance reaches."""
    found: dict[str, JsonValue] = {}
    for clearance in sorted({str(one) for one, _ in atom.pairs}):
        found[clearance] = [*sorted(str(level) for one, level in atom.pairs if one == clearance)]
    return found
