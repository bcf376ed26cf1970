"""What a node takes from outside, so that a simulation runs the same code: clock, randomness, network, disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable


class Clock(Protocol):
    """The time of day. The journal's instants are RFC 3339 in UTC, to the second."""

    def now(self) -> str:
        """This instant, like `2026-11-24T05:00:00Z`."""


class Random(Protocol):
    """Unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """So many bytes that nobody can guess."""


class Network(Protocol):
    """A way to a partner's node. Raises Unavailable when there is none now."""

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        """The status and the body that the partner answered; both bounded."""


@runtime_checkable
class Wires(Protocol):
    """A network that must know whom it calls, because each partner has a certificate of its own."""

    def to(self, nation: str) -> Network:
        """The way to the node of a partner on record. Raises Refused (`partner-unknown`, `tls-none`)."""


class Files(Protocol):
    """Small files beside the journal, that must not be rolled back with it."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes, or None where there is none."""

    def replace(self, name: str, data: bytes) -> None:
        """The file holds these bytes, all or none of them, and they are on disk."""

    def place(self) -> str:
        """What tells this journal's file from a copy of it that was put in its place, as far as the system can."""


class FileAt(NamedTuple):
    """What lies at a path: which file it is, and how many bytes it has."""

    identity: tuple[int, int]
    size: int


class Disk(Protocol):
    """Where the journal's database lies."""

    def connect(self, path: Path, mode: str) -> sqlite3.Connection:
        """A connection (`rw`, or `rwc` to make the file) whose commits are on disk when they return."""

    def file_at(self, path: str) -> FileAt | None:
        """What lies at the path, or None."""
