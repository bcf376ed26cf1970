"""A question that says whose information it is, and with whom, is answered from the agreements of these alone.

Held against all agreements compiled together: the answer is the same to the letter, but for the digest of the packs.
"""

from __future__ import annotations

import datetime
import random
from functools import cache
from typing import Any

import pytest

from gokei.law.bodies import information_matter
from gokei.law.determinations import Rests
from gokei.law.walks import Walk
from gokei.terms.canonical import digest
from gokei.terms.facts import ACTIONS, CHANNELS, FACTS
from gokei.terms.markings import LEVELS
from gokei.terms.question import read_question
from tests.nightly import examples
from tests.packs.asking import packs

DAYS = ("2010-01-01", "2013-06-01", "2015-06-01", "2017-06-01", "2024-05-01")
NATIONS = ("JP", "KR", "US", "GB", "FR", "NATO", "CA")
BOOLEANS = tuple(name for name, fact in FACTS.items() if fact.type == "boolean")
ASSUMED = ("isa-jp-fr-2011=as_ordered",)


@cache
def all_agreements(on: str, assume: tuple[str, ...]) -> Walk:
    matter = information_matter(
        packs().instruments.values(), None, None, datetime.date.fromisoformat(on), packs().assumed(assume)
    )
    return Walk(matter, Rests(assume, ""))


def question(chance: random.Random) -> dict[str, Any]:
    """Owner and action are stated mostly, the other nation often; the rest as it comes."""
    owner, other = chance.sample(NATIONS, 2)
    found: dict[str, Any] = {"kind": "information", "on": chance.choice(DAYS), "owner": owner}
    found["action"] = chance.choice(ACTIONS)
    found |= {"recipient": other} if found["action"] == "provide" else {"holder": other}
    more: dict[str, Any] = {"actor": chance.choice((owner, other, other)), "channel": chance.choice(CHANNELS)}
    if found["action"] == "visit" and chance.random() < 0.5:
        found |= {"holder": owner, "actor": other}
    more |= {"level": f"{owner}:{chance.choice(LEVELS[owner])}"} if owner in LEVELS else {}
    more["marked_on"] = chance.choice(("2012-01-01", "2014-12-10", "2019-01-01", "2022-01-01"))
    more |= {"purpose": "one", "provided_purpose": chance.choice(("one", "other"))}
    more |= {name: chance.random() < 0.8 for name in BOOLEANS}
    found |= {name: value for name, value in more.items() if chance.random() < 0.8}
    actor = found.get("actor")
    if actor in LEVELS and chance.random() < 0.8:
        found |= {"clearance": f"{actor}:{chance.choice(LEVELS[actor])}", "clearance_until": "2025-01-01"}
    for name in ("recipient", "holder", "action"):
        if chance.random() < 0.1:
            found.pop(name, None)
    return found


@pytest.mark.parametrize("assume", [(), ASSUMED], ids=("as it is", "with an assumption"))
def test_leaving_out_the_agreements_of_others_changes_no_answer(assume: tuple[str, ...]) -> None:
    chance = random.Random(11)
    for _ in range(examples(250)):
        asked = question(chance)
        indexed = dict(packs().answer(asked, assume))
        whole = dict(all_agreements(asked["on"], assume).answer(read_question(asked)))
        for answer in (indexed, whole):
            answer.pop("law"), answer.pop("assumed")
        assert indexed == whole, asked


def test_the_digest_is_of_the_packs_of_these_two_alone() -> None:
    asked = {"kind": "information", "on": "2026-06-01", "action": "provide", "owner": "JP", "recipient": "KR"}
    used = {
        one.id
        for one in packs().instruments.values()
        if (one.kind == "information" and one.binding and {"JP", "KR"} <= {*one.parties})
        or (one.about == "information" and one.parties[0] in {"JP", "KR"})
    }
    assert "gsomia-jp-kr-2016" in used
    held = {**asked, "action": "access", "holder": "KR"}
    for one in (asked, held):
        assert packs().answer(one)["law"] == digest({name: packs().instruments[name].content for name in used})


def test_nations_without_an_agreement_have_none() -> None:
    asked = {"kind": "information", "on": "2024-05-01", "action": "access", "owner": "KR", "holder": "FR"}
    assert packs().answer(asked)["ground"] == "no_agreement"


def test_what_no_turn_of_the_rest_makes_matter_is_not_missing() -> None:
    """Without a need neither access nor a visit to the owner is open, so no clearance can change the answer."""
    asked = {
        "kind": "information", "on": "2024-05-01", "owner": "JP", "holder": "KR", "recipient": "KR", "level": "JP:hi",
        "need_to_know": False,
    }  # fmt: skip
    answer = packs().answer(asked)
    assert answer["verdict"] == "undetermined"
    assert "action" in answer["missing"]
    assert {"clearance", "clearance_until", "on_register"}.isdisjoint(answer["missing"])
