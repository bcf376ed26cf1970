"""The folder of an exercise: cleared away when nobody uses it, left alone otherwise, and known at any moment."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gokei.faces import exercise
from gokei.node import lock
from gokei.node.node import Node
from gokei.terms.problems import Refused
from tests.faces.calling import call
from tests.field import Field


@pytest.fixture
def played(tmp_path: Path) -> Path:
    """A folder that holds an exercise of one nation."""
    found = tmp_path / "exercise"
    exercise.prepare(found)
    Node.create(found / "JP", "JP", "exercise")
    return found


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name != lock.SERVED}


def test_an_exercise_is_not_cleared_away_while_a_node_of_it_is_served(played: Path) -> None:
    before = files(played)
    field = Field(played, ("JP",))
    try:
        done = call("exercise", "--dir", str(played), "--no-browser")
        assert done.returncode == 3
        assert str(field.processes["JP"].pid) in done.stderr.decode()
        assert b"--dir" in done.stderr
        assert files(played) >= before
    finally:
        field.stop()
    exercise.prepare(played)
    assert files(played) == {exercise.MARK}


def test_an_exercise_is_not_cleared_away_while_another_plays_in_it(played: Path) -> None:
    before = files(played)
    with lock.held(played / exercise.MARK, exercise.MARK_TEXT):
        with pytest.raises(Refused) as found:
            exercise.prepare(played)
        assert found.value.check == "exercise-running"
        assert "--dir" in found.value.next_text()
        assert files(played) == before
    exercise.prepare(played)
    assert files(played) == {exercise.MARK}


def test_what_is_half_removed_is_still_an_exercise(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (played / "another file").write_text("left", "ascii")

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        exercise.prepare(played)
    assert (played / exercise.MARK).is_file()
    monkeypatch.undo()
    exercise.prepare(played)
    assert files(played) == {exercise.MARK}


def test_what_is_no_exercise_is_left_alone_and_the_cure_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", "ascii")
    with pytest.raises(Refused) as found:
        exercise.prepare(tmp_path)
    assert found.value.check == "exercise-folder"
    assert "--dir DIR" in found.value.next_text()
    assert f"remove {tmp_path}" in found.value.next_text()
    assert files(tmp_path) == {"mine"}
