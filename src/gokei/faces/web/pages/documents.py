"""One signed document, and its exact bytes."""

from __future__ import annotations

import json

from starlette.responses import Response

from gokei.faces.web.books import partner_of, path_of
from gokei.faces.web.visit import Visit
from gokei.terms.json_types import object_of


def document(visit: Visit) -> Response:
    """A document: who signed what and when, whether it stands, what it says, and the bytes that were signed."""
    found = visit.node.show("document", visit.request.path_params["name"])
    body = object_of(found.get("body"))
    said = object_of(body.get("determination"))
    return visit.render(
        "document.html",
        document=found,
        partner=partner_of(visit, found),
        page=visit.url(path_of(found["case"]), **{"with": partner_of(visit, found)}),
        body=json.dumps(found.get("body"), ensure_ascii=False, indent=2),
        stated=visit.law.explained(said, body.get("on")) if said else None,
    )


def envelope(visit: Visit) -> Response:
    """The exact signed bytes, to keep or to check elsewhere."""
    name = visit.request.path_params["name"]
    found = visit.node.envelope(name)
    file_name = "".join(letter if letter.isalnum() else "-" for letter in name)[:80]
    headers = {"Content-Disposition": f'attachment; filename="{file_name}.json"'}
    return Response(found, media_type="application/vnd.gokei.envelope+json", headers=headers)
