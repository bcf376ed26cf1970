"""Provisions held against each other: which contradict, which nothing can reach, which say the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from gokei.law.conditions import Condition, facts_of
from gokei.law.instruments import Provision
from gokei.law.lint.findings import Pack
from gokei.law.lint.regions import Reading, Regions, Stretch, counts, readings, region, speaks, stretches
from gokei.law.roles import resolve
from gokei.terms.json_types import JsonObject
from gokei.terms.words import N_

_SHOWN: Final = 4


class Place(NamedTuple):
    """One reading in one stretch of days, with the provisions that speak then and bear on any question, by number."""

    reading: Reading
    stretch: Stretch
    regions: Mapping[int, Condition]


class Rules:
    """The provisions of one pack, with the places in which they bear on any question."""

    def __init__(self, pack: Pack, partners: Mapping[str, frozenset[str]], asker: Regions) -> None:
        self.pack = pack
        self.provisions = pack.instrument.provisions
        self._asker = asker
        self._days = stretches(pack.instrument)
        self._readings = readings(pack.instrument, partners)
        self.places = [*self._places()]

    def _places(self) -> Iterator[Place]:
        instrument = self.pack.instrument
        for reading in self._readings:
            found = {
                number: region(one, instrument, reading)
                for number, one in enumerate(self.provisions)
                if speaks(one, reading)
            }
            for stretch in self._days:
                held = {
                    number: condition
                    for number, condition in found.items()
                    if counts(instrument, self.provisions[number], stretch)
                    and self._asker.any_question(reading.applies, [condition], [], stretch.day)
                }
                yield Place(reading, stretch, held)

    def check(self) -> None:
        """Note everything that is to be said of the provisions."""
        reached = {number for place in self.places for number in place.regions}
        for number, one in enumerate(self.provisions):
            if number not in reached:
                self._unreached(number, one)
            elif not self._contradicted(number, one):
                self._covered(number, one)
        self._pairs()

    def _unreached(self, number: int, one: Provision) -> None:
        in_force = any(counts(self.pack.instrument, one, stretch) for stretch in self._days)
        if not in_force:
            self.pack.warn(
                self.pack.node_of(number, "in_force"),
                number,
                check="unreachable",
                detail=N_("It is in force on no day on which the instrument itself is."),
                next_step=N_("Correct in_force here, or the events of the instrument."),
            )
        elif one.effect == "require" and self._applies_anywhere(one):
            self.pack.warn(
                self.pack.node_of(number, "that"),
                number,
                check="unreachable",
                detail=N_("What it requires is always so: no question can break it."),
                next_step=N_("Correct the condition under that, or leave the provision out."),
            )
        else:
            self.pack.warn(
                self.pack.node_of(number, "when"),
                number,
                check="unreachable",
                detail=N_("No question can meet its condition."),
                next_step=N_("Correct the condition under when, or leave the provision out."),
            )

    def _applies_anywhere(self, one: Provision) -> bool:
        rows = self.pack.instrument.equivalences
        return any(
            self._asker.any_question(reading.applies, [resolve(one.when, reading.roles, rows)], [], stretch.day)
            for reading in self._readings
            if speaks(one, reading)
            for stretch in self._days
        )

    def _contradicted(self, number: int, one: Provision) -> bool:
        """A permit that prohibitions swallow whole from some day on, or a requirement that nothing can meet."""
        if one.effect == "require":
            return self._impossible(number, one)
        if one.effect != "permit":
            return False
        for stretch in self._days:
            places = [place for place in self.places if place.stretch == stretch and number in place.regions]
            over = {
                other
                for place in places
                for other in place.regions
                if self._voice(other) == ("prohibit", one.law_of) and self._meet(place, number, other)
            }
            if places and over and all(self._inside(place, number, over) for place in places):
                self._note_contradiction(number, sorted(over), stretch)
                return True
        return False

    def _note_contradiction(self, number: int, over: list[int], stretch: Stretch) -> None:
        began = stretch.since and stretch.since != self.provisions[number].in_force.since
        dated = began and stretch.since != min((one.since for one in self._days if one.since), default=None)
        narrow = N_("Narrow the condition of one of them, or leave the permit out.")
        end = N_("End the permit there (in_force: {until: '{day}'}), or narrow the condition of one of them.")
        self.pack.warn(
            self.pack.node_of(number, "when"),
            number,
            check="contradiction",
            detail=N_("Whatever it permits, {others} of the same instrument prohibits."),
            next_step=end if dated else narrow,
            others=self._named(over),
            day=stretch.since.isoformat() if stretch.since else "",
        )

    def _impossible(self, number: int, one: Provision) -> bool:
        rows = self.pack.instrument.equivalences
        for reading in self._readings:
            when, that = (resolve(part, reading.roles, rows) for part in (one.when, one.that))
            days = [day.day for day in self._days if counts(self.pack.instrument, one, day)]
            if speaks(one, reading) and any(
                self._asker.any_question(reading.applies, [when, that], [], day) for day in days
            ):
                return False
        self.pack.warn(
            self.pack.node_of(number, "that"),
            number,
            check="contradiction",
            detail=N_("No question to which it applies can meet what it requires."),
            next_step=N_("Correct the condition under that; what is never allowed is a prohibit."),
        )
        return True

    def _covered(self, number: int, one: Provision) -> None:
        """A provision before which others of the same effect bear on every question on which it bears."""
        places = [place for place in self.places if number in place.regions]
        before = [other for other in range(number) if self._alike(one, self.provisions[other])]
        if not before or not all(self._inside(place, number, before) for place in places):
            return
        alone = [other for other in before if all(self._inside(place, number, [other]) for place in places)]
        over = alone[:1] or [other for other in before if any(self._meet(place, number, other) for place in places)]
        self.pack.warn(
            self.pack.node_of(number),
            number,
            check="unreachable",
            detail=N_("{others}, which stands before it, says the same of every question on which it bears."),
            next_step=N_("Leave it out, or narrow what stands before it."),
            others=self._named(over),
        )

    def _pairs(self) -> None:
        for number, one in enumerate(self.provisions):
            same = [other for other in range(number) if self.provisions[other].id == one.id]
            twice = next((other for other in same if self._overlaps(number, other)), None)
            if twice is not None:
                self.pack.warn(
                    self.pack.node_of(number, "id"),
                    number,
                    check="overlap",
                    detail=N_(
                        "{name} stands here again, in force on the same days for the same questions (line {line})."
                    ),
                    next_step=N_("End the earlier one (in_force: {until: DAY}), or tell the two apart by when."),
                    name=one.id,
                    line=str(self.pack.node_of(twice).line),
                )
            differs = next((other for other in range(number) if self._obliges_otherwise(number, other)), None)
            if differs is not None:
                self.pack.warn(
                    self.pack.node_of(number, "obligation"),
                    number,
                    check="obligations-differ",
                    detail=N_("For the same question {others} obliges to the same with other terms: {terms}."),
                    next_step=N_("Tell the two apart by when or by their methods, or write one obligation."),
                    others=self._named([differs]),
                    terms=", ".join(self._other_terms(number, differs)),
                )

    def _overlaps(self, number: int, other: int) -> bool:
        one, two = self.provisions[number], self.provisions[other]
        if not self._alike(one, two) or one.side != two.side or one.effect == "oblige":
            return False
        if one.effect == "require":
            rows = self.pack.instrument.equivalences
            return bool(facts_of(one.that) & facts_of(two.that)) and any(
                self._asker.any_question(
                    place.reading.applies,
                    [resolve(each.when, place.reading.roles, rows) for each in (one, two)],
                    [],
                    place.stretch.day,
                )
                for place in self._both(number, other)
            )
        return any(self._meet(place, number, other) for place in self._both(number, other))

    def _obliges_otherwise(self, number: int, other: int) -> bool:
        if not self._other_terms(number, other):
            return False
        if self.provisions[number].law_of != self.provisions[other].law_of:
            return False
        return any(self._meet(place, number, other) for place in self._both(number, other))

    def _other_terms(self, number: int, other: int) -> list[str]:
        one, two = self.provisions[number].obligation, self.provisions[other].obligation
        return _other_terms(one, two) if one and two else []

    def _both(self, number: int, other: int) -> list[Place]:
        return [place for place in self.places if number in place.regions and other in place.regions]

    def _meet(self, place: Place, number: int, other: int) -> bool:
        """Whether both bear on some question there."""
        if other not in place.regions:
            return False
        inside = [place.regions[number], place.regions[other]]
        return self._asker.any_question(place.reading.applies, inside, [], place.stretch.day)

    def _inside(self, place: Place, number: int, others: list[int] | set[int]) -> bool:
        """Whether the others together bear on every question there on which the provision bears."""
        over = [place.regions[other] for other in sorted(others) if other in place.regions]
        inside = [place.regions[number]]
        return bool(over) and not self._asker.any_question(place.reading.applies, inside, over, place.stretch.day)

    def _voice(self, number: int) -> tuple[str, str | None]:
        return self.provisions[number].effect, self.provisions[number].law_of

    @staticmethod
    def _alike(one: Provision, other: Provision) -> bool:
        """Whether both say the same thing of a question on which they bear."""
        if (one.effect, one.law_of, one.variants) != (other.effect, other.law_of, other.variants):
            return False
        return one.obligation == other.obligation

    def _named(self, numbers: list[int]) -> str:
        names = [f"{self.provisions[number].id} (L{self.pack.node_of(number).line})" for number in numbers]
        return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def _other_terms(one: JsonObject, other: JsonObject) -> list[str]:
    """The terms in which two obligations of one kind differ; none where they speak of other ways of settling."""
    if one["kind"] != other["kind"]:
        return []
    found = [name for name in one if name in other and name != "methods" and one[name] != other[name]]
    here, there = one.get("methods"), other.get("methods")
    if isinstance(here, list) and isinstance(there, list):
        common = [method for method in here if method in there]
        if not common:
            return []
        # Where one names some of the ways that the other names, it only adds to it.
        if len(common) < min(len(here), len(there)):
            found.insert(0, "methods")
    return found
