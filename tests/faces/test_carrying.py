"""What people read at the desk where couriers leave and arrive."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from gokei.faces.cli.main import main
from gokei.faces.cli.opening import opened
from tests.nations import Nations, line, to_operation

PARTS = 3


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Australia's folder and Japan's: five orders that Japan has not seen, an operation that Australia has not."""
    nations = Nations(tmp_path, "AU", "JP")
    to_operation(nations)
    for number in range(5):
        nations.act(
            "AU", type="request", to="JP", order=f"AU-{number}", operation="DARWIN", on="2017-09-07",
            lines=[line("1", supply="fuel", description="F-76")],
        )  # fmt: skip
    nations.act(
        "JP", type="operation", to="AU", agreement="acsa-jp-au-2017", operation="SASEBO", name="Exercise",
        activity="joint_exercise", place="JP", starts="2017-10-01", ends="2017-10-30", forces=["AU", "JP"], facts={},
    )  # fmt: skip
    nations.close()
    monkeypatch.chdir(tmp_path)


def said(capfd: pytest.CaptureFixture[str], *words: str, exit_code: int = 0) -> str:
    assert main([*words]) == exit_code
    found = capfd.readouterr()
    return found.err if exit_code else found.out


def test_packing_names_each_part_with_its_hash_and_opening_says_what_is_missing_and_what_to_do(
    desk: None, capfd: pytest.CaptureFixture[str]
) -> None:
    packed = said(capfd, "courier", "pack", "AU", "au", "--to", "JP", "--split", "7000", "--manifest", "au.html")
    assert re.match(r"Packed for JP, courier [0-9a-f]{16}\. Documents: 5\n", packed)
    for number in range(1, PARTS + 1):
        assert f"  au.{number:03d}: {Path(f'au.{number:03d}').stat().st_size} bytes, SHA-256 " in packed
    assert packed.endswith("au.html\n")
    told = said(capfd, "courier", "open", "JP", "au.003")
    assert f"part 3 of {PARTS}" in told
    assert "New documents: 0" in told
    assert "Documents that wait for those before them: 1\n" in told
    assert "Still missing of the log of AU: documents 2–5\n" in told
    assert told.endswith("Open the other parts, or ask the partner for them.\n")
    told = said(capfd, "courier", "open", "JP", "au.002", "au.001")
    courier = packed.split("courier ")[1][:16]
    assert told.startswith(f"From AU, courier {courier}, part 1, 2 of 3. New documents: 5\n")
    assert "missing" not in told
    assert told.endswith("All of it is in. Pack a file for AU, and open its answer: then it is final.\n")
    assert said(capfd, "courier", "pack", "JP", "jp", "--to", "AU").splitlines()[0].endswith("Documents: 1")
    assert said(capfd, "courier", "open", "AU", "jp").endswith(
        "All of it is in, and all that lies between us is final.\n"
    )
    assert "No document, our checkpoint alone" in said(capfd, "courier", "pack", "AU", "again", "--to", "JP")
    assert said(capfd, "courier", "open", "JP", "again").endswith("between us is final.\n")


def test_a_file_that_is_none_one_that_is_there_and_a_folder_that_is_not_are_told_apart(
    desk: None, capfd: pytest.CaptureFixture[str]
) -> None:
    said(capfd, "courier", "pack", "AU", "au", "--to", "JP")
    Path("au.html").write_text("<html>", "utf-8")
    assert "no others" in said(capfd, "courier", "open", "JP", "au", "au.html", exit_code=4)
    assert "not sealed to a key that this node holds" in said(capfd, "courier", "open", "AU", "au", exit_code=4)
    before = Path("au").read_bytes()
    assert said(capfd, "courier", "pack", "AU", "au", "--to", "JP", exit_code=3).startswith("au: A file of this name")
    assert Path("au").read_bytes() == before
    told = said(capfd, "courier", "pack", "AU", "out/au", "--to", "JP", exit_code=4)
    assert told.count("out/au") == 1
    assert "Make its folder first" in told


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_it_is_said_in_the_reader_s_language(
    desk: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", language)
    packed: Any = said(capfd, "courier", "pack", "AU", "au", "--to", "JP")
    assert "SHA-256" in packed
    assert "Packed" not in packed
    assert "documents" not in said(capfd, "courier", "open", "JP", "au")


def test_an_older_file_says_that_all_is_final_when_it_is(desk: None, capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "courier", "pack", "AU", "one", "--to", "JP")
    said(capfd, "courier", "open", "JP", "one")
    said(capfd, "courier", "pack", "JP", "two", "--to", "AU")
    said(capfd, "courier", "open", "AU", "two")
    said(capfd, "courier", "pack", "AU", "three", "--to", "JP")
    final = "All of it is in, and all that lies between us is final.\n"
    assert said(capfd, "courier", "open", "JP", "three").endswith(final)
    for file in ("one", "three"):
        assert said(capfd, "courier", "open", "JP", file).endswith(final)
        assert json.loads(said(capfd, "courier", "open", "JP", file, "--json"))["cut"] is True


def test_each_of_several_couriers_is_named_with_what_it_brought(desk: None, capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "courier", "pack", "AU", "one", "--to", "JP")
    with opened("AU") as node:
        node.act(
            {"type": "request", "to": "JP", "order": "AU-9", "operation": "DARWIN", "on": "2017-09-07",
             "lines": [line("1", supply="fuel", description="F-76")]}
        )  # fmt: skip
    said(capfd, "courier", "pack", "AU", "two", "--to", "JP")
    shutil.copytree("JP", "again")
    told = said(capfd, "courier", "open", "JP", "one", "two").splitlines()
    assert [one.partition("New documents: ")[2] for one in told[:2]] == ["5", "1"]
    assert len({one.split(",")[1] for one in told[:2]}) == 2
    assert told[2].startswith("All of it is in.")
    shutil.rmtree("JP")
    Path("again").rename("JP")
    found = json.loads(said(capfd, "courier", "open", "JP", "one", "two", "--json"))
    assert [one["new"] for one in found["couriers"]] == [5, 1]
    assert (found["new"], found["courier"]) == (6, found["couriers"][1]["courier"])


def test_a_restored_reader_is_told_to_ask_for_its_own_documents(desk: None, capfd: pytest.CaptureFixture[str]) -> None:
    shutil.copytree("JP", "backup")
    for number, (by, to) in enumerate([("AU", "JP"), ("JP", "AU"), ("AU", "JP")]):
        said(capfd, "courier", "pack", by, f"file{number}", "--to", to)
        said(capfd, "courier", "open", to, f"file{number}")
    with opened("JP") as node:
        node.act(
            {"type": "operation", "to": "AU", "agreement": "acsa-jp-au-2017", "operation": "KURE", "name": "Exercise",
             "activity": "joint_exercise", "place": "JP", "starts": "2017-10-01", "ends": "2017-10-30",
             "forces": ["AU", "JP"], "facts": {}}
        )  # fmt: skip
    said(capfd, "courier", "pack", "JP", "more", "--to", "AU")
    said(capfd, "courier", "open", "AU", "more")
    shutil.rmtree("JP")
    Path("backup").rename("JP")
    said(capfd, "courier", "pack", "AU", "answer", "--to", "JP", "--whole")
    told = said(capfd, "courier", "open", "JP", "answer")
    assert "part 1 of 1" in told
    assert told.endswith("Ask AU for a file that gives our own documents back: it packs with --whole --give-back.\n")
    said(capfd, "courier", "pack", "AU", "back", "--to", "JP", "--whole", "--give-back")
    assert "Documents of our own log that came back: " in said(capfd, "courier", "open", "JP", "back")


def test_a_reader_that_lacks_earlier_files_is_told_so(desk: None, capfd: pytest.CaptureFixture[str]) -> None:
    shutil.copytree("JP", "backup")
    for number, (by, to) in enumerate([("AU", "JP"), ("JP", "AU")]):
        said(capfd, "courier", "pack", by, f"file{number}", "--to", to)
        said(capfd, "courier", "open", to, f"file{number}")
    with opened("AU") as node:
        node.act(
            {"type": "request", "to": "JP", "order": "AU-9", "operation": "DARWIN", "on": "2017-09-07",
             "lines": [line("1", supply="fuel", description="F-76")]}
        )  # fmt: skip
    said(capfd, "courier", "pack", "AU", "later", "--to", "JP")
    shutil.rmtree("JP")
    Path("backup").rename("JP")
    told = said(capfd, "courier", "open", "JP", "later")
    assert "Open the files that came before" in told or "--give-back" in told
    assert "Open the other parts" not in told


@pytest.mark.parametrize("size", ["1", "100", "1500"])
def test_a_size_that_is_too_small_is_answered_by_one_that_is_enough(
    desk: None, capfd: pytest.CaptureFixture[str], size: str
) -> None:
    told = said(capfd, "courier", "pack", "AU", "au", "--to", "JP", "--split", size, exit_code=2)
    found = re.search(r"--split (\d+)", told)
    assert found is not None
    assert f"some {found[1]} bytes" in told
    said(capfd, "courier", "pack", "AU", "au", "--to", "JP", "--split", found[1])
    assert max(one.stat().st_size for one in Path().glob("au.*")) <= int(found[1])
    least = int(found[1]) - 1000
    if least > 0:
        assert "--split" in said(capfd, "courier", "pack", "AU", "b", "--to", "JP", "--split", str(least), exit_code=2)
