"""What a comparison of small, plain agreements says, word for word: classes, counts, examples, what each rests on."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from gokei.law.comparison.comparing import compare
from gokei.law.library import Library
from gokei.terms.facts import SUPPLIES
from tests.law.papers import agreement, library, rule

FUEL = "when: {supply: [fuel]}"
THREE = "[JP, AU, US]"
NO, YES = "not_permitted", "permitted"


def said(found: Any) -> list[tuple[Any, ...]]:
    """The sentences: how the answer changes, what they restrict, and the choices they leave."""
    return [
        (one["from"], one["to"], one["facts"], [[part["facts"] for part in choice] for choice in one["choices"]])
        for one in found["sentences"]
    ]


def counted(found: Any) -> list[tuple[int, int]]:
    """Of each cube its sentence and its questions."""
    return [(one["sentence"], one["questions"]) for one in found["cubes"]]


def example(cube: Any) -> dict[str, Any]:
    return {name: value for name, value in cube["example"].items() if name != "kind"}


def rests(cube: Any) -> list[tuple[str, list[str]]]:
    """The ground and the provisions of the answer before and after."""
    return [
        (one["ground"], [f"{part['instrument']} {part['provision']}" for part in one["provisions"]])
        for one in (cube["basis"]["from"], cube["basis"]["to"])
    ]


def two(*, a: tuple[str, ...], b: tuple[str, ...], parties: str = "[JP, AU]") -> Library:
    return library(agreement("a", *a, parties=parties), agreement("b", *b, parties=parties), nations=("JP", "AU", "US"))


def test_what_is_lost_and_what_is_gained_is_said_and_counted() -> None:
    held = library(
        agreement("a", rule("1", "permit", "when: {supply: [fuel, food]}")),
        agreement(
            "b", rule("1", "permit", "when: {supply: [fuel], requested: true}"),
            rule("2", "permit", "when: {supply: [water]}"),
        ),
    )  # fmt: skip
    found: Any = compare(held, "a", "b")
    assert said(found) == [
        (YES, NO, {"supply": ["food"]}, []),
        (YES, NO, {"supply": ["fuel"], "requested": [False]}, []),
        (NO, YES, {"supply": ["water"]}, []),
    ]
    # Four kinds of supply, requested or not, in two directions.
    assert found["counts"] == {"differ": 10, "of": 16}
    assert counted(found) == [(0, 4), (1, 2), (2, 4)]
    assert [one["cubes"] for one in found["sentences"]] == [1, 1, 1]
    assert example(found["cubes"][1]) == {"provider": "JP", "recipient": "AU", "supply": "fuel", "requested": False}
    assert [rests(one) for one in found["cubes"]] == [
        [("granted", ["a 1"]), ("out_of_scope", ["b 1", "b 2"])],
        [("granted", ["a 1"]), ("out_of_scope", ["b 1"])],
        [("out_of_scope", ["a 1"]), ("granted", ["b 2"])],
    ]


def test_a_pair_of_nations_is_compared_with_its_laws_and_for_its_direction() -> None:
    held = library(agreement("a", rule("1", "permit", FUEL), since="2010-01-01"))
    found: Any = compare(held, "JP>AU@2009-12-31", "JP>AU@2010-01-01", grounds=True)
    assert found["a"] == {
        "named": "JP>AU@2009-12-31", "kind": "pair", "parties": ["JP", "AU"], "on": "2009-12-31", "instrument": None,
        "assumed": [],
    }  # fmt: skip
    others = [one for one in SUPPLIES if one != "fuel"]
    assert said(found) == [(NO, NO, {"supply": others}, []), (NO, YES, {"supply": ["fuel"]}, [])]
    assert [one.get("from_ground") for one in found["sentences"]] == ["not_in_force", None]
    assert [one.get("to_ground") for one in found["sentences"]] == ["out_of_scope", None]
    assert found["counts"] == {"differ": 2, "of": 2}
    assert rests(found["cubes"][1]) == [("not_in_force", ["a 1"]), ("granted", ["a 1", "law-jp 1", "law-au 1"])]


def test_an_agreement_says_what_it_is_compared_as() -> None:
    held = two(a=(rule("1", "permit", FUEL),), b=(rule("1"),))
    found: Any = compare(held, "a", "b@2020-01-01")
    sides = [
        (one["named"], one["kind"], one["instrument"], one["on"], one["parties"]) for one in (found["a"], found["b"])
    ]
    assert sides == [
        ("a", "support", "a", None, ["JP", "AU"]),
        ("b@2020-01-01", "support", "b", "2020-01-01", ["JP", "AU"]),
    ]
    assert found["grounds"] is False


def test_a_place_that_is_the_recipients_in_both_directions_is_said_once() -> None:
    held = two(
        a=(rule("1", "permit", "when: {place: [recipient]}"),), b=(rule("1", "permit", "when: {place: [provider]}"),)
    )
    found: Any = compare(held, "a", "b")
    assert said(found) == [(YES, NO, {"place": ["recipient"]}, []), (NO, YES, {"place": ["provider"]}, [])]
    assert counted(found) == [(0, 2), (1, 2)]
    assert [example(one)["place"] for one in found["cubes"]] == ["AU", "JP"]


def test_each_fact_is_in_roles_for_itself() -> None:
    """The place is the recipient's whoever that is, while what is handed on goes to Japan in both directions."""
    held = two(
        a=(rule("1", "permit", "when: {place: [recipient], retransfer_to: [JP]}"),), b=(rule("1", "permit", FUEL),)
    )
    found: Any = compare(held, "a", "b")
    others = [one for one in SUPPLIES if one != "fuel"]
    assert said(found) == [
        (YES, NO, {"supply": others, "place": ["recipient"], "retransfer_to": ["JP"]}, []),
        (NO, YES, {"supply": ["fuel"]}, [[{"place": {"not": ["recipient"]}}, {"retransfer_to": {"not": ["JP"]}}]]),
    ]
    assert found["counts"] == {"differ": 8, "of": 16}
    assert counted(found) == [(0, 2), (1, 4), (1, 2)]
    held = two(
        a=(rule("1", "permit", "when: {place: [JP], retransfer_to: [recipient]}"),), b=(rule("1", "permit", FUEL),)
    )
    assert said(compare(held, "a", "b"))[0] == (
        YES, NO, {"supply": others, "place": ["JP"], "retransfer_to": ["recipient"]}, [],
    )  # fmt: skip


def test_of_three_parties_each_direction_says_who_gives_and_who_gets() -> None:
    held = two(
        a=(rule("1", "permit", FUEL), rule("2", "prohibit", "when: {place: [US]}")),
        b=(rule("1", "permit", FUEL),),
        parties=THREE,
    )
    found: Any = compare(held, "a", "b")
    assert said(found) == [(NO, YES, {"supply": ["fuel"], "place": ["US"]}, [])]
    assert counted(found) == [(0, 6)]
    held = two(
        a=(rule("1", "permit", FUEL), rule("2", "prohibit", "when: {place: [US]}")),
        b=(rule("1", "permit", FUEL), rule("2", "permit", "when: {place: [recipient]}")),
        parties=THREE,
    )
    directions = {
        (one["facts"]["provider"][0], one["facts"]["recipient"][0]) for one in compare(held, "a", "b")["cubes"]
    }
    assert directions == {*permutations(("JP", "AU", "US"), 2)}


def test_with_different_partners_only_the_shared_nation_is_said() -> None:
    held = library(
        agreement("a", rule("1", "permit", FUEL)),
        agreement("b", rule("1", "permit", "when: {supply: [fuel], requested: true}"), parties="[US, JP]"),
        nations=("JP", "AU", "US"),
    )
    found: Any = compare(held, "a", "b")
    assert said(found) == [(YES, NO, {"supply": ["fuel"], "requested": [False]}, [])]
    assert example(found["cubes"][0]) == {"provider": "JP", "supply": "fuel", "requested": False}
    assert rests(found["cubes"][0]) == [("granted", ["a 1"]), ("out_of_scope", ["b 1"])]


def test_one_condition_may_stand_beside_two_that_hold_together() -> None:
    more = "when: {supply: [fuel], any: [{requested: true}, {place: JP, co_located: true}]}"
    weapons = rule("1", "permit", "when: {supply: [weapons]}")
    found: Any = compare(two(a=(weapons,), b=(weapons, rule("2", "permit", more))), "a", "b")
    together = [{"place": ["JP"], "co_located": [True]}, {"requested": [True]}]
    assert said(found) == [(NO, YES, {"supply": ["fuel"]}, [together])]
    assert counted(found) == [(0, 8), (0, 2)]
    assert found["sentences"][0]["cubes"] == 2


def test_what_the_parties_have_yet_to_decide_is_said_as_they_would_decide_it() -> None:
    open_ = rule("2", "undecided", "when: {supply: [water]}, variants: {in: permit, out: nothing}")
    held = two(a=(rule("1", "permit", FUEL),), b=(rule("1", "permit", FUEL), open_))
    found: Any = compare(held, "a", "b")
    assert found["sentences"][0]["undecided"] == [{"instrument": "b", "provision": "2", "decided": ["in"]}]
    assert found["counts"] == {"differ": 2, "of": 12}
    assert example(found["cubes"][0]) == {"provider": "JP", "recipient": "AU", "supply": "water"}
    decided: Any = compare(held, "a", "b", (), ("b=in",))
    assert decided["sentences"][0]["undecided"] == []
    assert decided["counts"] == {"differ": 2, "of": 6}
    assert (decided["a"]["assumed"], decided["b"]["assumed"]) == ([], ["b=in"])


def test_what_is_the_same_in_both_directions_is_counted_together_though_the_places_are_told_apart_otherwise() -> None:
    """From Japan to Australia three places are told apart, from Australia to Japan two."""
    both = (
        rule("2", "permit", "when: {supply: [food], place: [recipient]}"),
        rule("3", "permit", "when: {supply: [water], place: [JP]}"),
    )
    found: Any = compare(two(a=(rule("1", "permit", FUEL), *both), b=both), "a", "b")
    assert said(found) == [(YES, NO, {"supply": ["fuel"]}, [])]
    assert counted(found) == [(0, 5)]


def test_what_each_direction_rests_on_may_differ() -> None:
    """In Australia another provision stands against it than in Japan; said is that it is the recipient's place."""
    here = rule("1", "permit", "when: {place: [recipient]}")
    against = (rule("2", "prohibit", "when: {place: [JP]}"), rule("3", "prohibit", "when: {place: [AU]}"))
    found: Any = compare(two(a=(here,), b=(here, *against)), "a", "b")
    assert said(found) == [(YES, NO, {"place": ["recipient"]}, [])]
    assert counted(found) == [(0, 2)]
    assert rests(found["cubes"][0]) == [("granted", ["a 1"]), ("prohibited", ["b 3"])]


def test_what_is_said_of_all_places_stands_beside_what_is_said_of_the_recipients() -> None:
    kept = rule("1", "permit", "when: {supply: [weapons]}")
    a = (kept, rule("2", "permit", FUEL), rule("3", "permit", "when: {supply: [food], place: [recipient]}"))
    found: Any = compare(two(a=a, b=(kept,)), "a", "b")
    assert said(found) == [
        (YES, NO, {"supply": ["fuel"]}, []),
        (YES, NO, {"supply": ["food"], "place": ["recipient"]}, []),
    ]
    assert found["counts"]["differ"] == sum(one["questions"] for one in found["cubes"])
