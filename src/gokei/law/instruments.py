"""Instruments as data: treaties and laws with their events, provisions, equivalences and sources."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

from gokei.law.conditions import ALWAYS, Condition
from gokei.terms.json_types import JsonObject

Says: TypeAlias = Mapping[str, str]
InstrumentKind: TypeAlias = Literal["support", "information", "law"]
Effect: TypeAlias = Literal["permit", "prohibit", "require", "oblige", "undecided"]

QUALITIES: Final = ("verified", "secondary", "derived", "draft")
EFFECTS: Final = ("permit", "prohibit", "require", "oblige", "undecided")
NOTHING: Final = "nothing"


class Source(NamedTuple):
    """Where it was read, and how well."""

    url: str
    quality: str

    def as_json(self) -> JsonObject:
        """The source as the machine contract writes it."""
        return {"url": self.url, "quality": self.quality}


class Interval(NamedTuple):
    """Days from `since` up to, not including, `until`; an open end is None."""

    since: datetime.date | None
    until: datetime.date | None

    def covers(self, day: datetime.date) -> bool:
        """Whether the day lies within."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class Allowed(NamedTuple):
    """Warnings of the check that are known, and why they are no fault."""

    checks: tuple[str, ...]
    because: str


ALL_DAYS: Final = Interval(None, None)


@dataclass(frozen=True, slots=True)
class Provision:
    """One dated, cited rule of an instrument."""

    instrument: str
    id: str
    effect: Effect
    says: Says
    source: Source
    in_force: Interval = ALL_DAYS
    when: Condition = ALWAYS
    that: Condition = ALWAYS
    side: Literal["provider", "recipient"] | None = None
    law_of: str | None = None
    variants: Mapping[str, str] | None = None
    default: str | None = None
    obligation: JsonObject | None = None
    note: Says | None = None
    lint: Allowed | None = None

    def cited(self) -> JsonObject:
        """Instrument and provision, as answers cite it."""
        return {"instrument": self.instrument, "provision": self.id}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an instrument: when (to the instant where it is known), by whom, and what it moves."""

    event: str
    at: datetime.datetime
    by: tuple[str, ...]
    source: Source
    read_by: tuple[str, ...] | None = None
    takes_effect: datetime.date | None = None
    duties: Mapping[str, tuple[str, ...]] | None = None
    note: Says | None = None


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A row of equal levels: each party's marking codes of one rank (1 the highest), for markings in the interval.

    `markings_of` are the nations whose markings it gives an equal for, where it does not hold both ways.
    """

    rank: int
    levels: Mapping[str, tuple[str, ...]]
    marked: Interval
    provision: str
    source: Source
    markings_of: tuple[str, ...] | None = None

    def mapped_codes(self) -> tuple[str, ...]:
        """The markings that it gives an equal for."""
        wanted = self.levels if self.markings_of is None else self.markings_of
        return tuple(code for nation in wanted for code in self.levels.get(nation, ()))


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, amendment or law as one pack file states it.

    `about` is what a law speaks of. What is not `binding` is shown and has a status; no question is answered by it.
    """

    id: str
    kind: InstrumentKind
    titles: Says
    parties: tuple[str, ...]
    draft: bool
    events: tuple[Event, ...]
    provisions: tuple[Provision, ...]
    equivalences: tuple[Equivalence, ...]
    content: str
    supersedes: str | None = None
    note: Says | None = None
    about: Literal["support", "information"] = "support"
    binding: bool = True
    lint: Allowed | None = None

    def between(self, one: str, other: str) -> bool:
        """Whether both nations are parties."""
        return one in self.parties and other in self.parties
