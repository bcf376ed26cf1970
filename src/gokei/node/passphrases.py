"""Where a passphrase comes from: a file, the service manager, or a person at a terminal; never from an argument.

An exercise node that was made without one has a random passphrase in its own folder. It protects nothing; it is there
so that every node opens its keys in the same way.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from gokei.node import disk
from gokei.node.vault import check_private
from gokei.terms import limits
from gokei.terms.problems import BadCall, BadInput, Refused
from gokei.terms.words import N_

VARIABLE: Final = "GOKEI_PASSPHRASE_FILE"
CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
CREDENTIAL: Final = "gokei-passphrase"
OWN_FILE: Final = "passphrase"

Ask: TypeAlias = Callable[[], str]


def given(named: Path | None = None, ask: Ask | None = None) -> bytes | None:
    """The passphrase from the file that was named, from the settings, or from a person; None where there is none.

    Raises BadInput (`passphrase-file`, `passphrase-empty`).
    """
    if named is not None:
        return read(named)
    if os.environ.get(VARIABLE):
        return read(Path(os.environ[VARIABLE]))
    credentials = os.environ.get(CREDENTIALS)
    if credentials and (Path(credentials) / CREDENTIAL).is_file():
        return read(Path(credentials) / CREDENTIAL)
    return None if ask is None else _checked(ask().encode(), None)


def of_folder(keys: Path, named: Path | None = None, ask: Ask | None = None) -> bytes:
    """The passphrase for a node's keys: the one in its own folder where it has one, else as `given`.

    Raises BadCall (`passphrase-missing`) where there is none.
    """
    own = keys / OWN_FILE
    if named is None and own.is_file():
        check_private(own)
        return read(own)
    found = given(named, ask)
    if found is None:
        raise missing()
    return found


def forget_own(keys: Path) -> None:
    """An exercise node's own passphrase goes once its keys have another."""
    (keys / OWN_FILE).unlink(missing_ok=True)


def missing() -> BadCall:
    """The problem that no passphrase was given."""
    return BadCall(
        check="passphrase-missing",
        detail=N_("The keys are sealed, and no passphrase was given."),
        next_step=N_(
            "Write it into a file that you alone may read, and name the file by the setting GOKEI_PASSPHRASE_FILE; "
            "commands for keys take --passphrase-file FILE too."
        ),
    )


def check_long(passphrase: bytes) -> None:
    """Raises Refused (`passphrase-short`) where a person's passphrase is too short to protect anything."""
    if len(passphrase.decode("utf-8", "replace")) < limits.PASSPHRASE_CHARACTERS_LEAST:
        raise Refused(
            check="passphrase-short",
            detail=N_("The passphrase has fewer than {least} characters."),
            params={"least": str(limits.PASSPHRASE_CHARACTERS_LEAST)},
            next_step=N_("Take a longer one: six words drawn by lot are a good one."),
        )


def read(path: Path) -> bytes:
    """The passphrase in a file: its bytes without the end of the line. Raises BadInput (`passphrase-file`)."""
    try:
        with path.open("rb") as file:
            return _checked(file.read(limits.PASSPHRASE_BYTES + 3), path)
    except OSError as error:
        raise BadInput(
            check="passphrase-file",
            detail=N_("The file of the passphrase cannot be read: {reason}."),
            params={"reason": disk.reason(error)},
            next_step=N_("Check the name of the file and whether you may read it."),
            path=str(path),
            who="operator",
        ) from error


def _checked(text: bytes, path: Path | None) -> bytes:
    found = text.removesuffix(b"\n").removesuffix(b"\r")
    if not found or len(found) > limits.PASSPHRASE_BYTES:
        raise BadInput(
            check="passphrase-empty",
            detail=N_("The passphrase is empty, or longer than {limit} bytes."),
            params={"limit": str(limits.PASSPHRASE_BYTES)},
            next_step=N_("Write one line into the file."),
            path=None if path is None else str(path),
            who="operator",
        )
    return found
