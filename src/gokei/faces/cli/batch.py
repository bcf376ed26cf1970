"""`gokei ask --batch`: very many questions, one a row of a file, and their answers in another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gokei.faces.cli.ending import put, put_json, translate
from gokei.law.forgetting import Wanted
from gokei.node.batch import cluster, database, engines
from gokei.node.batch.engines import Job, Progress
from gokei.node.batch.files import format_of, open_table
from gokei.node.packs import open_library
from gokei.terms.problems import BadCall
from gokei.terms.words import N_


def run(
    source: str, out: str, engine: str, master: str | None, because: bool, assume: tuple[str, ...], as_json: bool
) -> None:
    """Answer all questions of a file. Raises BadInput with row and column, and then no file is written."""
    where = Path(out)
    if engine != "spark":
        format_of(where)
    if not where.absolute().parent.is_dir():
        raise BadCall(
            check="batch-folder",
            detail=N_("There is no folder {path}."),
            next_step=N_("Make it, or name another."),
            params={"path": str(where.absolute().parent)},
        )
    table = open_table(Path(source))
    job = Job(table, where, open_library(), Wanted.REASONS if because else Wanted.VERDICT, assume)
    with progress_bar(N_("Questions"), table.rows) as progress:
        rows = _counted(_engine(engine, master), job, progress)
    if as_json:
        put_json({"rows": rows, "engine": engine, "out": out})
    else:
        put(
            translate()(N_("{rows} questions are answered: {out}")).replace("{rows}", f"{rows:,}").replace("{out}", out)
        )


def _engine(engine: str, master: str | None) -> Callable[[Job, Progress], None]:
    match engine:
        case "columns":
            return engines.run_columns
        case "duckdb":
            return database.run_duckdb
        case _:
            return lambda job, progress: cluster.run_spark(job, progress, master or cluster.LOCAL)


def _counted(run_engine: Callable[[Job, Progress], None], job: Job, progress: Progress) -> int:
    rows = 0

    def more(count: int) -> None:
        nonlocal rows
        rows += count
        progress(count)

    run_engine(job, more)
    return rows


@contextmanager
def progress_bar(label: str, length: Callable[[], int]) -> Iterator[Progress]:
    """A bar on a terminal; elsewhere nothing, and nothing is counted beforehand."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length(), label=translate()(label), file=sys.stderr, show_pos=True) as bar:
        yield bar.update
