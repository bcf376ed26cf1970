"""Asking again only what is touched gives what asking everything again alone gives, and nothing else is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gokei.law.columns.asking import BadRow, Columns
from gokei.law.columns.replaying import ANSWER, Replay
from gokei.law.instruments import Instrument
from gokei.law.library import Library
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, objects_of
from gokei.terms.problems import BadInput
from tests.law import test_index
from tests.law.test_columns import table
from tests.law.test_exact import partial_facts
from tests.law.test_walks import support_question
from tests.law.worlds import DAY, worlds
from tests.nightly import examples
from tests.packs.asking import packs

Question = dict[str, Any]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
# A draft; variants of it; of a treaty; of a law; of an agreement on information; some of these at once.
ASSUMED = (
    ("acsa-jp-kr",),
    ("acsa-jp-kr=ammunition_in", "acsa-jp-kr=periphery_out"),
    ("acsa-kr-us-1988=relief_in", "acsa-kr-us-1988=outside"),
    ("law-us-10usc-138=agreement",),
    ("gsomia-jp-us-2007=took_its_place",),
    ("acsa-jp-kr", "law-us-10usc-138=no_agreement", "isa-jp-au-2012=as_ordered"),
)


def in_short(answer: JsonObject) -> Question:
    basis = objects_of(answer["basis"])
    return {**answer, **(basis[0] if basis else {"instrument": None, "provision": None})}


def check(
    library: Library, questions: Sequence[Question], assume: tuple[str, ...], before: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Held against the single evaluator; returns the touched rows."""
    frame = table(questions)
    found = Replay(library, frame.schema, assume, before).ask(frame)
    touched = {row["row"]: row for row in found.iter_rows(named=True)}
    named = {one.partition("=")[0] for one in assume}
    together = (*(one for one in before if one.partition("=")[0] not in named), *assume)
    for number, question in enumerate(questions, 1):
        was, now = library.answer(question, before), library.answer(question, together)
        row = touched.get(number)
        if row is None:
            assert was == now, question
        else:
            alone = {f"before_{name}": in_short(was)[name] for name in ANSWER}
            alone |= {f"after_{name}": in_short(now)[name] for name in ANSWER}
            assert {name: row[name] for name in alone} == alone, question
            assert (row["provider"], row["recipient"]) == (question.get("provider"), question.get("recipient"))
    return found


def mixed(seed: int, count: int) -> list[Question]:
    chance = random.Random(seed)
    return [test_index.question(chance) if n % 3 == 0 else support_question(chance) for n in range(count)]


@pytest.mark.parametrize("assume", ASSUMED, ids=" ".join)
def test_over_all_packs_it_is_what_the_single_evaluator_says_of_everything(assume: tuple[str, ...]) -> None:
    questions = mixed(51, examples(500))
    touched = check(packs(), questions, assume)
    assert 0 < touched.height < len(questions)


def test_what_an_order_assumed_already_stands_unless_it_is_assumed_otherwise() -> None:
    questions = [one for one in mixed(52, 900) if one["kind"] == "support"]
    before = ("acsa-jp-kr=included", "law-us-10usc-138=agreement")
    touched = check(packs(), questions, ("acsa-jp-kr=excluded",), before)
    pairs = {frozenset(pair) for pair in touched.select("provider", "recipient").iter_rows()}
    assert pairs == {frozenset({"JP", "KR"})}


@settings(max_examples=examples(100), deadline=None, suppress_health_check=SLOW)
@given(worlds(), st.lists(partial_facts(), min_size=1, max_size=6), st.data())
def test_over_generated_law_as_well(
    world: tuple[Instrument, ...], rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    drafts = [one.id for one in world if one.draft]
    variants = [
        f"{one.id}={word}"
        for one in world
        for word in sorted({word for p in one.provisions for word in p.variants or ()})
    ]
    if not drafts and not variants:
        return
    assume = data.draw(st.lists(st.sampled_from([*drafts, *variants]), min_size=1, max_size=2, unique=True))
    pairs = (("JP", "AU"), ("AU", "JP"), ("JP", "US"), ("US", "KR"))
    questions = [
        {"kind": "support", "on": DAY.isoformat(), "provider": provider, "recipient": recipient, **facts}
        for facts in rows
        for provider, recipient in pairs
    ]
    library = Library(world)
    try:
        library.assumed(tuple(assume))
    except BadInput:
        return
    touched = check(library, questions, tuple(assume))
    assert touched.height == 2 * len(rows)


def test_what_is_not_touched_never_reaches_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    answer = Columns.answer

    def counted(self: Columns, questions: pl.DataFrame, past_bad: bool = False) -> pl.DataFrame:
        asked.append(questions.height)
        return answer(self, questions, past_bad)

    monkeypatch.setattr(Columns, "answer", counted)
    questions = [one for one in mixed(53, 600) if one["kind"] == "support"]
    frame = table(questions)
    Replay(packs(), frame.schema, ("acsa-jp-kr",)).ask(frame)
    between = sum({one["provider"], one["recipient"]} == {"JP", "KR"} for one in questions)
    assert 0 < between < len(questions) / 2
    assert asked == [between, between]


def test_pieces_change_nothing_and_rows_count_on(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = table(mixed(54, 500))
    whole = Replay(packs(), frame.schema, ("acsa-jp-kr",)).ask(frame)
    monkeypatch.setattr(limits, "COLUMN_PIECE_ROWS", 70)
    replay = Replay(packs(), frame.schema, ("acsa-jp-kr",))
    assert pl.concat([replay.ask(frame[:200]), replay.ask(frame[200:])]).equals(whole)


def test_a_row_that_is_no_question_is_refused_though_nothing_touches_it() -> None:
    australian = {"kind": "support", "on": "2020-01-01", "provider": "JP", "recipient": "AU"}
    frame = table([australian, australian, {**australian, "supply": "ammo"}])
    replay = Replay(packs(), frame.schema, ("acsa-jp-kr",))
    assert replay.ask(frame[:1]).height == 0
    with pytest.raises(BadRow) as found:
        replay.ask(frame[1:])
    assert (found.value.row, found.value.field) == (3, "supply")


def test_what_cannot_be_assumed_is_refused() -> None:
    for assume, name in (("acsa-jp-au-2017", "assume-not-draft"), ("acsa-jp-kr=maybe", "assume-variant")):
        with pytest.raises(BadInput) as found:
            Replay(packs(), {"kind": pl.String()}, (assume,))
        assert found.value.check == name
