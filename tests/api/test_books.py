"""Reading over HTTP: lists in pages, single things, what is owed, and the law."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from gokei.terms.limits import LIST_ROWS_MOST
from tests.api.calling import Caller, problem, request

KINDS = ("orders", "claims", "holdings", "operations", "instruments", "statements", "documents")


@pytest.fixture(scope="module")
def several(au: Caller) -> list[str]:
    """Seven orders of Australia."""
    names = [f"LIST-{number}" for number in range(7)]
    for name in names:
        assert au.act("logistics", request(name)).status_code == 201
    return names


def pages(caller: Caller, path: str, limit: int) -> list[list[str]]:
    """The names on each page, from the first to the last."""
    found: list[list[str]] = []
    after = ""
    while True:
        answer = caller.get(f"{path}?limit={limit}{after}").json()
        found.append([row["order"] for row in answer["items"]])
        if answer["next"] is None:
            return found
        after = f"&after={answer['next']}"


def test_pages_hold_every_row_once_and_in_the_same_order(au: Caller, several: list[str]) -> None:
    whole = [row["order"] for row in au.get(f"/orders?limit={LIST_ROWS_MOST}").json()["items"]]
    assert set(several) <= set(whole)
    for limit in (1, 2, 3, len(whole)):
        parts = pages(au, "/orders", limit)
        assert [name for part in parts for name in part] == whole
        assert all(len(part) == limit for part in parts[:-1])


def test_rows_added_meanwhile_shift_nothing(au: Caller, several: list[str]) -> None:
    first = au.get("/orders?limit=3").json()
    assert first["total"] >= 7
    au.act("logistics", request("A-BEFORE-ALL"))
    second = au.get(f"/orders?limit=3&after={first['next']}").json()
    assert not {row["order"] for row in first["items"]} & {row["order"] for row in second["items"]}
    assert second["total"] == first["total"] + 1


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", f"limit={LIST_ROWS_MOST + 1}", "limit=9999999999"])
def test_a_limit_out_of_bounds_is_refused(au: Caller, query: str) -> None:
    assert problem(au.get(f"/orders?{query}"), 400, "page-limit")["field"] == "limit"


@pytest.mark.parametrize("after", ["x", "AAAA", "MTp4", base64.urlsafe_b64encode(b"0:000000000000").decode()])
def test_a_cursor_of_another_list_is_refused(au: Caller, several: list[str], after: str) -> None:
    assert problem(au.get(f"/orders?after={after}"), 400, "page-cursor")["field"] == "after"


def test_a_filter_keeps_what_matches(au: Caller, several: list[str]) -> None:
    asked = au.get("/orders?state=requested&operation=DARWIN").json()["items"]
    assert set(several) <= {row["order"] for row in asked}
    assert {row["state"] for row in asked} == {"requested"}
    assert au.get("/orders?state=settled").json() == {"items": [], "next": None, "total": 0}


@pytest.mark.parametrize("kind", [*KINDS, "law"])
def test_a_list_asked_for_by_a_field_that_is_none_names_the_nearest(au: Caller, kind: str) -> None:
    answer = au.get(f"/{kind}?sttae=settled")
    found = problem(answer, 422, "where-field")
    assert found["field"] == "sttae"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_list_and_says_what_it_does_not_know(au: Caller, kind: str) -> None:
    assert {*au.get(f"/{kind}").json()} == {"items", "next", "total"}
    assert problem(au.get(f"/{kind}/NOTHING"), 404, "not-found")["next"]


def test_what_one_shows_is_what_the_list_shows(au: Caller, several: list[str]) -> None:
    row = next(row for row in au.get("/orders?limit=200").json()["items"] if row["order"] == several[0])
    shown = au.get(f"/orders/{several[0]}").json()
    assert {name: shown[name] for name in ("order", "state", "lines", "operation")} == {
        name: row[name] for name in ("order", "state", "lines", "operation")
    }
    assert [one["type"] for one in shown["documents"]] == ["request"]


def test_a_read_is_answered_with_304_until_it_changes(au: Caller, several: list[str]) -> None:
    first = au.get(f"/orders/{several[1]}")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = au.get(f"/orders/{several[1]}", headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    au.act("logistics", {"type": "cancellation", "order": several[1], "reason": "Not needed."})
    changed = au.get(f"/orders/{several[1]}", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert changed.json()["state"] == "cancelled"


def test_an_envelope_is_the_very_bytes_that_were_signed(au: Caller) -> None:
    made = au.act("logistics", request("LIST-E")).json()
    answer = au.get(f"/documents/{made['hash']}/envelope")
    assert answer.headers["content-type"] == "application/vnd.gokei.envelope+json"
    payload = base64.b64decode(answer.json()["payload"])
    assert "sha256:" + hashlib.sha256(payload).hexdigest() == made["hash"]
    assert json.loads(payload)["document"] == made["document"]
    problem(au.get("/documents/nothing/envelope"), 404, "not-found")


def test_both_nodes_come_to_the_same_books(au: Caller, jp: Caller, several: list[str]) -> None:
    au.sync()
    mine, theirs = (one.get("/state").json()["channels"]["AU-JP"] for one in (au, jp))
    for name in ("orders", "ledger", "registry", "dossier", "documents", "roots"):
        assert mine[name] == theirs[name]
    assert au.get("/balances").json()["AU-JP"]["owed"] == []


def test_today_is_the_calling_office_s_own(au: Caller, jp: Caller, several: list[str]) -> None:
    au.sync()
    logistics, security = (jp.get("/today", office).json() for office in ("logistics", "security"))
    assert (logistics["office"], security["office"]) == ("logistics", "security")
    offers = {step["order"] for step in logistics["waiting"] if step["type"] == "offer"}
    assert several[0] in offers
    assert security["waiting"] == []


def test_partners_are_shown_by_their_roots(jp: Caller) -> None:
    rows = {row["partner"]: row for row in jp.get("/partners").json()["items"]}
    assert {*rows} == {"AU", "GB"}
    assert len(rows["AU"]["root"]) == 64
    assert "logistics" in rows["AU"]["offices"]


def test_the_law_is_listed_filtered_and_shown_on_a_day(au: Caller) -> None:
    rows = au.get("/law?limit=200&on=2017-09-05").json()["items"]
    assert {row["instrument"] for row in rows} >= {"acsa-jp-au-2010", "acsa-jp-au-2017", "gsomia-jp-kr-2016"}
    drafts = au.get("/law?draft=true").json()["items"]
    assert {row["instrument"] for row in drafts} == {"acsa-jp-kr"}
    kinds = au.get("/law?kind=information").json()["items"]
    assert {row["kind"] for row in kinds} == {"information"}
    shown = au.get("/law/acsa-jp-au-2017?on=2017-09-06").json()
    assert "1(1)(a)" in {one["provision"] for one in shown["provisions"]}
    assert all(one["source"]["quality"] for one in shown["provisions"])
    problem(au.get("/law/nothing"), 404, "not-found")
    assert problem(au.get("/law?on=yesterday"), 422, "date")["field"] == "on"


def test_an_instrument_s_status_is_that_of_the_instant(au: Caller) -> None:
    for day, status in (("2017-09-05", "signed"), ("2017-09-06", "in_force")):
        rows = au.get(f"/law/acsa-jp-au-2017/status?at={day}").json()["items"]
        assert {row["party"]: row["status"] for row in rows} == {"JP": status, "AU": status}
    assert problem(au.get("/law/acsa-jp-au-2017/status"), 400, "query-missing")["field"] == "at"


def test_coverage_is_a_table_of_activities_by_supplies(au: Caller) -> None:
    before, after = (
        au.get(f"/law/coverage?provider=JP&recipient=AU&on={day}").json()["verdicts"]["joint_exercise"]["ammunition"]
        for day in ("2017-09-05", "2017-09-06")
    )
    assert (before, after) == ("not_permitted", "undetermined")
    assert problem(au.get("/law/coverage?provider=JP"), 400, "query-missing")["field"] == "recipient"
    assert problem(au.get("/law/coverage?provider=JP&recipient=UK"), 422, "fact-code")["field"] == "recipient"


def test_a_timeline_tells_what_each_event_moved(au: Caller) -> None:
    found = au.get("/law/acsa-jp-au-2017/timeline").json()
    assert [(one["event"], one["moves"][0]["to"]) for one in found["moments"]] == [
        ("signed", "signed"), ("in_force", "in_force"),
    ]  # fmt: skip
    problem(au.get("/law/nothing/timeline"), 404, "not-found")


def test_two_states_of_the_law_are_compared(au: Caller) -> None:
    found = au.get("/law/compare?a=AU%3EJP@2017-09-05&b=AU%3EJP@2017-09-06").json()
    assert (len(found["sentences"]), found["counts"]["differ"]) == (6, 468)
    assert sum(cube["questions"] for cube in found["cubes"]) == 468
    assert all(one["says"]["ja"] and one["says"]["ko"] for one in found["sentences"])
    draft = "/law/compare?a=acsa-jp-kr&b=acsa-jp-kr&assume_a=acsa-jp-kr%3Dexcluded&assume_b=acsa-jp-kr%3Dincluded"
    assert len(au.get(draft).json()["sentences"]) == 1
    assert problem(au.get("/law/compare?a=acsa-jp-kr"), 400, "query-missing")["field"] == "b"
    assert problem(au.get("/law/compare?a=acsa-jp-kx&b=acsa-jp-kr"), 422, "instrument-unknown")
