"""From what an officer typed to a whole document of an order: facts inherited, law asked, terms worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from gokei.journal.bodies import Day, Facts, LocalName, Reason, in_short, read_fields
from gokei.journal.frames import Frame, Hash, Strict
from gokei.journal.kinds import Desk, Draft, Prepared
from gokei.law.answers import agreement_of, refuse_unless
from gokei.support.bodies import (
    Method,
    OfferLine,
    OrderLine,
    QuantityLine,
    ReceiptLine,
    RequestLine,
    Retroactive,
)
from gokei.support.determining import determine_lines, settle_terms
from gokei.terms import limits
from gokei.terms.dates import parse_date
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.nsn import parse_nsn
from gokei.terms.problems import BadInput, Refused
from gokei.terms.quantities import base_of, decimal_text, exactly, in_unit, parse_amount, parse_quantity, parse_unit
from gokei.terms.question import read_question
from gokei.terms.words import N_

FAMILY: Final = "order"
_STATE_FACTS: Final = N_("State the missing facts in the operation or the order.")


class RequestFields(Strict):
    """What is typed of a request; the operation gives the rest."""

    order: LocalName | None = None
    operation: LocalName
    on: Day
    lines: Annotated[tuple[RequestLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    methods: tuple[Method, ...] = ()
    facts: Facts = Field(default_factory=dict)


class OrderFields(Strict):
    """What is typed of an order: its number; for a retroactive one everything that no request or offer stated."""

    order: LocalName | None = None
    retroactive: Retroactive | None = None
    operation: LocalName | None = None
    on: Day | None = None
    lines: Annotated[tuple[OrderLine, ...], Field(max_length=limits.LINES_PER_ORDER)] = ()
    methods: tuple[Method, ...] = ()
    facts: Facts = Field(default_factory=dict)


class OrderOnly(Strict):
    """An order's number and nothing else."""

    order: LocalName


@exactly
def prepare_request(draft: Draft, desk: Desk) -> Prepared:
    """A request: refused when the law says no, allowed when the law is not sure. Raises BadInput or Refused."""
    typed = read_fields(RequestFields, _with_plain_stock_numbers(draft.fields))
    _check_days(typed.on)
    _check_lines(typed.lines)
    operation = _operation(desk, typed.operation)
    order = typed.order or desk.number(FAMILY)
    body: JsonObject = {
        "order": order,
        "operation": typed.operation,
        "provider": draft.reader,
        "recipient": draft.author,
        "on": typed.on,
        "activity": operation["activity"],
        "place": operation["place"],
        "facts": _facts(operation, typed.facts),
        "methods": [*typed.methods],
        "lines": [one.model_dump(mode="json") for one in typed.lines],
    }
    answer = determine_lines(desk, body, typed.lines, draft.assume)
    refuse_unless(answer, ("permitted", "undetermined"), _STATE_FACTS)
    agreement = _agreement(draft, answer)
    body["determination"] = in_short(answer)
    return Prepared(f"{FAMILY}:{order}", agreement, body, desk.hashes(f"operation:{typed.operation}")[-1:], answer)


@exactly
def prepare_order(draft: Draft, desk: Desk) -> Prepared:
    """The order on the terms of the offer, or a retroactive one; only what the law permits. Raises as above."""
    typed = read_fields(OrderFields, _with_plain_stock_numbers(draft.fields))
    if typed.retroactive is None:
        if typed.order is None:
            raise _missing("order")
        view = order_view(desk, typed.order)
        body = _order_of_offer(view, typed.order)
    else:
        body = _retroactive(draft, desk, typed)
    whole = [OrderLine.model_validate(one) for one in _list(body["lines"])]
    answer = determine_lines(desk, body, whole, draft.assume)
    refuse_unless(answer, ("permitted",), _STATE_FACTS)
    agreement = _agreement(draft, answer)
    methods = [str(one) for one in _list(body.pop("methods"))]
    body["terms"] = settle_terms(answer, methods).model_dump(mode="json")
    body["determination"] = in_short(answer)
    case = f"{FAMILY}:{body['order']}"
    return Prepared(case, agreement, body, desk.hashes(case)[-1:], answer)


def _order_of_offer(view: JsonObject, order: str) -> JsonObject:
    offer = view["offer"]
    if view["state"] != "offered" or not isinstance(offer, dict):
        raise Refused(
            check="state",
            detail=N_("The order {order} is {state}: this cannot be done now."),
            params={"order": order, "state": str(view["state"])},
            next_step=N_("An order follows an offer; one written after the fact states retroactive, with a reason."),
        )
    lines: list[JsonValue] = []
    for one in _list(view["lines"]):
        if isinstance(one, dict) and one["offered"] != "0":
            kept = ("line", "supply", "nsn", "description", "unit_price", "currency")
            unit = one["price_unit"] or one["unit"]
            lines.append({name: one[name] for name in kept} | {"quantity": _offered(one), "unit": unit})
    inherited = ("operation", "provider", "recipient", "on", "activity", "place", "facts")
    return {name: view[name] for name in inherited} | {"order": order, "lines": lines, "methods": offer["methods"]}


def _offered(line: JsonObject) -> str:
    """The offered quantity in the unit of its price."""
    unit = str(line["price_unit"] or line["unit"])
    found = in_unit(base_of(line["offered"], line["unit"]), unit)
    return "" if found is None else decimal_text(found)


def _retroactive(draft: Draft, desk: Desk, typed: OrderFields) -> JsonObject:
    for name in ("operation", "on", "lines", "methods"):
        if not getattr(typed, name):
            raise _missing(name)
    _check_days(str(typed.on))
    _check_lines(typed.lines)
    operation = _operation(desk, str(typed.operation))
    return {
        "order": typed.order or desk.number(FAMILY),
        "operation": typed.operation,
        "provider": draft.author,
        "recipient": draft.reader,
        "on": typed.on,
        "activity": operation["activity"],
        "place": operation["place"],
        "facts": _facts(operation, typed.facts),
        "lines": [one.model_dump(mode="json") for one in typed.lines],
        "methods": [*typed.methods],
        "retroactive": typed.retroactive.model_dump(mode="json") if typed.retroactive else None,
    }


@exactly
def prepare_countersignature(draft: Draft, desk: Desk) -> Prepared:
    """The recipient's own determination of the order that it signs; only what its law permits."""
    typed = read_fields(OrderOnly, draft.fields)
    view = order_view(desk, typed.order)
    signed = _hash_of(view, "order")
    answer = determine_lines(desk, view, lines_of(view), draft.assume)
    refuse_unless(answer, ("permitted",), _STATE_FACTS)
    body: JsonObject = {"order": typed.order, "signed": signed, "determination": in_short(answer)}
    return Prepared(f"{FAMILY}:{typed.order}", str(view["agreement"]), body, (signed,), answer)


def lines_of(view: JsonObject) -> list[OrderLine]:
    """The lines of a folded order, as the law is asked about them."""
    kept = ("line", "supply", "nsn", "description", "unit")
    found = [one for one in _list(view["lines"]) if isinstance(one, dict)]
    return [OrderLine.model_validate({name: one[name] for name in kept} | {"quantity": "1"}) for one in found]


class OfferFields(Strict):
    """What is typed of an offer."""

    order: LocalName
    lines: Annotated[tuple[OfferLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=3)]
    valid_until: Day


class DeliveryFields(Strict):
    """What is typed of a delivery."""

    order: LocalName
    delivered_on: Day
    place: str | None = None
    lines: Annotated[tuple[QuantityLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]


class ReceiptFields(Strict):
    """What is typed of a receipt: the delivery by hash or by its number in the order."""

    order: LocalName
    delivery: Hash | Annotated[int, Field(ge=1)]
    received_on: Day | None = None
    lines: Annotated[tuple[ReceiptLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]


class DeliveryCorrectionFields(Strict):
    """What is typed to state a delivery anew."""

    order: LocalName
    delivery: Hash | Annotated[int, Field(ge=1)]
    lines: Annotated[tuple[QuantityLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    reason: Reason


class ReceiptCorrectionFields(Strict):
    """What is typed to state a receipt anew."""

    order: LocalName
    receipt: Hash
    lines: Annotated[tuple[ReceiptLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    reason: Reason


class ReasonFields(Strict):
    """An order's number and a reason."""

    order: LocalName
    reason: Reason


def simple(model: type[Strict]) -> Callable[[Draft, Desk], Prepared]:
    """A document that says what was typed, in the case of its order; amounts, units and days are checked by name."""

    def prepare(draft: Draft, desk: Desk) -> Prepared:
        typed = read_fields(model, draft.fields)
        body: JsonObject = typed.model_dump(mode="json", exclude_none=True)
        view = order_view(desk, str(body["order"]))
        _check_days(*(str(body[name]) for name in ("delivered_on", "valid_until", "received_on") if name in body))
        may_be_zero = model in {ReceiptFields, ReceiptCorrectionFields}
        _check_lines(getattr(typed, "lines", ()), may_be_zero)
        answers: tuple[str, ...] = ()
        if "delivery" in body:
            body["delivery"] = delivery_hash(view, body["delivery"])
            answers = (str(body["delivery"]),)
        elif "receipt" in body:
            answers = (str(body["receipt"]),)
        case = f"{FAMILY}:{body['order']}"
        return Prepared(case, str(view["agreement"]), body, answers or desk.hashes(case)[-1:])

    return prepare


def judge_lines(_frame: Frame, body: Any, desk: Desk) -> JsonObject | None:
    """The reader's own determination of a request or an order."""
    order = {"facts": body.facts, "on": body.on, "activity": body.activity, "place": body.place}
    whole = order | {"provider": body.provider, "recipient": body.recipient}
    try:
        return determine_lines(desk, whole, body.lines, tuple(body.determination.assumed))
    except BadInput:
        # The partner's document states facts that this node's vocabulary refuses: the fold shows it, the law is silent.
        return None


def order_view(desk: Desk, order: str) -> JsonObject:
    """The order as folded. Raises Refused (`order-unknown`, `order-void`)."""
    view = desk.view("support", f"{FAMILY}:{order}")
    if view is None:
        raise Refused(
            check="order-unknown",
            detail=N_("There is no order {order} with this partner."),
            next_step=N_("List the orders: gokei list DIR orders"),
            params={"order": order},
        )
    if not view["agreement"]:
        raise Refused(
            check="order-void",
            detail=N_("The request of the order {order} is void, so that nothing can follow it."),
            next_step=N_("See why: gokei show DIR order ID. What is still wanted is requested under another number."),
            params={"order": order},
        )
    return view


def delivery_hash(view: JsonObject, named: JsonValue) -> str:
    """A delivery's hash from its hash or its number. Raises Refused (`delivery-unknown`)."""
    for one in _list(view["deliveries"]):
        if isinstance(one, dict) and named in (one["delivery"], one["number"]):
            return str(one["delivery"])
    raise Refused(
        check="delivery-unknown",
        detail=N_("There is no such delivery of this order."),
        next_step=N_("Show the order to see its deliveries: gokei show DIR order ID"),
    )


def _hash_of(view: JsonObject, type_name: str) -> str:
    found = [
        str(one["hash"])
        for one in _list(view["documents"])
        if isinstance(one, dict) and one["type"] == type_name and one["void"] is None
    ]
    if not found:
        raise Refused(
            check="state",
            detail=N_("The order {order} is {state}: this cannot be done now."),
            params={"order": str(view["order"]), "state": str(view["state"])},
        )
    return found[-1]


def _operation(desk: Desk, name: str) -> JsonObject:
    view = desk.view("support", f"operation:{name}")
    if view is None or view["state"] != "stated":
        raise Refused(
            check="operation-unknown",
            detail=N_("There is no operation {operation} with this partner."),
            next_step=N_("State the operation first: a document of type operation."),
            params={"operation": name},
            field="operation",
        )
    return view


def _facts(operation: JsonObject, more: Mapping[str, bool | str]) -> JsonObject:
    """The operation's facts and those of this order; one fact cannot have two values."""
    stated = operation["facts"]
    found: JsonObject = dict(stated) if isinstance(stated, dict) else {}
    for name, value in more.items():
        if found.get(name, value) != value:
            raise BadInput(
                check="fact-contradiction",
                detail=N_("The operation states {field} otherwise."),
                next_step=N_("State it in the operation, or make another operation."),
                params={"field": name},
                field=f"facts.{name}",
            )
        found[name] = value
    return found


def _agreement(draft: Draft, answer: JsonObject) -> str:
    """The agreement that the answer rests on; the one named must be it."""
    found = agreement_of(answer)
    if draft.agreement is None:
        return found or "none"
    if found is not None and draft.agreement != found:
        raise Refused(
            check="agreement-differs",
            detail=N_("The answer rests on {found}, not on {named}."),
            next_step=N_("Name the agreement that allows it, or leave it out."),
            params={"found": found, "named": draft.agreement},
            instrument=found,
            field="agreement",
        )
    return draft.agreement


def _check_lines(lines: Any, may_be_zero: bool = False) -> None:
    for index, one in enumerate(lines):
        parse_unit(one.unit, f"lines.{index}.unit")
        if may_be_zero:
            parse_amount(one.quantity, f"lines.{index}.quantity")
        else:
            parse_quantity(one.quantity, one.unit, f"lines.{index}.quantity")
        if hasattr(one, "supply"):
            read_question(
                {"kind": "support", "on": "2000-01-01", "provider": "JP", "recipient": "AU", "supply": one.supply}
                | ({"nsn": one.nsn} if one.nsn else {})
            )


def _check_days(*days: str) -> None:
    for day in days:
        parse_date(day, "on")


def _with_plain_stock_numbers(fields: JsonObject) -> JsonObject:
    """Stock numbers as 13 digits, however they were typed."""
    lines = fields.get("lines")
    if not isinstance(lines, list):
        return fields
    plain: list[JsonValue] = []
    for number, one in enumerate(lines):
        if isinstance(one, dict) and one.get("nsn"):
            plain.append(one | {"nsn": parse_nsn(one["nsn"], f"lines.{number}.nsn")})
        else:
            plain.append(one)
    return fields | {"lines": plain}


def _missing(name: str) -> BadInput:
    return BadInput(
        check="document-field", detail=N_("The field {field} is missing."), params={"field": name}, field=name
    )


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
