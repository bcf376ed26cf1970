"""The fold of a holding: each document moves it or is void, with the reason, for both nations alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gokei.journal.entries import Entry, Void
from gokei.journal.kinds import CaseView
from gokei.registry.bodies import (
    AccessDecision,
    Destruction,
    Incident,
    Item,
    ItemReceipt,
    ItemReturn,
    ItemReturnReceipt,
    Reclassification,
    ReleaseConsent,
    Remarking,
)
from gokei.registry.state import Copy, HoldingState
from gokei.terms.json_types import JsonObject
from gokei.terms.markings import nation_of
from gokei.terms.words import N_

FAMILY: Final = "holding"
Step = Callable[[HoldingState, Entry, Any], "Void | None"]
_LOSABLE: Final = frozenset({"provided", "held", "returning"})


def fold_holding(case: str, entries: Sequence[Entry]) -> CaseView:
    """The holding after its documents, in causal order. The view's shape: docs/reference/documents-registry.md."""
    state = HoldingState(case, case.partition(":")[2])
    for entry in entries:
        void = entry.void or _step(state, entry)
        if void is not None:
            state.void[entry.hash] = void
        state.documents.append(entry.listed(void))
    return CaseView("registry", FAMILY, case, state.view(), state.void)


def _step(state: HoldingState, entry: Entry) -> Void | None:
    step = STEPS.get(entry.frame.type)
    body = entry.body
    if step is None or body is None or getattr(body, "holding", None) != state.holding:
        return Void("holding-differs", N_("The document names another holding than its case."))
    if isinstance(body, Item):
        return _item(state, entry, body)
    if state.item is None:
        return Void("holding-unknown", N_("No item {holding} was provided."), {"holding": state.holding})
    role = ROLES.get(entry.frame.type)
    if role is not None and entry.author != getattr(state, role):
        return Void("wrong-party", N_("The document is not this nation's to write."))
    day = str(getattr(body, "received_on", None) or getattr(body, "on", ""))
    if day < state.item.on:
        return Void("day-before-item", N_("{day} is before the item was provided."), {"day": day})
    return step(state, entry, body)


def _item(state: HoldingState, entry: Entry, body: Item) -> Void | None:
    if state.item is not None:
        return Void("holding-exists", N_("The holding {holding} exists already."), {"holding": state.holding})
    if nation_of(body.level) != entry.author:
        return Void("marking-not-own", N_("{level} is not a marking of {nation}."), _marking(body.level, entry.author))
    if body.determination.verdict != "permitted":
        return Void("law-not-permitted", N_("The author's own determination does not permit it."))
    state.item, state.owner, state.holder = body, entry.author, entry.frame.reader
    state.agreement = entry.frame.agreement
    state.levels.append((entry, body.level))
    state.copies = {number: Copy(number, "provided", entry.author, entry.hash) for number in body.copies}
    state.determinations[entry.author] = body.determination.model_dump(mode="json")
    return None


def _receipt(state: HoldingState, entry: Entry, body: ItemReceipt) -> Void | None:
    if all(one.state != "provided" for one in state.copies.values()):
        return Void("receipt-exists", N_("Every copy was signed for already."))
    wrong = _copies_not(state, body.copies, "provided") or _wrong_marking(state, entry, body)
    if wrong:
        return wrong
    for number in body.copies:
        state.copies[number].move("held", state.holder, entry.hash)
    state.marked = body
    state.register_entries.append(
        {
            "entry": body.register_entry,
            "received_on": body.received_on,
            "copies": [*body.copies],
            "document": entry.hash,
        }
    )
    state.determinations[entry.author] = body.determination.model_dump(mode="json")
    return None


def _remarking(state: HoldingState, entry: Entry, body: Remarking) -> Void | None:
    if state.marked is None:
        return Void("receipt-missing", N_("The item was not signed for yet; the receipt states the marking."))
    wrong = _wrong_marking(state, entry, body)
    if wrong:
        return wrong
    state.marked = body
    return None


def _wrong_marking(state: HoldingState, entry: Entry, body: ItemReceipt | Remarking) -> Void | None:
    """The holder marks in its own levels, for the level of the owner that it knew of."""
    code = body.equivalent.code
    if nation_of(code) != state.holder:
        return Void("marking-not-own", N_("{level} is not a marking of {nation}."), _marking(code, state.holder))
    if body.level != state.level_known(entry):
        return _differs("level")
    return None


def _access(state: HoldingState, entry: Entry, body: AccessDecision) -> Void | None:
    item = state.item
    if item is None or body.provided_purpose != item.purpose:
        return _differs("purpose")
    if body.marked_on != item.marked_on:
        return _differs("marked_on")
    if body.level != state.level_known(entry):
        return _differs("level")
    if (body.decision == "granted") is not (body.grounds.verdict == body.determination.verdict == "permitted"):
        return Void("decision-differs", N_("The decision is not what the author's own determination says."))
    if body.facts.get("owner_consents") is True and not state.consented_use(entry, body.purpose):
        return Void("consent-missing", N_("The owner did not consent to this use."))
    wrong = _copies_not(state, (body.copy_number,), "held")
    if wrong:
        return wrong
    grounds: JsonObject = body.grounds.model_dump(mode="json")
    state.access.append(
        {
            "person": body.person,
            "rank": body.rank,
            "copy": body.copy_number,
            "on": body.on,
            "purpose": body.purpose,
            "level": body.level,
            "decision": body.decision,
            **grounds,
            "document": entry.hash,
        }
    )
    return None


def _consent(state: HoldingState, entry: Entry, body: ReleaseConsent) -> Void | None:
    if body.release_to in {state.owner, state.holder}:
        return Void("consent-needless", N_("The owner and the holder are no third party."))
    state.granting.append((entry, body.action, body.purpose))
    state.consents.append(body.model_dump(mode="json", exclude={"holding"}) | {"document": entry.hash})
    return None


def _reclassification(state: HoldingState, entry: Entry, body: Reclassification) -> Void | None:
    if nation_of(body.level) != state.owner:
        return Void("marking-not-own", N_("{level} is not a marking of {nation}."), _marking(body.level, state.owner))
    if body.level == state.level:
        return Void("level-same", N_("The item has the level {level} already."), {"level": body.level})
    state.levels.append((entry, body.level))
    return None


def _return(state: HoldingState, entry: Entry, body: ItemReturn) -> Void | None:
    return _move(state, entry, body.copies, ("held", "returning", state.holder))


def _return_receipt(state: HoldingState, entry: Entry, body: ItemReturnReceipt) -> Void | None:
    return _move(state, entry, body.copies, ("returning", "returned", state.owner))


def _destruction(state: HoldingState, entry: Entry, body: Destruction) -> Void | None:
    return _move(state, entry, body.copies, ("held", "destroyed", state.holder))


def _move(state: HoldingState, entry: Entry, copies: Sequence[int], step: tuple[str, str, str]) -> Void | None:
    """Copies from one state to the next, at a nation; none moves unless all can."""
    wanted, becomes, where = step
    wrong = _copies_not(state, copies, wanted)
    if wrong:
        return wrong
    for number in copies:
        state.copies[number].move(becomes, where, entry.hash)
    return None


def _incident(state: HoldingState, entry: Entry, body: Incident) -> Void | None:
    """Word of a loss is never void for where a copy stands: what is returned or destroyed meanwhile stays so."""
    unknown = _unknown_copy(state, body.copies)
    if unknown:
        return unknown
    found: JsonObject = body.model_dump(mode="json", exclude={"holding"})
    found |= {"nation": entry.author, "document": entry.hash, "open": body.follows is None}
    if body.follows is not None:
        followed = state.incidents.get(body.follows)
        if followed is None or followed["kind"] == "findings":
            return Void("incident-unknown", N_("There is no such incident of this holding."))
        wrong = _copies_not(state, body.copies, "lost")
        if wrong:
            return wrong
        followed["open"] = False
    for number in body.copies:
        copy = state.copies[number]
        if body.kind == "loss" and copy.state in _LOSABLE:
            copy.move("lost", copy.where, entry.hash)
        elif body.kind == "findings":
            copy.move("held" if copy.where == state.holder else "provided", copy.where, entry.hash)
    state.incidents[entry.hash] = found
    return None


def _copies_not(state: HoldingState, copies: Sequence[int], wanted: str) -> Void | None:
    unknown = _unknown_copy(state, copies)
    if unknown:
        return unknown
    for number in copies:
        found = state.copies[number].state
        if found != wanted:
            return Void(
                "copy-state",
                N_("Copy {copy} is {state}; this needs it {wanted_state}."),
                {"copy": str(number), "state": found, "wanted_state": wanted},
            )
    return None


def _unknown_copy(state: HoldingState, copies: Sequence[int]) -> Void | None:
    for number in copies:
        if number not in state.copies:
            return Void("copy-unknown", N_("The holding has no copy {copy}."), {"copy": str(number)})
    return None


def _differs(field: str) -> Void:
    return Void("item-differs", N_("The document states {field} otherwise than the item."), {"field": field})


def _marking(level: str, nation: str) -> dict[str, str]:
    return {"level": level, "nation": nation}


ROLES: Final[Mapping[str, str]] = {
    "item_receipt": "holder",
    "remarking": "holder",
    "access_decision": "holder",
    "release_consent": "owner",
    "reclassification": "owner",
    "item_return": "holder",
    "item_return_receipt": "owner",
    "destruction": "holder",
}
STEPS: Final[Mapping[str, Step]] = {
    "item": _item,
    "item_receipt": _receipt,
    "remarking": _remarking,
    "access_decision": _access,
    "release_consent": _consent,
    "reclassification": _reclassification,
    "item_return": _return,
    "item_return_receipt": _return_receipt,
    "destruction": _destruction,
    "incident": _incident,
}
