"""The law as the node knows it: instruments, their provisions and status on a day, and what is covered."""

from __future__ import annotations

import datetime

from starlette.responses import Response

from gokei.faces.web.books import mapping
from gokei.faces.web.visit import Visit
from gokei.terms.dates import parse_date


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
    return visit.render("instrument.html", instrument=found, standing=standing, on=day.isoformat(), records=records)


def coverage(visit: Visit) -> Response:
    """A table of activities by supplies between two nations on a day."""
    day = _day(visit)
    partners = [str(row["partner"]) for row in visit.node.partners()]
    provider = visit.query.get("provider") or visit.node.nation
    recipient = visit.query.get("recipient") or next(iter(partners), "")
    found = visit.law.coverage(provider, recipient, day) if recipient else None
    verdicts = mapping(found["verdicts"]) if found else {}
    supplies = list(mapping(next(iter(verdicts.values()), {})))
    return visit.render(
        "coverage.html",
        verdicts=verdicts,
        supplies=supplies,
        provider=provider,
        recipient=recipient,
        nations=sorted({visit.node.nation, *partners, provider, recipient} - {""}),
        on=day.isoformat(),
    )


def _day(visit: Visit) -> datetime.date:
    text = visit.query.get("on")
    return parse_date(text, "on") if text else visit.node.today_date()
