"""Conditions as sets of questions, compared exactly by the diagram that determinations are made by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final, NamedTuple

from gokei.law.bodies import information_readings
from gokei.law.conditions import ALWAYS, NEVER, All, Any, Condition, Member, Not, TooManyCasesError, facts_of
from gokei.law.diagram import Diagram
from gokei.law.instruments import Instrument, Provision
from gokei.law.library import compared_days
from gokei.law.masks import place_of
from gokei.law.matters import CRITERIA, Body, Compiler
from gokei.law.roles import Roles, resolve
from gokei.law.status import change_days, in_force_on
from gokei.terms.facts import FACTS
from gokei.terms.nations import NATIONS
from gokei.terms.problems import OurBug

_DAY: Final = datetime.timedelta(days=1)
_DATES: Final = frozenset(name for name, fact in FACTS.items() if fact.type == "date")
_Key = tuple[Condition, tuple[Condition, ...], tuple[Condition, ...], datetime.date | None]


class Reading(NamedTuple):
    """One way in which an instrument speaks: who is who, of which questions, and for which side of a law."""

    roles: Roles
    applies: Condition
    side: str | None


class Stretch(NamedTuple):
    """Days on which nothing of an instrument changes: the first (None: from ever), the first after, one for all."""

    since: datetime.date | None
    until: datetime.date | None
    day: datetime.date


class Regions:
    """Answers whether any question lies in some conditions and outside others; remembers what it answered."""

    def __init__(self) -> None:
        self._known: dict[_Key, bool] = {}

    def any_question(
        self,
        applies: Condition,
        inside: Sequence[Condition],
        outside: Sequence[Condition],
        day: datetime.date,
    ) -> bool:
        """Whether some question of that day lies in `applies` and all of `inside`, and in none of `outside`."""
        if NEVER in inside or ALWAYS in outside:
            return False
        without = tuple(dict.fromkeys(one for one in outside if one != NEVER))
        within = tuple(dict.fromkeys(inside))
        dated = any(facts_of(one) & _DATES for one in (applies, *within, *without))
        key = (applies, within, without, day if dated else None)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _possible(applies, within, without, day)
        return found


def _possible(
    applies: Condition, inside: Sequence[Condition], outside: Sequence[Condition], day: datetime.date
) -> bool:
    try:
        return _diagram(applies, inside, outside, day).possible()
    except (OurBug, TooManyCasesError):
        # Too large to be told exactly: nothing is said of it.
        return True


def _diagram(
    applies: Condition, inside: Sequence[Condition], outside: Sequence[Condition], day: datetime.date
) -> Diagram:
    compiler = Compiler()
    bodies = [Body((), in_force=True) for _ in inside]
    compiler.applies(bodies[0], applies)
    for body, condition in zip(bodies, inside, strict=True):
        compiler.holds(body, "permit", condition)
    for condition in outside:
        compiler.holds(bodies[0], "prohibit", condition)
    matter = compiler.done(bodies[:1], bodies[1:])
    facts = sorted({fact for probe in matter.probes for fact in probe.facts}, key=place_of)
    return Diagram(matter, 0, {"on": day.isoformat()}, facts, len(CRITERIA) - 1)


def readings(instrument: Instrument, partners: Mapping[str, frozenset[str]]) -> tuple[Reading, ...]:
    """Every way in which the instrument speaks. `partners`: with whom the nation of a law has agreements."""
    if instrument.kind == "information":
        return tuple(Reading(roles, applies, None) for roles, applies in information_readings(instrument.parties))
    if instrument.kind == "support":
        pairs = permutations(instrument.parties, 2)
        return tuple(Reading({"provider": one, "recipient": other}, ALWAYS, None) for one, other in pairs)
    (nation,) = instrument.parties
    named = {value for one in instrument.provisions for value in _nations(one.when) | _nations(one.that)}
    told = sorted((named | partners.get(nation, frozenset())) - {nation})
    # All nations that nothing names are alike: one stands for them.
    others = next((one for one in sorted(NATIONS) if one != nation and one not in told), None)
    found: list[Reading] = []
    for partner in (*told, *([others] if others else [])):
        found.append(Reading({"provider": nation, "recipient": partner}, ALWAYS, "provider"))
        found.append(Reading({"provider": partner, "recipient": nation}, ALWAYS, "recipient"))
    return tuple(found)


def speaks(provision: Provision, reading: Reading) -> bool:
    """Whether a provision has anything to say in a reading."""
    return reading.side is None or provision.side in {None, reading.side}


def stretches(instrument: Instrument) -> tuple[Stretch, ...]:
    """The days on which the instrument counts, in stretches; where it never is in force (a draft), all days."""
    if instrument.draft:
        return (Stretch(None, None, datetime.date(2000, 1, 1)),)
    every = tuple(all_stretches(change_days(instrument) | compared_days(instrument)))
    return tuple(one for one in every if in_force_on(instrument, one.day)) or every


def all_stretches(days: frozenset[datetime.date] | set[datetime.date]) -> Iterator[Stretch]:
    """The stretches between days, with those before the first and from the last on."""
    ends = sorted(days)
    if not ends:
        yield Stretch(None, None, datetime.date(2000, 1, 1))
        return
    if ends[0] > datetime.date.min:
        yield Stretch(None, ends[0], ends[0] - _DAY)
    for since, until in zip(ends, [*ends[1:], None], strict=True):
        yield Stretch(since, until, since)


def counts(instrument: Instrument, provision: Provision, stretch: Stretch) -> bool:
    """Whether a provision is in force in a stretch; a draft's always is."""
    return instrument.draft or provision.in_force.covers(stretch.day)


def region(provision: Provision, instrument: Instrument, reading: Reading) -> Condition:
    """The questions on which a provision bears: those that it applies to; of a requirement, those that break it."""
    when = resolve(provision.when, reading.roles, instrument.equivalences)
    if provision.effect != "require":
        return when
    that = resolve(Not(provision.that), reading.roles, instrument.equivalences)
    return NEVER if NEVER in {when, that} else All((when, that))


def _nations(condition: Condition) -> frozenset[str]:
    match condition:
        case All(parts) | Any(parts):
            return frozenset().union(*(_nations(one) for one in parts))
        case Not(inner):
            return _nations(inner)
        case Member(fact, values) if FACTS[fact].type == "nation":
            return frozenset(str(value) for value in values if value in NATIONS)
        case _:
            return frozenset()
