"""The law in columns answers every row as the explaining evaluator answers it alone, to the letter.

Three oracles: the explaining evaluator; for small bodies of law, every way in which the unknowns could turn out; and
for the reading of a table, the reading of one question.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gokei.law.columns.asking import BadRow, Columns
from gokei.law.forgetting import Wanted
from gokei.law.instruments import Instrument
from gokei.law.library import Library
from gokei.terms import limits
from gokei.terms.facts import FACTS
from gokei.terms.json_types import objects_of
from gokei.terms.problems import BadInput
from gokei.terms.question import read_question
from tests.law import test_index
from tests.law.test_exact import partial_facts, settled_by
from tests.law.test_walks import support_question
from tests.law.worlds import DAY, worlds
from tests.nightly import examples
from tests.packs.asking import packs

Question = dict[str, Any]
REASONS = ("because", "missing", "undecided")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def table(questions: Sequence[Question]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for one in questions for name in one))
    kinds = {name: pl.Boolean if FACTS[name].type == "boolean" else pl.String for name in names}
    return pl.DataFrame({name: [one.get(name) for one in questions] for name in names}, schema=kinds)


def answered(library: Library, frame: pl.DataFrame, assume: tuple[str, ...] = ()) -> list[Question]:
    """The rows of all reasons, which must agree with the rows of the verdict alone."""
    short = Columns(library, frame.schema, Wanted.VERDICT, assume).answer(frame)
    whole = Columns(library, frame.schema, Wanted.REASONS, assume).answer(frame)
    assert whole.select(short.columns).equals(short)
    return list(whole.iter_rows(named=True))


def check(library: Library, questions: Sequence[Question], assume: tuple[str, ...] = ()) -> None:
    for question, row in zip(questions, answered(library, table(questions), assume), strict=True):
        alone = library.answer(question, assume)
        basis = objects_of(alone["basis"])
        first = basis[0] if basis else {"instrument": None, "provision": None}
        wanted = {"verdict": alone["verdict"], "ground": alone["ground"], **first}
        assert row == wanted | {name: alone[name] for name in REASONS}, question


@settings(max_examples=examples(150), deadline=None, suppress_health_check=SLOW)
@given(worlds(), st.lists(partial_facts(), min_size=1, max_size=8))
def test_generated_law_is_answered_as_by_the_evaluator_and_by_brute_force(
    world: tuple[Instrument, ...], rows: list[dict[str, Any]]
) -> None:
    library = Library(world)
    drafts = tuple(one.id for one in world if one.draft)
    frame = {"kind": "support", "on": DAY.isoformat(), "provider": "JP", "recipient": "AU"}
    check(library, [{**frame, **facts} for facts in rows], drafts)
    for facts, row in zip(rows, answered(library, table([{**frame, **one} for one in rows]), drafts), strict=True):
        verdicts, essential = settled_by(world, facts)
        expected = {True: "permitted", False: "not_permitted"}[verdicts.pop()] if len(verdicts) == 1 else "undetermined"
        undecided = {f"{one['instrument']} {one['provision']}" for one in row["undecided"]}
        assert row["verdict"] == expected
        assert {*row["missing"]} | undecided == essential


@pytest.mark.parametrize("assume", [(), ("acsa-jp-kr", "acsa-jp-kr=periphery_in")], ids=("as it is", "assumed"))
def test_support_over_all_packs(assume: tuple[str, ...]) -> None:
    chance = random.Random(21)
    questions = [support_question(chance) for _ in range(examples(1500))]
    questions += [{**one, "nsn": chance.choice(("9140002732377", "8960-00-000-0001", "5340000000000"))}
                  for one in map(without_supply, questions[:200])]  # fmt: skip
    check(packs(), questions, assume)


def without_supply(question: Question) -> Question:
    return {name: value for name, value in question.items() if name != "supply"}


def test_information_over_all_packs_beside_support() -> None:
    chance = random.Random(22)
    check(packs(), [test_index.question(chance) if n % 4 else support_question(chance) for n in range(examples(700))])


def test_pieces_and_a_machine_that_forgets_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(23)
    questions = [support_question(chance) for _ in range(600)]
    whole = answered(packs(), table(questions))
    monkeypatch.setattr(limits, "COLUMN_PIECE_ROWS", 50)
    monkeypatch.setattr(limits, "COLUMN_ENDS", 40)
    assert answered(packs(), table(questions)) == whole
    frame = table(questions)
    columns = Columns(packs(), frame.schema, Wanted.REASONS)
    pieces = [columns.answer(piece) for piece in frame.iter_slices(70)]
    assert list(pl.concat(pieces).iter_rows(named=True)) == whole


def test_pieces_side_by_side_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time there is nothing that is known, the second time all is, the third time a part."""
    chance = random.Random(26)
    monkeypatch.setattr(limits, "COLUMN_PIECE_ROWS", 40)
    frames = [table([support_question(chance) for _ in range(400)]) for _ in range(2)]
    columns = Columns(packs(), frames[0].schema, Wanted.REASONS)
    with ThreadPoolExecutor(4) as pool:
        for frame in (frames[0], frames[0], frames[1].select(frames[0].columns)):
            wanted = Columns(packs(), frame.schema, Wanted.REASONS).answer(frame)
            assert columns.answer(frame, each=pool.map).equals(wanted)


def test_types_that_hold_the_same_facts_give_the_same_answers() -> None:
    chance = random.Random(24)
    questions = [support_question(chance) for _ in range(300)]
    texts = table(questions)
    reversed_words = {
        name: pl.Enum(sorted(FACTS[name].words(), reverse=True)) for name in ("provider", "activity", "supply")
    }
    other = texts.with_columns(
        pl.col("on").str.to_date(), pl.col("place").cast(pl.Categorical), pl.lit(None).alias("level")
    ).cast(reversed_words)  # type: ignore[arg-type]
    as_words = texts.with_columns(pl.col(pl.Boolean).cast(pl.String)).with_columns(pl.col(pl.String).fill_null(""))
    wanted = answered(packs(), texts)
    assert answered(packs(), other) == wanted
    assert answered(packs(), as_words) == wanted


# The traps of reference measurements: what other engines got wrong.

AMMUNITION = {"kind": "support", "on": "2020-01-01", "provider": "JP", "recipient": "AU", "supply": "ammunition",
              "activity": "joint_exercise", "both_participate": True, "requested": True}  # fmt: skip


def one(**facts: Any) -> Question:
    return answered(packs(), table([{**AMMUNITION, **facts}]))[0]


def test_what_nobody_stated_is_neither_false_nor_true() -> None:
    known = {"place": "AU", "hinders_mission": False, "un_charter_consistent": True, "un_sofa_force": False}
    answers = [one(**known, retransfer_to="GB", provider_consents=consents) for consents in (True, False, None)]
    assert [answer["verdict"] for answer in answers] == ["permitted", "not_permitted", "undetermined"]
    assert answers[2]["missing"] == ["provider_consents"]


def test_every_row_is_in_one_of_three_classes() -> None:
    chance = random.Random(25)
    frame = table([support_question(chance) for _ in range(500)])
    verdicts = Columns(packs(), frame.schema, Wanted.VERDICT).answer(frame).get_column("verdict")
    counts = dict(verdicts.value_counts().iter_rows())
    assert {*counts} == {"permitted", "not_permitted", "undetermined"}
    assert sum(counts.values()) == frame.height


def test_a_word_that_is_none_is_refused_not_unknown() -> None:
    with pytest.raises(BadRow) as found:
        answered(packs(), table([AMMUNITION, {**AMMUNITION, "supply": "ammo"}]))
    assert (found.value.row, found.value.field, found.value.check) == (2, "supply", "fact-code")
    assert "Row 2:" in str(found.value)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        (pl.Series("requested", [1, 0]), "requested"),
        (pl.Series("on", [datetime.datetime(2020, 1, 1)] * 2), "on"),
        (pl.Series("activity", [3, 4]), "activity"),
        (pl.Series("nsn", [9140002732377] * 2), "nsn"),
        (pl.Series("clearence", ["JP:hi"] * 2), "clearence"),
    ],
)
def test_a_column_that_cannot_hold_the_fact_is_refused(column: pl.Series, field: str) -> None:
    frame = table([AMMUNITION] * 2).with_columns(column)
    with pytest.raises(BadInput) as found:
        Columns(packs(), frame.schema, Wanted.VERDICT)
    assert found.value.field == field


KINDS = ("support", "information", None, "other")
CELLS: dict[str, list[Any]] = {
    "on": ["2020-01-01", "2020-1-1", "2020-02-30", "0000-01-01", "", None, "20200101", "2020-01-01x", "9999-12-31"],
    "provider": ["JP", "AU", None, "jp"],
    "recipient": ["AU", "JP", None],
    "supply": ["fuel", "food", "ammunition", None],
    "nsn": [
        "9140002732377", "9140-00-273-2377", "8960000000001", "914000273237", "9140002732377\n", "９140002732377", None,
    ],
    "owner": ["JP", "US", None],
    "level": ["JP:hi", "US:S", "JP:none", None],
    "actor": ["KR", None],
    "clearance": ["KR:2", "JP:hi", None],
    "purpose": ["x", "x" * 1000, "x" * 1001, None],
    "requested": [True, False, None],
}  # fmt: skip


@settings(max_examples=examples(400), deadline=None)
@given(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(KINDS)}, optional={name: st.sampled_from(cells) for name, cells in CELLS.items()}
    )
)
def test_a_row_is_refused_exactly_where_the_question_alone_is(cells: Question) -> None:
    question = {name: value for name, value in cells.items() if value not in {None, ""}}
    frame = table([cells])
    problem = refusal(question)
    if problem is None:
        check(packs(), [question])
        return
    with pytest.raises(BadRow) as found:
        Columns(packs(), frame.schema, Wanted.VERDICT).answer(frame)
    assert (found.value.check, found.value.field, found.value.row) == (problem.check, problem.field, 1)


def refusal(question: Question) -> BadInput | None:
    try:
        read_question(question)
    except BadInput as problem:
        return problem
    return None


def test_a_table_without_rows_has_answers_without_rows() -> None:
    frame = table([AMMUNITION]).clear()
    assert Columns(packs(), frame.schema, Wanted.REASONS).answer(frame).height == 0


def test_past_bad_rows_the_others_are_answered() -> None:
    frame = table([AMMUNITION, {**AMMUNITION, "supply": "ammo"}, AMMUNITION])
    found = Columns(packs(), frame.schema, Wanted.VERDICT).answer(frame, past_bad=True)
    verdicts = found.get_column("verdict").to_list()
    assert verdicts[1] is None
    assert verdicts[0] == verdicts[2] == one()["verdict"]
