"""The work that is cut off at every call: a node takes in documents, issues its own, packs a courier file, closes.

Each thing done is acknowledged by one line, written at once, as a server's answer would be.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from gokei.node.node import Node
from gokei.terms.problems import Problem
from tests.nations import Clock, Seeded, law

ISSUED = 3


def order(number: int) -> dict[str, Any]:
    """A request that Japan issues: every one is a case of its own."""
    lines = [{"line": 1, "quantity": str(number), "unit": "kL", "supply": "fuel", "description": "F-76"}]
    told = {"type": "request", "to": "AU", "order": f"JP-{number}", "operation": "DARWIN", "on": "2017-09-07"}
    return told | {"lines": lines}


class Told:
    """The lines that say what was acknowledged."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(self, *words: str) -> None:
        # By a call of its own: `write` is the node's, and is made to fail.
        os.writev(self._handle, [(" ".join(words) + "\n").encode()])


def attempt(told: Told, name: str, act: Callable[[], str]) -> None:
    """Do it and acknowledge it; what the node refuses is told, and the next is tried, as a server would."""
    try:
        done = act()
    except Problem as problem:
        told.say("problem", name, type(problem).__name__, problem.check)
    except OSError as error:
        told.say("oserror", name, str(error.errno))
    except BaseException:
        told.say("crash", name, traceback.format_exc().replace("\n", " | "))
    else:
        told.say("done", name, done)


def work(folder: Path, inbox: Path, told_to: Path) -> None:
    """All of it, on the node in `folder`."""
    told = Told(told_to)
    opened: list[Node] = []

    def begin() -> str:
        opened.append(Node.open(folder, law(), Clock(), Seeded(str(told_to))))
        return "open"

    attempt(told, "open", begin)
    if not opened:
        return
    node = opened[0]
    for file in sorted(inbox.iterdir()):
        attempt(told, f"in-{file.name}", partial(taken, node, file.read_bytes()))
    for number in range(1, ISSUED + 1):
        attempt(told, f"out-{number}", partial(issued, node, number))
    attempt(told, "pack", partial(packed, node, folder.parent / "out.courier"))
    attempt(told, "close", lambda: str(node.close()))


def packed(node: Node, file: Path) -> str:
    file.unlink(missing_ok=True)
    return str(node.courier_pack("AU", file)["documents"])


def taken(node: Node, raw: bytes) -> str:
    found = node.receive("AU", raw)
    if found.problem is not None:
        raise found.problem
    return str(found.answer["accepted"])


def issued(node: Node, number: int) -> str:
    return str(node.act(order(number), f"key-{number}")["hash"])
