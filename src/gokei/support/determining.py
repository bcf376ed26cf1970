"""What the law is asked about an order, line by line, and what a document keeps of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gokei.journal.kinds import Desk
from gokei.support.bodies import Terms
from gokei.terms.json_types import JsonObject, JsonValue

_WORST_FIRST: Final = ("not_permitted", "undetermined", "permitted")


def question_of_line(
    order: Mapping[str, Any], supply: str, nsn: str | None, provider: str, recipient: str
) -> JsonObject:
    """One line of an order as a question. `order` has `facts`, `on`, `activity`, `place`."""
    question: JsonObject = {
        **dict(order["facts"]),
        "kind": "support",
        "on": order["on"],
        "provider": provider,
        "recipient": recipient,
        "activity": order["activity"],
        "place": order["place"],
        "supply": supply,
    }
    if nsn is not None:
        question["nsn"] = nsn
    return question


def determine_lines(desk: Desk, order: Mapping[str, Any], lines: Sequence[Any], assume: tuple[str, ...]) -> JsonObject:
    """The worst answer over the lines: one line that is not permitted makes the order so."""
    answers = [
        desk.determine(question_of_line(order, line.supply, line.nsn, order["provider"], order["recipient"]), assume)
        for line in lines
    ]
    return min(answers, key=lambda answer: _WORST_FIRST.index(str(answer["verdict"])))


def settle_terms(answer: JsonObject, methods: Sequence[str]) -> Terms:
    """The way an order is settled: the methods agreed, and the due date of the agreement's provision."""
    duties = answer["obligations"]
    settle = (
        [one for one in duties if isinstance(one, dict) and one.get("kind") == "settle"]
        if isinstance(duties, list)
        else []
    )
    dated = [one for one in settle if one.get("due")] or settle
    duty: JsonObject = dated[0] if dated else {}
    due: JsonValue = duty.get("due")
    return Terms.model_validate(
        {
            "methods": tuple(methods),
            "due": due,
            "due_from": "delivery" if due else None,
            "instrument": duty.get("instrument"),
            "provision": duty.get("provision"),
        }
    )
