"""Several undecided provisions of one instrument: each is decided by its own variant, and a default holds meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.terms.problems import BadInput, Problems
from tests.packs.asking import MET, packs

SAID = "says: {en: a, ja: b, ko: c}, source: {url: 'https://example.org', quality: draft}"
QUESTION = {"kind": "support", "on": "2020-01-01", "provider": "JP", "recipient": "KR"}


def draft(*undecided: str) -> Library:
    laws = "".join(f"- {{id: law {code}, effect: permit, law_of: {code}, {SAID}}}\n" for code in ("JP", "KR"))
    rules = "".join(f"- {{id: '{place}', effect: undecided, {one}, {SAID}}}\n" for place, one in enumerate(undecided))
    text = (
        "instrument: talk\nkind: support\ntitles: {en: a, ja: b, ko: c}\nparties: [JP, KR]\ndraft: true\n"
        f"provisions:\n{laws}{rules}"
    )
    return Library(load(compose([("talk.yaml", text.encode())])))


FUEL = "when: {supply: [fuel]}, variants: {fuel_in: permit, fuel_out: nothing}"
FOOD = "when: {supply: [food]}, variants: {food_in: permit, food_out: nothing}"
ROUNDS = "when: {supply: [ammunition]}, variants: {rounds_in: permit, rounds_out: nothing}, default: rounds_out"


def told(library: Library, supply: str, *assume: str) -> tuple[Any, Any]:
    answer = library.answer(QUESTION | {"supply": supply}, assume)
    return answer["verdict"], answer["undecided"]


def test_each_provision_is_decided_by_its_own_variant() -> None:
    library = draft(FUEL, FOOD)
    assert told(library, "food", "talk=fuel_in") == (
        "undetermined",
        [{"instrument": "talk", "provision": "1"}],
    )
    assert told(library, "food", "talk=fuel_in", "talk=food_in") == ("permitted", [])
    assert told(library, "fuel", "talk=fuel_out", "talk=food_in") == ("not_permitted", [])


def test_a_default_holds_until_another_variant_is_assumed() -> None:
    library = draft(FUEL, ROUNDS)
    assert told(library, "ammunition", "talk") == ("not_permitted", [])
    assert told(library, "ammunition", "talk=fuel_in") == ("not_permitted", [])
    assert told(library, "ammunition", "talk=rounds_in") == ("permitted", [])


def test_two_ways_at_once_are_refused_and_named() -> None:
    with pytest.raises(BadInput) as caught:
        draft(FUEL, FOOD).answer(QUESTION, ("talk=fuel_in", "talk=food_in", "talk=fuel_out"))
    assert caught.value.check == "assume-conflict"
    assert caught.value.params == {"name": "talk 0", "words": "fuel_in, fuel_out"}


def test_two_names_of_one_decision_go_together() -> None:
    library = draft("when: {supply: [fuel]}, variants: {fuel_in: permit, yes: permit, fuel_out: nothing}")
    assert told(library, "fuel", "talk=fuel_in", "talk=yes") == ("permitted", [])


@pytest.mark.parametrize("wrong", [FUEL + ", default: fuel_maybe", FUEL.replace("variants", "default: a, variant")])
def test_a_default_is_one_of_the_variants(wrong: str) -> None:
    with pytest.raises(Problems):
        draft(wrong)


def test_a_default_stands_in_undecided_provisions_only() -> None:
    with pytest.raises(Problems) as caught:
        load(compose([("talk.yaml", f"""
instrument: talk
kind: support
titles: {{en: a, ja: b, ko: c}}
parties: [JP, KR]
draft: true
provisions: [{{id: '1', effect: permit, default: a, {SAID}}}]
""".encode())]))  # fmt: skip
    assert "pack-field" in {problem.check for problem in caught.value.problems}


def test_what_a_draft_presumes_of_a_law_lets_nobody_in_but_its_other_party() -> None:
    """Japan's law names whom it may give to: what it would say of Korea is nothing to Australia."""
    asked = {"on": "2020-01-01", "provider": "JP", "recipient": "AU", **MET}
    for activity in ("ship_inspection", "armed_attack_situation", "international_peace_support", "joint_exercise"):
        for supply in ("weapons", "ammunition", "fuel", "training_services"):
            question = {"kind": "support", "activity": activity, "supply": supply, **asked}
            told = packs().answer(question)
            assumed = packs().answer(question, ("acsa-jp-kr", "acsa-jp-kr=ammunition_in"))
            assert assumed == told, question
