"""The life of an order between two real nodes: what moves it, what is refused, and what is void for both."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.terms.problems import BadInput, Problem, Refused
from tests.nations import F76, FACTS, Nations, line, to_claim, to_delivery, to_operation, to_order, to_request


def refused(nations: Nations, nation: str, **document: Any) -> Problem:
    before = nations[nation].state()
    with pytest.raises(Problem) as caught:
        nations.act(nation, **document)
    assert nations[nation].state() == before
    return caught.value


def state(nations: Nations, nation: str = "JP") -> Any:
    return nations[nation].show("order", "AU-1")["state"]


def test_each_document_moves_the_order_to_its_next_state(nations: Nations) -> None:
    to_request(nations)
    assert state(nations) == "requested"
    nations.act("JP", type="offer", to="AU", order="AU-1", methods=["payment"], valid_until="2017-09-30",
                lines=[line("10", unit_price="72000", currency="JPY")])  # fmt: skip
    assert state(nations) == "offered"
    nations.act("JP", type="order", to="AU", order="AU-1")
    assert state(nations) == "ordered"
    nations.meet()
    nations.act("AU", type="countersignature", to="JP", order="AU-1")
    nations.meet()
    assert state(nations) == "in_force"
    first = nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("4")])
    assert state(nations) == "delivering"
    second = nations.act(
        "JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-09", lines=[line("6000", "L")]
    )
    assert state(nations) == "delivered"
    nations.meet()
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=first["hash"], lines=[line("4")])
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=2, lines=[line("6")])
    nations.meet()
    found = nations["JP"].show("order", "AU-1")
    assert found["state"] == "received"
    assert found["lines"][0]["received"] == "10"  # type: ignore[index, call-overload]
    assert second["hash"] != first["hash"]
    assert nations["AU"].state()["channels"] == nations["JP"].state()["channels"]


def test_an_order_inherits_the_facts_of_its_operation_and_may_not_contradict_them(nations: Nations) -> None:
    to_request(nations)
    assert nations["JP"].show("order", "AU-1")["facts"] == dict(FACTS)
    asked = {"type": "request", "to": "JP", "operation": "DARWIN", "on": "2017-09-07"}
    lines = [line("1", supply="food", description="rations")]
    problem = refused(nations, "AU", **asked, lines=lines, facts={"hinders_mission": True})
    assert problem.check == "fact-contradiction"


def test_both_sides_determinations_stand_side_by_side(nations: Nations) -> None:
    to_order(nations)
    found = nations["AU"].show("order", "AU-1")["determinations"]
    assert isinstance(found, dict)
    assert {nation: one["verdict"] for nation, one in found.items()} == {"AU": "permitted", "JP": "permitted"}  # type: ignore[index, call-overload]
    received = nations["JP"].list("documents", {"type": "request"})
    assert received[0]["determination"]["verdict"] == "permitted"  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("nation", "document", "check"),
    [
        ("AU", {"type": "offer", "methods": ["payment"], "valid_until": "2017-09-30",
                "lines": [line("1", unit_price="1", currency="JPY")]}, "wrong-party"),
        ("JP", {"type": "offer", "methods": ["payment"], "valid_until": "2017-09-30",
                "lines": [line("13", unit_price="1", currency="JPY")]}, "offer-exceeds-request"),
        ("JP", {"type": "offer", "methods": ["payment"], "valid_until": "2017-09-30",
                "lines": [line("1")]}, "price-missing"),
        ("JP", {"type": "offer", "methods": ["payment"], "valid_until": "2017-09-30",
                "lines": [line("1", "kg", unit_price="1", currency="JPY")]}, "line-unknown"),
        ("JP", {"type": "order"}, "state"),
        ("AU", {"type": "countersignature"}, "state"),
        ("JP", {"type": "delivery", "delivered_on": "2017-09-08", "lines": [line("1")]}, "state"),
        ("AU", {"type": "refusal", "reason": "not ours to refuse"}, "wrong-party"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_now_is_refused_and_changes_nothing(
    nations: Nations, nation: str, document: dict[str, Any], check: str
) -> None:
    to_request(nations)
    other = "JP" if nation == "AU" else "AU"
    assert refused(nations, nation, to=other, order="AU-1", **document).check == check


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"lines": [line("12.1")]}, "receipt-exceeds-delivery"),
        ({"lines": [line("11")]}, "discrepancy-missing"),
        ({"lines": [line("12", number=2)]}, "receipt-incomplete"),
        ({"lines": [line("１２")]}, "document-field"),
        ({"lines": [line("12", "kiloliter")]}, "unit"),
        ({"lines": [line("12", "<b>kL</b>")]}, "unit"),
        ({"lines": [line("1" + "0" * 400)]}, "document-field"),
        ({"lines": [line("1e3")]}, "document-field"),
        ({"lines": [line("-1")]}, "document-field"),
        ({"delivery": "sha256:" + "0" * 64}, "delivery-unknown"),
        ({"delivery": 7}, "delivery-unknown"),
        ({"quantity": "12"}, "document-field"),
    ],
)
def test_a_wrong_receipt_has_its_own_clear_refusal(nations: Nations, change: dict[str, Any], check: str) -> None:
    delivery = to_delivery(nations)
    whole = {"type": "receipt", "to": "JP", "order": "AU-1", "delivery": delivery, "lines": [line("12")]} | change
    problem = refused(nations, "AU", **whole)
    assert problem.check == check
    assert problem.detail_text()


def test_four_eyes_need_two_offices_with_the_two_powers(nations: Nations) -> None:
    to_request(nations)
    nations.act("JP", type="offer", to="AU", order="AU-1", methods=["payment"], valid_until="2017-09-30",
                lines=[line("12", unit_price="72000", currency="JPY")])  # fmt: skip
    for offices in (["logistics"], ["logistics", "supply"], ["security", "registrar"]):
        problem = refused(nations, "JP", type="order", to="AU", order="AU-1", offices=offices)
        assert problem.check == "door-7-power"
    kept = nations["JP"].act({"type": "order", "to": "AU", "order": "AU-1"}, officer="logistics")
    assert kept["state"] == "awaiting_second_signature"
    with pytest.raises(Refused):
        nations["JP"].cosign(str(kept["draft"]), "logistics")
    assert nations["JP"].cosign(str(kept["draft"]), "finance")["state"] == "issued"


def test_more_than_was_ordered_is_not_delivered(nations: Nations) -> None:
    to_order(nations)
    problem = refused(
        nations, "JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12.000001")]
    )
    assert problem.check == "delivery-exceeds-order"


def test_a_delivery_and_a_receipt_are_corrected_only_by_new_documents(nations: Nations) -> None:
    delivery = to_delivery(nations, "11")
    nations.act(
        "JP",
        type="delivery_correction",
        to="AU",
        order="AU-1",
        delivery=delivery,
        lines=[line("11.5")],
        reason="misread gauge",
    )
    nations.meet()
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=delivery, lines=[line("11.5")])
    receipt = nations["AU"].list("documents", {"type": "receipt"})[0]["hash"]
    short = {"discrepancy": {"reason": "second reading", "code": "short"}}
    nations.act(
        "AU",
        type="receipt_correction",
        to="JP",
        order="AU-1",
        receipt=receipt,
        lines=[line("11.2", **short)],
        reason="second reading",
    )
    nations.meet()
    found = nations["JP"].show("order", "AU-1")
    assert found["lines"][0]["received"] == "11.2"  # type: ignore[index, call-overload]
    problem = refused(
        nations,
        "JP",
        type="delivery_correction",
        to="AU",
        order="AU-1",
        delivery=delivery,
        lines=[line("12")],
        reason="too late now",
    )
    assert problem.check == "correction-too-late"
    nations.act("JP", type="claim", to="AU", order="AU-1")
    nations.meet()
    receipt = nations["AU"].list("documents", {"type": "receipt_correction"})[0]["hash"]
    problem = refused(
        nations,
        "AU",
        type="receipt_correction",
        to="JP",
        order="AU-1",
        receipt=receipt,
        lines=[line("11.5")],
        reason="too late now",
    )
    assert problem.check == "correction-too-late"


def test_concurrent_receipt_beats_cancellation_wherever_each_arrives_first(nations: Nations) -> None:
    to_order(nations)
    nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12")])
    nations.act("AU", type="cancellation", to="JP", order="AU-1", reason="weather")
    nations.meet()
    for nation in ("AU", "JP"):
        found = nations[nation].show("order", "AU-1")
        assert found["state"] == "delivered"
        voids = [one["type"] for one in nations[nation].documents("order:AU-1") if one["standing"] == "void"]
        assert voids == ["cancellation"]


def test_a_cancelled_order_stays_cancelled(nations: Nations) -> None:
    to_order(nations)
    nations.act("JP", type="cancellation", to="AU", order="AU-1", reason="the ship is needed elsewhere")
    assert state(nations) == "cancelled"
    assert (
        refused(
            nations, "JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("1")]
        ).check
        == "state"
    )


def test_a_retroactive_order_states_its_reason_and_needs_the_law_as_well(nations: Nations) -> None:
    to_operation(nations)
    late = {
        "type": "order", "to": "AU", "operation": "DARWIN", "on": "2017-09-07", "methods": ["payment"],
        "lines": [line("3", supply="fuel", nsn=F76, description="F-76", unit_price="72000", currency="JPY")],
    }  # fmt: skip
    with pytest.raises(BadInput):
        nations.act("JP", **late)
    found = nations.act("JP", **late, retroactive={"reason": "pumped at night before the papers"})
    order = str(found["case"]).partition(":")[2]
    nations.meet()
    nations.act("AU", type="countersignature", to="JP", order=order)
    shown = nations["AU"].show("order", order)
    assert (shown["state"], shown["retroactive"]) == ("in_force", "pumped at night before the papers")
    weapons = late | {"lines": [line("1", "EA", supply="weapons", description="rifle", unit_price="1", currency="JPY")]}
    problem = refused(nations, "JP", **weapons, retroactive={"reason": "after the fact"})
    assert (problem.check, problem.instrument) == ("law-not-permitted", "acsa-jp-au-2017")


def test_the_partners_word_is_judged_again_and_void_for_both_where_it_is_wrong(nations: Nations) -> None:
    """A claim twice: each node wrote its own view before it saw the other's; the fold ends alike."""
    to_claim(nations)
    assert refused(nations, "JP", type="claim", to="AU", order="AU-1", delivery=1).check == "claim-exists"


def test_a_service_is_not_settled_by_giving_it_back(nations: Nations) -> None:
    """Services are settled in money or by equal value (acsa2.md B): the order that says otherwise is refused."""
    asked = line("1", "job", supply="repair_maintenance", description="Engine repair")
    with pytest.raises(Refused) as caught:
        to_order(nations, asked, methods=("return",), price="1000")
    assert caught.value.check == "method-not-allowed"
    assert (caught.value.instrument, caught.value.provision) == ("acsa-jp-au-2017", "4")
    assert nations["JP"].show("order", "AU-1")["state"] == "offered"
