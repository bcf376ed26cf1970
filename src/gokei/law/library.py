"""The law as one library: every question, list and status goes through here. Built of instruments, it never changes."""

from __future__ import annotations

import bisect
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from gokei.law.bodies import Assumed, information_matter, other_nation, support_matter
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

_YEAR = re.compile(r"-[0-9]{4}$")
_LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)
# The kind of question, and between whom as far as it says; what is assumed.
_Key = tuple[str, str | None, str | None, tuple[str, ...]]
# The instruments that speak of a matter, each with how many of its turns lie behind the day.
_Versions = tuple[tuple[str, int], ...]


class Library:
    """All instruments that a node knows. Answers are shared objects: read them, do not change them."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self.instruments: Mapping[str, Instrument] = {one.id: one for one in instruments}
        self._turns = {one.id: _turns(one) for one in self.instruments.values()}
        self.days: Sequence[str] = sorted({day for turns in self._turns.values() for day in turns})
        self._periods: dict[object, int] = {}
        self._walks: dict[object, Walk] = {}
        self._by_version: dict[tuple[_Key, _Versions], Walk] = {}
        self._assumed: dict[tuple[str, ...], Assumed] = {(): {}}

    def answer(self, question: Mapping[str, object], assume: Sequence[str] = ()) -> JsonObject:
        """The determination of a question as JSON states it. Raises BadInput (`fact-…`, `assume-…`)."""
        return self.determine(read_question(question), tuple(assume))

    def determine(self, facts: Facts, assume: tuple[str, ...] = ()) -> JsonObject:
        """The determination (machine contract, section 1) of facts that were read already."""
        return self.walk(facts, assume).answer(facts)

    def walk(self, facts: Facts, assume: tuple[str, ...] = ()) -> Walk:
        """The graph that answers questions between these nations, as far as they are known, in this stretch of days."""
        on = facts["on"]
        period = self._periods.get(on)
        if period is None:
            period = self._period(str(on))
        if facts["kind"] == "support":
            place: object = (facts["provider"], facts["recipient"], period, assume)
        else:
            place = (_key(facts, assume), period)
        walk = self._walks.get(place)
        if walk is None:
            if len(self._walks) >= limits.STRETCHES_IN_MEMORY:
                self._walks.clear()
            self._walks[place] = walk = self._of_version(facts, _key(facts, assume))
        return walk

    def _period(self, on: str) -> int:
        """The number of the stretch of days that a day lies in."""
        if len(self._periods) >= limits.DAYS_IN_MEMORY:
            self._periods.clear()
        self._periods[on] = found = bisect.bisect_right(self.days, on)
        return found

    def speaks(self, facts: Facts, assume: tuple[str, ...] = ()) -> bool:
        """Whether some agreement, of any status, is between the nations of a question."""
        return bool(self._speaking(_key(facts, assume)))

    def touches(self, facts: Facts, assume: tuple[str, ...], beside: tuple[str, ...] = ()) -> bool:
        """Whether something that is assumed can speak in the matter of a question, whatever its day.

        `beside` is assumed all the same. Where nothing can, the answer is the same without it.
        """
        named = self.assumed(assume)
        return any(name in named for name in self._speaking(_key(facts, (*beside, *assume))))

    def _of_version(self, facts: Facts, key: _Key) -> Walk:
        """The same, shared by all stretches in which no instrument that speaks of the matter changes."""
        speaking = self._speaking(key)
        if not speaking:
            key = (key[0], None, None, ())
        on = str(facts["on"])
        versions = tuple((name, bisect.bisect_right(self._turns[name], on)) for name in speaking)
        walk = self._by_version.get((key, versions))
        if walk is None:
            walk = self._walk(facts, key[3])
            if len(self._by_version) >= limits.PLANS_IN_MEMORY:
                self._by_version.clear()
            self._by_version[(key, versions)] = walk
        return walk

    def _speaking(self, key: _Key) -> tuple[str, ...]:
        """The instruments that can speak of a matter; none where no agreement is between the two."""
        kind, *between, assume = key
        nations = {str(nation) for nation in between if nation is not None}
        counted = self.assumed(assume)
        agreements: list[str] = []
        laws: list[str] = []
        for one in self.instruments.values():
            if one.kind == kind and nations <= {*one.parties} and (not one.draft or one.id in counted):
                agreements.append(one.id)
            elif one.kind == "law" and one.about == kind and (None in between or nations & {*one.parties}):
                laws.append(one.id)
        return (*agreements, *laws) if agreements else ()

    def instrument(self, name: str) -> Instrument:
        """An instrument by id. Raises BadInput (`instrument-unknown`) that names the nearest."""
        found = self.instruments.get(name)
        if found is None:
            near = self._nearest(name)
            detail = N_("There is no instrument {name}. Did you mean {nearest}?")
            raise BadInput(
                check="instrument-unknown",
                detail=detail if near else N_("There is no instrument {name}."),
                next_step=N_("All instruments: gokei law list"),
                params={"name": shown(name), "nearest": near or ""},
                field="instrument",
            )
        return found

    def _nearest(self, name: str) -> str | None:
        """The newest instrument whose id begins so, its year aside; else the one most like it."""
        begin = _YEAR.sub("", name.casefold())
        if len(begin) >= limits.PREFIX_CHARACTERS:
            family = [one for one in self.instruments.values() if one.id.startswith(begin)]
            if family:
                return max(family, key=_began).id
        return nearest(name, self.instruments)

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day, highest rank first."""
        found = self.instruments.get(agreement)
        return mapped_levels(found.equivalences, level, nation, parse_date(on, "on")) if found else ()

    def matter(self, facts: Facts, assume: tuple[str, ...] = ()) -> Matter:
        """The matter that a question belongs to."""
        day = parse_date(facts["on"], "on")
        assumed = self.assumed(assume)
        instruments = self.instruments.values()
        if facts["kind"] == "support":
            return support_matter(instruments, str(facts["provider"]), str(facts["recipient"]), day, assumed)
        owner = facts.get("owner")
        return information_matter(instruments, None if owner is None else str(owner), other_nation(facts), day, assumed)

    def assumed(self, assume: tuple[str, ...]) -> Assumed:
        """What `--assume INSTRUMENT[=VARIANT]` names, checked. Raises BadInput (`instrument-unknown`, `assume-…`)."""
        found = self._assumed.get(assume)
        if found is None:
            names: dict[str, frozenset[str]] = {}
            for one in assume:
                name, equals, variant = one.partition("=")
                instrument = self.instrument(name)
                if not equals:
                    _check_draft(instrument)
                decided = frozenset({_checked_variant(instrument, variant)} if equals else ())
                names[name] = names.get(name, frozenset()) | decided
                _check_agree(instrument, names[name])
            self._assumed[assume] = found = names
        return found

    def _walk(self, facts: Facts, assume: tuple[str, ...]) -> Walk:
        matter = self.matter(facts, assume)
        used = {one.id: one for body in (*matter.agreements, *matter.laws) for one in body.instruments}
        counted = tuple(one for one in assume if one.partition("=")[0] in used)
        law = digest({name: one.content for name, one in used.items()})
        return Walk(matter, Rests(counted, law))


def _began(instrument: Instrument) -> tuple[datetime.datetime, str]:
    return min((event.at for event in instrument.events), default=_LONG_AGO), instrument.id


def _key(facts: Facts, assume: tuple[str, ...]) -> _Key:
    if facts["kind"] == "support":
        return ("support", str(facts["provider"]), str(facts["recipient"]), assume)
    owner = facts.get("owner")
    return ("information", None if owner is None else str(owner), other_nation(facts), assume)


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


def _turns(instrument: Instrument) -> list[str]:
    """The days from which on an instrument may answer otherwise than the day before."""
    return sorted({day.isoformat() for day in (*change_days(instrument), *compared_days(instrument))})


def _check_agree(instrument: Instrument, decided: frozenset[str]) -> None:
    """Each undecided provision may be decided in one way only."""
    for provision in instrument.provisions:
        both = sorted(decided & (provision.variants or {}).keys())
        if len({(provision.variants or {})[word] for word in both}) > 1:
            raise BadInput(
                check="assume-conflict",
                detail=N_("{name} cannot be assumed in two ways at once: {words}."),
                next_step=N_("Assume one variant of a provision."),
                params={"name": f"{instrument.id} {provision.id}", "words": ", ".join(both)},
                field="assume",
            )


def compared_days(instrument: Instrument) -> set[datetime.date]:
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
