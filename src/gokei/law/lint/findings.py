"""What the check of packs finds beside errors: warnings and information, each with its place and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from gokei.law.instruments import Instrument
from gokei.law.loader import PackFile
from gokei.law.loader.nodes import MAPPING, Node
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, filled
from gokei.terms.words import Translate, identity

WARNING: Final = "warning"
INFORMATION: Final = "information"


class Finding(NamedTuple):
    """One thing that a lawyer should look at. `detail` and `next_step` are message ids, filled out of `params`."""

    severity: str
    check: str
    path: str | None
    line: int | None
    column: int | None
    instrument: str | None
    provision: str | None
    detail: str
    next_step: str
    params: Mapping[str, str]

    def as_json(self, translate: Translate = identity) -> JsonObject:
        """The finding as `law check --json` lists it."""
        return {
            "severity": self.severity,
            "check": self.check,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "instrument": self.instrument,
            "provision": self.provision,
            "detail": filled(self.detail, self.params, translate),
            "next": filled(self.next_step, self.params, translate),
        }

    def as_problem(self) -> BadInput:
        """The finding as an error, where warnings count."""
        return BadInput(
            check=self.check,
            detail=self.detail,
            next_step=self.next_step,
            params=self.params,
            path=self.path,
            line=self.line,
            column=self.column,
            instrument=self.instrument,
            provision=self.provision,
        )


class Pack:
    """One instrument with its file: where each part of it stands, and what was found there."""

    def __init__(self, instrument: Instrument, file: PackFile) -> None:
        self.instrument = instrument
        self.file = file
        self.findings: list[Finding] = []
        self._used: set[tuple[int | None, str]] = set()

    def node_of(self, number: int, *names: str) -> Node:
        """A part of one provision, by number; the provision itself where it has no such part."""
        found = part(self.file.node, "provisions").parts[number]
        for name in names:
            found = part(found, name)
        return found

    def warn(
        self,
        node: Node,
        number: int | None = None,
        *,
        check: str,
        detail: str,
        next_step: str,
        severity: str = WARNING,
        **params: str,
    ) -> None:
        """A finding at a node, of the provision with that number; nothing where the pack says that it knows it."""
        provision = None if number is None else self.instrument.provisions[number]
        for key, allowed in ((number, provision.lint if provision else None), (None, self.instrument.lint)):
            if allowed is not None and check in allowed.checks:
                self._used.add((key, check))
                return
        name = provision.id if provision else None
        place = (self.file.path, node.line, node.column)
        self.findings.append(Finding(severity, check, *place, self.instrument.id, name, detail, next_step, params))

    def unused(self) -> Iterator[tuple[int | None, str]]:
        """The acknowledgements that nothing was found for: of which provision, or of the instrument, and of what."""
        if self.instrument.lint:
            yield from ((None, check) for check in self.instrument.lint.checks if (None, check) not in self._used)
        for number, one in enumerate(self.instrument.provisions):
            for check in one.lint.checks if one.lint else ():
                if (number, check) not in self._used:
                    yield number, check


def part(node: Node, name: str) -> Node:
    """The value of that name in a mapping; the node itself where there is none."""
    if node.shape == MAPPING:
        for key, value in zip(node.parts[::2], node.parts[1::2], strict=True):
            if key.text == name:
                return value
    return node


def has(node: Node, name: str) -> bool:
    """Whether a mapping has that name."""
    return node.shape == MAPPING and any(key.text == name for key in node.parts[::2])
