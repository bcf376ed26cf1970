"""The same with DuckDB, which sorts, joins and spills to disk: each distinct question is settled once, then joined."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from gokei.law.columns.asking import BadRow, Columns
from gokei.node.batch.engines import Job, Progress, failed, missing
from gokei.node.batch.files import CSV, PARQUET, format_of, whole_or_nothing, write
from gokei.terms import limits

_FORMATS: Final = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json"}


def run_duckdb(job: Job, progress: Progress) -> None:
    """Answer with DuckDB. Raises BadRow, and Unavailable (`engine-missing`) where it is not installed."""
    try:
        import duckdb
    except ImportError as error:
        raise missing("DuckDB", "duckdb") from error
    with tempfile.TemporaryDirectory(prefix="gokei-") as name:
        folder = Path(name)
        database = duckdb.connect(str(folder / "questions.duckdb"))
        try:
            _run(database, job, progress, folder)
        except duckdb.Error as error:
            raise failed("DuckDB", error) from error
        finally:
            database.close()


def _run(database: Any, job: Job, progress: Progress, folder: Path) -> None:
    kind = format_of(job.out)
    columns = job.columns(as_text=kind == CSV)
    names = [f'"{name}"' for name in job.table.columns]
    database.execute(
        f"CREATE TABLE asked AS SELECT {', '.join([*names, 'file_row_number AS row'])} "  # noqa: S608 - names of facts
        f"FROM read_parquet({_text(_staged(job, folder))}, file_row_number = true)"
    )
    grouped = f"SELECT {', '.join([*names, 'min(row) AS row'])} FROM asked GROUP BY ALL ORDER BY row"  # noqa: S608
    database.execute(f"CREATE TABLE questions AS SELECT row_number() OVER () AS number, * FROM ({grouped})")  # noqa: S608
    answers = folder / "answers.parquet"
    write(answers, PARQUET, {"number": pl.Int64(), **columns.schema}, _settled(database, job, columns, folder))
    # An unknown fact equals an unknown fact here: a join by = would lose every row that has one.
    same = " AND ".join(f"asked.{name} IS NOT DISTINCT FROM questions.{name}" for name in names)
    rows = (
        f"SELECT asked.* EXCLUDE (row), answers.* EXCLUDE (number) FROM asked JOIN questions ON {same} "  # noqa: S608
        f"JOIN read_parquet({_text(answers)}) AS answers ON answers.number = questions.number ORDER BY asked.row"
    )
    with whole_or_nothing(job.out) as place:
        database.execute(f"COPY ({rows}) TO {_text(place)} ({_FORMATS[kind]})")
    progress(database.execute("SELECT count(*) FROM asked").fetchone()[0])


def _staged(job: Job, folder: Path) -> Path:
    """The questions as Parquet: text formats are read by us, as strictly as for every engine."""
    table = job.table
    if table.format == PARQUET and table.path.is_file():
        return table.path
    staged = folder / "asked.parquet"
    write(staged, PARQUET, table.columns, table.pieces())
    return staged


def _settled(database: Any, job: Job, columns: Columns, folder: Path) -> Iterator[pl.DataFrame]:
    """The distinct questions with their numbers and answers, in the order in which they first stand in the table."""
    questions = folder / "questions.parquet"
    database.execute(f"COPY (FROM questions ORDER BY number) TO {_text(questions)} (FORMAT parquet)")
    before = 0
    for piece in pl.scan_parquet(questions).collect_batches(chunk_size=limits.TABLE_PIECE_ROWS, maintain_order=True):
        try:
            yield piece.select("number").hstack(columns.answer(piece.select([*job.table.columns])))
        except BadRow as problem:
            row = int(piece.get_column("row")[problem.row - 1 - before])
            raise job.table.in_file(BadRow(row + 1, problem)) from None
        before += piece.height


def _text(path: Path) -> str:
    """A path as SQL writes a text."""
    return "'" + str(path).replace("'", "''") + "'"
