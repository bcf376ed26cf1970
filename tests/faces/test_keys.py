"""The ceremony from the command line: a root of two of three, a real node, its offices, and partners who compare."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gokei.faces.cli.main import main
from gokei.faces.web.app import Settings, carrier
from gokei.node import fingerprints, folder, passphrases
from gokei.node.ceremony import read_holder
from gokei.node.node import Node, Unlock
from gokei.node.vault import unseal
from gokei.terms.problems import Problem
from tests.nations import FACTS
from tests.node.test_keys import REPORT

PASSPHRASES = {name: f"a long passphrase of {name}" for name in ("one", "two", "three", "node", "new")}


class Table:
    """Everything on one table: the holders' passphrases, the root, the node; and all that was ever printed."""

    def __init__(self, place: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.place = place
        self.capfd = capfd
        self.told = ""
        for name, text in PASSPHRASES.items():
            (place / name).write_text(text + "\n", "utf-8")
            (place / name).chmod(0o600)

    def __call__(self, *words: str, exit_code: int = 0) -> Any:
        """A command with --json, its answer, and its exit code held against what it should be."""
        found = main([*words, "--json"])
        out, err = self.capfd.readouterr()
        self.told += out + err
        assert found == exit_code, (words, out, err)
        return json.loads(out) if out.strip() else None

    def text(self, *words: str) -> str:
        assert main([*words]) == 0
        out, err = self.capfd.readouterr()
        self.told += out + err
        return out

    def root(self) -> Any:
        return self(
            "keys", "root", "new", "root", "--nation", "JP", "--environment", "real", "--threshold", "2", "--keys", "3",
            "--passphrase-file", "one", "--passphrase-file", "two", "--passphrase-file", "three",
        )  # fmt: skip

    def real_node(self) -> Any:
        return self(
            "node", "init", "JP", "--nation", "JP", "--environment", "real", "--passphrase-file", "node",
            "--root", "root/root.json",
        )  # fmt: skip

    def sign(self, what: str, file: str, *holders: str, exit_code: int = 0) -> Any:
        number = {"one": 1, "two": 2, "three": 3}
        found = None
        for name in holders:
            key = f"root/holder-{number[name]}.json"
            found = self("keys", what, "sign", file, key, "--passphrase-file", name, exit_code=exit_code)
        return found

    def signed_node(self) -> None:
        self.root()
        self.real_node()
        self.sign("card", "JP/card.unsigned.json", "one", "three")
        self("keys", "apply", "JP", "JP/card.unsigned.json")


@pytest.fixture
def table(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.chdir(tmp_path)
    for name in (passphrases.CREDENTIALS, "GOKEI_SIGNER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GOKEI_TRACE", "1")
    monkeypatch.setenv(passphrases.VARIABLE, "node")
    return Table(tmp_path, capfd)


def test_the_whole_ceremony_and_no_secret_is_ever_said(table: Table) -> None:
    made = table.root()
    assert (made["threshold"], len(made["holders"])) == (2, 3)
    assert table.real_node()["root"] == made["root"]
    assert table("node", "card", "JP", exit_code=3)["check"] == "card-unsigned"
    table.sign("card", "JP/card.unsigned.json", "one")
    assert table("keys", "apply", "JP", "JP/card.unsigned.json", exit_code=3)["check"] == "card-signature"
    # The same holder again changes nothing.
    assert table.sign("card", "JP/card.unsigned.json", "one")["roots"][0]["signed"] == 1
    table.sign("card", "JP/card.unsigned.json", "two")
    assert table("keys", "apply", "JP", "JP/card.unsigned.json")["card"] == made["root"]
    Path("request").write_bytes(table.text("keys", "request", "JP", "tanker", "--power", "deliver").encode())
    table(
        "keys", "mandate", "grant", "request", "grant", "--statement", "root/root.json", "--limit", "100", "JPY",
        "--valid-from", "2020-01-01T00:00:00Z", "--valid-until", "2099-01-01T00:00:00Z",
    )  # fmt: skip
    problem = table("keys", "apply", "JP", "grant", exit_code=3)
    assert problem["check"] == "mandate-signatures"
    assert problem["detail"].startswith("0 of 2 signatures")
    assert table.sign("mandate", "grant", "two", exit_code=0)["roots"][0]["signed"] == 1
    assert table("keys", "apply", "JP", "grant", exit_code=3)["detail"].startswith("1 of 2 signatures")
    table.sign("mandate", "grant", "three")
    assert table("keys", "apply", "JP", "grant")["serial"] == 1
    listed = table("keys", "list", "JP")
    tanker = next(row for row in listed["keys"] if row["office"] == "tanker")
    assert (tanker["state"], tanker["limit"], tanker["held"]) == (
        "in_force",
        {"amount": "100", "currency": "JPY"},
        True,
    )
    table(
        "keys", "mandate", "revoke", "revoke", "--statement", "root/root.json", "--office", "tanker", "--key",
        tanker["key"], "--reason", "sold", "--serial", str(listed["serial"] + 1),
    )  # fmt: skip
    table.sign("mandate", "revoke", "one", "two")
    assert table("keys", "apply", "JP", "revoke")["without_key"] == "tanker"
    assert "tanker has no key now" in table.text("keys", "apply", "JP", "revoke")
    assert "revoked" in table.text("keys", "list", "JP")
    table("keys", "passphrase", "JP", "--new-passphrase-file", "new")
    assert table("keys", "request", "JP", "tanker", exit_code=3)["check"] == "passphrase-wrong"
    wrong = table("keys", "mandate", "sign", "grant", "root/holder-1.json", "--passphrase-file", "two", exit_code=3)
    assert wrong["check"] == "passphrase-wrong"
    silent(table)


def silent(table: Table) -> None:
    """No passphrase, no seed and no age identity was printed, in any of the forms in which we have them."""
    opened = folder.open_keyring(table.place / "JP", table.place / "new")._open()
    secrets = [*PASSPHRASES.values(), *(one.seed for one in opened.inside.keys), opened.inside.sealing]
    for number, name in enumerate(("one", "two", "three"), 1):
        path = table.place / "root" / f"holder-{number}.json"
        secrets.append(unseal(read_holder(path).box, PASSPHRASES[name].encode(), path).hex())
    assert len(secrets) == 17
    assert len(table.told) > 5000
    assert [one for one in secrets if one.lower() in table.told.lower()] == []


def test_every_file_of_the_ceremony_is_its_users_alone(table: Table) -> None:
    table.signed_node()
    for path in [*(table.place / "root").iterdir(), table.place / "JP/keys/keyring.json"]:
        assert path.stat().st_mode & 0o077 == 0, path
    assert (table.place / "root").stat().st_mode & 0o077 == 0
    assert not (table.place / "JP/card.unsigned.json").exists()


def test_a_root_never_replaces_files_and_a_stranger_does_not_sign(table: Table) -> None:
    table.signed_node()
    again = (
        "keys",
        "root",
        "new",
        "root",
        "--nation",
        "JP",
        "--environment",
        "real",
        "--keys",
        "1",
        "--threshold",
        "1",
    )
    assert table(*again, "--passphrase-file", "one", exit_code=3)["check"] == "file-exists"
    other = [word if word != "root" or number != 3 else "other" for number, word in enumerate(again)]
    table(*other, "--passphrase-file", "one")
    stranger = ("keys", "card", "sign", "JP/card.json", "other/holder-1.json", "--passphrase-file", "one")
    assert table(*stranger, exit_code=3)["check"] == "signing-root"
    table("keys", "card", "write", "JP", "card", "--address", "http://192.0.2.1:1")
    assert table("keys", "card", "write", "JP", "card", exit_code=3)["check"] == "file-exists"
    table.sign("card", "card", "two", "three")
    table("keys", "apply", "JP", "card")
    assert json.loads(Path("card").read_text("ascii"))["payload"] != ""
    assert table("keys", "apply", "JP", "root/root.json", exit_code=4)["check"] == "envelope-fields"


def test_a_partner_is_compared_in_hexadecimal_and_in_words_of_three_languages(table: Table) -> None:
    table.signed_node()
    Node.create(table.place / "AU", "AU", "exercise")
    Node.create(table.place / "KR", "KR", "exercise")
    Path("au.card").write_text(table.text("node", "card", "AU"), "utf-8")
    first, again = (table("partner", "add", "KR", "au.card") for _ in range(2))
    assert (first["compared"], first["known"], again["known"]) == (False, False, True)
    assert "was a partner before" in table.text("partner", "add", "KR", "au.card")
    shown = {
        language: table("node", "card", "AU", "--fingerprint", "--words", language) for language in ("en", "ja", "ko")
    }
    said = [shown["en"]["root"], shown["en"]["groups"], shown["en"]["root"].upper()]
    said += [" ".join(one["words"]) for one in shown.values()] + [
        "\u3000".join(shown["ja"]["words"]),
        shown["en"]["code"],
    ]
    for one in said:
        assert table("partner", "add", "KR", "au.card", "--fingerprint", one)["compared"] is True, one
    for wrong in (shown["en"]["root"].translate(str.maketrans("0123456789abcdef", "123456789abcdef0")),
                  " ".join(reversed(shown["ko"]["words"]))):  # fmt: skip
        assert (
            table("partner", "add", "KR", "au.card", "--fingerprint", wrong, exit_code=3)["check"]
            == "fingerprint-other"
        )
    for none in ("", "abcd", shown["en"]["root"][:-1], "one two three"):
        assert (
            table("partner", "add", "KR", "au.card", "--fingerprint", none, exit_code=2)["check"] == "fingerprint-form"
        )
    # What was compared once stays so.
    assert table("partner", "add", "KR", "au.card")["compared"] is True


def test_the_fingerprint_is_shown_as_groups_words_and_a_code_that_can_be_scanned(table: Table) -> None:
    Node.create(table.place / "AU", "AU", "exercise")
    text = table.text("node", "card", "AU", "--fingerprint", "--words", "ko", "--svg", "code.svg")
    groups, words, code = text.split("\n", 2)
    assert re.fullmatch(r"([0-9a-f]{4} ){15}[0-9a-f]{4}", groups)
    assert words == fingerprints.words(groups.replace(" ", ""), "ko")
    assert len(words.split()) == 12
    assert "█" in code
    svg = Path("code.svg").read_text("utf-8")
    assert svg.startswith("<?xml")
    assert f"GOKEI-ROOT:AU:EXERCISE:{groups.replace(' ', '').upper()}" in svg


def test_a_real_node_writes_nothing_to_a_partner_that_nobody_compared(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.signed_node()
    table(
        "keys", "root", "new", "australian", "--nation", "AU", "--environment", "real", "--threshold", "1",
        "--keys", "1", "--passphrase-file", "one",
    )  # fmt: skip
    table(
        "node", "init", "AU", "--nation", "AU", "--environment", "real", "--passphrase-file", "node",
        "--root", "australian/root.json",
    )  # fmt: skip
    table("keys", "card", "sign", "AU/card.unsigned.json", "australian/holder-1.json", "--passphrase-file", "one")
    table("keys", "apply", "AU", "AU/card.unsigned.json")
    Path("au.card").write_text(table.text("node", "card", "AU"), "utf-8")
    assert table("partner", "add", "JP", "au.card")["compared"] is False
    wanted = REPORT | {"to": "AU", "offices": ["logistics"], "facts": dict(FACTS)}
    Path("report").write_text(json.dumps(wanted), "utf-8")
    problem = table("act", "JP", "report", exit_code=3)
    assert problem["check"] == "partner-not-compared"
    assert "--fingerprint" in problem["next"]
    words = " ".join(table("node", "card", "AU", "--fingerprint")["words"])
    table("partner", "add", "JP", "au.card", "--fingerprint", words)
    assert table("act", "JP", "report")["sequence"] == 1
    monkeypatch.delenv(passphrases.VARIABLE)
    assert table("act", "JP", "report", exit_code=2)["check"] == "passphrase-missing"


def test_an_exercise_signs_mandates_with_the_root_in_its_folder(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(passphrases.VARIABLE)
    made = table("node", "init", "AU", "--nation", "AU", "--environment", "exercise")
    assert made["protected"] is False
    Path("request").write_bytes(table.text("keys", "request", "AU", "node").encode())
    table("keys", "mandate", "node-key", "request", "mandate", "--statement", "AU/card.json")
    table("keys", "mandate", "sign", "mandate", "AU")
    before = next(row["key"] for row in table("keys", "list", "AU")["keys"] if row["office"] == "node")
    table("keys", "apply", "AU", "mandate")
    keys = {row["key"]: row["state"] for row in table("keys", "list", "AU")["keys"] if row["office"] == "node"}
    assert keys.pop(before) == "former"
    assert [*keys.values()] == ["in_force"]
    assert "not protected" in table.text("node", "init", "KR", "--nation", "KR", "--environment", "exercise")


def test_the_pages_carry_with_the_passphrase_that_the_server_was_given(table: Table, monkeypatch: Any) -> None:
    for nation in ("AU", "JP"):
        table("node", "init", nation, "--nation", nation, "--environment", "exercise", "--passphrase-file", "node")
        Path(f"{nation}.card").write_text(table.text("node", "card", nation), "utf-8")
    table("partner", "add", "AU", "JP.card", "--address", "https://127.0.0.1:9")
    monkeypatch.delenv(passphrases.VARIABLE)
    with pytest.raises(Problem) as found:
        carrier(Settings(Path("AU")))("JP")
    assert found.value.check == "passphrase-missing"
    # Signed now; and nobody answers there.
    with pytest.raises(Problem) as found:
        carrier(Settings(Path("AU"), unlock=Unlock(Path("node"))))("JP")
    assert found.value.check == "partner-unreachable"


def test_an_agent_is_started_serves_and_ends_in_good_order(tmp_path: Path) -> None:
    Node.create(tmp_path / "AU", "AU", "exercise")
    path = tmp_path / "agent"
    command = [
        sys.executable,
        "-m",
        "gokei.faces.cli.main",
        "keys",
        "agent",
        str(tmp_path / "AU"),
        "--socket",
        str(path),
    ]
    with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        while not path.exists() and process.poll() is None:
            pass
        (tmp_path / "AU/keys/passphrase").unlink()
        settings = {"PATH": os.environ["PATH"], "GOKEI_SIGNER": f"unix:{path}"}
        fingerprint = subprocess.run(
            [*command[:3], "node", "card", str(tmp_path / "AU"), "--address", "http://192.0.2.1:1"],
            env=settings, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert fingerprint.returncode == 0, fingerprint.stderr
        process.terminate()
        out, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, b"")
        assert json.loads(out)["keys"] == 8
    assert not path.exists()


def test_an_office_whose_last_key_was_revoked_is_not_a_new_one(table: Table) -> None:
    for nation in ("AU", "JP"):
        table("node", "init", nation, "--nation", nation, "--environment", "exercise")
    Path("au.card").write_text(table.text("node", "card", "AU"), "utf-8")
    table("partner", "add", "JP", "au.card")
    key = next(row["key"] for row in table("keys", "list", "JP")["keys"] if row["office"] == "logistics")
    table(
        "keys", "mandate", "revoke", "revoke", "--statement", "JP/card.json", "--office", "logistics", "--key", key,
        "--reason", "lost", "--serial", "1",
    )  # fmt: skip
    shown = table.text("keys", "mandate", "sign", "revoke", "JP")
    assert not set(shown) & set('[]{}"')
    assert "  AU: sha256:" in table.text("keys", "apply", "JP", "revoke")
    assert "  AU: told before\n" in table.text("keys", "apply", "JP", "revoke")
    table("keys", "card", "write", "JP", "card")
    shown = table.text("keys", "card", "sign", "card", "JP")
    assert "powers: " in shown
    assert not set(shown) & set('[]{}"')
    table("keys", "apply", "JP", "card")
    said = table("keys", "request", "JP", "logistics", exit_code=3)
    assert said["check"] == "office-powers"
    assert said["detail"].startswith("The office logistics has no key now")
    assert "tanker is a new office" in table("keys", "request", "JP", "tanker", exit_code=3)["detail"]
