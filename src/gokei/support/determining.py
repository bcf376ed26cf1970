"""What the law is asked about an order, line by line, and what a document keeps of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gokei.journal.kinds import Desk
from gokei.support.bodies import Terms
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import Refused
from gokei.terms.words import N_

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


def refuse_unless(answer: JsonObject, verdicts: Sequence[str]) -> None:
    """Raise Refused, citing instrument and provision, unless the verdict is one of those."""
    verdict = str(answer["verdict"])
    if verdict in verdicts:
        return
    cited = _cited(answer)
    if verdict == "not_permitted":
        raise Refused(
            check="law-not-permitted",
            detail=N_("The law does not permit it: {ground}."),
            next_step=N_("Ask the law to see every provision that makes it so: gokei ask"),
            params={"ground": str(answer["ground"])},
            who="law",
            instrument=cited.get("instrument"),
            provision=cited.get("provision"),
        )
    missing = answer["missing"]
    names = ", ".join(str(name) for name in missing) if isinstance(missing, list) else ""
    detail = N_("The law cannot say yet whether it is permitted; it needs: {missing}.")
    raise Refused(
        check="law-undetermined",
        detail=detail if names else N_("The law cannot say whether it is permitted: a provision is undecided."),
        next_step=N_("State the missing facts in the operation or the order."),
        params={"missing": names},
        who="law",
        instrument=cited.get("instrument"),
        provision=cited.get("provision"),
    )


def _cited(answer: JsonObject) -> dict[str, str]:
    for part in ("undecided", "basis", "because"):
        found = answer[part]
        if isinstance(found, list) and found and isinstance(found[0], dict):
            return {name: str(found[0][name]) for name in ("instrument", "provision")}
    return {}


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
