"""What a partner's node answers is bounded, is one plain line, and is never taken for a finding of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gokei.faces.cli import ending
from gokei.faces.cli.main import main
from gokei.node import exchange
from gokei.node.node import Node
from gokei.terms import limits
from gokei.terms.problems import Problem, Refused
from tests.nations import Nations

HOSTILE = "x\x1b]0;pwned\x07\x9b2J\u202eback\ny"


def answering(nations: Nations, monkeypatch: pytest.MonkeyPatch, **said: Any) -> list[str]:
    """Every request is answered so; the paths that were asked."""
    asked: list[str] = []

    def post(_address: str, path: str, _body: bytes) -> tuple[int, bytes]:
        asked.append(path)
        return 409, json.dumps(said).encode()

    monkeypatch.setattr(nations.wires, "post", post)
    return asked


def refused(nations: Nations) -> exchange.Answered:
    with pytest.raises(exchange.Answered) as caught:
        nations["AU"].sync("JP", address="JP")
    return caught.value


def test_a_partner_s_text_is_short_and_has_no_control_characters(
    nations: Nations, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(nations, monkeypatch, check="evil\x1b[2J", detail=HOSTILE + "z" * 50_000)
    found = refused(nations)
    assert found.check == "partner-refused"
    said = found.params["detail"]
    assert said.isprintable()
    assert said.startswith("x ]0;pwned")
    assert len(said) <= limits.PARTNER_TEXT_CHARACTERS
    answering(nations, monkeypatch, check="a" * 100, detail=["no", "text"])
    assert refused(nations).check == "partner-refused"


@pytest.mark.parametrize("check", ["offer-signature", "checkpoint-signature"])
def test_a_check_that_a_partner_names_is_not_one_of_ours(
    nations: Nations, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    asked = answering(nations, monkeypatch, check=check, detail="no")
    assert refused(nations).check == check
    assert len(asked) == 1
    assert refused(nations).as_json()["said_by"] == "JP"


def test_no_control_character_reaches_a_terminal_whoever_wrote_it(
    nations: Nations, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    problem = Refused(check="some", detail="{detail}", params={"detail": HOSTILE})

    def sync(*_: object) -> None:
        raise problem

    monkeypatch.setattr(Node, "sync", sync)
    for more in ([], ["--json"]):
        assert main(["sync", str(nations.folder / "AU"), "JP", *more]) == 3
        said = "".join(capfd.readouterr())
        assert "\\u001b]0;pwned\\u0007\\u009b2J\\u202eback" in said
        assert all(one.isprintable() or one == "\n" for one in said), said
    ending.put(HOSTILE)
    ending.put_json({"one": HOSTILE})
    shown = capfd.readouterr().out
    assert all(one.isprintable() or one == "\n" for one in shown)
    assert json.loads(shown[shown.index("{") :]) == {"one": HOSTILE}


def test_a_problem_of_our_own_says_nothing_of_a_partner() -> None:
    assert "said_by" not in Problem(check="some", detail="x").as_json()
