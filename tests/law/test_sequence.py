"""An answer is a function of its question: what was asked before moves nothing, in whatever order."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from gokei.law.library import Library
from gokei.node.packs import open_library
from gokei.terms.facts import ACTIONS, CHANNELS, MARKINGS
from gokei.terms.markings import nation_of
from tests.nightly import examples

PARTIES = ("JP", "KR", "US", "GB")
BOOLEANS = (
    "need_to_know", "on_register", "assurances_recorded", "owner_consents", "person_cleared_for_translation",
    "contractor_conditions_met", "inspection_current", "receipt_expected", "written",
)  # fmt: skip


def question(chance: random.Random) -> dict[str, Any]:
    """A question about information with some of its facts left out."""
    owner, holder, actor = chance.choice(PARTIES[:2]), chance.choice(PARTIES), chance.choice(PARTIES)
    whole: dict[str, Any] = {
        "action": chance.choice(ACTIONS), "owner": owner, "holder": holder, "recipient": holder, "actor": actor,
        "level": chance.choice([one for one in MARKINGS if nation_of(one) == owner]),
        "clearance": chance.choice([one for one in MARKINGS if nation_of(one) == actor]),
        "marked_on": f"{chance.randint(2013, 2020)}-01-01", "clearance_until": "2025-01-01",
        "purpose": chance.choice("ab"), "provided_purpose": chance.choice("ab"),
        "release_to": chance.choice(["US", "contractor"]), "channel": chance.choice(CHANNELS),
        **{name: chance.random() < 0.7 for name in BOOLEANS},
    }  # fmt: skip
    stated = chance.choice((0.9, 0.7, 0.4))
    kept = {name: value for name, value in whole.items() if chance.random() < stated}
    return {"kind": "information", "on": f"{chance.randint(2016, 2026)}-05-05", **kept}


@cache
def packs() -> Library:
    return open_library()


def test_what_was_asked_before_moves_no_answer() -> None:
    chance = random.Random(20161123)
    questions = [question(chance) for _ in range(examples(300))]
    one, other = Library(packs().instruments.values()), Library(packs().instruments.values())
    forwards = [one.answer(asked) for asked in questions]
    backwards = [other.answer(asked) for asked in reversed(questions)][::-1]
    assert forwards == backwards
    for asked, answer in list(zip(questions, forwards, strict=True))[::10]:
        assert Library(packs().instruments.values()).answer(asked) == answer
