"""The difference of two matters: one exact, reduced, ordered decision diagram whose leaves say how the answers differ.

Both matters are walked together, fact by fact, over their common words; states of the pair that can no longer come
apart are one node. A node's edges are sets of words: what cannot come about beside the words before it is in none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from gokei.law.comparison.variables import Variables
from gokei.law.conditions import Atom
from gokei.law.masks import FactProbe, Mask
from gokei.law.matters import CRITERIA, Matter
from gokei.terms import limits
from gokei.terms.problems import OurBug
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth
from gokei.terms.words import N_

GRANTED: Final = "granted"
_LAST: Final = len(CRITERIA) - 1
SAME: Final = 0
# A cube: the words left at each place that it restricts.
Cube: TypeAlias = Mapping[int, Mask]
Edges: TypeAlias = tuple[tuple[int, Mask], ...]


class Change(NamedTuple):
    """How an answer differs: verdicts, and grounds where the verdict is the same."""

    was: str
    now: str
    was_ground: str | None = None
    now_ground: str | None = None


class Nodes:
    """Shared nodes: (place, edges); leaves stand at the end, one for each change, SAME first."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.of: list[tuple[int, Edges]] = [(places, ())]
        self._unique: dict[tuple[int, Edges], int] = {}

    def leaf(self) -> int:
        """A new leaf."""
        self.of.append((self.places, ()))
        return len(self.of) - 1

    def make(self, place: int, children: Sequence[tuple[int, Mask]]) -> int:
        """The node with these edges; where all lead to one node, that node."""
        merged: dict[int, Mask] = {}
        for child, mask in children:
            if mask:
                merged[child] = merged.get(child, 0) | mask
        if len(merged) == 1:
            return next(iter(merged))
        key = (place, tuple(sorted(merged.items())))
        found = self._unique.get(key)
        if found is None:
            found = len(self.of)
            if found > limits.DIAGRAM_NODES:
                raise OurBug(
                    check="diagram-size", detail=N_("A question has too many open ways to be settled exactly.")
                )
            self.of.append(key)
            self._unique[key] = found
        return found


class Differing:
    """The diagram of two matters; `grounds` also tells apart the grounds of a no."""

    def __init__(self, one: Matter, other: Matter, grounds: bool) -> None:
        self.variables = Variables(one, other)
        self._sides = (_Side(one, self.variables), _Side(other, self.variables))
        self._grounds = grounds
        self._criteria = tuple(range(len(CRITERIA))) if grounds else (_LAST,)
        places = len(self.variables.all)
        self.nodes = Nodes(places)
        self.changes: dict[Change, int] = {}
        bounding = [frozenset(v.bounded_by) for v in self.variables.all]
        self._needed = [
            tuple(sorted({b for later in bounding[at:] for b in later if b < at})) for at in range(places + 1)
        ]
        self._built: dict[object, int] = {}
        self.root = self._build(0, 0, 0, {})
        self._counted = cache(self._count)

    def count(self, node: int) -> int:
        """How many classes of questions lead from a node's own place to a change."""
        return self._counted(node, 0, ())

    def total(self) -> int:
        """How many classes of questions there are: one for each choice of words that can come about."""
        return self._counted(-1, 0, ())

    def open(self, place: int, held: Mapping[int, int]) -> Mask:
        """The words that can come about at a place beside those held."""
        return self.variables.open(place, [held[at] for at in self.variables.all[place].bounded_by])

    def _count(self, node: int, place: int, held: tuple[int, ...]) -> int:
        """Of `node` from `place` on; node -1 stands for everything."""
        if node == SAME:
            return 0
        if place == self.nodes.places:
            return 1
        beside = dict(zip(self._needed[place], held, strict=True))
        can = self.open(place, beside)
        at, edges = (place + 1, ()) if node < 0 else self.nodes.of[node]
        split: Edges = edges if at == place else ((node, self.variables.all[place].whole),)
        found = 0
        bounds_later = place in self._needed[place + 1]
        for child, mask in split:
            if not mask & can:
                continue
            if not bounds_later:
                rest = self._counted(child, place + 1, self._held(place + 1, beside))
                found += (mask & can).bit_count() * rest
                continue
            for word in range(len(self.variables.all[place].words)):
                if mask & can & (1 << word):
                    found += self._counted(child, place + 1, self._held(place + 1, {**beside, place: word}))
        return found

    def _held(self, place: int, held: Mapping[int, int]) -> tuple[int, ...]:
        return tuple(held[at] for at in self._needed[place])

    def _build(self, place: int, dead: Mask, other_dead: Mask, held: Mapping[int, int]) -> int:
        one, other = self._sides
        states = one.state(place, dead), other.state(place, other_dead)
        seen = [side.seen(state, self._criteria) for side, state in zip(self._sides, states, strict=True)]
        leaf = self._leaf(*seen)
        if leaf is not None:
            return leaf
        key = (
            place,
            *(side.key(state, self._criteria, by) for side, state, by in zip(self._sides, states, seen, strict=True)),
        )
        found = self._built.get((key, self._held(place, held)))
        if found is None:
            can = self.open(place, held)
            children: list[tuple[int, Mask]] = []
            for word in range(len(self.variables.all[place].words)):
                if can >> word & 1:
                    inside = dead | one.out[place][word], other_dead | other.out[place][word]
                    beside = {**held, place: word}
                    beside = {at: beside[at] for at in self._needed[place + 1]}
                    children.append((self._build(place + 1, *inside, beside), 1 << word))
            found = self.nodes.make(place, children)
            self._built[key, self._held(place, held)] = found
        return found

    def _leaf(self, seen: Sequence[Truth], other_seen: Sequence[Truth]) -> int | None:
        was, now = seen[-1], other_seen[-1]
        if Truth.UNKNOWN in {was, now}:
            return None
        if was is not now:
            return self._change(Change(_verdict(was), _verdict(now)))
        if was is Truth.TRUE or not self._grounds:
            return SAME
        grounds = _ground(seen), _ground(other_seen)
        if None in grounds:
            return None
        return SAME if grounds[0] == grounds[1] else self._change(Change(_verdict(was), _verdict(now), *grounds))

    def _change(self, change: Change) -> int:
        if change not in self.changes:
            self.changes[change] = self.nodes.leaf()
        return self.changes[change]


class _Side:
    """One matter over the common variables."""

    def __init__(self, matter: Matter, variables: Variables) -> None:
        self._matter = matter
        self.out = [
            [_ruled_out(matter, variable.fact, word.values[0], dict(word.truths)) for word in variable.words]
            for variable in variables.all
        ]
        places = len(variables.all)
        self._touched = [0] * (places + 1)
        for place in range(places - 1, -1, -1):
            fact = variables.all[place].fact
            touches = [probe.touches for probe in matter.probes if fact in probe.facts]
            self._touched[place] = self._touched[place + 1]
            for one in touches:
                self._touched[place] |= one

    def state(self, place: int, dead: Mask) -> tuple[Mask, Mask]:
        """The cases that are true, and those that the places from there on leave open."""
        alive = self._matter.whole & ~dead
        open_ = alive & self._touched[place]
        return alive & ~open_, open_

    def seen(self, state: tuple[Mask, Mask], criteria: Sequence[int]) -> list[Truth]:
        """What is allowed, by each criterion; the last is the verdict."""
        return [self._matter.allowed(*state, criterion) for criterion in criteria]

    def key(self, state: tuple[Mask, Mask], criteria: Sequence[int], seen: Sequence[Truth]) -> object:
        """What two states alike have in common: what is settled of each sense, and the cases that can still matter."""
        true, open_ = state
        deciding = 0
        for criterion, verdict in zip(criteria, seen, strict=True):
            if verdict is Truth.UNKNOWN:
                deciding |= self._matter.deciding(self._matter.agreements, true, open_, criterion)
        if not deciding:
            return tuple(seen)
        settled = 0
        for body in self._matter.bodies:
            for mask in body.masks.values():
                settled = settled * 3 + (2 if mask & true else 1 if mask & open_ else 0)
        return (deciding, settled)


def _ruled_out(matter: Matter, fact: str, value: FactValue, truths: Mapping[Atom, bool]) -> Mask:
    found = 0
    for probe in matter.probes:
        if isinstance(probe, FactProbe):
            if probe.fact == fact:
                found |= probe.rules_out({fact: value})
        elif probe.atom in truths:
            found |= probe.out_if_true if truths[probe.atom] else probe.out_if_false
    return found


def _verdict(allowed: Truth) -> str:
    return "permitted" if allowed is Truth.TRUE else "not_permitted"


def _ground(seen: Sequence[Truth]) -> str | None:
    """The first criterion that fails; None where one before it is not settled."""
    for name, allowed in zip(CRITERIA, seen, strict=True):
        if allowed is Truth.UNKNOWN:
            return None
        if allowed is Truth.FALSE:
            return name
    return GRANTED
