"""Tables of questions in, tables of answers out: what every engine for very many questions runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import polars as pl

from gokei.law.columns.answers import Answers, schema_of
from gokei.law.columns.codes import Coded
from gokei.law.columns.machine import Machine
from gokei.law.forgetting import Wanted
from gokei.law.library import Library
from gokei.terms import limits
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, OurBug
from gokei.terms.question import read_question, unknown_fact
from gokei.terms.words import N_, Translate, identity

# How pieces are worked through: `map`, or the `map` of a pool of threads.
_Work: TypeAlias = Callable[[pl.DataFrame], pl.DataFrame | None]
Each: TypeAlias = Callable[[_Work, list[pl.DataFrame]], Iterable[pl.DataFrame | None]]
_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum, pl.Null)


class BadRow(BadInput):
    """A row of a table is no question. Beside what is wrong it says the row, counted from 1."""

    def __init__(self, row: int, problem: BadInput) -> None:
        super().__init__(
            check=problem.check,
            detail=problem.detail,
            next_step=problem.next_step,
            params=problem.params,
            path=problem.path,
            line=problem.line,
            column=problem.column,
            field=problem.field,
        )
        self.row = row

    def detail_text(self, translate: Translate = identity) -> str:
        """What is wrong, and in which row."""
        row = translate(N_("Row {row}:")).replace("{row}", str(self.row))
        return f"{row} {super().detail_text(translate)}"

    def as_json(self, translate: Translate = identity) -> JsonObject:
        """The problem with its `row`."""
        return {**super().as_json(translate), "row": self.row}


class Columns:
    """Answers pieces of one table, in any number and size. Each gives one row of answer for each question, in order.

    `columns` are the names and types of all columns of the table. Raises BadInput for a column that is no fact
    (`fact-unknown`) or whose type holds no such fact (`fact-type`), and what `--assume` may be wrong in (`assume-…`).
    """

    def __init__(
        self,
        library: Library,
        columns: Mapping[str, pl.DataType],
        wanted: Wanted,
        assume: tuple[str, ...] = (),
        as_text: bool = False,
    ) -> None:
        for name, kind in columns.items():
            _check_column(name, kind)
        library.assumed(assume)
        self._answers = Answers(schema_of(library, wanted), as_text)
        self.schema = self._answers.schema
        self._machine = Machine(library, assume, wanted, frozenset(columns))
        self._rows = 0

    def answer(self, questions: pl.DataFrame, past_bad: bool = False, each: Each = map) -> pl.DataFrame:
        """The answers to a piece of the table. Raises BadRow (`fact-…`, `date`, `nsn`) for the first row that is none.

        With `past_bad` a row that is no question has an answer without any value, and nothing is raised.
        """
        pieces = list(questions.iter_slices(limits.COLUMN_PIECE_ROWS))
        # What goes known ways only reads, and may run side by side; the rest is learned one piece after the other.
        known = list(each(self._known, pieces))
        found: list[pl.DataFrame] = []
        for piece, answers in zip(pieces, known, strict=True):
            found.append(self._learned(piece, past_bad) if answers is None else answers)
            self._rows += piece.height
        if self._machine.forget_if_large():
            self._answers.forget()
        return pl.concat(found) if found else pl.DataFrame(schema=self.schema)

    def _known(self, questions: pl.DataFrame) -> pl.DataFrame | None:
        """The answers, where all rows go ways that rows went before."""
        coded = Coded(questions)
        numbers = None if coded.bad.any() else self._machine.walk(coded, learn=False)
        return None if numbers is None else self._answers.of(numbers)

    def _learned(self, questions: pl.DataFrame, past_bad: bool) -> pl.DataFrame:
        coded = Coded(questions)
        bad = coded.first_bad()
        if bad is not None and past_bad:
            good = ~coded.bad
            answers = self._learned(questions.filter(good), past_bad).with_columns(row=pl.Series(good.nonzero()[0]))
            rows = pl.DataFrame({"row": pl.Series(range(questions.height), dtype=answers.schema["row"])})
            return rows.join(answers, on="row", how="left", maintain_order="left").drop("row")
        if bad is not None:
            raise fault(self._rows + bad + 1, questions.row(bad, named=True))
        numbers = self._machine.walk(coded)
        if numbers is None:
            raise LookupError("a walk that learns always ends")
        self._answers.learn(self._machine.ends)
        return self._answers.of(numbers)


def _check_column(name: str, kind: pl.DataType) -> None:
    fact = FACTS.get(name)
    if fact is None:
        raise unknown_fact(name)
    more = {"boolean": (pl.Boolean,), "date": (pl.Date,)}.get(fact.type, ())
    if not isinstance(kind, (*_TEXTS, *more)):
        raise BadInput(
            check="fact-type",
            detail=N_("{field}: a column of the type {held} holds no such fact."),
            next_step=N_("Texts hold every fact; a boolean can be of the type Boolean, a day of the type Date."),
            params={"field": name, "held": str(kind)},
            field=name,
        )


def fault(row: int, cells: Mapping[str, Any]) -> BadRow:
    """What is wrong with a row, as the reading of one question says it."""
    question: dict[str, object] = {}
    for name, value in cells.items():
        kind = FACTS[name].type
        if value is None or value == "":
            continue
        if kind == "boolean" and value in {"true", "false"}:
            question[name] = value == "true"
        else:
            question[name] = value.isoformat() if kind == "date" and not isinstance(value, str) else value
    return refused(row, question)


def refused(row: int, question: Mapping[str, object]) -> BadRow:
    """What the reading of one question says of what a row states."""
    try:
        read_question(question)
    except BadInput as problem:
        return BadRow(row, problem)
    raise OurBug(check="columns-differ", detail=N_("Columns refuse a question that is right when asked alone."))
