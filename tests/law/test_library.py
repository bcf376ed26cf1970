"""The library: names and assumptions that are right or refused, and the days from which on an answer may differ."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from gokei.law.conditions import All, Compare, Member, Not
from gokei.law.conditions import Any as AnyOf
from gokei.law.instruments import Equivalence, Instrument, Interval, Provision
from gokei.law.library import Library, compared_days
from gokei.terms.problems import BadInput
from tests.law.papers import QUESTION, agreement, asked, information, library, rule, told
from tests.law.worlds import SAYS, SOURCE

OPEN = rule("2", "undecided", "when: {supply: [fuel]}, variants: {in: permit, out: nothing}")


def refused(held: Library, *assume: str) -> tuple[Any, ...]:
    with pytest.raises(BadInput) as caught:
        held.answer(QUESTION, assume)
    return caught.value.check, caught.value.params, caught.value.field


def test_an_assumption_that_cannot_be_is_refused_and_says_what_can() -> None:
    held = library(agreement("treaty", OPEN), agreement("plain", rule("1")))
    assert refused(held, "treaty") == ("assume-not-draft", {"name": "treaty"}, "assume")
    assert refused(held, "treaty=maybe") == (
        "assume-variant", {"name": "treaty", "variant": "maybe", "words": "in, out"}, "assume",
    )  # fmt: skip
    assert refused(held, "plain=in") == (
        "assume-variant", {"name": "plain", "variant": "in", "words": "-"}, "assume",
    )  # fmt: skip
    assert refused(held, "treaty=in", "treaty=out") == (
        "assume-conflict", {"name": "treaty 2", "words": "in, out"}, "assume",
    )  # fmt: skip
    assert refused(held, "treti=in")[:2] == ("instrument-unknown", {"name": "treti", "nearest": "treaty"})


def test_an_answer_rests_on_those_assumptions_alone_that_speak_of_it() -> None:
    held = library(
        agreement("here", OPEN), agreement("elsewhere", OPEN, parties="[AU, US]"), nations=("JP", "AU", "US")
    )
    answer = asked(held, "here=in", "elsewhere=in", supply="fuel")
    assert told(answer) == ("permitted", "granted")
    assert answer["assumed"] == ["here=in"]


def test_what_is_assumed_moves_no_answer_without_it() -> None:
    held = library(agreement("treaty", OPEN))
    for _ in range(2):
        assert told(asked(held, supply="fuel")) == ("undetermined", "undecided")
        assert told(asked(held, "treaty=in", supply="fuel")) == ("permitted", "granted")
        assert told(asked(held, "treaty=out", supply="fuel"))[0] == "not_permitted"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("acsa-jp-au-2019", "acsa-jp-au-2017"),
        ("acsa-jp-au", "acsa-jp-au-2017"),
        ("ACSA-JP-AU", "acsa-jp-au-2017"),
        ("acsa-jp-us-2017", "acsa-jp-us-1996"),
        ("something else entirely", ""),
    ],
)
def test_an_unknown_instrument_is_told_the_newest_of_its_family(name: str, nearest: str) -> None:
    held = library(
        agreement("acsa-jp-au-2010", rule("1"), since="2013-01-01"),
        agreement("acsa-jp-au-2017", rule("1"), since="2017-01-01"),
        agreement("acsa-jp-us-1996", rule("1"), parties="[JP, US]"),
        nations=("JP", "AU", "US"),
    )
    with pytest.raises(BadInput) as caught:
        held.instrument(name)
    assert caught.value.params == {"name": name, "nearest": nearest}
    assert ("Did you mean" in caught.value.detail_text()) is bool(nearest)
    assert held.instrument("acsa-jp-us-1996").parties == ("JP", "US")


def test_every_day_that_a_condition_compares_with_begins_a_stretch() -> None:
    def before(day: str) -> Compare:
        return Compare("marked_on", "before", day)

    condition = All((AnyOf((before("2011-01-01"), Member("purpose", frozenset({"a"})))), Not(before("2012-01-01"))))
    own = Compare("clearance_until", "on_or_after", "on")
    provision = Provision("x", "1", "require", SAYS, SOURCE, when=condition, that=All((before("2013-01-01"), own)))
    marked = Interval(datetime.date(2014, 1, 1), None)
    row = Equivalence(1, {"JP": ("JP:hi",)}, marked, "4", SOURCE)
    found = Instrument("x", "information", SAYS, ("JP", "KR"), False, (), (provision,), (row,), "sha256:0")
    assert compared_days(found) == {datetime.date(year, 1, 1) for year in (2011, 2012, 2013, 2014)}


def test_a_question_of_a_later_stretch_is_answered_by_the_law_of_its_day() -> None:
    held = library(
        agreement("old", rule("1", "permit", "in_force: {until: '2015-01-01'}"), since="2010-01-01"),
        agreement("new", rule("1"), since="2018-01-01"),
    )
    days = ("2009-12-31", "2010-01-01", "2014-12-31", "2015-01-01", "2017-12-31", "2018-01-01")
    for _ in range(2):
        found = [told(asked(held, on=day))[0] == "permitted" for day in days]
        assert found == [False, True, True, False, False, True]
    assert [told(asked(held, on=day))[1] for day in days[:2]] == ["not_in_force", "granted"]


def test_questions_between_nations_without_an_agreement_have_none_whoever_they_are() -> None:
    held = library(agreement("a", rule("1")), nations=("JP", "AU", "US"))
    answer = asked(held, recipient="US")
    assert told(answer) == ("not_permitted", "no_agreement")
    assert answer["basis"] == answer["because"] == answer["assumed"] == []
    assert answer["weakest_source"] is None
    assert answer["law"] == asked(held, provider="US", recipient="KR")["law"]


HELD = {"kind": "information", "action": "access", "owner": "KR", "holder": "JP"}


def test_what_a_day_can_be_is_held_against_the_day_of_each_question() -> None:
    demands = "that: {clearance_until: {on_or_after: on}, need_to_know: true}"
    permit = rule("1", "permit", "when: {action: [access]}")
    held = library(information("a", permit, rule("2", "require", demands)), nations=())
    assert held.answer({**HELD, "on": "2015-01-01"})["verdict"] == "undetermined"
    later: Any = held.answer({**HELD, "on": "2016-01-01", "need_to_know": True})
    assert (later["verdict"], later["missing"]) == ("undetermined", ["clearance_until"])


def test_a_clearance_that_is_not_known_is_of_the_nation_that_acts() -> None:
    acts = rule("1", "permit", "when: {action: [access], actor: [JP]}")
    held = library(information("a", acts, rule("2", "require", "that: {clearance: ['KR:2']}")), nations=())
    assert told(held.answer({**HELD, "on": "2015-01-01"}))[0] == "not_permitted"
    either = rule("1", "permit", "when: {action: [access], actor: [JP, KR]}")
    held = library(information("a", either, rule("2", "require", "that: {clearance: ['KR:2']}")), nations=())
    answer: Any = held.answer({**HELD, "on": "2015-01-01"})
    assert (answer["verdict"], answer["missing"]) == ("undetermined", ["actor", "clearance"])


def test_a_level_that_is_not_known_is_of_the_nation_that_owns() -> None:
    asked_of = {"kind": "information", "on": "2015-01-01", "action": "access"}
    level = rule("2", "require", "that: {level: ['KR:2']}")
    owned = rule("1", "permit", "when: {action: [access], owner: [JP]}")
    held = library(information("a", owned, level), nations=())
    assert told(held.answer(asked_of))[0] == "not_permitted"
    held = library(information("a", rule("1", "permit", "when: {action: [access]}"), level), nations=())
    answer: Any = held.answer({**asked_of, "holder": "JP"})
    assert (answer["verdict"], answer["missing"]) == ("undetermined", ["owner", "level"])


def test_of_several_equals_the_highest_rank_is_named_first() -> None:
    def row(rank: int, code: str) -> Equivalence:
        return Equivalence(rank, {"JP": ("JP:hi",), "KR": (code,)}, Interval(None, None), "4", SOURCE)

    rows = (row(3, "KR:3"), row(1, "KR:1"), row(2, "KR:2"))
    found = Instrument("x", "information", SAYS, ("JP", "KR"), False, (), (), rows, "sha256:0")
    assert Library([found]).equivalents("x", "JP:hi", "KR", "2020-01-01") == ("KR:1", "KR:2", "KR:3")
    assert Library([found]).equivalents("x", "JP:gokuhi", "KR", "2020-01-01") == ()
    assert Library([found]).equivalents("y", "JP:hi", "KR", "2020-01-01") == ()
