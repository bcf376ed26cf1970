"""Orders, operations, and what is owed for orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from gokei.faces.web.books import one, partner_of
from gokei.faces.web.pages.home import step_shown
from gokei.faces.web.visit import Visit
from gokei.terms.json_types import JsonObject, object_of, objects_of

STATES: Final = ("requested", "offered", "ordered", "in_force", "delivered", "received", "claimed", "settled")
STANDS_AT: Final = {"delivering": "delivered"}
ENDED: Final = frozenset({"refused", "cancelled", "void"})
FILTERS: Final = ("state", "partner", "operation", "supply")
ROWS: Final = 50


def order_list(visit: Visit) -> Response:
    """The orders, newest first, fifty to a page; the filters stand in the address."""
    where = {name: visit.query[name] for name in ("state", "partner", "operation") if visit.query.get(name)}
    rows = list(reversed(visit.node.list("orders", where)))
    page = int(text) if (text := visit.query.get("page", "1")).isdigit() and 0 < len(text) < 6 else 1
    first = (max(page, 1) - 1) * ROWS
    return visit.render(
        "orders.html",
        orders=rows[first : first + ROWS],
        total=len(rows),
        page=page,
        more=first + ROWS < len(rows),
        where=where,
        states=(*STATES, "delivering", "refused", "cancelled"),
        partners=[str(row["partner"]) for row in visit.node.partners()],
        operations=visit.node.list("operations"),
        address=lambda number: visit.url("/orders", **where, page=str(number)),
    )


def operation(visit: Visit) -> Response:
    """One operation: its facts, its orders, its documents."""
    found = one(visit, "operations", "operation", visit.request.path_params["operation"])
    partner = partner_of(visit, found)
    return visit.render(
        "operation.html",
        operation=found,
        partner=partner,
        orders=visit.node.list("orders", {"operation": str(found["operation"]), "partner": partner}),
        documents=visit.node.documents(str(found["case"]), str(found["channel"])),
    )


def order(visit: Visit) -> Response:
    """One order: where it stands, its lines, both sides' determinations, its documents, and what can be done next."""
    found = one(visit, "orders", "order", visit.request.path_params["order"])
    case, partner = str(found["case"]), partner_of(visit, found)
    documents = visit.node.documents(case, str(found["channel"]))
    steps = [step_shown(visit, step | {"case": case, "partner": partner}) for step in objects_of(found.get("next"))]
    state = STANDS_AT.get(str(found["state"]), str(found["state"]))
    return visit.render(
        "order.html",
        order=found,
        partner=partner,
        ledger=object_of(found.get("ledger")),
        documents=documents,
        pending=any(row["standing"] == "pending" for row in documents),
        own=[step for step in steps if step.get("nation") == visit.node.nation],
        theirs=[step for step in steps if step.get("nation") != visit.node.nation],
        more=_more(visit, found, partner),
        states=STATES,
        reached=STATES.index(state) if state in STATES else -1,
        ended=found["state"] in ENDED,
        sides=_sides(visit, found, documents),
        signed=visit.query.get("signed"),
    )


def _sides(visit: Visit, order: JsonObject, documents: Sequence[JsonObject]) -> list[JsonObject]:
    """What each nation's node found, in its own document, and what ours found of the same."""
    stated = object_of(order.get("determinations"))
    sides: list[JsonObject] = [
        {
            "nation": nation,
            "answer": visit.law.explained(object_of(stated[nation]), order["on"]) if nation in stated else None,
        }
        for nation in (str(order["provider"]), str(order["recipient"]))
    ]
    ours = next((row for row in reversed(documents) if row.get("determination")), None)
    return [side | {"full": _full(visit, side, ours)} for side in sides]


def _full(visit: Visit, side: JsonObject, ours: JsonObject | None) -> JsonObject | None:
    """Our own node's answer in full, for our own side."""
    return object_of(ours["determination"]) if ours and side["nation"] == visit.node.nation else None


def _more(visit: Visit, order: JsonObject, partner: str) -> list[JsonObject]:
    """What else this nation may do with the order: end it, or correct what nobody has built on yet."""
    name, state = str(order["order"]), order["state"]
    found: list[JsonObject] = []
    if state in {"requested", "offered", "ordered", "in_force"}:
        found.append({"type": "cancellation", "form": visit.url("/new/cancellation", to=partner, order=name)})
    provider = order.get("provider") == visit.node.nation
    for delivery in objects_of(order.get("deliveries")):
        if provider and delivery.get("receipt") is None:
            address = visit.url("/new/delivery_correction", to=partner, order=name, delivery=str(delivery["delivery"]))
            found.append({"type": "delivery_correction", "form": address})
    return found


def ledger(visit: Visit) -> Response:
    """What is owed, by channel: accounts, claims with what is open of them, and statements."""
    balances = visit.node.balances()
    claims = [row | {"partner": partner_of(visit, row)} for row in visit.node.list("claims")]
    finals = _final_documents(visit)
    rows = [row | {"final": row.get("hash") in finals} for row in claims]
    rows.sort(key=lambda row: (row.get("state") != "open", str(row.get("due") or "9999"), str(row["claim"])))
    channels = [
        object_of(found) | {"channel": name, "partner": partner_of(visit, {"channel": name})}
        for name, found in balances.items()
    ]
    return visit.render(
        "ledger.html",
        channels=channels,
        claims=rows,
        statements=visit.node.list("statements"),
        today=visit.node.today_date().isoformat(),
        signed=visit.query.get("signed"),
    )


def _final_documents(visit: Visit) -> frozenset[str]:
    found = {
        str(row["hash"])
        for case in {(str(row["case"]), str(row["channel"])) for row in visit.node.list("claims")}
        for row in visit.node.documents(*case)
        if row["standing"] == "final"
    }
    return frozenset(found)


def claim(visit: Visit) -> Response:
    """One claim: lines, what is open, how it was settled, and the postings of its order."""
    found = one(visit, "claims", "claim", visit.request.path_params["claim"])
    partner = partner_of(visit, found)
    rows = visit.node.list("orders", {"order": str(found["order"]), "partner": partner})
    book = object_of(rows[0].get("ledger")) if rows else {}
    documents = visit.node.documents(str(found["case"]), str(found["channel"]))
    steps = [
        step_shown(visit, step | {"case": found["case"], "partner": partner}) for step in objects_of(book.get("next"))
    ]
    return visit.render(
        "claim.html",
        claim=found,
        partner=partner,
        settlements=[row for row in objects_of(book.get("settlements")) if row.get("claim") == found["claim"]],
        postings=objects_of(book.get("postings")),
        standing={str(row["hash"]): str(row["standing"]) for row in documents},
        own=[step for step in steps if step.get("nation") == visit.node.nation],
        today=visit.node.today_date().isoformat(),
    )
