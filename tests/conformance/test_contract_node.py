"""The machine contract, section 2, as an outsider meets it: two directories, the installed command, its JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.ready import GOKEI, SECONDS, Ready

FACTS = {
    "requested": True, "hinders_mission": False, "both_participate": True, "co_located": True,
    "same_kind_of_activity": True, "un_charter_consistent": True, "un_sofa_force": False, "visit_for_training": False,
    "retransfer_to": "none",
}  # fmt: skip


class Nation:
    def __init__(self, folder: Path, nation: str, ready: Ready) -> None:
        self.folder = folder / nation
        self.nation = nation
        self.call = ready.call
        self.run("node", "init", str(self.folder), "--nation", nation, "--environment", "exercise")

    def run(self, *arguments: str, stdin: bytes = b"") -> Any:
        done = self.call(*arguments, "--json", stdin=stdin)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def act(self, **document: Any) -> dict[str, Any]:
        answer = self.run("act", str(self.folder), "-", stdin=json.dumps(document).encode())
        assert {"document", "hash", "sequence", "determination"} <= set(answer)
        assert isinstance(answer, dict)
        return answer

    def refused(self, **document: Any) -> dict[str, Any]:
        before = self.state()
        done = self.call("act", str(self.folder), "-", "--json", stdin=json.dumps(document).encode())
        assert done.returncode in {3, 4}, done
        assert b"Traceback" not in done.stderr
        assert self.state() == before
        problem = json.loads(done.stdout)
        assert problem["status"] >= 400
        assert problem["detail"]
        assert isinstance(problem, dict)
        return problem | {"exit": done.returncode}

    def state(self) -> Any:
        return self.run("state", str(self.folder))


@pytest.fixture(scope="module")
def ready() -> Iterator[Ready]:
    made = Ready()
    yield made
    made.close()


@pytest.fixture
def pair(tmp_path: Path, ready: Ready) -> tuple[Nation, Nation]:
    japan, australia = Nation(tmp_path, "JP", ready), Nation(tmp_path, "AU", ready)
    for one, other in ((japan, australia), (australia, japan)):
        card = one.call("node", "card", str(one.folder))
        assert card.returncode == 0
        path = tmp_path / f"{one.nation}.card"
        path.write_bytes(card.stdout)
        other.run("partner", "add", str(other.folder), str(path))
    return japan, australia


def carry(tmp_path: Path, one: Nation, other: Nation) -> None:
    """One courier each way: packed, opened, and opened again."""
    for sender, reader in ((one, other), (other, one), (one, other)):
        bundle = tmp_path / "bundle"
        bundle.unlink(missing_ok=True)
        sender.run("courier", "pack", str(sender.folder), "--to", reader.nation, str(bundle))
        reader.run("courier", "open", str(reader.folder), str(bundle))
        again = reader.state()
        reader.run("courier", "open", str(reader.folder), str(bundle))
        assert reader.state() == again


def refuses_wrong_receipts(nation: Nation, receipt: dict[str, Any]) -> None:
    """More than was delivered is refused by life cycle; what is no quantity at all is bad input."""
    more = receipt | {"lines": [{"line": 1, "quantity": "11.5", "unit": "kL"}]}
    assert "receipt-exceeds-delivery" in nation.refused(**more)["check"]
    for quantity in ("１２", "1e3", "-1", "1" + "0" * 400, ""):
        wrong = receipt | {"lines": [{"line": 1, "quantity": quantity, "unit": "kL"}]}
        assert nation.refused(**wrong)["exit"] == 4
    wrong = receipt | {"lines": [{"line": 1, "quantity": "11.4", "unit": "<b>kL</b>"}]}
    assert nation.refused(**wrong)["exit"] == 4


def test_an_order_from_request_to_settled_account_by_courier(tmp_path: Path, pair: tuple[Nation, Nation]) -> None:
    japan, australia = pair
    australia.act(
        type="operation", to="JP", agreement="acsa-jp-au-2017", operation="DARWIN-17", name="Exercise off Darwin",
        activity="joint_exercise", place="AU", starts="2017-09-06", ends="2017-09-20", forces=["JP", "AU"], facts=FACTS,
    )  # fmt: skip
    asked = australia.act(
        type="request", to="JP", agreement="acsa-jp-au-2017", order="AU-0001", operation="DARWIN-17", on="2017-09-07",
        lines=[{"line": 1, "supply": "fuel", "nsn": "9140-00-273-2377", "description": "F-76", "quantity": "12",
                "unit": "kL"}],
    )  # fmt: skip
    assert asked["determination"]["verdict"] == "permitted"
    carry(tmp_path, australia, japan)
    japan.act(
        type="offer", to="AU", order="AU-0001", methods=["replacement_in_kind", "payment"], valid_until="2017-09-30",
        lines=[{"line": 1, "quantity": "12", "unit": "kL", "unit_price": "72000", "currency": "JPY"}],
    )  # fmt: skip
    japan.act(type="order", to="AU", order="AU-0001", offices=["logistics", "finance"])
    carry(tmp_path, australia, japan)
    alone = australia.refused(type="countersignature", to="JP", order="AU-0001", offices=["logistics"])
    assert alone["exit"] == 3
    australia.act(type="countersignature", to="JP", order="AU-0001", offices=["logistics", "finance"])
    carry(tmp_path, australia, japan)
    delivered = japan.act(
        type="delivery", to="AU", order="AU-0001", delivered_on="2017-09-08",
        lines=[{"line": 1, "quantity": "11.4", "unit": "kL"}],
    )  # fmt: skip
    carry(tmp_path, australia, japan)
    receipt = {
        "type": "receipt", "to": "JP", "order": "AU-0001", "delivery": delivered["hash"],
        "lines": [{"line": 1, "quantity": "11.4", "unit": "kL"}],
    }  # fmt: skip
    refuses_wrong_receipts(australia, receipt)
    australia.act(**receipt)
    carry(tmp_path, australia, japan)
    japan.act(type="claim", to="AU", order="AU-0001", delivery=delivered["hash"])
    carry(tmp_path, australia, japan)
    claims = australia.run("list", str(australia.folder), "claims")
    assert len(claims) == 1
    claim = australia.run("show", str(australia.folder), "claim", claims[0]["claim"])
    assert "2018-09-08" in json.dumps(claim)
    australia.act(
        type="settlement", to="JP", order="AU-0001", claim=claims[0]["claim"],
        parts=[
            {"method": "replacement_in_kind", "line": 1, "quantity": "5.7", "unit": "kL", "delivered_on": "2017-10-01"},
            {"method": "payment", "line": 1, "quantity": "5.7", "unit": "kL", "amount": "410400", "currency": "JPY"},
        ],
    )  # fmt: skip
    carry(tmp_path, australia, japan)
    open_balance = japan.run("ledger", "balances", str(japan.folder))
    settlement = australia.run("list", str(australia.folder), "documents", "--where", "type=settlement")[0]
    japan.act(type="settlement_acceptance", to="AU", order="AU-0001", settlement=settlement["hash"])
    carry(tmp_path, australia, japan)
    closed = japan.run("ledger", "balances", str(japan.folder))
    assert open_balance != closed
    assert closed == australia.run("ledger", "balances", str(australia.folder))
    order = japan.run("show", str(japan.folder), "order", "AU-0001")
    assert order["state"] == "settled"
    one, other = japan.state(), australia.state()
    channels = [sorted(json.dumps(value) for value in state["channels"].values()) for state in (one, other)]
    assert channels[0] == channels[1]
    for nation in pair:
        before = nation.state()
        nation.run("verify", str(nation.folder))
        nation.run("rebuild", str(nation.folder))
        assert nation.state() == before


def test_what_the_law_does_not_allow_is_refused_with_article_and_instrument(pair: tuple[Nation, Nation]) -> None:
    _, australia = pair
    australia.act(
        type="operation", to="JP", agreement="acsa-jp-au-2010", operation="TALISMAN", name="Exercise",
        activity="joint_exercise", place="AU", starts="2017-09-01", ends="2017-09-20", forces=["JP", "AU"], facts=FACTS,
    )  # fmt: skip
    request = {
        "type": "request", "to": "JP", "agreement": "acsa-jp-au-2010", "operation": "TALISMAN", "on": "2017-09-05",
        "lines": [{"line": 1, "supply": "ammunition", "description": "5.56 mm", "quantity": "1000", "unit": "EA"}],
    }  # fmt: skip
    problem = australia.refused(**request)
    assert problem["exit"] == 3
    assert problem["instrument"] == "acsa-jp-au-2010"
    assert problem["provision"]
    granted = australia.act(**request | {"agreement": "acsa-jp-au-2017", "on": "2017-09-06"})
    assert granted["determination"]["verdict"] == "permitted"
    assert australia.refused(**request | {"on": "2017-02-30"})["exit"] == 4
    assert australia.refused(type="requst", to="JP")["exit"] == 4
    assert australia.refused(**request | {"to": "US"})["exit"] in {3, 4}


def test_a_node_is_not_made_over_another_and_a_card_is_checked(tmp_path: Path, pair: tuple[Nation, Nation]) -> None:
    japan, _ = pair
    again = japan.call("node", "init", str(japan.folder), "--nation", "JP", "--environment", "exercise", "--json")
    assert again.returncode in {3, 4}
    forged = bytearray((tmp_path / "AU.card").read_bytes())
    forged[len(forged) // 2] ^= 1
    (tmp_path / "forged.card").write_bytes(forged)
    before = japan.state()
    bad = japan.call("partner", "add", str(japan.folder), str(tmp_path / "forged.card"), "--json")
    assert bad.returncode in {3, 4}
    assert json.loads(bad.stdout)["check"]
    assert japan.state() == before


def test_the_installed_command_started_anew_says_the_same(pair: tuple[Nation, Nation]) -> None:
    """Calls above are forked from a process that has loaded everything; these are started as a shell starts them."""
    japan, _ = pair
    act = json.dumps({"type": "requst", "to": "AU"}).encode()
    calls = (("state", str(japan.folder), "--json"), ("list", str(japan.folder)), ("--version",), ("act",),
             ("act", str(japan.folder), "-", "--json"))  # fmt: skip
    for words in calls:
        anew = subprocess.run([GOKEI, *words], input=act, capture_output=True, timeout=SECONDS, check=False)
        forked = japan.call(*words, stdin=act)
        assert (anew.returncode, anew.stdout, anew.stderr) == (forked.returncode, forked.stdout, forked.stderr), words
