"""The law as the node knows it: instruments, their provisions and status on a day, and what is covered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from gokei.faces import coverage as tables
from gokei.faces.web.visit import Visit
from gokei.terms.dates import parse_date
from gokei.terms.json_types import JsonObject, object_of, objects_of

FORMS: Final[Mapping[str, str]] = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml"}


def instruments(visit: Visit) -> Response:
    """All instruments with their status on a day."""
    day = _day(visit)
    return visit.render("law.html", instruments=visit.law.instruments(day), on=day.isoformat())


def instrument(visit: Visit) -> Response:
    """One instrument: what it is for each party, what has happened to it, and every provision with its source."""
    day = _day(visit)
    found = visit.law.instrument(visit.request.path_params["instrument"], day)
    standing = visit.law.status(str(found["instrument"]), day.isoformat())
    records = visit.node.list("instruments", {"instrument": str(found["instrument"])})
    reports = [{**report, "partner": row["partner"]} for row in records for report in objects_of(row.get("reports"))]
    return visit.render(
        "instrument.html",
        instrument=found,
        standing=standing,
        on=day.isoformat(),
        moments=visit.law.timeline(str(found["instrument"]))["moments"],
        reports=sorted(reports, key=lambda report: str(report["published_on"])),
    )


def coverage(visit: Visit) -> Response:
    """A table of activities by supplies between two nations on a day."""
    day = _day(visit)
    partners = [str(row["partner"]) for row in visit.node.partners()]
    provider = visit.query.get("provider") or visit.node.nation
    recipient = visit.query.get("recipient") or next(iter(partners), "")
    found = visit.law.coverage(provider, recipient, day) if recipient else None
    if found and visit.query.get("form") in FORMS:
        return _file(visit, found, visit.query["form"])
    verdicts = object_of(found["verdicts"]) if found else {}
    supplies = list(object_of(next(iter(verdicts.values()), {})))
    return visit.render(
        "coverage.html",
        verdicts=verdicts,
        supplies=supplies,
        provider=provider,
        recipient=recipient,
        nations=sorted({visit.node.nation, *partners, provider, recipient} - {""}),
        on=day.isoformat(),
    )


def _file(visit: Visit, found: JsonObject, form: str) -> Response:
    """A table to take along: CSV is saved, a picture is shown."""
    name = f"gokei-{found['provider']}-{found['recipient']}-{found['on']}.{form}"
    if form == "csv":
        text = tables.as_csv([found], visit.translate)
    else:
        text = tables.as_svg([found], visit.language, visit.translate)
    kept = "attachment" if form == "csv" else "inline"
    headers = {"Content-Disposition": f'{kept}; filename="{name}"', "Content-Language": visit.language}
    return Response(text.encode(), media_type=FORMS[form], headers=headers)


def _day(visit: Visit) -> datetime.date:
    text = visit.query.get("on")
    return parse_date(text, "on") if text else visit.node.today_date()
