"""From what an officer typed to a whole document of the ledger: amounts are worked out, never retyped."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from gokei.journal.bodies import Day, LocalName, Text, read_fields
from gokei.journal.frames import Hash, Strict
from gokei.journal.kinds import Desk, Draft, Prepared
from gokei.ledger.bodies import (
    ClaimName,
    ClaimWithdrawal,
    SettlementAcceptance,
    SettlementRefusal,
)
from gokei.support.bodies import Amount, Currency, LineNumber, Method, Unit
from gokei.support.preparing import delivery_hash, order_view
from gokei.terms import limits
from gokei.terms.dates import parse_date
from gokei.terms.json_types import JsonObject, JsonValue, objects_of
from gokei.terms.money import parse_money, worth
from gokei.terms.periods import due_date
from gokei.terms.problems import BadInput, Refused
from gokei.terms.quantities import COMPUTED, UNITS, Quantity, base_of, decimal_text, exactly, in_unit, parse_quantity
from gokei.terms.words import N_

_CASE: Final = "order:"


class ClaimFields(Strict):
    """What is typed of a claim: the delivery by hash or number; where only one can be claimed, not even that."""

    order: LocalName
    delivery: Hash | Annotated[int, Field(ge=1)] | None = None


class PartFields(Strict):
    """What is typed of a part; line, quantity and amount are worked out where only one is possible."""

    method: Method
    line: LineNumber | None = None
    quantity: Amount | None = None
    unit: Unit | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    reference: Text | None = None
    delivered_on: Day | None = None
    paid_on: Day | None = None


class SettlementFields(Strict):
    """What is typed of a settlement; the order may be left out, the claim names it."""

    order: LocalName | None = None
    claim: ClaimName
    parts: Annotated[tuple[PartFields, ...], Field(min_length=1, max_length=limits.PARTS_PER_SETTLEMENT)]


@exactly
def prepare_claim(draft: Draft, desk: Desk) -> Prepared:
    """The claim that the receipt and the terms give. Raises Refused (`claim-…`, `delivery-unknown`)."""
    typed = read_fields(ClaimFields, draft.fields)
    view = order_view(desk, typed.order)
    delivery = _delivery(view, typed.delivery)
    if delivery["receipt"] is None:
        raise Refused(
            check="claim-without-receipt",
            detail=N_("Only what was signed for can be claimed."),
            next_step=N_("Wait for the partner's receipt of this delivery."),
        )
    order_lines = {one["line"]: one for one in objects_of(view["lines"])}
    lines: list[JsonValue] = [
        _claim_line(order_lines[received["line"]], received) for received in objects_of(delivery["received"])
    ]
    terms = view["terms"] if isinstance(view["terms"], dict) else {}
    delivered_on = str(delivery["delivered_on"])
    due = due_date(datetime.date.fromisoformat(delivered_on), str(terms["due"])) if terms.get("due") else None
    body: JsonObject = {
        "order": typed.order,
        "claim": _claim_name(desk, typed.order, int(str(delivery["number"]))),
        "delivery": delivery["delivery"],
        "delivered_on": delivered_on,
        "due": due.isoformat() if due else None,
        "lines": lines,
    }
    return _prepared(view, body, (str(delivery["receipt"]),))


def _claim_line(line: JsonObject, received: JsonObject) -> JsonObject:
    """One line of a claim, in the unit of its price where that has an exact decimal."""
    text, unit = str(received["quantity"]), str(received["unit"])
    base = base_of(text, unit)
    quantity = Quantity(base, UNITS[unit].measures)
    for wanted in (str(line["price_unit"] or unit), unit):
        found = in_unit(base, wanted)
        if found is not None:
            quantity = Quantity(found, wanted)
            break
    amount = None
    if line["unit_price"] is not None and quantity.unit == (line["price_unit"] or unit):
        amount = decimal_text(worth(quantity.amount, Decimal(str(line["unit_price"])), str(line["currency"])))
    return {
        "line": line["line"],
        "quantity": quantity.text(),
        "unit": quantity.unit,
        "unit_price": line["unit_price"],
        "amount": amount,
        "currency": line["currency"],
    }


def _claim_name(desk: Desk, order: str, delivery: int) -> str:
    """`ORDER-Cn` for the nth delivery; a claim made anew after a withdrawal gets a letter."""
    view = desk.view("ledger", _CASE + order) or {}
    taken = {str(one["claim"]) for one in objects_of(view.get("claims"))}
    name = f"{order}-C{delivery}"
    letters = (f"{name}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    return name if name not in taken else next((one for one in letters if one not in taken), name)


def _delivery(view: JsonObject, named: str | int | None) -> JsonObject:
    deliveries = objects_of(view["deliveries"])
    if named is None:
        if len(deliveries) != 1:
            raise BadInput(
                check="document-field",
                detail=N_("The field {field} is missing."),
                params={"field": "delivery"},
                next_step=N_("The order has several deliveries: name one by its number or hash."),
                field="delivery",
            )
        return deliveries[0]
    name = delivery_hash(view, named)
    return next(one for one in deliveries if one["delivery"] == name)


@exactly
def prepare_settlement(draft: Draft, desk: Desk) -> Prepared:
    """A settlement with every part worked out. Raises BadInput or Refused (`claim-unknown`)."""
    typed = read_fields(SettlementFields, draft.fields)
    order = typed.order or typed.claim.rpartition("-C")[0]
    view = order_view(desk, order)
    account = desk.view("ledger", _CASE + order) or {}
    claim = next((one for one in objects_of(account.get("claims")) if one["claim"] == typed.claim), None)
    if claim is None:
        raise Refused(
            check="claim-unknown",
            detail=N_("There is no claim {claim} for this nation to act on."),
            next_step=N_("List the claims: gokei list DIR claims"),
            params={"claim": typed.claim},
        )
    order_lines = {int(str(one["line"])): one for one in objects_of(view["lines"])}
    left = {int(str(one["line"])): base_of(one["open"], one["unit"]) for one in objects_of(claim["lines"])}
    parts: list[JsonValue] = []
    for number, part in enumerate(typed.parts):
        whole = _part(part, f"parts.{number}", order_lines, left, draft.today)
        left[whole["line"]] -= base_of(whole["quantity"], whole["unit"])
        parts.append({name: value for name, value in whole.items() if value is not None})
    body: JsonObject = {"order": order, "claim": typed.claim, "parts": parts}
    return _prepared(view, body, (str(claim["hash"]),))


def _part(
    part: PartFields, field: str, lines: dict[int, JsonObject], left: dict[int, Decimal], today: datetime.date
) -> dict[str, Any]:
    number = part.line if part.line is not None else _only_line(left, field)
    if number not in left:
        raise BadInput(
            check="line-unknown",
            detail=N_("Line {line} is not in the claim."),
            params={"line": str(number)},
            field=f"{field}.line",
        )
    line = lines[number]
    unit = part.unit or str(line["price_unit"] or line["unit"])
    quantity = (
        parse_quantity(part.quantity, unit, f"{field}.quantity")
        if part.quantity is not None
        else _all_that_is_left(left[number], unit, field)
    )
    found: dict[str, Any] = {"method": part.method, "line": number, "quantity": quantity.text(), "unit": unit}
    if part.method == "payment":
        currency = part.currency or line["currency"]
        amount = part.amount or _worth(line, quantity)
        money = parse_money(amount, currency, f"{field}.amount")
        paid_on = part.paid_on or today.isoformat()
        parse_date(paid_on, f"{field}.paid_on")
        paid = {"amount": money.text(), "currency": money.currency, "paid_on": paid_on}
        return found | paid | {"reference": part.reference}
    day = part.delivered_on or today.isoformat()
    parse_date(day, f"{field}.delivered_on")
    return found | {"delivered_on": day, "reference": part.reference, "amount": part.amount, "paid_on": part.paid_on}


def _worth(line: JsonObject, quantity: Quantity) -> str | None:
    if line["unit_price"] is None:
        return None
    found = in_unit(quantity.base, str(line["price_unit"] or line["unit"]))
    return (
        None if found is None else decimal_text(worth(found, Decimal(str(line["unit_price"])), str(line["currency"])))
    )


def _only_line(left: dict[int, Decimal], field: str) -> int:
    if len(left) == 1:
        return next(iter(left))
    raise BadInput(
        check="document-field",
        detail=N_("The field {field} is missing."),
        params={"field": f"{field}.line"},
        field=f"{field}.line",
    )


def _all_that_is_left(base: Decimal, unit: str, field: str) -> Quantity:
    found = in_unit(base, unit)
    return parse_quantity(decimal_text(found) if found is not None else "", unit, f"{field}.quantity", COMPUTED)


@exactly
def prepare_answer(draft: Draft, desk: Desk) -> Prepared:
    """The creditor's word on a settlement: what was typed, in the case of the order."""
    model = SettlementAcceptance if draft.type == "settlement_acceptance" else SettlementRefusal
    body = read_fields(model, draft.fields).model_dump(mode="json")
    return _prepared(order_view(desk, str(body["order"])), body, (str(body["settlement"]),))


@exactly
def prepare_withdrawal(draft: Draft, desk: Desk) -> Prepared:
    """The creditor takes a claim back."""
    body = read_fields(ClaimWithdrawal, draft.fields).model_dump(mode="json")
    view = order_view(desk, str(body["order"]))
    return _prepared(view, body, desk.hashes(str(view["case"]))[-1:])


def _prepared(view: JsonObject, body: JsonObject, answers: tuple[str, ...]) -> Prepared:
    return Prepared(str(view["case"]), str(view["agreement"]), body, answers)
