"""The simulation finds bugs: each of those that are planted, one at a time, within its number of seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nightly import TIMES
from tests.sim.planted import BUGS, Planted, hunt, plant

BY_DAY = 6


def wanted() -> list[Planted]:
    """By night each from the first seed on; by day those that are found soonest, at the seed that finds them."""
    if TIMES > 1:
        return list(BUGS)
    soonest = sorted(BUGS, key=lambda bug: bug.seed)[:BY_DAY]
    return [bug._replace(first=bug.seed, seeds=2) for bug in soonest]


@pytest.mark.parametrize("bug", wanted(), ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Planted, tmp_path: Path) -> None:
    found = hunt(bug, tmp_path)
    assert found.broken in bug.found_by, found.said[-3000:]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_each_planted_bug_still_has_its_place(bug: Planted, tmp_path: Path) -> None:
    plant(bug, tmp_path)


def test_there_are_bugs_enough() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 15
