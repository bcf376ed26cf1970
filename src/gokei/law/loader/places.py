"""A place in a pack: reads what should stand there, and notes a problem, with its place, where it does not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gokei.law.loader.nodes import BOOLEAN, LIST, MAPPING, Node
from gokei.law.loader.shapes import Shape
from gokei.terms import limits
from gokei.terms.dates import parse_date, parse_instant, shown
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

_NEXT: Final = N_("Correct the pack, then check it: gokei law check DIR")


class Notes:
    """The problems of one reading, in the order in which they were found; bounded."""

    def __init__(self) -> None:
        self.problems: list[BadInput] = []

    def add(self, problem: BadInput) -> None:
        """Note one more, up to the bound (limits.PACK_PROBLEMS)."""
        if len(self.problems) < limits.PACK_PROBLEMS:
            self.problems.append(problem)


class Place:
    """One node in one file. What cannot be read is noted and read as None; the caller goes on to find more."""

    def __init__(self, node: Node, path: str, notes: Notes) -> None:
        self.node = node
        self.path = path
        self.notes = notes

    def at(self, node: Node) -> Place:
        """Another node of the same file."""
        return Place(node, self.path, self.notes)

    def note(self, check: str, detail: str, **params: str) -> None:
        """Note that something is wrong here."""
        self.notes.add(
            BadInput(
                check=check,
                detail=detail,
                next_step=_NEXT,
                params=params,
                path=self.path,
                line=self.node.line,
                column=self.node.column,
            )
        )

    def fields(self, required: Sequence[str], optional: Sequence[str]) -> dict[str, Place]:
        """The named parts of a mapping; unknown, repeated and missing names are noted."""
        found: dict[str, Place] = {}
        if self.node.shape != MAPPING:
            self.note("pack-shape", N_("A mapping with {names} should stand here."), names=", ".join(required))
            return found
        for name, place in self.pairs():
            if name in {*required, *optional}:
                found[name] = place
            else:
                near = nearest(name, [*required, *optional])
                detail = N_("There is no field {name} here. Did you mean {nearest}?")
                place.note(
                    "pack-field",
                    detail if near else N_("There is no field {name} here."),
                    name=shown(name),
                    nearest=near or "",
                )
        for name in required:
            if name not in found:
                self.note("pack-missing", N_("The field {name} is missing."), name=name)
        return found

    def fields_of(self, shape: Shape, more: Sequence[str] = ()) -> dict[str, Place]:
        """The named parts of a mapping of that shape, which may have `more` fields beside."""
        return self.fields(shape.required, (*shape.optional, *more))

    def pairs(self) -> list[tuple[str, Place]]:
        """Names and values of a mapping; a repeated name is noted and left out. Nothing where it is no mapping."""
        if self.node.shape != MAPPING:
            self.note("pack-shape", N_("A mapping should stand here."))
            return []
        found: dict[str, Place] = {}
        for key, value in zip(self.node.parts[::2], self.node.parts[1::2], strict=True):
            if key.text in found or key.parts:
                self.at(key).note("pack-repeated", N_("The name {name} stands here twice."), name=shown(key.text))
            else:
                found[key.text] = self.at(value)
        return list(found.items())

    def items(self) -> list[Place]:
        """The parts of a list."""
        if self.node.shape != LIST:
            self.note("pack-shape", N_("A list should stand here."))
            return []
        return [self.at(part) for part in self.node.parts]

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text for item in self.items() if (text := item.text()) is not None)

    @property
    def scalar(self) -> bool:
        """Whether one plain value stands here."""
        return self.node.shape not in {MAPPING, LIST}

    def text(self) -> str | None:
        """A text that is not empty."""
        if not self.scalar or not self.node.text.strip():
            self.note("pack-text", N_("A text should stand here."))
            return None
        return self.node.text

    def boolean(self) -> bool | None:
        """true or false."""
        if self.node.shape != BOOLEAN:
            self.note("pack-boolean", N_("true or false should stand here."))
            return None
        return self.node.text == "true"

    def word(self, words: Iterable[str], check: str = "pack-word") -> str | None:
        """One of the words; the nearest is named where it is none."""
        known = list(words)
        if self.scalar and self.node.text in known:
            return self.node.text
        near = nearest(self.node.text, known) if self.scalar else None
        detail = N_("{value} is not a valid word here. Did you mean {nearest}?")
        self.note(
            check,
            detail if near else N_("{value} is not a valid word here; valid are {words}."),
            value=shown(self.node.text),
            nearest=near or "",
            words=shown(", ".join(known)),
        )
        return None

    def day(self) -> datetime.date | None:
        """A day of the calendar."""
        try:
            return parse_date(self.node.text if self.scalar else None, "date")
        except BadInput as problem:
            self.note(problem.check, problem.detail, **problem.params)
            return None

    def instant(self) -> datetime.datetime | None:
        """An instant with its offset, in UTC."""
        try:
            return parse_instant(self.node.text if self.scalar else None, "at")
        except BadInput as problem:
            self.note(problem.check, problem.detail, **problem.params)
            return None

    def says(self, shape: Shape) -> Mapping[str, str] | None:
        """One text in each language; a language that is left out has the words of the first."""
        fields = self.fields_of(shape)
        found = {name: text for name, place in fields.items() if (text := place.text()) is not None}
        if len(found) < len(fields) or not {*shape.required} <= {*found}:
            return None
        first = found[shape.required[0]]
        return {name: found.get(name, first) for name in shape.fields}
