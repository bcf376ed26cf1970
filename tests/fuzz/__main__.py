"""`python -m tests.fuzz --seconds 3600 [--target NAME] [--jobs 2] [--seed N] [--keep]`; `--make-corpus` makes seeds.

The seed is the day's unless one is named. With `--keep` a few small inputs that gave something new stay in the corpus.
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.holding import keep_new
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]


def seed_of_today() -> int:
    """Another seed every day, or the one that GOKEI_FUZZ_SEED names, to see the same again."""
    named = os.environ.get("GOKEI_FUZZ_SEED")
    return int(named or datetime.datetime.now(datetime.UTC).strftime("%Y%m%d"))


def run(name: str, seconds: float, seed: int, new: Path | None = None) -> tuple[str, int, str]:
    """One target in a process of its own: its name, exit code and last words. What is new goes to the folder `new`."""
    command = [sys.executable, "-m", "tests.fuzz.engine", name, str(seconds), str(seed)]
    command += [] if new is None else [str(new)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True, errors="replace")
    return name, ended.returncode, ended.stdout + ended.stderr


def executions(said: str) -> str:
    """How many inputs were tried, as the process said it."""
    for line in said.splitlines():
        if "number_of_executed_units" in line or "by chance" in line:
            return line.rpartition(": ")[2] if "by chance" in line else line.rpartition(":")[2].strip()
    return "?"


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--target", action="append", choices=[*TARGETS])
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--seed", type=int, default=seed_of_today())
    words.add_argument("--keep", action="store_true")
    words.add_argument("--make-corpus", action="store_true")
    chosen = words.parse_args()
    if chosen.make_corpus:
        from tests.fuzz.seeding import write_corpus

        write_corpus()
        return 0
    print(f"seed {chosen.seed}", flush=True)
    bad = 0
    with ThreadPoolExecutor(chosen.jobs) as pool, tempfile.TemporaryDirectory(prefix="gokei-fuzz-new-") as folder:
        names = chosen.target or [*TARGETS]
        for name in names:
            (Path(folder) / name).mkdir()
        tries = pool.map(lambda one: run(one, chosen.seconds, chosen.seed, Path(folder) / one), names)
        for name, code, said in tries:
            print(f"{name}: {executions(said)} inputs, {'nothing found' if code == 0 else 'FOUND'}", flush=True)
            if code != 0:
                bad += 1
                print("\n".join(said.splitlines()[-30:]), flush=True)
            elif chosen.keep:
                print(f"{name}: {keep_new(name, Path(folder) / name)} kept", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
