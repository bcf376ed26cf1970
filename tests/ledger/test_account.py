"""The ledger: claims as the receipt gives them, settlements, postings that sum to nothing, in any order of arrival."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gokei.journal.causal import causal_order
from gokei.journal.entries import Entry
from gokei.ledger.account import fold_account
from gokei.support.order import fold_order
from gokei.terms.problems import Problem
from tests.nations import Nations, line, to_claim, to_delivery, to_order
from tests.nightly import examples


def claim_of(nations: Nations) -> dict[str, Any]:
    return dict(nations["AU"].list("claims")[0])


def settle(nations: Nations, *parts: dict[str, Any], accept: bool = True) -> None:
    claim = claim_of(nations)["claim"]
    found = nations.act("AU", type="settlement", to="JP", claim=claim, parts=list(parts))
    nations.meet()
    if accept:
        nations.act("JP", type="settlement_acceptance", to="AU", order="AU-1", settlement=found["hash"])
        nations.meet()


def owed(nations: Nations, nation: str = "JP") -> Any:
    return nations[nation].balances()["AU-JP"]["owed"]  # type: ignore[index, call-overload]


def test_a_claim_is_for_what_was_received_and_due_twelve_months_after_delivery(nations: Nations) -> None:
    to_claim(nations, "11.4")
    claim = claim_of(nations)
    assert (claim["due"], claim["state"], claim["creditor"], claim["debtor"]) == ("2018-09-08", "open", "JP", "AU")
    assert claim["lines"][0]["quantity"] == "11.4"
    assert claim["lines"][0]["amount"] == "820800"
    assert owed(nations) == owed(nations, "AU") != []


def test_half_in_kind_and_half_in_money_close_it_and_both_ledgers_agree(nations: Nations) -> None:
    to_claim(nations, "11.4")
    settle(nations, {"method": "replacement_in_kind", "quantity": "5.7", "unit": "kL", "delivered_on": "2017-10-01"},
           {"method": "payment"})  # fmt: skip
    assert owed(nations) == owed(nations, "AU") == []
    accounts = nations["JP"].balances()["AU-JP"]["accounts"]  # type: ignore[index, call-overload]
    assert accounts["cash:JP"] == {"JPY": "410400"}  # type: ignore[index, call-overload]
    assert accounts["stock:AU"] == {"9140002732377/L": "5700"}  # type: ignore[index, call-overload]
    assert nations["AU"].show("order", "AU-1")["state"] == "settled"


def test_partial_settlements_leave_the_rest_open_until_it_is_settled(nations: Nations) -> None:
    to_claim(nations, "10")
    settle(nations, {"method": "payment", "quantity": "3", "unit": "kL"})
    assert claim_of(nations)["lines"][0]["open"] == "7"
    assert nations["AU"].show("order", "AU-1")["state"] == "claimed"
    settle(nations, {"method": "replacement_in_kind", "quantity": "7000", "unit": "L", "delivered_on": "2017-10-01"})
    assert claim_of(nations)["state"] == "settled"


def test_what_is_refused_by_the_creditor_stays_owed(nations: Nations) -> None:
    to_claim(nations, "10")
    found = nations.act("AU", type="settlement", to="JP", claim="AU-1-C1", parts=[{"method": "payment"}])
    nations.meet()
    refusal = {"type": "settlement_refusal", "to": "AU", "order": "AU-1", "settlement": found["hash"]}
    nations.act("JP", **refusal, reason="no money has arrived")
    nations.meet()
    assert owed(nations, "AU") == [{"debtor": "AU", "creditor": "JP", "commodity": "JPY", "amount": "720000"}]
    settle(nations, {"method": "payment"})
    assert owed(nations) == []


@pytest.mark.parametrize(
    ("part", "check"),
    [
        ({"method": "payment", "quantity": "11.5", "unit": "kL"}, "settlement-exceeds-claim"),
        ({"method": "payment", "quantity": "1", "unit": "kL", "amount": "1", "currency": "JPY"}, "payment-differs"),
        ({"method": "payment", "quantity": "1", "unit": "kL", "amount": "72000.5", "currency": "JPY"}, "minor-unit"),
        (
            {"method": "payment", "quantity": "1", "unit": "kL", "amount": "1" + "0" * 400, "currency": "JPY"},
            "document-field",
        ),
        ({"method": "payment", "quantity": "1", "unit": "kL", "amount": "1", "currency": "YEN"}, "currency"),
        ({"method": "return", "quantity": "1", "unit": "kL"}, "method-not-agreed"),
        (
            {"method": "replacement_in_kind", "quantity": "1", "unit": "kL", "delivered_on": "2017-02-30"},
            "document-field",
        ),
        ({"method": "payment", "line": 9}, "line-unknown"),
        ({"method": "payment", "quantity": "0", "unit": "kL"}, "quantity-zero"),
    ],
)
def test_a_wrong_settlement_is_refused_and_owes_the_same(nations: Nations, part: dict[str, Any], check: str) -> None:
    to_claim(nations, "11.4")
    before = nations["AU"].state()
    with pytest.raises(Problem) as caught:
        nations.act("AU", type="settlement", to="JP", claim="AU-1-C1", parts=[part])
    assert caught.value.check == check
    assert nations["AU"].state() == before


def test_only_what_was_signed_for_can_be_claimed_and_only_once(nations: Nations) -> None:
    to_delivery(nations)
    with pytest.raises(Problem) as caught:
        nations.act("JP", type="claim", to="AU", order="AU-1")
    assert caught.value.check == "claim-without-receipt"


def test_a_withdrawn_claim_can_be_made_anew(nations: Nations) -> None:
    to_claim(nations, "11.4")
    nations.act("JP", type="claim_withdrawal", to="AU", order="AU-1", claim="AU-1-C1", reason="to be claimed later")
    assert owed(nations) == []
    nations.act("JP", type="claim", to="AU", order="AU-1")
    nations.meet()
    assert [one["claim"] for one in nations["AU"].list("claims", {"state": "open"})] == ["AU-1-C1a"]


def test_a_statement_stands_on_a_cut_and_is_accepted_only_where_the_ledgers_are_equal(nations: Nations) -> None:
    to_claim(nations, "10")
    nations.act("AU", type="settlement", to="JP", claim="AU-1-C1", parts=[{"method": "payment"}])
    with pytest.raises(Problem) as caught:
        nations.act("AU", type="statement", to="JP")
    assert caught.value.check == "statement-pending"
    nations.meet()
    stated = nations.act("AU", type="statement", to="JP", as_of="2017-12-31")
    nations.meet()
    name = str(stated["case"]).partition(":")[2]
    nations.act("JP", type="statement_acceptance", to="AU", statement=name)
    nations.meet()
    assert nations["AU"].show("statement", name)["state"] == "accepted"


def entries_of(nations: Nations) -> list[Entry]:
    channel = nations["JP"].core.channel("AU")
    return channel.entries("order:AU-1")


def test_every_posting_sums_to_nothing_in_every_commodity(nations: Nations) -> None:
    to_claim(nations, "11.4")
    settle(nations, {"method": "replacement_in_kind", "quantity": "5.7", "unit": "kL"}, {"method": "payment"})
    view = fold_account("order:AU-1", entries_of(nations)).view
    for posting in view["postings"]:  # type: ignore[union-attr]
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for one in posting["lines"]:  # type: ignore[index, call-overload, union-attr]
            sums[one["commodity"]] += Decimal(one["amount"])  # type: ignore[index, call-overload, arg-type]
        assert set(sums.values()) == {Decimal(0)}


@pytest.fixture(scope="module")
def settled_entries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Nations, list[Entry]]:
    nations = Nations(Path(tmp_path_factory.mktemp("settled")), "AU", "JP")
    to_claim(nations, "11.4")
    settle(nations, {"method": "replacement_in_kind", "quantity": "5.7", "unit": "kL"}, {"method": "payment"})
    return nations, entries_of(nations)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_the_books_are_the_same_in_any_order_of_arrival(
    settled_entries: tuple[Nations, list[Entry]], seed: int
) -> None:
    nations, entries = settled_entries
    shuffled = list(entries)
    random.Random(seed).shuffle(shuffled)
    ordered = causal_order(shuffled, nations["JP"].core.kinds.rank)
    for fold in (fold_order, fold_account):
        assert fold("order:AU-1", ordered) == fold("order:AU-1", entries)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.integers(1, 11_399_999), min_size=1, max_size=4),
    price=st.sampled_from(["72000", "33.333333", "0.07"]),
)
def test_however_a_claim_is_cut_into_parts_its_money_closes_to_nothing(
    tmp_path_factory: pytest.TempPathFactory, parts: list[int], price: str
) -> None:
    """Millilitres at odd prices: roundings of parts never leave a yen or a cent behind."""
    nations = Nations(Path(tmp_path_factory.mktemp("parts")), "AU", "JP")
    to_order(nations, price=price)
    delivered = nations.act(
        "JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("11.4")]
    )
    nations.meet()
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=delivered["hash"], lines=[line("11.4")])
    nations.meet()
    nations.act("JP", type="claim", to="AU", order="AU-1")
    nations.meet()
    left = 11_400_000
    for part in parts:
        take = min(part, left - 1)
        if take < 1:
            break
        left -= take
        litres = f"{Decimal(take) / 1000:f}"
        settle(nations, {"method": "payment", "quantity": litres, "unit": "L"})
    settle(nations, {"method": "payment"})
    assert owed(nations) == []
    accounts = nations["AU"].balances()["AU-JP"]["accounts"]  # type: ignore[index, call-overload]
    assert accounts["claims:JP"] == {"9140002732377/L": "0", "JPY": "0"}  # type: ignore[index, call-overload]
    nations.close()


def test_what_no_cut_covers_yet_is_told_apart_from_what_is_final(nations: Nations) -> None:
    delivery = to_delivery(nations)
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=delivery, lines=[line("12")])
    before: Any = nations["AU"].balances()["AU-JP"]
    assert before["pending"] == 1
    assert before["accounts"]["stock:AU"] == {"9140002732377/L": "12000"}
    assert before["final"]["accounts"] == {}
    nations.meet()
    for nation in ("AU", "JP"):
        after: Any = nations[nation].balances()["AU-JP"]
        assert after["pending"] == 0
        assert after["final"] == {"accounts": after["accounts"], "owed": after["owed"]}
