"""Tables of coverage: as text that fits, as CSV, as a picture; and fast."""

from __future__ import annotations

import csv
import io
import json
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from gokei.faces.cli.main import main
from gokei.faces.columns import columns
from gokei.faces.coverage import HEAD, WIDTH, as_csv, as_svg, as_text
from gokei.faces.locale import LANGUAGES, translator
from gokei.law.views import coverage
from gokei.node.packs import open_library
from gokei.terms.facts import ACTIVITIES, SUPPLIES
from gokei.terms.json_types import JsonObject

DAY = "2018-01-01"
CELLS = len(ACTIVITIES) * len(SUPPLIES)
SECONDS = 0.3
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def tables() -> list[JsonObject]:
    library = open_library()
    facts: JsonObject = {"requested": True, "place": "AU"}
    return [coverage(library, one, other, DAY, ("acsa-jp-kr",), facts) for one, other in (("JP", "AU"), ("AU", "JP"))]


def test_every_cell_is_the_answer_to_its_question() -> None:
    library = open_library()
    facts: JsonObject = {"requested": True, "hinders_mission": False}
    found = coverage(library, "JP", "US", DAY, (), facts)
    fresh = open_library()
    for activity in ACTIVITIES[::3]:
        for supply in SUPPLIES[::2]:
            asked = {"kind": "support", "on": DAY, "provider": "JP", "recipient": "US", **facts}
            answer = fresh.answer({**asked, "activity": activity, "supply": supply})
            said = (found["verdicts"][activity][supply], found["grounds"][activity][supply])  # type: ignore[index, call-overload]
            assert said == (answer["verdict"], answer["ground"])


def test_a_whole_table_is_fast() -> None:
    """The best of three, each with nothing remembered, in the processor's own time: other work counts for nobody."""
    taken = []
    for _ in range(3):
        library = open_library()
        began = time.process_time()
        coverage(library, "JP", "US", DAY)
        taken.append(time.process_time() - began)
    assert min(taken) < SECONDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_fits_and_has_a_legend(tables: list[JsonObject], language: str) -> None:
    words = translator(language)
    text = as_text(tables[0], language, words)
    assert all(columns(line) <= WIDTH for line in text.splitlines())
    for said in ("JP → AU", words("Weapons"), words("Joint exercise and training"), words("Not permitted"), "AU "):
        assert said in text
    rows = [line for line in text.splitlines() if line.count(" - ") + line.count(" ? ") + line.count(" + ") > 5]
    assert len(rows) == len(ACTIVITIES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_csv_has_a_row_for_each_cell(tables: list[JsonObject], language: str) -> None:
    text = as_csv(tables, translator(language))
    assert text.startswith("\ufeff")
    rows = [*csv.DictReader(io.StringIO(text[1:]))]
    assert tuple(rows[0]) == HEAD
    assert len(rows) == 2 * CELLS
    assert {row["facts"] for row in rows} == {"requested=true; place=AU"}
    assert {row["assumed"] for row in rows} == {"acsa-jp-kr"}
    assert {(row["provider"], row["recipient"]) for row in rows} == {("JP", "AU"), ("AU", "JP")}
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_what_it_shows(tables: list[JsonObject], language: str) -> None:
    words = translator(language)
    picture = ET.fromstring(as_svg(tables, language, words))
    assert (picture.get("role"), picture.get("lang")) == ("img", language)
    named = {str(picture.get("aria-labelledby")).split()[place]: tag for place, tag in enumerate(("title", "desc"))}
    for name, tag in named.items():
        part = picture.find(SVG + tag)
        assert part is not None
        assert part.get("id") == name
        assert part.text
    texts = [str(part.text) for part in picture.iter(SVG + "text")]
    signs = [text for text in texts if text in {"✓", "✕", "?"}]
    assert len(signs) == 2 * CELLS + 3, "each cell has its sign, and the legend one of each"
    assert texts.count(words("Weapons")) == 2
    assert "style" not in {name for part in picture.iter() for name in part.attrib}


def test_the_command_writes_both_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", "ko")
    (tmp_path / "facts.json").write_text('{"requested": true}')
    files = ["--csv", str(tmp_path / "c.csv"), "--svg", str(tmp_path / "c.svg")]
    stated = ["--facts", str(tmp_path / "facts.json"), "--both"]
    assert main(["law", "coverage", "JP", "AU", "--on", DAY, *stated, *files]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "c.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "무기" in (tmp_path / "c.svg").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "c.svg", "facts.json"]
    assert main(["law", "coverage", "JP", "AU", "--on", DAY, "--both", "--json"]) == 0
    assert [one["provider"] for one in json.loads(capsys.readouterr().out)] == ["JP", "AU"]


@pytest.mark.parametrize(
    ("facts", "check"),
    [
        ('{"supply": "fuel"}', "coverage-fact"),
        ('{"kind": "support"}', "coverage-fact"),
        ('{"place": "UK"}', "fact-code"),
    ],
)
def test_facts_that_the_table_states_itself_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: str, check: str
) -> None:
    (tmp_path / "facts.json").write_text(facts)
    asked = ["law", "coverage", "JP", "AU", "--on", DAY, "--facts", str(tmp_path / "facts.json"), "--json"]
    assert main(asked) == 4
    assert json.loads(capsys.readouterr().out)["check"] == check


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["law", "coverage", "JP", "AU", "--on", DAY, "--svg", str(tmp_path / "no" / "c.svg"), "--json"]
    assert main(asked) == 4
    assert json.loads(capsys.readouterr().out)["check"] == "file-unwritable"
