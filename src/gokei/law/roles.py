"""From a pack's condition to one about these nations: role words, equivalences and known nations are put in."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from gokei.law.conditions import (
    ALWAYS,
    NEVER,
    All,
    Any,
    Compare,
    Condition,
    Covers,
    Mapped,
    Member,
    Not,
)
from gokei.law.instruments import Equivalence, Interval
from gokei.terms.question import FactValue

Roles = Mapping[str, str]
ROLE_WORDS: Final = frozenset({"provider", "recipient", "owner", "holder"})


def resolve(condition: Condition, roles: Roles, rows: Iterable[Equivalence]) -> Condition:
    """The condition with every role word replaced by its nation, and what that already settles settled."""
    held = tuple(rows)

    def walk(part: Condition) -> Condition:
        match part:
            case All(parts):
                return _all([walk(one) for one in parts])
            case Any(parts):
                return _any([walk(one) for one in parts])
            case Not(inner):
                found = walk(inner)
                return NEVER if found == ALWAYS else ALWAYS if found == NEVER else Not(found)
            case Member(fact, values):
                return _member(fact, values, roles)
            case Covers(fact, other):
                return _covers(fact, other, held)
            case Mapped(fact, role):
                return _mapped(fact, roles.get(role, ""), held)
            case other_atom:
                return other_atom

    return walk(condition)


def mapped_levels(rows: Iterable[Equivalence], level: str, nation: str, marked: datetime.date) -> tuple[str, ...]:
    """The codes of `nation` in the rows that hold `level` for a marking of that day, the nearest rank first."""
    found = [
        code
        for row in sorted(rows, key=lambda one: one.rank)
        if row.marked.covers(marked) and level in row.mapped_codes()
        for code in row.levels.get(nation, ())
    ]
    return tuple(dict.fromkeys(found))


def _all(parts: list[Condition]) -> Condition:
    if NEVER in parts:
        return NEVER
    kept = tuple(part for part in parts if part != ALWAYS)
    return kept[0] if len(kept) == 1 else All(kept)


def _any(parts: list[Condition]) -> Condition:
    if ALWAYS in parts:
        return ALWAYS
    kept = tuple(part for part in parts if part != NEVER)
    return kept[0] if len(kept) == 1 else Any(kept)


def _member(fact: str, values: frozenset[FactValue], roles: Roles) -> Condition:
    named = frozenset(roles.get(str(value), "") if value in ROLE_WORDS else value for value in values)
    if fact in roles:
        return ALWAYS if roles[fact] in named else NEVER
    return Member(fact, named)


def _covers(fact: str, other: str, rows: tuple[Equivalence, ...]) -> Condition:
    """The rows of the marking day rank the level; a clearance is of no marking day, so every row ranks it."""
    reaches = _ranks(rows, max)
    return _by_marking_day(rows, lambda held: Covers(fact, other, _covering_pairs(reaches, _ranks(held, min))))


def _ranks(rows: tuple[Equivalence, ...], choose: Callable[[int, int], int]) -> dict[str, int]:
    """The rank of each marking; of one that stands in rows of several ranks the one that `choose` takes."""
    found: dict[str, int] = {}
    for row in rows:
        for code in row.mapped_codes():
            found[code] = choose(found.get(code, row.rank), row.rank)
    return found


def _covering_pairs(reaches: Mapping[str, int], wanted: Mapping[str, int]) -> frozenset[tuple[FactValue, FactValue]]:
    """(clearance, level) where the clearance reaches the level for sure; it always reaches its own level.

    What stands in rows of several ranks counts as the highest of them as a level, and the lowest as a clearance.
    """
    pairs = {(one, other) for one, rank in reaches.items() for other, least in wanted.items() if rank <= least}
    return frozenset(pairs | {(one, one) for one in wanted})


def _mapped(fact: str, nation: str, rows: tuple[Equivalence, ...]) -> Condition:
    def levels(held: tuple[Equivalence, ...]) -> Condition:
        named: frozenset[FactValue] = frozenset(
            code
            for row in held
            if row.levels.get(nation)
            for code in row.mapped_codes()
            if code not in row.levels[nation]
        )
        return Member(fact, named)

    return _by_marking_day(rows, levels)


def _by_marking_day(rows: tuple[Equivalence, ...], build: Callable[[tuple[Equivalence, ...]], Condition]) -> Condition:
    """One condition where all rows hold for markings of any day; else one for each stretch of marking days."""
    days = sorted({day for row in rows for day in row.marked if day is not None})
    if not days:
        return build(rows)
    stretches = [Interval(since, until) for since, until in zip([None, *days], [*days, None], strict=True)]
    parts: list[Condition] = []
    for stretch in stretches:
        held = tuple(row for row in rows if row.marked.covers(stretch.since or (days[0] - datetime.timedelta(days=1))))
        if held:
            parts.append(_all([*_within(stretch), build(held)]))
    return _any(parts)


def _within(stretch: Interval) -> list[Condition]:
    found: list[Condition] = []
    if stretch.since:
        found.append(Compare("marked_on", "on_or_after", stretch.since.isoformat()))
    if stretch.until:
        found.append(Compare("marked_on", "before", stretch.until.isoformat()))
    return found
