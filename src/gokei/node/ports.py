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
