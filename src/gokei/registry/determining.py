"""What the law is asked about a holding, and what a document keeps of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput, Refused
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
    cited = _cited(answer)
    return {
        "verdict": answer["verdict"],
        "ground": answer["ground"],
        "instrument": cited.get("instrument"),
        "provision": cited.get("provision"),
        "missing": answer["missing"],
    }


def refuse_unless_permitted(answer: JsonObject) -> None:
    """Raise Refused (`law-not-permitted`, `law-undetermined`), citing instrument and provision."""
    verdict = str(answer["verdict"])
    if verdict == "permitted":
        return
    cited = _cited(answer)
    missing = answer["missing"]
    names = ", ".join(str(name) for name in missing) if isinstance(missing, list) else ""
    if verdict == "not_permitted":
        check, detail = "law-not-permitted", N_("The law does not permit it: {ground}.")
        next_step = N_("Ask the law to see every provision that makes it so: gokei ask")
    elif names:
        check, detail = "law-undetermined", N_("The law cannot say yet whether it is permitted; it needs: {missing}.")
        next_step = N_("State the missing facts in the document.")
    else:
        check = "law-undetermined"
        detail = N_("The law cannot say whether it is permitted: a provision is undecided.")
        next_step = N_("Ask the law to see every provision that makes it so: gokei ask")
    raise Refused(
        check=check,
        detail=detail,
        next_step=next_step,
        params={"ground": str(answer["ground"]), "missing": names},
        who="law",
        instrument=cited.get("instrument"),
        provision=cited.get("provision"),
    )


def agreement_of(answer: JsonObject) -> str | None:
    """The agreement that an answer rests on: of its basis, else of what it leaves open; never a national law."""
    for part in ("basis", "undecided", "because"):
        for one in _objects(answer[part]):
            if not str(one["instrument"]).startswith("law-"):
                return str(one["instrument"])
    return None


def _cited(answer: JsonObject) -> dict[str, str]:
    """The provision that decides; of an open answer the first that is open itself."""
    parts = [one for name in ("basis", "because") for one in _objects(answer[name])]
    if answer["verdict"] == "undetermined":
        still_open = [one for one in _objects(answer["because"]) if one["truth"] == "unknown"]
        parts = [*_objects(answer["undecided"]), *still_open, *parts]
    return {name: str(parts[0][name]) for name in ("instrument", "provision")} if parts else {}


def _objects(value: JsonValue) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
