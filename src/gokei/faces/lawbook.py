"""The law as the faces show it: instruments with their provisions and status, and tables of what is covered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final, Protocol

from gokei.faces.differences import spoken
from gokei.law import views
from gokei.law.comparison.comparing import compare
from gokei.law.interview import Turn, turn
from gokei.law.library import Library
from gokei.terms.dates import parse_date, parse_instant
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import Refused
from gokei.terms.question import check_nation
from gokei.terms.words import N_

DAY_CHARACTERS: Final = len("2017-09-06")
LAST_MOMENT: Final = datetime.time(23, 59, 59)


class HoldsLibrary(Protocol):
    """Whatever has the library, such as one that reads it when it is first needed."""

    @property
    def library(self) -> Library:
        """The whole library."""


class Lawbook:
    """The library in words for a reader."""

    def __init__(self, law: HoldsLibrary) -> None:
        self._law = law

    def instruments(self, day: datetime.date) -> list[JsonObject]:
        """Every instrument with its titles, parties, and its status for each party on that day."""
        return views.listed(self._law.library, day)

    def instrument(self, name: str, day: datetime.date) -> JsonObject:
        """One instrument with the provisions of that day. Raises Refused (`not-found`)."""
        self._known(name)
        return views.shown_on(self._law.library.instrument(name), day)

    def status(self, name: str, at: str) -> list[JsonObject]:
        """What an instrument is at an instant (or at the end of a day), one row for each party."""
        self._known(name)
        if len(at) == DAY_CHARACTERS:
            instant = datetime.datetime.combine(parse_date(at, "at"), LAST_MOMENT, datetime.UTC)
        else:
            instant = parse_instant(at, "at")
        return views.status_at(self._law.library.instrument(name), instant)

    def timeline(self, name: str) -> JsonObject:
        """All established events of an instrument and what each moved. Raises Refused (`not-found`)."""
        self._known(name)
        return views.timeline(self._law.library.instrument(name))

    def turn(self, stated: JsonObject, assume: Sequence[str] = ()) -> Turn:
        """The next turn of an interview: the answer so far, and what to ask. Raises BadInput."""
        return turn(self._law.library, stated, tuple(assume))

    def coverage(self, provider: str, recipient: str, day: datetime.date) -> JsonObject:
        """The verdict for each activity and supply when nothing else is stated. Raises BadInput (`fact-code`)."""
        for field, nation in (("provider", provider), ("recipient", recipient)):
            check_nation(field, nation)
        return views.coverage(self._law.library, provider, recipient, day.isoformat())

    def comparison(
        self, a: str, b: str, assume_a: tuple[str, ...], assume_b: tuple[str, ...], grounds: bool
    ) -> JsonObject:
        """Every class of question that two states of the law answer differently. Raises BadInput (`compare-…`)."""
        return spoken(compare(self._law.library, a, b, assume_a, assume_b, grounds))

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day."""
        return self._law.library.equivalents(agreement, level, nation, on)

    def title(self, name: str) -> object:
        """An instrument's titles by language; None for one that is unknown."""
        found = self._law.library.instruments.get(name)
        return None if found is None else found.titles

    def _known(self, name: str) -> None:
        if name not in self._law.library.instruments:
            raise Refused(
                check="not-found",
                detail=N_("This node knows no {kind} {name}."),
                next_step=N_("List what there is: gokei list DIR {plural}"),
                params={"kind": "instrument", "name": name[:100], "plural": "instruments"},
            )

    def explained(self, short: JsonObject, on: object) -> JsonObject:
        """A determination that a document keeps in short, with what each provision of its basis said on that day."""
        basis = short.get("basis")
        because: list[JsonValue] = [
            {**one, "truth": None, **self._said(str(one.get("instrument")), str(one.get("provision")), str(on))}
            for one in (basis if isinstance(basis, list) else [])
            if isinstance(one, dict)
        ]
        return {"obligations": [], "ask_next": None, "because": because} | short

    def _said(self, instrument: str, provision: str, on: str) -> JsonObject:
        """A provision may read otherwise from some day on, under the same number."""
        found = self._law.library.instruments.get(instrument)
        same = [one for one in (found.provisions if found else ()) if one.id == provision]
        day = parse_date(on, "on") if on[:1].isdigit() else None
        then = [one for one in same if day is None or one.in_force.covers(day)] or same
        if not then:
            return {"says": None, "source": None}
        return {"says": dict(then[0].says), "source": then[0].source.as_json()}
