"""`gokei act`, `show` and `list`: issue documents, and look at what they add up to."""

from __future__ import annotations

import click

from gokei.faces.cli import telling
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option, read_bounded
from gokei.faces.cli.opening import opened
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadCall
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

SHOWN = ("order", "claim", "holding", "document", "statement", "operation", "instrument")
LISTED = ("orders", "claims", "holdings", "documents", "statements", "operations", "instruments")


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("file", metavar="FILE|-")
@click.option("--key", metavar="KEY", help="Asking again with the same key gives the first answer, and no second act.")
@json_option
def act(folder: str, file: str, key: str | None, as_json: bool) -> None:
    """Issue one signed document.

    FILE holds one JSON object: `type`, `to` (the partner), and the fields of the type, as in
    docs/reference/documents.md. What the law or the life cycle does not allow is refused, and nothing is written.
    """
    document = parse_object(read_bounded(file, limits.ACT_BYTES), path=file, max_bytes=limits.ACT_BYTES)
    with opened(folder) as node:
        answer = node.act(document, key)
    if as_json:
        put_json(answer)
        return
    words = translate()
    put(words(N_("Issued as number {sequence}: {hash}")).format(**answer))
    determination = answer["determination"]
    if isinstance(determination, dict):
        from gokei.faces.cli.ask import written

        put(written(determination, words))


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("kind", type=click.Choice(SHOWN))
@click.argument("name", metavar="ID")
@json_option
def show(folder: str, kind: str, name: str, as_json: bool) -> None:
    """Show one order, claim, holding, document, statement, operation or instrument's record."""
    with opened(folder) as node:
        found = node.show(kind, name)
    if as_json:
        put_json(found)
    else:
        put("\n".join(telling.outline(found, translate())))


@click.command("list")
@click.argument("folder", metavar="DIR")
@click.argument("kind", type=click.Choice(LISTED))
@click.option("--where", multiple=True, metavar="K=V", help="Only those whose field K is V; may be repeated.")
@json_option
def list_(folder: str, kind: str, where: tuple[str, ...], as_json: bool) -> None:
    """List what the node knows of one kind."""
    wanted: dict[str, str] = {}
    for one in where:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise BadCall(
                check="call",
                detail=N_("--where takes K=V, such as --where state=offered."),
                next_step=N_("See gokei --help, or --help after the command."),
            )
        wanted[name] = value
    with opened(folder) as node:
        found = node.list(kind, wanted)
    if as_json:
        put_json([*found])
        return
    if not found:
        put(translate()(N_("There is none.")))
    for row in found:
        put("  ".join(_cell(row, name) for name in _COLUMNS[kind]))


_COLUMNS = {
    "orders": ("order", "partner", "state", "operation", "on"),
    "claims": ("claim", "order", "debtor", "state", "due"),
    "holdings": ("holding", "partner", "state", "level", "title"),
    "documents": ("sequence", "author", "type", "case", "standing", "hash"),
    "statements": ("statement", "partner", "state", "as_of"),
    "operations": ("operation", "partner", "activity", "place", "name"),
    "instruments": ("instrument", "partner", "case"),
}


def _cell(row: JsonObject, name: str) -> str:
    value = row.get(name)
    return "-" if value is None else str(value)
