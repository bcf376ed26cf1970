"""The journal on disk: SQLite, write-ahead log, synchronous=FULL, so that acknowledged means fsynced.

Every key begins with the channel, so that the same tables shard by it. Views are caches; documents are the truth.
Answers of the law are kept once each, by digest, because most documents of a day get the same one.
After an error from the disk the store writes nothing more: what was acknowledged stands, the rest is asked again.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from gokei.journal.door import LogHead
from gokei.journal.merkle import Frontier
from gokei.terms import limits
from gokei.terms.problems import BadInput, OurBug, Unavailable
from gokei.terms.words import N_

SCHEMA_VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS partners (
  channel TEXT PRIMARY KEY, partner TEXT NOT NULL UNIQUE, card BLOB NOT NULL, address TEXT) STRICT;
CREATE TABLE IF NOT EXISTS logs (
  channel TEXT NOT NULL, author TEXT NOT NULL, size INTEGER NOT NULL, last TEXT NOT NULL, seen INTEGER NOT NULL,
  peaks BLOB NOT NULL, PRIMARY KEY (channel, author)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  channel TEXT NOT NULL, author TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, document TEXT NOT NULL,
  case_name TEXT NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL, envelope BLOB NOT NULL, answer TEXT,
  PRIMARY KEY (channel, author, sequence)) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS document_by_hash ON documents (channel, hash);
CREATE INDEX IF NOT EXISTS document_by_case ON documents (channel, case_name, author, sequence);
CREATE INDEX IF NOT EXISTS document_by_name ON documents (channel, document);
CREATE TABLE IF NOT EXISTS views (
  channel TEXT NOT NULL, wing TEXT NOT NULL, case_name TEXT NOT NULL, family TEXT NOT NULL, digest TEXT NOT NULL,
  view TEXT NOT NULL, void TEXT NOT NULL, PRIMARY KEY (channel, case_name, wing)) STRICT;
CREATE TABLE IF NOT EXISTS answers (digest TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS heads (
  channel TEXT NOT NULL, author TEXT NOT NULL, written INTEGER NOT NULL, seen INTEGER NOT NULL, envelope BLOB NOT NULL,
  PRIMARY KEY (channel, author)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cuts (
  channel TEXT NOT NULL, own INTEGER NOT NULL, partner INTEGER NOT NULL, own_head BLOB NOT NULL,
  partner_head BLOB NOT NULL, PRIMARY KEY (channel, own, partner)) STRICT, WITHOUT ROWID;
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


_COLUMNS: Final = "author, sequence, hash, document, case_name, type, time, envelope, answer"


class Store:
    """One node's database. One writer at a time, whichever process it is; readers never wait."""

    def __init__(self, path: Path) -> None:
        """Open what `make` made. Raises BadInput (`journal-missing`): an empty journal is never put in its place."""
        self._lock = threading.RLock()
        self._depth = 0
        self._broken = False
        self._path = str(path)
        self._file = _file_at(self._path)
        if self._file is None or path.stat().st_size == 0:
            raise _missing(self._path)
        with self._errors():
            self._database = _connected(path, "rw")
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
        with _as_problems():
            database = _connected(path, "rwc")
            database.executescript(f"BEGIN IMMEDIATE;{SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
            database.close()

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
                self._database.execute("ROLLBACK")
                raise
            else:
                self._commit()
            finally:
                self._depth -= 1

    def check_place(self) -> None:
        """Raises Unavailable (`store-lost`) where our file is no longer the one at its path."""
        if _file_at(self._path) != self._file:
            raise Unavailable(
                check="store-lost",
                detail=N_("The node's journal is no longer at its place: it was removed or replaced meanwhile."),
                next_step=N_("Stop this node, put its journal back, then start again. Nothing is written until then."),
            )

    def _commit(self) -> None:
        try:
            self._database.execute("COMMIT")
        except sqlite3.Error:
            # After a failed fsync nobody knows what is on disk: stop writing, and recover by document id.
            self._broken = True
            raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._broken:
            raise _disk("an earlier write failed")
        with _as_problems():
            yield

    def run(self, text: str, values: Sequence[Any] = ()) -> None:
        """One statement that changes something, inside `writing`."""
        self._database.execute(text, values)

    def rows(self, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        with self._lock, self._errors():
            return self._database.execute(text, values).fetchall()

    def row(self, text: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a question, or None."""
        with self._lock, self._errors():
            found = self._database.execute(text, values).fetchone()
            return None if found is None else tuple(found)

    def log(self, channel: str, author: str) -> tuple[LogHead, Frontier]:
        """Where a log stands, and its tree."""
        found = self.row("SELECT size, last, seen, peaks FROM logs WHERE channel=? AND author=?", (channel, author))
        if found is None:
            return LogHead(), Frontier()
        size, last, seen, peaks = found
        return LogHead(size, last, seen), Frontier.decode(size, peaks)

    def append(self, channel: str, row: Stored, seen: int, tree: Frontier) -> None:
        """One more document, and the log's new head, inside `writing`."""
        self.run(f"INSERT INTO documents (channel, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", (channel, *row))  # noqa: S608
        self.run(
            "INSERT INTO logs (channel, author, size, last, seen, peaks) VALUES (?,?,?,?,?,?) "
            "ON CONFLICT (channel, author) DO UPDATE SET size=excluded.size, last=excluded.last, seen=excluded.seen, "
            "peaks=excluded.peaks",
            (channel, row.author, row.sequence, row.hash, seen, tree.encode()),
        )

    def case(self, channel: str, case_name: str) -> list[Stored]:
        """All documents of a case, by author and sequence."""
        text = f"SELECT {_COLUMNS} FROM documents WHERE channel=? AND case_name=? ORDER BY author, sequence"  # noqa: S608
        return [Stored(*found) for found in self.rows(text, (channel, case_name))]

    def after(self, channel: str, author: str, sequence: int, count: int = -1) -> list[Stored]:
        """An author's documents after a sequence, in order."""
        text = (
            f"SELECT {_COLUMNS} FROM documents WHERE channel=? AND author=? AND sequence>? "  # noqa: S608
            "ORDER BY sequence LIMIT ?"
        )
        return [Stored(*found) for found in self.rows(text, (channel, author, sequence, count))]

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


def _file_at(path: str) -> tuple[int, int] | None:
    """Device and inode of what is at the path, or None."""
    try:
        found = os.stat(path)  # noqa: PTH116 - on every write: a Path would take longer than the call itself
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise OurBug(
            check="store-integrity", detail=N_("The store refused a row: {reason}."), params={"reason": str(error)}
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # The driver's own words about a damaged file may quote bytes of it that are no text.
        raise _disk(str(error)) from error


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
