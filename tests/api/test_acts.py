"""Acts over HTTP: signed once for each key, by the office of the token, refused with the reason."""

from __future__ import annotations

import httpx
import pytest

from gokei.faces.story.stages import Served
from gokei.terms.limits import DOCUMENT_BYTES, IDEMPOTENCY_KEY_CHARACTERS
from tests.api.calling import Caller, offer, problem, request


def test_an_act_is_signed_and_can_be_read_where_the_answer_says(au: Caller) -> None:
    answer = au.act("logistics", request("ACT-1"))
    assert answer.status_code == 201
    found = answer.json()
    assert found["determination"]["verdict"] == "permitted"
    assert found["determination"]["basis"][0] == {"instrument": "acsa-jp-au-2017", "provision": "1(1)(a)"}
    assert answer.headers["location"] == f"/api/v1/documents/{found['hash']}"
    shown = au.get(f"/documents/{found['hash']}").json()
    assert (shown["hash"], shown["document"], shown["sequence"]) == (
        found["hash"], found["document"], found["sequence"],
    )  # fmt: skip
    assert shown["offices"] == ["logistics"]


def test_the_same_key_gives_the_first_answer_and_signs_nothing_again(au: Caller) -> None:
    first = au.act("logistics", request("ACT-2"), "once")
    before = au.sequence()
    again = au.act("logistics", request("ACT-2"), "once")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert au.sequence() == before


def test_the_same_key_for_another_document_is_refused(au: Caller) -> None:
    assert au.act("logistics", request("ACT-3"), "reused").status_code == 201
    problem(au.act("logistics", request("ACT-4"), "reused"), 409, "key-reused")


def test_two_offices_may_choose_the_same_key(au: Caller) -> None:
    assert au.act("logistics", request("ACT-5"), "shared").status_code == 201
    answer = au.act("legal", {"type": "report"}, "shared")
    assert answer.json()["check"] != "key-reused"


@pytest.mark.parametrize(
    ("key", "check"),
    [
        (None, "idempotency-key-missing"),
        ("", "idempotency-key-missing"),
        ("k" * (IDEMPOTENCY_KEY_CHARACTERS + 1), "idempotency-key"),
    ],
)
def test_a_key_is_needed(au: Caller, key: str | None, check: str) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = au.call("POST", "/act", headers=headers, json={"to": "JP", **request("ACT-6")})
    assert problem(answer, 400, check)["field"] == "Idempotency-Key"


def test_the_law_s_no_cites_the_provision_and_signs_nothing(au: Caller) -> None:
    before = au.sequence()
    found = problem(au.act("logistics", request("ACT-7", "ammunition", "2017-09-05")), 409, "law-not-permitted")
    assert found["instrument"] == "acsa-jp-au-2010"
    assert found["provision"]
    assert found["who"] == "law"
    assert au.sequence() == before


def test_an_office_without_the_power_is_refused_and_nothing_is_written(au: Caller) -> None:
    before = au.sequence()
    problem(au.act("legal", request("ACT-8")), 409, "door-7-power")
    assert au.sequence() == before
    problem(au.get("/orders/ACT-8"), 404, "not-found")


def test_a_token_signs_for_its_own_office_alone(au: Caller) -> None:
    found = problem(au.act("logistics", {**request("ACT-9"), "offices": ["finance"]}), 409, "offices-not-yours")
    assert found["field"] == "offices"
    assert au.act("logistics", {**request("ACT-9"), "offices": ["logistics"]}).status_code == 201


def test_four_eyes_are_two_tokens(au: Caller, jp: Caller) -> None:
    au.act("logistics", request("ACT-10"))
    au.sync()
    jp.act("logistics", offer("ACT-10"))
    kept = jp.act("logistics", {"type": "order", "order": "ACT-10"})
    assert kept.status_code == 202
    draft = kept.json()["draft"]
    assert kept.headers["location"] == f"/api/v1/drafts/{draft}"
    assert kept.json()["hash"] is None
    assert draft in {row["draft"] for row in jp.get("/drafts").json()["items"]}
    waiting = jp.get("/today", "finance").json()["second_signatures"]
    assert draft in {row["draft"] for row in waiting}
    problem(jp.call("POST", f"/drafts/{draft}/signature", "logistics"), 409, "four-eyes")
    problem(jp.call("POST", f"/drafts/{draft}/signature", "supply"), 409, "door-7-power")
    signed = jp.call("POST", f"/drafts/{draft}/signature", "finance")
    assert signed.status_code == 201
    assert jp.get(f"/documents/{signed.json()['hash']}").json()["offices"] == ["logistics", "finance"]
    again = jp.call("POST", f"/drafts/{draft}/signature", "finance")
    assert again.json()["hash"] == signed.json()["hash"], "a lost answer is asked for again"
    assert jp.get("/orders/ACT-10").json()["state"] == "ordered"


def test_a_kept_document_can_be_taken_back(au: Caller, jp: Caller) -> None:
    au.act("logistics", request("ACT-11"))
    au.sync()
    jp.act("logistics", offer("ACT-11"))
    draft = jp.act("logistics", {"type": "order", "order": "ACT-11"}).json()["draft"]
    problem(jp.call("DELETE", f"/drafts/{draft}", "supply"), 409, "door-7-power")
    dropped = jp.call("DELETE", f"/drafts/{draft}")
    assert (dropped.status_code, dropped.content) == (204, b"")
    problem(jp.call("DELETE", f"/drafts/{draft}"), 404, "draft-unknown")
    problem(jp.call("POST", f"/drafts/{draft}/signature", "finance"), 404, "draft-unknown")
    assert jp.get("/orders/ACT-11").json()["state"] == "offered"


def test_a_preview_says_what_an_act_would_and_signs_nothing(au: Caller) -> None:
    before = au.sequence()
    good = au.call("POST", "/act/preview", json={"to": "JP", **request("ACT-12")}).json()
    assert (good["determination"]["verdict"], good["problem"]) == ("permitted", None)
    powerless = au.call("POST", "/act/preview", "legal", json={"to": "JP", **request("ACT-12")}).json()
    assert powerless["problem"]["check"] == "door-7-power"
    bad = au.call("POST", "/act/preview", json={"to": "JP", **request("ACT-12", "ammunition", "2017-09-05")}).json()
    assert bad["problem"]["check"] == "law-not-permitted"
    assert au.sequence() == before


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"type": "reqest"}, "type"),
        ({**request("ACT-13"), "to": 7}, "to"),
        ({**request("ACT-13"), "colour": "blue"}, "colour"),
        ({**request("ACT-13"), "on": "2017-02-30"}, "on"),
        ({**request("ACT-13"), "operation": "NOWHERE"}, "operation"),
        ({**request("ACT-13"), "lines": [{**request("ACT-13")["lines"][0], "unit": "kl"}]}, "lines.0.unit"),
    ],
)
def test_a_document_that_is_not_right_names_the_field(au: Caller, document: dict[str, object], field: str) -> None:
    answer = au.act("logistics", document)
    assert answer.status_code in {409, 422}
    found = problem(answer, answer.status_code, answer.json()["check"])
    assert found["field"].replace("[", ".").replace("]", "") in {field, f"body.{field}"}


def test_a_nearly_right_type_is_answered_with_the_nearest(au: Caller) -> None:
    assert "request" in problem(au.act("logistics", {"type": "reqest"}), 422, "document-type")["detail"]


@pytest.mark.parametrize(
    ("body", "status", "check"),
    [
        (b"{", 422, "json-syntax"),
        (b"[1]", 422, "json-object"),
        (b'{"type": "request", "type": "offer"}', 422, "json-duplicate"),
        (b'{"a": ' + b"[" * 80 + b"]" * 80 + b"}", 422, "json-depth"),
        (b'{"type": "\xff"}', 422, "json-encoding"),
        (b'{"type": "' + b"x" * DOCUMENT_BYTES + b'"}', 413, "body-size"),
    ],
)
def test_what_is_not_json_within_its_bounds_is_refused(au: Caller, body: bytes, status: int, check: str) -> None:
    headers = {"Idempotency-Key": "bad", "Content-Type": "application/json"}
    problem(au.call("POST", "/act", headers=headers, content=body), status, check)


def test_a_form_is_not_json(au: Caller) -> None:
    answer = au.call("POST", "/act", headers={"Idempotency-Key": "form"}, data={"type": "request"})
    problem(answer, 415, "media-type")


def test_a_stream_without_an_end_is_cut_off(served: dict[str, Served], client: httpx.Client) -> None:
    def endless() -> object:
        for _ in range(10_000):
            yield b" " * 65_536

    node = served["AU"]
    headers = {"Authorization": f"Bearer {node.tokens['logistics']}", "Idempotency-Key": "endless"}
    try:
        answer = client.post(f"{node.address}/api/v1/act", headers=headers, content=endless())  # type: ignore[arg-type]
    except httpx.TransportError:
        answer = None
    assert answer is None or problem(answer, 413, "body-size")
    assert client.get(f"{node.address}/api/v1/health").status_code == 200


def test_sync_carries_everything_and_says_when_nobody_answers(au: Caller, jp: Caller) -> None:
    made = au.act("logistics", request("ACT-14")).json()
    assert au.call("POST", "/partners/JP/sync").status_code == 200
    assert jp.get(f"/documents/{made['hash']}").json()["author"] == "AU"
    away = jp.call("POST", "/partners/GB/sync")
    assert away.status_code == 503
    assert int(away.headers["retry-after"]) > 0
    assert away.json()["check"].startswith("partner-")
    problem(jp.call("POST", "/partners/FR/sync"), 409, "partner-unknown")
