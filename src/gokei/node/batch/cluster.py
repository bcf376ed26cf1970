"""The same with Spark, for tables that outgrow one machine: every worker answers its part with the columns.

The law travels to the workers once; each keeps what it compiled. The rows keep their order: Spark reads and writes
parts in any order, so each row carries the file and the place that it came from.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from gokei.law.columns.asking import BadRow, Columns
from gokei.law.library import Library
from gokei.node.batch.engines import Job, Progress, failed, missing
from gokei.node.batch.files import PARQUET, write
from gokei.terms.problems import BadCall, OurBug
from gokei.terms.words import N_

LOCAL: Final = "local[*]"
_FILE: Final = "gokei_file"
_ROW: Final = "gokei_row"
_PLACE: Final = (_FILE, _ROW)


def run_spark(job: Job, progress: Progress, master: str = LOCAL) -> None:
    """Answer with Spark and write a folder of Parquet.

    Raises BadRow, BadCall (`batch-folder`) where the folder is there already, and Unavailable (`engine-missing`,
    `engine-failed`).
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise missing("Spark", "spark") from error
    if job.out.exists():
        raise BadCall(
            check="batch-folder",
            detail=N_("There is something at {path} already."),
            next_step=N_("Name a folder that is not there yet: Spark fills it with files of Parquet."),
            params={"path": str(job.out)},
        )
    job.columns(as_text=False)
    session: Any = None
    with tempfile.TemporaryDirectory(prefix="gokei-") as folder:
        try:
            session = _session(SparkSession, master)
            _run(session, job, progress, Path(folder))
        except (PySparkException, Py4JError) as error:
            raise failed("Spark", error) from error
        finally:
            if session is not None:
                session.stop()


def _session(builder: Any, master: str) -> Any:
    settings = {
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "262144",
    }
    if master.startswith("local"):
        # The workers are on this machine, and this Python has what they need.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    made = builder.builder.master(master).appName("gokei")
    for name, value in settings.items():
        made = made.config(name, value)
    return made.getOrCreate()


def _run(session: Any, job: Job, progress: Progress, folder: Path) -> None:
    from pyspark.sql.pandas.types import from_arrow_schema

    names = [*job.table.columns]
    # Sorted before they are answered: to sort, Spark looks at everything twice.
    asked = _placed(session.read.parquet(str(_staged(job, folder))), names).orderBy(*_PLACE)
    columns = job.columns(as_text=False)
    shipped = session.sparkContext.broadcast((tuple(job.library.instruments.values()), job.wanted, job.assume))
    schema = _arrow({**job.table.columns, _FILE: pl.String(), _ROW: pl.Int64(), **columns.schema})
    answered = asked.mapInArrow(Answering(shipped, names), from_arrow_schema(schema))
    temporary = job.out.parent / f".{job.out.name}.gokei"
    try:
        answered.drop(*_PLACE).write.parquet(str(temporary))
        written = session.read.parquet(str(temporary))
        if written.where("verdict IS NULL").limit(1).count():
            raise _first_bad(answered, job)
        progress(written.count())
        temporary.replace(job.out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _staged(job: Job, folder: Path) -> Path:
    """The questions as Parquet that Spark reads; text formats are read by us, as strictly as for every engine."""
    if job.table.format == PARQUET:
        return job.table.path.resolve()
    staged = folder / "asked.parquet"
    write(staged, PARQUET, job.table.columns, job.table.pieces())
    return staged


def _placed(asked: Any, names: list[str]) -> Any:
    place = (f"_metadata.file_path AS {_FILE}", f"_metadata.row_index AS {_ROW}")
    return asked.selectExpr(*(f"`{name}`" for name in names), *place)


def _first_bad(answered: Any, job: Job) -> BadRow:
    """The first row that is no question, as the one process would tell it."""
    bad = answered.where("verdict IS NULL").orderBy(*_PLACE).select(*job.table.columns, *_PLACE).first().asDict()
    before = answered.where(f"{_FILE} < '{bad[_FILE]}'").count() if job.table.path.is_dir() else 0
    one = pl.DataFrame({name: [bad[name]] for name in job.table.columns}, schema=job.table.columns)
    try:
        job.columns(as_text=False).answer(one)
    except BadRow as problem:
        return job.table.in_file(BadRow(before + bad[_ROW] + 1, problem))
    raise OurBug(check="columns-differ", detail=N_("Columns refuse a question that is right when asked alone."))


class Answering:
    """What a worker runs on the batches of its part."""

    def __init__(self, shipped: Any, names: list[str]) -> None:
        self._shipped = shipped
        self._names = names

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Batches of questions with their places, each answered; a row that is no question has no verdict."""
        columns: Columns | None = None
        instruments, wanted, assume = self._shipped.value
        library = Library(instruments)
        for batch in batches:
            table = pl.DataFrame(pl.from_arrow(batch))
            asked = table.select(self._names)
            columns = columns or Columns(library, asked.schema, wanted, assume)
            answers = columns.answer(asked, past_bad=True)
            found = table.hstack(answers)
            yield from found.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(_arrow(found.schema)).to_batches()


def _arrow(columns: Mapping[str, pl.DataType]) -> Any:
    """Columns as Arrow names their types, of those kinds that Spark knows."""
    import pyarrow

    return pyarrow.schema([(name, _arrow_type(pyarrow, kind)) for name, kind in columns.items()])


def _arrow_type(pyarrow: Any, kind: Any) -> Any:
    if isinstance(kind, pl.List):
        return pyarrow.list_(_arrow_type(pyarrow, kind.inner))
    if isinstance(kind, pl.Struct):
        return pyarrow.struct([(field.name, _arrow_type(pyarrow, field.dtype)) for field in kind.fields])
    plain = {pl.Boolean: pyarrow.bool_(), pl.Date: pyarrow.date32(), pl.Int64: pyarrow.int64()}
    return next((found for name, found in plain.items() if isinstance(kind, name)), pyarrow.string())
