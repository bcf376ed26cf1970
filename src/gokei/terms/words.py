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
