"""What holds for every call: who may call, what a problem is, what the page of the API says, and asking the law."""

from __future__ import annotations

import re

import httpx
import pytest

from gokei.faces.forms import FORMS
from gokei.faces.story.stages import Served
from gokei.terms.limits import QUESTION_BYTES
from tests.api.calling import Caller, problem

QUESTION = {
    "kind": "support", "on": "2017-09-07", "provider": "JP", "recipient": "AU", "activity": "joint_exercise",
    "supply": "fuel", "place": "AU", "requested": True, "hinders_mission": False, "both_participate": True,
    "un_charter_consistent": True, "un_sofa_force": False, "retransfer_to": "none",
}  # fmt: skip


def test_health_needs_no_token(au: Caller) -> None:
    answer = au.get("/health", None)
    assert (answer.status_code, answer.json()) == (
        200, {"status": "serving", "nation": "AU", "environment": "exercise"},
    )  # fmt: skip


def test_every_other_call_needs_a_token_of_this_node(au: Caller, jp: Caller) -> None:
    foreign = {"Authorization": f"Bearer {jp.served.tokens['logistics']}"}
    wrong: list[dict[str, str]] = [
        {},
        foreign,
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic bG9naXN0aWNzOg=="},
    ]
    calls = [
        (method.upper(), path)
        for path, methods in au.get("/openapi.json", None).json()["paths"].items()
        for method in methods
        if path != "/health"
    ]
    assert len(calls) > 25
    for method, path in calls:
        for headers in wrong:
            answer = au.call(method, re.sub(r"\{[a-z]+\}", "x", path), None, headers)
            problem(answer, 401, "bearer-token")
            assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_unknown_path_and_a_wrong_method_are_said_so(au: Caller) -> None:
    problem(au.get("/nothing"), 404, "path-unknown")
    problem(au.call("DELETE", "/orders"), 405, "method")


@pytest.mark.parametrize(("accepts", "language"), [("ja", "ja"), ("fr, ko-KR;q=0.8", "ko"), ("fr", "en"), ("", "en")])
def test_a_problem_is_told_in_the_caller_s_language(au: Caller, accepts: str, language: str) -> None:
    answer = au.get("/orders/NOTHING", headers={"Accept-Language": accepts})
    problem(answer, 404, "not-found")
    assert answer.headers["content-language"] == language


def test_the_law_answers_and_cites(au: Caller) -> None:
    found = au.call("POST", "/ask", json=QUESTION).json()
    assert (found["verdict"], found["ground"]) == ("permitted", "granted")
    assert found["basis"][0] == {"instrument": "acsa-jp-au-2017", "provision": "1(1)(a)"}
    before = au.call("POST", "/ask", json={**QUESTION, "supply": "ammunition", "on": "2017-09-05"}).json()
    assert (before["verdict"], before["because"][0]["instrument"]) == ("not_permitted", "acsa-jp-au-2010")
    assert before["because"][0]["source"]["url"].startswith("https://")


def test_what_nobody_stated_is_missing_and_any_verdict_is_an_answer(au: Caller) -> None:
    little = {name: QUESTION[name] for name in ("kind", "on", "provider", "recipient", "activity", "supply")}
    answer = au.call("POST", "/ask", json=little)
    assert answer.status_code == 200
    found = answer.json()
    assert found["verdict"] == "undetermined"
    assert found["ask_next"] in found["missing"]


def test_an_interview_asks_what_settles_it_soonest(au: Caller) -> None:
    first = au.call("POST", "/ask/next", json={}).json()
    assert first["answer"] is None
    assert (first["ask"]["fact"], first["ask"]["required"]) == ("kind", True)
    little = {name: QUESTION[name] for name in ("kind", "on", "provider", "recipient")}
    found = au.call("POST", "/ask/next", json=little).json()
    assert found["ask"]["fact"] == found["answer"]["ask_next"] == "activity"
    assert "joint_exercise" in found["ask"]["choices"]
    aside = au.call("POST", "/ask/next", json={**little, "activity": None}).json()
    assert aside["ask"]["fact"] != "activity"
    assert aside["left_at_most"] < found["left_at_most"]
    assert au.call("POST", "/ask/next", json=QUESTION).json()["ask"] is None
    problem(au.call("POST", "/ask/next", json={**little, "supply": "fule"}), 422, "fact-code")


def test_an_answer_may_rest_on_a_draft_and_says_so(au: Caller) -> None:
    question = {
        "kind": "support", "on": "2011-01-10", "provider": "JP", "recipient": "KR", "requested": True,
        "activity": "important_influence_situation", "supply": "fuel", "place": "high_seas",
    }  # fmt: skip
    alone = au.call("POST", "/ask", json=question).json()
    assert (alone["verdict"], alone["assumed"]) == ("not_permitted", [])
    found = au.call("POST", "/ask?assume=acsa-jp-kr", json=question).json()
    assert found["undecided"] == [{"instrument": "acsa-jp-kr", "provision": "1(c)"}]
    assert found["assumed"]
    many = "&".join(["assume=acsa-jp-kr"] * 21)
    problem(au.call("POST", f"/ask?{many}", json=question), 400, "assume-many")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"supply": "fule"}, "supply"),
        ({"recipient": "UK"}, "recipient"),
        ({"recipient": "JP"}, "recipient"),
        ({"requested": "yes"}, "requested"),
        ({"on": "2017-02-30"}, "on"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_question_that_is_not_right_names_the_fact(au: Caller, change: dict[str, str], field: str) -> None:
    answer = au.call("POST", "/ask", json={**QUESTION, **change})
    assert problem(answer, 422, answer.json()["check"])["field"] == field


def test_a_question_has_bounds(au: Caller) -> None:
    problem(au.call("POST", "/ask", content=b" " * (QUESTION_BYTES + 1)), 413, "body-size")


def test_the_description_is_openapi_3_1_and_knows_every_document(au: Caller) -> None:
    found = au.get("/openapi.json", None).json()
    assert found["openapi"].startswith("3.1")
    schema = found["paths"]["/act"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {one["properties"]["type"]["const"] for one in schema["oneOf"]} == {*FORMS}
    for path, methods in found["paths"].items():
        for method, call in methods.items():
            assert call["summary"], f"{method} {path}"
            assert path == "/health" or call["security"], f"{method} {path} says that it needs a token"


def test_the_page_of_the_api_takes_everything_from_this_node(
    au: Caller, served: dict[str, Served], client: httpx.Client
) -> None:
    page = au.get("/docs", None)
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) == 4
    for address in addresses:
        assert address.startswith("/static/"), "nothing comes from elsewhere"
        answer = client.get(served["AU"].address + address)
        assert answer.status_code == 200, address
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"https?://", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
