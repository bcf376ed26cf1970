"""Mutants that change nothing a reader of answers could see, each with the reason; they are left out of the count."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LISTED: Final = Path(__file__).parent / "equivalents.txt"
BETWEEN: Final = " | "


def read_equivalents(path: Path = LISTED) -> dict[str, str]:
    """The reason of each, by the mutant's name."""
    found: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, between, reason = line.rpartition(BETWEEN)
            if not between or not reason.strip() or name in found:
                raise ValueError(f"{path.name}: name{BETWEEN}reason, each name once: {line}")
            found[name] = reason
    return found
