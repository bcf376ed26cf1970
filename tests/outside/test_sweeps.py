"""Killed, or refused by the disk, at every call that writes: what was acknowledged stands, and nothing stands twice.

`./test` tries every so manieth call; `./test --nightly` every one. Points are told apart by the name of the call and
its number, so that one can be tried again alone.
"""

from __future__ import annotations

import collections
import contextlib
import io
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gokei.faces.cli.main import main
from gokei.node.node import Node
from tests.field import Field
from tests.nations import Nations, law
from tests.nightly import TIMES
from tests.outside import tracing
from tests.outside.nursery import Nursery
from tests.outside.template import WAITING, Template
from tests.outside.work import ISSUED

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "rename", "unlink", "ftruncate")
STEP = 1 if TIMES > 1 else 24
"""Every so manieth call; those that are made less often are tried at every one, in a third of the sweeps."""

QUIET = ["--seccomp-bpf", "-o", "/dev/null"]
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")


class Ground(NamedTuple):
    template: Template
    nursery: Nursery
    counts: dict[str, int]
    end: int
    folder: Path


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The folder to copy, children that are ready, and how often an untouched child makes each call."""
    tracing.need()
    folder = tmp_path_factory.mktemp("sweeps")
    template, nursery = Template(folder), Nursery()
    place = folder / "untouched"
    copied = template.copy(place)
    trace = place / "trace"
    words = ["--seccomp-bpf", "-o", str(trace), "-e", f"trace={','.join(CALLS)}"]
    assert nursery.work(copied, template.inbox, place / "told", words) == 0
    assert all(one.startswith("done ") for one in told(place / "told")), told(place / "told")
    counts = collections.Counter(one.name for one in tracing.calls(trace.read_text()))
    assert {*CALLS} <= {*counts}, counts
    yield Ground(template, nursery, dict(counts), len(held(copied)), folder)
    nursery.close()


def told(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def held(folder: Path) -> list[str]:
    """The hashes of all documents that a node holds, once it has been found whole by `gokei verify`."""
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["verify", str(folder), "--json"]) == 0
    node = Node.open(folder, law())
    found = [str(one["hash"]) for one in node.list("documents")]
    before = node.state()
    assert node.rebuild() == before
    node.close()
    return found


def acknowledged(lines: list[str]) -> dict[str, str]:
    """The hash by the name of what was done."""
    words = [line.split(" ") for line in lines if line.startswith(("done in-", "done out-"))]
    return {name: value for _, name, value in words}


def points(ground: Ground, spread: int) -> list[tuple[str, int]]:
    """Each call by name and number; `spread` shifts the sweeps, so that together they try more of them."""
    found = []
    for call, count in sorted(ground.counts.items()):
        step = min(STEP, max(1, count // 3))
        found += [(call, number) for number in range(1 + spread % step, count + 1, step)]
    return found


def put_right(ground: Ground, place: Path, lines: list[str], what: str) -> None:
    """Nothing that was acknowledged is lost, at most one is there that was not, none twice;
    and the same work again ends as if nothing had happened."""
    assert not [line for line in lines if line.startswith("crash")], (what, lines)
    promised = acknowledged(lines)
    found = held(place / "JP")
    assert len(set(found)) == len(found), what
    assert set(promised.values()) <= set(found), (what, lines)
    assert len(set(found) - ground.template.before - set(promised.values())) <= 1, (what, lines)
    assert ground.nursery.work(place / "JP", ground.template.inbox, place / "again", []) == 0
    again = told(place / "again")
    assert all(line.startswith("done ") for line in again), (what, again)
    assert {name: hash_ for name, hash_ in acknowledged(again).items() if name in promised} == promised, what
    whole = held(place / "JP")
    assert len(set(whole)) == len(whole) == ground.end == len(ground.template.before) + WAITING + ISSUED, what
    shutil.rmtree(place)


def sweep(ground: Ground, fault: str, spread: int, on: str = "") -> int:
    """One fault at each point; how many of them it met."""
    met = 0
    for call, number in points(ground, spread):
        what = f"inject={call}:{fault}:when={number}{on}"
        place = ground.folder / f"{call}-{number}"
        copied = ground.template.copy(place)
        ended = ground.nursery.work(
            copied, ground.template.inbox, place / "told", [*QUIET, "-e", f"trace={call}", "-e", what]
        )
        lines = told(place / "told")
        if fault == "signal=KILL":
            # A run makes a call more or less than another: the last may not be reached, and all is done then.
            assert ended == -signal.SIGKILL or lines[-1].startswith("done close"), (what, ended, lines)
            met += ended != 0
        else:
            assert ended == 0, (what, ended)
            met += any(not line.startswith("done ") for line in lines)
            if call in {"fdatasync", "fsync"}:
                stops(lines, what)
        put_right(ground, place, lines, what)
    return met


def stops(lines: list[str], what: str) -> None:
    """After the disk has failed to take a write for good, the process acknowledges nothing more."""
    first = next((place for place, line in enumerate(lines) if not line.startswith("done ")), len(lines))
    assert not acknowledged(lines[first:]), (what, lines)


def test_killed_at_a_call_that_writes_it_comes_back_with_all_that_it_acknowledged(ground: Ground) -> None:
    assert sweep(ground, "signal=KILL", 0) >= len(points(ground, 0)) - 2 > 10


@pytest.mark.parametrize(("fault", "spread"), [("error=EIO", 1), ("error=ENOSPC", 2)])
def test_a_disk_that_fails_once_stops_it_and_loses_nothing(ground: Ground, fault: str, spread: int) -> None:
    assert sweep(ground, fault, spread) > 5


@pytest.mark.parametrize(("fault", "spread"), [("error=EIO", 3), ("error=ENOSPC", 4)])
def test_a_disk_that_fails_from_then_on_stops_it_and_loses_nothing(ground: Ground, fault: str, spread: int) -> None:
    assert sweep(ground, fault, spread, "+") > 5


def test_the_oracle_notices_a_lost_acknowledged_document_and_a_second_copy(ground: Ground) -> None:
    """So that the sweeps can fail: an acknowledgement of what is not there is found out."""
    place = ground.folder / "oracle"
    ground.template.copy(place)
    with pytest.raises(AssertionError, match="oracle"):
        put_right(ground, place, ["done in-1 sha256:" + "0" * 64], "oracle")


def test_killed_again_while_it_recovers(ground: Ground) -> None:
    """A kill in the middle of the work, and kills one after the other while the folder is opened again."""
    for number in range(2, ground.counts["fdatasync"] - 1, 1 if TIMES > 1 else 4):
        place = ground.folder / f"twice-{number}"
        copied = ground.template.copy(place)
        kill = [*QUIET, "-e", "trace=fdatasync", "-e", f"inject=fdatasync:signal=KILL:when={number}"]
        assert ground.nursery.work(copied, ground.template.inbox, place / "told", kill) == -signal.SIGKILL
        lines = told(place / "told")
        for call, when in (("pwrite64", 1), ("ftruncate", 1), ("pwrite64", 9), ("fdatasync", 1), ("pwrite64", 12)):
            kill = [*QUIET, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"]
            more = place / f"{call}-{when}"
            ground.nursery.work(copied, ground.template.inbox, more, kill)
            lines += told(more)
        # Each run does the same work in the same order: what one had under way, a later one acknowledges or never met.
        put_right(ground, place, lines, f"twice {number}")


def test_a_second_server_on_one_folder_is_refused(tmp_path: Path) -> None:
    Nations(tmp_path, "AU", "JP").close()
    field = Field(tmp_path, ("JP",))
    try:
        command = [sys.executable, "-m", "gokei.faces.cli.main", "node", "serve", str(tmp_path / "JP"), "--port", "0"]
        second = subprocess.run([*command, "--json"], check=False, capture_output=True, timeout=60)
        assert second.returncode == 3
        assert b"node-served" in second.stdout
    finally:
        field.stop()
