"""`gokei ask --batch`: every engine and every format give each row the answer that the question alone has."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gokei.faces.cli.main import main
from gokei.terms.facts import FACTS
from gokei.terms.json_types import objects_of
from tests.law import test_index
from tests.law.test_columns import table
from tests.law.test_walks import support_question
from tests.packs.asking import packs

FORMATS = ("parquet", "csv", "jsonl")
ENGINES = ("columns", "duckdb")
ADDED = ("verdict", "ground", "instrument", "provision")
REASONS = ("because", "missing", "undecided")
# A second time the same questions stand in another order: what is joined by place and not by question shows.
CHANCE = random.Random(31)
QUESTIONS = [test_index.question(CHANCE) if n % 3 == 0 else support_question(CHANCE) for n in range(120)]
ROWS = [*QUESTIONS, *reversed(QUESTIONS)]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    match path.suffix:
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        case ".csv":
            table(rows).write_csv(path)
        case _:
            frame = table(rows).with_columns(pl.col("on", "marked_on", "clearance_until").str.to_date())
            frame.write_parquet(path, row_group_size=50)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    match path.suffix:
        case ".jsonl":
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        case ".csv":
            rows = list(pl.read_csv(path, infer_schema=False).iter_rows(named=True))
            return [{**row, **{name: json.loads(row[name]) for name in REASONS if name in row}} for row in rows]
        case _:
            return list(pl.read_parquet(path).iter_rows(named=True))


def wanted(question: dict[str, Any], names: tuple[str, ...], assume: tuple[str, ...] = ()) -> dict[str, Any]:
    alone = packs().answer(question, assume)
    basis = objects_of(alone["basis"])
    first = basis[0] if basis else {"instrument": None, "provision": None}
    return {name: {**alone, **first}[name] for name in names}


def check(rows: list[dict[str, Any]], found: list[dict[str, Any]], because: bool = True) -> None:
    names = (*ADDED, *REASONS) if because else ADDED
    assert len(found) == len(rows)
    for question, row in zip(rows, found, strict=True):
        assert {name: row[name] for name in names} == wanted(question, names), question
        assert str(row["on"]) == question["on"]
        assert row.get("activity") == question.get("activity")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("into", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_every_engine_and_format(tmp_path: Path, engine: str, source: str, into: str) -> None:
    asked, out = written(tmp_path / f"asked.{source}", ROWS), tmp_path / f"answers.{into}"
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--engine", engine, "--because", "--json"]) == 0
    check(ROWS, read(out))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([asked.name, out.name])


@pytest.mark.parametrize("engine", ENGINES)
def test_without_because_there_are_four_columns_more(
    tmp_path: Path, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, out = written(tmp_path / "asked.csv", ROWS), tmp_path / "answers.csv"
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--engine", engine, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": len(ROWS), "engine": engine, "out": str(out)}
    check(ROWS, read(out), because=False)
    assert [*read(out)[0]] == [*table(ROWS).columns, *ADDED]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_assumed_counts_in_every_row(tmp_path: Path, engine: str) -> None:
    rows = [support_question(CHANCE) | {"provider": "JP", "recipient": "KR", "on": "2026-01-01"} for _ in range(40)]
    asked, out = written(tmp_path / "asked.jsonl", rows), tmp_path / "answers.jsonl"
    assume = ("acsa-jp-kr", "acsa-jp-kr=periphery_in")
    words = [part for one in assume for part in ("--assume", one)]
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--engine", engine, *words]) == 0
    for question, row in zip(rows, read(out), strict=True):
        assert {name: row[name] for name in ADDED} == wanted(question, ADDED, assume)


@pytest.mark.parametrize("engine", ENGINES)
def test_very_many_rows_keep_their_order(tmp_path: Path, engine: str) -> None:
    """Engines that work on parts of a table at a time give them back in any order, unless each row has its place."""
    kinds = [support_question(CHANCE) for _ in range(50)]
    rows = [{**kinds[n % 50], "purpose": f"row {n}"} for n in range(150_000)]
    asked, out = tmp_path / "asked.parquet", tmp_path / "answers.parquet"
    table(rows).write_parquet(asked, row_group_size=20_000)
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--engine", engine]) == 0
    found = pl.read_parquet(out)
    assert found.get_column("purpose").to_list() == [row["purpose"] for row in rows]
    verdicts = [packs().answer(one)["verdict"] for one in kinds]
    assert found.get_column("verdict").to_list() == [verdicts[n % 50] for n in range(150_000)]


BAD = {**QUESTIONS[1], "supply": "ammo"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", FORMATS)
def test_one_bad_row_refuses_the_file_by_row_and_column(
    tmp_path: Path, engine: str, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = written(tmp_path / f"asked.{source}", [*QUESTIONS, *QUESTIONS[:3], BAD, QUESTIONS[0], BAD])
    out = tmp_path / "answers.csv"
    out.write_text("kept")
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--engine", engine, "--json"]) == 4
    problem = json.loads(capsys.readouterr().out)
    row = len(QUESTIONS) + 4
    assert (problem["check"], problem["field"], problem["row"], problem["path"]) == (
        "fact-code", "supply", row, str(asked),
    )  # fmt: skip
    assert problem.get("line") == {"csv": row + 1, "jsonl": row, "parquet": None}[source]
    assert f"Row {row}:" in problem["detail"]
    assert out.read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([asked.name, out.name])


@pytest.mark.parametrize(
    ("name", "text", "check", "line"),
    [
        ("a.csv", "kind,on,suply\nsupport,2020-01-01,fuel\n", "fact-unknown", 1),
        ("a.csv", "kind,on,kind\nsupport,2020-01-01,support\n", "fact-repeated", 1),
        ("a.csv", "kind,on\nsupport,2020-01-01,fuel,fuel\n", "table-unreadable", None),
        ("a.csv", b"kind,on\nsupport,\xff\xfe\n", "table-unreadable", None),
        ("a.jsonl", '{"kind":"support"}\n{"kind":"support","kind":"support"}\n', "json-duplicate", 2),
        ("a.jsonl", '{"kind":"support","requested":"true"}\n', "fact-type", 1),
        ("a.jsonl", '{"kind":"support","on":20200101}\n', "date", 1),
        ("a.jsonl", '{"kind":NaN}\n', "json-number", 1),
        ("a.jsonl", '{"kind":"support"}\n\n{"kind":"support"}\n', "json-syntax", 2),
        ("a.jsonl", '["kind"]\n', "json-object", 1),
        ("a.jsonl", '{"kind":' + "[" * 2000 + "\n", "json-depth", 1),
        ("a.jsonl", '{"kind":"' + "x" * 70_000 + '"}\n', "json-size", 1),
        ("a.parquet", "PAR1 it is not", "table-unreadable", None),
    ],
)
def test_what_is_no_table_of_questions(
    tmp_path: Path, name: str, text: str | bytes, check: str, line: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, out = tmp_path / name, tmp_path / "answers.csv"
    asked.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--json"]) == 4
    problem = json.loads(capsys.readouterr().out)
    assert (problem["check"], problem["path"], problem.get("line")) == (check, str(asked), line)
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--batch", "a.csv"],
        ["--out", "b.csv"],
        ["--batch", "a.csv", "--out", "b.xls"],
        ["--batch", "a.xls", "--out", "b.csv"],
        ["--batch", "a.csv", "--out", "b.csv", "--engine", "abacus"],
        ["--batch", "a.csv", "--out", "b.csv", "--master", "local"],
        ["--batch", "a.csv", "--out", "nowhere/b.csv"],
        ["--batch", "a.csv", "--out", "folder", "--engine", "duckdb"],
        ["a.json", "--batch", "a.csv", "--out", "b.csv"],
    ],
)
def test_words_that_do_not_go_together(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "a.csv", QUESTIONS)
    (tmp_path / "a.xls").write_text("")
    assert main(["ask", *words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["check"]


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, out = written(tmp_path / "asked.csv", QUESTIONS[:2]), tmp_path / "answers.csv"
    out.mkdir()
    assert main(["ask", "--batch", str(asked), "--out", str(out), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["path"] == str(out)
    assert {path.name for path in tmp_path.iterdir()} == {"asked.csv", "answers.csv"}


def test_an_empty_table_has_empty_answers(tmp_path: Path) -> None:
    asked, out = written(tmp_path / "asked.csv", QUESTIONS[:1]), tmp_path / "answers.csv"
    asked.write_text(asked.read_text().splitlines()[0] + "\n")
    for engine in ENGINES:
        assert main(["ask", "--batch", str(asked), "--out", str(out), "--engine", engine]) == 0
        assert out.read_text().splitlines()[0].endswith(",".join(ADDED))
        assert len(out.read_text().splitlines()) == 1


needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="Spark needs Java: apt-get install default-jre-headless"
)


@needs_java
def test_spark_answers_on_workers_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two executors, each a process with Python workers of its own, as on a cluster; and a bad row stops it all."""
    pytest.importorskip("pyspark")
    folder, out = tmp_path / "asked", tmp_path / "answers"
    folder.mkdir()
    for number, rows in enumerate((ROWS[:150], ROWS[150:])):
        frame = pl.concat([table(ROWS).clear(), table(rows)], how="diagonal")
        frame.write_parquet(folder / f"part-{number}.parquet", row_group_size=40)
    words = ["--engine", "spark", "--master", "local-cluster[2,1,1024]", "--because", "--json"]
    assert main(["ask", "--batch", str(folder), "--out", str(out), *words]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == len(ROWS)
    parts = sorted(out.glob("*.parquet"))
    check(ROWS, [row for part in parts for row in read(part)])
    assert main(["ask", "--batch", str(folder), "--out", str(out), *words]) == 2
    capsys.readouterr()
    table([*ROWS[:30], BAD, BAD]).write_parquet(tmp_path / "bad.parquet")
    assert main(["ask", "--batch", str(tmp_path / "bad.parquet"), "--out", str(tmp_path / "none"), *words]) == 4
    problem = json.loads(capsys.readouterr().out)
    assert (problem["row"], problem["field"], problem["check"]) == (31, "supply", "fact-code")
    assert not (tmp_path / "none").exists()
    words[3] = "nonsense"
    assert main(["ask", "--batch", str(folder), "--out", str(tmp_path / "none"), *words]) == 5
    assert json.loads(capsys.readouterr().out)["check"] == "engine-failed"


def test_facts_of_every_type_are_in_these_tables() -> None:
    assert {FACTS[name].type for name in table(ROWS).columns} >= {
        "boolean",
        "code",
        "nation",
        "date",
        "marking",
        "text",
    }
