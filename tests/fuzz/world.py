"""Two nodes that every target meets as they were: what it wrote is taken back.

Every key of theirs, and every byte that they draw, is the same in every run: seeds that were kept stay true.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeAlias

from gokei.journal.keys import KeyRing
from gokei.journal.signers import Signer
from gokei.node.messages import write_offer
from gokei.node.node import Node
from gokei.node.ports import Files
from gokei.node.receiving import Received
from gokei.terms.json_types import JsonObject
from tests.fuzz.sealed_same import sealing_keys
from tests.nations import Nations, Seeded, line, to_operation
from tests.node.forging import Pen

Post: TypeAlias = Callable[[str, str, bytes], tuple[int, bytes]]
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


def operation(name: str) -> JsonObject:
    """What Japan has to say to Australia, so that both logs between them hold something."""
    return {
        "type": "operation", "to": "AU", "agreement": "acsa-jp-au-2017", "operation": name, "name": name,
        "activity": "joint_exercise", "place": "AU", "starts": "2017-09-01", "ends": "2017-09-30",
        "forces": ["AU", "JP"], "facts": {},
    }  # fmt: skip


class World:
    """Two enrolled nodes, made at the first need, and Australia's pen: its real keys, and no rule."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gokei-fuzz-"))
        with sealing_keys("fuzz"):
            self.nations = Nations(self.folder, "AU", "JP")
        self.jp, self.au = self.nations["JP"], self.nations["AU"]
        self.jp.act(operation("TOKYO"))
        to_operation(self.nations)
        self.pen = Pen(self.folder / "AU", "JP")
        for row in self.au.list("documents"):
            if row["author"] == "AU":
                self.pen.sent(self.au.envelope(str(row["hash"])))
        self.post = self.nations.wires.post
        self.au.act(
            {"type": "request", "to": "JP", "order": "AU-1", "operation": "DARWIN", "on": "2017-09-07",
             "lines": [line("1", supply="fuel", description="F-76")]}
        )  # fmt: skip
        self.jp.act(operation("OSAKA"))
        for node in (self.jp, self.au):
            node.core.files = Drawer(node.core.files)

    @property
    def node_key(self) -> Signer:
        return self.au.core.node_signer

    @property
    def root(self) -> Signer:
        return self.pen.key("root")

    @cached_property
    def bare_header(self) -> JsonObject:
        """The first line of a courier file of Australia to Japan, whose offer counts no documents."""
        with self.undone(self.au):
            raw = write_offer(self.au.core, "JP", None)
        return {
            "gokei": 1, "from": "AU", "to": "JP", "courier": "0" * 16, "part": 1, "parts": 1, "offer": raw.decode(),
            "back": 0, "documents": 0,
        }  # fmt: skip

    @property
    def ring(self) -> KeyRing:
        """Australia's keys, as Japan knows them."""
        return self.jp.core.channel("AU").ring("AU")

    def payload(self, type_name: str, case: str, /, **frame: object) -> bytes:
        """The signed bytes of Australia's next document, that has seen what Japan sent; its body is empty."""
        return self.pen.payload(type_name, case, {}, ("logistics",), **{"seen": 1, **frame})

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
            node.core.speak(self.partner_of(node))

    @contextmanager
    def put_back(self, node: Node) -> Iterator[None]:
        """The same, with a journal that was put back from before the node wrote anything, beside its newer file."""
        with self.undone(node):
            core, partner = node.core, self.partner_of(node)
            channel = core.channel(partner)
            core.store.cut_off(channel.name, core.nation, 0)
            for table in ("views", "checkpoints", "cuts"):
                core.store.run(f"DELETE FROM {table} WHERE channel=?", (channel.name,))
            channel.forget()
            try:
                yield
            finally:
                channel.forget()

    def partner_of(self, node: Node) -> str:
        return "AU" if node is self.jp else "JP"

    @contextmanager
    def answering(self, post: Post) -> Iterator[None]:
        """Inside, what one node posts to the other is answered so."""
        self.nations.wires.post = post  # type: ignore[method-assign]
        try:
            with self.undone(self.jp), self.undone(self.au):
                yield
        finally:
            self.nations.wires.post = self.post  # type: ignore[method-assign]

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
