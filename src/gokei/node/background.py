"""The node's own hands while it serves: it carries what is new to its partners and reaches cuts when all is still.

Each partner is visited by a thread of its own, with a store and connections of its own: one that is slow, silent or
poisonous holds up neither an answer nor the visits to another.
"""

from __future__ import annotations

import threading
import time
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
        self._visitors: dict[str, threading.Thread] = {}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the exchanges under way; one that waits for a partner too long is cut off, and nothing is lost."""
        self._stop.set()
        until = time.monotonic() + STOP_SECONDS
        self._thread.join(timeout=STOP_SECONDS)
        for visitor in [*self._visitors.values()]:
            visitor.join(timeout=max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        """See to it that every partner on record is visited, those too that come while the node serves."""
        node = self._open()
        try:
            while not self._stop.wait(STEP_SECONDS):
                for partner in node.core.partners():
                    visitor = self._visitors.get(partner)
                    if visitor is None or not visitor.is_alive():
                        visitor = threading.Thread(
                            target=self._attend, args=(partner,), name=f"gokei-exchange-{partner}", daemon=True
                        )
                        self._visitors[partner] = visitor
                        visitor.start()
        finally:
            node.close()

    def _attend(self, partner: str) -> None:
        """One partner, for as long as it is on record."""
        node = self._open()
        due, wait = 0.0, STEP_SECONDS
        try:
            while not self._stop.wait(STEP_SECONDS) and partner in node.core.partners():
                due, wait = visit(node, partner, due, wait)
        finally:
            node.close()


def visit(node: Node, partner: str, due: float, wait: float) -> tuple[float, float]:
    """Exchange with a partner when its time has come: at once for news, later and later after a failure.

    Returns when the next visit is due, and how long was waited for it (seconds).
    """
    if time.monotonic() < due and (wait > STEP_SECONDS or node.settled_with(partner)):
        return due, wait
    try:
        refused = bool(node.sync(partner)["refused"])
    except Problem:
        refused = True
    if refused:
        # Unreachable, busy, or it let a document not in: nothing is lost, all is offered again, later and later.
        wait = min(wait * 2, LONGEST_WAIT_SECONDS)
        return time.monotonic() + wait, wait
    return time.monotonic() + QUIET_SECONDS, STEP_SECONDS
