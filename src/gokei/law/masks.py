"""Conditions as bits: every case of every rule is one bit, every known fact clears the bits that it rules out.

A `Probe` looks at one fact (or at one comparison of two) and answers which cases that rules out. After all probes a
case is true (nothing ruled it out, nothing left it open), open, or dead. Plain integers serve as sets of cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from gokei.law.conditions import Atom, Case, Compare, Covers, Member
from gokei.terms.facts import FACTS
from gokei.terms.question import FactValue

Mask: TypeAlias = int
UNKNOWN: Final = -1
OTHER: Final = 0
# Undecided provisions are asked like facts, under a name that no fact has.
UNDECIDED: Final = "undecided "
# Whose marking an unknown one is bounds what it can be.
WHOSE: Final[Mapping[str, str]] = {"level": "owner", "clearance": "actor"}
_ORDER: Final[Mapping[str, int]] = {name: place for place, name in enumerate(FACTS)}


@dataclass(frozen=True, slots=True)
class FactProbe:
    """One fact's values in classes: values of one class rule out the same cases. Class 0 is every value not named."""

    fact: str
    classes: Mapping[FactValue | None, int]
    ruled_out: tuple[Mask, ...]
    touches: Mask

    @property
    def facts(self) -> tuple[str, ...]:
        """The one fact it looks at."""
        return (self.fact,)

    def key(self, values: Mapping[str, FactValue]) -> object:
        """The class of the fact's value; of an unknown one UNKNOWN, with what bounds it."""
        found = self.classes.get(values.get(self.fact), OTHER)
        return (found, values.get(WHOSE[self.fact])) if found == UNKNOWN and self.fact in WHOSE else found

    def rules_out(self, values: Mapping[str, FactValue]) -> Mask:
        """The cases that the known value rules out."""
        return self.ruled_out[self.classes.get(values[self.fact], OTHER)]


@dataclass(frozen=True, slots=True)
class AtomProbe:
    """One comparison, of a day or of two facts."""

    atom: Atom
    out_if_true: Mask
    out_if_false: Mask
    touches: Mask

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it compares."""
        return self.atom.facts

    def key(self, values: Mapping[str, FactValue]) -> object:
        """Whether it holds; where a fact is unknown, what the other one is, and what bounds the unknown one."""
        facts = self.atom.facts
        held = tuple(values.get(fact) for fact in facts)
        if None not in held:
            return self.atom.holds(values)
        return (*held, *(values.get(WHOSE[fact]) for fact in facts if fact in WHOSE and fact not in values))

    def rules_out(self, values: Mapping[str, FactValue]) -> Mask:
        """The cases that the known values rule out."""
        return self.out_if_true if self.atom.holds(values) else self.out_if_false


Probe: TypeAlias = FactProbe | AtomProbe


def probes_of(found: Sequence[Case]) -> tuple[Probe, ...]:
    """The probes that decide these cases, in the order of an interview."""
    atoms: dict[Atom, list[tuple[int, bool]]] = {}
    members: dict[str, list[tuple[int, Member, bool]]] = {}
    for place, case in enumerate(found):
        for atom, holds in case:
            if isinstance(atom, Member):
                members.setdefault(atom.fact, []).append((place, atom, holds))
            else:
                atoms.setdefault(atom, []).append((place, holds))
    probes: list[Probe] = [_fact_probe(fact, literals) for fact, literals in members.items()]
    probes += [_atom_probe(atom, literals) for atom, literals in atoms.items()]
    return tuple(sorted(probes, key=probe_order))


def probe_order(probe: Probe) -> tuple[object, ...]:
    """Where a probe stands among all that there can be: the same in every matter."""
    order: tuple[object, ...] = ()
    if isinstance(probe, AtomProbe):
        match probe.atom:
            case Compare(_, way, than):
                order = (1, way, than)
            case Covers(_, _, pairs):
                order = (2, *sorted(map(str, pairs)))
            case other:
                order = (3, type(other).__name__)
    return (place_of(probe.facts[0]), probe.facts, order)


def place_of(fact: str) -> int:
    """Where a fact stands in an interview; undecided provisions come last."""
    return _ORDER.get(fact, len(_ORDER))


def _fact_probe(fact: str, literals: list[tuple[int, Member, bool]]) -> FactProbe:
    named = sorted({value for _, atom, _ in literals for value in atom.values}, key=repr)
    touches = sum(1 << place for place in {place for place, _, _ in literals})
    classes: dict[FactValue | None, int] = {None: UNKNOWN}
    ruled_out = [_out(literals, None)]
    for value in named:
        mask = _out(literals, value)
        if mask not in ruled_out:
            ruled_out.append(mask)
        classes[value] = ruled_out.index(mask)
    return FactProbe(fact, classes, tuple(ruled_out), touches)


def _out(literals: list[tuple[int, Member, bool]], value: FactValue | None) -> Mask:
    mask = 0
    for place, atom, holds in literals:
        if (value is not None and value in atom.values) is not holds:
            mask |= 1 << place
    return mask


def _atom_probe(atom: Atom, literals: list[tuple[int, bool]]) -> AtomProbe:
    if_true = sum(1 << place for place, holds in literals if not holds)
    if_false = sum(1 << place for place, holds in literals if holds)
    return AtomProbe(atom, if_true, if_false, if_true | if_false)
