"""Past orders in a table of a file, and what assuming something does to them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from gokei.law.columns.replaying import ANSWER, Replay
from gokei.law.library import Library
from gokei.ledger.amounts import AMOUNT, CURRENCY, amounts_of
from gokei.ledger.replaying import Answer, Flip, Owed, Replayed
from gokei.node.batch.engines import Progress
from gokei.node.batch.files import Columns, Table, open_table
from gokei.node.folder import IDENTITY
from gokei.terms.problems import BadCall, BadInput
from gokei.terms.question import read_question
from gokei.terms.words import N_

ORDER: Final = "order"
_BESIDE: Final = (ORDER, AMOUNT, CURRENCY)
_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum, pl.Null)


def is_node(path: Path) -> bool:
    """Whether a path is a node's folder."""
    return (path / IDENTITY).is_file()


def open_history(path: Path) -> Table:
    """A table of past orders: facts, and where it has them `order`, `amount` and `currency`.

    Raises as open_table does, BadInput (`column-type`) and BadCall (`history-missing`).
    """
    if not path.exists() or (path.is_dir() and not any(path.rglob("*.parquet"))):
        raise BadCall(
            check="history-missing",
            detail=N_("There is no history at {path}."),
            next_step=N_("Name a node's folder, or a table: .parquet, .csv, .jsonl"),
            params={"path": str(path)},
        )
    table = open_table(path, _BESIDE)
    for name in _BESIDE:
        kind = table.columns.get(name)
        if kind is not None and not (isinstance(kind, _TEXTS) or (name == ORDER and kind.is_integer())):
            with table.placed():
                raise BadInput(
                    check="column-type",
                    detail=N_("{field}: a column of texts is needed here, not one of the type {held}."),
                    next_step=N_("Write amounts as texts of plain digits, so that no digit of them is lost."),
                    params={"field": name, "held": str(kind)},
                    field=name,
                )
    return table


def replay_table(table: Table, library: Library, found: Replayed, progress: Progress) -> None:
    """Ask again about all rows of a table, piece by piece: memory grows with the flips that are kept alone.

    Raises BadRow with its place in the file for the first row that is no question, or whose amount is none.
    """
    facts = {name: kind for name, kind in table.columns.items() if name not in _BESIDE}
    with table.placed():
        if not facts:
            read_question({})
        replay = Replay(library, facts, found.assumed)
        for piece in table.pieces():
            _count(piece, facts, replay, found)
            progress(piece.height)


def _count(piece: pl.DataFrame, facts: Columns, replay: Replay, found: Replayed) -> None:
    asked = replay.ask(piece.select(*facts))
    beside = amounts_of(piece, found.orders)
    places = asked.get_column("row") - 1 - found.orders
    order = (
        piece.get_column(ORDER).cast(pl.String)
        if ORDER in piece.columns
        else pl.Series([None] * piece.height, dtype=pl.String)
    )
    asked = asked.hstack(beside[places]).with_columns(order.gather(places).alias(ORDER))
    found.orders += piece.height
    verdicts = ["before_verdict", "after_verdict"]
    for before, after, count in asked.group_by(verdicts).len().iter_rows():
        found.count(before, after, count)
    owed = asked.filter(pl.col(AMOUNT).is_not_null()).group_by("provider", "recipient", CURRENCY, *verdicts)
    for creditor, debtor, currency, before, after, amount in owed.agg(pl.col(AMOUNT).sum()).iter_rows():
        found.owe(Owed(creditor, debtor, currency), before, after, amount)
    flips = asked.filter(pl.col(verdicts[0]) != pl.col(verdicts[1]))
    _keep(flips if found.room is None else flips.head(found.room), found)


def _keep(flips: pl.DataFrame, found: Replayed) -> None:
    """The same answers come again and again, so each is made once."""
    made: dict[Answer, Answer] = {}
    columns = [f"{when}_{name}" for when in ("before", "after") for name in ANSWER]
    for name, row, provider, recipient, *answers in flips.select(
        ORDER, "row", "provider", "recipient", *columns
    ).iter_rows():
        both = (Answer(*answers[: len(ANSWER)]), Answer(*answers[len(ANSWER) :]))
        before, after = (made.setdefault(one, one) for one in both)
        found.keep(Flip(name or None, row, provider, recipient, before, after))
