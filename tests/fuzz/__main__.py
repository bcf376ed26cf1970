"""`python -m tests.fuzz --seconds 3600 [--target NAME] [--jobs 2] [--seed N]`; `--make-corpus` writes the corpus."""

from __future__ import annotations

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]


def run(name: str, seconds: float, seed: int) -> tuple[str, int, str]:
    """One target in a process of its own: its name, exit code and last words."""
    command = [sys.executable, "-m", "tests.fuzz.engine", name, str(seconds), str(seed)]
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
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--make-corpus", action="store_true")
    chosen = words.parse_args()
    if chosen.make_corpus:
        from tests.fuzz.seeding import write_corpus

        write_corpus()
        return 0
    bad = 0
    with ThreadPoolExecutor(chosen.jobs) as pool:
        names = chosen.target or [*TARGETS]
        for name, code, said in pool.map(lambda one: run(one, chosen.seconds, chosen.seed), names):
            print(f"{name}: {executions(said)} inputs, {'nothing found' if code == 0 else 'FOUND'}", flush=True)
            if code != 0:
                bad += 1
                print("\n".join(said.splitlines()[-30:]), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
