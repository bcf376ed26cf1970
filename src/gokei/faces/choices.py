"""What can be answered to a fact that is asked, in the reader's words, and which value a typed word means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from gokei.faces import labels
from gokei.law.interview import Asked
from gokei.terms.dates import parse_date, shown
from gokei.terms.facts import FACTS
from gokei.terms.limits import QUESTION_STRING_CHARACTERS
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.question import FactValue
from gokei.terms.words import N_, Translate

ANY_OTHER: Final = N_("any other")
_YES: Final = N_("Yes")
_NO: Final = N_("No")
_BOOLEAN_WORDS: Final = {True: ("yes",), False: ("no",)}


class Choice(NamedTuple):
    """One line to choose: its value, None for any other; the word for it."""

    value: FactValue | None
    word: str


class Choices:
    """The choices for one fact that is asked, in one language."""

    def __init__(self, asked: Asked, language: str, translate: Translate) -> None:
        self.asked = asked
        self._language = language
        self._translate = translate

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The choices in the order of their numbers; none where the answer is free."""
        found = [Choice(value, self.word(value)) for value in self.asked.offered]
        if self.asked.others:
            found.append(Choice(None, self._translate(ANY_OTHER)))
        return tuple(found)

    def word(self, value: FactValue) -> str:
        """A value in the reader's words."""
        return word_of(self.asked.fact, value, self._language, self._translate)

    def read(self, typed: str) -> FactValue | None:
        """The value that was typed: a number, a word, or the beginning of only one; None for "any other".

        Raises BadInput (`fact-code` with the nearest word, `choice-several`, `fact-type`, `date`).
        """
        text = unicodedata.normalize("NFKC", typed).strip()
        match self.asked.type:
            case "date":
                return parse_date(text, self.asked.fact).isoformat()
            case "text":
                return self._text(typed.strip())
            case _:
                return self._one_of(text)

    def _text(self, text: str) -> str:
        if not text or len(text) > QUESTION_STRING_CHARACTERS:
            raise BadInput(
                check="fact-type",
                detail=N_("{field} is a text of 1 to 1,000 characters."),
                params={"field": self.asked.fact},
                field=self.asked.fact,
            )
        return text

    def _one_of(self, text: str) -> FactValue | None:
        shown_ = self.shown
        if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= len(shown_):
            return shown_[int(text) - 1].value
        wanted = text.casefold()
        everything = self._words((*self.asked.offered, *self.asked.others))
        if self.asked.others:
            everything[self._translate(ANY_OTHER).casefold()] = None
        if wanted in everything:
            return everything[wanted]
        for values in (self._words(self.asked.offered), everything):
            found = {value: None for word, value in values.items() if wanted and word.startswith(wanted)}
            if len(found) == 1:
                return next(iter(found))
            if found:
                raise self._several(text, [value for value in found if value is not None])
        raise self._wrong(text, everything)

    def _words(self, values: Iterable[FactValue]) -> dict[str, FactValue | None]:
        """Every word that names one of the values: its code, its word for the reader, its English word."""
        found: dict[str, FactValue | None] = {}
        for value in values:
            codes = _BOOLEAN_WORDS[value] if isinstance(value, bool) else (str(value), str(value).replace("_", " "))
            words = (*codes, *names_of(self.asked.fact, value, self._language, self._translate))
            for word in words:
                found.setdefault(unicodedata.normalize("NFKC", word).casefold(), value)
        return found

    def _several(self, text: str, values: Iterable[FactValue]) -> BadInput:
        return BadInput(
            check="choice-several",
            detail=N_("{value} can mean several: {words}"),
            params={"value": shown(text), "words": " / ".join(self.word(value) for value in list(values)[:8])},
            field=self.asked.fact,
        )

    def _wrong(self, text: str, words: Iterable[str]) -> BadInput:
        near = nearest(text, words)
        detail = N_("{field}: {value} is not a valid word. Did you mean {nearest}?")
        return BadInput(
            check="fact-code",
            detail=detail if near else N_("{field}: {value} is not a valid word."),
            params={"field": self.asked.fact, "value": shown(text), "nearest": near or ""},
            field=self.asked.fact,
        )


def word_of(fact: str, value: FactValue, language: str, translate: Translate) -> str:
    """A fact's value in the reader's words; a nation by its code and its name."""
    if isinstance(value, bool):
        return translate(_YES if value else _NO)
    names = names_of(fact, value, language, translate)
    word = names[0] if names else str(value)
    is_code = FACTS[fact].type == "nation" and value not in FACTS[fact].codes and names
    return f"{value} {word}" if is_code else word


def names_of(fact: str, value: FactValue, language: str, translate: Translate) -> tuple[str, ...]:
    """The names of a value, those of the reader's language first, then the English ones."""
    if isinstance(value, bool):
        return (translate(_YES if value else _NO),)
    found = labels.label(_table(fact, value), value)
    if found != value:
        return (translate(found), found)
    if FACTS[fact].type == "nation":
        return tuple(name for code in (language, "en") if (name := nation_name(value, code)))
    return ()


def _table(fact: str, value: str) -> str:
    match FACTS[fact].type:
        case "nation":
            return "place" if value in FACTS[fact].codes else ""
        case "marking":
            return "marking"
        case _:
            return {"kind": "instrument_kind"}.get(fact, fact)


@lru_cache(maxsize=1024)
def nation_name(code: str, language: str) -> str:
    """What the language calls a nation (Unicode CLDR); empty where it has no name for the code."""
    from babel import Locale

    return str(Locale(language).territories.get(code, ""))
