"""What the operating system refuses, as a problem: a wrong path is the caller's to change, a failing disk is not."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gokei.terms.problems import BadInput, Problem, Unavailable
from gokei.terms.words import N_

# The path that was named cannot be what it should be; every other error is the machine's.
_OF_THE_PATH: Final = frozenset(
    {
        errno.EACCES,
        errno.EEXIST,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENOTEMPTY,
        errno.ENXIO,
        errno.EPERM,
    }
)


def wrong_path(error: OSError) -> bool:
    """Whether another path would do; else it is the disk, or the system."""
    return error.errno in _OF_THE_PATH


def reason(error: OSError) -> str:
    """What the system says."""
    return error.strerror or type(error).__name__


def usual_mode() -> int:
    """The permissions that a new file of this process has: those that its umask leaves."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """The file holds these bytes, all or none of them, and they are on disk when this returns. Raises OSError."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with named(path), os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An error of the system inside names this path where it names none: a write that fails does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def problem_of(error: OSError) -> Problem:
    """The problem that an error of the system is, with its path where it has one."""
    path = None if error.filename is None else os.fsdecode(error.filename)
    if path is not None and wrong_path(error):
        return BadInput(
            check="path-unusable",
            detail=N_("This path cannot be used: {reason}."),
            next_step=N_("Name another, or see to it that you may read and write there."),
            params={"reason": reason(error)},
            path=path,
        )
    return unavailable(error, path)


def unavailable(error: OSError, path: str | None = None) -> Unavailable:
    """The problem that an error of the system is to somebody who named no path."""
    return Unavailable(
        check="system-unavailable",
        detail=N_("The system could not read or write: {reason}."),
        next_step=N_("See to the disk, make room on it, or name another place; then try again."),
        params={"reason": reason(error)},
        path=path,
    )
