"""What a command found, line by line: each name in the reader's words, each value without the marks of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.words import N_, Translate

NAMES: Final[Mapping[str, str]] = {
    "against": N_("Held against"),
    "authentic": N_("Signed by the author's keys"),
    "author": N_("Author"),
    "case": N_("Case"),
    "cosigned": N_("Cosigned"),
    "digest": N_("Digest"),
    "document": N_("Document"),
    "documents": N_("Documents"),
    "environment": N_("Environment"),
    "envelope": N_("Envelope"),
    "hash": N_("Hash"),
    "held": N_("held here"),
    "log_root": N_("Root of the log"),
    "log_size": N_("Documents in the log"),
    "nation": N_("Nation"),
    "offices": N_("Offices"),
    "partner": N_("Partner"),
    "post_quantum": N_("Second signature (ML-DSA-44)"),
    "reader": N_("Reader"),
    "reason": N_("Reason"),
    "root": N_("Root of the nation"),
    "roots": N_("Roots of the nations"),
    "says": N_("What it says"),
    "seen": N_("seen by it"),
    "sequence": N_("Number"),
    "time": N_("Time"),
    "type": N_("Type"),
    "void": N_("Void"),
    "written": N_("written by it"),
}


def lines(found: JsonObject, words: Translate) -> Iterator[str]:
    """`name: value` of each member that is known."""
    for name, value in found.items():
        if value is not None:
            yield f"{_name(name, words)}: {told(value, words)}"


def told(value: JsonValue, words: Translate) -> str:
    """One value in one line; within an object a comma stands between members."""
    if isinstance(value, bool):
        return words(N_("yes")) if value else words(N_("no"))
    if isinstance(value, dict):
        return ", ".join(f"{_name(name, words)} {told(one, words)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(told(one, words) for one in value)
    return str(value)


def _name(name: str, words: Translate) -> str:
    return words(NAMES[name]) if name in NAMES else name
