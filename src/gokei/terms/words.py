"""Markers for text that users see, so that the catalogues find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Translate: TypeAlias = Callable[[str], str]


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark `text` for translation and give it back unchanged; it is translated where it is shown."""
    return text


def identity(text: str) -> str:
    """Translate nothing: the English of the source."""
    return text
