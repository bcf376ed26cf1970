"""What a form shows in its inputs: what was typed, what can be chosen, what is wrong with which input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from gokei.faces.forms.reading import WHOLE
from gokei.terms.json_types import JsonObject

Options: TypeAlias = Sequence[tuple[str, str]]
INDEX: Final = re.compile(r"\.[0-9]+(?=\.)")
BRACKETS: Final = re.compile(r"\[([0-9]+)\]")


def input_name(field: object) -> str:
    """The input that a problem's field names: `lines[0].unit` is typed in `lines.0.unit`."""
    return BRACKETS.sub(r".\1", str(field or "")).removeprefix("body.")


class Shown:
    """The state of one form. Options are by name without indexes: `lines.unit` serves every line."""

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]] = (),
        options: Mapping[str, Options] | None = None,
        hidden: Iterable[str] = (),
        problem: JsonObject | None = None,
        rows: Mapping[str, int] | None = None,
        open_facts: bool = False,
        omitted: Iterable[str] = (),
        captions: Mapping[str, str] | None = None,
    ) -> None:
        self._texts: dict[str, list[str]] = {}
        for name, text in pairs:
            self._texts.setdefault(name, []).append(text)
        self._options = dict(options or {})
        self._hidden = frozenset(hidden)
        self._wrong = wrong_fields(problem)
        self._rows = dict(rows or {})
        self._omitted = frozenset(omitted)
        self._captions = dict(captions or {})
        self.open_facts = open_facts

    def text(self, name: str) -> str:
        """What stands in the input; empty where nothing does."""
        return self._texts.get(name, [""])[-1]

    def texts(self, name: str) -> list[str]:
        """All that is chosen of several; texts with spaces count as several."""
        return [word for text in self._texts.get(name, []) for word in text.split()]

    def options(self, name: str) -> Options | None:
        """What can be chosen here: value and words; None where the input is free."""
        return self._options.get(INDEX.sub("", name))

    def is_hidden(self, name: str) -> bool:
        """Whether the page has settled this field already."""
        return INDEX.sub("", name) in self._hidden and bool(self.text(name))

    def is_omitted(self, name: str) -> bool:
        """Whether the page leaves this field out: its case states it."""
        return name in self._omitted

    def caption(self, name: str) -> str:
        """What a row is about; empty where nothing is said of it."""
        return self._captions.get(name, "")

    def wrong(self, name: str) -> str | None:
        """What is wrong with this input."""
        return self._wrong.get(name)

    def any_under(self, name: str) -> bool:
        """Whether anything is stated in the group `name`, or wrong with it."""
        start = name + "."
        return any(key.startswith(start) and any(texts) for key, texts in self._texts.items()) or any(
            key.startswith(start) for key in self._wrong
        )

    def count(self, name: str) -> int:
        """How many rows to show: those stated, those asked for, and at least one."""
        start = name + "."
        indexes = [key[len(start) :].partition(".")[0] for key in self._texts if key.startswith(start)]
        stated = max((int(index) + 1 for index in indexes if WHOLE.fullmatch(index)), default=0)
        return max(stated, self._rows.get(name, 0), 1)


def wrong_fields(problem: JsonObject | None) -> dict[str, str]:
    """What a problem says about which inputs, by the input's name."""
    if problem is None:
        return {}
    several = problem.get("problems")
    each = several if isinstance(several, list) else [problem]
    found: dict[str, str] = {}
    for one in each:
        if isinstance(one, dict) and isinstance(one.get("field"), str):
            found.setdefault(input_name(one["field"]), str(one.get("detail", "")))
    return found
