"""Virtual time: one true clock, and for each nation one that is skewed, jumps and stalls."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Callable

START = datetime.datetime(2026, 11, 24, 6, 0, 0, tzinfo=datetime.UTC)


class Time:
    """The true time, in seconds since the start, and what is to happen when."""

    def __init__(self) -> None:
        self.now = 0.0
        self._count = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, seconds: float, event: Callable[[], None]) -> None:
        """Let something happen so many seconds from now."""
        self._count += 1
        heapq.heappush(self._events, (self.now + seconds, self._count, event))

    def run_until(self, moment: float) -> None:
        """Let everything happen that is due up to a moment of true time."""
        while self._events and self._events[0][0] <= moment:
            due, _, event = heapq.heappop(self._events)
            self.now = max(self.now, due)
            event()
        self.now = max(self.now, moment)


class SkewedClock:
    """A nation's clock: the true one, off by some seconds, and sometimes standing still; `tick` may raise Crashed."""

    def __init__(self, time: Time, skew: float, tick: Callable[[str], None]) -> None:
        self._time = time
        self._tick = tick
        self.skew = skew
        self._stalled: float | None = None

    def now(self) -> str:
        self._tick("clock")
        moment = self._time.now if self._stalled is None else self._stalled
        return (START + datetime.timedelta(seconds=moment + self.skew)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def stall(self) -> None:
        self._stalled = self._time.now

    def go_on(self) -> None:
        self._stalled = None
