"""The law as one machine of numbered steps, which columns of questions walk through fact by fact.

Every level looks at one symbol (gokei.law.columns.symbols). A row stands at some step of its matter's graph
(gokei.law.walks); the level's table says, for that step and the row's letter, at which step of the next level it
stands then. A step that does not look at the level's symbol is handed on. A place of the table is filled when a row
first needs it, by the same code that answers single questions, so both give the same answers; every later row is one
look into the table.
"""

from __future__ import annotations

import numpy as np

from gokei.law.columns.codes import Coded
from gokei.law.columns.levels import Level, Numbers, Order, Places, level_of
from gokei.law.columns.starts import Starts
from gokei.law.columns.symbols import Alphabet, Symbol
from gokei.law.forgetting import Wanted
from gokei.law.library import Library
from gokei.law.masks import Probe, probe_order
from gokei.law.walks import Step, Walk
from gokei.terms import limits
from gokei.terms.question import Facts


class End:
    """A leaf of a walk, and the day of some row that came there."""

    __slots__ = ("facts", "step", "walk")

    def __init__(self, walk: Walk, step: Step, facts: Facts) -> None:
        self.walk = walk
        self.step = step
        self.facts: Facts = {"on": facts["on"]}


class Machine:
    """The steps of a library under some assumptions, for tables that have columns of the facts that are `present`."""

    def __init__(self, library: Library, assume: tuple[str, ...], wanted: Wanted, present: frozenset[str]) -> None:
        self._wanted = wanted
        self._present = present
        self._alphabet = Alphabet(library)
        self._starts = Starts(library, assume)
        self._walks: dict[int, tuple[Walk, Walk]] = {}
        self._orders: dict[int, tuple[Probe, Order | None]] = {}
        self._symbols: dict[Order, Symbol] = {}
        self._levels: list[Level] = []
        self._numbers: dict[int, int] = {}
        self.ends: list[End] = []

    def walk(self, coded: Coded, learn: bool = True) -> Places | None:
        """For each row the number of its end among `ends`; a number stays what it is until all is forgotten.

        With `learn` false nothing is changed, so that several pieces can walk at once: None where some row goes a way
        that no row went before.
        """
        at = self._begin(coded, learn)
        if at is None:
            return None
        for number, level in enumerate(self._levels):
            cells = level.cells(at, level.symbol.letters(coded))
            onward = level.onward(at, cells)
            if onward.size and onward.min() < 0:
                if not learn:
                    return None
                self._fill(number, cells[onward < 0], np.flatnonzero(onward < 0), coded)
                onward = level.onward(at, cells)
            at = onward
        return at

    def forget_if_large(self) -> bool:
        """Between two pieces of a table: whether everything was forgotten, since it had grown too large."""
        cells = sum(level.size for level in self._levels)
        if len(self.ends) < limits.COLUMN_ENDS and cells < limits.COLUMN_CELLS:
            return False
        self._walks.clear()
        self._orders.clear()
        self._renumber()
        self._numbers.clear()
        self.ends = []
        return True

    def _begin(self, coded: Coded, learn: bool) -> Places | None:
        """Where each row stands at first. A row whose matter is new may bring symbols, and all is numbered anew."""
        while True:
            cells = self._starts.cells(coded, learn)
            if cells is None:
                return None
            at = self._starts.table.take(cells)
            missing = np.flatnonzero(at < 0)
            if not missing.size:
                return at
            if not learn:
                return None
            fresh = [(cell, self._walk_of(coded.facts(row)), row) for cell, row in _one_each(cells[missing], missing)]
            if self._learn([walk for _, walk, _ in fresh]):
                continue
            for cell, walk, row in fresh:
                facts = coded.facts(row)
                self._starts.table[cell] = self._enter(0, walk, self._onward(walk, walk.root, facts), facts)

    def _walk_of(self, facts: Facts) -> Walk:
        whole = self._starts.walk(facts)
        found = self._walks.get(id(whole))
        if found is None:
            found = self._walks[id(whole)] = whole, whole.wanting(self._wanted)
        return found[1]

    def _learn(self, walks: list[Walk]) -> bool:
        """Whether the matters of these walks have symbols that are new."""
        known = len(self._symbols)
        for walk in walks:
            for probe in walk.probes:
                self._order(probe)
        if len(self._symbols) == known:
            return False
        self._renumber()
        return True

    def _renumber(self) -> None:
        self._levels = [level_of(order, symbol) for order, symbol in sorted(self._symbols.items())]
        self._starts.forget()

    def _order(self, probe: Probe) -> Order | None:
        """The order of a probe's symbol; None where the table says nothing of its facts."""
        found = self._orders.get(id(probe))
        if found is None:
            order = probe_order(probe)
            symbol = self._symbols.get(order) or Symbol(probe, self._alphabet)
            told = bool(self._present.intersection(symbol.facts))
            if told:
                self._symbols.setdefault(order, symbol)
            found = self._orders[id(probe)] = probe, order if told else None
        return found[1]

    def _fill(self, number: int, cells: Numbers, rows: Numbers, coded: Coded) -> None:
        level = self._levels[number]
        for cell, row in _one_each(cells, rows):
            walk, step = level.steps[cell // level.width]
            facts = coded.facts(row, level.symbol.telling)
            child = self._onward(walk, walk.next(step, facts), facts)
            level.fill(cell, self._enter(number + 1, walk, child, facts))

    def _onward(self, walk: Walk, step: Step, facts: Facts) -> Step:
        """The next step that looks at something of which the table speaks."""
        while step.probe is not None and self._order(step.probe) is None:
            step = walk.next(step, facts)
        return step

    def _enter(self, number: int, walk: Walk, step: Step, facts: Facts) -> int:
        """Where questions at a step stand at a level; after the last level the number of their end."""
        if number == len(self._levels):
            end = self._numbers.get(id(step))
            if end is None:
                end = self._numbers[id(step)] = len(self.ends)
                self.ends.append(End(walk, step, facts))
            return end
        level = self._levels[number]
        place = level.place_of(step)
        if place is None:
            place = level.add(walk, step)
            if step.probe is not None and self._order(step.probe) == level.order:
                level.look(place)
            else:
                level.hand_on(place, self._enter(number + 1, walk, step, facts))
        return place


def _one_each(cells: Numbers | Places, rows: Numbers) -> list[tuple[int, int]]:
    """Each cell that some of the rows look at, with one of these rows."""
    found, places = np.unique(cells, return_index=True)
    return list(zip(found.tolist(), rows[places].tolist(), strict=True))
