"""The machinery of mutation testing can kill, and does not kill what is no fault."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.equivalents import BETWEEN, read_equivalents
from tests.mutation.mutants import mutants, planted
from tests.mutation.targets import ROOT, TARGETS

TOY = '''"""A toy."""


def due(days: int, limit: int = 30) -> bool:
    """Whether a claim is due."""
    if days < 0:
        return False
    return days >= limit


def first(names: list[str]) -> str:
    """The first name."""
    kept = sorted(names)
    return min(kept)
'''
TESTS = """
from toy import due, first

def test_due():
    assert [due(days) for days in (-1, 29, 30, 31)] == [False, False, True, True]

def test_first():
    assert first(["b", "a"]) == "a"
"""
FAULTS = {
    "toy.py due: days >= limit → days > limit": True,
    "toy.py due: return days >= limit → return None": True,
    "toy.py first: min(kept) → max(kept)": True,
    "toy.py first: sorted(names) → list(names)": False,
}
RUN = """
import json, sys
from tests.mutation.children import KILLED, SURVIVED, outcome
from tests.mutation.mutants import mutants, planted
folder, names = sys.argv[1], json.loads(sys.argv[2])
text = open(folder + "/toy.py").read()
stages = [[folder + "/test_toy.py"]]
assert outcome("toy", None, stages) == SURVIVED
numbers = {one.name: one.number for one in mutants("toy.py", text)}
print(json.dumps({name: outcome("toy", planted(text, numbers[name]), stages) == KILLED for name in names}))
"""


def test_planted_faults_die_and_what_is_no_fault_lives(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text(TOY, "utf-8")
    (tmp_path / "test_toy.py").write_text(TESTS, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path), json.dumps([*FAULTS])],
        cwd=ROOT, env={"PYTHONPATH": f"{ROOT}:{tmp_path}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == FAULTS


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_each_mutant_has_a_name_of_its_own_and_compiles(target: object) -> None:
    path = getattr(target, "path")  # noqa: B009
    text = path.read_text("utf-8")
    found = mutants(path.name, text)
    assert len({one.name for one in found}) == len(found) > 0
    for one in found[:: max(1, len(found) // 3)]:
        compile(planted(text, one.number), str(path), "exec")


def test_each_equivalent_says_why_and_names_a_mutant(tmp_path: Path) -> None:
    names = {one.name for target in TARGETS for one in mutants(target.name, target.path.read_text("utf-8"))}
    assert {*read_equivalents()} <= names
    assert len(read_equivalents()) * 10 <= len(names)
    for wrong in ("walks.py Walk: a → b", f"walks.py Walk: a → b{BETWEEN}"):
        (tmp_path / "wrong.txt").write_text(wrong + "\n", "utf-8")
        with pytest.raises(ValueError):
            read_equivalents(tmp_path / "wrong.txt")
