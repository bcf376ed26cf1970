"""Cases of a treaty lawyer against the packs as shipped, `cases/*.yaml`: what is asked, what the law answers, and why.

The answers were decided from the sources that each case names. A case that fails says that the pack, the engine or the
reading of the source is wrong; it is never changed to what the program prints.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import yaml

from gokei.law.views import status_at
from gokei.terms.facts import FACTS
from tests.packs.asking import packs

Case: TypeAlias = "dict[str, Any]"

FOLDER: Final = Path(__file__).parent / "cases"
REPLAYED: Final = FOLDER / "status.yaml"
MAPPED: Final = FOLDER / "equivalents.yaml"
ASKED: Final = sorted({*FOLDER.glob("*.yaml")} - {REPLAYED, MAPPED})
FEWEST: Final = 550
FEWEST_OF_INFORMATION: Final = 200

KEYS: Final = {"name", "expect", "why", "source"}
EXPECTED: Final = {"verdict", "ground"}
EXPECTED_TOO: Final = {"basis", "missing", "undecided", "obligations", "no_obligations"}


class PlainLoader(yaml.SafeLoader):
    """YAML in which all but true, false and null is text: a day is written as it is, and `on` is a name."""


PlainLoader.yaml_implicit_resolvers = {}
for word, pattern in (("bool", "true|false"), ("null", "null"), ("merge", "<<")):
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{word}", re.compile(f"^({pattern})$"), list("tfn<"))


@cache
def read(path: Path) -> tuple[Case, ...]:
    return tuple(yaml.load(path.read_text("utf-8"), PlainLoader))


def cases(*paths: Path) -> list[Any]:
    return [pytest.param(case, id=f"{path.stem}: {case.get('name')}") for path in paths for case in read(path)]


def pairs(entries: list[Mapping[str, str]]) -> list[list[str]]:
    return [[one["instrument"], one["provision"]] for one in entries]


def among(part: Mapping[str, Any], duties: list[Mapping[str, Any]]) -> bool:
    """Whether one of the duties says all that the part says."""
    return any(all(duty.get(name) == value for name, value in part.items()) for duty in duties)


@pytest.mark.parametrize("case", cases(*ASKED))
def test_the_law_answers_as_the_lawyer_does(case: Case) -> None:
    expect = case["expect"]
    answer: Any = packs().answer(case["question"], case.get("assume", ()))
    because = [(one["instrument"], one["provision"], one["truth"]) for one in answer["because"]]
    told = (answer["verdict"], answer["ground"])
    assert told == (expect["verdict"], expect["ground"]), (answer["missing"], because)
    assert answer["missing"] == expect.get("missing", [])
    assert pairs(answer["undecided"]) == expect.get("undecided", [])
    for one in expect.get("basis", ()):
        assert one in pairs(answer["basis"]), answer["basis"]
    for part in expect.get("obligations", ()):
        assert among(part, answer["obligations"]), (part, answer["obligations"])
    for part in expect.get("no_obligations", ()):
        assert not among(part, answer["obligations"]), part


@pytest.mark.parametrize("case", cases(REPLAYED))
def test_the_status_is_what_each_party_held(case: Case) -> None:
    at = datetime.datetime.fromisoformat(case["at"])
    rows = status_at(packs().instrument(case["instrument"]), at)
    assert {row["party"]: row["status"] for row in rows} == case["expect"], rows


@pytest.mark.parametrize("case", cases(MAPPED))
def test_a_marking_has_the_equals_of_its_day(case: Case) -> None:
    asked = case["ask"]
    found = packs().equivalents(case["agreement"], asked["level"], asked["nation"], asked["marked_on"])
    assert [*found] == case["expect"]


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
def test_every_case_says_all_that_it_should(path: Path) -> None:
    assert path.stem in packs().instruments, "a file is named after the instrument that it is about"
    for case in read(path):
        name = case.get("name", case)
        assert {*case} - {"assume"} == KEYS | {"question"}, name
        assert {*case["question"]} <= {*FACTS}, name
        assert EXPECTED <= {*case["expect"]} <= EXPECTED | EXPECTED_TOO, name
        assert case["expect"]["verdict"] != "undetermined" or "missing" in case["expect"], name
        assert all(case[key].strip() for key in ("name", "why", "source")), name


def test_every_status_case_says_all_that_it_should() -> None:
    for case in read(REPLAYED):
        assert {*case} == KEYS | {"instrument", "at"}, case.get("name", case)
        assert datetime.datetime.fromisoformat(case["at"]).tzinfo, case["name"]


def test_every_case_of_equal_markings_says_all_that_it_should() -> None:
    for case in read(MAPPED):
        assert {*case} == KEYS | {"agreement", "ask"}, case.get("name", case)
        assert {*case["ask"]} == {"level", "nation", "marked_on"}, case["name"]
        assert case["agreement"] in packs().instruments, case["name"]


def test_no_two_cases_have_one_name() -> None:
    names = Counter(case["name"] for path in (*ASKED, REPLAYED, MAPPED) for case in read(path))
    assert [name for name, times in names.items() if times > 1] == []
    assert names.total() >= FEWEST
    about = [case["question"]["kind"] for path in ASKED for case in read(path)]
    assert about.count("information") >= FEWEST_OF_INFORMATION
