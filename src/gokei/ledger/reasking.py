"""A node's past orders asked again with something assumed: each line is a question, the worst line is the order's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from gokei.law.columns.replaying import ANSWER, Replay
from gokei.law.library import Library
from gokei.ledger.replaying import Answer, Flip, Owed, Replayed
from gokei.support.determining import WORST_FIRST, question_of_line
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject, object_of, objects_of
from gokei.terms.problems import BadInput
from gokei.terms.quantities import base_of
from gokei.terms.question import read_question

Progress = Callable[[int], None]
# An order, and the questions of its lines.
_Asked = tuple[JsonObject, Sequence[JsonObject]]


def reask(orders: Iterable[JsonObject], nation: str, library: Library, found: Replayed, progress: Progress) -> None:
    """Ask the law again about orders, as views with their ledger (`gokei list DIR orders`), and count what comes of it.

    Each is asked as `nation` asked it, with what its own document assumed. Raises BadInput (`assume-…`).
    """
    library.assumed(found.assumed)
    groups: dict[tuple[str, ...], list[_Asked]] = {}
    for order in orders:
        if order["state"] == "void":
            continue
        found.orders += 1
        assumed = _assumed(order, nation)
        try:
            questions = [*_questions(order)]
            for question in questions:
                read_question(question)
            library.assumed(assumed)
        except BadInput as problem:
            found.unread.append({"order": order["order"], "problem": problem.as_json()})
            progress(1)
            continue
        groups.setdefault(assumed, []).append((order, questions))
    for assumed, group in groups.items():
        _reask_group(group, library, found, assumed, progress)


def _reask_group(
    group: Sequence[_Asked], library: Library, found: Replayed, assumed: tuple[str, ...], progress: Progress
) -> None:
    frame = _table([question for _, questions in group for question in questions])
    replay = Replay(library, frame.schema, found.assumed, assumed)
    answers = {row["row"]: row for row in replay.ask(frame).iter_rows(named=True)}
    row = 0
    for order, questions in group:
        rows = [answers[number] for number in range(row + 1, row + 1 + len(questions)) if number in answers]
        row += len(questions)
        if rows:
            _count(order, _worst(rows, "before"), _worst(rows, "after"), found)
        progress(1)


def _count(order: JsonObject, before: Answer, after: Answer, found: Replayed) -> None:
    found.count(before.verdict, after.verdict, 1)
    if before.verdict != after.verdict:
        found.keep(Flip(str(order["order"]), None, str(order["provider"]), str(order["recipient"]), before, after))
    for owed, amount in _owed(order):
        found.owe(owed, before.verdict, after.verdict, amount)


def _assumed(order: JsonObject, nation: str) -> tuple[str, ...]:
    """What the nation's own document of the order assumed; the partner's, where it has written none."""
    determinations = object_of(order["determinations"])
    one = object_of(determinations.get(nation) or next(iter(determinations.values()), {}))
    assumed = one.get("assumed")
    return tuple(str(name) for name in assumed) if isinstance(assumed, list) else ()


def _questions(order: JsonObject) -> Iterator[JsonObject]:
    for line in objects_of(order["lines"]):
        nsn = None if line["nsn"] is None else str(line["nsn"])
        provider, recipient = str(order["provider"]), str(order["recipient"])
        yield question_of_line(order, str(line["supply"]), nsn, provider, recipient)


def _table(questions: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for one in questions for name in one))
    kinds = {name: pl.Boolean() if FACTS[name].type == "boolean" else pl.String() for name in names}
    return pl.DataFrame({name: [one.get(name) for one in questions] for name in names}, schema=kinds)


def _worst(rows: Sequence[Mapping[str, Any]], when: str) -> Answer:
    answers = [Answer(*(row[f"{when}_{name}"] for name in ANSWER)) for row in rows]
    return min(answers, key=lambda answer: WORST_FIRST.index(answer.verdict))


def _owed(order: JsonObject) -> Iterator[tuple[Owed, Decimal]]:
    """What is or was owed for an order by its claims: in money where its line has a price, else in goods."""
    for claim in objects_of(object_of(order["ledger"]).get("claims")):
        if claim["state"] == "withdrawn":
            continue
        for line in objects_of(claim["lines"]):
            money = line["amount"] is not None
            commodity = str(line["currency"] if money else line["commodity"])
            amount = Decimal(str(line["amount"])) if money else base_of(line["quantity"], line["unit"])
            yield Owed(str(claim["creditor"]), str(claim["debtor"]), commodity), amount
