"""Quantities in a closed grammar, and their units: what is written is what is meant, and conversion loses nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.terms.problems import BadInput
from gokei.terms.quantities import (
    AMOUNT_PATTERN,
    UNITS,
    Quantity,
    decimal_text,
    in_unit,
    parse_amount,
    parse_quantity,
    parse_unit,
)
from tests.nightly import examples

WHOLES = st.integers(0, 10**18 - 1).map(str)
AMOUNTS = st.tuples(WHOLES, st.text("0123456789", max_size=6)).map(lambda it: f"{it[0]}.{it[1]}" if it[1] else it[0])
TAKEN = ["0", "1", "9", "10", "999999999999999999", "0.5", "0.000001", "11.4", "1.50", "999999999999999999.999999"]
REFUSED = [
    "", " ", "１２", "１", "1２", "٣", "٠", "१", "一", "²", "½", "Ⅳ",
    "1e3", "1E3", "1e-3", "1.0e3", "+1", "-1", "−1", "-0", "±1",
    "1_000", "1,000", "1.000,5", "1 000", "1\u00a0000", "1'000", "1，000", "1．5", "1·5", "1,5",
    " 1", "1 ", "1\n", "\t1", "\u200b1", "1\u200e", "\ufeff1", "1\x00",
    "NaN", "nan", "sNaN", "Infinity", "inf", "-Infinity", "∞",
    "01", "00", "007", "00.5", ".5", "5.", ".", "1.", "1..5", "1.5.5",
    "1.0000000", "0.1234567", "1000000000000000000", "1" + "0" * 400, "0." + "0" * 400, "9" * 10_000,
    "0x10", "1/2", "1%", "$1", "¥1", "１kL", "1kL", "true", "null", "None", "<b>1</b>", "'1'", '"1"', "=1+1",
]  # fmt: skip
NO_TEXTS: list[Any] = [None, True, False, 1, 1.5, Decimal("1.5"), b"1", ["1"], {"amount": "1"}, float("nan")]
NOT_UNITS = [
    "", " ", "L ", " L", "l", "litre", "kl", "KL", "ｋＬ", "㎏", "㍑", "m³", "キロリットル", "리터", "L\n", "L\x00",
    "<b>L</b>", "<script>alert(1)</script>", "&lt;L&gt;", "&L;", '<?xml version="1.0"?><unit>L</unit>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "]]>", "{text}", "%s", "L;DROP TABLE",
]  # fmt: skip
NEAREST = {
    "kl": "kL", "KG": "kg", "lb": "LB", "Bbl": "BBL", "gl": "GL", "nm": "NM", "ea": "EA", "meals": "meal",
    "jobs": "job", "persondays": "person-day", "person_day": "person-day", "nights": "night", "tkm": "t-km", "ml": "mL",
    "M3": "m3",
}  # fmt: skip


def refused(call: Any, *words: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        call(*words)
    return caught.value


# The grammar


@pytest.mark.parametrize("text", TAKEN)
def test_an_amount_is_plain_digits(text: str) -> None:
    assert parse_amount(text, "quantity") == Decimal(text)
    assert re.search(AMOUNT_PATTERN, text)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:20]))
def test_nothing_else_is_an_amount(text: str) -> None:
    problem = refused(parse_amount, text, "quantity")
    assert (problem.check, problem.field) == ("amount", "quantity")
    assert len(problem.detail_text()) < 120
    assert "\n" not in problem.detail_text()


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_an_amount_is_a_text_and_never_a_number(value: Any) -> None:
    assert refused(parse_amount, value, "quantity").check == "amount"
    assert refused(parse_unit, value, "unit").check == "unit"


@given(AMOUNTS)
def test_an_amount_is_read_exactly(text: str) -> None:
    assert Fraction(parse_amount(text, "quantity")) == Fraction(text)


@settings(max_examples=examples(500))
@given(st.text("0123456789.,+-eE_ １٣\n", max_size=24) | st.text(max_size=8))
def test_a_text_is_an_amount_if_it_is_digits_of_ascii_and_perhaps_a_point(text: str) -> None:
    whole, point, part = text.partition(".")
    digits = {*"0123456789"}
    meant = {*whole, *part} <= digits and 0 < len(whole) <= 18 and (whole == "0" or not whole.startswith("0"))
    meant = meant and len(part) <= 6 and bool(part) == bool(point)
    if meant:
        assert Fraction(parse_amount(text, "quantity")) == Fraction(text)
    else:
        assert refused(parse_amount, text, "quantity").check == "amount"


@pytest.mark.parametrize("text", ["0", "0.0", "0.000000"])
def test_a_quantity_is_more_than_nothing(text: str) -> None:
    assert refused(parse_quantity, text, "L", "lines.1").check == "quantity-zero"
    assert parse_quantity("0.000001", "L", "lines.1") == Quantity(Decimal("0.000001"), "L")


def test_the_amount_is_looked_at_before_the_unit() -> None:
    assert refused(parse_quantity, "-1", "cubit", "f").check == "amount"
    assert refused(parse_quantity, "0", "cubit", "f").check == "unit"


# One spelling


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.50", "1.5"), ("100", "100"), ("1E+3", "1000"), ("1E-6", "0.000001"), ("0.000000", "0"), ("-0.0", "0"),
        ("0E+9", "0"), ("12.000", "12"), ("-1.10", "-1.1"), ("1E+30", "1" + "0" * 30),
    ],
)  # fmt: skip
def test_a_decimal_has_one_spelling(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@given(AMOUNTS)
def test_equal_amounts_are_spelled_alike_and_read_as_the_same(text: str) -> None:
    spelled = Quantity(parse_amount(text, "quantity"), "L").text()
    assert parse_amount(spelled, "quantity") == Decimal(text)
    assert decimal_text(Decimal(text + ("0" if "." in text else ".0"))) == spelled


# Units


@pytest.mark.parametrize("text", NOT_UNITS, ids=lambda text: ascii(text[:20]))
def test_a_unit_is_a_word_of_the_table_letter_by_letter(text: str) -> None:
    problem = refused(parse_quantity, "1", text, "lines.1.unit")
    assert (problem.check, problem.field) == ("unit", "lines.1.unit")
    assert all(unit in problem.next_text().split() for unit in UNITS)


@pytest.mark.parametrize(("text", "unit"), NEAREST.items())
def test_an_unknown_unit_is_told_the_nearest(text: str, unit: str) -> None:
    problem = refused(parse_unit, text, "unit")
    assert problem.params["nearest"] == unit
    assert problem.detail_text() == f"unit: {text} is not a unit. Did you mean {unit}?"


@pytest.mark.parametrize("text", ["xyzzy", "キロ", "", "<>"])
def test_where_no_unit_is_alike_none_is_named(text: str) -> None:
    problem = refused(parse_unit, text, "unit")
    assert problem.params["nearest"] == ""
    assert "Did you mean" not in problem.detail_text()


def test_a_unit_of_a_million_characters_is_shown_in_short() -> None:
    assert len(refused(parse_unit, "L" * 1_000_000, "unit").detail_text()) < 120


@pytest.mark.parametrize("text", ["{units}", "{nearest}", "{field}"])
def test_a_wrong_word_is_shown_as_it_was_written(text: str) -> None:
    assert refused(parse_unit, text, "unit").detail_text().startswith(f"unit: {text} is not a unit.")
    assert refused(parse_amount, text, "quantity").detail_text() == f"quantity: {text} is not an amount."


# Conversion


def test_the_factors_are_the_definitions() -> None:
    inch = Fraction(254, 100)
    gallon = 231 * inch**3 / 1000
    defined = {
        "GL": gallon, "BBL": 42 * gallon, "mL": Fraction(1, 1000), "kL": 1000, "m3": 1000,
        "LB": Fraction(45359237, 10**8), "g": Fraction(1, 1000), "t": 1000, "NM": 1852, "km": 1000, "d": 24,
        "PR": 2, "DZ": 12, "HD": 100, "TH": 1000,
    }  # fmt: skip
    for name, unit in UNITS.items():
        assert Fraction(unit.factor) == defined.get(name, 1), name
        assert UNITS[unit.measures] == (unit.measures, Decimal(1))


@settings(max_examples=examples(300))
@given(AMOUNTS, st.sampled_from(sorted(UNITS)))
def test_to_the_base_and_back_is_where_it_began(text: str, unit: str) -> None:
    quantity = Quantity(parse_amount(text, "quantity"), unit)
    assert Fraction(quantity.base) == Fraction(text) * Fraction(UNITS[unit].factor)
    assert in_unit(quantity.base, unit) == quantity.amount


@settings(max_examples=examples(500))
@given(AMOUNTS, st.sampled_from(sorted(UNITS)), st.data())
def test_an_amount_in_another_unit_is_exact_or_not_given(text: str, unit: str, data: st.DataObject) -> None:
    alike = sorted(name for name, one in UNITS.items() if one.measures == UNITS[unit].measures)
    other = data.draw(st.sampled_from(alike))
    exact = Fraction(text) * Fraction(UNITS[unit].factor) / Fraction(UNITS[other].factor)
    below = exact.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    found = in_unit(Quantity(Decimal(text), unit).base, other)
    assert (found is not None) is (below == 1)
    assert found is None or Fraction(found) == exact
