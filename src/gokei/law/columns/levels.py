"""The tables of the machine: for every step that questions can stand at, and every letter, where they stand then.

A cell is a step's row and a letter. Most symbols have few letters, and their table has every cell. A few compare two
facts and have thousands: there a step that does not look hands on by one number, and only cells that occur are kept.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gokei.law.columns.codes import Codes
from gokei.law.columns.symbols import Letters, Symbol
from gokei.law.walks import Step, Walk

Places: TypeAlias = NDArray[np.int32]
Numbers: TypeAlias = NDArray[np.intp]
Order: TypeAlias = tuple[object, ...]
NOT_KNOWN: Final = -1
_LOOKS: Final = -2
_ROWS_AT_FIRST: Final = 64
_WIDE: Final = 256


class Level:
    """One symbol's table. A question stands at a row, told by the row's number times `stride`."""

    def __init__(self, order: Order, symbol: Symbol) -> None:
        self.order = order
        self.symbol = symbol
        self.width = symbol.width
        self.stride = self.width
        self.steps: list[tuple[Walk, Step]] = []
        self._rows: dict[int, int] = {}
        self._table: Places = np.full(_ROWS_AT_FIRST * self.stride, NOT_KNOWN, dtype=np.int32)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return len(self._table)

    def place_of(self, step: Step) -> int | None:
        """Where questions at that step stand, if the step has a row."""
        row = self._rows.get(id(step))
        return None if row is None else row * self.stride

    def add(self, walk: Walk, step: Step) -> int:
        """A new row, of which nothing is known; where questions at its step stand."""
        row = len(self.steps)
        self.steps.append((walk, step))
        self._rows[id(step)] = row
        if (row + 1) * self.stride > len(self._table):
            self._table = np.concatenate([self._table, np.full_like(self._table, NOT_KNOWN)])
        return row * self.stride

    def hand_on(self, place: int, onward: int) -> None:
        """Whatever the letter, questions of this row stand there then."""
        self._table[place : place + self.stride] = onward

    def look(self, place: int) -> None:
        """The letter decides where questions of this row stand."""

    def cells(self, at: Places, letters: Codes | Letters) -> Numbers:
        """The cell of every question."""
        return at + letters

    def onward(self, at: Places, cells: Numbers) -> Places:  # noqa: ARG002 - a wide level asks where they stand
        """Where every question stands then; NOT_KNOWN where nobody looked before."""
        return self._table.take(cells)

    def fill(self, cell: int, onward: int) -> None:
        """What one cell leads to."""
        self._table[cell] = onward


class WideLevel(Level):
    """A level of very many letters, of which few occur."""

    def __init__(self, order: Order, symbol: Symbol) -> None:
        super().__init__(order, symbol)
        self.stride = 1
        self._table = np.full(_ROWS_AT_FIRST, NOT_KNOWN, dtype=np.int32)
        self._cells: dict[int, int] = {}

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return len(self._table) + len(self._cells)

    def look(self, place: int) -> None:
        """The letter decides where questions of this row stand."""
        self._table[place] = _LOOKS

    def cells(self, at: Places, letters: Codes | Letters) -> Numbers:
        """The cell of every question."""
        return at.astype(np.intp) * self.width + letters

    def onward(self, at: Places, cells: Numbers) -> Places:
        """Where every question stands then; NOT_KNOWN where nobody looked before."""
        found = self._table.take(at)
        some = np.flatnonzero(found == _LOOKS)
        if some.size:
            each, places = np.unique(cells[some], return_inverse=True)
            known = [self._cells.get(cell, NOT_KNOWN) for cell in each.tolist()]
            found[some] = np.array(known, dtype=np.int32)[places]
        return found

    def fill(self, cell: int, onward: int) -> None:
        """What one cell leads to."""
        self._cells[cell] = onward


def level_of(order: Order, symbol: Symbol) -> Level:
    """The table of a symbol, of the kind that fits it."""
    return WideLevel(order, symbol) if symbol.width > _WIDE else Level(order, symbol)
