"""The one way that JSON comes in: bounded, exact, and the same for every reader (RFC 8259, RFC 7493).

The size is checked before the text is handed to the parser, which itself stops at a depth that the stack bears, so
that no input costs more than its size.
Refused beyond the grammar: a byte order mark, a name given twice, a lone surrogate, numbers that are not numbers,
and whatever exceeds a bound. Fractions become Decimal, never float.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Final, NoReturn, cast

from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_NESTING: Final = frozenset({dict, list})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NEXT: Final = N_("Correct the JSON and send it again.")


class _Repeated(ValueError):
    """A name stands twice in one object."""


class _NotANumber(ValueError):
    """A number that JSON does not have, or one beyond the bounds."""


def parse(
    data: bytes,
    *,
    path: str | None = None,
    max_bytes: int = limits.JSON_BYTES,
    max_depth: int = limits.JSON_DEPTH,
    max_string: int = limits.JSON_STRING_CHARACTERS,
) -> JsonValue:
    """The value of exactly one JSON text in UTF-8; integers as int, other numbers as Decimal.

    Raises BadInput (`json-size`, `json-encoding`, `json-depth`, `json-duplicate`, `json-number`, `json-string`,
    `json-syntax`) with line and column where there is one.
    """
    if len(data) > max_bytes:
        _refuse(
            "json-size",
            N_("The JSON is {size} bytes; at most {limit} are taken."),
            path,
            {"size": str(len(data)), "limit": str(max_bytes)},
        )
    if data.startswith(b"\xef\xbb\xbf"):
        _refuse("json-encoding", N_("The JSON begins with a byte order mark."), path, line=1, column=1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8"))
        _refuse("json-encoding", N_("The JSON is not UTF-8."), path, line=line, column=column)
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        _refuse_depth(data, max_depth, path)
    except json.JSONDecodeError as error:
        _refuse(
            "json-syntax", N_("This is not JSON: {reason}."), path, {"reason": error.msg}, error.lineno, error.colno
        )
    except _Repeated as error:
        _refuse("json-duplicate", N_("The name {name} stands twice in one object."), path, {"name": str(error)})
    except _NotANumber as error:
        _refuse("json-number", N_("The number {number} is not taken."), path, {"number": str(error)})
    if data.count(b"[") + data.count(b"{") > max_depth and _deeper(value, max_depth):
        _refuse_depth(data, max_depth, path)
    # Half a character can only come from an escape: UTF-8 itself has none.
    if len(data) > max_string or b"\\u" in data:
        _check_strings(value, max_string, path)
    return cast(JsonValue, value)


def parse_object(
    data: bytes,
    *,
    path: str | None = None,
    max_bytes: int = limits.JSON_BYTES,
    max_depth: int = limits.JSON_DEPTH,
    max_string: int = limits.JSON_STRING_CHARACTERS,
) -> JsonObject:
    """The same, for a text whose value is one object; `json-object` where it is not."""
    value = parse(data, path=path, max_bytes=max_bytes, max_depth=max_depth, max_string=max_string)
    if not isinstance(value, dict):
        _refuse("json-object", N_("The JSON is not an object."), path, line=1, column=1)
    return value


def _deeper(value: object, max_depth: int) -> bool:
    """Whether the value nests too deeply, level by level."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(max_depth):
        below: list[dict[str, object] | list[object]] = []
        for item in level:
            below += [one for one in (item.values() if isinstance(item, dict) else item) if type(one) in _NESTING]
        level = below
    return bool(level)


def _check_strings(value: object, max_string: int, path: str | None) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            _check_text(item, max_string, path)
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())


def _check_text(item: str, max_string: int, path: str | None) -> None:
    if len(item) > max_string:
        _refuse(
            "json-string",
            N_("A text is {size} characters long; at most {limit} are taken."),
            path,
            {"size": str(len(item)), "limit": str(max_string)},
        )
    if _SURROGATE.search(item):
        _refuse("json-encoding", N_("A text holds half of a character (a lone surrogate)."), path)


def _refuse_depth(data: bytes, max_depth: int, path: str | None) -> NoReturn:
    depth = 0
    place = len(data)
    for token in _STRUCTURE.finditer(data):
        mark = data[token.start()]
        if mark in b"[{":
            depth += 1
            if depth > max_depth:
                place = token.start()
                break
        elif mark in b"]}":
            depth -= 1
    line, column = _place(data[:place].decode("utf-8"))
    detail = N_("The JSON nests deeper than {limit}.")
    _refuse("json-depth", detail, path, {"limit": str(max_depth)}, line, column)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Repeated(name[:80])
            seen.add(name)
    return found


def _integer(text: str) -> int:
    if len(text) > limits.JSON_NUMBER_CHARACTERS:
        raise _NotANumber(text[:20] + "…")
    return int(text)


def _fraction(text: str) -> Decimal:
    if len(text) > limits.JSON_NUMBER_CHARACTERS:
        raise _NotANumber(text[:20] + "…")
    _, _, exponent = text.lower().partition("e")
    if exponent and abs(int(exponent)) >= limits.JSON_EXPONENT:
        raise _NotANumber(text[:20])
    return Decimal(text)


def _constant(text: str) -> NoReturn:
    raise _NotANumber(text)


# Made once: json.loads makes a new decoder at every call that has hooks.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _refuse(
    check: str,
    detail: str,
    path: str | None,
    params: dict[str, str] | None = None,
    line: int | None = None,
    column: int | None = None,
) -> NoReturn:
    raise BadInput(check=check, detail=detail, next_step=_NEXT, params=params, path=path, line=line, column=column)
