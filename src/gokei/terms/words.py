"""Markers for text that users see, so that the catalogues find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

# A translator is given message ids, and codes as `coded` marks them.
Translate: TypeAlias = Callable[[str], str]
# Between the table of a code and the code, as gettext puts it between a context and a message.
MARK: Final = "\x04"


def coded(table: str, code: str) -> str:
    """A code of the vocabulary (`state`, `fact`, …) as a translator takes it, to be shown in the reader's words."""
    return f"{table}{MARK}{code}"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark `text` for translation and give it back unchanged; it is translated where it is shown."""
    return text


def identity(text: str) -> str:
    """Translate nothing: the English of the source, and codes as they are."""
    return text.rpartition(MARK)[2]


def one_line(text: str, most: int) -> str:
    """What somebody else wrote, as one line of at most `most` characters without any that steer a terminal."""
    # Twice as much is looked at: what is cut away may be megabytes.
    line = " ".join("".join(one if one.isprintable() else " " for one in text[: 2 * most]).split())
    return line if len(line) <= most and len(text) <= 2 * most else line[: most - 1] + "…"
