"""Protected information that one nation lent the other, and the public record of instruments."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from gokei.faces.web.books import ENTRIES, entry_in_short, one, partner_of
from gokei.faces.web.pages.home import step_shown
from gokei.faces.web.visit import Visit
from gokei.terms.json_types import JsonObject, object_of, objects_of

HOLDER_ACTS: Final = ("access_decision", "item_return", "destruction", "incident")
OWNER_ACTS: Final = ("release_consent", "reclassification", "incident")
REPORT_ACTS: Final = ("denial", "confirmation", "correction_request", "correction")
GONE: Final = frozenset({"returned", "destroyed", "lost", "closed", "void"})


def registry(visit: Visit) -> Response:
    """Every holding: what was lent to us, and what of ours is with partners."""
    rows = visit.node.list("holdings")
    own = visit.node.nation
    return visit.render(
        "registry.html",
        held=[row for row in rows if row.get("holder") == own],
        lent=[row for row in rows if row.get("owner") == own],
    )


def holding(visit: Visit) -> Response:
    """One holding: where each copy is, who was let in and who was not, consents, incidents, documents."""
    found = one(visit, "holdings", "holding", visit.request.path_params["holding"])
    case, partner = str(found["case"]), partner_of(visit, found)
    steps = [step_shown(visit, step | {"case": case, "partner": partner}) for step in objects_of(found.get("next"))]
    acts = OWNER_ACTS if found.get("owner") == visit.node.nation else HOLDER_ACTS
    documents = visit.node.documents(case, str(found["channel"]))
    stated = object_of(found.get("determinations"))
    return visit.render(
        "holding.html",
        holding=found,
        partner=partner,
        documents=documents,
        certificates=[row for row in documents if row["type"] == "destruction" and row["standing"] != "void"],
        own=[step for step in steps if step.get("nation") == visit.node.nation],
        theirs=[step for step in steps if step.get("nation") != visit.node.nation],
        more=[] if found["state"] in GONE else [_act(visit, act, partner, found) for act in acts],
        sides=[
            {"nation": nation, "answer": visit.law.explained(object_of(stated[nation]), found["on"])}
            for nation in stated
        ],
        signed=visit.query.get("signed"),
    )


def _act(visit: Visit, act: str, partner: str, found: JsonObject) -> JsonObject:
    return {"type": act, "form": visit.url(f"/new/{act}", to=partner, holding=str(found["holding"]))}


def dossier(visit: Visit) -> Response:
    """The instruments that something was said about in public."""
    rows = [row | {"entries": _entries(row)} for row in visit.node.list("instruments")]
    return visit.render("dossier.html", records=rows, titles=visit.law.title)


def record(visit: Visit) -> Response:
    """One instrument in two views: what is established of it by its events, and what was reported of it."""
    found = one(visit, "instruments", "instrument", visit.request.path_params["instrument"])
    partner = partner_of(visit, found)
    name = str(found["instrument"])
    title = visit.law.title(name)
    entries = [
        entry
        | {
            "acts": [
                {"type": act, "form": visit.url(f"/new/{act}", to=partner, instrument=name, of=str(entry["hash"]))}
                for act in (*REPORT_ACTS, *(["event_outcome"] if entry["type"] == "expected_event" else []))
            ]
        }
        for entry in _entries(found)
    ]
    return visit.render(
        "record.html",
        record=found,
        partner=partner,
        entries=entries,
        types=[*ENTRIES],
        title=title,
        established=visit.law.instrument(name, visit.node.today_date()) if title else None,
        documents=visit.node.documents(str(found["case"]), str(found["channel"])),
        signed=visit.query.get("signed"),
    )


def _entries(found: JsonObject) -> list[JsonObject]:
    """All entries of a record by the day of their publication, each with its type and its words in short."""
    entries = [
        entry | {"type": type_name, "short": entry_in_short(entry)}
        for type_name, listed in ENTRIES.items()
        for entry in objects_of(found.get(listed))
    ]
    return sorted(entries, key=lambda entry: str(entry["published_on"]))
