"""What people read of books that were checked: words of their language, and none of the marks of a program."""

from __future__ import annotations

import json

import pytest

from gokei.faces.cli import telling
from gokei.faces.cli.main import main
from gokei.faces.locale import translator
from gokei.journal.evidence import SAYS
from gokei.terms.json_types import JsonObject
from tests.nations import Nations, to_order
from tests.node.test_evidence import head, take

PROOF_LINES = 15
EXIT_CALL = 2


@pytest.fixture
def desk(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> Nations:
    """A proof, and evidence that Japan signed two roots, in files beside the nodes' folders."""
    to_order(nations)
    nations.meet()
    take(nations, head(nations, root=b"\x01" * 32))
    (nations.folder / "evidence").write_bytes(nations["AU"].evidence_file(1))
    first = next(nations["AU"].core.store.each("AU-JP", "AU"))
    (nations.folder / "proof").write_bytes(nations["AU"].proof(first.hash))
    for nation in ("AU", "JP"):
        (nations.folder / f"{nation}.card").write_bytes(nations[nation].card())
    nations.close()
    monkeypatch.chdir(nations.folder)
    return nations


def read(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main([*arguments]) == 0
    found = capfd.readouterr().out
    assert not set(found) & set("{}[]'"), found
    assert "True" not in found
    return found.splitlines()


def test_what_a_check_finds_is_told_in_lines(desk: Nations, capfd: pytest.CaptureFixture[str]) -> None:
    assert read(capfd, "verify", "AU")[0] == "All right."
    assert main(["courier", "pack", "JP", "jp", "--to", "AU", "--whole"]) == 0
    capfd.readouterr()
    against = read(capfd, "verify", "AU", "--against", "jp")
    assert against[2].startswith("  Held against: Partner JP, held here ")
    assert read(capfd, "state", "AU")[-2].startswith("  documents  AU ")


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_a_proof_and_evidence_are_told_in_the_readers_language(
    desk: Nations, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", language)
    words = translator(language)
    proved = read(capfd, "verify", "--bundle", "proof", "--card", "AU.card")
    assert len(proved) == PROOF_LINES
    assert proved[-2] == (
        f"  {words('Cosigned')}: " + words("not looked at: the card of {nation} was not given").format(nation="JP")
    )
    shown = read(capfd, "verify", "--bundle", "evidence", "--card", "JP.card")
    assert f"  {words('What it says')}: " + words(SAYS["two-roots"]).format(nation="JP") in shown


def test_a_card_that_is_none_is_named_by_its_file(desk: Nations, capfd: pytest.CaptureFixture[str]) -> None:
    (desk.folder / "noise").write_bytes(bytes(range(256)))
    assert main(["verify", "--bundle", "proof", "--card", "AU.card", "--card", "noise"]) == 4
    said = capfd.readouterr().err
    assert said.startswith("noise")
    assert "This is no identity card of a node." in said


def test_what_says_yes_or_no_is_told_as_such() -> None:
    assert [*telling.lines({"authentic": False, "reason": "torn", "hash": None}, str)] == [
        "Signed by the author's keys: no",
        "Reason: torn",
    ]


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
@pytest.mark.parametrize("kind", ["order", "operation", "document"])
def test_what_is_shown_of_one_thing_has_no_marks_of_a_program(
    desk: Nations, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str, language: str
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", language)
    assert main(["list", "AU", "documents", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)[-1]["hash"]
    assert main(["show", "AU", kind, {"order": "AU-1", "operation": "DARWIN", "document": document}[kind]]) == 0
    shown = capfd.readouterr().out.splitlines()
    for one in shown:
        if not one.startswith("payload: "):
            assert not set(one) & set('{}[]"'), one
            assert one.rpartition(": ")[2] not in {"True", "False", "None", "-"}, one
    words = translator(language)
    if kind == "order":
        assert f"  requested: {words('yes')}" in shown
        assert f"deliveries: {words('none')}" in shown
        assert any(one.strip().startswith("offices: logistics") for one in shown)
    assert "\ncase: " in "\n".join(shown)


def test_why_a_document_is_void_is_a_sentence_that_is_filled() -> None:
    reason: JsonObject = {"check": "x", "detail": "The key of {office} is gone.", "params": {"office": "logistics"}}
    assert [*telling.outline({"void": reason, "standing": "void"}, str)] == [
        "void: The key of logistics is gone.",
        "standing: void",
    ]


def test_lists_within_lists_stand_below_each_other() -> None:
    found: JsonObject = {"lines": [{"line": 1, "parts": ["a", {"b": True}]}, "plain"], "more": {}}
    assert [*telling.outline(found, str)] == [
        "lines:",
        "  - line: 1",
        "    parts:",
        "      - a",
        "      - b: yes",
        "  - plain",
        "more: none",
    ]


def test_evidence_is_filled_for_programs_too(desk: Nations, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "list", "AU", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)[0]["says"] == SAYS["two-roots"].format(nation="JP")
    assert main(["evidence", "list", "AU"]) == 0
    assert SAYS["two-roots"].format(nation="JP") in capfd.readouterr().out


def test_a_bundle_is_not_checked_beside_a_folder_that_is_passed_over(
    desk: Nations, capfd: pytest.CaptureFixture[str]
) -> None:
    for words in (["AU"], ["--against", "proof"]):
        assert main(["verify", *words, "--bundle", "proof", "--card", "AU.card"]) == EXIT_CALL
        assert "without DIR" in capfd.readouterr().err
