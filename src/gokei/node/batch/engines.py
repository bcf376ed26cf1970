"""One job for every engine: a table of questions, what is wanted of the answers, and where they go."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from gokei.law.columns.asking import Columns
from gokei.law.forgetting import Wanted
from gokei.law.library import Library
from gokei.node.batch.files import CSV, Table, format_of, whole_or_nothing, write
from gokei.terms import limits
from gokei.terms.problems import Unavailable
from gokei.terms.words import N_

# Told how many more rows are answered.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Job:
    """What to ask, of which law, and where to write."""

    table: Table
    out: Path
    library: Library
    wanted: Wanted
    assume: tuple[str, ...]

    def columns(self, as_text: bool) -> Columns:
        """The evaluator for this table. Raises BadInput (`fact-…`) for a column that holds no fact, and `assume-…`."""
        with self.table.placed():
            return Columns(self.library, self.table.columns, self.wanted, self.assume, as_text)


def missing(engine: str, extra: str) -> Unavailable:
    """The problem that an engine is not installed."""
    return Unavailable(
        check="engine-missing",
        detail=N_("{engine} is not installed."),
        next_step=N_("Install it: pip install 'gokei[{extra}]'. The engine columns needs nothing more."),
        params={"engine": engine, "extra": extra},
    )


def failed(engine: str, error: Exception) -> Unavailable:
    """The problem that an engine gave up, with what it says of it."""
    reason = " ".join(str(error).split())[: limits.TEXT_CHARACTERS]
    return Unavailable(
        check="engine-failed",
        detail=N_("{engine} gave up: {problem}"),
        next_step=N_("Nothing was written. See to what it says, or take the engine columns, and try again."),
        params={"engine": engine, "problem": reason},
    )


def run_columns(job: Job, progress: Progress) -> None:
    """Answer with the columns of this process, in pieces: memory stays flat. Raises BadRow; writes all or nothing."""
    kind = format_of(job.out)
    columns = job.columns(as_text=kind == CSV)

    def answered() -> Iterator[pl.DataFrame]:
        for piece in job.table.pieces():
            yield piece.hstack(columns.answer(piece, each=pool.map))
            progress(piece.height)

    with ThreadPoolExecutor(os.cpu_count()) as pool, job.table.placed(), whole_or_nothing(job.out) as place:
        write(place, kind, {**job.table.columns, **columns.schema}, answered())
