"""Texts in the columns of a terminal, where the letters of Chinese, Japanese and Korean take two each."""

from __future__ import annotations

import textwrap
import unicodedata


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to that many columns."""
    return text + " " * max(0, width - columns(text))


def clipped(text: str, width: int) -> str:
    """The text, cut with dots where it takes more than that many columns."""
    if columns(text) <= width:
        return text
    kept = ""
    for one in text:
        if columns(kept + one) > width - 2:
            break
        kept += one
    return kept.rstrip() + ".."


def folded(text: str, width: int, first: int, indent: str = "") -> str:
    """A text in lines no wider than `width`, the first of which begins at the column `first`."""
    lines, line, room = [], "", width - first
    for word in textwrap.wrap(text, 1, break_long_words=False, break_on_hyphens=False):
        if line and columns(line) + 1 + columns(word) > room:
            lines.append(line)
            line, room = word, width - len(indent)
        else:
            line = f"{line} {word}" if line else word
    return f"\n{indent}".join([*lines, line])
