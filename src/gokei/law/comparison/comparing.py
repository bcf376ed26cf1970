"""Two sides compared: the cubes of every class of question whose answer differs, and the sentences that hold them.

A question here states every fact that plays a part; what the parties have yet to decide is stated too, as the variant
that each undecided provision would be given. Since a verdict is exact, two states of the law that answer all such
questions alike answer every question alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from gokei.law.comparison.describing import described
from gokei.law.comparison.differing import Change, Cube, Differing
from gokei.law.comparison.folding import Folded, Folding, sentences
from gokei.law.comparison.sides import Direction, Side, read_side
from gokei.law.comparison.variables import ONE_TEXT, OTHER_TEXT, WHOSE, Variable
from gokei.law.determinations import Rests
from gokei.law.library import Library
from gokei.law.masks import UNDECIDED
from gokei.law.walks import Walk
from gokei.terms.canonical import canonical
from gokei.terms.json_types import JsonObject, JsonValue, object_of
from gokei.terms.problems import BadInput
from gokei.terms.question import Facts, FactValue
from gokei.terms.words import N_

_TEXTS: Final = {ONE_TEXT: "one purpose", OTHER_TEXT: "another purpose"}
# Who is who in a question on information: of two nations, these change together.
_PAIRED: Final = frozenset({"owner", "holder", "actor", "recipient"})
_ROLES: Final = ("provider", "recipient")
_BY_ROLE: Final = tuple(frozenset(facts) for facts in ((), ("retransfer_to",), ("place",), ("retransfer_to", "place")))
# The same step in both sides: their directions, and the facts that say which step it is.
_Step: TypeAlias = "tuple[Direction, Direction, JsonObject]"


def compare(
    library: Library,
    a: str,
    b: str,
    assume_a: tuple[str, ...] = (),
    assume_b: tuple[str, ...] = (),
    grounds: bool = False,
) -> JsonObject:
    """The comparison: sides `a` and `b`, `counts`, `cubes`, and the `sentences` that hold them.

    Raises BadInput: those of `read_side`, and `compare-sides`, `compare-parties`.
    """
    return compare_sides(read_side(library, a, assume_a, "A"), read_side(library, b, assume_b, "B"), grounds)


def compare_sides(one: Side, other: Side, grounds: bool = False) -> JsonObject:
    """The comparison of two states that were read already. Raises BadInput (`compare-sides`, `compare-parties`)."""
    steps = _steps(one, other)
    parts = [_Part(one, other, step, grounds) for step in steps]
    said = _merged([(step, part.said()) for step, part in zip(steps, parts, strict=True)])
    cubes: list[JsonValue] = []
    for number, (sentence, held) in enumerate(said):
        cubes += [cube | {"sentence": number} for cube in held]
        sentence["cubes"] = len(held)
    return {
        "a": one.as_json(),
        "b": other.as_json(),
        "grounds": grounds,
        "counts": {"differ": sum(part.differ for part in parts), "of": sum(part.total for part in parts)},
        "sentences": [sentence for sentence, _ in said],
        "cubes": cubes,
    }


def _steps(one: Side, other: Side) -> list[_Step]:
    if one.sort != other.sort:
        raise BadInput(
            check="compare-sides",
            detail=N_("{a} and {b} are of different kinds and cannot be compared."),
            next_step=N_("Compare two pairs of nations, two agreements on support, or two on information."),
            params={"a": one.named[:60], "b": other.named[:60]},
            field="B",
        )
    if one.sort != "support":
        return [(was, now, {}) for was, now in zip(one.matters, other.matters, strict=True)]
    if {*one.parties} == {*other.parties}:
        return [(step, step, _named(step, len(one.parties))) for step in one.matters if step is not None]
    shared = [nation for nation in one.parties if nation in other.parties]
    if len(shared) != 1 or len(one.parties) != 2 or len(other.parties) != 2:
        raise BadInput(
            check="compare-parties",
            detail=N_("{a} and {b} are between other nations and cannot be compared."),
            next_step=N_("Compare two pairs of nations, such as JP>AU@2020-01-01 JP>US@2020-01-01."),
            params={"a": one.named[:60], "b": other.named[:60]},
            field="B",
        )
    nation = shared[0]
    was, now = (next(party for party in side.parties if party != nation) for side in (one, other))
    gives: _Step = ((nation, was), (nation, now), {"provider": [nation]})
    return [gives, ((was, nation), (now, nation), {"recipient": [nation]})]


def _named(step: tuple[str, str], parties: int) -> JsonObject:
    """The facts that tell the step from others; of two parties, who provides says who receives."""
    found: JsonObject = {"provider": [step[0]]}
    return found | ({"recipient": [step[1]]} if parties > 2 else {})


_Held: TypeAlias = "tuple[JsonObject, list[JsonObject]]"


def _merged(parts: Sequence[tuple[_Step, list[_Held]]]) -> list[_Held]:
    """The sentences of all steps; what is the same in every step is said once, else each says its step.

    A nation is the same where it is named, or where it is what the step makes of it: which of the two, fact by fact.
    """
    if len(parts) == 1:
        return parts[0][1]
    left = [(step, held) for step, said in parts for held in said]
    found: list[_Held] = []
    for by_role in _BY_ROLE:
        groups: dict[bytes, list[tuple[_Step, _Held]]] = {}
        for step, held in left:
            groups.setdefault(canonical(_in_roles(held[0], step, by_role)), []).append((step, held))
        whole = [group for group in groups.values() if len({group_step[:2] for group_step, _ in group}) == len(parts)]
        for group in whole:
            step, (sentence, _) = group[0]
            cubes = _merged_cubes([(one, held[1]) for one, held in group], by_role)
            found.append((_in_roles(sentence, step, by_role), cubes))
        said = [held for group in whole for held in group]
        left = [one for one in left if not any(one[1] is other[1] for other in said)]
    found += [(_of_step(step, sentence), [_of_step(step, cube) for cube in cubes]) for step, (sentence, cubes) in left]
    return found


def _merged_cubes(parts: Sequence[tuple[_Step, list[JsonObject]]], by_role: frozenset[str]) -> list[JsonObject]:
    groups: dict[bytes, list[tuple[_Step, JsonObject]]] = {}
    for step, cubes in parts:
        for cube in cubes:
            told = {name: value for name, value in cube.items() if name not in _OF_ONE_STEP}
            groups.setdefault(canonical(_in_roles(told, step, by_role)), []).append((step, cube))
    found: list[JsonObject] = []
    for group in groups.values():
        step, first = group[0]
        if len(group) == len(parts):
            counted = sum(cube["questions"] for _, cube in group if isinstance(cube["questions"], int))
            found.append(_in_roles(first, step, by_role) | {"questions": counted})
        else:
            found += [_of_step(step, cube) for step, cube in group]
    return found


def _of_step(step: _Step, one: JsonObject) -> JsonObject:
    return one | {"facts": step[2] | object_of(one["facts"])}


def _in_roles(one: JsonObject, step: _Step, by_role: frozenset[str]) -> JsonObject:
    """The same with the nations of some facts by what they are in this step, as a pack writes them."""
    if step[0] != step[1] or step[0] is None:
        return one
    roles = dict(zip(step[0], _ROLES, strict=True))

    def named(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: named(inner) for name, inner in value.items()}
        return _roles_first([roles.get(str(word), word) for word in value]) if isinstance(value, list) else value

    def walk(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if isinstance(value, dict):
            return {name: named(inner) if name in by_role else walk(inner) for name, inner in value.items()}
        return value

    return one | {name: walk(one[name]) for name in ("facts", "choices") if name in one}


def _roles_first(words: Sequence[JsonValue]) -> list[JsonValue]:
    """The roles in front, all else as it stood."""
    return [*(role for role in _ROLES if role in words), *(word for word in words if word not in _ROLES)]


_OF_ONE_STEP: Final = frozenset({"questions", "example", "basis"})


class _Part:
    """The comparison in one step: one diagram, folded."""

    def __init__(self, one: Side, other: Side, step: _Step, grounds: bool) -> None:
        self._sides = (one, other)
        self._step = step
        self._matters = (one.matters[step[0]], other.matters[step[1]])
        self._differing = Differing(*self._matters, grounds)
        self._folding = Folding(self._differing)
        self._folded = self._folding.folded()
        self._variables = self._differing.variables.all
        self._tables = self._differing.variables.tables
        self._walks = [Walk(matter, Rests((), "")) for matter in self._matters]
        self.differ = self._differing.count(self._differing.root)
        self.total = self._differing.total()

    def said(self) -> list[_Held]:
        """Every sentence with its cubes."""
        found: list[_Held] = []
        paired = frozenset(place for place, one in enumerate(self._variables) if one.fact in _PAIRED)
        for one in sentences(self._folded, self._folding.heads, paired):
            choices: list[JsonValue] = [
                [self._restricted(cube, one.common) for cube in choice] for choice in one.choices
            ]
            sentence = _changed(one.change) | self._restricted(one.common) | {"choices": choices}
            found.append((sentence, [self._cube(self._folded[number]) for number in one.cubes]))
        return found

    def _cube(self, folded: Folded) -> JsonObject:
        words = self._folding.example(folded.cube, self._differing.changes[folded.change])
        values = self._differing.variables.example(words)
        answers = [walk.answer({**self._asked(number), **values}) for number, walk in enumerate(self._walks)]
        shown: JsonObject = self._asked_alike() | {
            name: _TEXTS.get(value, value) if isinstance(value, str) else value
            for name, value in values.items()
            if not name.startswith(UNDECIDED)
        }
        return (
            _changed(folded.change)
            | self._restricted(folded.cube)
            | {
                "questions": folded.counted,
                "example": shown,
                "basis": {
                    name: {"ground": answer["ground"], "provisions": answer["basis"]}
                    for name, answer in zip(("from", "to"), answers, strict=True)
                },
            }
        )

    def _asked(self, number: int) -> Facts:
        side, direction = self._sides[number], self._step[number]
        on: Facts = {"on": side.on.isoformat()}
        if not isinstance(direction, tuple):
            return {"kind": "information", **on}
        return {"kind": "support", **on, "provider": direction[0], "recipient": direction[1]}

    def _asked_alike(self) -> JsonObject:
        """What both sides are asked alike beside the facts of a class; the day is each side's own."""
        one, other = self._asked(0), self._asked(1)
        return {name: value for name, value in one.items() if name != "on" and other.get(name) == value}

    def _restricted(self, cube: Cube, beside: Cube | None = None) -> JsonObject:
        """What a cube restricts: facts, and how undecided provisions are decided."""
        facts: JsonObject = {}
        undecided: list[JsonValue] = []
        whole = {**(beside or {}), **cube}
        for place, mask in sorted(cube.items()):
            variable = self._variables[place]
            words = described(variable, mask, self._nations(variable, whole), self._tables)
            named = variable.undecided
            if named is None:
                facts[variable.fact] = words
            else:
                undecided.append({"instrument": named[0], "provision": named[1], "decided": words})
        return {"facts": facts, "undecided": undecided}

    def _nations(self, variable: Variable, cube: Cube) -> frozenset[FactValue] | None:
        """Whose markings a level or a clearance can be, where a cube says so."""
        for place, mask in cube.items():
            whose = self._variables[place]
            if whose.fact == WHOSE.get(variable.fact):
                words = (word for number, word in enumerate(whose.words) if mask >> number & 1)
                return frozenset(value for word in words for value in word.values)
        return None


def _changed(change: Change) -> JsonObject:
    found: JsonObject = {"from": change.was, "to": change.now}
    if change.was_ground is not None:
        found |= {"from_ground": change.was_ground, "to_ground": change.now_ground}
    return found
