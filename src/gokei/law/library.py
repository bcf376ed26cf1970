"""The law as one library: every question, list and status goes through here. Built of instruments, it never changes."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Iterable, Mapping, Sequence

from gokei.law.bodies import Assumed, information_matter, support_matter
from gokei.law.conditions import All, Any, Compare, Condition, Not
from gokei.law.determinations import Rests
from gokei.law.instruments import Instrument
from gokei.law.matters import Matter
from gokei.law.roles import mapped_levels
from gokei.law.status import change_days
from gokei.law.walks import Walk
from gokei.terms import limits
from gokei.terms.canonical import digest
from gokei.terms.dates import parse_date, shown
from gokei.terms.json_types import JsonObject
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.question import Facts, read_question
from gokei.terms.words import N_

_Key = tuple[str, str, str, tuple[str, ...]]


class Library:
    """All instruments that a node knows. Answers are shared objects: read them, do not change them."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self.instruments: Mapping[str, Instrument] = {one.id: one for one in instruments}
        days = {day for one in self.instruments.values() for day in (*change_days(one), *_compared_days(one))}
        self._days = sorted(day.isoformat() for day in days)
        self._walks: dict[tuple[_Key, int], Walk] = {}
        self._assumed: dict[tuple[str, ...], Assumed] = {(): {}}

    def answer(self, question: Mapping[str, object], assume: Sequence[str] = ()) -> JsonObject:
        """The determination of a question as JSON states it. Raises BadInput (`fact-…`, `assume-…`)."""
        return self.determine(read_question(question), tuple(assume))

    def determine(self, facts: Facts, assume: tuple[str, ...] = ()) -> JsonObject:
        """The determination (machine contract, section 1) of facts that were read already."""
        return self.walk(facts, assume).answer(facts)

    def walk(self, facts: Facts, assume: tuple[str, ...] = ()) -> Walk:
        """The graph that answers questions about these nations in this stretch of days."""
        if facts["kind"] == "support":
            key: _Key = ("support", str(facts["provider"]), str(facts["recipient"]), assume)
        else:
            key = ("information", "", "", assume)
        period = bisect.bisect_right(self._days, str(facts["on"]))
        walk = self._walks.get((key, period))
        if walk is None:
            walk = self._walk(facts, assume)
            if len(self._walks) >= limits.PLANS_IN_MEMORY:
                self._walks.clear()
            self._walks[(key, period)] = walk
        return walk

    def instrument(self, name: str) -> Instrument:
        """An instrument by id. Raises BadInput (`instrument-unknown`) that names the nearest."""
        found = self.instruments.get(name)
        if found is None:
            near = nearest(name, self.instruments)
            detail = N_("There is no instrument {name}. Did you mean {nearest}?")
            raise BadInput(
                check="instrument-unknown",
                detail=detail if near else N_("There is no instrument {name}."),
                next_step=N_("All instruments: gokei law list"),
                params={"name": shown(name), "nearest": near or ""},
                field="instrument",
            )
        return found

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day, highest rank first."""
        found = self.instruments.get(agreement)
        return mapped_levels(found.equivalences, level, nation, parse_date(on, "on")) if found else ()

    def matter(self, facts: Facts, assume: tuple[str, ...] = ()) -> Matter:
        """The matter that a question belongs to."""
        day = parse_date(facts["on"], "on")
        assumed = self.assumed(assume)
        if facts["kind"] == "support":
            instruments = self.instruments.values()
            return support_matter(instruments, str(facts["provider"]), str(facts["recipient"]), day, assumed)
        return information_matter(self.instruments.values(), day, assumed)

    def assumed(self, assume: tuple[str, ...]) -> Assumed:
        """What `--assume INSTRUMENT[=VARIANT]` names, checked. Raises BadInput (`instrument-unknown`, `assume-…`)."""
        found = self._assumed.get(assume)
        if found is None:
            names: dict[str, str | None] = {}
            for one in assume:
                name, equals, variant = one.partition("=")
                instrument = self.instrument(name)
                names[name] = _checked_variant(instrument, variant) if equals else None
                if not equals:
                    _check_draft(instrument)
            self._assumed[assume] = found = names
        return found

    def _walk(self, facts: Facts, assume: tuple[str, ...]) -> Walk:
        matter = self.matter(facts, assume)
        used = {one.id: one for body in (*matter.agreements, *matter.laws) for one in body.instruments}
        counted = tuple(one for one in assume if one.partition("=")[0] in used)
        law = digest({name: one.content for name, one in used.items()})
        return Walk(matter, Rests(counted, law))


def _check_draft(instrument: Instrument) -> None:
    if not instrument.draft:
        raise BadInput(
            check="assume-not-draft",
            detail=N_("{name} is no draft: it counts by its own status, and cannot be assumed."),
            next_step=N_("Leave the assumption out, or assume a variant: INSTRUMENT=VARIANT"),
            params={"name": instrument.id},
            field="assume",
        )


def _checked_variant(instrument: Instrument, variant: str) -> str:
    words = sorted({word for one in instrument.provisions for word in one.variants or {}})
    if variant not in words:
        raise BadInput(
            check="assume-variant",
            detail=N_("{name} has no variant {variant}; it has: {words}."),
            params={"name": instrument.id, "variant": shown(variant), "words": ", ".join(words) or "-"},
            field="assume",
        )
    return variant


def _compared_days(instrument: Instrument) -> set[datetime.date]:
    """Days that conditions compare with: within a stretch of questions the order to each of them stays the same."""
    found: set[datetime.date] = set()

    def walk(part: Condition) -> None:
        match part:
            case All(parts) | Any(parts):
                for one in parts:
                    walk(one)
            case Not(inner):
                walk(inner)
            case Compare(_, _, than) if than != "on":
                found.add(datetime.date.fromisoformat(than))
            case _:
                pass

    for provision in instrument.provisions:
        walk(provision.when)
        walk(provision.that)
    for row in instrument.equivalences:
        found.update(day for day in row.marked if day is not None)
    return found
