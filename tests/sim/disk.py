"""A virtual disk under real SQLite: what was written lies in memory until it is flushed, and a crash may lose it.

The disk of one nation. Files have durable bytes and writes that wait; a crash applies any of those that wait, tears
one, and drops the others. Every call of the file system fails when the world says so, and after a failed flush nobody
knows what became of the writes. A connection of a process that died does nothing any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import apsw

from gokei.node.ports import FileAt

SECTOR = 512
PAGE = 4096
MOUNTED: dict[str, VirtualDisk] = {}


class Crashed(BaseException):
    """The process is gone. No handler of the program sees this."""


class File:
    """Bytes that survive, and writes that wait for a flush."""

    def __init__(self, durable: bytes = b"") -> None:
        self.durable = bytearray(durable)
        self.current = bytearray(durable)
        self.waiting: list[tuple[int, bytes | None]] = []

    def write(self, offset: int, data: bytes) -> None:
        _put(self.current, offset, data)
        self.waiting.append((offset, data))

    def truncate(self, size: int) -> None:
        del self.current[size:]
        self.waiting.append((size, None))

    def flush(self) -> None:
        for offset, data in self.waiting:
            _put(self.durable, offset, data)
        self.waiting.clear()

    def crash(self, chance: Random) -> None:
        """Of the writes that wait, some are on disk, one may be in part, the others are lost."""
        for offset, data in self.waiting:
            if chance.random() < 0.4:
                if data is not None and chance.random() < 0.3:
                    data = data[: chance.randrange(0, len(data) + 1, SECTOR)] if len(data) > SECTOR else b""
                _put(self.durable, offset, data)
        self.waiting.clear()
        self.current = bytearray(self.durable)


def _put(where: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del where[offset:]
        return
    if len(where) < offset + len(data):
        where.extend(b"\0" * (offset + len(data) - len(where)))
    where[offset : offset + len(data)] = data


class VirtualDisk:
    """The files of one nation, by name; `tick` is called at every operation and may raise Crashed."""

    def __init__(self, name: str, content: dict[str, bytes], tick: Callable[[str], None]) -> None:
        self.name = name
        self.files = {path: File(data) for path, data in content.items()}
        self.tick = tick
        self.incarnation = 0
        self.place_id = 1
        self.broken_flush: Callable[[], bool] = lambda: False
        self.full: Callable[[], bool] = lambda: False
        self.unreadable: Callable[[], bool] = lambda: False
        self.unwritable: Callable[[], bool] = lambda: False
        MOUNTED[name] = self

    def let_go(self) -> None:
        """The run has ended; what is left of its processes does nothing any more."""
        self.incarnation += 1
        MOUNTED.pop(self.name, None)

    def image(self) -> dict[str, bytes]:
        """What would survive the loss of power now."""
        return {path: bytes(file.durable) for path, file in self.files.items()}

    def crash(self, chance: Random) -> None:
        self.incarnation += 1
        for file in self.files.values():
            file.crash(chance)

    def put_back(self, image: dict[str, bytes], as_files: bool) -> None:
        """The disk is as it was once; restored as files, it can be told from the original."""
        self.incarnation += 1
        self.files = {path: File(data) for path, data in image.items()}
        self.place_id += 1 if as_files else 0

    def rot(self, chance: Random, aim: bytes = b"") -> None:
        """One bit of the journal turns over where it lies; the process is not running. `aim` says in which bytes, where
        they stand in the file: most of it is documents, and the least of it would hardly ever be hit."""
        file = self.files["/journal.sqlite"]
        start = bytes(file.durable).find(aim[:SECTOR]) if aim else -1
        end = min(start + len(aim), len(file.durable))
        places = range(len(file.durable)) if start < 0 else range(start, end)
        at, bit = chance.choice(places), 1 << chance.randrange(8)
        file.durable[at] ^= bit
        file.current = bytearray(file.durable)

    def misdirect(self, chance: Random) -> None:
        """A page of the journal was once written to another's place, and that one is gone; nothing is running."""
        file = self.files["/journal.sqlite"]
        pages = len(file.durable) // PAGE
        if pages > 1:
            one, other = chance.sample(range(pages), 2)
            file.durable[other * PAGE : (other + 1) * PAGE] = file.durable[one * PAGE : (one + 1) * PAGE]
            file.current = bytearray(file.durable)

    # Files of the node: what was signed last.

    def read(self, name: str) -> bytes | None:
        self.tick("read")
        if self.unreadable():
            raise OSError(5, "Input/output error")
        file = self.files.get(f"/{name}")
        return None if file is None else bytes(file.current)

    def replace(self, name: str, data: bytes) -> None:
        self.tick("replace")
        if self.full():
            raise OSError(28, "No space left on device")
        if self.unwritable() or self.broken_flush():
            raise OSError(5, "Input/output error")
        self.files[f"/{name}"] = File(data)
        self.tick("replaced")

    def place(self) -> str:
        return str(self.place_id)

    # The journal's database.

    def connect(self, path: Path, mode: str) -> Any:
        return Database(self, self.incarnation)

    def file_at(self, path: str) -> FileAt | None:
        file = self.files.get("/journal.sqlite")
        return None if file is None else FileAt((1, self.place_id), len(file.current))


class Handle:
    """One open file, of one incarnation of the process."""

    def __init__(self, disk: VirtualDisk, path: str, incarnation: int) -> None:
        self._disk = disk
        self._path = path
        self._incarnation = incarnation
        self._file = disk.files.setdefault(path, File())

    def _gone(self, what: str) -> bool:
        """Whether the process is gone: what its remains still do is done to nothing."""
        if self._incarnation != self._disk.incarnation:
            return True
        self._disk.tick(what)
        return False

    def xRead(self, amount: int, offset: int) -> bytes:
        if self._incarnation == self._disk.incarnation and self._disk.unreadable():
            raise apsw.IOError("read failed")
        return bytes(self._file.current[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._gone("write"):
            return
        if self._disk.full():
            raise apsw.FullError("no space left")
        if self._disk.unwritable():
            # Some of it may stand there by now, in whole sectors.
            self._file.write(offset, bytes(data[: len(data) // 2 // SECTOR * SECTOR]))
            raise apsw.IOError("write failed")
        self._file.write(offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        if self._gone("truncate"):
            return
        if self._disk.unwritable():
            raise apsw.IOError("truncate failed")
        self._file.truncate(size)

    def xSync(self, flags: int) -> None:
        if self._gone("flush"):
            return
        if self._disk.broken_flush():
            # The kernel marks the pages clean: what became of them nobody knows, and no later flush will write them.
            self._file.waiting.clear()
            raise apsw.IOError("flush failed")
        self._file.flush()
        self._gone("flushed")

    def xFileSize(self) -> int:
        return len(self._file.current)

    def xLock(self, level: int) -> None:
        pass

    def xUnlock(self, level: int) -> None:
        pass

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, operation: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xClose(self) -> None:
        pass


class System(apsw.VFS):
    """All virtual disks, as one file system of SQLite: `/NAME/INCARNATION/file`."""

    def __init__(self) -> None:
        super().__init__("gokei-sim", base="")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        flags[1] = flags[0]
        text = "/none/0/temporary" if name is None else name if isinstance(name, str) else name.filename()
        _, disk, incarnation, path = text.split("/", 3)
        return Handle(MOUNTED[disk], f"/{path}", int(incarnation))

    def xDelete(self, name: str, flush: bool) -> None:
        _, disk, incarnation, path = name.split("/", 3)
        mounted = MOUNTED.get(disk)
        if mounted is not None and int(incarnation) == mounted.incarnation:
            mounted.tick("delete")
            if mounted.unwritable():
                raise apsw.IOError("delete failed")
            mounted.files.pop(f"/{path}", None)

    def xAccess(self, name: str, flags: int) -> bool:
        _, disk, _, path = name.split("/", 3)
        return f"/{path}" in MOUNTED[disk].files

    def xFullPathname(self, name: str) -> str:
        return name


SYSTEM = System()


class Database:
    """A connection as the store uses one, with the exceptions of Python's own SQLite."""

    def __init__(self, disk: VirtualDisk, incarnation: int) -> None:
        with _Errors():
            self._real = apsw.Connection(f"/{disk.name}/{incarnation}/journal.sqlite", vfs="gokei-sim")
            # One process, one connection: so SQLite needs no shared memory for its log.
            for text in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self._real.execute(f"PRAGMA {text}").fetchall()

    @property
    def in_transaction(self) -> bool:
        return self._real.in_transaction

    @property
    def total_changes(self) -> int:
        return self._real.total_changes()

    def execute(self, text: str, values: Sequence[Any] = ()) -> Any:
        with _Errors():
            rows = self._real.execute(text, tuple(values)).fetchall()
        return Rows(rows)

    def executemany(self, text: str, rows: Iterable[Sequence[Any]]) -> None:
        with _Errors():
            self._real.executemany(text, [tuple(row) for row in rows])

    def close(self) -> None:
        try:
            self._real.close()
        except (Exception, Crashed):
            return


class Rows:
    """All rows of a question."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None


class _Errors:
    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, apsw.ConstraintError):
            raise sqlite3.IntegrityError(str(error)) from error
        if isinstance(error, apsw.Error):
            raise sqlite3.OperationalError(str(error)) from error
