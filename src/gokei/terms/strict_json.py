"""The one way that JSON comes in: bounded, exact, and the same for every reader (RFC 8259, RFC 7493).

The size is checked before the text is handed to the parser, which itself stops at a depth that the stack bears, so
that no input costs more than its size.
Refused beyond the grammar: a byte order mark, a name given twice, a lone surrogate, numbers that are not numbers,
and whatever exceeds a bound. Fractions become Decimal, never float.

A text that is the one sorted spelling of its value, as Gokei itself writes, has no name twice and nothing odd: it is
read by the quick way, and every other text with care. Both ways give the same value or the same problem.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final, NoReturn, cast

import orjson

from gokei.terms import limits
from gokei.terms.dates import shown
from gokei.terms.json_places import Place, first, place_after, repeated_name
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_EXACT: Final = frozenset({int, bool, type(None), Decimal})
_INEXACT: Final = -1
_ODD: Final = object()
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
    value = _quickly(data, max_depth)
    if value is _ODD:
        value = _with_care(data, max_depth, path)
        if data.count(b"[") + data.count(b"{") > max_depth and _depth(value, max_depth) > max_depth:
            _refuse_depth(data, max_depth, path)
    # Half a character can only come from an escape: UTF-8 itself has none.
    if len(data) > max_string or b"\\u" in data:
        _check_strings(value, max_string, path, data.decode("utf-8"))
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


def plain_object(data: bytes, *, max_bytes: int, max_depth: int) -> dict[str, Any] | None:
    """The object whose one sorted spelling the text is, within the bounds; its fractions are binary.

    None for any other text, which is `parse_object`'s to judge; whatever is given here, that takes too.
    """
    if len(data) > min(max_bytes, limits.JSON_STRING_CHARACTERS):
        return None
    value = _in_one_spelling(data)
    if not isinstance(value, dict):
        return None
    # Laid out, what stands in a container is indented by its depth, and no text holds the end of a line.
    laid_out = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return value if b"\n" + b"  " * max_depth not in laid_out else None


def _in_one_spelling(data: bytes) -> object:
    """The value whose one sorted spelling the text is, or `_ODD`."""
    try:
        value = orjson.loads(data)
        return value if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == data else _ODD
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _ODD


def _quickly(data: bytes, max_depth: int) -> object:
    """The value of a text that is the sorted spelling of it, without fractions and not too deep; else `_ODD`."""
    value = _in_one_spelling(data)
    return value if value is not _ODD and 0 <= _depth(value, max_depth) <= max_depth else _ODD


def _with_care(data: bytes, max_depth: int, path: str | None) -> object:
    """The value of any text, whatever its spelling."""
    if data.startswith(b"\xef\xbb\xbf"):
        _refuse("json-encoding", N_("The JSON begins with a byte order mark."), path, line=1, column=1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = place_after(data[: error.start].decode("utf-8"))
        _refuse("json-encoding", N_("The JSON is not UTF-8."), path, line=line, column=column)
    try:
        return cast(object, _DECODER.decode(text))
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


def _depth(value: object, most: int) -> int:
    """How deep the value nests, looked at no further than just beyond `most`; `_INEXACT` where a number in it is."""
    level: list[Any] = [(value,)]
    depth = -1
    while level and depth <= most:
        depth += 1
        below: list[Any] = []
        for item in level:
            for one in item.values() if type(item) is dict else item:
                kind = type(one)
                if kind is str:
                    continue
                if kind is dict or kind is list:
                    below.append(one)
                elif kind not in _EXACT:
                    return _INEXACT
        level = below
    return depth


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
