"""Tables in files: Parquet, CSV and JSON Lines, read in pieces and written in pieces, so that memory stays flat."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.io.plugins import register_io_source

from gokei.law.columns.asking import BadRow
from gokei.node import disk
from gokei.node.batch import jsonlines
from gokei.terms import limits
from gokei.terms.problems import BadCall, BadInput
from gokei.terms.words import N_

PARQUET: Final = "parquet"
CSV: Final = "csv"
LINES: Final = "jsonl"
_FORMATS: Final[Mapping[str, str]] = {
    ".parquet": PARQUET, ".pq": PARQUET, ".csv": CSV, ".jsonl": LINES, ".ndjson": LINES,
}  # fmt: skip

Columns = Mapping[str, pl.DataType]
Pieces = Callable[[], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Table:
    """A table that can be read again and again. `rows` counts them, which may take a reading."""

    path: Path
    format: str
    columns: Columns
    pieces: Pieces
    rows: Callable[[], int]

    @contextmanager
    def placed(self) -> Iterator[None]:
        """What is wrong with a row, or with a column, is told with its place in the file."""
        try:
            yield
        except BadRow as problem:
            raise self.in_file(problem) from None
        except BadInput as problem:
            if problem.path is None and problem.field in self.columns:
                problem.path = str(self.path)
                if self.format == CSV:
                    problem.line, problem.column = 1, [*self.columns].index(str(problem.field)) + 1
            raise

    def in_file(self, problem: BadRow) -> BadRow:
        """The problem of a row with its file, its line and its column."""
        problem.path = problem.path or str(self.path)
        if self.format != PARQUET and problem.line is None:
            problem.line = problem.row + (self.format == CSV)
        if self.format == CSV and problem.field in self.columns:
            problem.column = [*self.columns].index(str(problem.field)) + 1
        return problem


def format_of(path: Path) -> str:
    """The format that the end of a name says; a folder holds Parquet. Raises BadCall (`batch-format`)."""
    found = PARQUET if path.is_dir() else _FORMATS.get(path.suffix.lower())
    if found is None:
        raise BadCall(
            check="batch-format",
            detail=N_("The name {name} does not say what the file holds."),
            next_step=N_("Its end says it: .parquet, .csv, .jsonl"),
            params={"name": path.name},
        )
    return found


def open_table(path: Path, beside: Collection[str] = ()) -> Table:
    """A file of questions; `beside` names columns of texts that are no facts.

    Raises BadInput (`table-unreadable`, `fact-repeated`, `json-…`) and OSError.
    """
    kind = format_of(path)
    if not path.is_dir():
        with path.open("rb"):
            pass
    match kind:
        case "parquet":
            return _scanned(path, kind, pl.scan_parquet(path / "**/*.parquet" if path.is_dir() else path))
        case "csv":
            _check_header(path)
            return _scanned(path, kind, pl.scan_csv(path, infer_schema=False, raise_if_empty=False))
        case _:
            columns = jsonlines.columns_of(path, beside)
            return Table(path, kind, columns, lambda: jsonlines.pieces(path, columns), lambda: jsonlines.rows(path))


def _scanned(path: Path, kind: str, frame: pl.LazyFrame) -> Table:
    with readable(path, kind):
        columns = dict(frame.collect_schema())

    def pieces() -> Iterator[pl.DataFrame]:
        with readable(path, kind):
            yield from frame.collect_batches(chunk_size=limits.TABLE_PIECE_ROWS, maintain_order=True)

    def rows() -> int:
        with readable(path, kind):
            return int(frame.select(pl.len()).collect().item())

    return Table(path, kind, columns, pieces, rows)


@contextmanager
def readable(path: Path, kind: str) -> Iterator[None]:
    """What the reader of a format cannot read is a bad input, with what it says of it."""
    try:
        yield
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[: limits.TEXT_CHARACTERS]
        raise BadInput(
            check="table-unreadable",
            detail=N_("The file is no {format} that can be read: {problem}"),
            next_step=N_("Write it again, as {format} in UTF-8, one question a row."),
            params={"format": kind, "problem": reason},
            path=str(path),
        ) from error


def _check_header(path: Path) -> None:
    """Every column of a CSV has a name of its own."""
    with path.open(encoding="utf-8-sig", newline="") as stream, readable(path, CSV):
        names = next(csv.reader(_bounded_lines(stream)), [])
    for place, name in enumerate(names, 1):
        if name in names[: place - 1]:
            raise BadInput(
                check="fact-repeated",
                detail=N_("The column {field} stands twice."),
                next_step=N_("Leave one of the two out."),
                params={"field": name},
                path=str(path),
                line=1,
                column=place,
                field=name,
            )


def _bounded_lines(stream: Any) -> Iterator[str]:
    yield stream.readline(limits.QUESTION_BYTES)


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; it becomes `path` when all went well, and goes away otherwise."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(disk.usual_mode())
        temporary.replace(path)
    except OSError as error:
        # The caller knows the name that was asked for, not the one beside it.
        if Path(str(error.filename)).name.startswith(f".{path.name}."):
            error.filename = str(path)
        raise
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write(path: Path, kind: str, columns: Columns, pieces: Iterable[pl.DataFrame]) -> None:
    """Write pieces of a table as one file."""

    def source(
        wanted: list[str] | None, _predicate: pl.Expr | None, _rows: int | None, _size: int | None
    ) -> Iterator[pl.DataFrame]:
        for piece in pieces:
            yield piece if wanted is None else piece.select(wanted)

    frame = register_io_source(source, schema={**columns}, is_pure=False)
    match kind:
        case "parquet":
            frame.sink_parquet(path, statistics=False)
        case "csv":
            frame.sink_csv(path)
        case _:
            frame.sink_ndjson(path)
