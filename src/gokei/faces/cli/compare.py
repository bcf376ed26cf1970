"""`gokei law compare`: which questions two states of the law answer differently."""

from __future__ import annotations

import click

from gokei.faces import labels
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option
from gokei.faces.differences import Told, told
from gokei.law.comparison.comparing import compare as compared
from gokei.node.packs import open_library
from gokei.terms.json_types import JsonObject
from gokei.terms.words import N_, Translate

_ASSUME = "INSTRUMENT[=VARIANT]"


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--assume", multiple=True, metavar=_ASSUME, help="Count a draft, or decide a variant, on both sides.")
@click.option("--assume-a", multiple=True, metavar=_ASSUME, help="The same for side A alone.")
@click.option("--assume-b", multiple=True, metavar=_ASSUME, help="The same for side B alone.")
@click.option("--grounds", is_flag=True, help="Also where both say no, but for another reason.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=40, show_default=True, help="How many sentences to print at most."
)
@json_option
def compare(
    a: str,
    b: str,
    assume: tuple[str, ...],
    assume_a: tuple[str, ...],
    assume_b: tuple[str, ...],
    grounds: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Say which questions two states of the law answer differently.

    A and B are INSTRUMENT, INSTRUMENT@DATE or PROVIDER>RECIPIENT@DATE (in quotes, because of the shell).

    Example: gokei law compare 'JP>AU@2017-09-05' 'JP>AU@2017-09-06'
    """
    found = compared(open_library(), a, b, (*assume, *assume_a), (*assume, *assume_b), grounds)
    if as_json:
        from gokei.faces.differences import spoken

        cubes = spoken(found)["cubes"]
        put_json(cubes)
        return
    for line in written(found, limit, translate()):
        put(line)


def written(comparison: JsonObject, limit: int, words: Translate) -> list[str]:
    """The comparison as a page of text, with `limit` sentences at most."""
    groups = told(comparison)
    number = sum(len(group.sentences) for group in groups)
    if not number:
        return [words(N_("No question has another answer."))]
    counts = comparison["counts"]
    differ, of = (counts["differ"], counts["of"]) if isinstance(counts, dict) else (0, 0)
    head = words(N_("Another answer: {differ} of {of} classes of questions. Sentences: {number}."))
    lines = [head.replace("{differ}", f"{differ:,}").replace("{of}", f"{of:,}").replace("{number}", f"{number:,}")]
    left = limit
    for group in groups:
        if left <= 0:
            break
        lines += ["", *_group(group, left, words)]
        left -= len(group.sentences)
    if number > limit:
        more = words(N_("Sentences not shown: {number}. All of them: --limit {all}"))
        lines += ["", more.replace("{number}", f"{number - limit:,}").replace("{all}", str(number))]
    return lines


def _group(group: Told, most: int, words: Translate) -> list[str]:
    was, now = (words(labels.VERDICT[verdict]) for verdict in group.verdicts)
    found = [f"{was} → {now} ({len(group.sentences):,})"]
    if group.throughout:
        found.append("  " + words(N_("Throughout: {conditions}.")).replace("{conditions}", group.conditions(words)))
    return found + [f"- {one.text(words, group.throughout)}" for one in group.sentences[:most]]
