"""A walk looks at as few facts as it can, and forgets what the answer will not cite: it must not show in any answer.

Held against the plain reading, which looks at every fact, one after the other, and forgets nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gokei.law.determinations import PARTS, Rests, State, determine
from gokei.law.forgetting import Wanted
from gokei.law.instruments import Instrument
from gokei.law.library import Library
from gokei.law.matters import Matter
from gokei.law.walks import Walk
from gokei.terms.facts import ACTIVITIES, FACTS, SUPPLIES
from gokei.terms.question import FactValue, read_question
from tests.law import test_index
from tests.law.test_exact import partial_facts
from tests.law.worlds import DAY, worlds
from tests.nightly import examples
from tests.packs.asking import packs

RESTS = Rests((), "")
BOOLEANS = tuple(name for name, fact in FACTS.items() if fact.type == "boolean")
PAIRS = (("JP", "AU"), ("AU", "JP"), ("JP", "US"), ("US", "JP"), ("JP", "KR"), ("KR", "JP"), ("JP", "GB"), ("US", "KR"))


def whole_state(matter: Matter, facts: Mapping[str, FactValue]) -> State:
    """What every probe says, in their order, of cases that nothing ruled out before."""
    dead, open_ = 0, 0
    unknown: list[str] = []
    permits = [body.masks.get("permit", 0) for body in matter.bodies]
    last: list[tuple[int, int] | None] = [None if mask else (0, 0) for mask in permits]
    for place, probe in enumerate(matter.probes):
        if not probe.touches & ~dead:
            continue
        if not all(fact in facts for fact in probe.facts):
            open_ |= probe.touches
            unknown += [fact for fact in probe.facts if fact not in facts and fact not in unknown]
            continue
        before, dead = dead, dead | probe.rules_out(facts)
        for number, mask in enumerate(permits):
            if last[number] is None and not mask & ~dead:
                last[number] = (place + 1, mask & ~before)
    alive = matter.whole & ~dead
    asked = {fact for probe in matter.probes if probe.touches & alive for fact in probe.facts}
    end = len(matter.probes) + 1
    held = tuple(found or (end, alive & mask) for found, mask in zip(last, permits, strict=True))
    return State(alive & ~open_, alive & open_, tuple(fact for fact in unknown if fact in asked), facts, held)


def check(matter: Matter, walks: Mapping[Wanted, Walk], facts: dict[str, FactValue]) -> None:
    whole = determine(matter, whole_state(matter, facts), RESTS)
    assert walks[Wanted.ANSWER].answer(facts) == whole, facts
    assert walks[Wanted.ANSWER].verdict(facts) == (whole["verdict"], whole["ground"])
    for wanted, parts in PARTS.items():
        assert walks[wanted].answer(facts) == {name: whole[name] for name in parts}, (wanted, facts)


def walks_of(matter: Matter) -> dict[Wanted, Walk]:
    return {wanted: Walk(matter, RESTS, wanted) for wanted in Wanted}


@settings(
    max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), partial_facts())
def test_what_is_forgotten_shows_in_no_answer(world: tuple[Instrument, ...], stated: dict[str, FactValue]) -> None:
    facts: dict[str, FactValue] = {
        "kind": "support", "on": DAY.isoformat(), "provider": "JP", "recipient": "AU", **stated,
    }  # fmt: skip
    matter = Library(world).matter(facts, tuple(one.id for one in world if one.draft))
    check(matter, walks_of(matter), facts)


def support_question(chance: random.Random) -> dict[str, Any]:
    provider, recipient = chance.choice(PAIRS)
    more: dict[str, Any] = {
        "activity": chance.choice(ACTIVITIES),
        "supply": chance.choice(SUPPLIES),
        "place": chance.choice(("JP", "AU", "US", "high_seas")),
        "retransfer_to": chance.choice(("none", "none", "GB")),
    }
    more |= {name: chance.random() < 0.6 for name in BOOLEANS}
    stated = chance.choice((1.0, 0.9, 0.6, 0.2))
    day = f"{chance.randint(1995, 2026)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    return {"kind": "support", "on": day, "provider": provider, "recipient": recipient} | {
        name: value for name, value in more.items() if chance.random() < stated
    }


@pytest.mark.parametrize("assume", [(), ("acsa-jp-kr", "acsa-jp-kr=periphery_in")], ids=("as it is", "assumed"))
def test_over_the_packs_support_is_answered_as_by_the_plain_reading(assume: tuple[str, ...]) -> None:
    chance = random.Random(5)
    walks: dict[int, tuple[Matter, dict[Wanted, Walk]]] = {}
    for _ in range(examples(700)):
        facts = read_question(support_question(chance))
        shared = id(packs().walk(facts, assume))
        if shared not in walks:
            matter = packs().matter(facts, assume)
            walks[shared] = matter, walks_of(matter)
        check(*walks[shared], facts)


def test_over_the_packs_information_is_answered_as_by_the_plain_reading() -> None:
    chance = random.Random(6)
    walks: dict[int, tuple[Matter, dict[Wanted, Walk]]] = {}
    for _ in range(examples(300)):
        facts = read_question(test_index.question(chance))
        shared = id(packs().walk(facts))
        if shared not in walks:
            matter = packs().matter(facts)
            walks[shared] = matter, walks_of(matter)
        check(*walks[shared], facts)


def test_a_walk_meets_fewer_ends_the_less_is_wanted() -> None:
    """Otherwise nothing is forgotten, and the test above holds nothing."""
    chance = random.Random(7)
    facts = [{**support_question(chance), "provider": "JP", "recipient": "AU", "on": "2020-01-01"} for _ in range(400)]
    matter = packs().matter(read_question(facts[0]))
    ends = {}
    for wanted, walk in walks_of(matter).items():
        ends[wanted] = len({id(walk.leaf(read_question(one))) for one in facts})
    assert ends[Wanted.VERDICT] < ends[Wanted.REASONS] <= ends[Wanted.ANSWER]
