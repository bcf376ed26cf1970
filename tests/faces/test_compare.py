"""`gokei law compare` as a reader and as a machine call it."""

from __future__ import annotations

import json

import pytest

from gokei.faces.cli.main import main

BEFORE, AFTER = "AU>JP@2017-09-05", "AU>JP@2017-09-06"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", "en")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["law", "compare", *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_page_begins_with_how_much_differs(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, BEFORE, AFTER)
    assert lines[0] == "Another answer: 468 of 9,216 classes of questions. Sentences: 6."
    assert [line for line in lines if line.endswith(")")] == [
        "Not permitted → Permitted (4)",
        "Permitted → Not permitted (2)",
    ]
    assert sum(line.startswith("- ") for line in lines) == 6
    throughout = next(line for line in lines if line.startswith("  Throughout: "))
    assert "the recipient has asked for it" in throughout
    assert not any("the recipient has asked for it" in line for line in lines if line.startswith("- "))


@pytest.mark.parametrize("limit", [1, 4, 5])
def test_the_page_is_bounded_and_says_what_it_leaves_out(capsys: pytest.CaptureFixture[str], limit: int) -> None:
    lines = printed(capsys, BEFORE, AFTER, "--limit", str(limit))
    assert sum(line.startswith("- ") for line in lines) == limit
    assert lines[-1] == f"Sentences not shown: {6 - limit}. All of them: --limit 6"


def test_nothing_differs(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, AFTER, AFTER, "--grounds") == ["No question has another answer."]


def test_a_machine_gets_a_list_of_cubes(capsys: pytest.CaptureFixture[str]) -> None:
    cubes = json.loads("\n".join(printed(capsys, BEFORE, AFTER, "--json")))
    assert sum(cube["questions"] for cube in cubes) == 468
    assert all(
        {"facts", "undecided", "from", "to", "says", "example", "basis", "sentence"} <= set(cube) for cube in cubes
    )


def test_assumptions_can_be_of_one_side(capsys: pytest.CaptureFixture[str]) -> None:
    both = printed(capsys, "acsa-jp-kr", "acsa-jp-kr", "--assume", "acsa-jp-kr=included")
    assert both == ["No question has another answer."]
    one = printed(capsys, "acsa-jp-kr", "acsa-jp-kr", "--assume-b", "acsa-jp-kr=included")
    assert "acsa-jp-kr 1(c), which is undecided, turns out excluded" in one[-1]


def test_bad_input_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "compare", "acsa-jp-au-2o17", "acsa-jp-au-2017", "--json"]) == 4
    problem = json.loads(capsys.readouterr().out)
    assert (problem["check"], problem["detail"]) == (
        "instrument-unknown",
        "There is no instrument acsa-jp-au-2o17. Did you mean acsa-jp-au-2017?",
    )
    assert main(["law", "compare", BEFORE, "acsa-jp-kr", "--json"]) == 4
    assert main(["law", "compare", BEFORE, AFTER, "--limit", "0"]) == 2
