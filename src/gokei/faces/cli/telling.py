"""What a command found, line by line: each name in the reader's words, each value without the marks of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import filled
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
    "sequence": N_("Number"),
    "time": N_("Time"),
    "type": N_("Type"),
    "void": N_("Void"),
}
# Those of a partner's log, within a line.
_WITHIN: Final[Mapping[str, str]] = {
    "held": N_("held here"),
    "seen": N_("seen by it"),
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
        within = {**NAMES, **_WITHIN}
        return ", ".join(f"{_name(name, words, within)} {told(one, words)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(told(one, words) for one in value)
    return str(value)


def outline(found: JsonObject, words: Translate, indent: str = "") -> Iterator[str]:
    """All that is known of one thing: what it holds stands below it, further in, and what is not known is left out.

    Its members have the names by which they are written (docs/reference), whatever the reader's language.
    """
    for name, value in found.items():
        head = f"{indent}{name}:"
        if value is None:
            continue
        if not value and isinstance(value, (dict, list)):
            yield f"{head} {words(N_('none'))}"
        elif isinstance(value, dict):
            sentence = _sentence(value, words)
            if sentence is not None:
                yield f"{head} {sentence}"
            else:
                yield head
                yield from outline(value, words, indent + "  ")
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield head
            for one in value:
                yield from _item(one, words, indent)
        else:
            yield f"{head} {told(value, words)}"


def _item(value: JsonValue, words: Translate, indent: str) -> Iterator[str]:
    """One of a list, behind a dash."""
    below = [*outline(value, words, indent + "    ")] if isinstance(value, dict) else [told(value, words)]
    for number, line in enumerate(below):
        yield line if number else f"{indent}  - {line.lstrip()}"


def _sentence(value: JsonObject, words: Translate) -> str | None:
    """The sentence of a reason (why a document is void), with what fills it; None for what is none."""
    params = value.get("params")
    if set(value) != {"check", "detail", "params"} or not isinstance(params, dict):
        return None
    return filled(str(value["detail"]), {name: str(one) for name, one in params.items()}, words)


def _name(name: str, words: Translate, known: Mapping[str, str] = NAMES) -> str:
    return words(known[name]) if name in known else name
