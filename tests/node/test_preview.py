"""A preview says what the act would say, of the case as well as of the law, and signs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.terms.problems import Problem
from tests.nations import Nations, line, to_claim, to_delivery, to_order


def told(nations: Nations, nation: str, **document: Any) -> Any:
    """The preview's answer, which is the act's answer too where it is a no; the books stay as they are."""
    node = nations[nation]
    before = node.state()
    found = node.preview(document)
    assert node.state() == before
    if found["problem"] is not None:
        with pytest.raises(Problem) as caught:
            node.act(document)
        assert caught.value.as_json() == found["problem"]
    return found


def test_more_than_was_ordered(nations: Nations) -> None:
    to_order(nations)
    found = told(
        nations, "JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("99999")]
    )
    assert found["problem"]["check"] == "delivery-exceeds-order"


def test_less_without_a_reason(nations: Nations) -> None:
    delivery = to_delivery(nations)
    found = told(nations, "AU", type="receipt", to="JP", order="AU-1", delivery=delivery, lines=[line("11.4")])
    assert found["problem"]["check"] == "discrepancy-missing"


def test_a_payment_that_is_not_what_the_goods_are_worth(nations: Nations) -> None:
    claim = to_claim(nations)
    parts = [{"method": "payment", "amount": "5"}]
    found = told(nations, "AU", type="settlement", to="JP", claim=claim, parts=parts)
    assert found["problem"]["check"] == "payment-differs"


def test_what_the_order_is_past(nations: Nations) -> None:
    to_order(nations)
    offer = {"methods": ["payment"], "valid_until": "2017-09-30"}
    lines = [line("12", unit_price="1", currency="JPY")]
    found = told(nations, "JP", type="offer", to="AU", order="AU-1", lines=lines, **offer)
    assert found["problem"]["check"] == "state"


def test_what_can_be_signed_is_shown_whole(nations: Nations) -> None:
    claim = to_claim(nations)
    found = told(nations, "AU", type="settlement", to="JP", claim=claim, parts=[{"method": "payment"}])
    assert found["problem"] is None
    part = found["body"]["parts"][0]
    assert (part["quantity"], part["amount"], part["currency"]) == ("11.4", "820800", "JPY")


def test_a_no_of_the_law_carries_its_determination(nations: Nations) -> None:
    to_order(nations)
    asked = [line("1", "EA", supply="weapons", description="rifles")]
    found = told(nations, "AU", type="request", to="JP", order="AU-2", operation="DARWIN", on="2017-09-07", lines=asked)
    assert found["problem"]["check"] == "law-not-permitted"
    assert found["determination"]["verdict"] == "not_permitted"
    assert found["problem"]["determination"] == found["determination"]
