"""Today: what waits for the signed-in office; and the deliveries that wait to be signed for."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from gokei.faces.web.books import partner_of, path_of
from gokei.faces.web.pages.partners import shown_evidence, shown_refusals
from gokei.faces.web.visit import Visit
from gokei.terms.json_types import JsonObject, object_of, objects_of

STEP_FIELDS: Final = ("order", "delivery", "claim", "settlement", "statement", "holding", "instrument", "of", "follows")


def today(visit: Visit) -> Response:
    """What waits: next acts by case, second signatures, and what has just been done."""
    found = visit.node.today(visit.office)
    drafts = visit.node.drafts()
    begun = {_what(object_of(row.get("request"))) for row in drafts}
    steps = [step_shown(visit, step) for step in objects_of(found.get("waiting"))]
    waiting = [step for step in steps if _what(step | {"to": step["partner"]}) not in begun]
    may_sign = {str(row["draft"]) for row in objects_of(found.get("second_signatures"))}
    return visit.render(
        "today.html",
        waiting=waiting,
        to_sign=[draft_shown(visit, row) for row in drafts if str(row["draft"]) in may_sign],
        kept=[draft_shown(visit, row) for row in drafts if str(row["draft"]) not in may_sign],
        refusals=shown_refusals(visit),
        evidence=shown_evidence(visit),
        alone=not visit.node.partners(),
        kept_now=visit.query.get("kept"),
        dropped=visit.query.get("dropped"),
    )


def _what(act: JsonObject) -> tuple[str, ...]:
    """What an act does to which case, to tell an act that is begun from one that still waits."""
    return tuple(str(act.get(name) or "") for name in ("type", "to", *STEP_FIELDS))


def step_shown(visit: Visit, step: JsonObject) -> JsonObject:
    """A next act with the address of its prefilled form, and the page of its case."""
    partner = partner_of(visit, step)
    query = {name: str(step[name]) for name in STEP_FIELDS if step.get(name)}
    case = str(step.get("case") or f"order:{step.get('order')}")
    return step | {
        "partner": partner,
        "form": visit.url(f"/new/{step['type']}", to=partner, **query),
        "page": visit.url(path_of(case), **{"with": partner}),
        "name": case.partition(":")[2],
        "family": case.partition(":")[0],
    }


def draft_shown(visit: Visit, row: JsonObject) -> JsonObject:
    """A kept document: its type, partner and case, what it states, and the law's answer as it is now."""
    request = object_of(row.get("request"))
    case = next((str(request[name]) for name in ("order", "holding", "statement") if request.get(name)), "")
    order = _order_of(visit, request)
    return row | {"request": request, "case": case, "order": order} | visit.node.preview(request, None, visit.translate)


def _order_of(visit: Visit, request: JsonObject) -> JsonObject | None:
    if not request.get("order"):
        return None
    rows = visit.node.list("orders", {"order": str(request["order"]), "partner": str(request.get("to"))})
    return rows[0] if rows else None


def receive(visit: Visit) -> Response:
    """Every delivery that this nation has still to sign for."""
    waiting = []
    for order in visit.node.list("orders", {"recipient": visit.node.nation}):
        lines = {str(line["line"]): line for line in objects_of(order.get("lines"))}
        for delivery in objects_of(order.get("deliveries")):
            if delivery.get("receipt") is None:
                step = {"type": "receipt", "order": order["order"], "delivery": delivery["delivery"]}
                shown = step_shown(visit, step | {"case": order["case"], "partner": partner_of(visit, order)})
                waiting.append(shown | {"found": delivery, "lines": lines})
    items = [
        step_shown(visit, step | {"case": holding["case"], "partner": partner_of(visit, holding)}) | {"found": holding}
        for holding in visit.node.list("holdings", {"holder": visit.node.nation})
        for step in objects_of(holding.get("next"))
        if step.get("type") == "item_receipt"
    ]
    return visit.render("receive.html", waiting=waiting, items=items)
