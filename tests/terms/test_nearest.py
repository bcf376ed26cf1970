"""The nearest valid word: found for a slip of the finger, left out where nothing is alike, and never long to find."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.terms.facts import ACTIONS, ACTIVITIES, CHANNELS, FACTS, SUPPLIES, WORDS
from gokei.terms.nations import BY_NAME, NATIONS
from gokei.terms.nearest import nearest

POOLS: dict[str, Iterable[str]] = {
    "facts": FACTS,
    "activities": ACTIVITIES,
    "supplies": SUPPLIES,
    "actions": ACTIONS,
    "channels": CHANNELS,
}


def slips(word: str) -> set[str]:
    """The word with one letter left out, twice, wrong, or two of them turned round."""
    found: set[str] = set()
    for at in range(len(word)):
        found |= {
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + "x" + word[at + 1 :],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        }
    return found


@pytest.mark.parametrize("pool", POOLS)
def test_a_slip_of_one_letter_leads_back_to_the_word(pool: str) -> None:
    words = [*POOLS[pool]]
    for word in (one for one in words if len(one) > 3):
        for slip in slips(word) - {*words}:
            assert nearest(slip, words) == word, slip


@pytest.mark.parametrize("pool", POOLS)
def test_a_word_is_nearest_to_itself_in_any_letter_case(pool: str) -> None:
    for word in POOLS[pool]:
        assert nearest(word, POOLS[pool]) == nearest(word.upper(), POOLS[pool]) == word


@pytest.mark.parametrize(
    ("word", "fact", "expected"),
    [
        ("ammo", "supply", "ammunition"), ("Fuel", "supply", "fuel"), ("fule", "supply", "fuel"),
        ("joint exercise", "activity", "joint_exercise"), ("piracy", "activity", "counter_piracy"),
        ("jp", "provider", "JP"), ("nato", "provider", "NATO"), ("highseas", "place", "high_seas"),
        ("us:ts", "clearance", "US:TS"), ("JP-kimitsu", "level", "JP:kimitsu"), ("None", "retransfer_to", "none"),
        ("suport", "kind", "support"), ("info", "kind", "information"), ("contracter", "release_to", "contractor"),
    ],
)  # fmt: skip
def test_what_people_write_leads_to_what_they_mean(word: str, fact: str, expected: str) -> None:
    assert nearest(word, WORDS[fact]) == expected


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("UK", "GB"), ("uk", "GB"), ("United Kingdom", "GB"), ("united_kingdom", "GB"), ("USA", "US"), ("Japan", "JP"),
        ("JAPAN", "JP"), ("jp", "JP"), ("Korea", "KR"), ("South  Korea", "KR"), ("ROK", "KR"), ("Australia", "AU"),
        ("eu", "EU"), ("Nato", "NATO"), ("NATOO", "NATO"), ("XX", None), ("QQ", None), ("JX", None), ("KX", None),
    ],
)  # fmt: skip
def test_a_nation_is_named_only_where_it_is_meant(word: str, code: str | None) -> None:
    assert nearest(word, WORDS["provider"]) == code
    assert nearest(word, WORDS["place"]) == code
    assert nearest(word, NATIONS) == code


def test_every_name_of_a_nation_leads_to_a_code() -> None:
    assert {*BY_NAME.values()} <= NATIONS
    assert not {name.upper() for name in BY_NAME} & NATIONS
    assert all(name == name.casefold().strip() for name in BY_NAME)


@pytest.mark.parametrize("word", ["", " ", "xyzzy", "燃料", "연료", "\x00", "12345", "<>"])
def test_where_nothing_is_alike_no_word_is_named(word: str) -> None:
    assert nearest(word, SUPPLIES) is None
    assert nearest(word, []) is None


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(sorted(POOLS)))
def test_what_is_named_is_always_a_valid_word(word: str, pool: str) -> None:
    found = nearest(word, POOLS[pool])
    assert found is None or found in POOLS[pool]


@pytest.mark.parametrize("word", ["a" * 10_000_000, "recipient" * 1_000_000, "ß" * 1_000_000, "provide_" * 1_000_000])
def test_a_long_word_takes_no_longer(word: str) -> None:
    began = time.process_time()
    nearest(word, FACTS)
    assert time.process_time() - began < 1
