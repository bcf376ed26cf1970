"""Where exercise nodes on one machine find each other: an address by root, in the user's runtime directory.

It saves a newcomer from typing ports. It carries no trust: what an address answers is believed by signature alone.
A real node neither writes nor reads it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from gokei.journal.keys import Card
from gokei.node.folder import Folder


def announce(folder: Folder, address: str) -> None:
    """Say that the exercise node of this folder answers at `address`."""
    if folder.environment != "exercise":
        return
    place = _place()
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place / f"{folder.card.root}.{os.getpid()}"
        draft.write_text(address, encoding="ascii")
        draft.replace(place / folder.card.root)
    except OSError:
        return


def withdraw(folder: Folder) -> None:
    """The node answers no more."""
    (_place() / folder.card.root).unlink(missing_ok=True)


def find(card: Card, environment: str) -> str | None:
    """The address that a partner's exercise node announced on this machine, or None."""
    if environment != "exercise":
        return None
    return _read(card.root)


def address_of(folder: Folder) -> str | None:
    """The address that this folder's own node announced, or None."""
    return _read(folder.card.root) if folder.environment == "exercise" else None


def _read(root: str) -> str | None:
    try:
        found = (_place() / root).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return found if found.startswith("http://") and len(found) < 200 else None


def _place() -> Path:
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"gokei-exercise-{os.getuid()}"
