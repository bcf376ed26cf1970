"""The sides of a comparison: what an instrument without a day stands for, and what is refused."""

from __future__ import annotations

import datetime

import pytest

from gokei.law.comparison.comparing import compare
from gokei.law.comparison.sides import last_day, read_side
from gokei.law.instruments import ALL_DAYS, Event, Instrument, Interval, Provision
from gokei.law.library import Library
from gokei.terms.problems import BadInput
from tests.law.papers import agreement, library, rule
from tests.law.worlds import SAYS, SOURCE


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def happened(event: str, on: str) -> Event:
    return Event(event, datetime.datetime.fromisoformat(f"{on}T00:00:00+00:00"), ("JP", "AU"), SOURCE)


def instrument(*events: Event, draft: bool = False, held: tuple[Interval, ...] = (ALL_DAYS,)) -> Instrument:
    provisions = tuple(
        Provision("x", str(place), "permit", SAYS, SOURCE, in_force=interval) for place, interval in enumerate(held)
    )
    return Instrument("x", "support", SAYS, ("JP", "AU"), draft, events, provisions, (), "sha256:0")


BEGAN = happened("in_force", "2010-01-01")
ENDED = happened("terminated", "2020-01-01")


@pytest.mark.parametrize(
    ("found", "last"),
    [
        (instrument(BEGAN), "2010-01-01"),
        (instrument(BEGAN, ENDED), "2019-12-31"),
        (instrument(BEGAN, held=(Interval(None, day("2015-05-05")),)), "2015-05-05"),
        (instrument(BEGAN, ENDED, held=(Interval(None, day("2015-05-05")),)), "2019-12-31"),
        (instrument(happened("signed", "2009-09-09")), "2009-09-09"),
        (instrument(happened("in_force", "0001-01-01")), "0001-01-01"),
        (instrument(), "9999-12-31"),
    ],
)
def test_without_a_day_an_instrument_stands_as_it_did_last(found: Instrument, last: str) -> None:
    assert last_day(found) == day(last)
    side = read_side(Library([found]), "x", (), "A")
    assert (side.on, side.dated, side.sort, side.parties) == (day(last), False, "support", ("JP", "AU"))
    assert side.as_json()["on"] is None


def test_an_instrument_without_a_day_is_taken_as_in_force_with_the_provisions_of_that_day() -> None:
    found = instrument(
        BEGAN, ENDED, held=(Interval(None, day("2015-05-05")), Interval(day("2015-05-05"), None), ALL_DAYS)
    )
    side = read_side(Library([found]), "x", (), "A")
    assert {*side.matters} == {("JP", "AU"), ("AU", "JP")}
    for matter in side.matters.values():
        (body,) = matter.agreements
        assert body.in_force
        assert [one.provision.id for one in body.rules] == ["1", "2"]
        assert matter.laws == ()
    dated = read_side(Library([found]), "x@2020-01-01", (), "A")
    assert dated.as_json()["on"] == "2020-01-01"
    assert not any(matter.agreements[0].in_force for matter in dated.matters.values())


def test_a_draft_is_taken_as_in_force_with_all_its_provisions() -> None:
    found = instrument(draft=True, held=(Interval(None, day("2015-05-05")), ALL_DAYS))
    for name in ("x", "x@2020-01-01"):
        side = read_side(Library([found]), name, (), "A")
        (body,) = side.matters["JP", "AU"].agreements
        assert body.in_force
        assert [one.provision.id for one in body.rules] == ["0", "1"]


def test_a_side_says_which_assumptions_are_its_own() -> None:
    open_ = rule("2", "undecided", "variants: {in: permit, out: nothing}")
    held = library(agreement("a", rule("1"), open_), agreement("b", rule("1"), open_))
    assert read_side(held, "a", ("a=in", "b=out"), "A").as_json()["assumed"] == ["a=in"]
    assert read_side(held, "JP>AU@2020-01-01", ("a=in", "b=out"), "A").as_json()["assumed"] == ["a=in", "b=out"]
    assert read_side(held, "JP>AU@2020-01-01", (), "A").as_json()["kind"] == "pair"


@pytest.mark.parametrize(
    ("text", "check", "params"),
    [
        ("JP>AU", "compare-side", {"field": "A", "value": "JP>AU"}),
        ("JP>JP@2020-01-01", "fact-contradiction", {"value": "JP"}),
        ("law-jp", "compare-law", {"name": "law-jp"}),
        ("@2020-01-01", "compare-side", {"field": "A", "value": "@2020-01-01"}),
        ("a@", "compare-side", {"field": "A", "value": "a@"}),
    ],
)
def test_what_is_no_side_is_refused_and_named(text: str, check: str, params: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        read_side(library(agreement("a", rule("1"))), text, (), "A")
    assert (caught.value.check, caught.value.params, caught.value.field) == (check, params, "A")


def test_each_side_is_refused_by_its_own_name() -> None:
    held = library(agreement("a", rule("1")))
    for sides, field in ((("a", "JP>AU"), "B"), (("JP>AU", "a"), "A")):
        with pytest.raises(BadInput) as caught:
            compare(held, *sides)
        assert caught.value.field == field


def test_agreements_of_other_nations_are_not_compared() -> None:
    held = library(
        agreement("a", rule("1")),
        agreement("none-shared", rule("1"), parties="[US, KR]"),
        agreement("of-three", rule("1"), parties="[JP, US, GB]"),
        nations=("JP", "AU", "US", "KR", "GB"),
    )
    for one, other in (("a", "none-shared"), ("a", "of-three"), ("of-three", "a")):
        with pytest.raises(BadInput) as caught:
            compare(held, one, other)
        assert (caught.value.check, caught.value.params) == ("compare-parties", {"a": one, "b": other})
