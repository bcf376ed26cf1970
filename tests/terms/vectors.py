"""Public test vectors made by others, kept beside the repository; a clone without them skips, and says so."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pytest
from _pytest.mark.structures import ParameterSet

ROOT = Path(__file__).parents[2]
Case: TypeAlias = "Path | ParameterSet"


def folder(name: str) -> Path | None:
    """The folder of vectors of that name, in `shared/vectors` beside the repository or above it."""
    found = (above / "shared" / "vectors" / name for above in ROOT.parents)
    return next((one for one in found if one.is_dir()), None)


def cases(name: str, pattern: str) -> list[Case]:
    """Every file of the vectors as a case of a test; without the vectors, one case that is skipped loudly."""
    place = folder(name)
    if place is None:
        reason = f"NOT CHECKED: the public vectors {name}/{pattern} are not in shared/vectors beside this clone"
        return [pytest.param(Path(), id="absent", marks=pytest.mark.skip(reason=reason))]
    found = sorted(place.rglob(pattern))
    return [pytest.param(path, id=path.relative_to(place).as_posix()) for path in found]
