"""The interview: it ends where the fully stated question ends, and asks nothing in vain."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gokei.law.instruments import Instrument
from gokei.law.interview import Asked, Turn, question, turn
from gokei.law.library import Library
from gokei.node.packs import open_library
from gokei.terms.facts import FACTS
from gokei.terms.markings import nation_of
from gokei.terms.problems import BadInput
from gokei.terms.question import FactValue
from tests.law.worlds import ASKED, DAY, DOMAINS, allowed, completions, undecided_of, worlds
from tests.nightly import examples

Facts = dict[str, FactValue]
Stated = dict[str, "FactValue | None"]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def true_worlds(draw: st.DrawFn) -> Facts:
    return {name: draw(st.sampled_from(DOMAINS[name])) for name in ASKED}


def run(
    library: Library,
    start: Stated,
    reply: Callable[[Asked], FactValue | None],
    assume: tuple[str, ...] = (),
    seen: Callable[[Turn, Stated], None] = lambda _turn, _stated: None,
) -> tuple[Turn, Stated]:
    """An interview to its end; no fact is asked twice, and never more than were missing."""
    stated = dict(start)
    now = turn(library, stated, assume)
    while now.asked is not None:
        seen(now, stated)
        assert now.asked.fact not in stated
        stated[now.asked.fact] = reply(now.asked)
        left, now = now.left, turn(library, stated, assume)
        assert now.asked is None or not left or now.left < left, "a question brings the end nearer"
    return now, stated


@settings(max_examples=examples(60), deadline=None, suppress_health_check=SLOW)
@given(worlds(), true_worlds(), st.sets(st.sampled_from(ASKED), max_size=2))
def test_an_interview_ends_as_the_whole_question_does(
    world: tuple[Instrument, ...], truth: Facts, unknown: set[str]
) -> None:
    library, drafts = Library(world), tuple(one.id for one in world if one.draft)
    frame: Stated = {"kind": "support", "on": DAY.isoformat(), "provider": "JP", "recipient": "AU"}
    whole = {**frame, **{name: value for name, value in truth.items() if name not in unknown}}
    undecided = undecided_of(world)

    def matters(now: Turn, stated: Stated) -> None:
        assert now.asked is not None
        known = {name: value for name, value in stated.items() if name in ASKED and value is not None}
        seen: dict[object, bool] = {}
        for values in completions(known, undecided):
            rest = tuple(sorted((other, value) for other, value in values.items() if other != now.asked.fact))
            if seen.setdefault(rest, allowed(world, values)) is not allowed(world, values):
                return
        raise AssertionError(f"{now.asked.fact} cannot turn the verdict")

    def reply(asked: Asked) -> FactValue | None:
        return None if asked.fact in unknown else truth[asked.fact]

    end, stated = run(library, frame, reply, drafts, matters)
    expected = library.answer(whole, drafts)
    assert end.answer is not None
    assert end.answer["verdict"] == expected["verdict"]
    # Of a no, more facts can make certain an earlier ground beside the one that was enough.
    if expected["verdict"] != "not_permitted":
        assert end.answer["ground"] == expected["ground"]
    assert end.answer["missing"] == expected["missing"]
    assert library.answer(question(stated), drafts) == end.answer
    first = library.answer(frame, drafts)["missing"]
    assert isinstance(first, list)
    assert len(stated) - len(frame) <= len(first)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=SLOW)
@given(worlds(), true_worlds())
def test_the_choices_are_classes_that_lead_apart(world: tuple[Instrument, ...], truth: Facts) -> None:
    library, drafts = Library(world), tuple(one.id for one in world if one.draft)
    undecided = undecided_of(world)

    def function(known: Mapping[str, FactValue]) -> tuple[bool, ...]:
        return tuple(allowed(world, values) for values in completions(dict(known), undecided))

    def look(now: Turn, stated: Stated) -> None:
        assert now.asked is not None
        known = {name: value for name, value in stated.items() if name in ASKED and value is not None}
        of_class: dict[FactValue, int] = {
            value: place for place, values in enumerate(now.asked.classes) for value in values
        }
        by_class: dict[int, tuple[bool, ...]] = {}
        for value in DOMAINS[now.asked.fact]:
            found = function({**known, now.asked.fact: value})
            assert by_class.setdefault(of_class[value], found) == found, "values of one class lead to the same"
        assert len(set(by_class.values())) == len(by_class), "two classes never lead to the same"
        assert {*now.asked.offered} | {*now.asked.others} == {*of_class}

    frame: Stated = {"kind": "support", "on": DAY.isoformat(), "provider": "JP", "recipient": "AU"}
    run(library, frame, lambda asked: truth[asked.fact], drafts, look)


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def drawn(chance: random.Random, asked: Asked) -> FactValue:
    """A value for a fact of the real packs, the offered ones more often than any other."""
    if asked.type == "date":
        return chance.choice(["2016-12-01", "2018-06-01", "2025-01-01"])
    if asked.type == "text":
        return chance.choice(["exercise", "planning"])
    return chance.choice([*asked.offered] * 4 + [*asked.others[:40]])


@pytest.mark.parametrize("seed", range(examples(25)))
@pytest.mark.parametrize("kind", ["support", "information"])
def test_interviews_over_the_real_packs(library: Library, kind: str, seed: int) -> None:
    chance = random.Random(f"{kind} {seed}")
    assume = ("acsa-jp-kr",) if seed % 3 == 0 else ()
    start: Stated = {"kind": kind, "on": chance.choice(["2012-06-01", "2017-09-07", "2019-11-23", "2026-01-01"])}
    if kind == "support":
        start["provider"], start["recipient"] = chance.choice(["JP AU", "AU JP", "JP US", "US JP", "JP KR"]).split()
    truth: Facts = {}
    missing: list[int] = []

    def reply(asked: Asked) -> FactValue | None:
        if chance.random() < 0.15:
            return None
        truth[asked.fact] = drawn(chance, asked)
        return truth[asked.fact]

    def look(now: Turn, stated: Stated) -> None:
        assert now.answer is not None
        assert now.asked is not None
        open_ = now.answer["missing"]
        assert isinstance(open_, list)
        assert now.asked.fact in open_
        missing.append(len(open_))
        if None not in stated.values():
            assert now.asked.fact == now.answer["ask_next"]

    end, stated = run(library, start, reply, assume, look)
    assert end.answer is not None
    assert len(stated) - len(start) <= max(missing, default=0)
    assert library.answer(question(stated), assume) == end.answer
    # Whatever else is true of the world, it changes nothing any more.
    rest = {name: value for name, value in whole_world(chance, kind).items() if name not in stated}
    try:
        whole = library.answer({**rest, **question(stated)}, assume)
    except BadInput:
        return
    assert whole["verdict"] == end.answer["verdict"]


def whole_world(chance: random.Random, kind: str) -> Facts:
    """Every fact of the kind, at random; of markings none, which would have to fit their nations."""
    found: Facts = {}
    for name, fact in FACTS.items():
        if fact.type == "boolean":
            found[name] = chance.random() < 0.5
        elif fact.type == "code" and name not in {"kind"}:
            found[name] = chance.choice(fact.codes)
    if kind == "support":
        found["place"] = chance.choice(["JP", "AU", "high_seas"])
    return found


def test_the_frame_is_asked_first(library: Library) -> None:
    order: list[str] = []

    def reply(asked: Asked) -> FactValue | None:
        order.append(asked.fact)
        known: Facts = {"kind": "support", "on": "2018-01-01", "provider": "JP", "recipient": "US"}
        return known.get(asked.fact)

    end, _ = run(library, {}, reply)
    assert order[:4] == ["kind", "on", "provider", "recipient"]
    assert end.answer is not None
    assert end.answer["verdict"] == "undetermined"
    asked = turn(library, {"kind": "support", "on": "2018-01-01", "provider": "US"}).asked
    assert asked is not None
    assert "JP" in asked.offered
    assert asked.required
    assert "US" not in asked.others


def test_a_level_is_offered_of_its_owner_alone(library: Library) -> None:
    def reply(asked: Asked) -> FactValue | None:
        if asked.fact in {"level", "clearance"}:
            whose = {"level": "JP", "clearance": "KR"}[asked.fact]
            assert {nation_of(str(value)) for value in (*asked.offered, *asked.others)} == {whose}
        return {"owner": "JP", "actor": "KR", "holder": "KR", "action": "access"}.get(asked.fact)

    run(library, {"kind": "information", "on": "2018-01-01"}, reply)
