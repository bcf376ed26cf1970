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
from gokei.terms.dates import shown
from gokei.terms.json_places import Place, first, place_after, repeated_name
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
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
        line, column = place_after(data[: error.start].decode("utf-8"))
        _refuse("json-encoding", N_("The JSON is not UTF-8."), path, line=line, column=column)
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        _refuse_depth(data, max_depth, path)
    except json.JSONDecodeError as error:
        _refuse(
            "json-syntax", N_("This is not JSON: {reason}."), path, {"reason": error.msg}, error.lineno, error.colno
        )
    except _Repeated:
        place = repeated_name(text)
        name = {"name": shown(place.word) if place else ""}
        _refuse("json-duplicate", N_("The name {name} stands twice in one object."), path, name, *_at(place))
    except _NotANumber as error:
        place = first(text, _is_no_number)
        number = {"number": str(error)}
        _refuse("json-number", N_("The number {number} is not taken."), path, number, *_at(place))
    if data.count(b"[") + data.count(b"{") > max_depth and _deeper(value, max_depth):
        _refuse_depth(data, max_depth, path)
    # Half a character can only come from an escape: UTF-8 itself has none.
    if len(data) > max_string or b"\\u" in data:
        _check_strings(value, max_string, path, text)
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


def _check_strings(value: object, max_string: int, path: str | None, text: str) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            _check_text(item, max_string, path, text)
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())


def _check_text(item: str, max_string: int, path: str | None, text: str) -> None:
    if len(item) > max_string:
        detail = N_("A text is {size} characters long; at most {limit} are taken.")
        place = first(text, lambda token: token[0] == '"' and len(_said(token)) > max_string)
        _refuse("json-string", detail, path, {"size": str(len(item)), "limit": str(max_string)}, *_at(place))
    if _SURROGATE.search(item):
        place = first(text, lambda token: token[0] == '"' and bool(_SURROGATE.search(_said(token))))
        detail = N_("A text holds half of a character (a lone surrogate).")
        _refuse("json-encoding", detail, path, None, *_at(place))


def _said(token: str) -> str:
    return str(json.loads(token, strict=False))


def _is_no_number(token: str) -> bool:
    if token in {"NaN", "Infinity", "-Infinity"}:
        return True
    if token[0] not in "-0123456789":
        return False
    try:
        _fraction(token)
    except (_NotANumber, ArithmeticError, ValueError):
        return True
    return False


def _at(place: Place | None) -> tuple[int | None, int | None]:
    return (None, None) if place is None else (place.line, place.column)


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
    line, column = place_after(data[:place].decode("utf-8"))
    detail = N_("The JSON nests deeper than {limit}.")
    _refuse("json-depth", detail, path, {"limit": str(max_depth)}, line, column)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Repeated
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
    if exponent and abs(int(exponent)) > limits.JSON_EXPONENT:
        raise _NotANumber(text[:20])
    return Decimal(text)


def _constant(text: str) -> NoReturn:
    raise _NotANumber(text)


# Made once: json.loads makes a new decoder at every call that has hooks.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


def _refuse(
    check: str,
    detail: str,
    path: str | None,
    params: dict[str, str] | None = None,
    line: int | None = None,
    column: int | None = None,
) -> NoReturn:
    raise BadInput(check=check, detail=detail, next_step=_NEXT, params=params, path=path, line=line, column=column)
