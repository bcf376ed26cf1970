"""One spelling of a JSON value, for digests of what was computed.

Signed documents are never spelled again to verify them: their exact bytes are kept. This spelling serves
digests of folded views and the one time that a document is first written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

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
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            below: Iterable[object] = item.values()
        elif isinstance(item, (list, tuple)):
            below = item
        elif type(item) in _PLAIN:
            continue
        else:
            raise TypeError(f"{type(item).__name__} has no single spelling in JSON; write it as text")
        if not _PLAIN.issuperset(map(type, below)):
            waiting += [one for one in below if type(one) not in _PLAIN]
