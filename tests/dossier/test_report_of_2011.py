"""The report that the project starts from, played between two nodes: how each entry stands, and that no law moves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gokei.faces.cli.main import main
from gokei.faces.lawbook import Lawbook
from tests.nations import Nations, law

FILE = Path(__file__).parents[2] / "examples" / "dossier-2011.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(row) for row in FILE.read_text("utf-8").splitlines()]
DAY = "2011-01-04"
QUESTION = {"kind": "support", "on": DAY, "provider": "JP", "recipient": "KR", "supply": "fuel", "requested": True}
ASKED: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (QUESTION | {"activity": activity}, assume)
    for activity in ("joint_exercise", "important_influence_situation")
    for assume in ((), ("acsa-jp-kr",))
]


def established() -> Any:
    """What the law says: answers, and the status of every instrument that the report speaks of."""
    library = law().library
    answers = [library.answer(question, assume) for question, assume in ASKED]
    known = [name for name in sorted({row["instrument"] for row in ROWS}) if name in library.instruments]
    return answers, {name: Lawbook(law()).status(name, DAY) for name in known}


def author(row: dict[str, Any]) -> str:
    return "JP" if row["to"] == "KR" else "KR"


def played(folder: Path) -> Nations:
    nations = Nations(folder, "JP", "KR")
    for row in ROWS:
        answer = nations[author(row)].act(row)
        assert answer["determination"] is None
        nations.meet("JP", "KR")
    return nations


def record(nations: Nations, nation: str, instrument: str = "acsa-jp-kr") -> Any:
    return nations[nation].show("instrument", instrument)


def standings(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {one["name"]: one["standing"] for one in entries}


def test_the_whole_report_is_on_record_with_the_standing_of_each(tmp_path: Path) -> None:
    nations = played(tmp_path)
    for nation in ("JP", "KR"):
        found = record(nations, nation)
        assert all(one["void"] is None for one in found["documents"])
        assert standings(found["reports"]) == {
            "plan": "reported", "contents": "reported", "national-laws": "reported", "scope": "reported",
            "periphery": "reported", "alliance": "correction_requested",
        }  # fmt: skip
        assert standings(found["statements"]) == {"what-was-said": "stated"}
        assert standings(found["expected"]) == {"plan-conveyed": "expected"}
        assert [(one["office"], one["stance"], one["standing"]) for one in found["positions"]] == [
            ("Defence authorities of South Korea", "favours", "reported"),
            ("Diplomats of South Korea", "reluctant", "reported"),
        ]
        alliance = found["reports"][-1]
        assert [one["type"] for one in alliance["history"]] == ["denial", "correction_request"]
        assert (alliance["publisher"], alliance["published_on"], alliance["quality"]) == (
            "A South Korean economic daily", DAY, "secondary"
        )  # fmt: skip
        assert {one["author"] for one in found["positions"]} == {"KR"}
        assert all(one["offices"] == ["legal"] for name in ("reports", "positions") for one in found[name])
        waits = [(one["nation"], one["type"], one.get("due")) for one in found["next"]]
        assert waits == [("JP", "event_outcome", "2011-01-10"), ("JP", "correction", None)]
        other = record(nations, nation, "gsomia-jp-kr-2016")
        assert standings(other["expected"]) == {"talks-speeded-up": "expected"}
    assert nations["JP"].state()["channels"] == nations["KR"].state()["channels"]
    nations.close()


def test_nothing_of_it_moves_an_answer_or_a_status(tmp_path: Path) -> None:
    before = established()
    nations = played(tmp_path)
    assert established() == before
    answers, status = before
    assert [one["verdict"] for one in answers] == [
        "not_permitted", "undetermined", "not_permitted", "undetermined"
    ]  # fmt: skip
    assert answers[3]["undecided"] == [{"instrument": "acsa-jp-kr", "provision": "1(c)"}]
    # As reported, an accord with Australia exists; as established, it was signed on that day and not in force.
    assert record(nations, "KR", "acsa-jp-au-2010")["reports"][0]["standing"] == "reported"
    assert {row["status"] for row in status["acsa-jp-au-2010"]} == {"signed"}
    assert {row["status"] for row in status["acsa-jp-us-1996"]} == {"in_force"}
    assert {row["status"] for row in status["acsa-jp-kr"]} == {"proposed"}
    nations.close()


def test_what_came_of_the_visit_is_put_beside_it(tmp_path: Path) -> None:
    nations = played(tmp_path)
    for of in ("plan-conveyed", "talks-speeded-up"):
        nations["JP"].act(
            {"type": "event_outcome", "to": "KR", "of": of, "outcome": "came", "on": "2011-01-10",
             "says": "Made up for this test."}
        )  # fmt: skip
    nations.meet("JP", "KR")
    assert standings(record(nations, "KR")["expected"]) == {"plan-conveyed": "came"}
    assert [one["type"] for one in record(nations, "KR")["next"]] == ["correction"]
    nations.close()


def test_the_command_takes_the_file_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nations = Nations(tmp_path, "JP", "KR")
    nations.close()
    one = tmp_path / "one.json"
    for row in [row for row in ROWS if row["to"] == "KR"]:
        one.write_text(json.dumps(row), "utf-8")
        assert main(["act", str(tmp_path / "JP"), str(one), "--json"]) == 0, capsys.readouterr().out
    capsys.readouterr()
    assert main(["show", str(tmp_path / "JP"), "instrument", "acsa-jp-kr", "--json"]) == 0
    assert standings(json.loads(capsys.readouterr().out)["reports"])["alliance"] == "correction_requested"
