"""Orders as a node lists them, asked again: the worst line is the order's; what cannot be read is told."""

from __future__ import annotations

from typing import Any

from gokei.ledger.reasking import reask
from gokei.ledger.replaying import Replayed
from gokei.terms.json_types import JsonObject
from tests.packs.asking import MET, packs

NOTHING: JsonObject = {"claims": []}


def order(name: str, *supplies: str, **more: Any) -> JsonObject:
    lines: Any = [{"supply": supply, "nsn": None} for supply in supplies]
    found: JsonObject = {
        "order": name, "state": "received", "provider": "JP", "recipient": "KR", "on": "2012-05-01", "place": "KR",
        "activity": "joint_exercise", "facts": {**MET}, "lines": lines, "determinations": {}, "ledger": NOTHING,
    }  # fmt: skip
    return found | more


def asked_again(*orders: JsonObject, assume: tuple[str, ...] = ("acsa-jp-kr",)) -> Replayed:
    found, told = Replayed(assume), list[int]()
    reask(orders, "JP", packs(), found, told.append)
    assert sum(told) == found.orders
    return found


def flips(found: Replayed) -> dict[str | None, tuple[str, str]]:
    return {one.order: (one.before.verdict, one.after.verdict) for one in found.flips}


def test_one_line_that_is_not_permitted_makes_the_order_so() -> None:
    found = asked_again(order("whole", "fuel", "food"), order("part", "fuel", "weapons"), order("other", "water"))
    assert flips(found) == dict.fromkeys(("whole", "other"), ("not_permitted", "permitted"))
    assert (found.orders, found.touched, found.flipped) == (3, 3, 2)


def test_what_is_void_is_no_order_and_what_cannot_be_read_is_told() -> None:
    found = asked_again(
        order("void", "fuel", state="void"),
        order("odd", "fuel", facts={"weather": "fair"}),
        order("gone", "fuel", determinations={"JP": {"assumed": ["draft-of-yesterday"]}}),
        order("good", "fuel"),
        order("far", "fuel", recipient="AU"),
    )
    assert (found.orders, found.touched, found.as_json()["untouched"]) == (4, 1, 1)
    unread: Any = found.as_json()["unread"]
    assert [(one["order"], one["problem"]["check"]) for one in unread] == [
        ("odd", "fact-unknown"), ("gone", "instrument-unknown"),
    ]  # fmt: skip
    assert [*flips(found)] == ["good"]


def test_an_order_is_asked_with_what_its_own_document_assumed() -> None:
    theirs: Any = {"JP": {"assumed": ["acsa-jp-kr=ammunition_in"]}, "KR": {"assumed": []}}
    rounds = order("rounds", "ammunition", determinations=theirs)
    assert flips(asked_again(rounds)) == {"rounds": ("permitted", "not_permitted")}
    assert flips(asked_again(rounds, assume=("acsa-jp-kr=ammunition_in",))) == {}
    only: Any = {"KR": {"assumed": ["acsa-jp-kr=ammunition_in"]}}
    assert flips(asked_again(order("rounds", "ammunition", determinations=only))) == {
        "rounds": ("permitted", "not_permitted")
    }
