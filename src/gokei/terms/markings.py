"""National markings of classified information, as the codes of the machine contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "JP": ("kimitsu", "gokuhi", "tokutei_himitsu", "hi", "tokubetsu_boei_himitsu", "boei_himitsu", "keizai_anpo"),
    "KR": ("1", "2", "3"),
    "US": ("TS", "S", "C"),
    "AU": ("TS", "S", "P", "C"),
    "GB": ("TS", "S", "C", "R"),
    "FR": ("TSD", "SD", "CD", "TS", "S"),
    "DE": ("SG", "G", "VSV", "VSNFD"),
    "IT": ("SS", "S", "RS", "R"),
    "IN": ("TS", "S", "C", "R"),
    "NATO": ("CTS", "NS", "NC", "NR"),
}

MARKINGS: Final = tuple(f"{nation}:{level}" for nation, levels in LEVELS.items() for level in levels)


def nation_of(marking: str) -> str:
    """The nation whose marking it is."""
    return marking.partition(":")[0]
