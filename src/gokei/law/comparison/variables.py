"""The facts of two matters together, each with as few words as tell its values apart in either of them.

A fact that is compared with another (a clearance with a level, a purpose with another purpose) or with the day of the
question has the ways in which its comparisons turn out for words: which of them can come about depends on what was
chosen before. So every choice of words is a class of questions, and each question that states all facts is in one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, NamedTuple, TypeAlias

from gokei.law.conditions import Atom, Compare, Covers
from gokei.law.masks import UNDECIDED, FactProbe, Mask, place_of
from gokei.law.matters import Matter
from gokei.terms.facts import FACTS
from gokei.terms.markings import nation_of
from gokei.terms.question import FactValue

WHOSE: Final[Mapping[str, str]] = {"level": "owner", "clearance": "actor"}
# Two texts that nobody states stand for all the others: conditions only ask whether texts are the same.
ONE_TEXT: Final = "\x00one"
OTHER_TEXT: Final = "\x00other"
_DAY: Final = datetime.timedelta(days=1)
Truths: TypeAlias = tuple[tuple[Atom, bool], ...]


class Word(NamedTuple):
    """Values of a fact that both matters treat alike, and how the comparisons that end in this fact turn out.

    `treated` tells apart how lists of values treat them, which words that differ in a comparison can have in common.
    """

    values: tuple[FactValue, ...]
    truths: Truths
    treated: object


@dataclass(frozen=True, slots=True)
class Variable:
    """One fact, or one undecided provision: its words, and the places of the facts that bound what it can be."""

    fact: str
    words: tuple[Word, ...]
    bounded_by: tuple[int, ...] = ()

    @property
    def whole(self) -> Mask:
        """The mask of all words."""
        return (1 << len(self.words)) - 1

    @property
    def undecided(self) -> tuple[str, str] | None:
        """Instrument and provision, where it is no fact but what the parties have yet to decide."""
        if not self.fact.startswith(UNDECIDED):
            return None
        instrument, _, provision = self.fact.removeprefix(UNDECIDED).partition(" ")
        return instrument, provision


class Variables:
    """The variables of two matters, in the order of an interview."""

    def __init__(self, one: Matter, other: Matter) -> None:
        self._probes = (*one.probes, *other.probes)
        self._variants = _variants(one) | _variants(other)
        facts = {fact for probe in self._probes for fact in probe.facts}
        self._facts = sorted(facts, key=lambda fact: (place_of(fact), fact))
        self._place = {fact: place for place, fact in enumerate(self._facts)}
        atoms = {probe.atom for probe in self._probes if not isinstance(probe, FactProbe)}
        self._atoms = sorted(atoms, key=_order)
        self._ending: list[list[Atom]] = [
            [atom for atom in self._atoms if max(self._place[fact] for fact in atom.facts) == place]
            for place in range(len(self._facts))
        ]
        found: list[Variable] = []
        for place in range(len(self._facts)):
            found.append(self._variable(place, found))
        self.all = tuple(found)
        self._open = cache(self._worked_out)
        # What clearances are held against; more than one where the two sides hold them against other tables.
        self.tables = tuple(atom for atom in self._atoms if isinstance(atom, Covers))

    def open(self, place: int, held: Sequence[int]) -> Mask:
        """The words that can come about at a place, given the words held at those that bound it."""
        return self._open(place, tuple(held))

    def example(self, words: Sequence[int]) -> dict[str, FactValue]:
        """One question of the class that has these words, a word for each place."""
        found: dict[str, FactValue] = {}
        for place, number in enumerate(words):
            variable = self.all[place]
            fact, word = variable.fact, variable.words[number]
            fitting = self._marked_nations(fact, words)
            found[fact] = next(
                value
                for value in word.values
                if (fitting is None or value in fitting)
                and (WHOSE.get(fact) not in found or nation_of(str(value)) == found[WHOSE[fact]])
                and self._turns_out(fact, value, found, word.truths)
            )
        for variable, number in zip(self.all, words, strict=True):
            for atom, holds in variable.words[number].truths:
                if _of_the_day(atom) and isinstance(atom, Compare):
                    late = holds is (atom.order == "on_or_after")
                    found[variable.fact] = (datetime.date.max if late else datetime.date.min).isoformat()
        return found

    def _marked_nations(self, fact: str, words: Sequence[int]) -> set[str] | None:
        """The nations that all markings chosen for `fact` (an owner, an actor) can be of; None where any can be."""
        marked = [self._place[mark] for mark, whose in WHOSE.items() if whose == fact and mark in self._place]
        if not marked:
            return None
        return set.intersection(
            *({nation_of(str(value)) for value in self.all[at].words[words[at]].values} for at in marked)
        )

    def _turns_out(self, fact: str, value: FactValue, values: Mapping[str, FactValue], truths: Truths) -> bool:
        beside = {**values, fact: value}
        return all(atom.holds(beside) is holds for atom, holds in truths if not _of_the_day(atom))

    def _variable(self, place: int, before: Sequence[Variable]) -> Variable:
        fact = self._facts[place]
        ending = self._ending[place]
        bounds = {self._place[other] for atom in ending for other in atom.facts if other != fact}
        if WHOSE.get(fact) in self._place:
            bounds.add(self._place[WHOSE[fact]])
        partners = sorted(bounds - {self._place.get(WHOSE.get(fact, ""), -1)})
        found: dict[tuple[object, Truths], list[FactValue]] = {}
        for value in self._values(fact):
            treated = self._treated(fact, value)
            for words in product(*(before[one].words for one in partners)):
                beside = {before[one].fact: word.values[0] for one, word in zip(partners, words, strict=True)}
                for truths in _ways(ending, {**beside, fact: value}):
                    alike = found.setdefault((treated, truths), [])
                    if value not in alike:
                        alike.append(value)
        words_found = tuple(Word(tuple(values), truths, treated) for (treated, truths), values in found.items())
        return Variable(fact, words_found, tuple(sorted(bounds)))

    def _treated(self, fact: str, value: FactValue) -> object:
        """What tells a value from others: what each probe makes of it, alone and beside the facts still to come."""
        found: list[object] = []
        for probe in self._probes:
            if fact not in probe.facts:
                continue
            if isinstance(probe, FactProbe):
                found.append(probe.classes.get(value, 0))
            elif len(probe.facts) > 1 and fact != max(probe.facts, key=self._place.__getitem__):
                other = max(probe.facts, key=self._place.__getitem__)
                found.append(tuple(probe.atom.holds({fact: value, other: one}) for one in self._values(other)))
        return tuple(found)

    def _named_values(self, fact: str) -> Iterable[FactValue]:
        for probe in self._probes:
            if isinstance(probe, FactProbe) and probe.fact == fact:
                yield from (value for value in probe.classes if value is not None)
            elif not isinstance(probe, FactProbe) and fact in probe.facts:
                pairs = getattr(probe.atom, "pairs", ())
                yield from (value for pair in pairs for value in pair)

    def _worked_out(self, place: int, held: tuple[int, ...]) -> Mask:
        variable = self.all[place]
        chosen = {self._facts[at]: self.all[at].words[word] for at, word in zip(variable.bounded_by, held, strict=True)}
        whose = chosen.pop(WHOSE.get(variable.fact, ""), None)
        beside = {fact: word.values[0] for fact, word in chosen.items()}
        found = 0
        for number, word in enumerate(variable.words):
            for value in word.values:
                owned = whose is None or nation_of(str(value)) in whose.values
                if owned and self._turns_out(variable.fact, value, beside, word.truths):
                    found |= 1 << number
                    break
        return found

    def _values(self, fact: str) -> Sequence[FactValue]:
        if fact.startswith(UNDECIDED):
            return self._variants[fact]
        match FACTS[fact].type:
            case "boolean":
                return (True, False)
            case "date":
                return self._days(fact)
            case "text":
                beside = {other for atom in self._atoms if fact in atom.facts for other in atom.facts} | {fact}
                stated = sorted({str(value) for other in beside for value in self._named_values(other)})
                later = any(fact == max(a.facts, key=self._place.__getitem__) for a in self._atoms if fact in a.facts)
                return (*stated, ONE_TEXT, *((OTHER_TEXT,) if later else ()))
            case _:
                return FACTS[fact].words()

    def _days(self, fact: str) -> Sequence[FactValue]:
        than = {atom.than for atom in self._atoms if isinstance(atom, Compare) and atom.fact == fact} - {"on"}
        days = sorted(datetime.date.fromisoformat(one) for one in than)
        before = (days[0] - _DAY if days[0] > datetime.date.min else days[0],) if days else (datetime.date.min,)
        return tuple(day.isoformat() for day in (*before, *days))


def _order(atom: Atom) -> tuple[str, ...]:
    """Where a comparison stands among others, alike in every process: how a set is printed is not."""
    pairs = sorted(map(str, getattr(atom, "pairs", ())))
    return (type(atom).__name__, *atom.facts, getattr(atom, "order", ""), getattr(atom, "than", ""), *pairs)


def _of_the_day(atom: Atom) -> bool:
    return isinstance(atom, Compare) and atom.than == "on"


def _ways(ending: Sequence[Atom], values: Mapping[str, FactValue]) -> Iterable[Truths]:
    """How the comparisons can turn out; the day of the question is each side's own, so against it both ways can."""
    ways = [(True, False) if _of_the_day(atom) else (atom.holds(values),) for atom in ending]
    return (tuple(zip(ending, truths, strict=True)) for truths in product(*ways))


def _variants(matter: Matter) -> dict[str, tuple[FactValue, ...]]:
    found: dict[str, dict[FactValue, None]] = {}
    for body in matter.bodies:
        for rule in body.rules:
            name = f"{UNDECIDED}{rule.provision.instrument} {rule.provision.id}"
            found.setdefault(name, {}).update(dict.fromkeys(rule.provision.variants or {}))
    return {name: tuple(words) for name, words in found.items() if words}
