"""Who has a folder to itself: a file's lock, which the kernel lets go when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gokei.node import disk
from gokei.terms.problems import Refused
from gokei.terms.words import N_

SERVED: Final = "serving.lock"
_PID_BYTES: Final = 20


class Taken(Exception):
    """Another process holds the lock; `holder` is what it wrote into the file."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def held(file: Path, holder: str) -> Iterator[None]:
    """Hold the file's lock, and write there who does. Raises Taken at once where another process holds it."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Taken(os.pread(handle, _PID_BYTES, 0).decode("ascii", "replace").strip()) from error
        with disk.named(file):
            os.ftruncate(handle, 0)
            os.pwrite(handle, holder.encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def serving(folder: Path, next_step: str) -> Iterator[None]:
    """Be the one process that serves the node in `folder`. Raises Refused (`node-served`) where another does."""
    try:
        with held(folder / SERVED, f"{os.getpid()}\n"):
            yield
    except Taken as taken:
        raise Refused(
            check="node-served",
            detail=N_("The node in {folder} is being served, by process {process}."),
            next_step=next_step,
            params={"folder": str(folder), "process": taken.holder or "?"},
            who="operator",
        ) from taken
