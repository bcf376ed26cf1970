"""The fold of an instrument's public record: the standing of each report follows from what was said to it.

A standing is a word about a statement. It never enters a determination: the law reads instruments, not the press.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from gokei.dossier.bodies import Answer, Confirmation, Correction, CorrectionRequest, Denial, Report
from gokei.journal.entries import Entry, Void
from gokei.journal.kinds import CaseView
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.words import N_

FAMILY: Final = "instrument"


@dataclass(slots=True)
class ReportState:
    """One report and what was said to it. `words` is the last word, denial or confirmation, of each that spoke."""

    hash: str
    number: int
    author: str
    body: Report
    words: dict[str, str] = field(default_factory=dict)
    asked: str | None = None
    corrected: bool = False
    history: list[JsonObject] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """`disputed` where one confirms what another denies, asks to correct, or corrects; else what came of it."""
        denied, confirmed = "denial" in self.words.values(), "confirmation" in self.words.values()
        if confirmed:
            return "disputed" if denied or self.corrected or self.asked else "confirmed"
        if self.corrected:
            return "corrected"
        if self.asked:
            return "correction_requested"
        return "denied" if denied else "reported"

    def as_json(self) -> JsonObject:
        """The report, its standing and its history, in causal order."""
        stated: JsonObject = self.body.model_dump(mode="json", exclude={"instrument"})
        history: list[JsonValue] = [*self.history]
        return {
            "hash": self.hash, "number": self.number, "author": self.author, **stated, "standing": self.standing,
            "history": history,
        }  # fmt: skip


def fold_record(case: str, entries: Sequence[Entry]) -> CaseView:
    """The public record of one instrument. The view's shape: docs/reference/documents-dossier.md."""
    instrument = case.partition(":")[2]
    reports: dict[str, ReportState] = {}
    void: dict[str, Void] = {}
    documents: list[JsonValue] = []
    for entry in entries:
        reason = entry.void or _step(instrument, reports, entry)
        if reason is not None:
            void[entry.hash] = reason
        documents.append(
            {
                "hash": entry.hash,
                "type": entry.frame.type,
                "author": entry.author,
                "sequence": entry.sequence,
                "offices": [*entry.frame.offices],
                "void": reason.as_json() if reason else None,
            }
        )
    view: JsonObject = {
        "case": case,
        "instrument": instrument,
        "reports": [one.as_json() for one in reports.values()],
        "documents": documents,
        "next": [*_next(instrument, reports.values())],
    }
    return CaseView("dossier", FAMILY, case, view, void)


def _step(instrument: str, reports: dict[str, ReportState], entry: Entry) -> Void | None:
    body = entry.body
    if not isinstance(body, (Report, Answer)) or body.instrument != instrument:
        return Void("instrument-differs", N_("The document names another instrument than its case."))
    if isinstance(body, Report):
        reports[entry.hash] = ReportState(entry.hash, len(reports) + 1, entry.author, body)
        return None
    report = reports.get(body.of)
    if report is None:
        return Void("report-unknown", N_("There is no such report about this instrument."))
    if body.on < report.body.published_on:
        return Void("day-before-report", N_("{day} is before the report was published."), {"day": body.on})
    if isinstance(body, Correction) and _name(body.publisher) != _name(report.body.publisher):
        return Void(
            "publisher-differs",
            N_("Only {publisher}, which published the report, can correct it."),
            {"publisher": report.body.publisher},
        )
    _take(report, entry, body)
    return None


def _take(report: ReportState, entry: Entry, body: Answer) -> None:
    if isinstance(body, (Denial, Confirmation)):
        report.words[_name(body.by)] = entry.frame.type
    elif isinstance(body, CorrectionRequest):
        # A correction that came before was not enough for whoever asks now.
        report.asked, report.corrected = entry.author, False
    elif isinstance(body, Correction):
        report.corrected = True
    stated: JsonObject = body.model_dump(mode="json", exclude={"instrument", "of"})
    report.history.append(
        {"hash": entry.hash, "type": entry.frame.type, "author": entry.author, "sequence": entry.sequence, **stated}
    )


def _next(instrument: str, reports: Iterable[ReportState]) -> list[JsonObject]:
    """A request for correction waits for the publisher's answer; the nation that asked records it."""
    return [
        {"nation": one.asked, "type": "correction", "instrument": instrument, "of": one.hash}
        for one in reports
        if one.asked is not None and not one.corrected
    ]


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()
