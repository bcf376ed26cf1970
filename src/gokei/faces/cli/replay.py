"""`gokei law replay`: which past orders flip when something is assumed, and what that does to the sums owed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gokei.faces import labels
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option
from gokei.faces.columns import columns, padded
from gokei.node.packs import open_library
from gokei.terms.dates import shown
from gokei.terms.json_types import JsonObject, object_of
from gokei.terms.problems import BadCall
from gokei.terms.words import N_, Translate

if TYPE_CHECKING:
    from gokei.ledger.replaying import Answer, Flip, Replayed

# The columns of the sums: their names, and when and with which verdict.
_SUMS: Final = (
    (N_("Permitted before"), "before", "permitted"),
    (N_("Permitted after"), "after", "permitted"),
    (N_("Difference"), "difference", ""),
    (N_("Undetermined before"), "before", "undetermined"),
    (N_("Undetermined after"), "after", "undetermined"),
)


@click.command()
@click.argument("history", metavar="HISTORY")
@click.option("--assume", multiple=True, metavar="INSTRUMENT[=VARIANT]", help="Count a draft, or decide a variant.")
@click.option("--limit", type=click.IntRange(min=1), default=40, show_default=True, help="How many flips to print.")
@json_option
def replay(history: str, assume: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Say which past orders flip when something is assumed, and what it does to the sums owed.

    HISTORY is a node's folder, or a table (.parquet, .csv, .jsonl) with an order a row: its columns are facts, and
    beside them order (an id), amount and currency, where it has them. Only orders that the assumption can touch are
    asked again.

    Example: gokei law replay orders.csv --assume acsa-jp-kr
    """
    from gokei.faces.cli.batch import progress_bar
    from gokei.faces.cli.opening import opened
    from gokei.ledger.reasking import reask
    from gokei.ledger.replaying import Replayed
    from gokei.node.batch.history import is_node, open_history, replay_table

    if not assume:
        raise BadCall(
            check="assume-missing",
            detail=N_("Nothing is assumed, so that no order can flip."),
            next_step=N_("Name what to assume: --assume INSTRUMENT, or --assume INSTRUMENT=VARIANT"),
            field="assume",
        )
    path, label = Path(history), N_("Orders")
    found = Replayed(assume, None if as_json else limit)
    if is_node(path):
        with opened(history) as node:
            orders = node.list("orders")
            with progress_bar(label, lambda: len(orders)) as progress:
                reask(orders, node.nation, open_library(), found, progress)
    else:
        table = open_history(path)
        with progress_bar(label, table.rows) as progress:
            replay_table(table, open_library(), found, progress)
    if as_json:
        put_json(found.as_json())
        return
    for line in written(found, translate()):
        put(line)


def written(found: Replayed, words: Translate) -> list[str]:
    """What came of it, as a page of text."""
    head = words(
        N_("Orders: {orders}. Asked again, because the assumption can touch them: {touched}. Flipped: {flipped}.")
    )
    counts = {"orders": found.orders, "touched": found.touched, "flipped": found.flipped}
    lines = [_filled(head, counts)]
    if found.unread:
        unread = words(N_("Not asked, because the law cannot read their facts any more: {orders}."))
        lines.append(unread.replace("{orders}", ", ".join(shown(one["order"]) for one in found.unread)))
    if found.flipped:
        lines.append("")
    for (before, after), orders in found.kinds_of_flip():
        lines.append(f"{words(labels.VERDICT[before])} → {words(labels.VERDICT[after])}: {orders:,}")
    if found.flips:
        lines += ["", *(line for flip in found.flips for line in _flip(flip, words))]
    more = found.flipped - len(found.flips)
    if more:
        text = words(N_("Flips not shown: {more}. All of them: --json, or --limit {flipped}"))
        lines.append(text.replace("{more}", f"{more:,}").replace("{flipped}", str(found.flipped)))
    return [*lines, "", *_sums(found, words)]


def _filled(sentence: str, counts: dict[str, int]) -> str:
    for name, count in counts.items():
        sentence = sentence.replace(f"{{{name}}}", f"{count:,}")
    return sentence


def _flip(flip: Flip, words: Translate) -> list[str]:
    """An order with its two answers."""
    name = [words(N_("Row {row}")).replace("{row}", f"{flip.row:,}")] if flip.row else []
    name += [shown(flip.order)] if flip.order else []
    between = f"  {flip.provider} → {flip.recipient}" if flip.provider and flip.recipient else ""
    return [
        f"- {', '.join(name)}{between}",
        f"    {words(N_('Before'))}: {_answer(flip.before, words)}",
        f"    {words(N_('After'))}: {_answer(flip.after, words)}",
    ]


def _answer(answer: Answer, words: Translate) -> str:
    cited = f" ({answer.instrument} {answer.provision})" if answer.instrument else ""
    return f"{words(labels.VERDICT[answer.verdict])}{cited} · {words(labels.GROUND[answer.ground])}"


def _sums(found: Replayed, words: Translate) -> list[str]:
    """The sums as a table, numbers to the right."""
    rows = found.rows()
    if not rows:
        return [words(N_("Nothing is on record as owed for these orders."))]
    cells = [[words(name) for name, _, _ in _SUMS], *([_cell(row, *one[1:]) for one in _SUMS] for row in rows)]
    owed = words(N_("{debtor} owes {creditor}, in {commodity}"))
    names = ["", *(_named(owed, row) for row in rows)]
    left = max(columns(name) for name in names)
    widths = [max(columns(row[place]) for row in cells) for place in range(len(_SUMS))]
    head = words(N_("What is owed for the orders that were asked again; the sums of all others stay as they are."))
    return [head, *(_line(name, left, row, widths) for name, row in zip(names, cells, strict=True))]


def _named(sentence: str, row: JsonObject) -> str:
    for name in ("debtor", "creditor", "commodity"):
        sentence = sentence.replace(f"{{{name}}}", str(row[name]))
    return sentence


def _cell(row: JsonObject, when: str, verdict: str) -> str:
    if verdict:
        return str(object_of(row[when])[verdict])
    difference = str(row[when])
    return difference if difference == "0" or difference.startswith("-") else f"+{difference}"


def _line(name: str, left: int, row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (" " * (width - columns(cell)) + cell for cell, width in zip(row, widths, strict=True))
    return "  ".join([padded(name, left), *cells])
