"""The public record of an instrument: what was said of it, what was said to that, and nothing of the law."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.dossier.wing import WING
from gokei.journal.entries import Entry
from gokei.journal.kinds import Draft
from gokei.terms.canonical import digest
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Problem, Refused
from tests.nightly import examples
from tests.registry.pair import Pair, PairDesk

CASE = "instrument:acsa-jp-kr"
REPORT: dict[str, Any] = {
    "instrument": "acsa-jp-kr", "publisher": "The Daily", "published_on": "2023-03-16",
    "url": "https://news.example/1", "claim": "Talks have begun.", "says": "The paper writes that talks have begun.",
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    "denial": {"by": "MOFA", "says": "No talks.", "on": "2023-03-17"},
    "confirmation": {"by": "MOFA", "says": "Talks indeed.", "on": "2023-03-18"},
    "correction_request": {"asked_of": "The Daily", "asks": "Please correct it.", "on": "2023-03-17"},
    "correction": {"says": "There are no talks yet.", "on": "2023-03-19"},
}


def no_law(question: JsonObject) -> JsonObject:
    raise AssertionError(f"the dossier asked the law: {question}")


def reported() -> tuple[Pair, Entry]:
    pair = Pair(WING, law=no_law)
    report = pair.act("JP", "report", **REPORT)
    pair.read()
    return pair, report


def only(pair: Pair) -> Any:
    found = pair.fold(CASE)
    assert not found.void, found.void
    reports: Any = found.view["reports"]
    assert len(reports) == 1
    return reports[0]


def said(*acts: tuple[str, str, dict[str, Any]]) -> Pair:
    pair, report = reported()
    for author, type_name, change in acts:
        pair.act(author, type_name, **ANSWERS[type_name] | {"of": report.hash} | change)
        pair.read()
    return pair


@pytest.mark.parametrize(
    ("acts", "standing"),
    [
        ([], "reported"),
        ([("KR", "denial", {})], "denied"),
        ([("JP", "confirmation", {})], "confirmed"),
        ([("KR", "denial", {}), ("KR", "correction_request", {})], "correction_requested"),
        ([("KR", "correction_request", {}), ("KR", "correction", {})], "corrected"),
        ([("KR", "denial", {}), ("JP", "confirmation", {"by": "Defence"})], "disputed"),
        ([("JP", "confirmation", {"by": "Defence"}), ("KR", "correction", {})], "disputed"),
        ([("JP", "confirmation", {"by": "Defence"}), ("KR", "correction_request", {})], "disputed"),
        # The same ministry's later word takes the place of its earlier one.
        ([("KR", "denial", {}), ("KR", "confirmation", {"by": " mofa"})], "confirmed"),
        # A correction that does not satisfy whoever asks again.
        ([("KR", "correction", {}), ("KR", "correction_request", {"on": "2023-03-20"})], "correction_requested"),
    ],
)
def test_the_standing_follows_from_what_was_said(acts: list[tuple[str, str, dict[str, Any]]], standing: str) -> None:
    found = only(said(*acts))
    assert found["standing"] == standing
    assert [one["type"] for one in found["history"]] == [type_name for _, type_name, _ in acts]
    assert (found["publisher"], found["claim"]) == ("The Daily", "Talks have begun.")


def test_a_requested_correction_waits_until_it_is_on_record() -> None:
    pair = said(("KR", "correction_request", {}))
    view: Any = pair.fold(CASE).view
    assert [(one["nation"], one["type"]) for one in view["next"]] == [("KR", "correction")]
    pair.act("KR", "correction", **ANSWERS["correction"], of=view["next"][0]["of"])
    assert pair.fold(CASE).view["next"] == []


def test_a_correction_is_its_publishers_by_default_and_nobody_elses() -> None:
    pair = said(("JP", "correction", {}))
    assert only(pair)["history"][0]["publisher"] == "The Daily"
    other = pair.act("JP", "correction", **ANSWERS["correction"], of=pair.logs["JP"][0].hash, publisher="The Weekly")
    assert pair.fold(CASE).void[other.hash].check == "publisher-differs"
    assert len(only_with_voids(pair)["history"]) == 1


def only_with_voids(pair: Pair) -> Any:
    reports: Any = pair.fold(CASE).view["reports"]
    return reports[0]


def test_no_document_carries_or_makes_a_determination() -> None:
    assert WING.judge == {}
    pair, report = reported()
    from_desk = PairDesk(pair, "KR")
    for type_name, fields in ANSWERS.items():
        prepared = WING.prepare[type_name](draft(type_name, fields | {"of": report.hash}), from_desk)
        assert prepared.determination is None
        assert prepared.re == (report.hash,)
        assert prepared.agreement == "acsa-jp-kr"
    assert pair.asked == []


def draft(type_name: str, fields: dict[str, Any]) -> Any:
    return Draft("KR", "JP", type_name, fields, (), datetime.date(2023, 3, 20))


def test_what_answers_no_report_is_refused_or_has_no_effect() -> None:
    pair, report = reported()
    nothing = "sha256:" + "0" * 64
    with pytest.raises(Refused) as caught:
        pair.act("KR", "denial", **ANSWERS["denial"], of=nothing)
    assert (caught.value.check, caught.value.field) == ("report-unknown", "of")
    with pytest.raises(Refused):
        pair.act("KR", "denial", **ANSWERS["denial"], of=report.hash, instrument="acsa-jp-au-2017")
    body: Any = {**ANSWERS["denial"], "of": nothing, "instrument": "acsa-jp-kr"}
    sent = pair.append("KR", "denial", CASE, body)
    elsewhere = pair.append("KR", "denial", "instrument:acsa-jp-au-2017", body | {"of": report.hash})
    early = pair.append("KR", "denial", CASE, body | {"of": report.hash, "on": "2023-03-15"})
    void = pair.fold(CASE).void
    assert (void[sent.hash].check, void[early.hash].check) == ("report-unknown", "day-before-report")
    assert pair.fold("instrument:acsa-jp-au-2017").void[elsewhere.hash].check == "instrument-differs"
    assert only_with_voids(pair)["standing"] == "reported"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://x.example/<b>"}, "url"),
        ({"published_on": "2023-13-01"}, "published_on"),
        ({"publsher": "x"}, "publsher"),
        ({"instrument": "ACSA"}, "instrument"),
        ({"claim": ""}, "claim"),
    ],
)
def test_a_wrong_field_of_a_report_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Pair(WING, law=no_law).act("JP", "report", **REPORT | change)
    assert (caught.value.check, caught.value.field) == ("document-field", field)


def test_an_answer_without_its_report_names_the_field() -> None:
    with pytest.raises(BadInput) as caught:
        reported()[0].act("KR", "denial", **ANSWERS["denial"])
    assert caught.value.field == "of"


@st.composite
def histories(draw: st.DrawFn) -> Pair:
    """Reports and answers of both nations, each knowing a part of the other's."""
    pair = Pair(WING, law=no_law)
    acts = st.tuples(st.sampled_from(["JP", "KR"]), st.sampled_from(["report", "read", *ANSWERS]))
    for nation, type_name in draw(st.lists(acts, max_size=20)):
        reports = [one.hash for one in pair.entries() if one.frame.type == "report"]
        if type_name == "read":
            pair.read(nation)
        elif type_name == "report":
            pair.act(nation, "report", **REPORT)
        elif reports:
            fields = ANSWERS[type_name] | {"of": draw(st.sampled_from(reports))}
            if type_name in {"denial", "confirmation"}:
                fields["by"] = draw(st.sampled_from(["MOFA", "Defence"]))
            try:
                pair.act(nation, type_name, **fields)
            except Problem:
                body = {"instrument": "acsa-jp-kr", "publisher": "The Daily"} if type_name == "correction" else {}
                pair.append(nation, type_name, CASE, {"instrument": "acsa-jp-kr", **body, **fields})
    return pair


@settings(max_examples=examples(150), deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_record_does_not_depend_on_arrival(pair: Pair, shuffle: random.Random) -> None:
    entries = pair.entries()
    before = pair.fold(CASE, entries)
    shuffle.shuffle(entries)
    after = pair.fold(CASE, entries)
    assert digest(after.view) == digest(before.view)
    assert after.void == before.void


@settings(max_examples=examples(150), deadline=None)
@given(histories())
def test_a_report_that_one_confirms_and_another_denies_is_disputed(pair: Pair) -> None:
    reports: Any = pair.fold(CASE).view["reports"]
    for report in reports:
        last = {one["by"]: one["type"] for one in report["history"] if one["type"] in {"denial", "confirmation"}}
        if set(last.values()) == {"denial", "confirmation"}:
            assert report["standing"] == "disputed"
        if not report["history"]:
            assert report["standing"] == "reported"
