"""One spelling of a JSON value, for digests of what was computed.

Signed documents are never spelled again to verify them: their exact bytes are kept. This spelling serves
digests of folded views and the one time that a document is first written.
"""

from __future__ import annotations

import hashlib
import json

from gokei.terms.json_types import JsonValue


def canonical(value: JsonValue) -> bytes:
    """UTF-8 JSON with sorted names and no spaces; only text, integers, booleans, null, lists and objects.

    Raises TypeError for floats, decimals and anything else that has more than one spelling.
    """
    return json.dumps(_checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def sha256_name(data: bytes) -> str:
    """The name of exact bytes: `sha256:` and 64 lower-case hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest(value: JsonValue) -> str:
    """The name of a computed value: the SHA-256 of its canonical spelling."""
    return sha256_name(canonical(value))


def _checked(value: object) -> object:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [_checked(item) for item in value]
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise TypeError(f"a name in JSON is text, not {type(name).__name__}")
        return {name: _checked(item) for name, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no single spelling in JSON; write it as text")
