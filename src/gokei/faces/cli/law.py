"""`gokei law`: what agreements and laws there are, what they say on a day, and whether packs are right."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gokei.faces.cli.ending import put, put_json, text_of, translate
from gokei.faces.cli.inputs import json_option
from gokei.law import views
from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.node.edges import SystemClock
from gokei.node.packs import open_library, read_files
from gokei.terms.dates import parse_date, parse_instant
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput, Problems
from gokei.terms.question import check_nation
from gokei.terms.words import N_

if TYPE_CHECKING:
    from gokei.law.lint import Finding

_SHORT: Final = {"permitted": "yes", "not_permitted": "no", "undetermined": "?"}


@click.group()
def law() -> None:
    """Look into the law: instruments, their status, what they cover."""


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
        put(f"{one['instrument']}  ({state}{draft})  {text_of(_object(one['titles']))}")


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
    put(f"{found['instrument']}: {text_of(_object(found['titles']))}")
    for event in _objects(found["events"]):
        put(f"  {event['at']}  {event['event']}  {', '.join(_texts(event['by']))}")
    for one in _objects(found["provisions"]):
        source = _object(one["source"])
        put(f"- {one['provision']} [{one['effect']}] {text_of(_object(one['says']))} ({source['quality']})")


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
    found = views.status_at(open_library().instrument(instrument), instant)
    if as_json:
        put_json([*found])
        return
    if not found:
        put(translate()(N_("Nothing had happened to it by then.")))
    for row in found:
        put(f"{row['party']}  {row['status']}  {row['since']}  {row['event']}")
        for duty in _texts(row["duties"]):
            put(f"    {duty}")


@law.command()
@click.argument("provider")
@click.argument("recipient")
@click.option("--on", "on", metavar="DATE", required=True, help="The day, as YYYY-MM-DD.")
@click.option("--assume", multiple=True, metavar="INSTRUMENT[=VARIANT]", help="Count a draft, or decide a variant.")
@json_option
def coverage(provider: str, recipient: str, on: str, assume: tuple[str, ...], as_json: bool) -> None:
    """Show for each activity and supply what the law says when nothing else is known."""
    for field, nation in (("provider", provider), ("recipient", recipient)):
        check_nation(field, nation)
    found = views.coverage(open_library(), provider, recipient, parse_date(on, "on").isoformat(), assume)
    if as_json:
        put_json(found)
        return
    verdicts = _object(found["verdicts"])
    supplies = [*_object(next(iter(verdicts.values())))]
    for number, supply in enumerate(supplies, 1):
        put(f"{number:>2} {supply}")
    put(" " * 32 + " ".join(f"{number:>3}" for number in range(1, len(supplies) + 1)))
    for activity, row in verdicts.items():
        put(f"{activity:<32}" + " ".join(f"{_SHORT[str(word)]:>3}" for word in _object(row).values()))


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
    return datetime.date.fromisoformat(SystemClock().now()[:10])


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
