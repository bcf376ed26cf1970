"""One spelling of a JSON value, for digests of what was computed.

Signed documents are never spelled again to verify them: their exact bytes are kept. This spelling serves
digests of folded views and the one time that a document is first written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import orjson

from gokei.terms.json_types import JsonValue

_PLAIN: Final = frozenset({str, int, bool, type(None)})


def canonical(value: JsonValue) -> bytes:
    """UTF-8 JSON with sorted names and no spaces; only text, integers of 64 bits, booleans, null, lists and objects.

    Raises TypeError for floats, decimals and anything else that has more than one spelling.
    """
    _check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def sha256_name(data: bytes) -> str:
    """The name of exact bytes: `sha256:` and 64 lower-case hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest(value: JsonValue) -> str:
    """The name of a computed value: the SHA-256 of its canonical spelling."""
    return sha256_name(canonical(value))


def _check(value: object) -> None:
    level: list[Any] = [(value,)]
    while level:
        below: list[Any] = []
        for item in level:
            for one in item.values() if type(item) is dict else item:
                kind = type(one)
                if kind is str:
                    continue
                if kind is dict or kind is list:
                    below.append(one)
                elif kind not in _PLAIN:
                    below.append(_inside(one))
        level = below


def _inside(value: object) -> Iterable[object]:
    """What stands in a container of a rarer kind. Raises TypeError for what is none."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, (list, tuple)):
        return value
    raise TypeError(f"{type(value).__name__} has no single spelling in JSON; write it as text")
