"""Where questions begin: by kind, between whom, and in which stretch of days, the graph that answers them."""

from __future__ import annotations

import bisect
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gokei.law.columns.codes import Coded, Codes, day_number, words_of
from gokei.law.library import Library
from gokei.law.walks import Walk
from gokei.terms.facts import ACTIONS, KINDS
from gokei.terms.question import Facts

Places: TypeAlias = NDArray[np.int32]
Numbers: TypeAlias = NDArray[np.intp]
NOT_KNOWN: Final = -1
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
        self._first_day, self._periods = _periods(library)
        self._stretches = len(library.days) + 1
        # Each pair of nations that has agreements has a number; all others share one for each kind.
        self._pairs: NDArray[np.int32] = np.full(2 * self._count * self._count, NOT_KNOWN, dtype=np.int32)
        self._numbers = len(KINDS)
        self._table: Places = np.full(self._numbers * self._stretches, NOT_KNOWN, dtype=np.int32)

    def walk(self, facts: Facts) -> Walk:
        """The graph that answers a question."""
        return self._library.walk(facts, self._assume)

    def forget(self) -> None:
        """Every first cell is unknown again."""
        self._table.fill(NOT_KNOWN)

    def cells(self, coded: Coded) -> tuple[Numbers, Places]:
        """For each row its place in the table of first cells, and that table, to be filled where it is not known."""
        pairs = self._pair_of(coded)
        numbers = self._pairs[pairs]
        if numbers.size and numbers.min() < 0:
            self._number(pairs, numbers, coded)
            numbers = self._pairs[pairs]
        days = coded.days["on"] - self._first_day
        np.clip(days, 0, len(self._periods) - 1, out=days)
        cells = numbers * np.intp(self._stretches)
        cells += self._periods[days]
        return cells, self._table

    def _pair_of(self, coded: Coded) -> Numbers:
        support = coded.code("kind") == _SUPPORT
        if support.all():
            return self._paired(coded, "provider", "recipient")
        owner, other = self._nation(coded, "owner"), self._other(coded)
        information = (owner.astype(np.intp) + self._count) * self._count + other
        return np.where(support, self._paired(coded, "provider", "recipient"), information)

    def _paired(self, coded: Coded, one: str, other: str) -> Numbers:
        found = self._nation(coded, one).astype(np.intp)
        found *= self._count
        found += self._nation(coded, other)
        return found

    def _nation(self, coded: Coded, fact: str) -> Codes:
        return self._nations[coded.code(fact)]

    def _other(self, coded: Coded) -> Codes:
        """As gokei.law.bodies.other_nation says it, in columns."""
        action, owner, holder = (coded.code(name) for name in ("action", "owner", "holder"))
        told = (action != 0) & (owner != 0) & (holder != 0)
        held = np.where(holder == owner, self._nation(coded, "actor"), self._nation(coded, "holder"))
        return np.where(action == _PROVIDE, self._nation(coded, "recipient"), np.where(told, held, np.uint16(0)))

    def _number(self, pairs: Numbers, numbers: Places, coded: Coded) -> None:
        missing = np.flatnonzero(numbers < 0)
        found, places = np.unique(pairs[missing], return_index=True)
        for pair, row in zip(found.tolist(), missing[places].tolist(), strict=True):
            facts = coded.facts(row)
            number = KINDS.index(str(facts["kind"]))
            if self._library.speaks(facts, self._assume):
                number = self._numbers
                self._numbers += 1
            self._pairs[pair] = number
        more = self._numbers * self._stretches - len(self._table)
        self._table = np.concatenate([self._table, np.full(more, NOT_KNOWN, dtype=np.int32)])


def _party_codes(library: Library) -> tuple[Codes, int]:
    """For each code of a nation 0 for none, 1 for one that is party to nothing, or a number of its own; how many."""
    parties = {party for one in library.instruments.values() for party in one.parties}
    nations = words_of("provider")
    places = {nation: place for place, nation in enumerate(sorted(parties), _OTHER + 1)}
    return np.array([0, *(places.get(str(one), _OTHER) for one in nations)], dtype=np.uint16), len(parties) + 2


def _periods(library: Library) -> tuple[np.int32, Codes]:
    """The day before the first change of the law, and from it on each day's number of changes up to then."""
    changes = [day_number(day) for day in library.days] or [0]
    first = changes[0] - _DAYS_AROUND
    days = range(first, changes[-1] + 1)
    periods = [bisect.bisect_right(changes, day) for day in days] if library.days else [0 for _ in days]
    return np.int32(first), np.array(periods, dtype=np.uint16)
