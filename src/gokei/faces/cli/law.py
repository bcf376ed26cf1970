"""`gokei law`: what agreements and laws there are, what they say on a day, and whether packs are right."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gokei.faces import labels
from gokei.faces.cli.compare import compare
from gokei.faces.cli.ending import language, put, put_json, text_of, translate
from gokei.faces.cli.inputs import json_option, read_bounded, write_file
from gokei.faces.cli.replay import replay
from gokei.law import views
from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.node.packs import open_library, read_files
from gokei.terms import limits
from gokei.terms.dates import parse_date, parse_instant
from gokei.terms.json_types import JsonObject, JsonValue, object_of, objects_of
from gokei.terms.problems import BadInput, Problems
from gokei.terms.question import check_nation
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_, Translate

if TYPE_CHECKING:
    from gokei.law.lint import Finding


@click.group()
def law() -> None:
    """Look into the law: instruments, their status, what they cover."""


law.add_command(compare)
law.add_command(replay)


@law.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all instruments, with their status today."""
    found = views.listed(open_library(), _today())
    if as_json:
        put_json([*found])
        return
    words = translate()
    for one in found:
        state = words(N_("in force")) if one["in_force"] else words(N_("not in force"))
        draft = f", {words(N_('draft'))}" if one["draft"] else ""
        put(f"{one['instrument']}  ({state}{draft})  {text_of(object_of(one['titles']))}")


@law.command()
@click.argument("instrument")
@click.option("--on", "on", metavar="DATE", help="The day, as YYYY-MM-DD; today where left out.")
@json_option
def show(instrument: str, on: str | None, as_json: bool) -> None:
    """Show an instrument: its events, and its provisions on a day."""
    day = parse_date(on, "on") if on else _today()
    found = views.shown_on(open_library().instrument(instrument), day)
    if as_json:
        put_json(found)
        return
    put(f"{found['instrument']}: {text_of(object_of(found['titles']))}")
    for event in objects_of(found["events"]):
        put(f"  {event['at']}  {event['event']}  {', '.join(_texts(event['by']))}")
    for one in objects_of(found["provisions"]):
        source = object_of(one["source"])
        put(f"- {one['provision']} [{one['effect']}] {text_of(object_of(one['says']))} ({source['quality']})")


@law.command()
@click.argument("instrument")
@click.option("--at", "at", metavar="INSTANT", required=True, help="An instant in RFC 3339, or a day.")
@json_option
def status(instrument: str, at: str, as_json: bool) -> None:
    """Say what an instrument is at an instant, as each party reads it."""
    instant = (
        datetime.datetime.combine(parse_date(at, "at"), datetime.time(23, 59, 59), datetime.UTC)
        if len(at) == len("2017-09-06")
        else parse_instant(at, "at")
    )
    held = open_library().instrument(instrument)
    found, ways = views.status_at(held, instant), views.ways(held, instant)
    if as_json:
        put_json([*found])
        return
    if not found:
        put(translate()(N_("Nothing had happened to it by then.")))
    for row in found:
        put(f"{row['party']}  {row['status']}  {row['since']}  {row['event']}")
        put("    " + " → ".join(f"{at} {status}" for at, status in ways.get(str(row["party"]), ())))
        for duty in _texts(row["duties"]):
            put(f"    {duty}")


@law.command()
@click.argument("instrument")
@json_option
def timeline(instrument: str, as_json: bool) -> None:
    """Tell what happened to an instrument, as established, and what each event moved for each party."""
    found = views.timeline(open_library().instrument(instrument))
    if as_json:
        put_json(found)
        return
    words = translate()
    put(f"{found['instrument']}: {text_of(object_of(found['titles']))}")
    for one in objects_of(found["moments"]):
        put(f"{one['at']}  {' · '.join(part for part in (happened(one, words), ', '.join(_texts(one['by']))) if part)}")
        for move in objects_of(one["moves"]):
            steps = [str(move[name]) for name in ("from", "to") if move[name]]
            put(f"    {move['party']}: " + " → ".join(words(labels.label("status", step)) for step in steps))
        for sentence, turning in ((N_("{count} provisions begin"), "begins"), (N_("{count} provisions end"), "ends")):
            if count := len(_texts(one[turning])):
                put("    " + words(sentence).replace("{count}", str(count)))
        if one["note"]:
            put("    " + text_of(object_of(one["note"])))
        if one["source"]:
            source = object_of(one["source"])
            put(f"    {words(labels.label('quality', str(source['quality'])))}: {source['url']}")
    if not found["moments"]:
        put(words(N_("No event is on record.")))


def happened(moment: JsonObject, words: Translate) -> str:
    """What a moment of a timeline is called: its event, a notice taking effect, or a day of provisions alone."""
    if moment["event"] is None:
        return words(N_("Provisions change"))
    if moment["lapses"]:
        return words(N_("The notice takes effect"))
    return words(labels.label("event", str(moment["event"])))


@law.command()
@click.argument("provider")
@click.argument("recipient")
@click.option("--on", "on", metavar="DATE", required=True, help="The day, as YYYY-MM-DD.")
@click.option("--both", is_flag=True, help="Also the other direction.")
@click.option("--facts", metavar="FILE|-", help="A JSON object of facts that hold in every cell.")
@click.option("--assume", multiple=True, metavar="INSTRUMENT[=VARIANT]", help="Count a draft, or decide a variant.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write a row for each cell.")
@click.option("--svg", "svg_file", metavar="FILE", help="Write the table as a picture.")
@json_option
def coverage(
    provider: str,
    recipient: str,
    on: str,
    both: bool,
    facts: str | None,
    assume: tuple[str, ...],
    csv_file: str | None,
    svg_file: str | None,
    as_json: bool,
) -> None:
    """Show for each activity and supply what the law says when nothing else is known.

    With --csv or --svg the table goes to a file instead of the terminal; an older file of that name is replaced.
    """
    from gokei.faces import coverage as tables

    for field, nation in (("provider", provider), ("recipient", recipient)):
        check_nation(field, nation)
    stated = _stated(facts) if facts else {}
    day, library = parse_date(on, "on").isoformat(), open_library()
    ways = [(provider, recipient), (recipient, provider)] if both else [(provider, recipient)]
    found = [views.coverage(library, one, other, day, assume, stated) for one, other in ways]
    words = translate()
    if csv_file:
        write_file(csv_file, tables.as_csv(found, words))
    if svg_file:
        write_file(svg_file, tables.as_svg(found, language(), words))
    if as_json:
        put_json([*found] if both else found[0])
    elif not csv_file and not svg_file:
        put("\n\n".join(tables.as_text(one, language(), words) for one in found))


def _stated(file: str) -> JsonObject:
    """The facts of a file, or of stdin."""
    return parse_object(
        read_bounded(file, limits.QUESTION_BYTES),
        path=file,
        max_bytes=limits.QUESTION_BYTES,
        max_depth=limits.QUESTION_DEPTH,
        max_string=limits.QUESTION_STRING_CHARACTERS,
    )


@law.command()
@click.argument("folder", metavar="DIR")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.option("--all", "everything", is_flag=True, help="Show what is for information alone as well.")
@json_option
def check(folder: str, strict: bool, everything: bool, as_json: bool) -> None:
    """Validate a folder of packs: every error and warning, with file, line and column."""
    from gokei.law.lint import WARNING, lint

    try:
        files = compose(read_files(Path(folder)))
        instruments = load(files)
        Library(instruments)
        found = lint(files, instruments)
        warnings = [one for one in found if one.severity == WARNING]
        if strict and warnings:
            raise Problems([one.as_problem() for one in warnings])
    except Problems as problems:
        if as_json:
            put_json(problems.as_json(translate()) | {"findings": [_error(one) for one in problems.problems]})
            raise click.exceptions.Exit(problems.exit_code) from problems
        raise
    words = translate()
    provisions = sum(len(one.provisions) for one in instruments)
    if as_json:
        findings: list[JsonValue] = [one.as_json(words) for one in found]
        counted: JsonObject = {"instruments": len(instruments), "provisions": provisions}
        put_json(counted | {"problems": [], "findings": findings})
        return
    shown = found if everything else warnings
    for one in shown:
        kind = words(N_("warning")) if one.severity == WARNING else words(N_("for information"))
        put(_finding_lines(one, kind))
    counts = f" ({len(instruments)}, {provisions})"
    if not warnings:
        put(words(N_("All right.")) + counts)
    else:
        text = words(N_("No errors; warnings: {warnings}; for information: {information}."))
        put(text.format(warnings=len(warnings), information=len(found) - len(warnings)) + counts)


def _error(problem: BadInput) -> JsonObject:
    stated = problem.as_json(translate())
    names = ("check", "path", "line", "column", "instrument", "provision", "detail", "next")
    return {"severity": "error"} | {name: stated.get(name) for name in names}


def _finding_lines(one: Finding, kind: str) -> str:
    words = translate()
    stated = one.as_json(words)
    place = f"{one.path}:{one.line}:{one.column}: " if one.path else ""
    lines = [f"{place}{kind}: {stated['detail']} [{one.check}]"]
    cited = " ".join(part for part in (one.instrument, one.provision) if part)
    if cited:
        lines.append(f"  {words(N_('Provision'))}: {cited}")
    return "\n".join([*lines, f"  {stated['next']}"])


@law.command()
def schema() -> None:
    """Print the format of packs as JSON Schema, for an editor."""
    from gokei.law.loader.schema import pack_schema

    put_json(pack_schema())


def _today() -> datetime.date:
    from gokei.node.edges import SystemClock

    return datetime.date.fromisoformat(SystemClock().now()[:10])


def _texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
