"""The values that an unknown fact can take, as few words as tell its cases apart, each with its weight."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from gokei.law.conditions import Compare, Same
from gokei.law.masks import UNDECIDED, WHOSE, FactProbe, Probe
from gokei.terms.facts import FACTS
from gokei.terms.markings import nation_of
from gokei.terms.question import FactValue

# Two texts that nobody states stand for all the others: conditions only ask whether texts are the same.
_OTHER_TEXTS: Final = ("\x00one", "\x00other")
_DAY: Final = datetime.timedelta(days=1)


class Word(NamedTuple):
    """One value, standing for `weight` values that act alike; `alike` are all of these, in the order of the facts."""

    value: FactValue
    weight: int
    alike: tuple[FactValue, ...]

    def fits(self, fact: str, known: Mapping[str, FactValue], held: Mapping[str, FactValue]) -> bool:
        """Whether the value contradicts nothing: a level is its owner's, a clearance its actor's."""
        whose = WHOSE.get(fact)
        if whose is None:
            return True
        nation = known.get(whose, held.get(whose))
        return nation is None or nation_of(str(self.value)) == nation


def words_of(
    fact: str, probes: Sequence[Probe], known: Mapping[str, FactValue], unknown: Sequence[str]
) -> tuple[Word, ...]:
    """The words of an unknown fact, values that all probes treat alike counted together."""
    alike: dict[object, list[FactValue]] = {}
    whose = fact in WHOSE and (WHOSE[fact] in unknown or WHOSE[fact] in known)
    named = _told_apart(probes)
    # All values that no probe names are treated alike: that is found out once.
    other: object = None
    for value in _values(fact, probes, known):
        if named is not None and value not in named:
            if other is None:
                other = tuple(_treatment(probe, fact, value, known) for probe in probes)
            key = other
        else:
            key = tuple(_treatment(probe, fact, value, known) for probe in probes)
        alike.setdefault((key, nation_of(str(value))) if whose else key, []).append(value)
    return tuple(Word(values[0], len(values), tuple(values)) for values in alike.values())


def _told_apart(probes: Sequence[Probe]) -> frozenset[FactValue | None] | None:
    """The values that some probe names; None where a probe compares facts, and may tell any two values apart."""
    if not all(isinstance(probe, FactProbe) for probe in probes):
        return None
    return frozenset().union(*(probe.classes for probe in probes if isinstance(probe, FactProbe)))


def _treatment(probe: Probe, fact: str, value: FactValue, known: Mapping[str, FactValue]) -> object:
    if isinstance(probe, FactProbe):
        return probe.rules_out({fact: value})
    values = {**known, fact: value}
    return probe.rules_out(values) if all(one in values for one in probe.facts) else value


def _values(fact: str, probes: Sequence[Probe], known: Mapping[str, FactValue]) -> Sequence[FactValue]:
    if fact.startswith(UNDECIDED):
        return _named(probes)
    match FACTS[fact].type:
        case "boolean":
            return (True, False)
        case "date":
            return _days(probes, known)
        case "text":
            stated = [known[other] for other in _partners(fact, probes) if other in known]
            return tuple(dict.fromkeys([*_named(probes), *stated, *_OTHER_TEXTS]))
        case _:
            return FACTS[fact].words()


def _named(probes: Sequence[Probe]) -> Sequence[FactValue]:
    found = [value for probe in probes if isinstance(probe, FactProbe) for value in probe.classes if value is not None]
    return (*found, "")


def _partners(fact: str, probes: Sequence[Probe]) -> Sequence[str]:
    found: list[str] = []
    for probe in probes:
        if not isinstance(probe, FactProbe) and isinstance(probe.atom, Same):
            found += [other for other in probe.facts if other != fact]
    return found


def _days(probes: Sequence[Probe], known: Mapping[str, FactValue]) -> Sequence[FactValue]:
    found: set[str] = set()
    for probe in probes:
        if not isinstance(probe, FactProbe) and isinstance(probe.atom, Compare):
            day = datetime.date.fromisoformat(str(known["on"]) if probe.atom.than == "on" else probe.atom.than)
            found |= {day.isoformat(), (day - _DAY).isoformat() if day > datetime.date.min else day.isoformat()}
    return tuple(sorted(found))
