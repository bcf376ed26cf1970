"""JSON Lines, one question a line, each read as strictly as a question by itself (gokei.terms.strict_json)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from gokei.law.columns.asking import BadRow, refused
from gokei.terms import limits
from gokei.terms.dates import shown
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

_TYPES: Final = {"boolean": pl.Boolean}
_LINES_AT_ONCE: Final = 65_536


def columns_of(path: Path, beside: Collection[str] = ()) -> dict[str, pl.DataType]:
    """The facts that some line states, in the order of the first that does, and their types; checks every line.

    `beside` names what is no fact but a text all the same.
    Raises BadInput (`json-…`) with line and column, and BadRow (`fact-…`).
    """
    names: dict[str, None] = {}
    for number, line in _lines(path):
        for name, value in _strict(line, number, path).items():
            names.setdefault(name)
            if name in beside and (_blank(value) or type(value) is str):
                continue
            fact = FACTS.get(name)
            if fact is None or not (_blank(value) or type(value) is (bool if fact.type == "boolean" else str)):
                raise _no_text(number, name, value, path) if name in beside else _bad(number, name, value, path)
    return {name: pl.String() if name in beside else _TYPES.get(FACTS[name].type, pl.String)() for name in names}


def pieces(path: Path, columns: dict[str, pl.DataType]) -> Iterator[pl.DataFrame]:
    """The lines as pieces of a table."""
    lines = _lines(path)
    while some := [orjson.loads(line) for _, line in islice(lines, _LINES_AT_ONCE)]:
        cells = {name: [None if _blank(value := one.get(name)) else value for one in some] for name in columns}
        yield pl.DataFrame(cells, schema=columns, height=len(some))


def rows(path: Path) -> int:
    """How many lines there are."""
    return sum(1 for _ in _lines(path))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Every line with its number; empty ones at the end are none."""
    with path.open("rb") as stream:
        empty: list[tuple[int, bytes]] = []
        number = 0
        while line := stream.readline(limits.QUESTION_BYTES + 2):
            number += 1
            if line.strip():
                yield from empty
                yield number, line
                empty = []
            elif not empty:
                empty = [(number, line)]


def _strict(line: bytes, number: int, path: Path) -> JsonObject:
    """The object of a line. The quick reading stands where it cannot have dropped a name that stands twice."""
    if len(line) <= limits.QUESTION_BYTES and b"\\" not in line:
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            found = None
        if type(found) is dict and 2 * (len(found) + _texts(found)) == line.count(b'"'):
            return found
    try:
        return parse_object(
            line.rstrip(b"\r\n"),
            path=str(path),
            max_bytes=limits.QUESTION_BYTES,
            max_depth=limits.QUESTION_DEPTH,
            max_string=limits.QUESTION_STRING_CHARACTERS,
        )
    except BadInput as problem:
        problem.line = number
        raise


def _texts(found: dict[str, Any]) -> int:
    return sum(1 for value in found.values() if type(value) is str)


def _blank(value: object) -> bool:
    return value is None or value == ""


def _no_text(number: int, name: str, value: object, path: Path) -> BadRow:
    problem = BadInput(
        check="cell-text",
        detail=N_("{field}: {value} is no text."),
        next_step=N_('Write it in quotation marks, amounts too: "410400".'),
        params={"field": name, "value": shown(value)},
        path=str(path),
        line=number,
        field=name,
    )
    return BadRow(number, problem)


def _bad(number: int, name: str, value: object, path: Path) -> BadRow:
    """A value that its fact cannot have, as the reading of one question says it."""
    problem = refused(number, {name: value})
    problem.path, problem.line = str(path), number
    return problem
