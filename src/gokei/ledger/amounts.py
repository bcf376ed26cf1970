"""Amounts of money in columns, as gokei.terms.money reads one: exact decimals, and what is none is refused by row."""

from __future__ import annotations

from typing import Final

import polars as pl

from gokei.law.columns.asking import BadRow
from gokei.terms.money import CURRENCIES, parse_currency, parse_money
from gokei.terms.problems import BadInput, OurBug
from gokei.terms.quantities import AMOUNT_PATTERN, parse_amount
from gokei.terms.words import N_

AMOUNT: Final = "amount"
CURRENCY: Final = "currency"
# 18 digits and 6 decimals, as amounts are written, with room for sums of as many of them as a machine can hold.
EXACT_AMOUNT: Final = pl.Decimal(38, 6)
_DECIMALS: Final = r"\.([0-9]*[1-9])0*$"


def amounts_of(piece: pl.DataFrame, rows_before: int) -> pl.DataFrame:
    """`amount` and `currency` of every row, null where none is stated.

    Raises BadRow (`amount`, `currency`, `minor-unit`, `amount-unowed`) for the first row whose amount is none, or that
    names nobody who owes it.
    """
    read = piece.select(_texts(piece, name) for name in (AMOUNT, CURRENCY, "provider", "recipient"))
    amount, currency = pl.col(AMOUNT), pl.col(CURRENCY)
    digits = currency.replace_strict(dict(CURRENCIES), default=None, return_dtype=pl.UInt32)
    exact = amount.str.extract(_DECIMALS).str.len_chars().fill_null(0) <= digits
    owed = pl.col("provider").is_not_null() & pl.col("recipient").is_not_null()
    right = amount.str.contains(AMOUNT_PATTERN) & exact & owed
    good = (amount.is_null() | right.fill_null(value=False)) & (currency.is_null() | digits.is_not_null())
    bad = read.select((~good).arg_true()).to_series()
    if len(bad):
        raise _fault(rows_before + bad[0] + 1, read.row(bad[0], named=True))
    return read.select(amount.cast(EXACT_AMOUNT), currency)


def _texts(piece: pl.DataFrame, name: str) -> pl.Expr:
    if name not in piece.columns:
        return pl.lit(None, dtype=pl.String).alias(name)
    column = pl.col(name).cast(pl.String)
    return pl.when(column != "").then(column).alias(name)


def _fault(row: int, cells: dict[str, str | None]) -> BadRow:
    """What is wrong with the amount of a row, as the reading of one amount says it."""
    try:
        if cells[AMOUNT] is not None:
            parse_amount(cells[AMOUNT], AMOUNT)
        if cells[CURRENCY] is None:
            raise BadInput(
                check="currency",
                detail=N_("The row states an amount, but not its currency."),
                next_step=N_("Currencies: {currencies}"),
                params={"currencies": " ".join(CURRENCIES)},
                field=CURRENCY,
            )
        parse_currency(cells[CURRENCY], CURRENCY)
        parse_money(cells[AMOUNT], cells[CURRENCY], AMOUNT)
    except BadInput as problem:
        return BadRow(row, problem)
    if cells["provider"] is None or cells["recipient"] is None:
        unowed = BadInput(
            check="amount-unowed",
            detail=N_("The row states an amount, but not who provided and who received."),
            next_step=N_("State provider and recipient, or leave the amount empty."),
            field=AMOUNT,
        )
        return BadRow(row, unowed)
    raise OurBug(check="columns-differ", detail=N_("Columns refuse a question that is right when asked alone."))
