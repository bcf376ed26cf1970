"""A question to the law is read fact by fact, or refused with the fact and the nearest valid word named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gokei.terms import limits
from gokei.terms.dates import parse_date, shown
from gokei.terms.facts import FACTS
from gokei.terms.nations import NATIONS
from gokei.terms.nsn import supplies_of
from gokei.terms.problems import BadInput
from gokei.terms.question import read_question
from gokei.terms.strict_json import parse_object
from tests.nightly import examples
from tests.packs.asking import packs

SUPPORT: dict[str, Any] = {"kind": "support", "on": "2017-09-06", "provider": "JP", "recipient": "AU"}
INFORMATION: dict[str, Any] = {"kind": "information", "on": "2017-09-06"}
BOOLEANS = sorted(name for name, fact in FACTS.items() if fact.type == "boolean")
DAYS = sorted(name for name, fact in FACTS.items() if fact.type == "date")
TEXTS = sorted(name for name, fact in FACTS.items() if fact.type == "text")
CODES = sorted(name for name, fact in FACTS.items() if fact.words())
F76 = "9140-00-273-2377"


def refused(question: dict[str, Any]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_question(question)
    return caught.value


# What is taken


@pytest.mark.parametrize("name", sorted({*CODES} - {"kind"}))
def test_every_word_of_the_list_is_taken(name: str) -> None:
    for word in FACTS[name].words():
        assert read_question({**INFORMATION, name: word})[name] == word


@pytest.mark.parametrize("name", BOOLEANS)
def test_a_boolean_is_a_boolean_of_json(name: str) -> None:
    assert read_question({**SUPPORT, name: False})[name] is False
    strange: list[Any] = [0, 1, "true", "false", "yes", "", [], {}]
    for wrong in strange:
        problem = refused({**SUPPORT, name: wrong})
        assert (problem.check, problem.field) == ("fact-type", name)


@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_a_day_of_the_calendar(name: str) -> None:
    assert read_question({**SUPPORT, name: "2016-02-29"})[name] == "2016-02-29"
    for wrong in ("2017-02-29", "２０１７-09-06", "2017-09-06T00:00:00Z", "", 20170906, True):
        problem = refused({**SUPPORT, name: wrong})
        assert (problem.check, problem.field) == ("date", name)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_has_1_to_1000_characters(name: str) -> None:
    for text in ("a", "訓練", "𠮷" * limits.QUESTION_STRING_CHARACTERS):
        assert read_question({**INFORMATION, name: text})[name] == text
    for wrong in ("", "a" * (limits.QUESTION_STRING_CHARACTERS + 1), 1, True, ["a"]):
        problem = refused({**INFORMATION, name: wrong})
        assert (problem.check, problem.field) == ("fact-type", name)


@pytest.mark.parametrize("name", sorted({*FACTS} - {*SUPPORT}))
def test_null_is_left_out(name: str) -> None:
    assert read_question({**SUPPORT, name: None}) == SUPPORT


# What is required


@pytest.mark.parametrize("name", [*SUPPORT])
@pytest.mark.parametrize("left_out", [{}, {"value": None}], ids=["left out", "null"])
def test_support_states_kind_day_and_both_nations(name: str, left_out: dict[str, None]) -> None:
    rest = {other: value for other, value in SUPPORT.items() if other != name}
    problem = refused(rest | ({name: None} if left_out else {}))
    assert (problem.check, problem.field) == ("fact-required", name)


def test_information_states_kind_and_day() -> None:
    assert read_question(INFORMATION) == INFORMATION
    assert refused({"kind": "information"}).field == "on"
    assert refused({"on": "2017-09-06"}).field == "kind"
    assert refused({}).field == "kind"


# What is wrong is named


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("recipent", "recipient"), ("Provider", "provider"), ("colocated", "co_located"), ("date", None), ("", None),
        ("needtoknow", "need_to_know"), ("retransfer", "retransfer_to"), ("燃料", None), ("x" * 100_000, None),
    ],
)  # fmt: skip
def test_a_name_that_is_no_fact_is_refused_even_where_it_is_null(name: str, near: str | None) -> None:
    strange: list[Any] = [True, None, "JP", [[]]]
    for value in strange:
        problem = refused({**SUPPORT, name: value})
        assert (problem.check, problem.field) == ("fact-unknown", shown(name))
        assert near is None or problem.detail_text() == f"There is no fact {name}. Did you mean {near}?"


@pytest.mark.parametrize(
    ("name", "word", "near"),
    [
        ("supply", "ammo", "ammunition"), ("activity", "joint exercise", "joint_exercise"),
        ("kind", "suport", "support"), ("provider", "jp", "JP"), ("place", "high seas", "high_seas"),
        ("level", "JP:secret", None), ("clearance", "us:s", "US:S"),
        ("channel", "approved courier", "approved_courier"), ("supply", "燃料", None),
        ("action", "Provide", "provide"), ("release_to", "Contractor", "contractor"), ("supply", "", None),
    ],
)  # fmt: skip
def test_a_word_outside_the_list_is_refused_with_the_nearest(name: str, word: str, near: str | None) -> None:
    problem = refused({**SUPPORT, name: word})
    assert (problem.check, problem.field) == ("fact-code", name)
    assert near is None or problem.detail_text() == f"{name}: {word} is not a valid word. Did you mean {near}?"


@pytest.mark.parametrize(
    "word", ["UK", "JPN", "Japan", "日本", "ＪＰ", "XX", "EL", "SU", "high_seas", "none", "contractor"]
)
def test_a_nation_is_a_code_of_iso_3166_or_one_of_three_organisations(word: str) -> None:
    for name in ("provider", "recipient", "owner", "holder", "actor"):
        problem = refused({**SUPPORT, name: word})
        assert (problem.check, problem.field) == ("fact-code", name)
    assert {"GB", "GR", "KR", "UN", "NATO", "EU"} <= NATIONS
    assert len(NATIONS) == 249 + 3


@pytest.mark.parametrize("name", sorted({*CODES, *TEXTS}))
@pytest.mark.parametrize("value", [True, False, 0, 1, 1.5, [], ["JP"], {}, {"JP": 1}], ids=repr)
def test_a_word_is_a_text(name: str, value: Any) -> None:
    problem = refused({**SUPPORT, name: value})
    assert (problem.check, problem.field) == ("fact-type", name)


# What contradicts itself


@pytest.mark.parametrize("kind", [SUPPORT, INFORMATION], ids=["support", "information"])
@pytest.mark.parametrize("nation", ["JP", "KR", "NATO"])
def test_nobody_gives_to_itself(kind: dict[str, Any], nation: str) -> None:
    problem = refused({**kind, "provider": nation, "recipient": nation})
    assert (problem.check, problem.field) == ("fact-contradiction", "recipient")
    assert nation in problem.detail_text()


def test_a_stock_number_settles_the_supply() -> None:
    for nsn in (F76, F76.replace("-", "")):
        assert read_question({**SUPPORT, "nsn": nsn}) == {**SUPPORT, "nsn": "9140002732377", "supply": "fuel"}
    assert "supply" not in read_question({**SUPPORT, "nsn": "8960-00-000-0000"})
    assert "supply" not in read_question({**SUPPORT, "nsn": "5305-00-000-0000"})


@pytest.mark.parametrize("supply", FACTS["supply"].words())
@pytest.mark.parametrize("group", ["1005", "1305", "6505", "8405", "8910", "8960", "9140", "5305"])
def test_a_stock_number_of_another_supply_is_a_contradiction(supply: str, group: str) -> None:
    question = {**SUPPORT, "supply": supply, "nsn": f"{group}000000000"}
    can_be = supplies_of(question["nsn"])
    if not can_be or supply in can_be:
        assert read_question(question) == question
    else:
        problem = refused(question)
        assert (problem.check, problem.field) == ("fact-contradiction", "nsn")
        assert supply in problem.detail_text()


@pytest.mark.parametrize(("marking", "nation"), [("level", "owner"), ("clearance", "actor")])
def test_a_marking_is_its_nations_own(marking: str, nation: str) -> None:
    assert read_question({**INFORMATION, marking: "US:S"})[nation] == "US"
    assert read_question({**INFORMATION, marking: "NATO:NS", nation: "NATO"})[marking] == "NATO:NS"
    for whose in ("JP", "UN", "NATO"):
        problem = refused({**INFORMATION, marking: "US:S", nation: whose})
        assert (problem.check, problem.field) == ("fact-contradiction", marking)
        assert whose in problem.detail_text()
        assert "US:S" in problem.detail_text()


# Any question at all

SCALARS = st.none() | st.booleans() | st.integers(-9, 10**20) | st.floats(allow_nan=False, allow_infinity=False)
STRANGE = SCALARS | st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.lists(SCALARS, max_size=2)


def values(name: str) -> st.SearchStrategy[Any]:
    """Values that the fact takes, and once in a while one that it does not."""
    fact = FACTS.get(name)
    digits = st.sampled_from(["9140", "8960", "1305", "5305", "91"]).map(lambda group: f"{group:0<13}")
    taken = {"boolean": st.booleans(), "date": st.dates().map(str), "nsn": digits, "text": st.text("ab", max_size=3)}
    words = fact.words() if fact else ()
    right = st.sampled_from(words) if words else taken.get(fact.type if fact else "", SCALARS)
    return st.integers(0, 15).flatmap(lambda chance: STRANGE if chance == 0 else right)


NAMES = st.sampled_from(sorted(FACTS)) | st.sampled_from(sorted(FACTS)) | st.text("abcdeprovi_", max_size=10)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    begun = dict(draw(st.sampled_from([SUPPORT, INFORMATION, {}])))
    names = draw(st.lists(NAMES if draw(st.booleans()) else st.sampled_from(sorted(FACTS)), max_size=8))
    return begun | {name: draw(values(name)) for name in names}


@settings(deadline=None, max_examples=examples(600), suppress_health_check=[HealthCheck.too_slow])
@given(questions())
@example(SUPPORT)
@example(INFORMATION)
def test_any_question_is_answered_or_refused_with_the_fact_named(question: dict[str, Any]) -> None:
    read = parse_object(json.dumps(question, ensure_ascii=False).encode(), max_depth=limits.QUESTION_DEPTH)
    try:
        answer = packs().answer(read)
    except BadInput as problem:
        named, told = problem.field, problem.detail_text()
    else:
        assert answer["verdict"] in {"permitted", "not_permitted", "undetermined"}
        return
    assert named in {*FACTS, *map(shown, question)}
    assert named == "" or str(named) in told


@settings(deadline=None, max_examples=examples(600), suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_what_is_read_is_what_was_stated_and_what_follows_from_it(question: dict[str, Any]) -> None:
    try:
        facts = read_question(question)
    except BadInput:
        return
    stated = {name: value for name, value in question.items() if value is not None}
    assert {*facts} - {*stated} <= {"supply", "owner", "actor"}
    for name, value in stated.items():
        assert facts[name] == value or name == "nsn"
    for name in {*DAYS} & {*facts}:
        assert parse_date(facts[name], name).isoformat() == facts[name]
    assert read_question(facts) == facts
