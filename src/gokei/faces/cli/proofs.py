"""`gokei compare-books`, `proof` and `evidence`: whether two nations' books are one, and what proves it to others."""

from __future__ import annotations

from pathlib import Path

import click

from gokei.faces.cli import telling
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option
from gokei.faces.cli.opening import opened
from gokei.journal.evidence import SAYS
from gokei.node import disk
from gokei.terms.json_types import JsonObject, object_of
from gokei.terms.problems import Refused
from gokei.terms.words import N_, Translate


@click.command("compare-books")
@click.argument("folder", metavar="DIR")
@click.argument("partner", metavar="PARTNER")
@click.option("--address", metavar="URL", help="Where the partner's node is reached, this time.")
@json_option
def compare_books(folder: str, partner: str, address: str | None, as_json: bool) -> None:
    """Hold the books against a partner's: equal in one round trip, or the first document that differs.

    Exit code 3 where they differ; both sides' document is then printed, with what its signatures say.
    """
    with opened(folder) as node:
        found = node.compare_books(partner, address)
    words = translate()
    if found["equal"]:
        if as_json:
            put_json(found)
        else:
            put(words(N_("The books are equal.")))
        return
    difference = object_of(found.get("difference"))
    if not as_json:
        _put_difference(difference, words)
    if "lacking" in difference:
        next_step = N_("Exchange what one side lacks, then compare again: gokei sync DIR {nation}")
    else:
        next_step = N_("Keep what was printed. If it is a fork, its evidence is kept too: gokei evidence list DIR")
    raise Refused(
        check="books-differ",
        detail=N_("Our books and those of {nation} differ."),
        next_step=next_step,
        params={"nation": partner},
        who="partner",
        comparison=found,
    )


def _put_difference(difference: JsonObject, words: Translate) -> None:
    if "lacking" in difference:
        for log, count in object_of(difference["lacking"]).items():
            more, fewer = N_("{log}: here are {count} documents more."), N_("{log}: {count} are missing here.")
            put(words(more if _int(count) > 0 else fewer).format(log=log, count=abs(_int(count))))
        return
    if "log" in difference:
        put(words(N_("Document {sequence} of {log} differs:")).format(**difference))
    else:
        put(words(N_("The case {case} ({wing}) is folded otherwise:")).format(**{"case": "?", **difference}))
    for name, text in (("ours", N_("here")), ("theirs", N_("there"))):
        shown = difference.get(name)
        put(f"  {words(text)}:")
        if shown is None:
            put("    " + words(N_("no such case")))
        for line in telling.lines(shown if isinstance(shown, dict) else {"digest": shown}, words):
            put(f"    {line}")


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("document", metavar="DOCUMENT")
@click.argument("out", metavar="OUT")
@json_option
def proof(folder: str, document: str, out: str, as_json: bool) -> None:
    """Write the proof that a document (its hash or id) stands in a log that its author's node signed.

    OUT is a new file. Anyone checks it without a network: gokei verify --bundle OUT --card FILE --card FILE
    """
    disk.check_new(Path(out))
    with opened(folder) as node:
        data = node.proof(document)
    disk.write_new(Path(out), data)
    found: JsonObject = {"document": document, "file": out, "bytes": len(data)}
    if as_json:
        put_json(found)
    else:
        put(translate()(N_("The proof is in {file}.")).format(file=out))


@click.group()
def evidence() -> None:
    """What partners signed and cannot all have meant."""


@evidence.command("list")
@click.argument("folder", metavar="DIR")
@json_option
def list_(folder: str, as_json: bool) -> None:
    """List the evidence that this node holds, oldest first."""
    with opened(folder) as node:
        found = node.evidence()
    if as_json:
        put_json([*found])
        return
    words = translate()
    if not found:
        put(words(N_("There is no evidence against anyone.")))
    for one in found:
        put(f"{one['number']}  {one['time']}  {words(SAYS[str(one['kind'])]).format(nation=one['nation'])}")


@evidence.command()
@click.argument("folder", metavar="DIR")
@click.argument("number", metavar="NUMBER", type=click.IntRange(1))
@click.argument("out", metavar="OUT")
@json_option
def export(folder: str, number: int, out: str, as_json: bool) -> None:
    """Write one evidence as a new file that anyone can check.

    They do so with: gokei verify --bundle OUT --card FILE
    """
    disk.check_new(Path(out))
    with opened(folder) as node:
        data = node.evidence_file(number)
    disk.write_new(Path(out), data)
    if as_json:
        put_json({"number": number, "file": out, "bytes": len(data)})
    else:
        put(translate()(N_("The evidence is in {file}.")).format(file=out))
