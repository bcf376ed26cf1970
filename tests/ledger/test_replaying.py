"""Sums of what is owed before and after: exact, and amounts in columns read as one amount is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.law.columns.asking import BadRow
from gokei.ledger.amounts import amounts_of
from gokei.ledger.replaying import Answer, Flip, Owed, Replayed
from gokei.terms.money import parse_currency, parse_money
from gokei.terms.problems import BadInput
from gokei.terms.quantities import parse_amount
from tests.nightly import examples

SCHEMA = {name: pl.String() for name in ("amount", "currency", "provider", "recipient")}
PARTIES = {"provider": "JP", "recipient": "KR"}


def read(*rows: dict[str, Any]) -> pl.DataFrame:
    return amounts_of(pl.DataFrame([{**PARTIES, **row} for row in rows], schema=SCHEMA), 0)


@settings(max_examples=examples(600))
@given(
    st.one_of(
        st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,8})?", fullmatch=True),
        st.from_regex(r"(0|[1-9][0-9]{0,17})(\.[0-9]{0,4}0{0,2})?", fullmatch=True),
        st.sampled_from(["+1", "-1", "1e3", " 1", "1 ", "1\n", "１", "1,000", ".5", "1.", "NaN", "0x1", "00", "0.0"]),
    ),
    st.sampled_from(["JPY", "USD", "JPX", "jpy", "USD ", None]),
)
def test_a_column_takes_what_one_amount_takes(amount: str, currency: str | None) -> None:
    row = {"amount": amount, "currency": currency}
    wrong = refusal(amount, currency)
    if wrong is None:
        assert read({}, row).rows() == [(None, None), (Decimal(amount), currency)]
        return
    with pytest.raises(BadRow) as found:
        read({}, row)
    assert (found.value.row, found.value.check) == (2, wrong.check)


def refusal(amount: str, currency: str | None) -> BadInput | None:
    try:
        parse_amount(amount, "amount")
        parse_currency(currency, "currency")
        parse_money(amount, currency, "amount")
    except BadInput as problem:
        return problem
    return None


@pytest.mark.parametrize(
    ("row", "check", "field"),
    [
        ({"currency": "XYZ"}, "currency", "currency"),
        ({"amount": "1"}, "currency", "currency"),
        ({"amount": "1", "currency": ""}, "currency", "currency"),
        ({"amount": "1", "currency": "JPY", "provider": None}, "amount-unowed", "amount"),
    ],
)
def test_an_amount_says_in_which_currency_and_who_owes_it(row: dict[str, Any], check: str, field: str) -> None:
    with pytest.raises(BadRow) as found:
        read(row)
    assert (found.value.check, found.value.field) == (check, field)


def test_what_is_empty_is_no_amount_and_a_table_may_have_none() -> None:
    assert read({"amount": "", "currency": ""}, {"currency": "JPY"}).rows() == [(None, None), (None, "JPY")]
    assert amounts_of(pl.DataFrame({"kind": ["support"]}), 0).rows() == [(None, None)]


VERDICTS = ("permitted", "not_permitted", "undetermined")
AMOUNTS = st.decimals(min_value=0, max_value=10**17, places=6)


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(VERDICTS), st.sampled_from(VERDICTS), AMOUNTS)))
def test_every_amount_stands_in_one_column_before_and_in_one_after(
    rows: list[tuple[str, str, str, Decimal]],
) -> None:
    found = Replayed(("draft",))
    for creditor, before, after, amount in rows:
        found.count(before, after, 1)
        found.owe(Owed(creditor, "C", "USD"), before, after, amount)
    assert found.touched == len(rows)
    assert found.flipped == sum(before != after for _, before, after, _ in rows)
    for row in found.rows():
        mine = [one for one in rows if one[0] == row["creditor"]]
        for place, when in ((1, "before"), (2, "after")):
            for verdict in VERDICTS:
                wanted = sum((one[3] for one in mine if one[place] == verdict), Decimal(0))
                told: Any = row[when]
                assert Decimal(told[verdict]) == wanted
        gained = [(one[2] == "permitted") - (one[1] == "permitted") for one in mine]
        difference = sum((one[3] * sign for one, sign in zip(mine, gained, strict=True)), Decimal(0))
        assert Decimal(str(row["difference"])) == difference


def test_flips_that_are_kept_are_bounded_and_those_counted_are_not() -> None:
    answer = Answer("permitted", "granted", None, None)
    found = Replayed(("draft",), most=2)
    found.count("permitted", "undetermined", 5)
    for row in range(5):
        found.keep(Flip(None, row, None, None, answer, answer))
    assert (len(found.flips), found.flipped, found.room) == (2, 5, 0)
