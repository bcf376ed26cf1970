"""What a form begins with: the words of its case, so that nothing is typed twice, and what can be chosen."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from gokei.faces import labels
from gokei.faces.web import formats
from gokei.faces.web.books import ENTRIES, entry_in_short
from gokei.faces.web.shown import Options
from gokei.faces.web.templating import spoken
from gokei.faces.web.visit import Visit
from gokei.terms.json_types import JsonObject, JsonValue, object_of, objects_of
from gokei.terms.markings import MARKINGS, nation_of

OFFER_DAYS: Final = 30
LINE_NUMBER: Final = "lines.line"


@dataclass(slots=True)
class Start:
    """Values by name, what can be chosen, what the page has settled, what it leaves out, and words beside rows."""

    values: JsonObject = field(default_factory=dict)
    options: dict[str, Options] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=lambda: {LINE_NUMBER})
    omitted: set[str] = field(default_factory=set)
    captions: dict[str, str] = field(default_factory=dict)
    about: JsonObject | None = None


def start(visit: Visit, document_type: str, partner: str, stated: Mapping[str, str]) -> Start:
    """The beginning of a form with a partner; `stated` are plain values that the page was asked for with."""
    found = Start()
    for family, prepare in PREPARE.items():
        if document_type in family:
            prepare(visit, found, document_type, partner, stated)
    return found


def _operation(visit: Visit, found: Start, _type: str, _partner: str, _stated: Mapping[str, str]) -> None:
    day = visit.node.today_date().isoformat()
    found.values |= {"starts": day, "ends": day, "facts": {"requested": True}}


def _request(visit: Visit, found: Start, document_type: str, partner: str, stated: Mapping[str, str]) -> None:
    """A request, or an order after the fact: in an operation, on a day of it."""
    held = visit.node.list("operations", {"partner": partner}) if partner else ()
    rows = [row for row in held if row["state"] == "stated"]
    found.options["operation"] = [(str(row["operation"]), f"{row['operation']}: {row.get('name', '')}") for row in rows]
    chosen = next((row for row in rows if row["operation"] == stated.get("operation")), rows[-1] if rows else None)
    today = visit.node.today_date().isoformat()
    found.values["on"] = today
    if chosen is not None:
        first, last = str(chosen.get("starts")), str(chosen.get("ends"))
        found.values |= {"operation": chosen["operation"], "on": today if first <= today <= last else first}
    if document_type == "order":
        found.omitted.add("order")
        found.values["retroactive"] = {}


def _order(visit: Visit, found: Start, document_type: str, partner: str, stated: Mapping[str, str]) -> None:
    """Any document in the case of an order."""
    name = stated.get("order", "")
    where = {"order": name} | ({"partner": partner} if partner else {})
    rows = visit.node.list("orders", where) if name else ()
    if not rows:
        if document_type == "order":
            _request(visit, found, document_type, partner, stated)
        else:
            orders = visit.node.list("orders", {"partner": partner}) if partner else ()
            found.options["order"] = [(str(row["order"]), str(row["order"])) for row in orders]
        return
    order = rows[0]
    found.about = order
    found.hidden |= {"order", "delivery", "claim", "settlement", "receipt"}
    found.values["order"] = order["order"]
    if document_type == "order":
        found.omitted |= {"operation", "on", "lines", "methods", "facts", "retroactive"}
    for index, line in enumerate(objects_of(order.get("lines"))):
        found.captions[f"lines.{index}"] = f"{line['line']}. {line['description']}"
    step = ORDER_STEPS.get(document_type)
    if step is not None:
        step(visit, found, order, stated)


def _offer(visit: Visit, found: Start, order: JsonObject, _stated: Mapping[str, str]) -> None:
    until = visit.node.today_date() + datetime.timedelta(days=OFFER_DAYS)
    found.values |= {
        "lines": _lines(order, "requested"),
        "valid_until": until.isoformat(),
        "methods": ["replacement_in_kind", "payment"],
    }


def _delivery(visit: Visit, found: Start, order: JsonObject, _stated: Mapping[str, str]) -> None:
    left: list[JsonValue] = []
    for line in objects_of(order.get("lines")):
        rest = _less(line["ordered"], line["delivered"])
        left.append({"line": line["line"], "quantity": rest, "unit": line["unit"]})
    found.values |= {"lines": left, "delivered_on": visit.node.today_date().isoformat()}


def _receipt(visit: Visit, found: Start, order: JsonObject, stated: Mapping[str, str]) -> None:
    deliveries = [one for one in objects_of(order.get("deliveries")) if one.get("receipt") is None]
    one = _chosen(visit, found, deliveries, stated)
    if one is not None:
        found.values |= {"lines": one["lines"], "received_on": one["delivered_on"]}


def _of_delivery(visit: Visit, found: Start, order: JsonObject, stated: Mapping[str, str]) -> None:
    """A claim, or a correction, of one delivery."""
    one = _chosen(visit, found, objects_of(order.get("deliveries")), stated)
    if one is not None:
        found.values["lines"] = one["lines"]


def _chosen(visit: Visit, found: Start, deliveries: list[JsonObject], stated: Mapping[str, str]) -> JsonObject | None:
    found.options["delivery"] = [
        (str(one["delivery"]), f"{one['number']} · {formats.day(one['delivered_on'], visit.language)}")
        for one in deliveries
    ]
    wanted = stated.get("delivery")
    one = next((one for one in deliveries if one["delivery"] == wanted), None)
    if one is None and len(deliveries) == 1:
        one = deliveries[0]
    if one is not None:
        found.values["delivery"] = one["delivery"]
    return one


def _claims(_visit: Visit, found: Start, order: JsonObject, stated: Mapping[str, str]) -> None:
    book = object_of(order.get("ledger"))
    claims = [one for one in objects_of(book.get("claims")) if one.get("state") == "open"]
    found.options["claim"] = [(str(one["claim"]), str(one["claim"])) for one in claims]
    one = next((one for one in claims if one["claim"] == stated.get("claim")), claims[0] if claims else None)
    if one is None:
        return
    methods = one.get("methods")
    method = methods[-1] if isinstance(methods, list) and methods else None
    lines = objects_of(one.get("lines"))
    found.values |= {
        "claim": one["claim"],
        "parts": [
            {
                "method": method,
                "line": line["line"],
                "quantity": str(line["open"]).partition(" ")[0],
                "unit": line["unit"],
            }
            for line in lines
        ],
    }
    if len(lines) == 1:
        found.captions["parts.0"] = f"{lines[0]['line']}. {lines[0]['description']}"


def _settlements(_visit: Visit, found: Start, order: JsonObject, stated: Mapping[str, str]) -> None:
    book = object_of(order.get("ledger"))
    rows = [one for one in objects_of(book.get("settlements")) if one.get("state") == "proposed"]
    found.options["settlement"] = [
        (str(one["settlement"]), f"{one['claim']} · {one['settlement']}"[:60]) for one in rows
    ]
    if stated.get("settlement") is None and len(rows) == 1:
        found.values["settlement"] = rows[0]["settlement"]


def _holding(visit: Visit, found: Start, document_type: str, partner: str, stated: Mapping[str, str]) -> None:
    """Any document in the case of a holding."""
    where = {"holding": stated.get("holding", ""), "partner": partner}
    rows = visit.node.list("holdings", where)
    own = [(code, labels.label("marking", code)) for code in MARKINGS if nation_of(code) == visit.node.nation]
    found.options |= {"level": own, "clearance": own, "equivalent.code": own}
    found.values["on"] = visit.node.today_date().isoformat()
    if document_type == "item_receipt":
        found.values["received_on"] = visit.node.today_date().isoformat()
    if not rows:
        if document_type != "item":
            known = visit.node.list("holdings", {"partner": partner}) if partner else ()
            found.options["holding"] = [(str(row["holding"]), f"{row['holding']}: {row['title']}") for row in known]
        return
    holding = rows[0]
    found.about = holding
    found.hidden |= {"holding", "follows"}
    found.values["holding"] = holding["holding"]
    equal = visit.law.equivalents(
        str(holding["agreement"]),
        str(holding["level"]),
        visit.node.nation,
        str(holding.get("marked_on") or holding["on"]),
    )
    if equal:
        found.options["equivalent.code"] = [(code, labels.label("marking", code)) for code in equal]
        # Where one level has several equals, a named person chooses: nothing is chosen beforehand.
        found.values["equivalent"] = {"code": equal[0] if len(equal) == 1 else ""}
    wanted = {"item_receipt": "provided", "item_return_receipt": "returning"}.get(document_type, "held")
    copies = [one["copy"] for one in objects_of(holding.get("copies")) if one["state"] == wanted]
    found.options["copy"] = [(str(number), str(number)) for number in copies]
    found.values |= {"copies": copies, "purpose": holding["purpose"]}
    if len(copies) == 1:
        found.values["copy"] = copies[0]


def _record(visit: Visit, found: Start, document_type: str, partner: str, stated: Mapping[str, str]) -> None:
    """Any document about an instrument's public record."""
    day = visit.node.today_date()
    found.options["instrument"] = [
        (str(row["instrument"]), spoken(row["titles"], visit.language)) for row in visit.law.instruments(day)
    ]
    found.values |= {"published_on": day.isoformat(), "on": day.isoformat()}
    if document_type in ENTRIES:
        return
    rows = visit.node.list("instruments", {"instrument": stated.get("instrument", ""), "partner": partner})
    lists = ("expected",) if document_type == "event_outcome" else tuple(ENTRIES.values())
    entries = [one for row in rows for name in lists for one in objects_of(row.get(name))]
    found.options["of"] = [(str(one["hash"]), f"{one['publisher']}: {entry_in_short(one)}") for one in entries]
    found.hidden |= {"instrument"}


def _account(visit: Visit, found: Start, document_type: str, partner: str, _stated: Mapping[str, str]) -> None:
    found.values["as_of"] = visit.node.today_date().isoformat()
    if document_type == "statement_acceptance":
        rows = visit.node.list("statements", {"partner": partner, "state": "stated"})
        found.options["statement"] = [(str(row["statement"]), str(row["statement"])) for row in rows]


def _lines(order: JsonObject, amount: str) -> list[JsonValue]:
    return [
        {"line": line["line"], "quantity": line[amount], "unit": line["unit"]}
        for line in objects_of(order.get("lines"))
    ]


def _less(whole: JsonValue, part: JsonValue) -> str:
    """What is left; empty where an amount is not stated in the line's own unit."""
    try:
        rest = Decimal(str(whole)) - Decimal(str(part))
    except InvalidOperation:
        return ""
    return f"{rest.normalize():f}" if rest > 0 else ""


Prepare = Callable[[Visit, Start, str, str, Mapping[str, str]], None]
ORDER_STEPS: Final[Mapping[str, Callable[[Visit, Start, JsonObject, Mapping[str, str]], None]]] = {
    "offer": _offer,
    "delivery": _delivery,
    "receipt": _receipt,
    "delivery_correction": _of_delivery,
    "claim": _of_delivery,
    "settlement": _claims,
    "claim_withdrawal": _claims,
    "settlement_acceptance": _settlements,
    "settlement_refusal": _settlements,
}
PREPARE: Final[Mapping[frozenset[str], Prepare]] = {
    frozenset({"operation"}): _operation,
    frozenset({"request"}): _request,
    frozenset({*ORDER_STEPS, "order", "refusal", "countersignature", "cancellation", "receipt_correction"}): _order,
    frozenset(
        {
            "item", "item_receipt", "remarking", "access_decision", "release_consent", "reclassification",
            "item_return", "item_return_receipt", "destruction", "incident",
        }
    ): _holding,
    frozenset({*ENTRIES, "denial", "confirmation", "correction_request", "correction", "event_outcome"}): _record,
    frozenset({"statement", "statement_acceptance"}): _account,
}  # fmt: skip
