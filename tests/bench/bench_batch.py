"""Questions by the million: `python -m tests.bench.bench_batch`.

On the policy of tests/bench/policy.py, in one run and one process, the same million rows each time, interleaved, the
median of several: the columns (verdict and basis; with reasons), Polars as a skilled person writes it by hand for this
one policy (the faster of two ways counts), OpenFisca. Verdicts must be the same row by row.

Then over all packs of the house: rows that state eight facts, and rows that state all facts with one in seven left out,
which no policy of ten agreements has the like of. Then from Parquet to Parquet: 10 million rows, with the most memory
that process held; `--large` also 100 million. `--spark` prints the time of Spark on two worker processes, and compares
its answers with those of the columns. Needs the group `bench`: tools/set-up bench.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from gokei.law.columns.asking import Columns
from gokei.law.forgetting import Wanted
from gokei.law.library import Library
from gokei.node.batch.cluster import run_spark
from gokei.node.batch.engines import Job, run_columns
from gokei.node.batch.files import open_table
from gokei.node.packs import open_library
from tests.bench import frames, generated, policy, practice
from tests.bench.peers import handwritten, openfisca

ROWS = 1_000_000
TIMES = 7
LEAST = {"verdict": 10_000_000, "reasons": 6_000_000}
MOST_TIMES_HANDWRITTEN = 1.3
LEAST_TIMES_OPENFISCA = 5
MOST_MEGABYTES = 1024
POOL = ThreadPoolExecutor(os.cpu_count())
SPARK = "local-cluster[2,1,1024]"


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def medians(works: dict[str, Callable[[], Any]], times: int = TIMES) -> dict[str, float]:
    """Each work's median time, all of them in turn; the first turn is not counted."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(times + 1):
        for name, work in works.items():
            taken = seconds(work)
            if turn:
                found[name].append(taken)
    return {name: statistics.median(taken) for name, taken in found.items()}


def against_peers() -> dict[str, Any]:
    of = policy.drawn()
    library = Library(policy.instruments(of))
    frame = frames.drawn(ROWS, seed=3)
    columns = {wanted: Columns(library, frame.schema, wanted) for wanted in (Wanted.VERDICT, Wanted.REASONS)}
    ours = columns[Wanted.VERDICT].answer(frame).get_column("verdict").cast(pl.String)
    for name, batch in (("handwritten", handwritten.batch), ("openfisca", openfisca.batch)):
        theirs = batch(frame, of)[0].cast(pl.String)
        if not theirs.equals(ours):
            raise SystemExit(f"{name}: {(theirs != ours).sum()} verdicts differ")
    columns[Wanted.REASONS].answer(frame)
    taken = medians(
        {
            "verdict": lambda: columns[Wanted.VERDICT].answer(frame, each=POOL.map),
            "reasons": lambda: columns[Wanted.REASONS].answer(frame, each=POOL.map),
            "handwritten_flat": lambda: handwritten.flat(frame, of),
            "handwritten_pruned": lambda: handwritten.pruned(frame, of),
            "openfisca": lambda: openfisca.batch(frame, of),
        }
    )
    return {
        "million_rows_a_second": {name: round(ROWS / one / 1e6, 1) for name, one in taken.items()},
        "times_handwritten": round(taken["verdict"] / min(taken["handwritten_flat"], taken["handwritten_pruned"]), 2),
        "openfisca_takes_times": round(taken["openfisca"] / taken["verdict"], 1),
    }


def over_all_packs() -> dict[str, Any]:
    """The packs as they are, and beside 200 agreements more."""
    library = open_library()
    larger = Library([*library.instruments.values(), *generated.agreements(200)])
    found: dict[str, Any] = {}
    for name, facts in (("eight_facts", practice.FEW), ("all_facts", practice.ALL)):
        frame = practice.drawn(ROWS // 2, facts, seed=4)
        works: dict[str, Callable[[], Any]] = {}
        for wanted in (Wanted.VERDICT, Wanted.REASONS):
            for size, one in (("", library), ("_with_200_more", larger)):
                columns = Columns(one, frame.schema, wanted)
                work = partial(columns.answer, frame, each=POOL.map)
                found[f"{name}_{wanted.name.lower()}{size}_first_time_s"] = round(seconds(work), 2)
                works[f"{wanted.name.lower()}{size}"] = work
        taken = medians(works, times=3)
        found |= {
            f"{name}_{work}_million_rows_a_second": round(frame.height / one / 1e6, 1) for work, one in taken.items()
        }
        found[f"{name}_times_with_200_more"] = round(taken["verdict_with_200_more"] / taken["verdict"], 2)
    return found


def file_to_file(asked: Path, out: Path, because: bool) -> None:
    """One process that does nothing else: its time and the most memory it held."""
    wanted = Wanted.REASONS if because else Wanted.VERDICT
    taken = seconds(lambda: run_columns(Job(open_table(asked), out, open_library(), wanted, ()), lambda _: None))
    held = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(json.dumps({"seconds": taken, "megabytes": int(held.split()[1]) / 1024}))


def in_a_process(rows: int, because: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        asked, out = Path(name) / "asked.parquet", Path(name) / "answers.parquet"
        practice.written(asked, rows)
        words = ["--one", str(asked), str(out), *(["--because"] if because else [])]
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.bench_batch", *words], capture_output=True, check=True
        )
        if open_table(out).rows() != rows:
            raise SystemExit("rows are missing")
    found = json.loads(done.stdout)
    return {
        "rows": rows, "because": because, "seconds": round(found["seconds"], 2),
        "million_rows_a_second": round(rows / found["seconds"] / 1e6, 2), "megabytes": round(found["megabytes"]),
    }  # fmt: skip


def with_spark(rows: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = folder / "asked.parquet"
        practice.written(asked, rows)
        library = open_library()
        outs = {"columns": folder / "columns.parquet", "spark": folder / "spark"}
        jobs = {one: Job(open_table(asked), out, library, Wanted.VERDICT, ()) for one, out in outs.items()}
        taken = {
            "columns_s": round(seconds(lambda: run_columns(jobs["columns"], lambda _: None)), 1),
            "spark_s": round(seconds(lambda: run_spark(jobs["spark"], lambda _: None, SPARK)), 1),
        }
        names = ["verdict", "ground", "instrument", "provision"]
        ours = pl.read_parquet(outs["columns"], columns=names).cast(pl.String)
        theirs = pl.concat([pl.read_parquet(part, columns=names) for part in sorted(outs["spark"].glob("*.parquet"))])
        return {"rows": rows, "master": SPARK, **taken, "same_answers": theirs.equals(ours)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="100 million rows as well")
    parser.add_argument("--spark", action="store_true", help="Spark on two worker processes as well")
    parser.add_argument("--rows", type=int, default=10_000_000, help="how many rows from file to file (10,000,000)")
    parser.add_argument("--one", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--because", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        file_to_file(*asked.one, asked.because)
        return 0
    result: dict[str, Any] = {"policy": against_peers(), "all_packs": over_all_packs()}
    sizes = [
        (asked.rows // 10, False),
        (asked.rows, False),
        (asked.rows, True),
        *([(10 * asked.rows, False)] if asked.large else []),
    ]
    result["parquet_to_parquet"] = [in_a_process(rows, because) for rows, because in sizes]
    if asked.spark:
        result["spark"] = with_spark(asked.rows)
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    return 0 if enough(result) else 1


def enough(result: dict[str, Any]) -> bool:
    of = result["policy"]
    return (
        all(of["million_rows_a_second"][name] * 1e6 >= least for name, least in LEAST.items())
        and of["times_handwritten"] <= MOST_TIMES_HANDWRITTEN
        and of["openfisca_takes_times"] >= LEAST_TIMES_OPENFISCA
        and all(one["megabytes"] <= MOST_MEGABYTES for one in result["parquet_to_parquet"])
        and max(value for name, value in result["all_packs"].items() if name.endswith("times_with_200_more")) <= 2
        and ("spark" not in result or result["spark"]["same_answers"])
    )


if __name__ == "__main__":
    sys.exit(main())
