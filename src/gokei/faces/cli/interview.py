"""The interview of `gokei ask` on a terminal: one question after another, until the law can answer."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from typing import Final, TypeAlias

from gokei.faces import labels
from gokei.faces.choices import ANY_OTHER, Choices
from gokei.faces.cli.ending import language, translate
from gokei.faces.columns import columns, folded
from gokei.law.interview import Asked, Turn, turn
from gokei.law.library import Library
from gokei.terms.problems import BadInput
from gokei.terms.question import FactValue
from gokei.terms.words import N_, Translate

_HOW: Final = N_("Answer with a number, a word or its beginning.   ? not known   b back   q quit")
_NOT_KNOWN, _BACK, _QUIT = "?", "b", "q"
_WIDTH_MOST: Final = 100

Stated: TypeAlias = "dict[str, FactValue | None]"


class Interview:
    """One interview; what it says goes to stderr, so that stdout is the answer alone."""

    def __init__(self, library: Library, assume: tuple[str, ...], today: str) -> None:
        self._library = library
        self._assume = assume
        self._today = today
        self._words: Translate = translate()
        self._stated: Stated = {}

    def run(self) -> tuple[Stated, Turn]:
        """Ask until the answer is settled, nothing is left to ask, or the asked quits; what was stated, and the end."""
        self._say(self._words(_HOW))
        now = self._turn()
        while now.asked is not None:
            if not self._put(now.asked, now.left):
                break
            now = self._turn()
        return self._stated, now

    def _turn(self) -> Turn:
        """The next turn. What contradicts the rest is said, and taken back."""
        while True:
            try:
                return turn(self._library, self._stated, self._assume)
            except BadInput as problem:
                if not self._stated:
                    raise
                self._say(problem.detail_text(self._words))
                self._stated.popitem()

    def _put(self, asked: Asked, left: int) -> bool:
        """Put one question and take its answer; False to quit."""
        choices = Choices(asked, language(), self._words)
        self._ask(choices, left)
        while True:
            typed = self._read()
            match unicodedata.normalize("NFKC", typed).casefold() if typed is not None else _QUIT:
                case "q":
                    return False
                case "b":
                    if self._stated:
                        self._stated.popitem()
                        return True
                    self._say(self._words(N_("This is the first question.")))
                case "?":
                    if not asked.required:
                        self._stated[asked.fact] = None
                        return True
                    self._say(self._words(N_("Without this the law cannot be asked.")))
                case _:
                    found = self._value(choices, str(typed))
                    if found is not None:
                        self._stated[asked.fact] = found
                        return True

    def _value(self, choices: Choices, typed: str) -> FactValue | None:
        """What was typed as a value; None, with the reason said, where it is none yet."""
        asked = choices.asked
        if not typed and asked.fact == "on":
            return self._today
        try:
            found = choices.read(typed)
        except BadInput as problem:
            self._say(problem.detail_text(self._words))
            return None
        if found is None:
            self._say(self._words(N_("Which one? Type its word.")))
        return found

    def _ask(self, choices: Choices, left: int) -> None:
        asked = choices.asked
        beside = "  " + self._words(N_("(at most {count} questions)")).replace("{count}", str(left)) if left > 1 else ""
        self._say("")
        self._say(self._words(labels.label("fact", asked.fact)) + beside)
        for number, choice in enumerate(choices.shown, 1):
            self._say(f"{number:>3}  {choice.word}" + (self._others(choices) if choice.value is None else ""))
        if asked.fact == "on":
            self._say("     " + self._words(N_("YYYY-MM-DD; Enter for today, {day}")).replace("{day}", self._today))
        elif asked.type == "date":
            self._say("     " + self._words(N_("YYYY-MM-DD")))
        elif asked.type == "text":
            self._say("     " + self._words(N_("in your own words")))

    def _others(self, choices: Choices) -> str:
        """What "any other" can be, where few enough to be read."""
        if choices.asked.type != "code":
            return ""
        listed = " · ".join(choices.word(value) for value in choices.asked.others)
        width = min(shutil.get_terminal_size().columns, _WIDTH_MOST)
        first = 5 + columns(self._words(ANY_OTHER)) + 2
        return ": " + folded(listed, width, first, "     ")

    def _read(self) -> str | None:
        """One line typed; None at the end of the input."""
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        return line.strip() if line else None

    @staticmethod
    def _say(text: str) -> None:
        sys.stderr.write(text + "\n")
