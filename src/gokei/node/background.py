"""The node's own hands while it serves: it carries what is new to its partners and reaches cuts when all is still.

It works in a thread of its own with a store of its own, so that waiting for a partner never holds up an answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from gokei.node.node import Node
from gokei.terms.problems import Problem

STEP_SECONDS: Final = 0.3
QUIET_SECONDS: Final = 15.0
LONGEST_WAIT_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0


class Background:
    """Exchanges with every partner when there is something new, and now and then when there is not."""

    def __init__(self, open_node: Callable[[], Node]) -> None:
        self._open = open_node
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="gokei-exchange", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the exchange under way; one that waits for a partner too long is cut off, and nothing is lost."""
        self._stop.set()
        self._thread.join(timeout=STOP_SECONDS)

    def _work(self) -> None:
        node = self._open()
        try:
            waits: dict[str, tuple[float, float]] = {}
            clock = 0.0
            while not self._stop.wait(STEP_SECONDS):
                clock += STEP_SECONDS
                for partner in node.core.partners():
                    self._visit(node, partner, waits, clock)
        finally:
            node.close()

    def _visit(self, node: Node, partner: str, waits: dict[str, tuple[float, float]], clock: float) -> None:
        """Exchange with a partner when its time has come: at once for news, later and later after a failure."""
        due, wait = waits.get(partner, (0.0, STEP_SECONDS))
        settled = node.settled_with(partner)
        if clock < due and (settled or wait > STEP_SECONDS):
            return
        try:
            refused = node.sync(partner)["refused"]
        except Problem:
            refused = True
        if refused:
            # Unreachable, busy, or it let a document not in: nothing is lost, all is offered again, later and later.
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)
            waits[partner] = (clock + wait, wait)
        else:
            waits[partner] = (clock + QUIET_SECONDS, STEP_SECONDS)
