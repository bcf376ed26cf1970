"""From what an officer typed to a whole document of a holding: the item's facts put in, the law asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from pydantic import BaseModel

from gokei.journal.bodies import LocalName, in_short, read_fields
from gokei.journal.frames import Frame, Strict
from gokei.journal.kinds import Desk, Draft, Prepared
from gokei.law.answers import agreement_of, refuse_unless
from gokei.registry import bodies
from gokei.registry.determining import (
    check_own_facts,
    grounds_of,
    question_of_access,
    question_of_item,
)
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.markings import nation_of
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

FAMILY: Final = "holding"


class ItemTyped(bodies.ItemFields):
    """What is typed of an item; it gets a number where it has none."""

    holding: LocalName | None = None


class AccessTyped(bodies.AccessFields):
    """What is typed of an access decision.

    The decision is itself the entry of the person in the register and the holder's written assurance about the person,
    so both are so unless the holder says otherwise.
    """

    on_register: bool = True
    assurances_recorded: bool = True


def prepare_item(draft: Draft, desk: Desk) -> Prepared:
    """An item, provided only if the owner's own law permits it. Raises BadInput or Refused (`law-…`)."""
    typed = read_fields(ItemTyped, draft.fields)
    if nation_of(typed.level) != draft.author:
        raise BadInput(
            check="marking-not-own",
            detail=N_("{level} is not a marking of {nation}."),
            next_step=N_("An item keeps the marking of the nation that owns it."),
            params={"level": typed.level, "nation": draft.author},
            field="level",
        )
    body = _plain(typed)
    body["holding"] = holding = typed.holding or desk.number(FAMILY)
    check_own_facts(typed.facts, question_of_item(draft.author, draft.reader, body | {"facts": {}}))
    answer = desk.determine(question_of_item(draft.author, draft.reader, body), draft.assume)
    refuse_unless(answer, ("permitted",), N_("State the missing facts in the document."))
    body["determination"] = in_short(answer)
    return Prepared(f"{FAMILY}:{holding}", _agreement(draft, answer), body, (), answer)


def prepare_receipt(draft: Draft, desk: Desk) -> Prepared:
    """A receipt, marked as the agreement allows, with the holder's own reading of the provision, whatever it is."""
    typed = read_fields(bodies.ReceiptFields, draft.fields)
    view = own_holding(desk, typed.holding, draft, "holder")
    _check_equivalent(view, typed.equivalent.code, draft, desk)
    body = _plain(typed) | {"level": view["level"]}
    item = view | {"channel": view["sent_through"]}
    answer = desk.determine(question_of_item(str(view["owner"]), str(view["holder"]), item), draft.assume)
    body["determination"] = in_short(answer)
    return _prepared(view, body, _answers(view, "item"), answer)


def prepare_remarking(draft: Draft, desk: Desk) -> Prepared:
    """The holder's marking for the owner's new level, as the agreement allows."""
    typed = read_fields(bodies.RemarkingFields, draft.fields)
    view = own_holding(desk, typed.holding, draft, "holder")
    _check_equivalent(view, typed.equivalent.code, draft, desk)
    return _prepared(view, _plain(typed) | {"level": view["level"]}, _answers(view, "reclassification"))


def prepare_access(draft: Draft, desk: Desk) -> Prepared:
    """Granted if and only if the holder's own law permits it; else refused, with the provision. Both are documents."""
    typed = read_fields(AccessTyped, draft.fields)
    view = own_holding(desk, typed.holding, draft, "holder")
    own: JsonObject = {"level": view["level"], "marked_on": view["marked_on"], "provided_purpose": view["purpose"]}
    body = _plain(typed) | own
    stated = question_of_access(str(view["owner"]), draft.author, body | {"facts": {}})
    settled = _facts_of_case(view, typed.purpose)
    check_own_facts(typed.facts, stated | settled, ("owner_consents", "written"))
    body["facts"] = {**typed.facts, **settled}
    answer = desk.determine(question_of_access(str(view["owner"]), draft.author, body), draft.assume)
    body["grounds"] = grounds_of(answer)
    body["decision"] = "granted" if answer["verdict"] == "permitted" else "refused"
    body["determination"] = in_short(answer)
    return _prepared(view, body, _answers(view, "item"), answer)


def _facts_of_case(view: JsonObject, purpose: str) -> JsonObject:
    """What the holding's documents settle beside its fields: the owner's consent to this very use."""
    for one in _list(view["consents"]):
        if isinstance(one, dict) and (one["action"], one["purpose"]) == ("use", purpose):
            return {"owner_consents": True, "written": True}
    return {}


def simple(model: type[BaseModel], role: Literal["owner", "holder"] | None) -> Callable[[Draft, Desk], Prepared]:
    """A document that says what was typed, in the case of its holding, by the owner, the holder, or either."""

    def prepare(draft: Draft, desk: Desk) -> Prepared:
        body = _plain(read_fields(model, draft.fields))
        view = own_holding(desk, str(body["holding"]), draft, role)
        return _prepared(view, body, _answers(view, None))

    return prepare


def judge_item(frame: Frame, body: BaseModel, desk: Desk) -> JsonObject | None:
    """The reader's own determination of an item that it is given."""
    if not isinstance(body, bodies.Item):
        return None
    return _judged(desk, question_of_item(frame.author, frame.reader, _plain(body)), body.determination.assumed)


def judge_access(frame: Frame, body: BaseModel, desk: Desk) -> JsonObject | None:
    """The owner's own determination of an access that the holder decided on."""
    if not isinstance(body, bodies.AccessDecision):
        return None
    return _judged(desk, question_of_access(frame.reader, frame.author, _plain(body)), body.determination.assumed)


def _judged(desk: Desk, question: JsonObject, assumed: tuple[str, ...]) -> JsonObject | None:
    try:
        return desk.determine(question, assumed)
    except BadInput:
        # The partner's document states facts that this node's vocabulary refuses: the fold shows it, the law is silent.
        return None


def own_holding(desk: Desk, holding: str, draft: Draft, role: Literal["owner", "holder"] | None) -> JsonObject:
    """The holding as folded, for a nation in that role. Raises Refused (`holding-unknown`, `wrong-party`)."""
    view = desk.view("registry", f"{FAMILY}:{holding}")
    if view is None or view["state"] == "void":
        raise Refused(
            check="holding-unknown",
            detail=N_("There is no holding {holding} with this partner."),
            next_step=N_("List the holdings: gokei list DIR holdings"),
            params={"holding": holding},
            field="holding",
        )
    if role is not None and view[role] != draft.author:
        raise Refused(
            check="wrong-party",
            detail=N_("{type} of {holding} is for {nation} to write."),
            params={"type": draft.type, "holding": holding, "nation": str(view[role])},
        )
    return view


def _check_equivalent(view: JsonObject, code: str, draft: Draft, desk: Desk) -> None:
    level, agreement = str(view["level"]), str(view["agreement"])
    marked = str(view["marked_on"] or view["on"])
    valid = desk.equivalents(agreement, level, draft.author, marked)
    if code in valid:
        return
    detail = N_("{agreement} makes {level} equal to {valid}, not to {code}.")
    none = N_("{agreement} makes no marking of {nation} equal to {level}.")
    raise Refused(
        check="equivalent-not-valid",
        detail=detail if valid else none,
        next_step=N_("Choose one of these markings; the officer who chooses is named beside it.") if valid else "",
        params={
            "agreement": agreement, "level": level, "valid": ", ".join(valid), "code": code, "nation": draft.author,
        },
        who="law",
        instrument=agreement,
        field="equivalent.code",
    )  # fmt: skip


def _agreement(draft: Draft, answer: JsonObject) -> str:
    """The agreement that the answer rests on; the one named must be it."""
    found = agreement_of(answer) or "none"
    if draft.agreement not in {None, found}:
        raise Refused(
            check="agreement-differs",
            detail=N_("The answer rests on {found}, not on {named}."),
            next_step=N_("Name the agreement that allows it, or leave it out."),
            params={"found": found, "named": str(draft.agreement)},
            instrument=found,
            field="agreement",
        )
    return found


def _prepared(view: JsonObject, body: JsonObject, re: tuple[str, ...], answer: JsonObject | None = None) -> Prepared:
    return Prepared(str(view["case"]), str(view["agreement"]), body, re, answer)


def _answers(view: JsonObject, type_name: str | None) -> tuple[str, ...]:
    """The newest effective document of that type, or of any: what the draft answers."""
    found = [
        str(one["hash"])
        for one in _list(view["documents"])
        if isinstance(one, dict) and one["void"] is None and type_name in {None, one["type"]}
    ]
    return tuple(found[-1:])


def _plain(body: Strict | BaseModel) -> JsonObject:
    found: JsonObject = body.model_dump(mode="json", by_alias=True)
    return found


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
