"""The partners on record, this node's own offices, and the digests of the books that each pair shares."""

from __future__ import annotations

from starlette.responses import Response

from gokei.faces.clocks import CLOCKS_DIFFER, clock_off
from gokei.faces.web.books import partner_of
from gokei.faces.web.visit import Visit
from gokei.journal.evidence import SAYS
from gokei.terms.json_types import JsonObject, object_of
from gokei.terms.problems import filled


def partners(visit: Visit) -> Response:
    """With whom this node deals, by which root, and what the books with each add up to."""
    channels = object_of(visit.node.state().get("channels"))
    books = {partner_of(visit, {"channel": name}): object_of(found) for name, found in channels.items()}
    return visit.render(
        "partners.html",
        partners=visit.node.partners(),
        books=books,
        offices=visit.node.offices(),
        clock_off=clock_off,
        clocks_differ=CLOCKS_DIFFER,
        refusals=shown_refusals(visit),
        evidence=shown_evidence(visit),
    )


def evidence(visit: Visit) -> Response:
    """One evidence as a file that anyone can check without this node."""
    number = int(visit.request.path_params["number"])
    found = visit.node.evidence_file(number)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{number}.json"'}
    return Response(found, media_type="application/json", headers=headers)


def shown_evidence(visit: Visit) -> list[JsonObject]:
    """What partners signed and cannot all have meant, newest first, in the reader's words."""
    found = visit.node.evidence()[::-1]
    says = [filled(SAYS[str(row["kind"])], {"nation": str(row["nation"])}, visit.translate) for row in found]
    return [row | {"said": said} for row, said in zip(found, says, strict=True)]


def shown_refusals(visit: Visit) -> list[JsonObject]:
    """What was refused at the door, newest first, in the reader's words."""
    return [row | {"said": _said(object_of(row["refusal"]), visit)} for row in visit.node.refusals()]


def _said(refusal: JsonObject, visit: Visit) -> str:
    params = {name: str(value) for name, value in object_of(refusal.get("params")).items()}
    return filled(str(refusal.get("says") or refusal["detail"]), params, visit.translate)
