"""What the law is asked about an order, line by line, and what a document keeps of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gokei.journal.kinds import Desk
from gokei.support.bodies import Terms
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import Refused
from gokei.terms.words import N_

WORST_FIRST: Final = ("not_permitted", "undetermined", "permitted")


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
    return min(answers, key=lambda answer: WORST_FIRST.index(str(answer["verdict"])))


def settle_terms(answer: JsonObject, methods: Sequence[str]) -> Terms:
    """The way an order is settled: the methods agreed, and the due date of the provision that speaks of them.

    Raises Refused (`method-not-allowed`) for a method that no provision of the agreement allows.
    """
    duties = answer["obligations"]
    found = [one for one in duties if isinstance(one, dict)] if isinstance(duties, list) else []
    settle = [(one, _methods(one)) for one in found if one.get("kind") == "settle"]
    allowed = {method for _, some in settle for method in some}
    other = next((method for method in methods if allowed and method not in allowed), None)
    if other is not None:
        raise Refused(
            check="method-not-allowed",
            detail=N_("The agreement does not let this be settled so: {method}."),
            next_step=N_("Settle it in a way that the agreement names, or order the lines apart."),
            params={"method": other},
            who="law",
            instrument=str(settle[0][0]["instrument"]),
            provision=str(settle[0][0]["provision"]),
        )
    speaking = [one for one, some in settle if not some or some & {*methods}] or [one for one, _ in settle]
    dated = [one for one in speaking if one.get("due") and one.get("from", "delivery") == "delivery"] or speaking
    duty: JsonObject = dated[0] if dated else {}
    due: JsonValue = duty.get("due") if duty.get("from", "delivery") == "delivery" else None
    return Terms.model_validate(
        {
            "methods": tuple(methods),
            "due": due,
            "due_from": "delivery" if due else None,
            "instrument": duty.get("instrument"),
            "provision": duty.get("provision"),
        }
    )


def _methods(duty: JsonObject) -> set[str]:
    methods = duty.get("methods")
    return {str(one) for one in methods} if isinstance(methods, list) else set()
