"""What commands read and write: files and stdin, bounded, and the options that they share."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gokei.node import disk
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """`--json`: one JSON value on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout, messages on stderr.")(
        command
    )


def read_bounded(name: str, most: int) -> bytes:
    """The bytes of a file, or of stdin for `-`: at most one byte more than the bound, so that too much shows.

    Raises BadInput (`file-unreadable`).
    """
    try:
        if name == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(name).open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and not disk.wrong_path(error):
            raise
        reason = disk.reason(error) if isinstance(error, OSError) else str(error)
        raise BadInput(
            check="file-unreadable",
            detail=N_("The file cannot be read: {reason}."),
            next_step=N_("Check the name of the file and whether you may read it."),
            params={"reason": reason},
            path=name,
        ) from error


def write_file(name: str, text: str) -> None:
    """A text as a file, whole or not at all; an older file is replaced. Raises BadInput (`file-unwritable`)."""
    path = Path(name)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(temporary).chmod(disk.usual_mode())
        Path(temporary).replace(path)
    except (OSError, ValueError) as error:
        raise not_written(name, getattr(error, "strerror", None) or str(error)) from error


def not_written(name: str, reason: str) -> BadInput:
    """The problem of a file that cannot be written."""
    return BadInput(
        check="file-unwritable",
        detail=N_("The file cannot be written: {reason}."),
        next_step=N_("Name another file."),
        params={"reason": reason},
        path=name,
    )
