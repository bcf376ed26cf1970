"""What the steps of all matters look at, each with the letters that a row can show it.

A symbol is one probe as every matter has it: one fact, or one comparison. A row's letter for a symbol is a small
number; rows of one letter give every probe of that symbol the same key, so what one of them leads to, all of them lead
to. Letter 0 is the row where nothing of it is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import mul
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gokei.law.columns.codes import UNKNOWN_DAY, Coded, Codes, day_number, words_of
from gokei.law.conditions import All, Any, Compare, Condition, Member, Not, Same
from gokei.law.library import Library
from gokei.law.masks import WHOSE, AtomProbe, Probe
from gokei.law.roles import ROLE_WORDS
from gokei.terms.facts import FACTS
from gokei.terms.markings import MARKINGS, nation_of
from gokei.terms.question import FactValue

Letters: TypeAlias = NDArray[np.intp]
OTHER: Final = 1


class Alphabet:
    """Each fact's values in classes: 0 unknown, 1 every value that no condition names, 2 and on one named each."""

    def __init__(self, library: Library) -> None:
        self._named = named_values(library)
        self._classes: dict[str, tuple[Codes | None, int]] = {}

    def classes(self, fact: str) -> tuple[Codes | None, int]:
        """The class of each code of a fact, None where the codes themselves will do; and how many classes there are."""
        found = self._classes.get(fact)
        if found is None:
            words = words_of(fact)
            named = [word for word in words if word in self._named.get(fact, ())]
            places = {word: place for place, word in enumerate(named, OTHER + 1)}
            table = np.array([0, *(places.get(word, OTHER) for word in words)], dtype=np.uint8)
            found = (None, len(words) + 1) if len(named) >= len(words) - 1 else (table, len(named) + OTHER + 1)
            self._classes[fact] = found
        return found

    def texts(self, fact: str) -> tuple[FactValue, ...]:
        """The values of a text that some condition names."""
        return tuple(sorted(map(str, self._named.get(fact, ()))))


class Symbol:
    """One probe of all matters.

    `facts` are those that it looks at, with those that bound them where they are unknown; `width` is how many letters
    there can be.
    """

    def __init__(self, probe: Probe, alphabet: Alphabet) -> None:
        own = probe.facts
        self.facts = (*own, *(WHOSE[fact] for fact in own if fact in WHOSE))
        # What a step needs to know of a row to go on: a bound may have been asked for before, and stays.
        self.telling = tuple(dict.fromkeys(("on", *own, *WHOSE.values())))
        self._own = own
        self._atom = probe.atom if isinstance(probe, AtomProbe) else None
        self._alphabet = alphabet
        self._texts = FACTS[own[0]].type in {"text", "nsn"} if own[0] in FACTS else False
        match self._atom:
            case Compare():
                self.width = 3
            case Same(fact, other):
                self.width = 2 * self._text_width(fact) * self._text_width(other)
            case _ if self._texts:
                self.width = self._text_width(own[0])
            case _:
                self.width = reduce(mul, (alphabet.classes(fact)[1] for fact in self.facts if fact in FACTS), 1)

    def letters(self, coded: Coded) -> Codes | Letters:
        """Each row's letter."""
        match self._atom:
            case Compare(fact, order, than):
                return _compared(coded, fact, order, than)
            case Same(fact, other):
                return self._same(coded, fact, other)
            case _ if self._texts:
                return self._named_texts(coded, self._own[0])
            case _:
                return self._product(coded)

    def _product(self, coded: Coded) -> Codes | Letters:
        """One letter for every way in which the classes of the facts come together."""
        first, *others = self._own
        if len(self.facts) == 1:
            return self._class_of(coded, first)[0]
        letters: Letters = self._class_of(coded, first)[0].astype(np.intp)
        for fact in others:
            more, count = self._class_of(coded, fact)
            letters = letters * count + more
        for fact in self._own:
            if fact in WHOSE:
                whose, count = self._class_of(coded, WHOSE[fact])
                letters = letters * count + np.where(coded.code(fact) == 0, whose, np.uint8(0))
        return letters

    def _class_of(self, coded: Coded, fact: str) -> tuple[Codes, int]:
        table, count = self._alphabet.classes(fact)
        codes = coded.code(fact)
        return codes if table is None else table.take(codes), count

    def _text_width(self, fact: str) -> int:
        return len(self._alphabet.texts(fact)) + OTHER + 1

    def _named_texts(self, coded: Coded, fact: str) -> Letters:
        """Unknown, some text that no condition names, or which of those that one does."""
        letters: Letters = np.zeros(coded.height, dtype=np.intp)
        texts = coded.texts.get(fact)
        if texts is not None:
            letters[texts.is_not_null().to_numpy()] = OTHER
            for place, value in enumerate(self._alphabet.texts(fact), OTHER + 1):
                letters[(texts == value).fill_null(value=False).to_numpy()] = place
        return letters

    def _same(self, coded: Coded, fact: str, other: str) -> Letters:
        """Beside what is known of both texts, whether they are the same."""
        letters = self._named_texts(coded, fact) * self._text_width(other) + self._named_texts(coded, other)
        one, two = coded.texts.get(fact), coded.texts.get(other)
        letters *= 2
        if one is not None and two is not None:
            letters += (one == two).fill_null(value=False).to_numpy()
        return letters


def _compared(coded: Coded, fact: str, order: str, than: str) -> Letters:
    letters: Letters = np.zeros(coded.height, dtype=np.intp)
    days = coded.days.get(fact)
    if days is None:
        return letters
    other = coded.days["on"] if than == "on" else np.int32(day_number(than))
    holds = days < other if order == "before" else days >= other
    letters[:] = np.where(days == UNKNOWN_DAY, 0, np.where(holds, 1, 2))
    return letters


def named_values(library: Library) -> Mapping[str, frozenset[FactValue]]:
    """For each fact the values that some condition of some instrument names once nations stand for roles."""
    parties: set[FactValue] = {party for one in library.instruments.values() for party in one.parties}
    found: dict[str, set[FactValue]] = {fact: set(parties) for fact in ("owner", "holder", "recipient", "actor")}
    for fact, nation in WHOSE.items():
        found[fact] = set(words_of(fact))
        found[nation] |= {nation_of(code) for code in MARKINGS}
    for instrument in library.instruments.values():
        for provision in instrument.provisions:
            for condition in (provision.when, provision.that):
                for fact, values in _named(condition):
                    found.setdefault(fact, set()).update(values - ROLE_WORDS, parties if ROLE_WORDS & values else ())
    return {fact: frozenset(values) for fact, values in found.items()}


def _named(condition: Condition) -> Iterator[tuple[str, frozenset[FactValue]]]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _named(part)
        case Not(part):
            yield from _named(part)
        case Member(fact, values):
            yield fact, values
        case _:
            pass
