"""What the law is asked about a holding, and what a document keeps of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gokei.law.answers import deciding
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from gokei.terms.words import N_


def question_of_item(owner: str, recipient: str, item: Mapping[str, Any]) -> JsonObject:
    """Whether `owner` may provide the item. `item` has the fields of an item document (see registry.bodies)."""
    question: JsonObject = {
        **dict(item["facts"]),
        "kind": "information",
        "action": "provide",
        "on": item["on"],
        "owner": owner,
        "recipient": recipient,
        "level": item["level"],
        "marked_on": item["marked_on"],
        "channel": item["channel"],
        "purpose": item["purpose"],
        "provided_purpose": item["purpose"],
        # An item always asks for its receipt: the holding waits for it on both sides.
        "receipt_expected": True,
    }
    if item["assurances"] is not None:
        question["assurances_recorded"] = True
    return _stated(question)


def question_of_access(owner: str, holder: str, access: Mapping[str, Any]) -> JsonObject:
    """Whether the holder's officer may see a copy. `access` has the fields of an access decision, its facts whole."""
    asked = (
        "on", "level", "marked_on", "clearance", "clearance_until", "need_to_know", "on_register",
        "assurances_recorded", "purpose", "provided_purpose",
    )  # fmt: skip
    return _stated(
        {
            **dict(access["facts"]),
            "kind": "information",
            "action": "access",
            "owner": owner,
            "holder": holder,
            "actor": holder,
            **{name: access[name] for name in asked},
        }
    )


def _stated(question: JsonObject) -> JsonObject:
    return {name: value for name, value in question.items() if value is not None}


def check_own_facts(facts: Iterable[str], question: JsonObject, more: Iterable[str] = ()) -> None:
    """Facts that the document itself states cannot be stated beside it. Raises BadInput (`fact-stated`)."""
    stated = {*question, *more}
    for name in facts:
        if name in stated:
            raise BadInput(
                check="fact-stated",
                detail=N_("{field} follows from the document itself; it is not stated among its facts."),
                next_step=N_("Leave it out of the facts."),
                params={"field": name},
                field=f"facts.{name}",
            )


def grounds_of(answer: JsonObject) -> JsonObject:
    """Why: verdict, ground, the provision that decides (or stays open), and the facts that are missing."""
    cited = deciding(answer)
    return {
        "verdict": answer["verdict"],
        "ground": answer["ground"],
        "instrument": cited.get("instrument"),
        "provision": cited.get("provision"),
        "missing": answer["missing"],
    }
