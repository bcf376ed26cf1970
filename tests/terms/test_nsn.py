"""Stock numbers: two spellings of 13 digits, and what their class says of the supply."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gokei.terms.facts import SUPPLIES
from gokei.terms.nsn import parse_nsn, supplies_of
from gokei.terms.problems import BadInput

DIGITS = st.text("0123456789", min_size=13, max_size=13)
SETTLED = {"10": "weapons", "13": "ammunition", "65": "medical", "84": "clothing", "89": "food", "91": "fuel"}
NO_NUMBERS: list[Any] = [
    "", " ", "914000273237", "91400027323770", "9140-00-273-237", "9140-00-273-23777", "914-000-273-2377",
    "9140 00 273 2377", "9140-002732377", "914000-273-2377", "9140-00-2732377", "9140--00-273-2377", "-9140002732377",
    "9140-00-273-2377-", "9140.00.273.2377", "9140–00–273–2377", "9140‐00‐273‐2377", "9140-00-273-2377 ",
    " 9140002732377", "9140002732377\n", "９１４０００２７３２３７７", "9140-00-273-237７", "٩١٤٠٠٠٢٧٣٢٣٧٧",
    "914000273237A", "9140-00-A73-2377", "NSN 9140-00-273-2377", "9.140002732377e12", "0x9140002732377", "9" * 10_000,
    "<b>9140002732377</b>", None, True, 9140002732377, 9140002732377.0, b"9140002732377", ["9140002732377"], {},
]  # fmt: skip


def hyphened(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:9]}-{digits[9:]}"


@given(DIGITS)
def test_both_spellings_are_one_number(digits: str) -> None:
    assert parse_nsn(digits, "nsn") == parse_nsn(hyphened(digits), "nsn") == digits


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: ascii(value)[:24])
def test_nothing_else_is_a_stock_number(value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        parse_nsn(value, "lines.1.nsn")
    assert (caught.value.check, caught.value.field) == ("nsn", "lines.1.nsn")
    assert "9140-00-273-2377" in caught.value.next_text()
    assert len(caught.value.detail_text()) < 120


@given(st.text("0123456789-０ ", max_size=18))
def test_a_text_is_a_stock_number_only_in_its_two_spellings(text: str) -> None:
    digits = text.replace("-", "")
    meant = len(digits) == 13 and digits.isascii() and digits.isdigit() and text in {digits, hyphened(digits)}
    if meant:
        assert parse_nsn(text, "nsn") == digits
    else:
        with pytest.raises(BadInput):
            parse_nsn(text, "nsn")


@pytest.mark.parametrize(("group", "supply"), SETTLED.items())
def test_a_group_of_the_contract_settles_the_supply(group: str, supply: str) -> None:
    for rest in ("00000000000", "40002732377", "99999999999"):
        assert supplies_of(group + rest) == {supply}


def test_beverages_may_be_food_or_water() -> None:
    assert supplies_of("8960000000000") == {"food", "water"}
    assert supplies_of("8961000000000") == supplies_of("8950000000000") == {"food"}


@given(DIGITS)
def test_any_other_class_settles_nothing(digits: str) -> None:
    found = supplies_of(digits)
    assert found <= {*SUPPLIES}
    assert bool(found) is (digits[:2] in SETTLED)
