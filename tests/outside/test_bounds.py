"""No bytes of a partner cost more than their size: the worst that we can think of, at each parser, at three sizes.

Processor time and memory of each input by itself, that of libraries written in C included; all targets of the fuzzer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.targets import TARGETS, Target
from tests.outside.tracing import ROOT
from tests.outside.worst import MEGABYTE, SHAPES, SIZES, SPACED, cost

SECONDS_A_MEGABYTE = 1.5
"""On a busy machine of two cores; a third of it was the most that was ever seen."""
BYTES = 64 * MEGABYTE
# Evidence holds thousands of documents: its bound is tried at its edge, in tests/outside/test_limits.py.
LARGER = {("evidence", SPACED)}


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Of each target, shape and size: seconds, bytes of memory, what was said, and whether it was taken."""
    out = tmp_path_factory.mktemp("bounds") / "costs"
    with out.open("wb") as file:
        subprocess.run([sys.executable, "-m", "tests.outside.worst"], cwd=ROOT, stdout=file, check=True, timeout=600)
    found = [json.loads(row) for row in Path(out).read_text().splitlines()]
    assert len(found) == len(TARGETS) * (len(SHAPES) + 1) * len(SIZES)
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
    """Three megabytes are more than any of them takes, though it be a seed that is taken without the spaces in it."""
    taken = [(name, shape, said) for name, shape, size, _, _, said, taken in costs if taken and size == SIZES[-1]]
    assert [one for one in taken if one[:2] not in LARGER] == []


def test_each_input_counts_by_itself() -> None:
    """The second costs what the first did, though the process held as much before."""
    size = 3 * MEGABYTE
    for _ in range(3):
        found = cost(Target(lambda data: len(bytearray(len(data) * 10))), bytes(size))
        assert 9 * size < found.bytes < 12 * size
