"""The machine contract, section 1, as an outsider meets it: by the installed command and its JSON alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOKEI = str(Path(sys.executable).parent / "gokei")

FUEL: dict[str, Any] = {
    "kind": "support",
    "on": "2017-09-06",
    "provider": "JP",
    "recipient": "AU",
    "activity": "joint_exercise",
    "supply": "fuel",
    "nsn": "9140-00-273-2377",
    "place": "AU",
    "requested": True,
    "hinders_mission": False,
    "both_participate": True,
    "co_located": True,
    "same_kind_of_activity": True,
    "un_charter_consistent": True,
    "un_sofa_force": False,
    "retransfer_to": "none",
    "visit_for_training": False,
    "combat_at_scene": False,
    "mutual_determination": True,
}


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([GOKEI, *arguments], input=stdin, capture_output=True, timeout=60, check=False)


def ask(question: dict[str, Any], *more: str) -> dict[str, Any]:
    done = run("ask", "-", "--json", *more, stdin=json.dumps(question).encode())
    assert done.returncode == 0, done
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def refused(stdin: bytes, *more: str) -> dict[str, Any]:
    done = run("ask", "-", "--json", *more, stdin=stdin)
    assert done.returncode == 4, done
    assert b"Traceback" not in done.stderr + done.stdout
    problem = json.loads(done.stdout)
    assert isinstance(problem, dict)
    return problem


def test_fuel_in_a_joint_exercise_is_granted_and_names_its_basis() -> None:
    answer = ask(FUEL)
    assert (answer["verdict"], answer["ground"]) == ("permitted", "granted")
    assert answer["basis"][0] == {"instrument": "acsa-jp-au-2017", "provision": "1(1)(a)"}
    assert answer["missing"] == []
    assert answer["undecided"] == []
    assert answer["ask_next"] is None
    assert answer["assumed"] == []
    assert answer["weakest_source"] in {"secondary", "derived", "draft"}
    assert answer["law"].startswith("sha256:")
    settle = [duty for duty in answer["obligations"] if duty["kind"] == "settle"]
    assert settle
    assert settle[0]["from"] == "delivery"
    assert {"en", "ja", "ko"} == set(answer["because"][0]["says"])
    assert {"url", "quality"} <= set(answer["because"][0]["source"])


def test_the_answer_has_the_fields_of_the_contract_and_no_others() -> None:
    names = {
        "verdict", "ground", "basis", "because", "missing", "ask_next",
        "undecided", "obligations", "assumed", "weakest_source", "law",
    }  # fmt: skip
    assert set(ask(FUEL)) == names
    assert set(ask({"kind": "support", "on": "2017-09-06", "provider": "JP", "recipient": "AU"})) == names


@pytest.mark.parametrize(
    ("on", "verdict", "ground"),
    [
        ("2017-09-05", "not_permitted", "prohibited"),
        ("2017-09-06", "permitted", "granted"),
        ("2012-06-01", "not_permitted", "not_in_force"),
    ],
)
def test_ammunition_turns_on_the_sixth_of_september_2017(on: str, verdict: str, ground: str) -> None:
    ammunition = {name: value for name, value in FUEL.items() if name != "nsn"} | {"supply": "ammunition", "on": on}
    answer = ask(ammunition)
    assert (answer["verdict"], answer["ground"]) == (verdict, ground)


@pytest.mark.parametrize(
    ("change", "ground"),
    [
        ({"supply": "weapons", "nsn": None}, "prohibited"),
        ({"recipient": "KR"}, "no_agreement"),
        ({"requested": False}, "condition_not_met"),
        ({"hinders_mission": True}, "condition_not_met"),
    ],
)
def test_each_no_names_its_ground(change: dict[str, Any], ground: str) -> None:
    answer = ask(FUEL | change)
    assert (answer["verdict"], answer["ground"]) == ("not_permitted", ground)


def test_a_fact_that_is_null_is_the_same_as_a_fact_left_out() -> None:
    left_out = ask({name: value for name, value in FUEL.items() if name not in {"requested"}})
    assert left_out == ask(FUEL | {"requested": None})
    assert left_out["verdict"] == "undetermined"
    assert left_out["ground"] == "facts_missing"
    assert left_out["missing"] == ["requested"]
    assert left_out["ask_next"] == "requested"


def test_the_draft_counts_only_when_assumed_and_its_undecided_scope_is_named() -> None:
    periphery = FUEL | {
        "on": "2011-06-01", "recipient": "KR", "place": "high_seas", "activity": "important_influence_situation",
    }  # fmt: skip
    assert ask(periphery)["ground"] == "no_agreement"
    answer = ask(periphery, "--assume", "acsa-jp-kr")
    assert (answer["verdict"], answer["ground"]) == ("undetermined", "undecided")
    assert [entry["instrument"] for entry in answer["undecided"]] == ["acsa-jp-kr"]
    assert answer["missing"] == []
    assert answer["assumed"]
    assert answer["weakest_source"] == "draft"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"activity": "joint_exercize"}, "activity"),
        ({"suply": "fuel"}, "suply"),
        ({"on": "2017-02-30"}, "on"),
        ({"on": "2017-9-6"}, "on"),
        ({"provider": "AU"}, "recipient"),
        ({"provider": "UK"}, "provider"),
        ({"nsn": "1305-00-000-0000"}, "nsn"),
        ({"nsn": "91400027323７7"}, "nsn"),
        ({"requested": "yes"}, "requested"),
        ({"requested": 1}, "requested"),
        ({"level": "JP:top"}, "level"),
        ({"kind": "supprt"}, "kind"),
        ({"on": None}, "on"),
    ],
)
def test_bad_facts_are_bad_input_that_names_the_fact(change: dict[str, Any], name: str) -> None:
    problem = refused(json.dumps(FUEL | change).encode())
    assert name in json.dumps(problem, ensure_ascii=False)
    assert problem["detail"]


def test_a_misspelt_word_is_answered_with_the_nearest_valid_word() -> None:
    problem = refused(json.dumps(FUEL | {"activity": "joint_exercize"}).encode())
    assert "joint_exercise" in json.dumps(problem)
    problem = refused(json.dumps(FUEL | {"hinder_mission": True}).encode())
    assert "hinders_mission" in json.dumps(problem)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"\xef\xbb\xbf{}",
        b'{"kind":"support","kind":"support"}',
        b'{"kind":NaN}',
        b'{"kind":"\xff"}',
        b'{"kind":"support","on":' + b"[" * 9 + b"]" * 9 + b"}",
        b'{"kind":"' + b"x" * 1001 + b'"}',
        b'{"kind":"support"' + b" " * 65536 + b"}",
        b'{"kind":"support","on":1e400}',
        b'{"kind":"\\ud800"}',
    ],
)
def test_what_is_not_one_small_json_object_is_bad_input(text: bytes) -> None:
    refused(text)


def test_a_file_that_is_not_there_is_bad_input_and_an_unknown_assumption_too() -> None:
    done = run("ask", "/nonexistent/question.json", "--json")
    assert done.returncode in {2, 4}
    assert b"Traceback" not in done.stderr
    refused(json.dumps(FUEL).encode(), "--assume", "acsa-jp-zz")


def test_information_is_asked_with_its_own_facts() -> None:
    access = {
        "kind": "information", "on": "2024-05-01", "action": "access", "owner": "JP", "holder": "KR", "actor": "KR",
        "level": "JP:hi", "clearance": "KR:2", "clearance_until": "2026-01-01", "need_to_know": False,
        "on_register": True,
        "assurances_recorded": True, "purpose": "exercise", "provided_purpose": "exercise",
    }  # fmt: skip
    answer = ask(access)
    assert (answer["verdict"], answer["ground"]) == ("not_permitted", "condition_not_met")
    assert answer["basis"][0]["instrument"] == "gsomia-jp-kr-2016"
    assert answer["basis"][0]["provision"].startswith("7(")
    assert ask(access | {"need_to_know": True})["verdict"] == "permitted"
    assert "clearance" in json.dumps(refused(json.dumps(access | {"clearance": "JP:hi"}).encode()))


def test_status_is_replayed_per_party() -> None:
    def status(instant: str) -> dict[str, str]:
        done = run("law", "status", "gsomia-jp-kr-2016", "--at", instant, "--json")
        assert done.returncode == 0, done
        return {row["party"]: row["status"] for row in json.loads(done.stdout)}

    assert status("2018-01-01T00:00:00Z") == {"JP": "in_force", "KR": "in_force"}
    assert status("2019-10-01T00:00:00Z")["KR"] == "notice_given"
    assert status("2020-06-01T00:00:00Z")["KR"] == "notice_suspended"
    assert status("2023-06-01T00:00:00Z") == {"JP": "in_force", "KR": "in_force"}


def test_the_law_can_be_listed_shown_checked_and_covered(tmp_path: Path) -> None:
    listed = json.loads(run("law", "list", "--json").stdout)
    names = json.dumps(listed)
    wanted = ("acsa-jp-au-2010", "acsa-jp-au-2017", "acsa-jp-us-1996", "acsa-jp-us-2017", "law-jp-sdf-act",
              "law-us-10usc-138", "acsa-jp-kr", "gsomia-jp-kr-2016")  # fmt: skip
    assert all(name in names for name in wanted)
    shown = run("law", "show", "acsa-jp-us-1996", "--on", "2000-01-01", "--json")
    assert shown.returncode == 0
    assert json.loads(shown.stdout)
    covered = run("law", "coverage", "JP", "AU", "--on", "2017-09-06", "--json")
    assert covered.returncode == 0
    assert "joint_exercise" in covered.stdout.decode()
    (tmp_path / "broken.yaml").write_text("instrument: x\nkind: nonsense\nprovisions: [{id: 1, effect: allow}]\n")
    checked = run("law", "check", str(tmp_path), "--json")
    assert checked.returncode == 4
    problem = json.loads(checked.stdout)
    assert len(problem["problems"]) >= 3
    assert all(
        one["path"].endswith("broken.yaml") and one["line"] >= 1 and one["column"] >= 1 for one in problem["problems"]
    )
    assert run("law", "check", str(Path(__file__).parents[2] / "agreements"), "--json").returncode == 0
    assert run("law", "show", "no-such-instrument", "--json").returncode in {2, 4}


def test_wrong_words_of_a_call_exit_two() -> None:
    assert run("ask").returncode == 2
    assert run("law", "nonsense").returncode == 2
    assert run("ask", "--help").returncode == 0
