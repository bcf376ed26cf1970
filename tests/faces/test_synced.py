"""What people read after an exchange: what was refused and why, what came back, whose clock is wrong, and what to do
where the books differ."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from gokei.faces.cli.main import main
from gokei.faces.clocks import CLOCKS_DIFFER
from gokei.faces.locale import translator
from gokei.node import exchange
from gokei.node.node import Node
from gokei.node.ports import Wires
from tests.nations import Nations, change, to_operation, to_order
from tests.node.test_evidence import reopened, restored
from tests.node.test_windows import poisoned, write_many

Told = Callable[..., list[str]]


@pytest.fixture
def told(nations: Nations, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Told:
    """A command of the node that is open already, on the wires of the test."""

    def sync(node: Node, nation: str, address: str | None = None) -> object:
        return exchange.sync(nations[node.nation].core, nation, address or nation)

    def compare(node: Node, nation: str, address: str | None = None) -> object:
        return exchange.compare(nations[node.nation].core, nation, address or nation)

    monkeypatch.setattr(Node, "sync", sync)
    monkeypatch.setattr(Node, "compare_books", compare)

    def run(command: str, nation: str, partner: str, *more: str, exit_code: int = 0) -> list[str]:
        assert main([command, str(nations.folder / nation), partner, *more]) == exit_code
        return "".join(capfd.readouterr()).splitlines()

    return run


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_a_document_that_was_refused_is_told_with_its_reason(
    nations: Nations, told: Told, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", language)
    poisoned(nations)
    write_many(nations, 3)
    wires: Wires = nations.wires  # type: ignore[assignment]
    nations["AU"].core.network = wires
    said = told("sync", "AU", "JP")
    refusal = nations["AU"].refusals()[0]["refusal"]
    assert isinstance(refusal, dict)
    reason = translator(language)(str(refusal["says"])).partition("{")[0]
    assert len(said) == 3
    assert "JP" in said[1]
    assert "1" in said[1]
    assert reason in said[1]
    assert "{" not in said[1]


def test_clocks_that_differ_are_told(nations: Nations, told: Told) -> None:
    to_operation(nations)
    assert told("sync", "AU", "JP") == ["Sent 0, received 0.", "Everything is final on both sides."]
    clock = nations["JP"].core.clock
    try:
        nations["JP"].core.clock = type(nations.clock)()
        nations["JP"].core.clock.instant = "2026-11-24T07:00:00Z"  # type: ignore[attr-defined]
        assert CLOCKS_DIFFER.format(minutes=60) in told("sync", "AU", "JP")
    finally:
        nations["JP"].core.clock = clock


def test_what_came_back_after_a_restore_is_told(nations: Nations, told: Told) -> None:
    backup = restored(nations, "backup")
    to_order(nations)
    written = nations["JP"].core.store.log("AU-JP", "JP")[0].size
    reopened(nations, backup)
    assert f"Documents of our own log that came back: {written}" in told("sync", "JP", "AU")
    assert json.loads("\n".join(told("sync", "JP", "AU", "--json")))["taken_back"] == 0
    reopened(nations, backup)
    assert json.loads("\n".join(told("sync", "JP", "AU", "--json")))["taken_back"] == written


def test_books_that_only_lack_documents_need_an_exchange(nations: Nations, told: Told) -> None:
    to_operation(nations)
    write_many(nations, 2)
    said = told("compare-books", "AU", "JP", exit_code=3)
    assert said[0] == "AU: here are 2 documents more."
    assert said[-1].strip() == "Exchange what one side lacks, then compare again: gokei sync DIR JP"


@pytest.mark.parametrize("lacks", ["JP", "AU"])
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_case_that_one_side_has_not_folded_is_named(nations: Nations, told: Told, lacks: str, place: str) -> None:
    to_order(nations)
    nations.meet()
    end = "min" if place == "first" else "max"
    [(case,)] = nations["AU"].core.store.rows(f"SELECT {end}(case_name) FROM views WHERE wing='support'")
    change(nations[lacks].core.store, "DELETE FROM views WHERE wing='support' AND case_name=?", (case,))
    found = json.loads("\n".join(told("compare-books", "AU", "JP", "--json", exit_code=3)))
    assert found["check"] == "books-differ"
    difference = found["comparison"]["difference"]
    assert (difference["wing"], difference["case"]) == ("support", case)
    missing, held = ("theirs", "ours") if lacks == "JP" else ("ours", "theirs")
    assert difference[missing] is None
    assert difference[held].startswith("sha256:")
    said = told("compare-books", "AU", "JP", exit_code=3)
    assert "    no such case" in said
