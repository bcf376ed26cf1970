"""Columns of questions as small numbers, checked as gokei.terms.question checks one question.

A code is 0 where the fact is unknown, else one more than the place of the value among the fact's words (of a boolean: 1
false, 2 true). A null and an empty text are unknown. What one question is refused for marks its row as bad here; which
fault it was, the reading of that one question says.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gokei.terms import limits
from gokei.terms.facts import FACTS, SUPPLIES, Fact
from gokei.terms.markings import MARKINGS, nation_of
from gokei.terms.nsn import GROUPS, NSN_PATTERN, OPEN_CLASSES
from gokei.terms.question import Facts, FactValue

Codes: TypeAlias = NDArray[np.uint8 | np.uint16]
Days: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]
UNKNOWN_DAY: Final = -(2**31)
_BOOLEAN: Final[tuple[FactValue, ...]] = (False, True)
_DAY_PATTERN: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_EPOCH: Final = datetime.date(1970, 1, 1)
_FIRST_DAY: Final = (datetime.date.min - _EPOCH).days


def words_of(fact: str) -> Sequence[FactValue]:
    """The values that the codes of a fact count, from 1 on; none of a day, a text or a stock number."""
    found = FACTS[fact]
    return _BOOLEAN if found.type == "boolean" else _words(fact)


@cache
def _words(fact: str) -> tuple[str, ...]:
    return FACTS[fact].words()


@cache
def enum_of(fact: str) -> pl.Enum:
    """The type of a column of a fact's words."""
    return pl.Enum(_words(fact))


def day_number(day: str) -> int:
    """A day written YYYY-MM-DD as columns count days: from 1970-01-01 on."""
    return (datetime.date.fromisoformat(day) - _EPOCH).days


class Coded:
    """A piece of a table of questions as codes, days and texts. `bad` marks the rows that are no question."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.height = frame.height
        self.codes: dict[str, Codes] = {}
        self.days: dict[str, Days] = {}
        self.texts: dict[str, pl.Series] = {}
        self.bad: Flags = np.zeros(frame.height, dtype=np.bool_)
        # All columns that need it are read in one go, which uses every core.
        readings = [_reading(FACTS[name], kind) for name, kind in frame.schema.items()]
        needed = [one for one in readings if one is not None]
        read = frame.lazy().with_columns(needed).collect() if needed else frame
        for name in frame.columns:
            self._read(FACTS[name], frame.get_column(name), read.get_column(name))
        self._check_together()

    def first_bad(self) -> int | None:
        """The first row that is no question."""
        return int(self.bad.argmax()) if self.bad.any() else None

    def facts(self, row: int, names: Iterable[str] = FACTS) -> Facts:
        """What a row states of these facts, as gokei.terms.question reads it."""
        found: Facts = {}
        for name in names:
            codes, days, texts = self.codes.get(name), self.days.get(name), self.texts.get(name)
            if codes is not None:
                code = codes.item(row)
                if code:
                    found[name] = words_of(name)[code - 1]
            elif days is not None:
                if days[row] != UNKNOWN_DAY:
                    found[name] = (_EPOCH + datetime.timedelta(days=days.item(row))).isoformat()
            elif texts is not None and texts[row] is not None:
                found[name] = str(texts[row])
        return found

    def code(self, fact: str) -> Codes:
        """The codes of a fact, 0 in every row where the table has no such column."""
        found = self.codes.get(fact)
        if found is None:
            found = self.codes[fact] = np.zeros(self.height, dtype=np.uint8)
        return found

    def _read(self, fact: Fact, column: pl.Series, read: pl.Series) -> None:
        blank = column.null_count()
        if read.null_count() > blank and column.dtype == pl.String:
            blank += int((column == "").sum())
        if read.null_count() > blank:
            said = column.is_not_null() & (column != "") if column.dtype == pl.String else column.is_not_null()
            self.bad |= (read.is_null() & said).to_numpy()
        if fact.type == "date":
            days = read.to_physical()
            least = days.min()
            if isinstance(least, int) and least < _FIRST_DAY:
                self.bad |= (days < _FIRST_DAY).fill_null(value=False).to_numpy()
            self.days[fact.name] = days.fill_null(UNKNOWN_DAY).to_numpy()
        elif fact.type in {"text", "nsn"}:
            self.texts[fact.name] = read
        else:
            self.codes[fact.name] = _one_more(read)

    def _check_together(self) -> None:
        kind = self.code("kind")
        known_day = self.days["on"] != UNKNOWN_DAY if "on" in self.days else np.zeros(self.height, dtype=np.bool_)
        self.bad |= (kind == 0) | ~known_day
        support = kind == 1
        provider, recipient = self.code("provider"), self.code("recipient")
        self.bad |= support & ((provider == 0) | (recipient == 0))
        self.bad |= (provider == recipient) & (provider != 0)
        if "nsn" in self.texts:
            self._settle_supply(self.texts["nsn"])
        if not support.all():
            for marking, nation in (("level", "owner"), ("clearance", "actor")):
                if marking in self.codes:
                    self._match_marking(marking, nation, kind == 2)

    def _settle_supply(self, numbers: pl.Series) -> None:
        can_be, settled = _supply_classes()
        group = numbers.str.slice(0, 4).fill_null("").replace_strict(
            _class_codes(), default=None, return_dtype=pl.UInt8
        )  # fmt: skip
        group = group.fill_null(
            numbers.str.slice(0, 2).fill_null("").replace_strict(_group_codes(), default=0, return_dtype=pl.UInt8)
        )
        classes = group.to_numpy()
        supply = self.code("supply")
        self.bad |= ~can_be[classes, supply]
        self.codes["supply"] = np.where(supply == 0, settled[classes], supply)

    def _match_marking(self, marking: str, nation: str, asked: Flags) -> None:
        whose = _owner_codes(nation)[self.codes[marking]]
        named = asked & (whose != 0)
        stated = self.code(nation)
        self.bad |= named & (stated != 0) & (stated != whose)
        self.codes[nation] = np.where(named, whose, stated)


def _reading(fact: Fact, kind: pl.DataType) -> pl.Expr | None:
    """How a column of such a type is read as such a fact, None as it is; what cannot be read becomes null."""
    column = pl.col(fact.name)
    text = kind == pl.String
    match fact.type:
        case "date":
            written = pl.when(column.str.contains(_DAY_PATTERN)).then(column)
            return written.str.to_date("%Y-%m-%d", strict=False) if text else None
        case "boolean":
            table = {"true": True, "false": False}
            return column.replace_strict(table, default=None, return_dtype=pl.Boolean) if text else None
        case "text":
            column = column.cast(pl.String)
            return pl.when(column.str.len_chars().is_between(1, limits.QUESTION_STRING_CHARACTERS)).then(column)
        case "nsn":
            column = column.cast(pl.String)
            digits = column.str.replace_all("-", "", literal=True)
            return pl.when(column.str.contains(f"^(?:{NSN_PATTERN})$")).then(digits)
        case _:
            return None if kind == enum_of(fact.name) else column.cast(enum_of(fact.name), strict=False)


def _one_more(column: pl.Series) -> Codes:
    """The numbers of a column, one more than they are, and 0 for none: the greatest number there is, and one more."""
    numbers = column.cast(pl.UInt8) if column.dtype in (pl.Boolean, pl.Null) else column.to_physical()
    if numbers.null_count():
        numbers = numbers.fill_null(255 if numbers.dtype == pl.UInt8 else 65535)
    codes: Codes = numbers.to_numpy()
    return codes + codes.dtype.type(1)


@cache
def _owner_codes(fact: str) -> Codes:
    """For each code of a marking the code of its nation, in the words of that fact; 0 for none."""
    places = {word: place for place, word in enumerate(_words(fact), 1)}
    return np.array([0, *(places[nation_of(code)] for code in MARKINGS)], dtype=np.uint16)


def _classes() -> Mapping[str, frozenset[str]]:
    return {**OPEN_CLASSES, **{group: frozenset({supply}) for group, supply in GROUPS.items()}}


def _class_codes() -> dict[str, int]:
    return {name: place for place, name in enumerate(_classes(), 1) if len(name) == 4}


def _group_codes() -> dict[str, int]:
    return {name: place for place, name in enumerate(_classes(), 1) if len(name) == 2}


@cache
def _supply_classes() -> tuple[NDArray[np.bool_], Codes]:
    """For each class of stock numbers (0: one that settles nothing) the supplies it can be, and the one it must be."""
    found = list(_classes().values())
    can_be = np.ones((len(found) + 1, len(SUPPLIES) + 1), dtype=np.bool_)
    settled = np.zeros(len(found) + 1, dtype=np.uint16)
    for place, supplies in enumerate(found, 1):
        can_be[place, 1:] = [supply in supplies for supply in SUPPLIES]
        if len(supplies) == 1:
            settled[place] = SUPPLIES.index(next(iter(supplies))) + 1
    return can_be, settled
