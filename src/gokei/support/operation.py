"""Operations: one activity in the world, stated once; a later statement by the same nation takes its place."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from gokei.journal.bodies import read_fields
from gokei.journal.entries import Entry, Void
from gokei.journal.kinds import CaseView, Desk, Draft, Prepared
from gokei.law.answers import agreement_of
from gokei.support.bodies import Operation
from gokei.terms.dates import parse_date
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.question import read_question
from gokei.terms.words import N_

FAMILY: Final = "operation"


def fold_operation(case: str, entries: Sequence[Entry]) -> CaseView:
    """The operation as its first author last stated it."""
    view: JsonObject = {"case": case, "operation": case.partition(":")[2], "state": "void", "next": []}
    void: dict[str, Void] = {}
    author: str | None = None
    documents: list[JsonValue] = []
    for entry in entries:
        reason = entry.void
        if reason is None and (not isinstance(entry.body, Operation) or entry.body.operation != view["operation"]):
            reason = Void("operation-differs", N_("The document names another operation than its case."))
        if reason is None and author not in {None, entry.author}:
            reason = Void("operation-exists", N_("The partner stated this operation; only it can state it anew."))
        if reason is None and isinstance(entry.body, Operation):
            author = entry.author
            view |= entry.body.model_dump(mode="json")
            view |= {"state": "stated", "author": author, "agreement": entry.frame.agreement}
        if reason is not None:
            void[entry.hash] = reason
        documents.append(
            {"hash": entry.hash, "type": entry.frame.type, "author": entry.author, "sequence": entry.sequence,
             "void": reason.as_json() if reason else None}
        )  # fmt: skip
    return CaseView("support", FAMILY, case, view | {"documents": documents}, void)


def prepare_operation(draft: Draft, desk: Desk) -> Prepared:
    """Give it a number where it has none, and check its days and facts. Raises BadInput (`operation-…`, `fact-…`)."""
    fields = dict(draft.fields)
    fields.setdefault("operation", desk.number(FAMILY))
    operation = read_fields(Operation, fields)
    starts, ends = parse_date(operation.starts, "starts"), parse_date(operation.ends, "ends")
    if ends < starts:
        raise BadInput(
            check="operation-days",
            detail=N_("The operation ends before it starts."),
            next_step=N_("Correct the first or the last day."),
            field="ends",
        )
    question = question_of_operation(operation.model_dump(mode="json"), draft.reader, draft.author, starts)
    read_question(question)
    agreement = draft.agreement or agreement_of(desk.determine(question, draft.assume)) or "none"
    return Prepared(f"{FAMILY}:{operation.operation}", agreement, operation.model_dump(mode="json"))


def question_of_operation(operation: JsonObject, provider: str, recipient: str, on: datetime.date) -> JsonObject:
    """What the law is asked of an operation alone."""
    facts = operation["facts"]
    return {
        **(facts if isinstance(facts, dict) else {}),
        "kind": "support",
        "on": on.isoformat(),
        "provider": provider,
        "recipient": recipient,
        "activity": operation["activity"],
        "place": operation["place"],
    }
