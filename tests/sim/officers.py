"""What the officers of Australia and Japan do: the life of orders, with reasonable and unreasonable choices."""

from __future__ import annotations

from random import Random
from typing import Any

from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.nations import F76, FACTS, line

Document = dict[str, Any]


def operation(chance: Random, node: Node, partner: str) -> Document:
    facts = dict(FACTS) if chance.random() < 0.8 else _some_facts(chance)
    return {
        "type": "operation", "agreement": f"acsa-jp-{'us-1996' if 'US' in (node.nation, partner) else 'au-2017'}",
        "operation": f"OP{chance.randrange(4)}", "name": "Exercise", "activity": "joint_exercise", "place": "AU",
        "starts": "2017-09-01", "ends": "2017-09-30", "forces": sorted((node.nation, partner)), "facts": facts,
    }  # fmt: skip


def _some_facts(chance: Random) -> dict[str, bool | str]:
    """None of the facts that the law asks for, or all but one or two."""
    kept = chance.sample(sorted(FACTS), chance.choice((0, len(FACTS) - 2, len(FACTS) - 1)))
    return {name: FACTS[name] for name in sorted(kept)}


def request(chance: Random, node: Node, partner: str) -> Document:
    known = [view["operation"] for view in node.list("operations") if view["partner"] == partner]
    taken = {view["order"] for view in node.list("orders")}
    free = [name for name in (f"{node.nation}-{number}" for number in range(2 * ORDERS)) if name not in taken]
    return {
        "type": "request", "order": chance.choice(free) if free else _order(chance, node.nation),
        "operation": chance.choice(known) if known else f"OP{chance.randrange(4)}",
        "on": "2017-09-07", "lines": [line(_amount(chance), supply="fuel", nsn=F76, description="F-76")],
    }  # fmt: skip


def offer(chance: Random, node: Node, partner: str) -> Document:
    return {
        "type": "offer", "order": _order(chance, partner), "methods": ["replacement_in_kind", "payment"],
        "valid_until": "2017-09-30", "lines": [line(_amount(chance), unit_price="72000", currency="JPY")],
    }  # fmt: skip


def order(chance: Random, node: Node, partner: str) -> Document:
    return {"type": "order", "order": _order(chance, partner)}


def countersignature(chance: Random, node: Node, partner: str) -> Document:
    return {"type": "countersignature", "order": _order(chance, node.nation)}


def cancellation(chance: Random, node: Node, partner: str) -> Document:
    whose = chance.choice((node.nation, partner))
    return {"type": "cancellation", "order": _order(chance, whose), "reason": "weather"}


def delivery(chance: Random, node: Node, partner: str) -> Document:
    return {
        "type": "delivery", "order": _order(chance, partner), "delivered_on": "2017-09-08",
        "lines": [line(_amount(chance))],
    }  # fmt: skip


def receipt(chance: Random, node: Node, partner: str) -> Document:
    found = node.list("documents", {"type": "delivery"})
    one = chance.choice(found) if found else {"hash": "sha256:" + "0" * 64, "case": "order:X"}
    short = {"discrepancy": {"reason": "metered on board", "code": "short"}}
    return {
        "type": "receipt", "order": str(one["case"]).partition(":")[2], "delivery": one["hash"],
        "lines": [line("11.4", **short) if chance.random() < 0.5 else line("12")],
    }  # fmt: skip


def claim(chance: Random, node: Node, partner: str) -> Document:
    return {"type": "claim", "order": _order(chance, partner)}


def settlement(chance: Random, node: Node, partner: str) -> Document:
    found = node.list("claims")
    one: JsonObject = chance.choice(found) if found else {"claim": "none", "order": "none"}
    amount = chance.choice(("820800", "864000", "1000"))
    part = {
        "method": "payment",
        "amount": amount,
        "currency": "JPY",
        "reference": f"BOJ-{chance.randrange(9)}",
        "line": 1,
    }
    return {"type": "settlement", "order": one["order"], "claim": one["claim"], "parts": [part]}


CHOICES = (
    operation, operation, request, request, offer, offer, order, order, countersignature, countersignature, delivery,
    delivery, receipt, receipt, claim, settlement, cancellation
)  # fmt: skip
FOLLOWING = {
    "offer": offer, "order": order, "countersignature": countersignature, "delivery": delivery, "receipt": receipt,
    "claim": claim, "settlement": settlement,
}  # fmt: skip
ORDERS = 5
LIFE = (*FOLLOWING,)
SENSIBLE = 0.85
NAMED = "order", "delivery", "settlement", "claim"


def document(chance: Random, node: Node, partner: str, sensible: float = SENSIBLE) -> Document:
    """Something to sign, to that partner: mostly what is next in an order, sometimes anything at all."""
    if chance.random() < sensible:
        found = _next(chance, node, partner)
        if found is not None:
            return found | {"to": partner}
    return chance.choice(CHOICES)(chance, node, partner) | {"to": partner}


def _next(chance: Random, node: Node, partner: str) -> Document | None:
    """What waits for this nation in a case with that partner; where nothing does, something new."""
    views = node.list("orders")
    waiting: list[Any] = [
        one
        for view in views
        if view["partner"] == partner
        for one in view["next"]  # type: ignore[union-attr]
        if one["nation"] == node.nation
    ]
    if not waiting or chance.random() < 0.1:
        if sum(view["partner"] == partner for view in views) >= ORDERS:
            return None
        known = any(view["partner"] == partner for view in node.list("operations"))
        return (request if known else operation)(chance, node, partner)
    forward = [one for one in waiting if one["type"] in FOLLOWING]
    if forward and chance.random() < 0.7:
        # What is furthest along comes first: so that orders reach their end, money and all.
        furthest = max(LIFE.index(one["type"]) for one in forward)
        waiting = [one for one in forward if LIFE.index(one["type"]) == furthest]
    one = chance.choice(waiting)
    named = {name: one[name] for name in NAMED if name in one}
    if one["type"] in FOLLOWING:
        return FOLLOWING[one["type"]](chance, node, partner) | named | {"type": one["type"]}
    reason = {"reason": "as agreed"} if "refusal" in one["type"] else {}
    return {"type": one["type"]} | reason | named


def _order(chance: Random, nation: str) -> str:
    return f"{nation}-{chance.randrange(ORDERS)}"


def _amount(chance: Random) -> str:
    return chance.choice(("12",) * 10 + ("6", "0.5"))
