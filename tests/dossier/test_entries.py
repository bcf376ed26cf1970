"""Statements, expected events and positions: how each stands, by what was said to it and by what came of it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.dossier.record import LISTS
from gokei.dossier.wing import WING
from gokei.terms.canonical import digest
from gokei.terms.problems import BadInput, Problem, Refused
from tests.dossier.test_record import ANSWERS, CASE, REPORT, no_law
from tests.nightly import examples
from tests.registry.pair import Pair

PUBLISHED: dict[str, Any] = {
    "instrument": "acsa-jp-kr", "publisher": "The Daily", "published_on": "2023-03-16", "says": "So it was published.",
}  # fmt: skip
TALKS = PUBLISHED | {"event": "Talks begin.", "expected_on": "2023-03-20", "by": "Both ministries"}
WISH = PUBLISHED | {"office": "Ministry of Defence", "nation": "KR", "stance": "favours", "wants": "An agreement."}
SAID = PUBLISHED | {"by": "Ministry of Defence", "claim": "Talks are held."}
ENTRIES: dict[str, dict[str, Any]] = {
    "report": REPORT, "official_statement": SAID, "expected_event": TALKS, "position": WISH
}  # fmt: skip
CAME: dict[str, Any] = {"outcome": "came", "on": "2023-03-20", "says": "They met."}


def view(pair: Pair) -> Any:
    return pair.fold(CASE).view


def expected(*outcomes: tuple[str, dict[str, Any]]) -> Any:
    pair = Pair(WING, law=no_law)
    talks = pair.act("JP", "expected_event", **TALKS)
    pair.read()
    for nation, change in outcomes:
        pair.act(nation, "event_outcome", **CAME | {"of": talks.hash} | change)
        pair.read()
    found = pair.fold(CASE)
    assert not found.void
    return found.view


@pytest.mark.parametrize(
    ("outcomes", "standing", "due"),
    [
        ([], "expected", "2023-03-20"),
        ([("JP", {})], "came", None),
        ([("KR", {"outcome": "did_not_come"})], "did_not_come", None),
        ([("JP", {}), ("KR", {"outcome": "did_not_come"})], "disputed", None),
        ([("JP", {"outcome": "did_not_come"}), ("JP", {})], "came", None),
        ([("JP", {"outcome": "postponed", "expected_on": "2023-04-01"})], "postponed", "2023-04-01"),
        ([("JP", {"outcome": "postponed"})], "postponed", "2023-03-20"),
        ([("JP", {"outcome": "postponed"}), ("KR", {})], "came", None),
    ],
)
def test_an_expected_event_stands_by_what_came_of_it(
    outcomes: list[tuple[str, dict[str, Any]]], standing: str, due: str | None
) -> None:
    found = expected(*outcomes)
    assert found["expected"][0]["standing"] == standing
    assert [(one["nation"], one["type"], one["due"]) for one in found["next"]] == (
        [("JP", "event_outcome", due)] if due else []
    )


def test_a_position_is_replaced_by_the_one_that_was_published_later_whenever_it_is_recorded() -> None:
    pair = Pair(WING, law=no_law)
    pair.act("JP", "position", **WISH | {"published_on": "2023-03-18", "stance": "opposes"})
    pair.act("JP", "position", **WISH | {"office": " ministry of  DEFENCE"})
    pair.act("JP", "position", **WISH | {"nation": "JP"})
    later = pair.act("JP", "position", **WISH | {"published_on": "2023-03-19", "stance": "reluctant"})
    assert [one["standing"] for one in view(pair)["positions"]] == ["replaced", "replaced", "reported", "reported"]
    pair.act("JP", "denial", **ANSWERS["denial"] | {"of": later.hash, "on": "2023-03-20"})
    assert [one["standing"] for one in view(pair)["positions"]] == ["reported", "replaced", "reported", "denied"]


@pytest.mark.parametrize(("type_name", "first"), [("official_statement", "stated"), ("expected_event", "expected")])
def test_what_answers_a_report_answers_every_entry(type_name: str, first: str) -> None:
    pair = Pair(WING, law=no_law)
    entry = pair.act("JP", type_name, **ENTRIES[type_name])
    pair.read()
    for answer, standing in ((None, first), ("denial", "denied"), ("correction", "corrected")):
        if answer:
            pair.act("KR", answer, **ANSWERS[answer] | {"of": entry.hash})
        assert view(pair)[LISTS[type_name]][0]["standing"] == standing


def test_an_office_publishes_its_own_statement_unless_somebody_else_is_named() -> None:
    pair = Pair(WING, law=no_law)
    pair.act("JP", "official_statement", **{name: value for name, value in SAID.items() if name != "publisher"})
    pair.act("JP", "official_statement", **SAID)
    assert [one["publisher"] for one in view(pair)["statements"]] == ["Ministry of Defence", "The Daily"]
    assert [(one["offices"], one["quality"]) for one in view(pair)["statements"]] == [(["security"], "secondary")] * 2


def test_an_entry_can_be_called_by_its_name() -> None:
    pair = Pair(WING, law=no_law)
    talks = pair.act("JP", "expected_event", **TALKS, name="talks")
    pair.read()
    assert pair.act("KR", "event_outcome", **CAME, of="talks").frame.body["of"] == talks.hash
    pair.act("KR", "report", **REPORT, name="talks")
    pair.read()
    with pytest.raises(Refused) as caught:
        pair.act("JP", "denial", **ANSWERS["denial"], of="talks")
    assert caught.value.check == "report-name-shared"
    elsewhere = pair.act("KR", "report", **REPORT | {"instrument": "acsa-jp-au-2017", "name": "other"})
    assert pair.act("KR", "denial", **ANSWERS["denial"], of="other").frame.body["of"] == elsewhere.hash
    with pytest.raises(Refused) as caught:
        pair.act("KR", "denial", **ANSWERS["denial"], of="other", instrument="acsa-jp-kr")
    assert caught.value.check == "report-unknown"


def test_what_has_no_effect() -> None:
    pair = Pair(WING, law=no_law)
    report = pair.act("JP", "report", **REPORT, name="one")
    again = pair.act("JP", "position", **WISH, name="one")
    late = pair.act("JP", "expected_event", **TALKS | {"expected_on": "2023-03-15"})
    never = pair.append("JP", "event_outcome", CASE, CAME | {"instrument": "acsa-jp-kr", "of": report.hash})
    void = pair.fold(CASE).void
    assert [void[one.hash].check for one in (again, late, never)] == [
        "name-taken", "expected-before", "nothing-expected"
    ]  # fmt: skip
    assert report.hash not in void


@pytest.mark.parametrize(
    ("type_name", "change", "field"),
    [
        ("position", {"stance": "favour"}, "stance"),
        ("position", {"nation": "KOR"}, "nation"),
        ("expected_event", {"expected_on": "2023-02-30"}, "expected_on"),
        ("expected_event", {"quality": "sure"}, "quality"),
        ("official_statement", {"attributed_to": "Somebody"}, "attributed_to"),
    ],
)
def test_a_wrong_field_of_an_entry_is_named(type_name: str, change: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Pair(WING, law=no_law).act("JP", type_name, **ENTRIES[type_name] | change)
    assert (caught.value.check, caught.value.field) == ("document-field", field)


@st.composite
def histories(draw: st.DrawFn) -> Pair:
    """Entries of every type and answers to them by both nations, each knowing a part of the other's."""
    pair = Pair(WING, law=no_law)
    types = [*ENTRIES, "read", *ANSWERS, "event_outcome"]
    for nation, type_name in draw(
        st.lists(st.tuples(st.sampled_from(["JP", "KR"]), st.sampled_from(types)), max_size=16)
    ):
        entries = [one.hash for one in pair.entries() if one.frame.type in ENTRIES]
        if type_name == "read":
            pair.read(nation)
        elif type_name in ENTRIES:
            day = draw(st.sampled_from(["2023-03-14", "2023-03-16"]))
            pair.act(nation, type_name, **ENTRIES[type_name] | {"published_on": day})
        elif entries:
            outcome = {"outcome": draw(st.sampled_from(["came", "did_not_come", "postponed"]))}
            fields = (CAME | outcome if type_name == "event_outcome" else ANSWERS[type_name]) | {
                "of": draw(st.sampled_from(entries))
            }
            try:
                pair.act(nation, type_name, **fields)
            except Problem:
                body = {"instrument": "acsa-jp-kr", "publisher": "The Daily", **fields}
                pair.append(nation, type_name, CASE, body)
    return pair


@settings(max_examples=examples(150), deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_no_standing_depends_on_arrival(pair: Pair, shuffle: random.Random) -> None:
    entries = pair.entries()
    before = pair.fold(CASE, entries)
    shuffle.shuffle(entries)
    after = pair.fold(CASE, entries)
    assert digest(after.view) == digest(before.view)
    assert after.void == before.void


@settings(max_examples=examples(150), deadline=None)
@given(histories())
def test_of_one_office_at_most_one_position_counts_and_an_outcome_ends_the_waiting(pair: Pair) -> None:
    found = view(pair)
    current = [one for one in found["positions"] if one["standing"] in {"reported", "confirmed"}]
    assert len(current) <= 1
    waits = {one["of"] for one in found["next"] if one["type"] == "event_outcome"}
    for one in found["expected"]:
        ended = {row["outcome"] for row in one["history"] if row["type"] == "event_outcome"} & {"came", "did_not_come"}
        if one["standing"] in {"came", "did_not_come"}:
            assert one["hash"] not in waits
        elif not ended:
            assert one["hash"] in waits
