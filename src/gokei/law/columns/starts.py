"""Where questions begin: by kind, between whom, and in which stretch of days, the graph that answers them."""

from __future__ import annotations

import bisect
from typing import Final

import numpy as np

from gokei.law.columns.codes import Coded, day_number, words_of
from gokei.law.columns.levels import NOT_KNOWN, Places
from gokei.law.library import Library
from gokei.law.walks import Walk
from gokei.terms.facts import ACTIONS, KINDS
from gokei.terms.question import Facts

_OTHER: Final = 1
_SUPPORT: Final = KINDS.index("support") + 1
_PROVIDE: Final = ACTIONS.index("provide") + 1
_DAYS_AROUND: Final = 1


class Starts:
    """The first cell of every matter, by a number that each row has for its nations and its day."""

    def __init__(self, library: Library, assume: tuple[str, ...]) -> None:
        self._library = library
        self._assume = assume
        self._nations, self._count = _party_codes(library)
        self._nations_first = self._nations * np.int32(self._count)
        self._first_day, self._periods = _periods(library)
        self._stretches = len(library.days) + 1
        # Each pair of nations that has agreements has cells of its own; all others share those of their kind.
        self._pairs: Places = np.full(2 * self._count * self._count, NOT_KNOWN, dtype=np.int32)
        self._numbers = len(KINDS)
        self._table: Places = np.full(self._numbers * self._stretches, NOT_KNOWN, dtype=np.int32)

    def walk(self, facts: Facts) -> Walk:
        """The graph that answers a question."""
        return self._library.walk(facts, self._assume)

    def forget(self) -> None:
        """Every first cell is unknown again."""
        self._table.fill(NOT_KNOWN)

    @property
    def table(self) -> Places:
        """The first cells, to be filled where they are not known."""
        return self._table

    def cells(self, coded: Coded, learn: bool) -> Places | None:
        """For each row its place in the table; None where a pair of nations is new, unless these are to be learned."""
        pairs = self._pair_of(coded)
        cells = self._pairs.take(pairs)
        if cells.size and cells.min() < 0:
            if not learn:
                return None
            self._number(pairs, cells, coded)
            cells = self._pairs.take(pairs)
        days = np.clip(coded.days["on"], self._first_day, self._first_day + np.int32(len(self._periods) - 1))
        days -= self._first_day
        cells += self._periods.take(days)
        return cells

    def _pair_of(self, coded: Coded) -> Places:
        support = coded.code("kind") == _SUPPORT
        supported = self._nations_first.take(coded.code("provider")) + self._nation(coded, "recipient")
        if support.all():
            return supported
        informed = self._nations_first.take(coded.code("owner")) + self._other(coded)
        return np.where(support, supported, informed + np.int32(self._count * self._count))

    def _nation(self, coded: Coded, fact: str) -> Places:
        return self._nations.take(coded.code(fact))

    def _other(self, coded: Coded) -> Places:
        """As gokei.law.bodies.other_nation says it, in columns."""
        action, owner, holder = (coded.code(name) for name in ("action", "owner", "holder"))
        told = (action != 0) & (owner != 0) & (holder != 0)
        held = np.where(holder == owner, self._nation(coded, "actor"), self._nation(coded, "holder"))
        return np.where(action == _PROVIDE, self._nation(coded, "recipient"), np.where(told, held, np.int32(0)))

    def _number(self, pairs: Places, cells: Places, coded: Coded) -> None:
        missing = np.flatnonzero(cells < 0)
        found, places = np.unique(pairs[missing], return_index=True)
        for pair, row in zip(found.tolist(), missing[places].tolist(), strict=True):
            facts = coded.facts(row)
            number = KINDS.index(str(facts["kind"]))
            if self._library.speaks(facts, self._assume):
                number = self._numbers
                self._numbers += 1
            self._pairs[pair] = number * self._stretches
        more = self._numbers * self._stretches - len(self._table)
        self._table = np.concatenate([self._table, np.full(more, NOT_KNOWN, dtype=np.int32)])


def _party_codes(library: Library) -> tuple[Places, int]:
    """For each code of a nation 0 for none, 1 for one that is party to nothing, or a number of its own; how many."""
    parties = {party for one in library.instruments.values() for party in one.parties}
    nations = words_of("provider")
    places = {nation: place for place, nation in enumerate(sorted(parties), _OTHER + 1)}
    return np.array([0, *(places.get(str(one), _OTHER) for one in nations)], dtype=np.int32), len(parties) + 2


def _periods(library: Library) -> tuple[np.int32, Places]:
    """The day before the first change of the law, and from it on each day's number of changes up to then."""
    changes = [day_number(day) for day in library.days] or [0]
    first = changes[0] - _DAYS_AROUND
    days = range(first, changes[-1] + 1)
    periods = [bisect.bisect_right(changes, day) for day in days] if library.days else [0 for _ in days]
    return np.int32(first), np.array(periods, dtype=np.int32)
