"""The journal on disk: SQLite, write-ahead log, synchronous=FULL, so that acknowledged means fsynced.

Every key begins with the channel, so that the same tables shard by it. Views are caches; documents are the truth.
Answers of the law are kept once each, by digest, because most documents of a day get the same one.
After an error from the disk the store writes nothing more: what was acknowledged stands, the rest is asked again.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from gokei.journal.door import LogHead
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.frames import Frame
from gokei.journal.merkle import Frontier, leaf_hash
from gokei.node.ports import Disk, FileAt
from gokei.terms import limits
from gokei.terms.problems import BadInput, OurBug, Problem, Unavailable
from gokei.terms.words import N_

SCHEMA_VERSION: Final = 4
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS partners (
  channel TEXT PRIMARY KEY, partner TEXT NOT NULL UNIQUE, card BLOB NOT NULL, address TEXT,
  base BLOB NOT NULL, own_base BLOB NOT NULL, compared TEXT, skew INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS mandates (
  serial INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, envelope BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS logs (
  channel TEXT NOT NULL, author TEXT NOT NULL, size INTEGER NOT NULL, last TEXT NOT NULL, seen INTEGER NOT NULL,
  peaks BLOB NOT NULL, PRIMARY KEY (channel, author)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  channel TEXT NOT NULL, author TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, document TEXT NOT NULL,
  case_name TEXT NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL, envelope BLOB NOT NULL, answer TEXT,
  PRIMARY KEY (channel, author, sequence)) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS document_by_hash ON documents (channel, hash);
CREATE INDEX IF NOT EXISTS document_by_case ON documents (channel, case_name, author, sequence);
CREATE TABLE IF NOT EXISTS views (
  channel TEXT NOT NULL, wing TEXT NOT NULL, case_name TEXT NOT NULL, family TEXT NOT NULL, digest TEXT NOT NULL,
  view TEXT NOT NULL, void TEXT NOT NULL, PRIMARY KEY (channel, case_name, wing)) STRICT;
CREATE TABLE IF NOT EXISTS answers (digest TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (
  channel TEXT NOT NULL, author TEXT NOT NULL, kind TEXT NOT NULL, written INTEGER NOT NULL, seen INTEGER NOT NULL,
  note BLOB NOT NULL, PRIMARY KEY (channel, author, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cuts (
  channel TEXT NOT NULL, own INTEGER NOT NULL, partner INTEGER NOT NULL, own_checkpoint BLOB NOT NULL,
  partner_checkpoint BLOB NOT NULL, PRIMARY KEY (channel, own, partner)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subtrees (
  channel TEXT NOT NULL, author TEXT NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY (channel, author, level, number)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence (
  number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, nation TEXT NOT NULL,
  kind TEXT NOT NULL, time TEXT NOT NULL, evidence BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS set_aside (
  channel TEXT NOT NULL, hash TEXT NOT NULL, sequence INTEGER NOT NULL, time TEXT NOT NULL, envelope BLOB NOT NULL,
  PRIMARY KEY (channel, hash)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (
  channel TEXT NOT NULL, author TEXT NOT NULL, sequence INTEGER NOT NULL, envelope BLOB NOT NULL,
  PRIMARY KEY (channel, author, sequence)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS acts (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS drafts (
  draft TEXT PRIMARY KEY, key TEXT, office TEXT NOT NULL, time TEXT NOT NULL, request TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refusals (
  number INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL, time TEXT NOT NULL, bytes BLOB NOT NULL,
  refusal BLOB NOT NULL) STRICT;
"""


class Stored(NamedTuple):
    """One document as a row: everything but the envelope is a copy for looking up.

    `answer` is the digest of what this node's own law made of it, where the law was asked.
    """

    author: str
    sequence: int
    hash: str
    document: str
    case_name: str
    type: str
    time: str
    envelope: bytes
    answer: str | None = None


class Placed(NamedTuple):
    """Where a document stands, and its name."""

    author: str
    sequence: int
    hash: str


_DECLARED: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
_COLUMNS: Final = "author, sequence, hash, document, case_name, type, time, envelope, answer"


class Store:
    """One node's database. One writer at a time, whichever process it is; readers never wait."""

    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        """Open what `make` made. Raises BadInput (`journal-missing`): an empty journal is never put in its place."""
        self._disk = disk or SystemDisk()
        self._lock = threading.RLock()
        self._depth = 0
        self._broken = False
        self._path = str(path)
        self._file = self._disk.file_at(self._path)
        if self._file is None or self._file.size == 0:
            raise _missing(self._path)
        with self._errors():
            self._database = self._disk.connect(path, "rw")
            # The indexes by hash and by name are written all over: the more of them is at hand, and the more changes
            # of one page go into the file together, the less is written for each document.
            self._database.execute(f"PRAGMA cache_size=-{limits.STORE_CACHE_KIBIBYTES}")
            self._database.execute(f"PRAGMA wal_autocheckpoint={limits.CHECKPOINT_PAGES}")
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            self._database.close()
            if version == 0:
                raise _missing(self._path)
            raise Unavailable(
                check="store-version",
                detail=N_("The node's folder was written by another version of Gokei."),
                next_step=N_("Use the version that made it."),
            )

    @staticmethod
    def make(path: Path) -> None:
        """A new store without a document, on disk at the end."""
        try:
            database = _connected(path, "rwc")
            database.executescript(f"BEGIN IMMEDIATE;{SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
            database.close()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _problem(error) from error

    def is_whole(self) -> bool:
        """Whether the tables and indices are declared in the words of `SCHEMA`: a flipped bit there spoils no row, and
        every later statement."""
        with closing(sqlite3.connect(":memory:")) as database:
            database.executescript(SCHEMA)
            return self.rows(_DECLARED) == database.execute(_DECLARED).fetchall()

    def close(self) -> None:
        """Let the database go."""
        with self._lock:
            self._database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is on disk at the end, or none. Nested use joins the outer one."""
        with self._lock, self._errors():
            if self._depth:
                yield
                return
            self.check_place()
            self._database.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            else:
                self._commit()
            finally:
                self._depth -= 1

    def grow_log(self) -> None:
        """Give the write-ahead log its whole length: a commit into a file that grows takes half as long again.

        SQLite lets the log go when the last connection closes, and begins it anew each time it is full. A transaction
        that does not fit the cache goes into it, and is taken back; the commit after it finds the room on disk.
        """
        with self._lock, self._errors():
            log = self._disk.file_at(f"{self._path}-wal")
            page, cache = (self._database.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_size", "cache_size"))
            if log is not None and log.size >= limits.CHECKPOINT_PAGES * page:
                return
            self._database.execute("PRAGMA cache_size=10")
            try:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.execute("CREATE TABLE growing (room BLOB)")
                self._database.execute("INSERT INTO growing VALUES (zeroblob(?))", (limits.CHECKPOINT_PAGES * page,))
            except sqlite3.OperationalError:
                # There is no room for it now: the log grows as it must, and who writes is told what is wrong.
                pass
            finally:
                self._database.rollback()
                self._database.execute(f"PRAGMA cache_size={cache}")
        with self.writing():
            self.run(f"PRAGMA user_version={SCHEMA_VERSION}")

    @property
    def is_writing(self) -> bool:
        """Whether a transaction is open, whose end is not known yet."""
        return self._depth > 0

    def check_place(self) -> None:
        """Raises Unavailable (`store-lost`) where our file is no longer the one at its path."""
        found = self._disk.file_at(self._path)
        if self._file is None or found is None or found.identity != self._file.identity:
            raise Unavailable(
                check="store-lost",
                detail=N_("The node's journal is no longer at its place: it was removed or replaced meanwhile."),
                next_step=N_("Stop this node, put its journal back, then start again. Nothing is written until then."),
            )

    def version(self) -> int:
        """Another one whenever another process, or another connection, changed anything."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def changes(self) -> int:
        """How many rows this connection has changed since it was opened, even if they were rolled back."""
        return self._database.total_changes

    def _commit(self) -> None:
        try:
            self._database.execute("COMMIT")
        except sqlite3.Error:
            # After a failed fsync nobody knows what is on disk: stop writing, and recover by document id.
            self._broken = True
            raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        self._check_unbroken()
        try:
            yield
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _problem(error) from error

    def _check_unbroken(self) -> None:
        if self._broken:
            raise _disk("an earlier write failed")

    def _check_open(self) -> None:
        """A statement that met an error of the disk, also one that only reads, may have ended the transaction: what
        follows would then stand alone (https://www.sqlite.org/lang_transaction.html, section 3)."""
        if not self._database.in_transaction:
            raise _disk("an earlier statement of this transaction failed")

    def run(self, text: str, values: Sequence[Any] = ()) -> None:
        """One statement that changes something, inside `writing`. Raises Unavailable where that was given up."""
        self._check_open()
        self._database.execute(text, values)

    def run_many(self, text: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same statement for each of the rows, as `run`."""
        self._check_open()
        self._database.executemany(text, rows)

    def rows(self, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        with self._lock:
            self._check_unbroken()
            try:
                return self._database.execute(text, values).fetchall()
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                raise _problem(error) from error

    def row(self, text: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a question, or None."""
        found = self.rows(text, values)
        return found[0] if found else None

    def log(self, channel: str, author: str) -> tuple[LogHead, Frontier]:
        """Where a log stands, and its tree."""
        found = self.row("SELECT size, last, seen, peaks FROM logs WHERE channel=? AND author=?", (channel, author))
        if found is None:
            return LogHead(), Frontier()
        size, last, seen, peaks = found
        return LogHead(size, last, seen), Frontier.decode(size, peaks)

    def append(self, channel: str, rows: Sequence[Stored], seen: int, tree: Frontier) -> None:
        """An author's next documents, one or more in order, and the log's new head, inside `writing`."""
        self.run_many(
            f"INSERT INTO documents (channel, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            [(channel, *row) for row in rows],
        )
        last = rows[-1]
        self.run(
            "INSERT INTO logs (channel, author, size, last, seen, peaks) VALUES (?,?,?,?,?,?) "
            "ON CONFLICT (channel, author) DO UPDATE SET size=excluded.size, last=excluded.last, seen=excluded.seen, "
            "peaks=excluded.peaks",
            (channel, last.author, last.sequence, last.hash, seen, tree.encode()),
        )

    def case(self, channel: str, case_name: str) -> list[Placed]:
        """All documents of a case, by author and sequence; their envelopes are not read."""
        text = "SELECT author, sequence, hash FROM documents WHERE channel=? AND case_name=? ORDER BY author, sequence"
        return [Placed(*row) for row in self.rows(text, (channel, case_name))]

    def cases(self, channel: str, case_names: Iterable[str]) -> dict[str, list[Placed]]:
        """The same for several cases, in their order."""
        found: dict[str, list[Placed]] = {name: [] for name in case_names}
        if len(found) == 1:
            # The most frequent question of all, and asked so it takes a quarter of the time.
            return {name: self.case(channel, name) for name in found}
        places = ",".join("?" * len(found))
        text = (
            f"SELECT case_name, author, sequence, hash FROM documents WHERE channel=? AND case_name IN ({places}) "  # noqa: S608
            "ORDER BY case_name, author, sequence"
        )
        for name, *row in self.rows(text, (channel, *found)):
            found[name].append(Placed(*row))
        return found

    def envelope(self, channel: str, row: Placed) -> bytes:
        """The exact bytes of a document that stands there."""
        text = "SELECT envelope FROM documents WHERE channel=? AND author=? AND sequence=?"
        found = self.row(text, (channel, row.author, row.sequence))
        return bytes(found[0]) if found else b""

    def after(self, channel: str, author: str, sequence: int, count: int) -> list[Stored]:
        """An author's next documents after a sequence, in order; never a whole log."""
        text = (
            f"SELECT {_COLUMNS} FROM documents WHERE channel=? AND author=? AND sequence>? "  # noqa: S608
            "ORDER BY sequence LIMIT ?"
        )
        return [Stored(*found) for found in self.rows(text, (channel, author, sequence, count))]

    def each(self, channel: str, author: str, after: int = 0) -> Iterator[Stored]:
        """All of an author's documents after a sequence, in order, read a few at a time."""
        while rows := self.after(channel, author, after, limits.DOCUMENTS_PER_READ):
            yield from rows
            after = rows[-1].sequence

    def cut_off(self, channel: str, author: str, size: int) -> None:
        """The log ends after `size` documents; what followed, and the parts of its tree, are gone. Inside `writing`."""
        tree = Frontier()
        log = LogHead()
        for row in self.each(channel, author):
            if row.sequence > size:
                break
            envelope = Envelope.decode(row.envelope, DOCUMENT)
            tree = tree.append(leaf_hash(envelope.payload))
            log = LogHead(row.sequence, row.hash, Frame.model_validate_json(envelope.payload).seen)
        self.run("DELETE FROM documents WHERE channel=? AND author=? AND sequence>?", (channel, author, size))
        self.run("DELETE FROM subtrees WHERE channel=? AND author=?", (channel, author))
        self.run(
            "UPDATE logs SET size=?, last=?, seen=?, peaks=? WHERE channel=? AND author=?",
            (*log, tree.encode(), channel, author),
        )

    def find(self, channel: str, name: str) -> Stored | None:
        """A document of a channel by its hash or its id."""
        column = "hash" if name.startswith("sha256:") else "document"
        text = f"SELECT {_COLUMNS} FROM documents WHERE channel=? AND {column}=? ORDER BY author LIMIT 1"  # noqa: S608
        found = self.row(text, (channel, name))
        return None if found is None else Stored(*found)


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        timeout=limits.DATABASE_WAIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        uri=True,
    )
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:
        database.close()
        raise
    return database


class SystemDisk:
    """The machine's own disk, by Python's own SQLite."""

    def connect(self, path: Path, mode: str) -> sqlite3.Connection:
        """A connection whose commits are on disk when they return."""
        return _connected(path, mode)

    def file_at(self, path: str) -> FileAt | None:
        """Device, inode and size of what is at the path, or None."""
        try:
            found = os.stat(path)  # noqa: PTH116 - on every write: a Path would take longer than the call itself
        except OSError:
            return None
        return FileAt((found.st_dev, found.st_ino), found.st_size)


def _problem(error: Exception) -> Problem:
    if isinstance(error, sqlite3.IntegrityError):
        return OurBug(
            check="store-integrity", detail=N_("The store refused a row: {reason}."), params={"reason": str(error)}
        )
    # The driver's own words about a damaged file may quote bytes of it that are no text.
    return _disk(str(error))


def _missing(path: str) -> BadInput:
    return BadInput(
        check="journal-missing",
        detail=N_("The node's journal is missing here, or empty."),
        next_step=N_(
            "Restore this file from a copy, or take the journal again from the partner. "
            "A node does not go on without it."
        ),
        path=path,
        who="operator",
    )


def _disk(reason: str) -> Unavailable:
    return Unavailable(
        check="store-unavailable",
        detail=N_("The node's store cannot be used now: {reason}."),
        next_step=N_(
            "Look at the disk and at other processes of this node, then start again. What was acknowledged is kept."
        ),
        params={"reason": reason},
    )
