"""Run seeds: `python -m tests.sim --seeds 200 [--from N] [--jobs 2]`. What breaks is shrunk and its seed kept."""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.sim.remembered import remember

remember()

from tests.sim import seeds  # noqa: E402 - what is remembered is so before any module takes it by its name
from tests.sim.running import Run, run, run_one  # noqa: E402
from tests.sim.shrinking import shrink  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
HOURS_PER_YEAR = 24 * 365.25


def main(words: Sequence[str] | None = None) -> int:
    """1 where something broke, else 0."""
    asked = _arguments(words)
    wanted = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    without = tuple(filter(None, asked.without.split(",")))
    total, broken, hours, seconds = Counter[str](), 0, 0.0, 0.0
    count = 0
    for found in _runs([(seed, without, asked.steps) for seed in wanted], asked.jobs):
        count += 1
        total += found.counts
        hours += found.hours
        seconds += found.processor_seconds
        if asked.traces:
            print(f"{found.seed} {found.trace} {found.faults}", flush=True)
        if found.broken:
            broken += 1
            _tell(found, shrunk=None if asked.plain else shrink(found))
            if not asked.plain:
                seeds.keep(found.seed, found.broken)
        if sys.stderr.isatty():
            print(f"\r{count} of {len(wanted)} seeds, {broken} broken", end="", file=sys.stderr, flush=True)
        if broken and asked.stop:
            break
    print(
        f"{count} seeds, {broken} broken; {hours / HOURS_PER_YEAR:.2f} years simulated in {seconds:.0f} s of processor "
        f"time, {seconds / max(1, count):.2f} s a seed"
    )
    if asked.counts:
        for what, times in total.most_common():
            print(f"{times:9} {what}")
    return 1 if broken else 0


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.sim", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--without", default="", help="kinds of faults to leave out, with commas")
    parser.add_argument("--steps", type=int, default=140, help="how much happens in a run")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--stop", action="store_true", help="end at the first that breaks")
    parser.add_argument("--plain", action="store_true", help="do not shrink what breaks, and do not keep its seed")
    parser.add_argument(
        "--traces", action="store_true", help="a line for each seed: the digest of its trace, its faults"
    )
    parser.add_argument("--counts", action="store_true", help="what happened, and how often")
    return parser.parse_args(words)


def _runs(wanted: list[tuple[int, tuple[str, ...], int]], jobs: int) -> Iterator[Run]:
    if jobs < 2:
        for one in wanted:
            yield run(*one)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=500) as pool:
        yield from pool.imap_unordered(run_one, wanted, chunksize=4)


def _tell(found: Run, shrunk: Run | None) -> None:
    print(f"\nSEED={found.seed} COMMIT={_commit()} BROKEN={found.broken}\n  {found.faults}\n{found.why}")
    if shrunk is None:
        words = f"--seed {found.seed} --steps {found.steps}"
        words += f" --without {','.join(found.without)}" if found.without else ""
        print(f"To shrink it, and keep its seed in tests/sim/seeds.txt:\n  .venv/bin/python -m tests.sim {words}")
    else:
        words = f"--seed {shrunk.seed} --steps {shrunk.steps}"
        words += f" --without {','.join(shrunk.without)}" if shrunk.without else ""
        print(f"Shrunk to: {shrunk.faults or 'no fault at all'}\n{shrunk.why}\n  python -m tests.sim {words}")
    sys.stdout.flush()


def _commit() -> str:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
