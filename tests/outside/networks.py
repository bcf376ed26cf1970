"""Two network namespaces with a cable between them, made for a test and gone after it (addresses of RFC 5737)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.outside.tracing import ROOT

ADDRESS = {"AU": "192.0.2.1", "JP": "192.0.2.2"}


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def name(nation: str) -> str:
    return f"gokei-{nation.lower()}-{os.getpid()}"


@cache
def why_not() -> str:
    """Why no namespace can be made here; empty where one can."""
    if sys.platform != "linux" or shutil.which("ip") is None:
        return "NOT TESTED: there is no `ip` here (Debian: apt-get install iproute2)"
    try:
        with cable():
            pass
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or b""
        return f"NOT TESTED: no network namespace can be made here (root is needed): {said.decode().strip() or error}"
    return ""


def need() -> None:
    """Skip the test, loudly, where there are no namespaces."""
    if why_not():
        pytest.skip(why_not())


def left_behind(names: str, running: Callable[[int], bool]) -> list[str]:
    """Of the names that `ip netns list` says, those of runs whose process is gone."""
    found = re.findall(r"^(gokei-(?:au|jp)-([0-9]+))\b", names, re.MULTILINE)
    return [one for one, process in found if not running(int(process))]


def clear() -> None:
    """The namespaces of runs that were killed would stay for ever."""
    listed = subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, text=True).stdout
    for one in left_behind(listed, lambda process: Path(f"/proc/{process}").exists()):
        # Another run may clear it at the same time.
        subprocess.run(["ip", "netns", "del", one], check=False, capture_output=True)


@contextmanager
def cable() -> Iterator[None]:
    """Both namespaces, each with its end of the cable and nothing else."""
    clear()
    ends = {nation: f"gk{nation.lower()}{os.getpid()}"[:15] for nation in ADDRESS}
    made: list[str] = []
    try:
        for nation in ADDRESS:
            ip("netns", "add", name(nation))
            made.append(name(nation))
        ip("link", "add", ends["AU"], "type", "veth", "peer", "name", ends["JP"])
        for nation, address in ADDRESS.items():
            ip("link", "set", ends[nation], "netns", name(nation), "name", "cable")
            ip("-n", name(nation), "addr", "add", f"{address}/30", "dev", "cable")
            ip("-n", name(nation), "link", "set", "cable", "up")
            ip("-n", name(nation), "link", "set", "lo", "up")
        yield
    finally:
        for one in made:
            ip("netns", "del", one)


def plug(nation: str, state: str) -> None:
    """A nation's end of the cable `up` or `down`."""
    ip("-n", name(nation), "link", "set", "cable", state)


def start(nation: str, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """A Python module run in a nation's namespace, with a runtime folder of its own."""
    runtime = folder / "runtime"
    runtime.mkdir(parents=True, exist_ok=True)
    command = ["ip", "netns", "exec", name(nation), sys.executable, "-m", *words]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env=os.environ | {"XDG_RUNTIME_DIR": str(runtime)}
        )


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(30)
