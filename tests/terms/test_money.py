"""Money: never finer than its currency, and rounded once, halves to even, against exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.terms.money import CURRENCIES, Money, parse_currency, parse_money, rounded, worth
from gokei.terms.problems import BadInput
from tests.nightly import examples

DIGITS = {"JPY": 0, "KRW": 0, "USD": 2, "AUD": 2, "GBP": 2, "EUR": 2, "CAD": 2, "INR": 2, "NZD": 2, "PHP": 2}
LARGEST = "999999999999999999.999999"


def amounts(wholes: int) -> st.SearchStrategy[Decimal]:
    """Amounts of the grammar with so many digits before the point."""
    return st.integers(0, 10 ** (wholes + 6) - 1).map(lambda millionths: Decimal(millionths).scaleb(-6))


def exact_worth(quantity: Decimal, price: Decimal, currency: str) -> Fraction:
    """The product as a fraction, to the minor unit by Python's own rounding of fractions, halves to even."""
    scale = 10 ** CURRENCIES[currency]
    return Fraction(round(Fraction(quantity) * Fraction(price) * scale), scale)


def refused(call: Any, *words: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        call(*words)
    return caught.value


def test_minor_units_are_those_of_iso_4217() -> None:
    assert CURRENCIES == DIGITS


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("72000", "JPY", "72000"),
        ("72000.0", "JPY", "72000"),
        ("0", "KRW", "0"),
        ("1.5", "USD", "1.5"),
        ("1.50", "USD", "1.5"),
        ("1.500000", "USD", "1.5"),
        ("999999999999999999.99", "EUR", "999999999999999999.99"),
    ],
)
def test_money_is_an_amount_as_fine_as_its_currency(amount: str, currency: str, text: str) -> None:
    assert parse_money(amount, currency, "price") == Money(Decimal(amount), currency)
    assert parse_money(amount, currency, "price").text() == text


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.5", "JPY"), ("72000.000001", "JPY"), ("1.1", "KRW"), ("1.005", "USD"), ("0.001", "AUD"), (LARGEST, "GBP")],
)
def test_money_finer_than_its_currency_is_refused(amount: str, currency: str) -> None:
    problem = refused(parse_money, amount, currency, "price")
    assert (problem.check, problem.field) == ("minor-unit", "price")
    assert f"{currency} has {DIGITS[currency]} decimals, not those of {amount}" in problem.detail_text()


@pytest.mark.parametrize(
    "amount", ["-1", "+1", "1e3", "１２", "1,000", "1_000", "NaN", "Infinity", "¥1", "", "01", 1, 1.5]
)
def test_money_has_the_grammar_of_amounts(amount: Any) -> None:
    assert refused(parse_money, amount, "USD", "price").check == "amount"


@pytest.mark.parametrize(
    "currency", ["", "jpy", "Jpy", "ＪＰＹ", "JPY ", "¥", "yen", "円", "<b>JPY</b>", "XTS", None, 392, ["JPY"]]
)
def test_a_currency_is_a_code_of_the_table(currency: Any) -> None:
    problem = refused(parse_currency, currency, "currency")
    assert (problem.check, problem.field) == ("currency", "currency")
    assert all(code in problem.next_text() for code in CURRENCIES)


def test_a_currency_that_no_pack_needs_is_refused_rather_than_guessed() -> None:
    """BHD has three decimals; a currency is taken only where its minor unit is known."""
    assert refused(parse_money, "1.001", "BHD", "price").check == "currency"


@pytest.mark.parametrize(
    ("text", "near"), [("jpy", "JPY"), ("JPX", "JPY"), ("USDD", "USD"), ("KRM", "KRW"), ("円", "")]
)
def test_an_unknown_currency_is_told_the_nearest(text: str, near: str) -> None:
    problem = refused(parse_currency, text, "currency")
    assert problem.params["nearest"] == near
    assert problem.detail_text().endswith(f"Did you mean {near}?") is bool(near)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.5", "JPY", "0"), ("1.5", "JPY", "2"), ("2.5", "JPY", "2"), ("3.5", "KRW", "4"), ("0.500001", "JPY", "1"),
        ("0.005", "USD", "0.00"), ("0.015", "USD", "0.02"), ("0.025", "USD", "0.02"), ("0.024999", "EUR", "0.02"),
        ("0.045", "GBP", "0.04"), ("0.045001", "GBP", "0.05"), ("2.675", "USD", "2.68"), ("1.005", "AUD", "1.00"),
    ],
)  # fmt: skip
def test_halves_go_to_the_even_neighbour(amount: str, currency: str, expected: str) -> None:
    assert rounded(Decimal(amount), currency) == Decimal(expected)
    assert worth(Decimal(1), Decimal(amount), currency) == worth(Decimal(amount), Decimal(1), currency)
    assert worth(Decimal(1), Decimal(amount), currency) == Decimal(expected)


def test_the_product_is_rounded_once_and_not_its_factors() -> None:
    assert worth(Decimal("5.7"), Decimal(72000), "JPY") == Decimal(410400)
    assert worth(Decimal("0.000001"), Decimal("500000"), "JPY") == Decimal(0)
    assert worth(Decimal("0.000001"), Decimal("500000.000001"), "JPY") == Decimal(1)
    assert worth(Decimal("0.333333"), Decimal("0.33"), "USD") == Decimal("0.11")


@settings(max_examples=examples(500))
@given(amounts(11), amounts(11), st.sampled_from(sorted(CURRENCIES)))
def test_worth_is_that_of_exact_fractions(quantity: Decimal, price: Decimal, currency: str) -> None:
    assert Fraction(worth(quantity, price, currency)) == exact_worth(quantity, price, currency)


@settings(max_examples=examples(500))
@given(amounts(11), amounts(2), st.sampled_from(sorted(CURRENCIES)), st.integers(0, 10))
def test_worth_at_a_half_is_that_of_exact_fractions(quantity: Decimal, price: Decimal, currency: str, odd: int) -> None:
    half = Decimal(2 * odd + 1) / 2 * Decimal(1).scaleb(-CURRENCIES[currency])
    for one, other in ((half, Decimal(1)), (half / 5, Decimal(5)), (quantity + half, Decimal(1)), (half, price)):
        assert Fraction(worth(one, other, currency)) == exact_worth(one, other, currency)


@pytest.mark.parametrize("currency", ["JPY", "USD"])
@pytest.mark.parametrize(
    ("quantity", "price"), [(LARGEST, LARGEST), ("999999999999999999", "100000000000"), (LARGEST, "0.000001")]
)
def test_worth_of_the_largest_amounts_is_exact_too(quantity: str, price: str, currency: str) -> None:
    """Every amount of the grammar has a worth: both factors have passed the door."""
    found = worth(Decimal(quantity), Decimal(price), currency)
    assert Fraction(found) == exact_worth(Decimal(quantity), Decimal(price), currency)


@given(amounts(18), st.sampled_from(sorted(CURRENCIES)))
def test_what_was_rounded_is_money_of_that_currency(amount: Decimal, currency: str) -> None:
    found = rounded(amount, currency)
    assert rounded(found, currency) == found
    assert abs(Fraction(found) - Fraction(amount)) <= Fraction(1, 2 * 10 ** CURRENCIES[currency])
