"""The fold of an instrument's public record: the standing of each entry follows from what was said to it.

A standing is a word about a statement. It never enters a determination: the law reads instruments, not the press.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gokei.dossier import bodies
from gokei.dossier.bodies import Answer, Confirmation, Correction, CorrectionRequest, Denial, EventOutcome
from gokei.journal.entries import Entry, Void
from gokei.journal.kinds import CaseView
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.words import N_

FAMILY: Final = "instrument"
# The lists of the view, by the type of the documents that they hold.
LISTS: Final[Mapping[str, str]] = {
    "report": "reports",
    "official_statement": "statements",
    "expected_event": "expected",
    "position": "positions",
}
# How an entry stands when nothing was said to it.
_AT_FIRST: Final[Mapping[str, str]] = {
    "report": "reported",
    "official_statement": "stated",
    "expected_event": "expected",
    "position": "reported",
}


@dataclass(slots=True)
class EntryState:
    """One entry of the record and what was said to it.

    `words` is the last word, denial or confirmation, of each that spoke; `outcomes` the last of each nation.
    """

    hash: str
    type: str
    number: int
    author: str
    offices: tuple[str, ...]
    body: bodies.Recorded
    words: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, EventOutcome] = field(default_factory=dict)
    asked: str | None = None
    corrected: bool = False
    replaced: bool = False
    history: list[JsonObject] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """What came of an expected event, else what was said; `disputed` where two words do not go together."""
        came = {one.outcome for one in self.outcomes.values()}
        final = came - {"postponed"}
        if came:
            return "disputed" if len(final) > 1 else (final or came).pop()
        said = self._said()
        return "replaced" if self.replaced and said in {"reported", "confirmed"} else said

    def _said(self) -> str:
        """`disputed` where one confirms what another denies, asks to correct, or corrects; else what came of it."""
        denied, confirmed = "denial" in self.words.values(), "confirmation" in self.words.values()
        if confirmed:
            return "disputed" if denied or self.corrected or self.asked else "confirmed"
        if self.corrected:
            return "corrected"
        if self.asked:
            return "correction_requested"
        return "denied" if denied else _AT_FIRST[self.type]

    @property
    def holds(self) -> bool:
        """Whether nobody said that it is not so."""
        return self._said() in {"reported", "confirmed"}

    def awaited(self) -> str | None:
        """The day on which an expected event is still to be looked for; None where its outcome is on record."""
        if not isinstance(self.body, bodies.ExpectedEvent):
            return None
        days = [self.body.expected_on]
        for one in self.outcomes.values():
            if one.outcome != "postponed":
                return None
            days.append(one.expected_on or days[0])
        return max(days)

    def as_json(self) -> JsonObject:
        """The entry, its standing and its history, in causal order."""
        stated: JsonObject = self.body.model_dump(mode="json", exclude={"instrument"})
        history: list[JsonValue] = [*self.history]
        return {
            "hash": self.hash, "number": self.number, "author": self.author, "offices": [*self.offices], **stated,
            "standing": self.standing, "history": history,
        }  # fmt: skip


def fold_record(case: str, entries: Sequence[Entry]) -> CaseView:
    """The public record of one instrument. The view's shape: docs/reference/documents-dossier.md."""
    instrument = case.partition(":")[2]
    states: dict[str, EntryState] = {}
    void: dict[str, Void] = {}
    documents: list[JsonValue] = []
    for entry in entries:
        reason = entry.void or _step(instrument, states, entry)
        if reason is not None:
            void[entry.hash] = reason
        documents.append(entry.listed(reason))
    _replace(states.values())
    lists: JsonObject = {
        listed: [one.as_json() for one in states.values() if one.type == type_name]
        for type_name, listed in LISTS.items()
    }
    view: JsonObject = {
        "case": case,
        "instrument": instrument,
        **lists,
        "documents": documents,
        "next": [*_next(instrument, states.values())],
    }
    return CaseView("dossier", FAMILY, case, view, void)


def _step(instrument: str, states: dict[str, EntryState], entry: Entry) -> Void | None:
    body = entry.body
    if not isinstance(body, (bodies.Recorded, Answer)) or body.instrument != instrument:
        return Void("instrument-differs", N_("The document names another instrument than its case."))
    if isinstance(body, bodies.Recorded):
        return _record(states, entry, body)
    state = states.get(body.of)
    if state is None:
        return Void("report-unknown", N_("There is no such report about this instrument."))
    if body.on < state.body.published_on:
        return Void("day-before-report", N_("{day} is before the report was published."), {"day": body.on})
    if isinstance(body, Correction) and _name(body.publisher) != _name(state.body.publisher):
        return Void(
            "publisher-differs",
            N_("Only {publisher}, which published the report, can correct it."),
            {"publisher": state.body.publisher},
        )
    if isinstance(body, EventOutcome) and state.type != "expected_event":
        return Void("nothing-expected", N_("Only what is expected to happen can have an outcome."))
    _take(state, entry, body)
    return None


def _record(states: dict[str, EntryState], entry: Entry, body: bodies.Recorded) -> Void | None:
    if body.name and any(one.author == entry.author and one.body.name == body.name for one in states.values()):
        return Void("name-taken", N_("Another entry of this record is called {name}."), {"name": body.name})
    if isinstance(body, bodies.ExpectedEvent) and body.expected_on < body.published_on:
        return Void(
            "expected-before", N_("{day} had passed when the event was said to be expected."), {"day": body.expected_on}
        )
    type_name = entry.frame.type
    number = sum(one.type == type_name for one in states.values()) + 1
    states[entry.hash] = EntryState(entry.hash, type_name, number, entry.author, tuple(entry.frame.offices), body)
    return None


def _take(state: EntryState, entry: Entry, body: Answer) -> None:
    if isinstance(body, (Denial, Confirmation)):
        state.words[_name(body.by)] = entry.frame.type
    elif isinstance(body, CorrectionRequest):
        # A correction that came before was not enough for whoever asks now.
        state.asked, state.corrected = entry.author, False
    elif isinstance(body, Correction):
        state.corrected = True
    elif isinstance(body, EventOutcome):
        state.outcomes[entry.author] = body
    stated: JsonObject = body.model_dump(mode="json", exclude={"instrument", "of"})
    state.history.append(
        {"hash": entry.hash, "type": entry.frame.type, "author": entry.author, "sequence": entry.sequence, **stated}
    )


def _replace(states: Iterable[EntryState]) -> None:
    """Of the positions of one office the one published last counts, unless somebody says that it is not so."""
    last: dict[tuple[str, str], EntryState] = {}
    for one in states:
        if not isinstance(one.body, bodies.Position) or not one.holds:
            continue
        office = (one.body.nation, _name(one.body.office))
        before = last.get(office)
        if before is not None and before.body.published_on > one.body.published_on:
            one.replaced = True
            continue
        if before is not None:
            before.replaced = True
        last[office] = one


def _next(instrument: str, states: Iterable[EntryState]) -> Iterator[JsonObject]:
    """What waits: an answer to a request for correction, and the outcome of what is expected, with its day.

    The nation that asked, or that recorded the event, records it.
    """
    for one in states:
        step: JsonObject = {"instrument": instrument, "of": one.hash}
        if one.asked is not None and not one.corrected:
            yield {"nation": one.asked, "type": "correction", **step}
        day = one.awaited()
        if day is not None:
            yield {"nation": one.author, "type": "event_outcome", **step, "due": day}


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()
