"""What a comparison of small, plain agreements on information says, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.law.comparison.comparing import compare
from tests.law.papers import information, library, rule
from tests.law.test_sentences import NO, YES, counted, example, rests, said

ACCESS = "when: {action: [access]}"
SIDES = [[{"owner": ["JP"], "holder": ["KR"]}, {"owner": ["KR"], "holder": ["JP"]}]]


def two(a: tuple[str, ...], b: tuple[str, ...]) -> Any:
    return compare(library(information("a", *a), information("b", *b), nations=()), "a", "b")


def test_levels_without_an_equal_are_named_of_their_owner_alone() -> None:
    found = two(
        (rule("1", "permit", "when: {action: [provide]}"),),
        (rule("1", "permit", "when: {action: [provide], level: {mapped: recipient}}"),),
    )
    of_korea = {"recipient": ["JP"], "action": ["provide"], "owner": ["KR"], "level": ["KR:1"]}
    not_mapped = {"not": ["JP:gokuhi", "JP:hi"]}
    of_japan = {"recipient": ["KR"], "action": ["provide"], "owner": ["JP"], "level": not_mapped}
    assert said(found) == [(YES, NO, of_korea, []), (YES, NO, of_japan, [])]
    assert found["counts"] == {"differ": 18, "of": 405}
    assert counted(found) == [(0, 9), (1, 9)]
    assert example(found["cubes"][1]) == {
        "recipient": "KR", "action": "provide", "owner": "JP", "holder": "AD", "actor": "AD", "level": "JP:kimitsu",
    }  # fmt: skip
    assert rests(found["cubes"][0]) == [("granted", ["a 1"]), ("out_of_scope", ["b 1"])]
    assert (found["a"]["kind"], found["a"]["parties"]) == ("information", ["JP", "KR"])


def test_a_clearance_and_a_purpose_are_said_as_they_compare() -> None:
    found = two(
        (rule("1", "permit", ACCESS), rule("2", "require", "that: {clearance: {covers: level}}")),
        (rule("1", "permit", ACCESS), rule("2", "require", "that: {purpose: {same_as: provided_purpose}}")),
    )
    same, other = {"same_as": "purpose"}, {"not": {"same_as": "purpose"}}
    gained = {"action": ["access"], "clearance": {"not": {"covers": "level"}}, "provided_purpose": same}
    lost = {
        "action": ["access"], "actor": ["JP", "KR"], "level": ["JP:gokuhi", "JP:hi", "KR:2", "KR:3"],
        "clearance": {"covers": "level"}, "provided_purpose": other,
    }  # fmt: skip
    assert said(found) == [(NO, YES, gained, SIDES), (YES, NO, lost, SIDES)]
    assert counted(found) == [(0, 27), (0, 27), (1, 12), (1, 12)]
    assert found["counts"] == {"differ": 78, "of": 2088}
    assert [one["facts"]["level"] for one in found["cubes"][2:]] == [["JP:gokuhi", "JP:hi"], {"not": ["KR:1"]}]
    shown = example(found["cubes"][2])
    assert (shown["purpose"], shown["provided_purpose"]) == ("one purpose", "another purpose")
    assert (shown["actor"], shown["level"], shown["clearance"]) == ("JP", "JP:gokuhi", "JP:gokuhi")


def test_days_are_said_as_stretches_and_beside_the_day_of_the_question() -> None:
    found = two(
        (rule("1", "permit", "when: {action: [access], marked_on: {before: 2014-12-10}}"),),
        (rule("1", "permit", ACCESS), rule("2", "require", "that: {clearance_until: {on_or_after: on}}")),
    )
    before, after = {"before": "2014-12-10"}, {"on_or_after": "2014-12-10"}
    assert said(found) == [
        (YES, NO, {"action": ["access"], "marked_on": before, "clearance_until": {"before": "on"}}, SIDES),
        (NO, YES, {"action": ["access"], "marked_on": after, "clearance_until": {"on_or_after": "on"}}, SIDES),
    ]
    days = [(example(one)["marked_on"], example(one)["clearance_until"]) for one in found["cubes"]]
    assert days == [("2014-12-09", "0001-01-01")] * 2 + [("2014-12-10", "9999-12-31")] * 2


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("any: [{marked_on: {before: 2012-01-01}}, {marked_on: {on_or_after: 2014-12-10}}]",
         {"on_or_after": "2012-01-01", "before": "2014-12-10"}),
        ("marked_on: {on_or_after: 2012-01-01}, not: {marked_on: {on_or_after: 2014-12-10}}",
         {"any": [{"before": "2012-01-01"}, {"on_or_after": "2014-12-10"}]}),
    ],
)  # fmt: skip
def test_several_stretches_of_days(when: str, told: Any) -> None:
    found = two((rule("1", "permit", ACCESS),), (rule("1", "permit", f"when: {{action: [access], {when}}}"),))
    assert said(found) == [(YES, NO, {"action": ["access"], "marked_on": told}, SIDES)]


def test_who_acts_stands_with_who_holds() -> None:
    found = two((rule("1", "permit", ACCESS),), (rule("1", "permit", "when: {action: [access], actor: [holder]}"),))
    sides = [
        {"owner": ["JP"], "holder": ["KR"], "actor": {"not": ["KR"]}},
        {"owner": ["KR"], "holder": ["JP"], "actor": {"not": ["JP"]}},
    ]
    assert said(found) == [(YES, NO, {"action": ["access"]}, [sides])]


def test_a_named_purpose_is_told_from_all_others() -> None:
    found = two(
        (rule("1", "permit", "when: {action: [access], purpose: [relief]}"),),
        (rule("1", "permit", ACCESS), rule("2", "require", "that: {purpose: {same_as: provided_purpose}}")),
    )
    same, other = {"same_as": "purpose"}, {"not": {"same_as": "purpose"}}
    assert said(found) == [
        (YES, NO, {"action": ["access"], "purpose": ["relief"], "provided_purpose": other}, SIDES),
        (NO, YES, {"action": ["access"], "purpose": {"not": ["relief"]}, "provided_purpose": same}, SIDES),
    ]
    assert [example(one)["purpose"] for one in found["cubes"]] == ["relief"] * 2 + ["one purpose"] * 2


def test_who_owns_and_who_receives_is_one_condition() -> None:
    found = two((rule("1", "permit", "when: {action: [provide]}"),), (rule("1", "permit", ACCESS),))
    gives = [{"recipient": ["JP"], "owner": ["KR"]}, {"recipient": ["KR"], "owner": ["JP"]}]
    assert (YES, NO, {"action": ["provide"]}, [gives]) in said(found)
    assert (NO, YES, {"action": ["access"]}, SIDES) in said(found)


def test_two_comparisons_of_one_day_are_said_together() -> None:
    both = "clearance_until: {on_or_after: on}, all: [{clearance_until: {on_or_after: 2020-01-01}}]"
    found = two((rule("1", "prohibit"),), (rule("1", "permit", f"when: {{action: [access], {both}}}"),))
    day = {"all": [{"on_or_after": "2020-01-01"}, {"on_or_after": "on"}]}
    assert said(found) == [(NO, YES, {"action": ["access"], "clearance_until": day}, SIDES)]


def test_where_two_tables_rank_a_clearance_each_says_which_it_is_and_what_it_reaches() -> None:
    rules = (rule("1", "permit", ACCESS), rule("2", "require", "that: {clearance: {covers: level}}"))
    turned = (("2", "hi"), ("3", "gokuhi"))
    held = library(information("a", *rules), information("b", *rules, levels=turned), nations=())
    texts = [str(one["facts"].get("clearance")) for one in compare(held, "a", "b")["cubes"]]
    assert any("'table': 1, 'reaches': {'JP:gokuhi': ['JP:gokuhi', 'JP:hi', 'KR:2', 'KR:3']" in text for text in texts)
    assert any("'table': 2, 'reaches': {'JP:gokuhi': ['JP:gokuhi', 'KR:3']" in text for text in texts)
