"""Mutation testing of the law: `python -m tests.mutation` prints what share of small faults the tests notice.

A sample by default, always the same for the same seed; `--all` tries every mutant, for the night.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from . import children
from .equivalents import read_equivalents
from .mutants import Mutant, mutants, planted
from .report import Report
from .targets import ROOT, TARGETS, Target

Found = list[tuple[Target, Mutant]]


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    targets = [one for one in TARGETS if not asked.module or one.name in asked.module]
    every = [(target, one) for target in targets for one in mutants(target.name, target.path.read_text("utf-8"))]
    equivalents = read_equivalents()
    stale = {*equivalents} - {one.name for _, one in every} if not asked.module else set[str]()
    chosen = _chosen(every, asked)
    os.chdir(ROOT)
    children.warm()
    report = Report(total=len(every), target=asked.at_least)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        if not _passes_as_it_is([target for target, _ in chosen]):
            return 2
        for target, one in chosen:
            if one.name in equivalents and not asked.equivalents:
                report.equivalent(one)
                continue
            begun = time.monotonic()
            tree = planted(target.path.read_text("utf-8"), one.number)
            status = children.outcome(target.module, tree, target.stages)
            report.tried(one, status == children.SURVIVED, time.monotonic() - begun)
            if asked.verbose:
                _say(f"{time.monotonic() - begun:6.1f} s  {'survived' if status == 0 else 'killed'}  {one.name}")
    for name in sorted(stale):
        _say(f"No mutant is called so any more; take it out of equivalents.txt: {name}")
    return max(report.told(), 1 if stale else 0)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--sample", type=int, default=400, help="how many mutants to try (400)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument("--all", action="store_true", help="every mutant, for the night")
    parser.add_argument("--module", action="append", help="only this module, such as walks.py or comparison/sides.py")
    parser.add_argument("--only", action="append", help="only mutants whose name contains this (@FILE: a flag a line)")
    parser.add_argument("--at-least", type=int, default=90, help="the share in percent below which it fails (90)")
    parser.add_argument("--equivalents", action="store_true", help="try those listed as equivalent as well")
    parser.add_argument("--verbose", action="store_true", help="a line for each mutant")
    return parser.parse_args(arguments)


def _chosen(every: Found, asked: argparse.Namespace) -> Found:
    if asked.only:
        return [one for one in every if any(text in one[1].name for text in asked.only)]
    if asked.all or asked.sample >= len(every):
        return every
    return random.Random(asked.seed).sample(every, asked.sample)


def _passes_as_it_is(targets: Sequence[Target]) -> bool:
    """A test that fails without any fault would kill everything."""
    for stages in dict.fromkeys(target.stages for target in targets):
        with tempfile.NamedTemporaryFile() as said:
            begun = time.monotonic()
            if children.outcome("", None, stages, Path(said.name)) != children.SURVIVED:
                _say(said.read().decode(errors="replace"))
                _say("The tests fail without any fault planted.")
                return False
            _say(f"{time.monotonic() - begun:6.1f} s  the tests on the source as it is")
    return True


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets are walked in one order in every run, so that the same mutants die.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.mutation", *sys.argv[1:]])
    sys.exit(main(sys.argv[1:]))
