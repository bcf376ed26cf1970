"""The fold of an order: each document moves the life cycle or is void, with the reason, for both nations alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from gokei.journal.entries import Entry, Void
from gokei.journal.kinds import CaseView, Documents
from gokei.support.bodies import (
    Cancellation,
    Countersignature,
    Delivery,
    DeliveryCorrection,
    Offer,
    Order,
    OrderLine,
    QuantityLine,
    Receipt,
    ReceiptCorrection,
    ReceiptLine,
    Refusal,
    Request,
    RequestLine,
)
from gokei.support.state import DeliveryState, Line, OrderState
from gokei.terms import limits
from gokei.terms.problems import BadInput
from gokei.terms.quantities import Quantity, exactly, parse_amount, parse_quantity, parse_unit
from gokei.terms.words import N_

FAMILY: Final = "order"
Step = Callable[[OrderState, Entry, Any], "Void | None"]


def read_order(case: str, entries: Sequence[Entry]) -> OrderState:
    """The order after its documents, in causal order; to be read, not changed, because two wings read the same one.

    Documents of other wings move nothing here but are listed.
    """
    return _read_once(case, entries) if isinstance(entries, Documents) else _read(case, entries)


@lru_cache(maxsize=1)
def _read_once(case: str, entries: Documents) -> OrderState:
    return _read(case, entries)


@exactly
def _read(case: str, entries: Sequence[Entry]) -> OrderState:
    state = OrderState(case, case.partition(":")[2])
    for entry in entries:
        void = entry.void or _step(state, entry)
        if void is not None:
            state.void[entry.hash] = void
        state.documents.append(entry.listed(void))
    return state


@exactly
def fold_order(case: str, entries: Sequence[Entry]) -> CaseView:
    """The order as the support wing sees it."""
    state = read_order(case, entries)
    return CaseView("support", FAMILY, case, state.view(), state.void)


def _step(state: OrderState, entry: Entry) -> Void | None:
    step = STEPS.get(entry.frame.type)
    if step is None:
        if entry.frame.type == "claim":
            _note_claim(state, entry.body)
        return None
    if entry.body is None or getattr(entry.body, "order", None) != state.order:
        return Void("order-differs", N_("The document names another order than its case."))
    try:
        return step(state, entry, entry.body)
    except BadInput as problem:
        return Void(problem.check, problem.detail, problem.params)


def _note_claim(state: OrderState, body: object) -> None:
    """What is claimed can no longer be corrected here; whether the claim is right is the ledger's to say."""
    delivery = state.deliveries.get(str(getattr(body, "delivery", "")))
    if delivery is not None:
        delivery.claimed = True


def _request(state: OrderState, entry: Entry, body: Request) -> Void | None:
    if state.state is not None:
        return Void("order-exists", N_("The order {order} exists already."), {"order": state.order})
    if body.recipient != entry.author or body.provider != entry.frame.reader:
        return _wrong_party(N_("A request is made by the nation that would receive."))
    lines = [_new_line(one) for one in body.lines]
    for line, one in zip(lines, body.lines, strict=True):
        line.requested = parse_quantity(one.quantity, one.unit, f"lines.{one.line}.quantity").base
    repeated = _repeated(body.lines)
    if repeated:
        return repeated
    _begin(state, entry, body)
    state.lines = {line.number: line for line in lines}
    state.preferred = body.methods
    state.determinations[entry.author] = body.determination.model_dump(mode="json")
    state.state = "requested"
    return None


def _begin(state: OrderState, entry: Entry, body: Request | Order) -> None:
    state.provider, state.recipient = body.provider, body.recipient
    state.operation, state.agreement = body.operation, entry.frame.agreement
    state.on, state.activity, state.place = body.on, body.activity, body.place
    state.facts = dict(body.facts)


def _new_line(one: RequestLine | OrderLine) -> Line:
    unit = parse_unit(one.unit, f"lines.{one.line}.unit")
    return Line(one.line, one.supply, one.nsn, one.description, unit)


def _repeated(lines: Iterable[Any]) -> Void | None:
    numbers = [one.line for one in lines]
    if len(set(numbers)) != len(numbers):
        return Void("line-repeated", N_("A line number stands twice."))
    return None


def _offer(state: OrderState, entry: Entry, body: Offer) -> Void | None:
    wrong = _expect(state, entry, "provider", {"requested", "offered"}) or _repeated(body.lines)
    if wrong:
        return wrong
    found: dict[int, Quantity] = {}
    for one in body.lines:
        quantity = parse_quantity(one.quantity, one.unit, f"lines.{one.line}.quantity")
        line = state.lines.get(one.line)
        if line is None or quantity.base_unit != _measure(line):
            return _no_line(one.line)
        if quantity.base > line.requested:
            return _exceeds(
                "offer-exceeds-request",
                line,
                quantity.base,
                line.requested,
                N_("Line {line}: {found} is more than the {limit} that were requested."),
            )
        if (one.unit_price is None) is not (one.currency is None):
            return Void("price-incomplete", N_("A price needs an amount and a currency."))
        found[one.line] = quantity
    if "payment" in body.methods and any(one.unit_price is None for one in body.lines):
        return Void("price-missing", N_("An offer that can be paid states a price for every line."))
    for one in body.lines:
        line = state.lines[one.line]
        line.offered = found[one.line].base
        line.unit_price, line.currency, line.price_unit = one.unit_price, one.currency, one.unit
    state.offer, state.offer_methods, state.valid_until = entry.hash, body.methods, body.valid_until
    state.state = "offered"
    return None


def _refusal(state: OrderState, entry: Entry, body: Refusal) -> Void | None:
    wrong = _expect(state, entry, "provider", {"requested", "offered"})
    if wrong:
        return wrong
    state.state, state.reason = "refused", body.reason
    return None


def _order(state: OrderState, entry: Entry, body: Order) -> Void | None:
    if body.provider != entry.author or body.recipient != entry.frame.reader:
        return _wrong_party(N_("An order is signed first by the nation that provides."))
    if body.determination.verdict != "permitted":
        return Void("law-not-permitted", N_("The author's own determination does not permit it."))
    repeated = _repeated(body.lines)
    if repeated:
        return repeated
    if body.retroactive is not None and state.state is None:
        _begin(state, entry, body)
        state.lines = {one.line: _new_line(one) for one in body.lines}
        state.retroactive = body.retroactive.reason
    else:
        wrong = _expect(state, entry, "provider", {"offered"}) or _differs_from_offer(state, body)
        if wrong:
            return wrong
    for one in body.lines:
        line = state.lines[one.line]
        line.ordered = parse_quantity(one.quantity, one.unit, f"lines.{one.line}.quantity").base
        line.unit_price, line.currency, line.price_unit = one.unit_price, one.currency, one.unit
    state.terms, state.order_hash = body.terms, entry.hash
    state.determinations[entry.author] = body.determination.model_dump(mode="json")
    state.state = "ordered"
    return None


def _differs_from_offer(state: OrderState, body: Order) -> Void | None:
    offered = {number: line for number, line in state.lines.items() if line.offered}
    same = set(offered) == {one.line for one in body.lines} and body.operation == state.operation
    for one in body.lines if same else ():
        line = offered[one.line]
        quantity = parse_quantity(one.quantity, one.unit, f"lines.{one.line}.quantity")
        same = same and (quantity.base, one.unit_price, one.currency, one.supply, one.nsn) == (
            line.offered, line.unit_price, line.currency, line.supply, line.nsn,
        )  # fmt: skip
    if not same or set(body.terms.methods) != set(state.offer_methods):
        return Void("order-differs", N_("The order is not on the terms of the offer."))
    return None


def _countersignature(state: OrderState, entry: Entry, body: Countersignature) -> Void | None:
    wrong = _expect(state, entry, "recipient", {"ordered"})
    if wrong:
        return wrong
    if body.signed != state.order_hash:
        return Void("order-differs", N_("The countersignature names another order document."))
    if body.determination.verdict != "permitted":
        return Void("law-not-permitted", N_("The author's own determination does not permit it."))
    state.determinations[entry.author] = body.determination.model_dump(mode="json")
    state.state = "in_force"
    return None


def _cancellation(state: OrderState, entry: Entry, body: Cancellation) -> Void | None:
    if state.deliveries:
        return Void("cancellation-after-delivery", N_("What was delivered can no longer be cancelled."))
    if not state.alive or entry.author not in {state.provider, state.recipient}:
        return _not_now(state)
    state.state, state.reason = "cancelled", body.reason
    return None


def _delivery(state: OrderState, entry: Entry, body: Delivery) -> Void | None:
    wrong = _expect(state, entry, "provider", {"in_force", "delivering", "received"}) or _repeated(body.lines)
    if wrong:
        return wrong
    if len(state.deliveries) >= limits.DELIVERIES_PER_ORDER:
        return Void("deliveries-too-many", N_("The order has too many deliveries."))
    _day(body.delivered_on)
    amounts = _amounts(state, body.lines)
    if isinstance(amounts, Void):
        return amounts
    for number, base in amounts.items():
        line = state.lines[number]
        if line.delivered + base > line.ordered:
            return _exceeds(
                "delivery-exceeds-order",
                line,
                line.delivered + base,
                line.ordered,
                N_("Line {line}: {found} is more than the {limit} that were ordered."),
            )
    for number, base in amounts.items():
        state.lines[number].delivered += base
    state.deliveries[entry.hash] = DeliveryState(entry.hash, len(state.deliveries) + 1, body.delivered_on, amounts)
    _settle_state(state)
    return None


def _delivery_correction(state: OrderState, entry: Entry, body: DeliveryCorrection) -> Void | None:
    delivery = state.deliveries.get(body.delivery)
    if delivery is None or entry.author != state.provider:
        return Void("delivery-unknown", N_("There is no such delivery of this order by its author."))
    if delivery.receipt is not None:
        return Void("correction-too-late", N_("The delivery was signed for; it can no longer be stated anew."))
    amounts = _amounts(state, body.lines)
    if isinstance(amounts, Void):
        return amounts
    for number, base in amounts.items():
        line = state.lines[number]
        total = line.delivered - delivery.lines.get(number, Decimal(0)) + base
        if total > line.ordered:
            return _exceeds(
                "delivery-exceeds-order",
                line,
                total,
                line.ordered,
                N_("Line {line}: {found} is more than the {limit} that were ordered."),
            )
    for number, base in delivery.lines.items():
        state.lines[number].delivered -= base
    for number, base in amounts.items():
        state.lines[number].delivered += base
    delivery.lines = amounts
    _settle_state(state)
    return None


def _receipt(state: OrderState, entry: Entry, body: Receipt) -> Void | None:
    delivery = state.deliveries.get(body.delivery)
    if delivery is None:
        return Void("delivery-unknown", N_("There is no such delivery of this order."))
    if entry.author != state.recipient:
        return _wrong_party(N_("A receipt is signed by the nation that receives."))
    if delivery.receipt is not None:
        return Void("receipt-exists", N_("The delivery was signed for already."))
    return _take_in(state, delivery, entry.hash, body.lines)


def _receipt_correction(state: OrderState, entry: Entry, body: ReceiptCorrection) -> Void | None:
    found = [one for one in state.deliveries.values() if one.receipt == body.receipt]
    if not found or entry.author != state.recipient:
        return Void("receipt-unknown", N_("There is no such receipt of this order by its author."))
    if found[0].claimed:
        return Void("correction-too-late", N_("The receipt was claimed on; it can no longer be stated anew."))
    return _take_in(state, found[0], entry.hash, body.lines)


def _take_in(state: OrderState, delivery: DeliveryState, receipt: str, lines: Sequence[ReceiptLine]) -> Void | None:
    """The receipt's lines against the delivery's: every line, never more, and a reason wherever it is less."""
    if {one.line for one in lines} != set(delivery.lines):
        return Void("receipt-incomplete", N_("A receipt states every line of the delivery, and no other."))
    amounts: dict[int, Decimal] = {}
    discrepancies = []
    for one in lines:
        quantity = Quantity(parse_amount(one.quantity, f"lines.{one.line}.quantity"), parse_unit(one.unit, "unit"))
        line, delivered = state.lines[one.line], delivery.lines[one.line]
        if quantity.base_unit != _measure(line):
            return _no_line(one.line)
        if quantity.base > delivered:
            return _exceeds(
                "receipt-exceeds-delivery",
                line,
                quantity.base,
                delivered,
                N_("Line {line}: {found} is more than the {limit} that were delivered."),
            )
        if quantity.base < delivered and one.discrepancy is None:
            return Void(
                "discrepancy-missing",
                N_("Line {line}: less arrived than was delivered; state the reason."),
                {"line": str(one.line)},
            )
        amounts[one.line] = quantity.base
        if one.discrepancy is not None:
            short = line.in_own_unit(delivered - quantity.base)
            discrepancies.append(
                {"line": one.line, "quantity": short, "unit": line.unit, **one.discrepancy.model_dump(mode="json")}
            )
    for number in delivery.lines:
        state.lines[number].received += amounts[number] - delivery.received.get(number, Decimal(0))
    delivery.receipt, delivery.received, delivery.discrepancies = receipt, amounts, discrepancies
    _settle_state(state)
    return None


def _settle_state(state: OrderState) -> None:
    complete = all(line.delivered == line.ordered for line in state.lines.values())
    signed = all(one.receipt for one in state.deliveries.values())
    if not state.deliveries:
        state.state = "in_force"
    elif signed:
        state.state = "received"
    else:
        state.state = "delivered" if complete else "delivering"


def _amounts(state: OrderState, lines: Sequence[QuantityLine]) -> dict[int, Decimal] | Void:
    found: dict[int, Decimal] = {}
    for one in lines:
        quantity = parse_quantity(one.quantity, one.unit, f"lines.{one.line}.quantity")
        line = state.lines.get(one.line)
        if line is None or quantity.base_unit != _measure(line):
            return _no_line(one.line)
        found[one.line] = found.get(one.line, Decimal(0)) + quantity.base
    return found


def _measure(line: Line) -> str:
    return Quantity(Decimal(0), line.unit).base_unit


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            check="date",
            detail=N_("{field}: {text} is not a day of the calendar."),
            params={"field": "delivered_on", "text": text},
        ) from error


def _expect(state: OrderState, entry: Entry, role: str, states: set[str]) -> Void | None:
    if state.state not in states:
        return _not_now(state)
    if entry.author != getattr(state, role):
        return _wrong_party(N_("The document is not this nation's to write."))
    return None


def _not_now(state: OrderState) -> Void:
    return Void(
        "state", N_("The order {order} is {state}: this cannot be done now."),
        {"order": state.order, "state": state.state or "unknown"},
    )  # fmt: skip


def _wrong_party(detail: str) -> Void:
    return Void("wrong-party", detail)


def _no_line(number: int) -> Void:
    return Void("line-unknown", N_("Line {line} is not in the order, or is measured otherwise."), {"line": str(number)})


def _exceeds(check: str, line: Line, found: Decimal, limit: Decimal, detail: str) -> Void:
    params = {
        "line": str(line.number),
        "found": line.with_unit(found),
        "limit": line.with_unit(limit),
    }
    return Void(check, detail, params)


STEPS: Final[Mapping[str, Step]] = {
    "request": _request,
    "offer": _offer,
    "refusal": _refusal,
    "order": _order,
    "countersignature": _countersignature,
    "cancellation": _cancellation,
    "delivery": _delivery,
    "delivery_correction": _delivery_correction,
    "receipt": _receipt,
    "receipt_correction": _receipt_correction,
}
