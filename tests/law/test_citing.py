"""What an answer cites: the provisions that made it so, and none that did not."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.law.determinations import PARTS, Rests
from gokei.law.walks import Walk
from gokei.terms.facts import FACTS
from gokei.terms.question import read_question
from tests.law.papers import QUESTION, agreement, asked, basis, because, law, library, rule, told

FUEL = "when: {supply: [fuel]}"
RESTS = Rests((), "")
LAWS = ["law-jp 1", "law-au 1"]


def test_an_agreement_that_excludes_it_is_not_cited_beside_the_one_that_grants_it() -> None:
    grants = agreement("grants", rule("1"))
    for against in (
        rule("2", "prohibit", FUEL),
        rule("2", "require", "that: {requested: true}"),
    ):
        answer = asked(library(grants, agreement("excludes", rule("1"), against)), supply="fuel", requested=False)
        assert told(answer) == ("permitted", "granted")
        assert basis(answer) == ["grants 1", *LAWS]


def test_an_agreement_that_does_not_grant_it_owes_nothing() -> None:
    duty = rule("9", "oblige", "obligation: {kind: settle}")
    held = library(
        agreement("grants", rule("1")), agreement("silent", rule("1", "permit", "when: {supply: [food]}"), duty)
    )
    assert asked(held, supply="fuel")["obligations"] == []
    assert [one["instrument"] for one in asked(held, supply="food")["obligations"]] == ["silent"]


def test_an_open_answer_names_the_permit_that_holds_and_what_is_open_beside_it() -> None:
    held = library(agreement("a", rule("1"), rule("2", "prohibit", "when: {supply: [weapons]}")))
    answer = asked(held)
    assert told(answer) == ("undetermined", "facts_missing")
    assert answer["missing"] == ["supply"]
    assert because(answer) == [("a 1", "true"), ("law-jp 1", "true"), ("law-au 1", "true"), ("a 2", "unknown")]
    assert basis(answer) == ["a 1", *LAWS]


def test_a_requirement_that_is_met_is_cited_as_met() -> None:
    held = library(agreement("a", rule("1"), rule("2", "require", "that: {requested: true}")))
    answer = asked(held, requested=True)
    assert because(answer) == [*((one, "true") for one in ("a 1", *LAWS)), ("a 2", "true")]
    assert "a 2" not in basis(answer)
    held = library(agreement("a", rule("1"), rule("2", "require", f"{FUEL}, that: {{requested: true}}")))
    assert ("a 2", "true") not in because(asked(held, supply="food", requested=True))


def test_a_requirement_that_is_met_is_cited_in_an_open_answer_too() -> None:
    held = library(agreement("a", rule("1", "permit", FUEL), rule("2", "require", "that: {requested: true}")))
    assert ("a 2", "true") in because(asked(held, requested=True))


ON_REQUEST, UNASKED = "when: {requested: true}", "when: {requested: false}"


def test_what_holds_is_named_before_what_is_open() -> None:
    answer = asked(library(agreement("a", rule("1", "permit", FUEL))))
    assert because(answer) == [("law-jp 1", "true"), ("law-au 1", "true"), ("a 1", "unknown")]


def test_a_law_that_cannot_come_out_as_a_yes_is_cited_as_not_known() -> None:
    """It permits on request and prohibits on request: nobody need say which, and neither rule is certain."""
    both = [rule("1", "permit", ON_REQUEST), rule("2", "prohibit", ON_REQUEST)]
    answer = asked(library(agreement("a", rule("1")), law("JP", *both)))
    assert told(answer) == ("not_permitted", "national_law")
    assert because(answer) == [("law-jp 1", "unknown"), ("law-au 1", "unknown")]
    answer = asked(library(agreement("a", rule("1")), law("JP", *both)), requested=True)
    assert because(answer) == [("law-jp 2", "true")]


def test_of_two_prohibitions_one_of_which_must_hold_neither_is_said_to_be_true() -> None:
    held = library(agreement("a", rule("1"), rule("2", "prohibit", ON_REQUEST), rule("3", "prohibit", UNASKED)))
    answer = asked(held)
    assert told(answer) == ("not_permitted", "prohibited")
    assert because(answer) == [("a 2", "unknown"), ("a 3", "unknown")]
    assert because(asked(held, requested=True)) == [("a 2", "true")]


def test_of_two_requirements_one_of_which_must_fail_neither_is_said_to_be_false() -> None:
    demands = (rule("2", "require", "that: {requested: true}"), rule("3", "require", "that: {requested: false}"))
    held = library(agreement("a", rule("1"), *demands))
    answer = asked(held)
    assert told(answer) == ("not_permitted", "condition_not_met")
    assert because(answer) == [("a 2", "unknown"), ("a 3", "unknown")]
    assert because(asked(held, requested=True)) == [("a 3", "false")]


def test_a_permit_that_holds_but_is_stood_against_is_not_said_to_be_false() -> None:
    held = library(
        agreement("a", rule("1"), rule("2", "prohibit", FUEL)),
        agreement("b", rule("1", "permit", "when: {supply: [food]}")),
    )
    answer = asked(held, supply="fuel")
    assert told(answer) == ("not_permitted", "out_of_scope")
    assert because(answer) == [("a 1", "true"), ("a 2", "true")]
    assert basis(answer) == ["a 1"]


def test_a_permit_that_is_open_is_not_said_to_be_false() -> None:
    held = library(agreement("a", rule("1", "permit", ON_REQUEST), rule("2", "prohibit", ON_REQUEST)))
    answer = asked(held)
    assert told(answer) == ("not_permitted", "out_of_scope")
    assert because(answer) == [("a 1", "unknown")]


def test_the_ground_is_the_first_that_alone_makes_it_a_no() -> None:
    """Requested, the law of Japan prohibits it; not requested, the agreement's demand fails: only together a no."""
    held = library(
        agreement("a", rule("1"), rule("2", "require", "that: {requested: true}")),
        law("JP", rule("1"), rule("2", "prohibit", ON_REQUEST)),
    )
    assert told(asked(held)) == ("not_permitted", "condition_not_met")
    assert told(asked(held, requested=True)) == ("not_permitted", "national_law")
    assert told(asked(held, requested=False)) == ("not_permitted", "condition_not_met")


def test_what_stands_against_it_beside_the_ground_is_cited_too() -> None:
    held = library(
        agreement(
            "a", rule("1"), rule("2", "prohibit", FUEL), rule("3", "require", "that: {requested: true}", "secondary")
        ),
        law("JP", rule("1"), rule("2", "prohibit", FUEL), rule("3", "require", "that: {requested: true}")),
    )
    answer = asked(held, supply="fuel", requested=False)
    assert told(answer) == ("not_permitted", "prohibited")
    assert basis(answer) == ["a 2"]
    assert because(answer) == [("a 2", "true"), ("a 3", "false"), ("law-jp 2", "true"), ("law-jp 3", "false")]
    assert answer["weakest_source"] == "secondary"
    assert asked(held, supply="fuel", requested=True)["weakest_source"] == "verified"
    assert told(asked(held, supply="food", requested=False)) == ("not_permitted", "condition_not_met")
    assert basis(asked(held, supply="food", requested=False)) == ["a 3", "law-jp 3"]


def test_of_an_agreement_not_in_force_the_permits_that_came_nearest_are_cited_and_nothing_else() -> None:
    rules = (rule("1", "permit", FUEL), rule("2", "permit", "when: {supply: [food]}"), rule("3", "prohibit"))
    answer = asked(library(agreement("a", *rules, since="2021-01-01")), supply="fuel")
    assert told(answer) == ("not_permitted", "not_in_force")
    assert because(answer) == [("a 1", "false")]


def test_of_permits_ruled_out_those_that_fell_last_are_cited() -> None:
    held = library(
        agreement(
            "a",
            rule("1", "permit", "when: {activity: [joint_exercise], supply: [fuel], requested: true}"),
            rule("2", "permit", "when: {activity: [joint_exercise], supply: [food]}"),
            rule("3", "permit", "when: {activity: [disaster_relief]}"),
        ),
        agreement("b", rule("1", "permit", "when: {activity: [joint_exercise], supply: [fuel], requested: true}")),
    )
    answer = asked(held, activity="joint_exercise", supply="fuel", requested=False)
    assert told(answer) == ("not_permitted", "out_of_scope")
    assert basis(answer) == ["a 1", "b 1"]
    assert basis(asked(held, activity="joint_exercise", supply="water", requested=False)) == ["a 1", "a 2", "b 1"]


def test_the_law_that_does_not_list_it_is_cited_and_the_law_that_does_is_not() -> None:
    held = library(
        agreement("a", rule("1")),
        law("JP", rule("1", "permit", FUEL), rule("2", "permit", "when: {supply: [food], requested: true}")),
        law("AU", rule("1"), rule("2", "prohibit", "when: {supply: [weapons]}")),
    )
    answer = asked(held, supply="food", requested=False)
    assert told(answer) == ("not_permitted", "national_law")
    assert because(answer) == [("law-jp 2", "false")]
    assert because(asked(held, supply="weapons", requested=True)) == [("law-jp 1", "false"), ("law-jp 2", "false"),
                                                                      ("law-au 2", "true")]  # fmt: skip


def test_a_rule_of_one_side_binds_that_side_alone() -> None:
    held = library(agreement("a", rule("1")), law("JP", rule("1"), rule("2", "prohibit", "side: provider")))
    assert told(asked(held)) == ("not_permitted", "national_law")
    assert told(asked(held, provider="AU", recipient="JP")) == ("permitted", "granted")


def test_a_duty_is_told_once_with_its_truth_and_the_quality_of_its_source() -> None:
    settle = "obligation: {kind: settle, due: P12M}"
    held = library(
        agreement(
            "a", rule("1"), rule("8", "oblige", f"{ON_REQUEST}, {settle}", "secondary"),
            rule("8", "oblige", f"when: {{co_located: true}}, {settle}", "secondary"),
            rule("9", "oblige", f"{FUEL}, obligation: {{kind: report}}"),
        )
    )  # fmt: skip
    duty = {
        "kind": "settle",
        "due": "P12M",
        "instrument": "a",
        "provision": "8",
        "truth": "true",
        "quality": "secondary",
    }
    report = {"kind": "report", "instrument": "a", "provision": "9", "quality": "verified"}
    facts = {"requested": True, "co_located": True}
    assert asked(held, **facts)["obligations"] == [duty, report | {"truth": "unknown"}]
    assert asked(held, supply="fuel", **facts)["obligations"] == [duty, report | {"truth": "true"}]
    assert asked(held, supply="food", requested=False, co_located=False)["obligations"] == []
    assert asked(held, supply="food", requested=False)["obligations"] == [duty | {"truth": "unknown"}]


def test_rules_of_one_provision_are_cited_once_unless_they_say_different_things() -> None:
    same = library(agreement("a", rule("1", "permit", FUEL), rule("1", "permit", ON_REQUEST)))
    answer = asked(same, supply="fuel", requested=True)
    assert because(answer)[0] == ("a 1", "true")
    assert [one for one, _ in because(answer)] == basis(answer) == ["a 1", *LAWS]
    differ = library(agreement("a", rule("1", "permit", FUEL), rule("1", "permit", ON_REQUEST, text="other")))
    answer = asked(differ, supply="fuel", requested=True)
    assert [one["says"]["en"] for one in answer["because"][:2]] == ["a", "other"]
    assert basis(answer) == ["a 1", *LAWS]
    assert answer["because"][0] == {
        "instrument": "a", "provision": "1", "truth": "true", "says": {"en": "a", "ja": "b", "ko": "c"},
        "source": {"url": "https://example.org", "quality": "verified"},
    }  # fmt: skip


def test_facts_missing_beside_what_is_undecided_are_the_ground() -> None:
    open_ = rule("2", "undecided", "when: {supply: [fuel]}, variants: {in: permit, out: nothing}")
    held = library(agreement("a", open_))
    answer = asked(held)
    assert told(answer) == ("undetermined", "facts_missing")
    assert (answer["missing"], answer["ask_next"]) == (["supply"], "supply")
    assert answer["undecided"] == [{"instrument": "a", "provision": "2"}]
    answer = asked(held, supply="fuel")
    assert told(answer) == ("undetermined", "undecided")
    assert (answer["missing"], answer["ask_next"]) == ([], None)


BOTH_WAYS = [
    (rule("1", "permit", ON_REQUEST), rule("2", "permit", UNASKED)),
    (rule("1", "permit", ON_REQUEST), rule("2", "prohibit", ON_REQUEST)),
]


@pytest.mark.parametrize("laws", [(rule("1"), rule("2", "prohibit", "when: {supply: [weapons]}")), *BOTH_WAYS])
@pytest.mark.parametrize("since", ["2010-01-01", "2021-01-01"])
def test_less_of_an_answer_is_part_of_the_whole_answer(laws: tuple[str, ...], since: str) -> None:
    held = library(
        agreement(
            "a", rule("1", "permit", ON_REQUEST), rule("1", "permit", UNASKED), rule("2", "prohibit", FUEL),
            rule("3", "undecided", "when: {supply: [food]}, variants: {in: permit, out: prohibit}"),
            rule("4", "require", "when: {supply: [storage]}, that: {co_located: true}"), since=since,
        ),
        agreement("b", rule("1", "permit", "when: {supply: [water, clothing]}"), rule("2", "prohibit", ON_REQUEST)),
        law("JP", *laws),
    )  # fmt: skip
    facts: list[dict[str, Any]] = [
        {"supply": supply, "requested": requested, "co_located": together}
        for supply in ("fuel", "food", "weapons", "water", "storage", None)
        for requested in (True, False, None)
        for together in (False, None)
    ]
    for one in facts:
        known = read_question({**QUESTION, **{name: value for name, value in one.items() if value is not None}})
        matter = held.matter(known)
        whole: Any = Walk(matter, RESTS).answer(known)
        assert Walk(matter, RESTS).verdict(known) == told(whole)
        for wanted, parts in PARTS.items():
            assert Walk(matter, RESTS, wanted).answer(known) == {name: whole[name] for name in parts}


def test_a_fact_that_says_which_other_one_counts_is_asked_first() -> None:
    """Of three facts the last of the vocabulary says which of the other two decides: two questions are then enough."""
    first, second, chooses = [name for name, fact in FACTS.items() if fact.type == "boolean"][:3]
    ways = f"[{{{chooses}: true, {first}: true}}, {{{chooses}: false, {second}: true}}]"
    answer = asked(library(agreement("a", rule("1", "permit", f"when: {{any: {ways}}}"))))
    assert answer["missing"] == [first, second, chooses]
    assert answer["ask_next"] == chooses


def test_what_is_missing_is_named_in_the_order_of_the_vocabulary() -> None:
    names = [name for name, fact in FACTS.items() if fact.type == "boolean"][::-1]
    demands = [rule(str(place), "require", f"that: {{{name}: true}}") for place, name in enumerate(names[:12], 2)]
    answer = asked(library(agreement("a", rule("1"), *demands)))
    assert answer["missing"] == sorted(names[:12], key=[*FACTS].index)
    assert answer["ask_next"] == answer["missing"][0]


def test_what_is_asked_next_leaves_least_to_ask_on_average() -> None:
    """One supply in twenty goes on to a second question where one is granted, nineteen where one is excluded."""
    for supply, first in (("[fuel]", "supply"), ("{not: [weapons]}", "requested")):
        held = library(agreement("a", rule("1", "permit", f"when: {{supply: {supply}, requested: true}}")))
        answer = asked(held)
        assert answer["missing"] == ["supply", "requested"]
        assert answer["ask_next"] == first


def test_what_an_open_answer_does_not_turn_on_is_not_cited() -> None:
    """The first permit holds whether they are at one place or not; only the law of Japan is open."""
    held = library(
        agreement("a", rule("1"), rule("2", "permit", "when: {co_located: true}")),
        law("JP", rule("1"), rule("2", "prohibit", UNASKED)),
    )
    answer = asked(held)
    assert answer["missing"] == ["requested"]
    assert because(answer) == [("a 1", "true"), ("law-jp 1", "true"), ("law-au 1", "true"), ("law-jp 2", "unknown")]


def test_a_requirement_that_may_fail_is_not_told_as_met() -> None:
    held = library(agreement("a", rule("1"), rule("2", "require", "that: {requested: true}")))
    assert because(asked(held)) == [*((one, "true") for one in ("a 1", *LAWS)), ("a 2", "unknown")]


def test_what_the_agreement_demands_in_vain_is_cited_beside_a_no_of_national_law() -> None:
    held = library(
        agreement("a", rule("1"), rule("2", "require", "that: {requested: true}")),
        law("JP", rule("1"), rule("2", "prohibit", FUEL)),
    )
    answer = asked(held, supply="fuel", requested=False)
    assert told(answer) == ("not_permitted", "national_law")
    assert because(answer) == [("law-jp 2", "true"), ("a 2", "false")]
    assert basis(answer) == ["law-jp 2"]
