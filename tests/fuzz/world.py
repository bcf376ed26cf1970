"""Two nodes that every target meets as they were: what it wrote is taken back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from gokei.journal.keys import KeyRing
from gokei.journal.signers import Signer
from gokei.node.node import Node
from gokei.node.ports import Files
from gokei.node.receiving import Received
from tests.nations import Nations, Seeded, line, to_operation
from tests.node.forging import Pen

POWERS: Final = frozenset({"logistics", "finance", "supply", "legal", "security", "registrar"})


class Undo(Exception):
    """Takes back what a target wrote, so that every input meets the same node."""


class Drawer:
    """The small files beside a journal, kept in memory, so that they can be taken back as well."""

    def __init__(self, files: Files) -> None:
        self.held: dict[str, bytes] = {}
        self._files = files

    def read(self, name: str) -> bytes | None:
        return self.held[name] if name in self.held else self._files.read(name)

    def replace(self, name: str, data: bytes) -> None:
        self.held[name] = data

    def place(self) -> str:
        return self._files.place()


class World:
    """Two enrolled nodes, made at the first need, and Australia's pen: its real keys, and no rule."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gokei-fuzz-"))
        self.nations = Nations(self.folder, "AU", "JP")
        to_operation(self.nations)
        self.jp, self.au = self.nations["JP"], self.nations["AU"]
        self.pen = Pen(self.folder / "AU", "JP")
        for row in self.au.list("documents"):
            if row["author"] == "AU":
                self.pen.sent(self.au.envelope(str(row["hash"])))
        self.post = self.nations.wires.post
        self.au.act(
            {"type": "request", "to": "JP", "order": "AU-1", "operation": "DARWIN", "on": "2017-09-07",
             "lines": [line("1", supply="fuel", description="F-76")]}
        )  # fmt: skip
        for node in (self.jp, self.au):
            node.core.files = Drawer(node.core.files)

    @property
    def node_key(self) -> Signer:
        return self.au.core.node_signer

    @property
    def ring(self) -> KeyRing:
        """Australia's keys, as Japan knows them."""
        return self.jp.core.channel("AU").ring("AU")

    @contextmanager
    def undone(self, node: Node) -> Iterator[None]:
        """Whatever is written inside is taken back."""
        store, drawer = node.core.store, node.core.files
        assert isinstance(drawer, Drawer)
        before = dict(drawer.held)
        # The same bytes are drawn for every input.
        node.core.random = Seeded("fuzz")
        try:
            with store.writing():
                yield
                raise Undo
        except Undo:
            pass
        finally:
            drawer.held = before

    def close(self) -> None:
        self.nations.close()
        shutil.rmtree(self.folder)


@cache
def world() -> World:
    return World()


def text(data: bytes) -> str:
    """Text with half a character for each byte that is none."""
    return data.decode("utf-8", "surrogateescape")


def spoken(data: bytes) -> str:
    """Text as JSON could carry it: without half characters."""
    return data.decode("utf-8", "replace")


def received(found: Received) -> object:
    return found.answer, None if found.problem is None else found.problem.check
