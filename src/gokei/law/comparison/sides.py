"""A side of a comparison: a state of the law, named as `INSTRUMENT`, `INSTRUMENT@DATE` or `PROVIDER>RECIPIENT@DATE`.

A pair of nations on a day is everything that speaks between them on that day, with the laws of both. An instrument is
what it alone grants between its parties, in each direction and without the law of either: on a day as it stood on that
day, in force or not; without a day as its text stood last, taken as in force.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal, TypeAlias

from gokei.law.bodies import Assumed, information_matter, instrument_matter
from gokei.law.instruments import Instrument
from gokei.law.library import Library
from gokei.law.matters import Matter
from gokei.law.status import change_days, in_force_on
from gokei.terms.dates import parse_date, shown
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from gokei.terms.question import check_nation
from gokei.terms.words import N_

Sort: TypeAlias = Literal["pair", "support", "information"]
# Who gives and who gets; None where a question on information says so itself.
Direction: TypeAlias = "tuple[str, str] | None"
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the law: what was asked for, and its matters by direction."""

    named: str
    sort: Sort
    parties: tuple[str, ...]
    on: datetime.date
    dated: bool
    instrument: str | None
    assumed: tuple[str, ...]
    matters: Mapping[Direction, Matter]

    def as_json(self) -> JsonObject:
        """The side as an answer names it."""
        return {
            "named": self.named,
            "kind": self.sort,
            "parties": [*self.parties],
            "on": self.on.isoformat() if self.dated else None,
            "instrument": self.instrument,
            "assumed": [*self.assumed],
        }


def read_side(library: Library, text: str, assume: tuple[str, ...], field: str) -> Side:
    """The side that `text` names.

    Raises BadInput: `compare-side`, `instrument-unknown`, `compare-law`, `fact-code`, `fact-contradiction`, `date`,
    `assume-…`.
    """
    name, at, day = text.partition("@")
    if not name or (at and not day) or (">" in name and not at):
        raise _not_a_side(text, field)
    if ">" not in name:
        on = parse_date(day, field) if at else None
        return _of_instrument(library, text, library.instrument(name), on, assume, field)
    return _of_pair(library, text, parse_date(day, field), assume, field)


def _of_pair(library: Library, text: str, on: datetime.date, assume: tuple[str, ...], field: str) -> Side:
    name = text.partition("@")[0]
    provider, _, recipient = name.partition(">")
    for nation in (provider, recipient):
        check_nation(field, nation)
    if provider == recipient:
        raise BadInput(
            check="fact-contradiction",
            detail=N_("provider and recipient are the same nation, {value}."),
            params={"value": provider},
            field=field,
        )
    facts: dict[str, str | bool] = {
        "kind": "support", "on": on.isoformat(), "provider": provider, "recipient": recipient
    }  # fmt: skip
    matters: dict[Direction, Matter] = {(provider, recipient): library.matter(facts, assume)}
    return Side(text, "pair", (provider, recipient), on, dated=True, instrument=None, assumed=assume, matters=matters)


def _of_instrument(
    library: Library, text: str, found: Instrument, on: datetime.date | None, assume: tuple[str, ...], field: str
) -> Side:
    if found.kind == "law":
        raise BadInput(
            check="compare-law",
            detail=N_("{name} is a national law: alone it grants nothing between two nations."),
            next_step=N_("Compare a pair of nations on two days, such as JP>AU@2017-09-05 JP>AU@2017-09-06."),
            params={"name": found.id},
            field=field,
        )
    assumed: Assumed = {found.id: frozenset()} | dict(library.assumed(assume))
    day = on or last_day(found)
    state = found if on else _text_alone(found, day)
    matters: dict[Direction, Matter] = {}
    if found.kind == "information":
        matters[None] = information_matter([state], None, None, day, assumed)
    else:
        for provider, recipient in permutations(found.parties, 2):
            matters[provider, recipient] = instrument_matter(state, provider, recipient, day, assumed)
    counted = tuple(one for one in assume if one.partition("=")[0] == found.id)
    return Side(
        text,
        found.kind,
        found.parties,
        day,
        dated=on is not None,
        instrument=found.id,
        assumed=counted,
        matters=matters,
    )


def last_day(instrument: Instrument) -> datetime.date:
    """The day on which its text stood last: the last change while in force, or the day before it ended."""
    changes = change_days(instrument)
    if not changes:
        return datetime.date.max
    days = sorted({*changes, *(day - _DAY for day in changes if day > datetime.date.min)}, reverse=True)
    return next((day for day in days if in_force_on(instrument, day)), max(changes))


def _text_alone(instrument: Instrument, day: datetime.date) -> Instrument:
    """The provisions of that day, taken as in force: as a draft counts that is assumed."""
    if instrument.draft:
        return instrument
    return replace(
        instrument, draft=True, provisions=tuple(one for one in instrument.provisions if one.in_force.covers(day))
    )


def _not_a_side(text: str, field: str) -> BadInput:
    return BadInput(
        check="compare-side",
        detail=N_("{field}: {value} names no state of the law."),
        next_step=N_("Write INSTRUMENT, INSTRUMENT@DATE or PROVIDER>RECIPIENT@DATE, the day as YYYY-MM-DD."),
        params={"field": field, "value": shown(text)},
        field=field,
    )
