"""`gokei law replay`: past orders of a table or of a node's folder, what flips, and what it does to the sums owed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gokei.faces.cli.main import main
from gokei.terms.json_types import JsonObject
from tests.nations import F76, FACTS, Nations, line, to_claim
from tests.packs.asking import packs

FORMATS = ("parquet", "csv", "jsonl")
GIVEN = {
    "kind": "support", "on": "2012-05-01", "provider": "JP", "recipient": "KR", "activity": "joint_exercise",
    "supply": "fuel", "place": "KR", "requested": "true", "both_participate": "true", "un_sofa_force": "false",
}  # fmt: skip
PERIPHERY = {"activity": "important_influence_situation", "place": "high_seas", "basic_plan": "true",
             "diet_approval": "true", "combat_at_scene": "false"}  # fmt: skip
ORDERS: list[dict[str, str]] = [
    {**GIVEN, "order": "K-1", "amount": "410400", "currency": "JPY"},
    {**GIVEN, "order": "K-2", "provider": "KR", "recipient": "JP", "amount": "0.10", "currency": "USD"},
    {**GIVEN, "order": "K-3", **PERIPHERY, "amount": "72000", "currency": "JPY"},
    {**GIVEN, "order": "K-4", "supply": "weapons", "amount": "9000", "currency": "JPY"},
    {**GIVEN, "order": "K-5", "provider": "KR", "recipient": "JP", "amount": "0.20", "currency": "USD"},
    {**GIVEN, "order": "A-1", "recipient": "AU", "amount": "500000", "currency": "JPY"},
    {**GIVEN, "order": "", "amount": "", "currency": ""},
]


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame({name: [row.get(name) or None for row in rows] for name in names})
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".parquet":
        frame.with_columns(pl.col("on").str.to_date()).write_parquet(path)
    else:
        flags = {"true": True, "false": False}
        path.write_text("".join(json.dumps({k: flags.get(v, v) for k, v in row.items()}) + "\n" for row in rows))
    return path


def replayed(capsys: pytest.CaptureFixture[str], history: Path, *assume: str) -> Any:
    capsys.readouterr()
    words = [part for one in assume for part in ("--assume", one)]
    assert main(["law", "replay", str(history), *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("source", FORMATS)
def test_a_table_of_orders(tmp_path: Path, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = replayed(capsys, written(tmp_path / f"orders.{source}", ORDERS), "acsa-jp-kr")
    assert [found[name] for name in ("assumed", "orders", "touched", "untouched", "flipped", "unread")] == [
        ["acsa-jp-kr"], 7, 6, 1, 5, [],
    ]  # fmt: skip
    assert found["kinds"] == [
        {"before": "not_permitted", "after": "permitted", "orders": 4},
        {"before": "not_permitted", "after": "undetermined", "orders": 1},
    ]
    assert [(one["row"], one["order"]) for one in found["flips"]] == [
        (1, "K-1"), (2, "K-2"), (3, "K-3"), (5, "K-5"), (7, None),
    ]  # fmt: skip
    for flip in found["flips"]:
        question = {name: {"true": True, "false": False}.get(value, value)
                    for name, value in ORDERS[flip["row"] - 1].items()
                    if name not in {"order", "amount", "currency"}}  # fmt: skip
        for name, assume in (("before", ()), ("after", ("acsa-jp-kr",))):
            alone: Any = packs().answer(question, assume)
            first = alone["basis"][0] if alone["basis"] else {"instrument": None, "provision": None}
            assert flip[name] == {"verdict": alone["verdict"], "ground": alone["ground"], **first}
    none = {"permitted": "0", "not_permitted": "0", "undetermined": "0"}
    assert found["owed"] == [
        {"creditor": "JP", "debtor": "KR", "commodity": "JPY", "before": {**none, "not_permitted": "491400"},
         "after": {"permitted": "410400", "not_permitted": "9000", "undetermined": "72000"}, "difference": "410400"},
        {"creditor": "KR", "debtor": "JP", "commodity": "USD", "before": {**none, "not_permitted": "0.3"},
         "after": {**none, "permitted": "0.3"}, "difference": "0.3"},
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "head"), [("en", "Orders: 7."), ("ja", "発注 7 件"), ("ko", "발주 7건")])
def test_for_people_flips_are_bounded(
    tmp_path: Path, language: str, head: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", language)
    path = written(tmp_path / "orders.csv", ORDERS)
    assert main(["law", "replay", str(path), "--assume", "acsa-jp-kr", "--limit", "2"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(head)
    assert "K-2" in text
    assert "K-3" not in text
    assert "--limit 5" in text
    assert "+410400" in text
    if language == "en":
        assert "Not permitted → Permitted: 4\nNot permitted → Undetermined: 1\n" in text
        assert "Flips not shown: 3." in text


def test_a_table_without_names_and_amounts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "orders.csv", [GIVEN])
    found = replayed(capsys, path, "acsa-jp-kr")
    assert (found["flips"][0]["order"], found["flips"][0]["row"], found["owed"]) == (None, 1, [])
    assert main(["law", "replay", str(path), "--assume", "acsa-jp-kr"]) == 0
    text = capsys.readouterr().out
    assert "- Row 1  JP → KR" in text
    assert "Nothing is on record as owed for these orders." in text


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize(
    ("wrong", "check", "field"),
    [
        ({"amount": "1e3"}, "amount", "amount"),
        ({"amount": "1.5"}, "minor-unit", "amount"),
        ({"currency": "ZZZ"}, "currency", "currency"),
        ({"currency": ""}, "currency", "currency"),
        ({"supply": "ammo"}, "fact-code", "supply"),
    ],
)
def test_one_bad_row_is_refused_by_row_and_column(
    tmp_path: Path, source: str, wrong: dict[str, str], check: str, field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / f"orders.{source}", [*ORDERS[:5], {**ORDERS[5], **wrong}])
    assert main(["law", "replay", str(path), "--assume", "acsa-jp-kr", "--json"]) == 4
    problem = json.loads(capsys.readouterr().out)
    assert (problem["check"], problem["field"], problem["row"], problem["path"]) == (check, field, 6, str(path))
    assert problem.get("line") == {"csv": 7, "jsonl": 6, "parquet": None}[source]
    assert problem.get("column") == ([*ORDERS[0]].index(field) + 1 if source == "csv" else None)


@pytest.mark.parametrize(
    ("name", "text", "check"),
    [
        ("a.csv", "kind,on,sum\nsupport,2020-01-01,1\n", "fact-unknown"),
        ("a.csv", "order,amount\nK-1,5\n", "fact-required"),
        ("a.csv", "kind,on,amount,amount\nsupport,2020-01-01,1,1\n", "fact-repeated"),
        ("a.jsonl", '{"kind":"support","amount":410400}\n', "cell-text"),
        ("a.jsonl", '{"kind":"support","order":7}\n', "cell-text"),
    ],
)
def test_what_is_no_history(
    tmp_path: Path, name: str, text: str, check: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text)
    assert main(["law", "replay", str(tmp_path / name), "--assume", "acsa-jp-kr", "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["check"] == check


def test_amounts_are_never_floats_and_numbers_may_name_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = pl.DataFrame([{**GIVEN, "order": 7, "amount": 0.1, "currency": "USD"}])
    frame.write_parquet(tmp_path / "a.parquet")
    assert main(["law", "replay", str(tmp_path / "a.parquet"), "--assume", "acsa-jp-kr", "--json"]) == 4
    problem = json.loads(capsys.readouterr().out)
    assert (problem["check"], problem["field"]) == ("column-type", "amount")
    frame.drop("amount").write_parquet(tmp_path / "a.parquet")
    assert replayed(capsys, tmp_path / "a.parquet", "acsa-jp-kr")["flips"][0]["order"] == "7"


def test_without_an_assumption_nothing_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "orders.csv", ORDERS)
    assert main(["law", "replay", str(path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["check"] == "assume-missing"
    assert main(["law", "replay", str(path), "--assume", "acsa-jp-kr=maybe", "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["check"] == "assume-variant"
    (tmp_path / "empty").mkdir()
    for name in ("orders", "empty"):
        assert main(["law", "replay", str(tmp_path / name), "--assume", "acsa-jp-kr", "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["check"] == "history-missing"


# A node's folder


def to_order_under_the_draft(nations: Nations, order: str, price: str | None, *assume: str) -> None:
    """Japan's fuel for Korea in an emergency on the periphery, ordered, delivered and claimed under what is assumed."""

    def act(nation: str, **document: Any) -> JsonObject:
        other = {"JP": "KR", "KR": "JP"}[nation]
        found = nations.act(nation, to=other, assume=list(assume), agreement="acsa-jp-kr", order=order, **document)
        nations.meet("JP", "KR")
        return found

    asked = [
        line("5", supply="fuel", nsn=F76, description="F-76"),
        line("100", "EA", 2, supply="food", description="x"),
    ]
    act("KR", type="request", operation="STRAIT", on="2026-03-01", lines=asked)
    priced = {} if price is None else {"unit_price": price, "currency": "JPY"}
    offered = [line("5", **priced), line("100", "EA", 2, **({**priced, "unit_price": "100"} if priced else {}))]
    methods = ["replacement_in_kind"] if price is None else ["payment", "replacement_in_kind"]
    act("JP", type="offer", methods=methods, valid_until="2026-03-30", lines=offered)
    act("JP", type="order")
    act("KR", type="countersignature")
    delivered = [line("5"), line("100", "EA", 2)]
    delivery = act("JP", type="delivery", delivered_on="2026-03-02", lines=delivered)["hash"]
    act("KR", type="receipt", delivery=delivery, lines=delivered)
    act("JP", type="claim")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Japan's node: one order for Australia, and three for Korea under the draft, of which one is a request alone."""
    nations = Nations(tmp_path, "AU", "JP", "KR")
    to_claim(nations)
    facts = {**FACTS, "basic_plan": True, "diet_approval": True, "combat_at_scene": False}
    nations.act(
        "KR", type="operation", to="JP", agreement="acsa-jp-kr", operation="STRAIT", name="Strait",
        activity="important_influence_situation", place="high_seas", starts="2026-03-01", ends="2026-03-31",
        forces=["JP", "KR"], facts=facts,
    )  # fmt: skip
    nations.meet("JP", "KR")
    to_order_under_the_draft(nations, "KR-1", "72000", "acsa-jp-kr=included")
    to_order_under_the_draft(nations, "KR-2", None, "acsa-jp-kr", "acsa-jp-kr=periphery_in")
    nations.act(
        "KR", type="request", to="JP", agreement="acsa-jp-kr", assume=["acsa-jp-kr"], order="KR-3", operation="STRAIT",
        on="2026-03-01", lines=[line("5", supply="fuel", description="F-76")],
    )  # fmt: skip
    nations.meet("JP", "KR")
    nations.close()
    return tmp_path / "JP"


def test_a_nodes_folder_with_its_claims(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = replayed(capsys, folder, "acsa-jp-kr=excluded")
    assert [found[name] for name in ("orders", "touched", "untouched", "flipped", "unread")] == [4, 3, 1, 3, []]
    flips = {one["order"]: (one["before"]["verdict"], one["after"]["verdict"]) for one in found["flips"]}
    assert flips == {
        "KR-1": ("permitted", "not_permitted"),
        "KR-2": ("permitted", "not_permitted"),
        "KR-3": ("undetermined", "not_permitted"),
    }
    owed = {one["commodity"]: one for one in found["owed"]}
    assert {(one["creditor"], one["debtor"]) for one in found["owed"]} == {("JP", "KR")}
    assert {name: one["difference"] for name, one in owed.items()} == {
        "JPY": "-370000", "9140002732377/L": "-5000", "food/EA": "-100",
    }  # fmt: skip
    assert owed["JPY"]["before"] == {"permitted": "370000", "not_permitted": "0", "undetermined": "0"}
    assert owed["JPY"]["after"] == {"permitted": "0", "not_permitted": "370000", "undetermined": "0"}


def test_a_node_in_which_what_is_assumed_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = replayed(capsys, folder, "acsa-jp-kr=included")
    assert [(one["order"], one["after"]["verdict"]) for one in found["flips"]] == [("KR-3", "permitted")]
    assert {one["difference"] for one in found["owed"]} == {"0"}
    assert replayed(capsys, folder, "acsa-kr-us-1988=outside")["touched"] == 0
    assert main(["law", "replay", str(folder), "--assume", "acsa-kr-us-1988=outside"]) == 0
    assert capsys.readouterr().out.startswith("Orders: 4. Asked again, because the assumption can touch them: 0.")


def test_the_partners_node_says_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = replayed(capsys, folder, "acsa-jp-kr=excluded")
    theirs = replayed(capsys, folder.parent / "KR", "acsa-jp-kr=excluded")
    assert theirs == ours | {"orders": 3, "untouched": 0}
