"""The policy that the benchmarks share: Gokei, the slow reading, and the two bounds that its peers know all agree."""

from __future__ import annotations

import json
from collections import Counter

from gokei.law.library import Library
from gokei.terms.json_types import objects_of

from . import policy
from .oracle import bounds, exact

POLICY = policy.drawn()
LIBRARY = Library(policy.instruments(POLICY))
ASKED = policy.questions(4000, seed=11)
# Where some fact is unknown the three can part most easily: ask that far more often than chance does.
OPEN = [one for one in policy.questions(40_000, seed=12) if one["activity"] is None or one["supply"] is None]


def test_gokei_and_the_slow_reading_and_the_bounds_agree() -> None:
    verdicts: Counter[str] = Counter()
    for question in (*ASKED, *OPEN):
        answer = LIBRARY.answer(question)
        verdict, place = bounds(POLICY, question)
        assert answer["verdict"] == exact(POLICY, question) == verdict, json.dumps(question)
        verdicts[verdict] += 1
        if place is not None:
            cited = {one["instrument"] for name in ("because", "undecided") for one in objects_of(answer[name])}
            assert POLICY.agreements[place].name in cited, json.dumps(question)
    assert min(verdicts.values()) >= 30, verdicts
    assert len(verdicts) == 3


def test_the_policy_is_drawn_so_that_bounds_are_enough() -> None:
    for law in POLICY.laws:
        assert all(policy.ALWAYS_SUPPLIED in supplies for supplies in law.rows.values())
        assert not any(policy.NEVER_SUPPLIED in supplies for supplies in law.rows.values())
        assert {one for supplies in law.rows.values() for one in supplies} <= {*law.rows[policy.ALWAYS_ALLOWED]}
    for agreement in POLICY.agreements:
        assert policy.ALWAYS_ALLOWED in agreement.activities
        assert policy.ALWAYS_SUPPLIED in agreement.supplies
        assert agreement.undecided not in agreement.activities


def test_a_seed_gives_the_same_policy_and_the_same_questions() -> None:
    assert policy.drawn() == POLICY != policy.drawn(policy.SEED + 1)
    assert policy.questions(50, seed=11) == ASKED[:50]
    assert policy.instruments(policy.drawn()) == (*LIBRARY.instruments.values(),)
