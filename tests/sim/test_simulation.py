"""Seeds, run to their end: those that broke something first; the same seed is the same run; what breaks is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.nightly import examples
from tests.sim import seeds
from tests.sim.running import Run, run
from tests.sim.shrinking import shrink

ROOT = Path(__file__).resolve().parents[2]
SEEDS = 200
TWICE = 6
LOOKED_AT = 10


def simulate(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.sim", *words], cwd=ROOT, env=os.environ | environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("seed", seeds.kept())
def test_a_seed_that_once_broke_something(seed: int) -> None:
    found = run(seed)
    assert found.broken is None, f"SEED={seed} {found.why}"


def test_the_first_seeds() -> None:
    """Always the same ones, so that a change that breaks one is told by it; `--from` runs others."""
    done = simulate("--seeds", str(examples(SEEDS)), "--jobs", "2", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_every_invariant_sees_something_to_hold() -> None:
    """What is held against nothing holds whatever happens: over a few seeds each invariant has something to look at."""
    seen: Counter[str] = Counter()
    for seed in range(LOOKED_AT):
        seen += run(seed).counts
    assert [number for number in range(1, 12) if not seen[f"INV-{number} saw"]] == []


def test_the_same_seed_is_the_same_run_however_python_hashes() -> None:
    one, two = (simulate("--seeds", str(TWICE), "--traces", PYTHONHASHSEED=salt) for salt in ("1", "271828"))
    assert one.returncode == 0, one.stdout
    traces = [line for line in one.stdout.splitlines() if line[0].isdigit() and "seeds" not in line]
    assert len(traces) == TWICE
    assert len({line.split()[1] for line in traces}) == TWICE, "other seeds are other runs"
    assert traces == [line for line in two.stdout.splitlines() if line[0].isdigit() and "seeds" not in line]


def test_what_breaks_is_made_as_simple_as_it_can_be() -> None:
    """A run that breaks only with crashes, a late message and at least eleven events."""
    usual = run(0, steps=2)

    def attempt(seed: int, without: tuple[str, ...], steps: int) -> Run:
        left = tuple(kind for kind in ("loss", "crash", "flip", "late", "skew") if kind not in without)
        breaks = {"crash", "late"} <= {*left} and steps >= 11
        return usual._replace(seed=seed, without=without, steps=steps, present=left, broken="INV-2" if breaks else None)

    found = shrink(attempt(7, (), 140), attempt)
    assert (found.present, found.steps, found.broken) == (("crash", "late"), 11, "INV-2")


def test_a_seed_that_broke_something_is_kept_once(tmp_path: Path) -> None:
    file = tmp_path / "seeds.txt"
    file.write_text("# kept\n5  # INV-1\n", "utf-8")
    seeds.keep(9, "INV-2", file)
    seeds.keep(9, "INV-3", file)
    assert seeds.kept(file) == [5, 9]
