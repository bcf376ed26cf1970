"""`gokei law`: what agreements and laws there are, what they say on a day, and whether packs are right."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import click

from gokei.faces.cli.compare import compare
from gokei.faces.cli.ending import put, put_json, text_of, translate
from gokei.faces.cli.inputs import json_option
from gokei.law import views
from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.node.edges import SystemClock
from gokei.node.packs import open_library, read_files
from gokei.terms.dates import parse_date, parse_instant
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.nations import is_nation
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

_SHORT: Final = {"permitted": "yes", "not_permitted": "no", "undetermined": "?"}


@click.group()
def law() -> None:
    """Look into the law: instruments, their status, what they cover."""


law.add_command(compare)


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
        if not is_nation(nation):
            raise BadInput(
                check="fact-code",
                detail=N_("{field}: {value} is not a valid word."),
                params={"field": field, "value": nation[:60]},
                field=field,
            )
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
@json_option
def check(folder: str, as_json: bool) -> None:
    """Validate a folder of packs: every error, with file, line and column."""
    instruments = load(compose(read_files(Path(folder))))
    Library(instruments)
    provisions = sum(len(one.provisions) for one in instruments)
    if as_json:
        put_json({"instruments": len(instruments), "provisions": provisions, "problems": []})
    else:
        put(translate()(N_("All right.")) + f" ({len(instruments)}, {provisions})")


def _today() -> datetime.date:
    return datetime.date.fromisoformat(SystemClock().now()[:10])


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
