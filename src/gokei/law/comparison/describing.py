"""What a set of a fact's words means, as a pack would write the condition."""

from __future__ import annotations

from collections.abc import Sequence

from gokei.law.comparison.variables import ONE_TEXT, OTHER_TEXT, Variable, Word
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
    `tables` are all comparisons of a clearance that the two sides make: where they differ, each says which it is.
    """
    words = [word for number, word in enumerate(variable.words) if mask >> number & 1]
    atoms = [atom for atom, _ in variable.words[0].truths]
    if not atoms:
        return _listed(variable, words, nations)
    if all(isinstance(atom, Compare) and atom.than != "on" for atom in atoms) and _only_compared(variable):
        return _stretches(variable, words)
    if len(atoms) == 1 and _only_compared(variable):
        return _compared(variable.fact, *words[0].truths[0], tables)
    ways: list[JsonValue] = [_way(variable, word, tables) for word in words]
    return ways[0] if len(ways) == 1 else {"any": ways}


def _only_compared(variable: Variable) -> bool:
    """Whether nothing but the comparisons tells its words apart."""
    return len({word.truths for word in variable.words}) == len(variable.words)


def _listed(variable: Variable, words: Sequence[Word], nations: frozenset[FactValue] | None) -> JsonValue:
    inside = [value for word in words for value in word.values]
    outside = [value for word in variable.words if word not in words for value in word.values]
    if nations is not None:
        inside, outside = ([one for one in some if nation_of(str(one)) in nations] for some in (inside, outside))
    if ONE_TEXT in inside:
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


def _way(variable: Variable, word: Word, tables: Sequence[Atom]) -> JsonValue:
    parts: list[JsonValue] = []
    if not _only_compared(variable):
        parts.append(_sorted(variable.fact, [one for one in word.values if one not in {ONE_TEXT, OTHER_TEXT}]))
    parts += [_compared(variable.fact, atom, holds, tables) for atom, holds in word.truths]
    return parts[0] if len(parts) == 1 else {"all": parts}


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
                found["table"] = tables.index(atom) + 1
        case _:
            raise LookupError("only comparisons have truths")
    return found if holds else {"not": found}
