"""Questions that were asked once, asked again with something assumed; only those that it can touch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from gokei.law.columns.asking import Columns, fault
from gokei.law.columns.codes import Coded, words_of
from gokei.law.forgetting import Wanted
from gokei.law.library import Library
from gokei.terms import limits

ANSWER: Final = ("verdict", "ground", "instrument", "provision")
_PARTIES: Final = ("provider", "recipient")
# The facts that say which instruments speak of a question (gokei.law.library).
_OF_MATTER: Final = ("kind", "provider", "recipient", "owner", "action", "holder", "actor")


class Replay:
    """Asks pieces of one table, in any number and size, twice: with `before` assumed, and with `after`.

    A row is touched, and asked, where an instrument that `after` names can speak in its matter; `before` may differ
    from `after` in such instruments alone. Raises as Columns does.
    """

    def __init__(
        self,
        library: Library,
        columns: Mapping[str, pl.DataType],
        assume: tuple[str, ...],
        before: tuple[str, ...] = (),
    ) -> None:
        named = {*library.assumed(assume)}
        self._beside = tuple(one for one in before if one.partition("=")[0] not in named)
        self._library = library
        self._assume = assume
        self._before = Columns(library, columns, Wanted.VERDICT, before)
        self._after = Columns(library, columns, Wanted.VERDICT, (*self._beside, *assume))
        self._touched: dict[tuple[int, ...], bool] = {}
        self._rows = 0

    def ask(self, questions: pl.DataFrame) -> pl.DataFrame:
        """The touched rows: `row`, counted from 1, `provider`, `recipient`, and `before_…` and `after_…` of ANSWER.

        Raises BadRow for the first row that is no question, touched or not.
        """
        pieces = questions.iter_slices(limits.COLUMN_PIECE_ROWS)
        found = [self._ask(piece) for piece in pieces if piece.height]
        return pl.concat(found) if found else self._ask(questions)

    def _ask(self, questions: pl.DataFrame) -> pl.DataFrame:
        coded = Coded(questions)
        bad = coded.first_bad()
        if bad is not None:
            raise fault(self._rows + bad + 1, questions.row(bad, named=True))
        touched = self._touches(coded)
        asked = questions.filter(touched)
        rows = touched.arg_true().cast(pl.UInt64) + (self._rows + 1)
        self._rows += questions.height
        nowhere = pl.Series([None] * asked.height, dtype=pl.String)
        given = [
            asked.get_column(name).cast(pl.String) if name in asked.columns else nowhere.alias(name)
            for name in _PARTIES
        ]
        before, after = self._before.answer(asked), self._after.answer(asked)
        return pl.DataFrame([rows.alias("row"), *given]).hstack([
            *(before.get_column(name).alias(f"before_{name}") for name in ANSWER),
            *(after.get_column(name).alias(f"after_{name}") for name in ANSWER),
        ])  # fmt: skip

    def _touches(self, coded: Coded) -> pl.Series:
        """For each row whether it is touched: looked up once for all rows between the same nations."""
        codes = pl.DataFrame({name: pl.Series(coded.code(name), dtype=pl.UInt16) for name in _OF_MATTER})
        distinct = codes.unique()
        for row in distinct.iter_rows():
            if row not in self._touched:
                stated = zip(_OF_MATTER, row, strict=True)
                facts = {name: words_of(name)[code - 1] for name, code in stated if code}
                self._touched[row] = self._library.touches(facts, self._assume, self._beside)
        known = pl.Series("touched", [self._touched[row] for row in distinct.iter_rows()], dtype=pl.Boolean)
        joined = codes.join(distinct.with_columns(known), on=_OF_MATTER, how="left", maintain_order="left")
        return joined.get_column("touched")
