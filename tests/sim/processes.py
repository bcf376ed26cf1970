"""One nation's node as a process on a virtual disk: it starts, answers, crashes at any call, and starts again."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from nacl.signing import VerifyKey

from gokei.node.folder import open_keyring
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Problem
from tests.nations import Nations, Seeded, law
from tests.sim.clock import SkewedClock
from tests.sim.disk import Crashed, VirtualDisk
from tests.sim.invariants import Broken
from tests.sim.rotation import Root, make_spare_keys

if TYPE_CHECKING:
    from tests.sim.world import World

PAIRS = (("AU", "JP"), ("JP", "US"))
BACKUPS = 3
AIMS = (
    *(("mandates", "envelope"),) * 5, ("partners", "card"), ("documents", "envelope"), ("evidence", "evidence"),
    ("answers", "answer"), ("documents", "hash"),
)  # fmt: skip
"""What a bit may turn over in on purpose, however little of the file it is; mandates most, which few runs hold."""

TAIL_BYTES = 160


class Dead(Crashed):
    """The process of that nation is gone."""

    def __init__(self, nation: str) -> None:
        super().__init__(nation)
        self.nation = nation


class Mortal(Seeded):
    """Random bytes that a seed gives; `tick` may raise Crashed."""

    def __init__(self, seed: str, tick: Callable[[str], None]) -> None:
        super().__init__(seed)
        self._tick = tick

    def bytes(self, count: int) -> bytes:
        self._tick("random")
        return super().bytes(count)


@functools.cache
def template() -> tuple[Path, dict[str, dict[str, bytes]]]:
    """Folders of nations that are enrolled with each other, and what lies on their disks, made once."""
    folder = Path(tempfile.mkdtemp(prefix="gokei-sim-"))
    made = Nations(folder, "AU", "JP", "US")
    made.close()
    images = {}
    for nation in ("AU", "JP", "US"):
        node = Node.open(folder / nation, law(), random=Seeded(f"{nation} spare"))
        make_spare_keys(node)
        # What the log of SQLite still holds goes into the file.
        node.core.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        node.close()
        images[nation] = {"/journal.sqlite": (folder / nation / "journal.sqlite").read_bytes()}
    return folder, images


@functools.cache
def keys_of(nation: str) -> dict[str, tuple[VerifyKey, ...]]:
    """Every key that an office of a nation ever has, granted or not yet."""
    found: dict[str, tuple[VerifyKey, ...]] = {}
    for one in open_keyring(template()[0] / nation).holds():
        found[one.office] = (*found.get(one.office, ()), VerifyKey(bytes.fromhex(one.key)))
    return found


@functools.cache
def card(nation: str) -> bytes:
    """A nation's identity card, as its partners have it."""
    return (template()[0] / nation / "card.json").read_bytes()


class Process:
    """A nation's node, alive or dead."""

    def __init__(self, world: World, nation: str) -> None:
        folder, images = template()
        self.world = world
        self.nation = nation
        self.folder = folder / nation
        self.node: Node | None = None
        self.clock = SkewedClock(world.time, world.skew_of(nation), self._tick)
        self.chance = Random(f"{world.seed}/{nation}")
        self.disk = VirtualDisk(f"{world.name}-{nation}", images[nation], self._tick)
        self.disk.broken_flush = lambda: self._happens(world.faults.flush)
        self.disk.full = lambda: self._happens(world.faults.full)
        self.disk.unreadable = lambda: self._happens(world.faults.unread)
        self.disk.unwritable = lambda: self._happens(world.faults.unwritten)
        self.root = Root(Random(f"{world.seed}/root/{nation}"))
        self.backups: list[dict[str, bytes]] = []
        self.starts = 0
        self._armed = False

    @property
    def partners(self) -> list[str]:
        return sorted({one for pair in PAIRS if self.nation in pair for one in pair} - {self.nation})

    def _happens(self, rate: float) -> bool:
        return self._armed and self.world.faulty and rate > 0 and self.chance.random() < rate

    def _tick(self, what: str) -> None:
        """Every touch of the disk, look at the clock, or call for random bytes: here the process may die."""
        self.world.touches += 1
        if what != "read" and self._happens(self.world.faults.crash):
            self.die()
            raise Dead(self.nation)

    def die(self) -> None:
        """The power is gone; the process comes back by itself after a while."""
        self.world.count("crash")
        self._armed = False
        self.disk.crash(self.chance)
        self.node = None
        self.world.time.at(1 + self.chance.random() * 600, self.start)

    def stop(self) -> None:
        """An orderly end."""
        if self.node is not None:
            self.node.close()
        self.node = None
        self.disk.incarnation += 1

    def start(self, quiet: bool = False) -> None:
        """Open the node on what the disk holds; unless it is quiet, it may die doing so."""
        if self.node is not None:
            return
        self.starts += 1
        self._armed = not quiet and self._again()
        random = Mortal(f"{self.world.seed}/{self.nation}/{self.starts}", self._tick)
        try:
            self.node = Node.open(
                self.folder, self.world.law, self.clock, random, self.world.wire(self.nation), self.disk, self.disk
            )
        except Dead:
            return
        except Problem:
            # A disk that fails while the node starts: the operator tries again.
            self.disk.crash(self.chance)
            self.world.time.at(60, self.start)
            return
        self._armed = True

    def _again(self) -> bool:
        """Whether the process may die while it recovers."""
        return self.world.faulty and self.chance.random() < self.world.faults.double_crash

    def run(self, work: Callable[[Node], None]) -> None:
        """Let the node do something, unless it is dead; it may die doing it."""
        if self.node is None:
            return
        incarnation = self.disk.incarnation
        try:
            work(self.node)
        except Dead as gone:
            if gone.nation != self.nation:
                raise
        except Problem as problem:
            self.world.count(problem.check)
            if problem.check in {"store-unavailable", "system-unavailable", "store-lost"}:
                self._restart(incarnation)
        except OSError:
            self._restart(incarnation)

    def _restart(self, incarnation: int) -> None:
        """After an error of the disk the operator starts the node again."""
        if incarnation == self.disk.incarnation and self.node is not None:
            self.die()

    @contextmanager
    def looked_at(self) -> Iterator[None]:
        """Looking at a node is no fault of its disk."""
        armed, self._armed = self._armed, False
        try:
            yield
        finally:
            self._armed = armed

    def back_up(self) -> None:
        self.backups = [*self.backups, self.disk.image()][-BACKUPS:]

    def restore(self, as_files: bool = True) -> None:
        """The operator puts a backup in the place of the journal: its files, or the image of the whole disk."""
        if not self.backups or not self.world.may_lose(self.nation):
            return
        self.world.count("restore" if as_files else "image")
        self._armed = False
        self.disk.put_back(self.chance.choice(self.backups), as_files)
        self.node = None
        self.world.restored(self.nation, as_files)
        self.world.time.at(60, self.start)

    def aimed(self) -> bytes:
        """Something that the journal holds, of one table; nothing where the table is empty."""
        table, column = self.chance.choice(AIMS)
        if self.node is None or self.node.core.store._broken:
            return b""
        with self.looked_at():
            rows = self.node.core.store.rows(f"SELECT {column} FROM {table} ORDER BY rowid")
        found = self.chance.choice(rows)[0] if rows else b""
        whole = found.encode() if isinstance(found, str) else bytes(found)
        # Signatures stand at the end, and are less of it than what they sign.
        return whole if self.chance.random() < 0.5 else whole[-TAIL_BYTES:]

    def rot(self, damage: Callable[[Random], None], what: str) -> None:
        """The journal is damaged where it lies, while the node is stopped: a bit turned over, or a page misdirected.
        The operator verifies: damage that is named ends in a restore."""
        if self.node is None or not self.backups or not self.world.may_lose(self.nation):
            return
        self.world.count(what)
        with self.looked_at():
            self.run(lambda node: node.core.store.rows("SELECT 1") and None)
            if self.node is None:
                return
            before = self.node.state()
        self._armed = False
        self.stop()
        damage(self.chance)
        self.start(quiet=True)
        with self.looked_at():
            named = self._named(before)
        self.world.count(f"{what} named" if named else f"{what} unseen")
        if named:
            self.restore()

    def _named(self, before: JsonObject) -> bool:
        """Whether opening the node or verifying it names damage. Where neither does, the books are what they were."""
        if self.node is None:
            return True
        try:
            self.node.verify()
        except Problem:
            return True
        if self.node.state() != before:
            raise Broken("INV-2", f"{self.nation}: the books are not what they were, and verify names nothing")
        return False
