"""What the operating system refuses, as a problem: a wrong path is the caller's to change, a failing disk is not."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gokei.terms.problems import BadInput, Problem, Refused, Unavailable
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
        with named(path):
            write_through(draft, data, os.O_TRUNC, mode)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_through(path: Path, data: bytes, flags: int, mode: int) -> None:
    """A file made with these flags of `os.open` and this mode holds these bytes, on disk. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | flags, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """What was made or renamed in the folder is on disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_new(path: Path) -> None:
    """See that a new file can be written there. Raises Refused (`file-exists`), and OSError that names the path."""
    if os.path.lexists(path):
        raise exists(path)
    wrong = 0
    if not path.parent.exists():
        wrong = errno.ENOENT
    elif not path.parent.is_dir():
        wrong = errno.ENOTDIR
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        wrong = errno.EACCES
    if wrong:
        raise OSError(wrong, os.strerror(wrong), str(path))


def write_new(path: Path, data: bytes) -> None:
    """A new file for anyone to read holds these bytes, all or none of them, on disk; no older file is replaced.

    Raises Refused (`file-exists`), and OSError that names the path.
    """
    check_new(path)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        write_through(draft, data, os.O_EXCL, usual_mode())
        put_new(draft, path)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise exists(path) from error
    except OSError as error:
        # The draft is ours: who named the path knows nothing of it.
        error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def put_new(draft: Path, path: Path) -> None:
    """The draft at its place, unless something is there. Raises FileExistsError."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # Media that are carried by hand often have a file system without links.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        draft.replace(path)


def exists(path: Path) -> Refused:
    """The problem that a file is there which may not be replaced."""
    return Refused(
        check="file-exists",
        detail=N_("A file of this name is there already, and is left as it is."),
        next_step=N_("Name another file."),
        path=str(path),
    )


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
