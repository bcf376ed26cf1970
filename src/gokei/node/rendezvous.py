"""Where exercise nodes on one machine find each other: an address by root, in the user's runtime directory.

It saves a newcomer from typing ports. It carries no trust: what an address answers is believed by signature alone.
A real node neither writes nor reads it. The second line is the process that serves, so that what a killed one left
can be told and cleared away.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from gokei.journal.keys import Card
from gokei.node.folder import Folder


def announce(folder: Folder, address: str) -> None:
    """Say that the exercise node of this folder answers at `address`; drop what processes that are gone left."""
    if folder.environment != "exercise":
        return
    place = _place()
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _drop_gone(place)
        draft = place / f"{folder.card.root}.{os.getpid()}"
        draft.write_text(f"{address}\n{os.getpid()}\n", encoding="ascii")
        draft.replace(place / folder.card.root)


def withdraw(folder: Folder) -> None:
    """The node answers no more; what another process announced for it stays."""
    file = _place() / folder.card.root
    if _process(file) == os.getpid():
        with contextlib.suppress(OSError):
            file.unlink()


def find(card: Card, environment: str) -> str | None:
    """The address that a partner's exercise node announced on this machine, or None."""
    if environment != "exercise":
        return None
    return _read(card.root)


def address_of(folder: Folder) -> str | None:
    """The address that this folder's own node announced, or None."""
    return _read(folder.card.root) if folder.environment == "exercise" else None


def _drop_gone(place: Path) -> None:
    for file in place.iterdir():
        process = _process(file)
        if process is not None and not _runs(process):
            file.unlink(missing_ok=True)


def _process(file: Path) -> int | None:
    """Who wrote the file: as its second line says, or the end of a draft's name."""
    said = file.suffix[1:] or _lines(file)[1]
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _lines(file: Path) -> tuple[str, str]:
    try:
        first, _, rest = file.read_text(encoding="ascii").partition("\n")
    except (OSError, UnicodeDecodeError):
        return "", ""
    return first, rest.strip()


def _read(root: str) -> str | None:
    found, _ = _lines(_place() / root)
    return found if found.startswith("https://") and len(found) < 200 else None


def _place() -> Path:
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"gokei-exercise-{os.getuid()}"
