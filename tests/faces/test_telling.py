"""What people read of books that were checked: words of their language, and none of the marks of a program."""

from __future__ import annotations

import pytest

from gokei.faces.cli import telling
from gokei.faces.cli.main import main
from gokei.faces.locale import translator
from gokei.journal.evidence import SAYS
from tests.nations import Nations, to_order
from tests.node.test_evidence import head, take

PROOF_LINES = 15


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
