"""Two states of the law compared, against brute force: every complete question tried on both, one by one."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gokei.faces.differences import spoken
from gokei.law.comparison.comparing import compare, compare_sides
from gokei.law.comparison.sides import Side, last_day, read_side
from gokei.law.conditions import ALWAYS, All, Compare, Condition, Member, truth_of
from gokei.law.instruments import Instrument, Interval, Provision
from gokei.law.library import Library
from gokei.law.roles import resolve
from gokei.terms.facts import ACTIONS, ACTIVITIES, CHANNELS, FACTS, SUPPLIES
from gokei.terms.markings import LEVELS
from gokei.terms.problems import BadInput
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth
from tests.law.worlds import DAY, SAYS, SOURCE, allowed, completions, undecided_of, worlds
from tests.nightly import examples
from tests.packs.asking import packs

Facts = dict[str, FactValue]
World = tuple[Instrument, ...]


# Reading a comparison as a machine does


def says(words: Any, fact: str, facts: Mapping[str, FactValue], on: str | None = None) -> bool:
    """Whether what a cube says of a fact holds."""
    value = facts.get(fact)
    match words:
        case list():
            return value in [facts[word] if word in {"provider", "recipient"} else word for word in words]
        case {"any": ways}:
            return any(says(one, fact, facts, on) for one in ways)
        case {"all": ways}:
            return all(says(one, fact, facts, on) for one in ways)
        case {"not": list(listed)}:
            return not says(listed, fact, facts, on)
        case {"not": inner}:
            return not says(inner, fact, facts, on)
        case {"same_as": other}:
            return value == facts.get(other)
        case {"covers": other, "reaches": table}:
            return facts[other] in table.get(value, ())
        case {"covers": other}:
            return (value, facts[other]) in COVERED
        case _:
            days = {order: str(on) if day == "on" else str(day) for order, day in words.items()}
            return str(value) >= days.get("on_or_after", "") and ("before" not in days or str(value) < days["before"])


def inside(one: Any, facts: Mapping[str, FactValue], decided: Mapping[str, FactValue], on: str | None = None) -> bool:
    """Whether a question lies in a cube, or in a sentence with all its choices."""
    return (
        all(says(words, fact, facts, on) for fact, words in one["facts"].items())
        and all(
            decided[f"{part['instrument']} {part['provision']}"] in part["decided"] for part in one["undecided"]
        )
        and all(any(inside(part, facts, decided, on) for part in choice) for choice in one.get("choices", []))
    )  # fmt: skip


def held_by(found: Any, facts: Mapping[str, FactValue], decided: Mapping[str, FactValue], on: str | None = None) -> Any:
    """How the answer differs, as the cubes say it and as the sentences say it; None where they say nothing."""
    told = []
    for kind in ("cubes", "sentences"):
        changes = {
            (one["from"], one["to"], one.get("from_ground"), one.get("to_ground"))
            for one in found[kind]
            if inside(one, facts, decided, on)
        }
        assert len(changes) <= 1
        told.append(changes.pop() if changes else None)
    assert told[0] == told[1]
    return told[0]


# Generated worlds


def verdict(yes: bool) -> str:
    return "permitted" if yes else "not_permitted"


def ground(world: World, values: Mapping[str, FactValue]) -> str:
    """The first reason that alone makes it a no, on facts that are all known."""
    roles = {"provider": "JP", "recipient": "AU"}

    def holds(condition: Condition) -> bool:
        return truth_of(resolve(condition, roles, ()), values) is Truth.TRUE

    def some(one: Instrument, effect: str) -> bool:
        for part in one.provisions:
            turned = part.effect
            if turned == "undecided":
                turned = {"included": "permit", "barred": "prohibit"}.get(str(values[f"{one.id} {part.id}"]), "oblige")  # type: ignore[assignment]
            if turned == effect and holds(part.when):
                return True
        return False

    left = [one for one in world if one.kind == "support"]
    laws = [one for one in world if one.kind == "law"]
    for name, effect, wanted in (("prohibited", "prohibit", False), ("out_of_scope", "permit", True)):
        left = [one for one in left if some(one, effect) is wanted]
        if not left:
            return name
    if not all(some(one, "permit") and not some(one, "prohibit") for one in laws):
        return "national_law"
    return "granted" if allowed(world, values) else "condition_not_met"


def side(world: World) -> Side:
    drafts = tuple(one.id for one in world if one.draft)
    return read_side(Library(world), f"JP>AU@{DAY.isoformat()}", drafts, "A")


@settings(
    max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), worlds())
def test_the_cubes_hold_exactly_the_questions_that_differ(one: World, other: World) -> None:
    found = compare_sides(side(one), side(other))
    undecided = tuple(dict.fromkeys([*undecided_of(one), *undecided_of(other)]))
    for values in completions({}, undecided):
        answers = verdict(allowed(one, values)), verdict(allowed(other, values))
        expected = None if answers[0] == answers[1] else (*answers, None, None)
        assert held_by(found, values, values) == expected, values


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), worlds())
def test_grounds_are_told_apart_where_the_verdict_is_the_same(one: World, other: World) -> None:
    found = compare_sides(side(one), side(other), grounds=True)
    undecided = tuple(dict.fromkeys([*undecided_of(one), *undecided_of(other)]))
    for values in completions({}, undecided):
        grounds = ground(one, values), ground(other, values)
        answers = verdict(grounds[0] == "granted"), verdict(grounds[1] == "granted")
        expected: Any = (*answers, None, None) if answers[0] != answers[1] else (*answers, *grounds)
        assert held_by(found, values, values) == (None if grounds[0] == grounds[1] else expected), values


@settings(
    max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), worlds())
def test_each_question_is_counted_once_and_each_example_is_of_its_cube(one: World, other: World) -> None:
    found: Any = compare_sides(side(one), side(other))
    assert sum(cube["questions"] for cube in found["cubes"]) == found["counts"]["differ"]
    assert all(cube["questions"] > 0 for cube in found["cubes"])
    assert bool(found["cubes"]) is bool(found["sentences"])
    for cube in found["cubes"]:
        facts = cube["example"]
        assert inside({**cube, "undecided": []}, facts, {})
    same: Any = compare_sides(side(one), side(one), grounds=True)
    assert same["cubes"] == []
    assert same["counts"]["differ"] == 0


# The packs as they are shipped

PAIRS = [
    ("JP>AU@2017-09-05", "JP>AU@2017-09-06"),
    ("AU>JP@2012-01-01", "AU>JP@2024-01-01"),
    ("JP>US@1998-01-01", "JP>US@2010-01-01"),
    ("JP>US@2010-01-01", "JP>US@2024-01-01"),
    ("US>JP@2000-01-01", "US>JP@2024-01-01"),
    ("JP>AU@2024-01-01", "JP>US@2024-01-01"),
    ("JP>AU@2024-01-01", "AU>JP@2024-01-01"),
    ("JP>KR@2010-01-01", "JP>KR@2024-01-01"),
]  # fmt: skip
BOOLEANS = tuple(name for name, fact in FACTS.items() if fact.type == "boolean")


def support_facts(chance: random.Random) -> Facts:
    likely = chance.random()
    return {
        "activity": chance.choice(ACTIVITIES),
        "supply": chance.choice(SUPPLIES),
        "place": chance.choice(("JP", "AU", "US", "KR", "GB", "high_seas")),
        "retransfer_to": chance.choice(("none", "none", "JP", "AU", "US", "GB")),
    } | {name: (chance.random() < likely) is not (name in AGAINST) for name in BOOLEANS}


AGAINST = frozenset({"hinders_mission", "combat_at_scene", "un_sofa_force", "visit_for_training"})


def named(text: str) -> dict[str, str]:
    pair, _, day = text.partition("@")
    provider, _, recipient = pair.partition(">")
    return {"kind": "support", "on": day, "provider": provider, "recipient": recipient}


@pytest.mark.parametrize(("a", "b"), PAIRS)
@pytest.mark.parametrize("grounds", [False, True])
def test_pairs_of_nations_against_the_answers_themselves(a: str, b: str, grounds: bool) -> None:
    library = packs()
    found = compare(library, a, b, grounds=grounds)
    chance = random.Random(f"{a} {b}")
    questions = [support_facts(chance) for _ in range(500)]
    questions += [cube["example"] for cube in found["cubes"]]  # type: ignore[union-attr,index,call-overload,misc]
    questions += list(nearby(questions[500:], chance))
    for facts in questions:
        one, other = (library.determine({**facts, **named(text)}) for text in (a, b))
        told = held_by(found, facts, {})
        if one["verdict"] != other["verdict"]:
            assert told == (one["verdict"], other["verdict"], None, None), facts
        elif grounds and one["ground"] != other["ground"]:
            assert told == (one["verdict"], other["verdict"], one["ground"], other["ground"]), facts
        else:
            assert told is None, facts


def nearby(questions: Sequence[Facts], chance: random.Random) -> Iterator[Facts]:
    """The questions with one or two facts changed: at the edges of the cubes."""
    for facts in questions:
        whole = {**support_facts(chance), **facts}
        yield whole
        for _ in range(4):
            other = support_facts(chance)
            changed = chance.sample(sorted(other), 2)
            yield {**whole, **{name: other[name] for name in changed}}


COVERED = frozenset(
    (one, other)
    for row, reached in ((("JP:gokuhi", "JP:tokutei_himitsu", "KR:2"), True), (("JP:hi", "KR:3"), False))
    for one in row
    for other in (*row, *(("JP:hi", "KR:3") if reached else ()))
)


def information_facts(chance: random.Random, on: str) -> Facts:
    nations = ("JP", "KR", "KR", "JP", "US")
    owner, actor = chance.choice(nations), chance.choice(nations)
    found: Facts = {
        "action": chance.choice(ACTIONS), "owner": owner, "holder": chance.choice(nations), "actor": actor,
        "recipient": chance.choice(nations), "release_to": chance.choice(("US", "contractor")),
        "level": f"{owner}:{chance.choice(LEVELS[owner])}", "clearance": f"{actor}:{chance.choice(LEVELS[actor])}",
        "channel": chance.choice(CHANNELS), "purpose": "one",
        "provided_purpose": chance.choice(("one", "two")), "marked_on": "2015-01-01",
        "clearance_until": chance.choice(("2000-01-01", "2100-01-01", on)),
    }  # fmt: skip
    return found | {name: chance.random() < 0.9 for name in BOOLEANS}


@pytest.mark.parametrize("grounds", [False, True])
def test_an_agreement_on_information_against_the_answers_themselves(grounds: bool) -> None:
    library = packs()
    days = ("2016-01-01", "2018-01-01")
    found: Any = compare(library, "gsomia-jp-kr-2016@2016-01-01", "gsomia-jp-kr-2016@2018-01-01", grounds=grounds)
    chance = random.Random(7)
    count = 0
    for _ in range(2000):
        facts = information_facts(chance, days[1])
        one, other = (library.determine({"kind": "information", "on": day, **facts}) for day in days)
        told = held_by(found, facts, {}, days[1])
        differs = one["verdict"] != other["verdict"] or (grounds and one["ground"] != other["ground"])
        assert (told is not None) is differs, facts
        if told:
            count += 1
            assert told[:2] == (one["verdict"], other["verdict"])
    assert count > 50


def changed_gsomia() -> Instrument:
    """Another table of levels, for markings of some days only, and conditions of every kind."""
    found = packs().instruments["gsomia-jp-kr-2016"]
    table = found.equivalences
    cut = datetime.date(2014, 12, 10)
    rows = (
        replace(table[0], levels={"JP": ("JP:gokuhi",), "KR": ("KR:2",)}, marked=Interval(None, cut)),
        replace(table[1], marked=Interval(cut, None)),
        replace(
            table[1],
            rank=2,
            levels={"JP": ("JP:hi", "JP:tokutei_himitsu"), "KR": ("KR:2",)},
            marked=Interval(cut, None),
        ),
    )
    low = Member("clearance", frozenset({"KR:3", "JP:hi"}))
    extra = (
        rule("permit", Member("purpose", frozenset({"relief"}))),
        rule("prohibit", All((low, Member("action", frozenset({"use"}))))),
        rule("prohibit", Compare("marked_on", "before", "2010-01-01")),
        rule("require", Member("action", frozenset({"visit"})), Compare("clearance_until", "on_or_after", "on")),
        rule("prohibit", Member("provided_purpose", frozenset({"relief", "training"}))),
    )
    return replace(found, equivalences=rows, provisions=(*found.provisions, *extra))


def rule(effect: Any, when: Condition, that: Condition = ALWAYS) -> Provision:
    return Provision("gsomia-jp-kr-2016", f"x {effect}", effect, SAYS, SOURCE, when=when, that=that)


@pytest.mark.parametrize("grounds", [False, True])
def test_tables_days_and_purposes_that_differ_against_the_answers_themselves(grounds: bool) -> None:
    day = "2018-01-01"
    name = f"gsomia-jp-kr-2016@{day}"
    libraries = Library([packs().instrument("gsomia-jp-kr-2016")]), Library([changed_gsomia()])
    one_side, other_side = (read_side(library, name, (), "A") for library in libraries)
    found: Any = compare_sides(one_side, other_side, grounds=grounds)
    chance = random.Random(13)
    count = 0
    questions = [cube["example"] for cube in found["cubes"]]
    for number in range(2000):
        facts = information_facts(chance, day)
        facts |= {
            "purpose": chance.choice(("relief", "training", "one")),
            "provided_purpose": chance.choice(("relief", "training", "one", "two")),
            "marked_on": chance.choice(("2009-12-31", "2010-01-01", "2014-12-09", "2014-12-10")),
        }
        if number < len(questions):
            facts |= questions[number]
        one, other = (library.determine({"kind": "information", "on": day, **facts}) for library in libraries)
        told = held_by(found, facts, {}, day)
        differs = one["verdict"] != other["verdict"] or (grounds and one["ground"] != other["ground"])
        assert (told is not None) is differs, facts
        assert number >= len(questions) or told is not None
        if told:
            count += 1
            assert told[:2] == (one["verdict"], other["verdict"])
    assert count > len(questions)
    spoken(found)


def test_an_example_of_a_cube_is_answered_as_the_cube_says() -> None:
    library = packs()
    found: Any = compare(library, "gsomia-jp-kr-2016@2016-01-01", "gsomia-jp-kr-2016@2018-01-01")
    for cube in found["cubes"]:
        for day, word in (("2016-01-01", "from"), ("2018-01-01", "to")):
            answer: Any = library.answer({"kind": "information", "on": day, **cube["example"]})
            assert answer["verdict"] == cube[word]
            assert answer["basis"] == cube["basis"][word]["provisions"]


def granted_alone(instrument: Instrument, roles: Mapping[str, str], day: datetime.date, facts: Facts) -> bool:
    """What an agreement on support grants by itself, word for word, its provisions as they were on a day."""
    provisions = [one for one in instrument.provisions if one.in_force.covers(day) and one.law_of is None]

    def holds(condition: Condition) -> bool:
        return truth_of(resolve(condition, roles, ()), facts) is Truth.TRUE

    if any(holds(one.when) for one in provisions if one.effect == "prohibit"):
        return False
    if not all(not holds(one.when) or holds(one.that) for one in provisions if one.effect == "require"):
        return False
    return any(holds(one.when) for one in provisions if one.effect == "permit")


@pytest.mark.parametrize(
    ("a", "b", "parties"),
    [
        ("acsa-jp-au-2010", "acsa-jp-au-2017", ("JP", "AU")),
        ("acsa-jp-us-1996", "acsa-jp-us-2017", ("JP", "US")),
    ],
)
def test_agreements_alone_are_compared_in_both_directions(a: str, b: str, parties: tuple[str, str]) -> None:
    library = packs()
    found = compare(library, a, b)
    sides = [library.instruments[name] for name in (a, b)]
    chance = random.Random(11)
    for provider, recipient in (parties, parties[::-1]):
        roles = {"provider": provider, "recipient": recipient}
        for _ in range(1500):
            facts = support_facts(chance)
            answers = [verdict(granted_alone(one, roles, last_day(one), facts)) for one in sides]
            told = held_by(found, {**facts, **roles}, {})
            assert told == (None if answers[0] == answers[1] else (*answers, None, None)), facts


def test_agreements_with_different_partners_share_a_nation() -> None:
    found: Any = compare(packs(), "acsa-jp-au-2017", "acsa-jp-us-2017")
    assert {tuple(one["facts"].get("provider", ())) for one in found["sentences"]} == {("JP",), ()}


def test_what_is_the_same_in_both_directions_is_said_once() -> None:
    found: Any = compare(packs(), "acsa-jp-us-1996@2003-01-01", "acsa-jp-us-1996@2005-01-01")
    assert len(found["sentences"]) == 2
    assert not any({"provider", "recipient"} & set(one["facts"]) for one in found["sentences"])


def test_what_is_undecided_stays_open_in_the_cubes() -> None:
    found: Any = compare(packs(), "JP>KR@2024-01-01", "JP>KR@2024-01-01", assume_b=("acsa-jp-kr",))
    open_ = [cube for cube in found["cubes"] if cube["undecided"]]
    assert open_
    assert all(
        cube["undecided"]
        == [{"instrument": "acsa-jp-kr", "provision": "1(c)", "decided": ["included", "periphery_in"]}]
        for cube in open_
    )
    assert all(cube["facts"]["activity"] == ["important_influence_situation"] for cube in open_)
    decided: Any = compare(
        packs(), "JP>KR@2024-01-01", "JP>KR@2024-01-01", ("acsa-jp-kr=excluded",), ("acsa-jp-kr=included",)
    )
    assert not any(cube["undecided"] for cube in decided["cubes"])
    assert {cube["to"] for cube in decided["cubes"]} == {"permitted"}


def test_a_notice_that_was_suspended_changes_no_answer() -> None:
    found: Any = compare(packs(), "gsomia-jp-kr-2016@2019-01-01", "gsomia-jp-kr-2016@2024-01-01")
    assert found["cubes"] == found["sentences"] == []


@pytest.mark.parametrize(
    ("a", "b", "check"),
    [
        ("acsa-jp-au-2o17", "acsa-jp-au-2017", "instrument-unknown"),
        ("acsa-jp-au-2017@2017-13-01", "acsa-jp-au-2017", "date"),
        ("JP>AU", "JP>AU@2017-09-06", "compare-side"),
        ("JP>AU@", "JP>AU@2017-09-06", "compare-side"),
        ("@2017-09-06", "JP>AU@2017-09-06", "compare-side"),
        ("JP>UK@2017-09-06", "JP>AU@2017-09-06", "fact-code"),
        ("JP>JP@2017-09-06", "JP>AU@2017-09-06", "fact-contradiction"),
        ("JP>AU>US@2017-09-06", "JP>AU@2017-09-06", "fact-code"),
        ("acsa-jp-au-2017", "JP>AU@2017-09-06", "compare-sides"),
        ("acsa-jp-au-2017", "gsomia-jp-kr-2016", "compare-sides"),
        ("law-jp-sdf-act", "law-jp-sdf-act", "compare-law"),
    ],
)
def test_what_names_no_side_is_refused(a: str, b: str, check: str) -> None:
    with pytest.raises(BadInput) as caught:
        compare(packs(), a, b)
    assert caught.value.check == check
    with pytest.raises(BadInput):
        compare(packs(), b, a)


def test_an_unknown_instrument_is_told_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        compare(packs(), "acsa-jp-au-2o17", "acsa-jp-au-2017")
    assert "Did you mean acsa-jp-au-2017?" in caught.value.detail_text()


# In words


@pytest.mark.parametrize(("a", "b"), [*PAIRS, ("gsomia-jp-kr-2016@2016-01-01", "gsomia-jp-kr-2016@2018-01-01")])
def test_every_cube_and_sentence_is_said_in_three_languages(a: str, b: str) -> None:
    found: Any = spoken(compare(packs(), a, b, grounds=True))
    for one in (*found["cubes"], *found["sentences"]):
        assert set(one["says"]) == {"en", "ja", "ko"}
        assert all("{" not in text and text for text in one["says"].values())


def test_the_sentence_on_ammunition_says_what_changed() -> None:
    found: Any = spoken(compare(packs(), "JP>AU@2017-09-05", "JP>AU@2017-09-06"))
    said = [one["says"]["en"] for one in found["sentences"]]
    start = "Ammunition in joint exercise and training: not permitted (acsa-jp-au-2010) → permitted (acsa-jp-au-2017,"
    assert sum(text.startswith(start) for text in said) == 1
    assert any("the recipient has asked for it" in text for text in said)
