"""Amounts that no unit writes in few digits, or of very many: the books stay exact, and every claim closes."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from gokei.terms.problems import Refused
from tests.nations import F76, Nations, line, to_request

Amount: TypeAlias = tuple[str, str]
WHY = {"reason": "metered on board", "code": "short"}


def delivered(nations: Nations, asked: Amount, offered: Amount, given: Amount, price: str = "1.23") -> str:
    to_request(nations, line(*asked, supply="fuel", nsn=F76, description="F-76"))
    lines = [line(*offered, unit_price=price, currency="AUD")]
    nations.act(
        "JP", type="offer", to="AU", order="AU-1", methods=["payment", "return"], valid_until="2017-09-30", lines=lines
    )
    nations.act("JP", type="order", to="AU", order="AU-1")
    nations.meet()
    nations.act("AU", type="countersignature", to="JP", order="AU-1")
    nations.meet()
    found = nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line(*given)])
    nations.meet()
    return str(found["hash"])


def settled(nations: Nations, delivery: str, received: Amount) -> dict[str, Any]:
    lines = [line(*received, discrepancy=WHY)]
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=delivery, lines=lines)
    nations.meet()
    nations.act("JP", type="claim", to="AU", order="AU-1")
    nations.meet()
    claim: Any = nations["AU"].list("claims")[0]
    found = nations.act("AU", type="settlement", to="JP", claim=claim["claim"], parts=[{"method": "payment"}])
    nations.meet()
    nations.act("JP", type="settlement_acceptance", to="AU", order="AU-1", settlement=found["hash"])
    nations.meet()
    return dict(claim["lines"][0])


@pytest.mark.parametrize(
    ("asked", "offered", "given", "received"),
    [
        (("1000", "GL"), ("1000", "GL"), ("1000", "GL"), ("999", "GL")),
        (("1000", "GL"), ("3785.411784", "L"), ("1000", "GL"), ("999", "GL")),
        (("1000", "GL"), ("3.785411", "kL"), ("3.785411", "kL"), ("3.7", "kL")),
        (("1", "BBL"), ("1", "BBL"), ("1", "BBL"), ("0.999999", "BBL")),
        (("12", "kL"), ("12000", "L"), ("10", "kL"), ("2000", "GL")),
        (("12", "kL"), ("12", "kL"), ("1", "GL"), ("1", "GL")),
    ],
)
def test_whatever_units_the_two_sides_speak_in_the_claim_closes(
    nations: Nations, asked: Amount, offered: Amount, given: Amount, received: Amount
) -> None:
    settled(nations, delivered(nations, asked, offered, given), received)
    for nation in ("AU", "JP"):
        assert nations[nation].show("order", "AU-1")["state"] == "settled"
        books: Any = nations[nation].balances()["AU-JP"]
        assert books["owed"] == []
        assert books["accounts"]["claims:JP"] == dict.fromkeys(books["accounts"]["claims:JP"], "0")


def test_no_digit_of_a_large_amount_is_lost(nations: Nations) -> None:
    """A quantity of 12 digits at a price of 18: more digits than the usual arithmetic of decimals keeps."""
    most, price = ("999999999999", "kL"), "999999999999999999"
    claimed = settled(nations, delivered(nations, most, most, most, price), ("999999999998", "kL"))
    assert claimed["amount"] == str(999_999_999_998 * 999_999_999_999_999_999)
    books: Any = nations["JP"].balances()["AU-JP"]
    assert books["accounts"]["cash:JP"] == {"AUD": claimed["amount"]}
    assert books["owed"] == []


def test_a_refusal_names_each_amount_with_its_unit(nations: Nations) -> None:
    with pytest.raises(Refused) as caught:
        delivered(nations, ("1000", "GL"), ("3.785411", "kL"), ("1000", "GL"))
    assert caught.value.detail_text() == "Line 1: 1000 GL is more than the 3785.411 L that were ordered."
