"""What a node takes from outside, so that a simulation runs the same code: clock, randomness, network."""

from __future__ import annotations

from typing import Protocol


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


class Files(Protocol):
    """Small files beside the journal, that must not be rolled back with it."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes, or None where there is none."""

    def replace(self, name: str, data: bytes) -> None:
        """The file holds these bytes, all or none of them, and they are on disk."""

    def place(self) -> str:
        """What tells this journal's file from a copy of it that was put in its place, as far as the system can."""
