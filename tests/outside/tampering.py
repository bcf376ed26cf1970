"""A journal's file as an attacker sees it: its pages, its rows, and copies of it in which something was changed."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from gokei.faces.cli.main import main
from gokei.node.folder import JOURNAL

Rows = dict[str, list[tuple[Any, ...]]]


class Verdict(NamedTuple):
    """What `gokei verify` said: its exit code, and the check that named the fault."""

    code: int
    check: str
    detail: str


def verify(folder: Path, against: Path | None = None) -> Verdict:
    """`gokei verify`, as the operator calls it. A traceback or a bug of ours (70) fails the test at once."""
    out, err = io.StringIO(), io.StringIO()
    words = ["verify", str(folder), "--json", *(["--against", str(against)] if against else [])]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    assert code in {0, 3, 4, 5}, (code, out.getvalue(), err.getvalue())
    assert "Traceback" not in err.getvalue()
    found = json.loads(out.getvalue() or "{}")
    if code:
        assert found["check"]
        assert found["detail"]
    return Verdict(code, str(found.get("check", "")), str(found.get("detail", "")))


def snapshot(folder: Path, to: Path) -> Path:
    """The whole folder as it is now, its journal in one file, as a careful backup would take it."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns(f"{JOURNAL}*", "*.lock"))
    with closing(sqlite3.connect(folder / JOURNAL)) as source, closing(sqlite3.connect(to / JOURNAL)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("PRAGMA journal_mode=WAL")
    return to


def clean(folder: Path) -> None:
    for rest in ("-wal", "-shm"):
        (folder / f"{JOURNAL}{rest}").unlink(missing_ok=True)


@contextlib.contextmanager
def edited(folder: Path) -> Iterator[sqlite3.Connection]:
    """The journal's database under the attacker's own hands, all of it in one file again at the end."""
    with closing(sqlite3.connect(folder / JOURNAL, isolation_level=None)) as database:
        yield database
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    clean(folder)


def rows(file: Path) -> Rows:
    """Every row of every table, read past Gokei, with no index taken: what is there. Table names have no case."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        names = [one for (one,) in database.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
        return {
            name.lower(): database.execute(f'SELECT * FROM "{name}" NOT INDEXED').fetchall()
            for name in names
            if not name.startswith("sqlite_")
        }


def columns(file: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        return [str(one[1]) for one in database.execute(f'PRAGMA table_info("{table}")')]


class Page(NamedTuple):
    """One page of the file: whose it is and what kind."""

    number: int
    name: str
    kind: str


def pages(file: Path) -> list[Page]:
    """All pages: those of tables and indices by name, and those that no table holds."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        count = database.execute("PRAGMA page_count").fetchone()[0]
        known = {
            number: Page(number, name, kind)
            for number, name, kind in database.execute("SELECT pageno, name, pagetype FROM dbstat")
        }
    return [known.get(number, Page(number, "free", "free")) for number in range(1, count + 1)]


def differences(before: Rows, after: Rows, file: Path) -> set[str]:
    """The columns, as `table.column`, in which two readings differ; `table` alone where its rows do."""
    found: set[str] = set()
    for table, old in before.items():
        new = after.get(table, [])
        if len(old) != len(new):
            found.add(table)
            continue
        names = columns(file, table)
        for one, other in zip(old, new, strict=True):
            found |= {f"{table}.{name}" for name, a, b in zip(names, one, other, strict=True) if a != b}
    return found | {table for table in after if table not in before}
