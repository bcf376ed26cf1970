"""Where in a JSON text something stands that the parser refuses without a place: only walked once it is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

# Possessive, so that a text of a million characters is not remembered a million times on the way.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)


class Place(NamedTuple):
    """Line and column, from 1, of what stands there."""

    line: int
    column: int
    word: str


def place_after(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this text."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def repeated_name(text: str) -> Place | None:
    """The first name that stands twice in its object, where it stands the second time; `word` is the name."""
    names: list[set[str] | None] = []
    is_name = False
    for word, start in _tokens(text):
        if word == "{":
            names.append(set())
            is_name = True
            continue
        if word == "[":
            names.append(None)
        elif word in "]}" and names:
            names.pop()
        elif is_name and word.startswith('"') and names and names[-1] is not None:
            name = json.loads(word, strict=False)
            if name in names[-1]:
                return Place(*place_after(text[:start]), name)
            names[-1].add(name)
        is_name = word == "," and bool(names) and names[-1] is not None
    return None


def first(text: str, wanted: Callable[[str], bool]) -> Place | None:
    """The first text (with its quotes), number or constant for which `wanted` holds."""
    return next((Place(*place_after(text[:start]), word) for word, start in _tokens(text) if wanted(word)), None)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    return ((found.group(), found.start()) for found in _TOKEN.finditer(text))
