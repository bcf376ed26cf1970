"""The status of an instrument, replayed per party from its events; never stored, never moved by the press."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gokei.law.instruments import Event, Instrument, Says
from gokei.terms.json_types import JsonObject

# What an event makes of the status of a party whom it moves.
MOVES: Final[Mapping[str, str]] = {
    "proposed": "proposed",
    "signed": "signed",
    "in_force": "in_force",
    "notice_of_termination": "notice_given",
    "suspension_of_notice": "notice_suspended",
    "withdrawal_of_notice": "in_force",
    "suspended": "suspended",
    "resumed": "in_force",
    "terminated": "terminated",
    "superseded": "superseded",
    "not_concluded": "not_concluded",
}
STANDING_EVENTS: Final = ("amended",)
EVENTS: Final = (*MOVES, *STANDING_EVENTS)
IN_FORCE: Final = frozenset({"in_force", "notice_given", "notice_suspended"})


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """What the instrument is for one party: the status, the instant since, the event that made it, what survives."""

    party: str
    status: str
    since: datetime.datetime
    event: str
    duties: Mapping[str, tuple[str, ...]]
    note: Says | None

    def as_json(self) -> JsonObject:
        """One row of `law status`; `duties` by language, in the reader's English first."""
        return {
            "party": self.party,
            "status": self.status,
            "since": written(self.since),
            "event": self.event,
            "duties": [*self.duties.get("en", ())],
        }


@dataclass(frozen=True, slots=True)
class Move:
    """What a moment changes for one party: its status before (None where it had none) and after."""

    party: str
    before: str | None
    after: str

    def as_json(self) -> JsonObject:
        """The move, as a timeline shows it."""
        return {"party": self.party, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of an instrument's life: an event, or a notice taking effect (`lapses`), and the parties it moves."""

    at: datetime.datetime
    event: Event
    moves: tuple[Move, ...]
    lapses: bool = False


def history(instrument: Instrument) -> tuple[Moment, ...]:
    """Everything that happened to an instrument, in order; the replay of `status` told step by step."""
    found: dict[str, PartyStatus] = {}
    pending: dict[str, tuple[datetime.datetime, Event]] = {}
    moments: list[Moment] = []

    def tell(at: datetime.datetime, event: Event, before: Mapping[str, PartyStatus], lapses: bool = False) -> None:
        was = {party: row.status for party, row in before.items()}
        moves = [
            Move(party, was.get(party), found[party].status)
            for party in instrument.parties
            if party in found and found[party].status != was.get(party)
        ]
        moments.append(Moment(at, event, tuple(moves), lapses))

    def lapse(until: datetime.datetime | None) -> None:
        for effect in sorted({effect for effect, _ in pending.values()}):
            if until is None or effect <= until:
                before, noticed = dict(found), next(event for at, event in pending.values() if at == effect)
                _lapse(found, pending, effect)
                tell(effect, noticed, before, lapses=True)

    for event in sorted(instrument.events, key=lambda one: one.at):
        lapse(event.at)
        before = dict(found)
        for party in event.read_by or _moved(instrument, event):
            _move(found, pending, party, event)
        tell(event.at, event, before)
    lapse(None)
    return tuple(moments)


def written(instant: datetime.datetime) -> str:
    """An event's time: the day alone where the hour is not known."""
    if (instant.hour, instant.minute, instant.second) == (0, 0, 0):
        return instant.date().isoformat()
    return instant.isoformat().replace("+00:00", "Z")


def replay(instrument: Instrument, until: datetime.datetime) -> tuple[PartyStatus, ...]:
    """Each party's status at an instant; a party whom no event has moved yet is left out."""
    found: dict[str, PartyStatus] = {}
    pending: dict[str, tuple[datetime.datetime, Event]] = {}
    for event in sorted(instrument.events, key=lambda one: one.at):
        if event.at > until:
            break
        _lapse(found, pending, event.at)
        for party in event.read_by or _moved(instrument, event):
            _move(found, pending, party, event)
    _lapse(found, pending, until)
    return tuple(found[party] for party in instrument.parties if party in found)


def in_force_on(instrument: Instrument, day: datetime.date) -> bool:
    """Whether the instrument is in force for all its parties at the end of that day. A law without events always is."""
    if not instrument.events:
        return instrument.kind == "law"
    end = datetime.datetime.combine(day, datetime.time(23, 59, 59), datetime.UTC)
    rows = replay(instrument, end)
    return len(rows) == len(instrument.parties) and all(row.status in IN_FORCE for row in rows)


def change_days(instrument: Instrument) -> frozenset[datetime.date]:
    """Every day on which a status or a provision may begin to differ from the day before."""
    days = {event.at.date() for event in instrument.events}
    days |= {event.takes_effect for event in instrument.events if event.takes_effect}
    for provision in instrument.provisions:
        days |= {day for day in provision.in_force if day is not None}
    return frozenset(days)


def _moved(instrument: Instrument, event: Event) -> tuple[str, ...]:
    """A signature moves its signer; everything else moves the instrument for all, unless `read_by` says otherwise."""
    return event.by if event.event == "signed" else instrument.parties


def _move(
    found: dict[str, PartyStatus],
    pending: dict[str, tuple[datetime.datetime, Event]],
    party: str,
    event: Event,
) -> None:
    status = MOVES.get(event.event)
    if status is None:
        return
    pending.pop(party, None)
    if event.event == "notice_of_termination" and event.takes_effect is not None:
        pending[party] = (datetime.datetime.combine(event.takes_effect, datetime.time(), datetime.UTC), event)
    found[party] = PartyStatus(party, status, event.at, event.event, event.duties or {}, event.note)


def _lapse(
    found: dict[str, PartyStatus],
    pending: dict[str, tuple[datetime.datetime, Event]],
    now: datetime.datetime,
) -> None:
    """A notice that nobody suspended or withdrew ends the instrument on the day it named."""
    for party, (effect, event) in list(pending.items()):
        if effect <= now:
            del pending[party]
            found[party] = PartyStatus(party, "terminated", effect, event.event, event.duties or {}, event.note)
