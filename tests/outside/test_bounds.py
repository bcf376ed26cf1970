"""No bytes of a partner cost more than their size: the worst that we can think of, at each parser, at three sizes.

Processor time and memory of a process of its own, that of libraries written in C included.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.targets import TARGETS
from tests.nightly import TIMES
from tests.outside.tracing import ROOT
from tests.outside.worst import MEGABYTE, SHAPES, SIZES

SECONDS_A_MEGABYTE = 1.5
"""On a busy machine of two cores; a third of it was the most that was ever seen."""
BYTES = 64 * MEGABYTE
USUAL = ("json", "door", "fold", "card", "want-pull", "answer-pull", "courier")


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Of each parser (the main ones by day), shape and size: seconds, bytes grown, and what was said."""
    out = tmp_path_factory.mktemp("bounds") / "costs"
    names = [name for name in TARGETS if TIMES > 1 or name in USUAL]
    with out.open("wb") as file:
        command = [sys.executable, "-m", "tests.outside.worst", *names]
        subprocess.run(command, cwd=ROOT, stdout=file, check=True, timeout=600)
    found = [json.loads(row) for row in Path(out).read_text().splitlines()]
    assert len(found) == len(names) * len(SHAPES) * len(SIZES)
    return found


def test_no_input_takes_more_time_than_its_size_allows(costs: list[Any]) -> None:
    slow = [row for row in costs if row[3] > SECONDS_A_MEGABYTE * max(1, row[2] / MEGABYTE)]
    assert not slow


def test_no_input_takes_more_memory_than_a_bound(costs: list[Any]) -> None:
    large = [row for row in costs if row[4] > BYTES]
    assert not large


def test_more_bytes_take_more_time_in_proportion(costs: list[Any]) -> None:
    """No quadratic trap: measured in one process, where both took long enough to tell."""
    seconds = {(name, shape, size): taken for name, shape, size, taken, *_ in costs}
    _, middle, largest = SIZES
    most = 2.5 * largest / middle
    traps = [
        (name, shape, seconds[name, shape, middle], taken)
        for (name, shape, size), taken in seconds.items()
        if size == largest and taken > 0.5 and taken > most * max(0.02, seconds[name, shape, middle])
    ]
    assert not traps


def test_what_is_beyond_a_bound_is_refused(costs: list[Any]) -> None:
    """More than a megabyte is taken by a courier file alone."""
    for name, shape, size, _, _, said in costs:
        if size == SIZES[-1] and name in {"json", "card"}:
            assert said.startswith("BadInput"), (name, shape, said)
