"""A node's folder: one process serves it, no journal is put in place anew, and one that is gone takes no document."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gokei.journal.keys import read_card
from gokei.node import folder, lock, rendezvous
from gokei.node.node import Node
from gokei.node.store import Store
from gokei.terms.problems import BadInput, Refused, Unavailable
from tests.field import Field
from tests.nations import FACTS, Nations, law
from tests.node.test_keys import REPORT


@pytest.fixture
def japan(tmp_path: Path) -> Path:
    Node.create(tmp_path / "JP", "JP", "exercise")
    return tmp_path / "JP"


# The journal


def test_making_a_node_makes_its_journal(japan: Path) -> None:
    store = Store(japan / folder.JOURNAL)
    assert store.rows("SELECT * FROM documents") == []
    store.close()


@pytest.mark.parametrize("left", [None, b""], ids=["gone", "empty"])
def test_a_folder_without_its_journal_is_not_opened_and_none_is_made(japan: Path, left: bytes | None) -> None:
    journal = japan / folder.JOURNAL
    journal.unlink()
    if left is not None:
        journal.write_bytes(left)
    with pytest.raises(BadInput) as found:
        Node.open(japan, law())
    assert (found.value.check, found.value.path) == ("journal-missing", str(journal))
    assert "Restore" in found.value.next_text()
    assert "partner" in found.value.next_text()
    assert (journal.read_bytes() if journal.exists() else None) == left


def removed(nations: Nations, journal: Path) -> None:
    journal.unlink()


def replaced(nations: Nations, journal: Path) -> None:
    copy = journal.with_suffix(".copy")
    shutil.copy(journal, copy)
    copy.replace(journal)


def cleared(nations: Nations, journal: Path) -> None:
    shutil.rmtree(journal.parent)


def another_node(nations: Nations, journal: Path) -> None:
    shutil.rmtree(journal.parent)
    Node.create(journal.parent, "AU", "exercise")


@pytest.mark.parametrize("happens", [removed, replaced, cleared, another_node])
def test_a_journal_that_is_gone_takes_no_document(nations: Nations, happens: Callable[[Nations, Path], None]) -> None:
    nations["AU"].act(REPORT, key="before")
    happens(nations, nations.folder / "AU" / folder.JOURNAL)
    for _ in range(2):
        with pytest.raises(Unavailable) as found:
            nations["AU"].act(REPORT | {"operation": "OTHER"}, key="after")
        assert found.value.check == "store-lost"
    document = nations["JP"].act(REPORT | {"to": "AU", "operation": "THIRD", "facts": dict(FACTS)})
    with pytest.raises(Unavailable):
        nations["AU"].receive("JP", nations["JP"].envelope(str(document["hash"])))


# Who serves


def test_one_process_serves_a_folder(japan: Path) -> None:
    with lock.serving(japan, "Stop it."):
        with pytest.raises(Refused) as found, lock.serving(japan, "Stop it."):
            pass
        assert found.value.check == "node-served"
        assert str(os.getpid()) in found.value.detail_text()
    with lock.serving(japan, "Stop it."):
        pass


def test_a_second_server_is_refused_and_a_killed_one_lets_go(japan: Path) -> None:
    field = Field(japan.parent, ("JP",))
    try:
        command = [sys.executable, "-m", "gokei.faces.cli.main", "node", "serve", str(japan), "--port", "0"]
        second = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert second.returncode == 3
        assert str(field.processes["JP"].pid) in second.stderr.decode()
        field.kill("JP")
    finally:
        field.stop()


# Where exercise nodes find each other


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    found = tmp_path / "run" / f"gokei-exercise-{os.getuid()}"
    found.mkdir(parents=True)
    return found


def gone() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_what_a_killed_node_left_is_dropped_by_the_next(japan: Path, place: Path) -> None:
    process = gone()
    (place / "killed").write_text(f"https://127.0.0.1:1\n{process}\n", "ascii")
    (place / f"draft.{process}").write_text("https://127.0.0.1:1", "ascii")
    (place / "alive").write_text(f"https://127.0.0.1:2\n{os.getpid()}\n", "ascii")
    (place / "unknown").write_text("https://127.0.0.1:3", "ascii")
    own = folder.load(japan)
    rendezvous.announce(own, "https://127.0.0.1:4")
    assert {file.name for file in place.iterdir()} == {"alive", "unknown", own.card.root}
    assert rendezvous.address_of(own) == "https://127.0.0.1:4"
    rendezvous.withdraw(own)
    assert {file.name for file in place.iterdir()} == {"alive", "unknown"}


def test_what_another_process_announced_is_not_withdrawn(japan: Path, place: Path) -> None:
    own = folder.load(japan)
    (place / own.card.root).write_text(f"https://127.0.0.1:2\n{os.getppid()}\n", "ascii")
    rendezvous.withdraw(own)
    assert rendezvous.address_of(own) == "https://127.0.0.1:2"


def test_a_terminated_node_leaves_no_address(japan: Path, place: Path) -> None:
    field = Field(japan.parent, ("JP",))
    assert [file.name for file in place.iterdir()] == [folder.load(japan).card.root]
    began = time.monotonic()
    field.stop()
    assert time.monotonic() - began < 5
    assert [*place.iterdir()] == []
    assert field.processes["JP"].returncode == 128 + 15


# What is no card, and no new folder


def test_a_node_is_not_made_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "afile").write_text("something", "ascii")
    with pytest.raises(Refused) as found:
        Node.create(tmp_path / "afile", "JP", "exercise")
    assert found.value.check == "node-exists"
    assert "is a file" in found.value.detail_text()


def test_a_courier_file_is_no_card(nations: Nations, tmp_path: Path) -> None:
    nations["AU"].courier_pack("JP", tmp_path / "au.courier")
    with pytest.raises(BadInput) as found:
        nations["JP"].add_partner((tmp_path / "au.courier").read_bytes(), path="au.courier")
    assert found.value.check == "card-none"
    assert "no identity card" in found.value.detail_text()
    assert "gokei courier open" in found.value.next_text()


@pytest.mark.parametrize("raw", [b"", b"\xff\xd8", b"Hello", b"{}", b"[1]", b'{"type": "operation"}'])
def test_what_is_no_card_is_said_to_be_none(nations: Nations, raw: bytes) -> None:
    before: Any = nations["JP"].partners()
    with pytest.raises(BadInput) as found:
        nations["JP"].add_partner(raw, path="x")
    assert (found.value.check, found.value.path) == ("card-none", "x")
    assert "gokei node card" in found.value.next_text()
    assert nations["JP"].partners() == before


def test_a_document_is_no_card(nations: Nations) -> None:
    document = nations["AU"].act(REPORT)
    with pytest.raises(BadInput) as found:
        nations["JP"].add_partner(nations["AU"].envelope(str(document["hash"])))
    assert found.value.check == "card-none"
    assert read_card(nations["AU"].card())
