"""No command that writes a file replaces one that is there, and what cannot be written is said before anything is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gokei.faces.cli.main import main
from tests.nations import Nations, to_order
from tests.node.test_evidence import head, take


@pytest.fixture
def desk(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> Nations:
    """Both folders; Australia holds documents to prove, and evidence against Japan."""
    to_order(nations)
    nations.meet()
    take(nations, head(nations, root=b"\x01" * 32))
    nations.close()
    monkeypatch.chdir(nations.folder)
    return nations


def document(capfd: pytest.CaptureFixture[str]) -> str:
    assert main(["list", "AU", "documents", "--json"]) == 0
    return next(str(one["hash"]) for one in json.loads(capfd.readouterr().out) if one["author"] == "AU")


def problem(capfd: pytest.CaptureFixture[str], exit_code: int, *words: str) -> dict[str, object]:
    assert main([*words, "--json"]) == exit_code
    found = json.loads(capfd.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("command", ["proof", "evidence", "svg", "manifest"])
def test_what_is_there_is_left_as_it_is(desk: Nations, capfd: pytest.CaptureFixture[str], command: str) -> None:
    words = {
        "proof": ["proof", "AU", document(capfd), "AU/journal.sqlite"],
        "evidence": ["evidence", "export", "AU", "1", "AU/journal.sqlite"],
        "svg": ["node", "card", "AU", "--svg", "AU/journal.sqlite"],
        "manifest": ["courier", "pack", "AU", "au", "--to", "JP", "--manifest", "AU/journal.sqlite"],
    }[command]
    before = Path("AU/journal.sqlite").read_bytes()
    said = problem(capfd, 3, *words)
    assert (said["check"], said["path"]) == ("file-exists", "AU/journal.sqlite")
    assert Path("AU/journal.sqlite").read_bytes() == before
    assert not Path("au").exists()


@pytest.mark.parametrize("manifest", ["zz", "./zz", "AU/../zz", "zz.001", "zz.1234"])
def test_a_manifest_does_not_take_the_place_of_what_it_is_about(
    desk: Nations, capfd: pytest.CaptureFixture[str], manifest: str
) -> None:
    split = ["--split", "100000"] if "zz." in manifest else []
    said = problem(capfd, 3, "courier", "pack", "AU", "zz", "--to", "JP", "--manifest", manifest, *split)
    assert (said["check"], said["path"]) == ("file-exists", str(Path(manifest)))
    assert not [*Path().glob("zz*")]


@pytest.mark.parametrize("command", ["proof", "evidence", "svg", "manifest", "card"])
def test_a_folder_that_is_not_there_is_said_before_anything_is_written(
    desk: Nations, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    words = {
        "proof": ["proof", "AU", document(capfd), "no/file"],
        "evidence": ["evidence", "export", "AU", "1", "no/file"],
        "svg": ["node", "card", "AU", "--svg", "no/file"],
        "manifest": ["courier", "pack", "AU", "au", "--to", "JP", "--manifest", "no/file"],
        "card": ["keys", "card", "write", "AU", "no/file"],
    }[command]
    assert problem(capfd, 4, *words)["path"] == "no/file"
    assert not Path("au").exists()


def test_new_files_have_the_mode_that_files_have_and_leave_nothing_beside_them(
    desk: Nations, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {*Path().iterdir()}
    assert main(["proof", "AU", document(capfd), "p"]) == 0
    assert main(["evidence", "export", "AU", "1", "e"]) == 0
    assert main(["node", "card", "AU", "--svg", "s.svg"]) == 0
    assert main(["courier", "pack", "AU", "au", "--to", "JP", "--manifest", "m.html"]) == 0
    new = {*Path().iterdir()} - before
    assert {str(one) for one in new} == {"p", "e", "s.svg", "m.html", "au"}
    usual = Path("usual")
    usual.touch()
    assert {one.stat().st_mode for one in new} == {usual.stat().st_mode}
