"""The law as lists and tables: what there is, what it says on a day, what it covers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

from gokei.law.instruments import Instrument, Provision
from gokei.law.library import Library
from gokei.law.status import history, in_force_on, replay, written
from gokei.terms.facts import ACTIVITIES, SUPPLIES
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.question import read_question
from gokei.terms.words import N_

# What the cells of a table of coverage state by themselves.
CELLS: Final = ("kind", "on", "provider", "recipient", "activity", "supply", "nsn")


def listed(library: Library, day: datetime.date) -> list[JsonObject]:
    """Every instrument with its titles, parties, and its status for each party on that day."""
    return [summary(one, day) for one in library.instruments.values()]


def summary(instrument: Instrument, day: datetime.date) -> JsonObject:
    """One instrument in one row."""
    end = datetime.datetime.combine(day, datetime.time(23, 59, 59), datetime.UTC)
    status: JsonObject = {row.party: row.status for row in replay(instrument, end)}
    return {
        "instrument": instrument.id,
        "kind": instrument.kind,
        "titles": dict(instrument.titles),
        "parties": [*instrument.parties],
        "draft": instrument.draft,
        "in_force": in_force_on(instrument, day),
        "status": status,
        "provisions": len(instrument.provisions),
    }


def shown_on(instrument: Instrument, day: datetime.date) -> JsonObject:
    """The instrument with the provisions in force on that day, and all its events."""
    provisions: list[JsonValue] = [
        _provision(one) for one in instrument.provisions if instrument.draft or one.in_force.covers(day)
    ]
    events: list[JsonValue] = [
        {
            "event": event.event,
            "at": written(event.at),
            "by": [*event.by],
            "source": event.source.as_json(),
            **({"note": dict(event.note)} if event.note else {}),
        }
        for event in instrument.events
    ]
    found = summary(instrument, day) | {"on": day.isoformat(), "provisions": provisions, "events": events}
    if instrument.supersedes:
        found["supersedes"] = instrument.supersedes
    if not instrument.binding:
        found["binding"] = False
    if instrument.note:
        found["note"] = dict(instrument.note)
    if instrument.equivalences:
        found["equivalences"] = [
            {
                "rank": row.rank,
                "levels": {name: [*codes] for name, codes in row.levels.items()},
                "provision": row.provision,
                "from": row.marked.since.isoformat() if row.marked.since else None,
                "until": row.marked.until.isoformat() if row.marked.until else None,
                "markings_of": [*row.markings_of] if row.markings_of else None,
            }
            for row in instrument.equivalences
        ]
    return found


def status_at(instrument: Instrument, instant: datetime.datetime) -> list[JsonObject]:
    """One row for each party (machine contract, `law status`)."""
    return [row.as_json() for row in replay(instrument, instant)]


def timeline(instrument: Instrument) -> JsonObject:
    """All established events of an instrument, each with the parties whom it moves and the provisions of that day.

    `event` is null on a day on which provisions begin or end by themselves; `lapses` marks a notice taking effect.
    """
    begins, ends = _turns(instrument)
    rows: list[JsonObject] = []
    for moment in history(instrument):
        day = moment.at.date()
        rows.append(
            {
                "at": written(moment.at),
                "event": moment.event.event,
                "lapses": moment.lapses,
                "by": [*moment.event.by],
                "read_by": [*moment.event.read_by] if moment.event.read_by else None,
                "takes_effect": moment.event.takes_effect.isoformat() if moment.event.takes_effect else None,
                "moves": [move.as_json() for move in moment.moves],
                "begins": [*begins.pop(day, ())],
                "ends": [*ends.pop(day, ())],
                "source": moment.event.source.as_json(),
                "note": dict(moment.event.note) if moment.event.note else None,
            }
        )
    rows += [_turning(day, begins.get(day, ()), ends.get(day, ())) for day in sorted({*begins, *ends})]
    rows.sort(key=lambda row: str(row["at"]))
    return {
        "instrument": instrument.id,
        "titles": dict(instrument.titles),
        "parties": [*instrument.parties],
        "draft": instrument.draft,
        "moments": [*rows],
    }


def ways(instrument: Instrument, until: datetime.datetime) -> dict[str, list[tuple[str, str]]]:
    """For each party the statuses that led to the one at an instant, each with the moment since which it was so."""
    found: dict[str, list[tuple[str, str]]] = {}
    for moment in history(instrument):
        for move in moment.moves if moment.at <= until else ():
            found.setdefault(move.party, []).append((written(moment.at), move.after))
    return found


def _turning(day: datetime.date, begins: Sequence[str], ends: Sequence[str]) -> JsonObject:
    """A day on which nothing happened but that provisions begin or end."""
    return {
        "at": day.isoformat(), "event": None, "lapses": False, "by": [], "read_by": None, "takes_effect": None,
        "moves": [], "begins": [*begins], "ends": [*ends], "source": None, "note": None,
    }  # fmt: skip


def _turns(instrument: Instrument) -> tuple[dict[datetime.date, list[str]], dict[datetime.date, list[str]]]:
    """The provisions that begin and that end, by day, each named once."""
    begins: dict[datetime.date, list[str]] = {}
    ends: dict[datetime.date, list[str]] = {}
    for one in instrument.provisions:
        for day, turns in ((one.in_force.since, begins), (one.in_force.until, ends)):
            if day is not None and one.id not in turns.setdefault(day, []):
                turns[day].append(one.id)
    return begins, ends


def coverage(
    library: Library,
    provider: str,
    recipient: str,
    on: str,
    assume: tuple[str, ...] = (),
    stated: Mapping[str, object] | None = None,
) -> JsonObject:
    """The verdict for each activity and supply when nothing but `stated` is known; `grounds` beside it says why.

    Raises BadInput (`coverage-fact`) for a fact that the table states by itself, and as any question does.
    """
    for name in CELLS:
        if (stated or {}).get(name) is not None:
            raise BadInput(
                check="coverage-fact",
                detail=N_("The table itself states {field} for every cell."),
                next_step=N_("Leave the fact out."),
                params={"field": name},
                field=name,
            )
    frame = {"kind": "support", "on": on, "provider": provider, "recipient": recipient}
    facts = read_question({**(stated or {}), **frame})
    walk = library.walk(facts, assume)
    verdicts: JsonObject = {}
    grounds: JsonObject = {}
    for activity in ACTIVITIES:
        row = {supply: walk.verdict({**facts, "activity": activity, "supply": supply}) for supply in SUPPLIES}
        verdicts[activity] = {supply: verdict for supply, (verdict, _) in row.items()}
        grounds[activity] = {supply: ground for supply, (_, ground) in row.items()}
    return {
        "provider": provider,
        "recipient": recipient,
        "on": on,
        "facts": {name: value for name, value in facts.items() if name not in frame},
        "assumed": [*assume],
        "verdicts": verdicts,
        "grounds": grounds,
    }


def _provision(provision: Provision) -> JsonObject:
    found: JsonObject = {
        "provision": provision.id,
        "effect": provision.effect,
        "says": dict(provision.says),
        "source": provision.source.as_json(),
        "from": provision.in_force.since.isoformat() if provision.in_force.since else None,
        "until": provision.in_force.until.isoformat() if provision.in_force.until else None,
    }
    if provision.variants:
        found["variants"] = dict(provision.variants)
    if provision.default:
        found["default"] = provision.default
    if provision.obligation:
        found["obligation"] = provision.obligation
    if provision.law_of:
        found["law_of"] = provision.law_of
    return found
