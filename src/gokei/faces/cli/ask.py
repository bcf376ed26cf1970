"""`gokei ask`: a question in, a determination out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from gokei.faces import labels
from gokei.faces.cli.ending import language, put, put_json, text_of, translate
from gokei.faces.cli.inputs import json_option, not_written, read_bounded
from gokei.law.library import Library
from gokei.node.packs import open_library
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue, object_of, objects_of
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_, Translate


@click.command()
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--assume", multiple=True, metavar="INSTRUMENT[=VARIANT]", help="Count a draft, or decide a variant.")
@click.option("--save", metavar="FILE", help="Keep the question of the interview in a new file.")
@click.option("--batch", metavar="IN", help="Answer every row of a file: .parquet, .csv or .jsonl")
@click.option("--out", metavar="OUT", help="Where the answers of --batch go; the end of the name says the format.")
@click.option(
    "--engine",
    type=click.Choice(("columns", "duckdb", "spark")),
    help="What answers a batch. columns (the default) needs nothing more; spark writes a folder of Parquet.",
)
@click.option("--master", metavar="URL", help="The cluster that the engine spark uses; this machine without it.")
@click.option("--because", is_flag=True, help="In a batch also what made each answer so, and what is missing.")
@json_option
def ask(
    file: str | None,
    assume: tuple[str, ...],
    save: str | None,
    batch: str | None,
    out: str | None,
    engine: str | None,
    master: str | None,
    because: bool,
    as_json: bool,
) -> None:
    """Ask the law whether an act is permitted.

    FILE holds one JSON object of facts; - reads it from stdin. Without it, on a terminal, you are asked one question
    after another, only those that can still turn the answer. The answer names the articles that made it so, the facts
    that would settle it, and what a yes obliges to.

    Example: echo '{"kind":"support","on":"2017-09-06","provider":"JP","recipient":"AU"}' | gokei ask -

    With --batch every row of a file is a question: its columns are facts, what is missing or empty is unknown. The
    answers stand beside the questions, in the same order. One bad row refuses the whole file.

    Example: gokei ask --batch questions.csv --out answers.csv --because
    """
    if batch is not None:
        _batch(file, save, batch, out, engine, master, because, assume, as_json)
        return
    if out is not None or engine is not None or master is not None or because:
        raise click.UsageError(translate()(N_("--out, --engine, --master and --because go with --batch.")))
    if file is None:
        if not sys.stdin.isatty():
            raise click.UsageError(translate()(N_("Without a terminal name the FILE of the question, or - for stdin.")))
        _interview(open_library(), assume, save, as_json)
        return
    if save is not None:
        raise click.UsageError(
            translate()(N_("--save goes with the interview; with FILE the question is kept already."))
        )
    data = read_bounded(file, limits.QUESTION_BYTES)
    question = parse_object(
        data,
        path=file,
        max_bytes=limits.QUESTION_BYTES,
        max_depth=limits.QUESTION_DEPTH,
        max_string=limits.QUESTION_STRING_CHARACTERS,
    )
    answer = open_library().answer(question, assume)
    if as_json:
        put_json(answer)
    else:
        put(written(answer, translate()))


def _batch(
    file: str | None,
    save: str | None,
    batch: str,
    out: str | None,
    engine: str | None,
    master: str | None,
    because: bool,
    assume: tuple[str, ...],
    as_json: bool,
) -> None:
    from gokei.faces.cli.batch import run

    words = translate()
    if file is not None or save is not None:
        raise click.UsageError(words(N_("--batch names the file of the questions; leave FILE and --save out.")))
    if out is None:
        raise click.UsageError(words(N_("--batch needs --out: the file that the answers go to.")))
    if master is not None and engine != "spark":
        raise click.UsageError(words(N_("--master goes with --engine spark.")))
    run(batch, out, engine or "columns", master, because, assume, as_json)


def _interview(library: Library, assume: tuple[str, ...], save: str | None, as_json: bool) -> None:
    from gokei.faces.cli.interview import Interview
    from gokei.law.interview import question
    from gokei.node.edges import SystemClock

    if save is not None and Path(save).exists():
        raise not_written(save, translate()(N_("there is such a file already")))
    stated, end = Interview(library, assume, SystemClock().now()[:10]).run()
    words, kept = translate(), json.dumps(question(stated), ensure_ascii=False)
    click.echo("", err=True)
    if as_json:
        put_json(end.answer)
    elif end.answer is not None:
        put(written(end.answer, words))
    if end.answer is None:
        click.echo(words(N_("Too little is stated to ask the law.")), err=True)
    if save is not None and stated:
        try:
            with Path(save).open("x", encoding="utf-8") as stream:
                stream.write(kept + "\n")
        except OSError as error:
            raise not_written(save, error.strerror or "error") from error
        click.echo(words(N_("The question is kept in {file}.")).replace("{file}", save), err=True)
    elif stated:
        click.echo(words(N_("The question, to ask it again:")) + " " + kept, err=True)


def written(answer: JsonObject, words: Translate) -> str:
    """A determination as a page of text."""
    lines = [words(labels.VERDICT[str(answer["verdict"])]), "  " + words(labels.GROUND[str(answer["ground"])])]
    for one in objects_of(answer["because"]):
        truth = words(labels.TRUTH[str(one["truth"])])
        lines.append(f"- {one['instrument']} {one['provision']} ({truth}): {text_of(object_of(one['says']))}")
        source = object_of(one["source"])
        lines.append(f"    {words(labels.QUALITY[str(source['quality'])])}: {source['url']}")
    undecided = words(N_("Not yet decided:"))
    lines += [f"{undecided} {one['instrument']} {one['provision']}" for one in objects_of(answer["undecided"])]
    missing = answer["missing"]
    if isinstance(missing, list) and missing:
        lines.append(words(N_("Missing facts:")))
        asked = str(answer["ask_next"])
        first = words(N_("(ask this first)"))
        for name in sorted((str(one) for one in missing), key=lambda one: one != asked):
            beside = f" {first}" if name == asked else ""
            lines.append(f"  {name}: {words(labels.FACT.get(name, name))}{beside}")
    lines += [words(N_("Obligation:")) + " " + _duty(one, words) for one in objects_of(answer["obligations"])]
    if answer["assumed"]:
        assumed = answer["assumed"] if isinstance(answer["assumed"], list) else []
        lines.append(words(N_("Assumed:")) + " " + ", ".join(str(one) for one in assumed))
    return "\n".join(lines)


def _duty(one: JsonObject, words: Translate) -> str:
    parts = [words(labels.label("obligation", str(one["kind"])))]
    methods = one.get("methods")
    if isinstance(methods, list):
        parts.append(": " + " / ".join(words(labels.label("method", str(method))) for method in methods))
    for name, sentence in (("due", N_("within {period} of {event}")), ("every", N_("every {period}"))):
        if one.get(name):
            event = words(labels.label("moment", str(one.get("from", "delivery"))))
            found = sentence_of(words(sentence), _period(one[name]), event)
            parts.append(f" · {found}")
    quality = words(labels.QUALITY["draft"]) if one.get("quality") == "draft" else ""
    return "".join(parts) + f" ({one['instrument']} {one['provision']})" + (f" · {quality}" if quality else "")


def _period(text: JsonValue) -> str:
    from gokei.faces.web.formats import period

    return period(text, language())


def sentence_of(sentence: str, length: str, event: str) -> str:
    """A sentence about a period, filled."""
    return sentence.replace("{period}", length).replace("{event}", event)
