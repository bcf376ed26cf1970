"""strace, from outside: what a process asks of the system, and what happens to it when the system fails.

Where strace, ptrace or root are missing the tests that need them are skipped, and say why in pytest's summary.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
ATTACH_SECONDS = 20.0


@cache
def why_not() -> str:
    """Why nothing can be traced here; empty where it can."""
    if sys.platform != "linux":
        return "NOT TESTED: strace is of Linux"
    if shutil.which("strace") is None:
        return "NOT TESTED: strace is not installed (Debian: apt-get install strace)"
    sleeper = subprocess.Popen(["sleep", "20"])
    try:
        command = [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO:when=9",
            "true",
        ]
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            return "NOT TESTED: strace cannot run a program here (ptrace is not allowed, or strace is older than 5.3)"
        with attached(sleeper.pid, ["-e", "trace=fdatasync"]):
            pass
    except OSError as error:
        return f"NOT TESTED: strace cannot attach to a process here: {error}"
    finally:
        sleeper.kill()
        sleeper.wait()
    return ""


def need() -> None:
    """Skip the test, loudly, where nothing can be traced."""
    if why_not():
        pytest.skip(why_not())


@contextmanager
def attached(process: int, words: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """strace holds the process while inside. Raises OSError where it cannot."""
    command = ["strace", "-f", *words, "-p", str(process)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        assert tracer.stderr is not None
        said = b""
        until = time.monotonic() + ATTACH_SECONDS
        while b"attached" not in said:
            part = os.read(tracer.stderr.fileno(), 4096)
            said += part
            if not part or time.monotonic() > until:
                raise OSError(said.decode(errors="replace").strip())
        yield tracer
    finally:
        if tracer.poll() is None:
            try:
                tracer.wait(0.5)
            except subprocess.TimeoutExpired:
                tracer.terminate()
                tracer.wait()
        if tracer.stderr is not None:
            tracer.stderr.close()


class Call(NamedTuple):
    """One finished call of a trace, in the order in which it finished."""

    process: str
    name: str
    arguments: str
    result: str
    number: int
    began: int


def calls(trace: str) -> list[Call]:
    """The calls of a trace of `strace -f`; a call that was interrupted by another thread's is put together again."""
    found: list[Call] = []
    open_calls: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(trace.splitlines()):
        process, _, rest = line.partition(" ")
        rest = rest.strip()
        if not process.isdigit():
            process, rest = "", line
        if rest.endswith("<unfinished ...>"):
            open_calls[process] = (rest.removesuffix("<unfinished ...>").rstrip(), number)
            continue
        began = number
        resumed = re.match(r"<\.\.\. [a-z0-9_]+ resumed>", rest)
        if resumed:
            start, began = open_calls.pop(process, ("", number))
            rest = start + rest[resumed.end() :]
        match = re.match(r"(?P<name>[a-z0-9_]+)\((?P<arguments>.*)\) += (?P<result>.*)$", rest, re.DOTALL)
        if match:
            found.append(Call(process, match["name"], match["arguments"], match["result"], number, began))
    return found
