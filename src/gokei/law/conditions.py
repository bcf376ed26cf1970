"""Conditions of provisions: total, structured data over facts, read by Kleene's logic, and as a list of cases.

A condition is a tree of `All`, `Any` and `Not` over atoms. An atom speaks of one fact (`Member`, `Compare`) or of
two (`Same`, `Covers`). `truth_of` is the reference reading, the one that explains; `cases` writes the same condition
as alternatives of literals, from which gokei.law.plans compiles its masks. Both are compared in the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from gokei.terms import limits
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth, all_of, any_of

Values: TypeAlias = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Member:
    """The fact is one of the values."""

    fact: str
    values: frozenset[FactValue]

    @property
    def facts(self) -> tuple[str, ...]:
        """The one fact it speaks of."""
        return (self.fact,)

    def holds(self, values: Values) -> bool:
        """Whether it holds, its fact being known."""
        return values[self.fact] in self.values


@dataclass(frozen=True, slots=True)
class Compare:
    """A day against another: `before` or `on_or_after` a fixed day, or the day of the question (`than` = "on")."""

    fact: str
    order: str
    than: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The one fact it speaks of; the day of the question is always known."""
        return (self.fact,)

    def holds(self, values: Values) -> bool:
        """Whether it holds, its fact being known; days written YYYY-MM-DD order as text."""
        than = str(values["on"]) if self.than == "on" else self.than
        day = str(values[self.fact])
        return day < than if self.order == "before" else day >= than


@dataclass(frozen=True, slots=True)
class Same:
    """Two texts are the same."""

    fact: str
    other: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The two facts it speaks of."""
        return (self.fact, self.other)

    def holds(self, values: Values) -> bool:
        """Whether it holds, both being known."""
        return values[self.fact] == values[self.other]


@dataclass(frozen=True, slots=True)
class Covers:
    """The pair (clearance, level) is one of those in which the clearance reaches the level."""

    fact: str
    other: str
    pairs: frozenset[tuple[FactValue, FactValue]]

    @property
    def facts(self) -> tuple[str, ...]:
        """The two facts it speaks of."""
        return (self.fact, self.other)

    def holds(self, values: Values) -> bool:
        """Whether it holds, both being known."""
        return (values[self.fact], values[self.other]) in self.pairs


@dataclass(frozen=True, slots=True)
class Mapped:
    """The level has an equivalent of a role's nation. It stands in a pack only; gokei.law.roles resolves it."""

    fact: str
    role: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The one fact it speaks of."""
        return (self.fact,)

    def holds(self, values: Values) -> bool:
        """Never asked: the equivalences of the instrument must be put in first."""
        raise LookupError(f"{self.fact} mapped to {self.role} was not resolved, with {len(values)} facts")


Atom: TypeAlias = Member | Compare | Same | Covers | Mapped


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; always true of no parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds; never true of no parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = Atom | All | Any | Not
Literal: TypeAlias = tuple[Atom, bool]
Case: TypeAlias = frozenset[Literal]

ALWAYS: Final = All(())
NEVER: Final = Any(())


class TooManyCasesError(ValueError):
    """A condition has more alternatives than the bound (limits.CONDITION_CASES)."""


def truth_of(condition: Condition, values: Values) -> Truth:
    """The condition's truth by Kleene: an atom whose facts are not all known is unknown."""
    match condition:
        case All(parts):
            return all_of(truth_of(part, values) for part in parts)
        case Any(parts):
            return any_of(truth_of(part, values) for part in parts)
        case Not(part):
            return ~truth_of(part, values)
        case atom:
            if any(fact not in values for fact in atom.facts):
                return Truth.UNKNOWN
            return Truth.of(atom.holds(values))


def facts_of(condition: Condition) -> frozenset[str]:
    """Every fact that the condition speaks of."""
    match condition:
        case All(parts) | Any(parts):
            return frozenset().union(*(facts_of(part) for part in parts))
        case Not(part):
            return facts_of(part)
        case atom:
            return frozenset(atom.facts)


def cases(condition: Condition, holds: bool = True) -> tuple[Case, ...]:
    """The condition (or its opposite) as alternatives, each a set of literals that must all hold.

    One empty case is always true; no case at all never is. Raises TooManyCasesError.
    """
    match condition:
        case Not(part):
            return cases(part, not holds)
        case All(parts) | Any(parts):
            together = isinstance(condition, All) is holds
            found = [cases(part, holds) for part in parts]
            return _product(found) if together else _pruned(case for group in found for case in group)
        case atom:
            return (frozenset({(atom, holds)}),)


def _product(groups: Iterable[tuple[Case, ...]]) -> tuple[Case, ...]:
    found: tuple[Case, ...] = (frozenset(),)
    for group in groups:
        if len(found) * len(group) > limits.CONDITION_CASES:
            raise TooManyCasesError
        found = _pruned(one | other for one in found for other in group)
    return found


def _pruned(found: Iterable[Case]) -> tuple[Case, ...]:
    """Cases that can hold, each once, those inside a wider one left out."""
    kept = list(dict.fromkeys(case for case in found if not _contradicts(case)))
    return tuple(case for case in kept if not any(other < case for other in kept))


def _contradicts(case: Case) -> bool:
    return any((atom, not holds) in case for atom, holds in case)
