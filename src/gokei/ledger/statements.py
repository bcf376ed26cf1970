"""Statements of account: one nation's reading of the ledger at a cut, which the other accepts when its own is equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gokei.journal.bodies import Day, LocalName, read_fields
from gokei.journal.entries import Entry, Void
from gokei.journal.frames import Hash, Strict
from gokei.journal.kinds import CaseView, Desk, Draft, Prepared
from gokei.ledger.accounts import balances
from gokei.ledger.bodies import Statement, StatementAcceptance
from gokei.terms.canonical import digest
from gokei.terms.dates import parse_date
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import Refused
from gokei.terms.words import N_

FAMILY: Final = "account"


class StatementFields(Strict):
    """What is typed of a statement: its day; a number where it gets a name of its own."""

    statement: LocalName | None = None
    as_of: Day | None = None


class AcceptanceFields(Strict):
    """What is typed to accept a statement."""

    statement: LocalName | Hash


def fold_statement(case: str, entries: Sequence[Entry]) -> CaseView:
    """A statement and whether the partner found the same account."""
    view: JsonObject = {"case": case, "statement": case.partition(":")[2], "state": "void", "next": []}
    void: dict[str, Void] = {}
    documents: list[JsonValue] = []
    for entry in entries:
        reason = entry.void or _step(view, entry)
        if reason is not None:
            void[entry.hash] = reason
        documents.append({"hash": entry.hash, "type": entry.frame.type, "author": entry.author})
    return CaseView("ledger", FAMILY, case, view | {"documents": documents}, void)


def _step(view: JsonObject, entry: Entry) -> Void | None:
    body = entry.body
    if isinstance(body, Statement):
        if view["state"] != "void":
            return Void("statement-exists", N_("The statement exists already."))
        view.update(body.model_dump(mode="json"))
        view.update({"state": "stated", "author": entry.author, "hash": entry.hash})
        view["next"] = [{"nation": entry.frame.reader, "type": "statement_acceptance", "statement": body.statement}]
        return None
    if isinstance(body, StatementAcceptance):
        if view["state"] != "stated" or body.of != view["hash"] or entry.author == view["author"]:
            return Void("statement-unknown", N_("There is no such statement for this nation to accept."))
        view.update({"state": "accepted", "accepted_by": entry.author, "next": []})
        return None
    return Void("statement-unknown", N_("There is no such statement for this nation to accept."))


def prepare_statement(draft: Draft, desk: Desk) -> Prepared:
    """The account as this nation's fold gives it. Raises Refused (`statement-pending`) where no cut covers it."""
    typed = read_fields(StatementFields, draft.fields)
    as_of = parse_date(typed.as_of or draft.today.isoformat(), "as_of").isoformat()
    name = typed.statement or desk.number(FAMILY)
    cut = desk.cut()
    if cut is None or not desk.settled():
        raise Refused(
            check="statement-pending",
            detail=N_("Some documents are not yet covered by a cut; an account stands on one."),
            next_step=N_("Exchange with the partner first: gokei sync DIR PARTNER"),
        )
    body = _account(desk) | {
        "statement": name,
        "as_of": as_of,
        "documents": dict(sorted(((draft.author, cut[0]), (draft.reader, cut[1])))),
    }
    return Prepared(f"{FAMILY}:{name}", draft.agreement or "account", body)


def prepare_acceptance(draft: Draft, desk: Desk) -> Prepared:
    """The partner's statement accepted, if this nation's fold gives the same. Raises Refused (`statement-…`)."""
    typed = read_fields(AcceptanceFields, draft.fields)
    view = desk.view("ledger", f"{FAMILY}:{typed.statement}")
    if view is None:
        view = next((one for one in desk.views("ledger") if one.get("hash") == typed.statement), None)
    if view is None or view["state"] != "stated":
        raise Refused(check="statement-unknown", detail=N_("There is no such statement for this nation to accept."))
    if _account(desk)["digest"] != view["digest"]:
        raise Refused(
            check="statement-differs",
            detail=N_("The partner's statement is not what this nation's ledger gives."),
            next_step=N_("Compare the balances of both, then exchange documents again."),
        )
    name = str(view["statement"])
    body: JsonObject = {"statement": name, "of": str(view["hash"])}
    return Prepared(f"{FAMILY}:{name}", draft.agreement or "account", body, (str(view["hash"]),))


def _account(desk: Desk) -> JsonObject:
    orders = [view for view in desk.views("ledger") if str(view["case"]).startswith("order:")]
    found = balances(orders)
    return {
        "balances": found["owed"],
        "claims": found["claims"],
        "open_claims": found["open_claims"],
        "digest": digest([*orders]),
    }
