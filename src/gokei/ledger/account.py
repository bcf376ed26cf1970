"""The ledger of one order: claims, settlements and double-entry postings, as a fold over the order's documents.

Every posting sums to nothing in each commodity. Money and goods are commodities alike: `JPY`, or `9140002732377/L`.
Accounts are `KIND:NATION`, with kinds `stock`, `cash`, `claims` (an asset) and `debts` (a liability).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from gokei.journal.entries import Entry, Void
from gokei.journal.kinds import CaseView
from gokei.ledger.bodies import (
    Claim,
    ClaimWithdrawal,
    Part,
    Settlement,
    SettlementAcceptance,
    SettlementRefusal,
)
from gokei.support.order import read_order
from gokei.support.state import DeliveryState, Line, OrderState
from gokei.terms.dates import parse_date
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.money import parse_money, worth
from gokei.terms.periods import due_date
from gokei.terms.problems import BadInput
from gokei.terms.quantities import COMPUTED, Quantity, decimal_text, exactly, in_unit, parse_quantity
from gokei.terms.words import N_

FAMILY: Final = "order"
Step = Callable[["Account", Entry, Any], "Void | None"]


@dataclass(slots=True)
class ClaimState:
    """One claim: base amounts owed by line, and what of them is proposed and closed."""

    name: str
    hash: str
    delivery: str
    delivered_on: str
    due: str | None
    owed: dict[int, Decimal]
    closed: dict[int, Decimal] = field(default_factory=dict)
    withdrawn: str | None = None

    def open(self, line: int) -> Decimal:
        """What is still owed of a line, in its base unit."""
        return self.owed.get(line, Decimal(0)) - self.closed.get(line, Decimal(0))

    @property
    def state(self) -> str:
        """`open`, `settled` or `withdrawn`."""
        if self.withdrawn is not None:
            return "withdrawn"
        return "open" if any(self.open(line) for line in self.owed) else "settled"


@dataclass(slots=True)
class Proposed:
    """A settlement as its document states it: parts with base amounts, and whether it was taken or refused."""

    hash: str
    claim: str
    parts: tuple[tuple[Part, Decimal], ...]
    state: str = "proposed"
    reason: str | None = None


@dataclass(slots=True)
class Account:
    """An order's ledger so far."""

    order: OrderState
    claims: dict[str, ClaimState] = field(default_factory=dict)
    settlements: dict[str, Proposed] = field(default_factory=dict)
    postings: list[JsonObject] = field(default_factory=list)
    void: dict[str, Void] = field(default_factory=dict)

    def post(self, entry: Entry, day: str, *entries: tuple[str, str, Decimal]) -> None:
        """Add one posting: (account, commodity, amount) that sum to nothing in each commodity."""
        lines: list[JsonValue] = [
            {"account": account, "commodity": commodity, "amount": decimal_text(amount)}
            for account, commodity, amount in entries
            if amount
        ]
        if lines:
            self.postings.append({"document": entry.hash, "type": entry.frame.type, "day": day, "lines": lines})

    def transfer(
        self, entry: Entry, day: str, kinds: tuple[str, str], nations: tuple[str, str], *what: tuple[str, Decimal]
    ) -> None:
        """Post so much of each commodity from one account to another."""
        lines: list[tuple[str, str, Decimal]] = []
        for commodity, amount in what:
            lines += [(f"{kinds[0]}:{nations[0]}", commodity, -amount), (f"{kinds[1]}:{nations[1]}", commodity, amount)]
        self.post(entry, day, *lines)


@exactly
def read_account(case: str, entries: Sequence[Entry]) -> Account:
    """The ledger of an order after its documents, in causal order."""
    account = Account(read_order(case, entries))
    for entry in entries:
        if entry.void is not None or entry.hash in account.order.void:
            continue
        if entry.frame.type in {"receipt", "receipt_correction"}:
            _post_receipt(account, entry)
            continue
        step = STEPS.get(entry.frame.type)
        if step is None or entry.body is None:
            continue
        try:
            void = step(account, entry, entry.body)
        except BadInput as problem:
            void = Void(problem.check, problem.detail, problem.params)
        if void is not None:
            account.void[entry.hash] = void
    return account


@exactly
def fold_account(case: str, entries: Sequence[Entry]) -> CaseView:
    """The order as the ledger wing sees it."""
    account = read_account(case, entries)
    return CaseView("ledger", FAMILY, case, account_view(account), account.void)


def _post_receipt(account: Account, entry: Entry) -> None:
    """Goods change hands by what was received; a corrected receipt posts the difference to what was posted before."""
    order = account.order
    found = [one for one in order.deliveries.values() if entry.hash == one.receipt or _answers(entry, one)]
    if not found or entry.hash != found[0].receipt:
        return
    what = tuple((order.lines[number].commodity, base) for number, base in sorted(found[0].received.items()))
    account.transfer(entry, found[0].delivered_on, ("stock", "stock"), (order.provider, order.recipient), *what)


def _answers(entry: Entry, delivery: DeliveryState) -> bool:
    return getattr(entry.body, "delivery", None) == delivery.hash


def _claim(account: Account, entry: Entry, body: Claim) -> Void | None:
    order = account.order
    delivery = order.deliveries.get(body.delivery)
    if entry.author != order.provider:
        return Void("wrong-party", N_("A claim is made by the nation that provided."))
    if delivery is None or delivery.receipt is None:
        return Void("claim-without-receipt", N_("Only what was signed for can be claimed."))
    standing = [one for one in account.claims.values() if one.delivery == body.delivery and one.withdrawn is None]
    if standing:
        return Void("claim-exists", N_("The delivery was claimed already, as {claim}."), {"claim": standing[0].name})
    if body.claim in account.claims:
        return Void("claim-exists", N_("The delivery was claimed already, as {claim}."), {"claim": body.claim})
    expected = claim_of(order, delivery, body.claim)
    if body.model_dump(mode="json") != expected:
        return Void("claim-differs", N_("The claim is not what the receipt and the terms of the order give."))
    account.claims[body.claim] = ClaimState(
        body.claim, entry.hash, body.delivery, body.delivered_on, body.due, dict(delivery.received)
    )
    parties = (order.recipient, order.provider)
    for number, base in sorted(delivery.received.items()):
        account.transfer(entry, body.delivered_on, ("debts", "claims"), parties, *_owed(order.lines[number], base))
    return None


@exactly
def claim_of(order: OrderState, delivery: DeliveryState, name: str) -> JsonObject:
    """The one right claim for a delivery: received quantities, agreed prices, the due date counted from delivery."""
    terms = order.terms
    due = due_date(datetime.date.fromisoformat(delivery.delivered_on), terms.due) if terms and terms.due else None
    lines: list[JsonValue] = []
    for number, base in sorted(delivery.received.items()):
        line = order.lines[number]
        unit, quantity = quantity_of(line, base)
        amount = money_of(line, base)
        lines.append(
            {
                "line": number,
                "quantity": decimal_text(quantity),
                "unit": unit,
                "unit_price": line.unit_price,
                "amount": None if amount is None else decimal_text(amount),
                "currency": line.currency,
            }
        )
    return {
        "order": order.order,
        "claim": name,
        "delivery": delivery.hash,
        "delivered_on": delivery.delivered_on,
        "due": due.isoformat() if due else None,
        "lines": lines,
    }


def quantity_of(line: Line, base: Decimal) -> tuple[str, Decimal]:
    """A base amount in the unit of the line's price, else in its own, else in the base unit."""
    for unit in (line.price_unit or line.unit, line.unit):
        found = in_unit(base, unit)
        if found is not None:
            return unit, found
    return Quantity(base, line.unit).base_unit, base


def money_of(line: Line, base: Decimal) -> Decimal | None:
    """What a base amount of a line is worth at its price, rounded once; None where it has no price."""
    if line.unit_price is None or line.currency is None:
        return None
    unit = line.price_unit or line.unit
    quantity = in_unit(base, unit)
    if quantity is None:
        return None
    return worth(quantity, Decimal(line.unit_price), line.currency)


def _owed(line: Line, base: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """What is owed for a base amount: the goods, and beside them their worth in money."""
    amount = money_of(line, base)
    money = ((str(line.currency), amount),) if amount is not None else ()
    return ((line.commodity, base), *money)


def _withdrawal(account: Account, entry: Entry, body: ClaimWithdrawal) -> Void | None:
    claim = account.claims.get(body.claim)
    if claim is None or entry.author != account.order.provider:
        return _no_claim(body.claim)
    if claim.closed or claim.state != "open":
        return Void("claim-closed", N_("The claim {claim} is settled, whole or in part."), {"claim": body.claim})
    claim.withdrawn = body.reason
    parties = (account.order.provider, account.order.recipient)
    for number, base in sorted(claim.owed.items()):
        what = _owed(account.order.lines[number], base)
        account.transfer(entry, claim.delivered_on, ("claims", "debts"), parties, *what)
    return None


def _settlement(account: Account, entry: Entry, body: Settlement) -> Void | None:
    claim = account.claims.get(body.claim)
    if claim is None or entry.author != account.order.recipient:
        return _no_claim(body.claim)
    if claim.state != "open":
        return Void("claim-closed", N_("The claim {claim} is settled, whole or in part."), {"claim": body.claim})
    parts: list[tuple[Part, Decimal]] = []
    asked: dict[int, Decimal] = {}
    for part in body.parts:
        base = _part(account, claim, part)
        if isinstance(base, Void):
            return base
        asked[part.line] = asked.get(part.line, Decimal(0)) + base
        parts.append((part, base))
    for number, base in asked.items():
        left = claim.open(number) - _proposed(account, claim, number)
        if base > left:
            line = account.order.lines[number]
            params = {"line": str(number), "found": line.with_unit(base), "left": line.with_unit(left)}
            detail = N_("Line {line}: {found} is more than the {left} still to settle.")
            return Void("settlement-exceeds-claim", detail, params)
    account.settlements[entry.hash] = Proposed(entry.hash, body.claim, tuple(parts))
    return None


def _part(account: Account, claim: ClaimState, part: Part) -> Decimal | Void:
    """The base amount that a part settles, its method and its money checked against the order."""
    order = account.order
    if part.line not in claim.owed:
        return Void("line-unknown", N_("Line {line} is not in the claim."), {"line": str(part.line)})
    line = order.lines[part.line]
    quantity = parse_quantity(part.quantity, part.unit, "parts.quantity", COMPUTED)
    if quantity.base_unit != Quantity(Decimal(0), line.unit).base_unit:
        return Void("line-unknown", N_("Line {line} is measured otherwise."), {"line": str(part.line)})
    if order.terms is None or part.method not in order.terms.methods:
        return Void("method-not-agreed", N_("The order does not agree on {method}."), {"method": part.method})
    if part.method != "payment":
        if part.amount is not None or part.paid_on is not None or part.delivered_on is None:
            return Void("part-incomplete", N_("What is returned or replaced states its day, and no money."))
        parse_date(part.delivered_on, "parts.delivered_on")
        return quantity.base
    worth_of = money_of(line, quantity.base)
    if part.paid_on is not None:
        parse_date(part.paid_on, "parts.paid_on")
    if part.amount is None or part.currency is None or worth_of is None:
        return Void("part-incomplete", N_("A payment states amount and currency, and its line has a price."))
    paid = parse_money(part.amount, part.currency, "parts.amount")
    if (paid.amount, paid.currency) != (worth_of, line.currency):
        params = {"found": f"{paid.text()} {paid.currency}", "wanted": f"{decimal_text(worth_of)} {line.currency}"}
        return Void("payment-differs", N_("The payment is {found}; the quantity it settles is worth {wanted}."), params)
    return quantity.base


def _proposed(account: Account, claim: ClaimState, number: int) -> Decimal:
    """What settlements that wait for the creditor already speak of."""
    return sum(
        (
            base
            for one in account.settlements.values()
            if one.claim == claim.name and one.state == "proposed"
            for part, base in one.parts
            if part.line == number
        ),
        Decimal(0),
    )


def _acceptance(account: Account, entry: Entry, body: SettlementAcceptance) -> Void | None:
    found = account.settlements.get(body.settlement)
    wrong = _answerable(account, entry, found)
    if wrong or found is None:
        return wrong
    found.state = "accepted"
    claim, order = account.claims[found.claim], account.order
    for part, base in found.parts:
        line = order.lines[part.line]
        before = money_of(line, claim.open(part.line))
        claim.closed[part.line] = claim.closed.get(part.line, Decimal(0)) + base
        after = money_of(line, claim.open(part.line))
        # Money closes by the difference of what is left, so that roundings of parts never leave a remainder.
        money = () if before is None or after is None else ((str(line.currency), before - after),)
        day = part.delivered_on or part.paid_on or entry.frame.time[:10]
        parties = (order.provider, order.recipient)
        account.transfer(entry, day, ("claims", "debts"), parties, (line.commodity, base), *money)
        if part.method == "payment":
            paid = ((str(part.currency), Decimal(str(part.amount))),)
            account.transfer(entry, day, ("cash", "cash"), (order.recipient, order.provider), *paid)
        else:
            goods = ((line.commodity, base),)
            account.transfer(entry, day, ("stock", "stock"), (order.recipient, order.provider), *goods)
    return None


def _settlement_refusal(account: Account, entry: Entry, body: SettlementRefusal) -> Void | None:
    found = account.settlements.get(body.settlement)
    wrong = _answerable(account, entry, found)
    if wrong or found is None:
        return wrong
    found.state, found.reason = "refused", body.reason
    return None


def _answerable(account: Account, entry: Entry, found: Proposed | None) -> Void | None:
    if found is None or entry.author != account.order.provider:
        return Void("settlement-unknown", N_("There is no such settlement for this nation to answer."))
    if found.state != "proposed":
        return Void("settlement-answered", N_("The settlement was answered already."))
    return None


def _no_claim(name: str) -> Void:
    return Void("claim-unknown", N_("There is no claim {claim} for this nation to act on."), {"claim": name})


STEPS: Final[Mapping[str, Step]] = {
    "claim": _claim,
    "claim_withdrawal": _withdrawal,
    "settlement": _settlement,
    "settlement_acceptance": _acceptance,
    "settlement_refusal": _settlement_refusal,
}


def account_view(account: Account) -> JsonObject:
    """An order's ledger as plain JSON: `state` is claimed or settled once there are claims, else None."""
    order = account.order
    claims = [_claim_view(account, one) for one in account.claims.values()]
    standing = [one for one in account.claims.values() if one.withdrawn is None]
    matched = all(
        any(one.delivery == name for one in standing)
        for name, one in order.deliveries.items()
        if sum(one.received.values()) or not one.receipt
    )
    state = None
    if standing and order.state in {"received", "delivered", "delivering"}:
        done = matched and order.state == "received" and all(one.state == "settled" for one in standing)
        state = "settled" if done else "claimed" if order.state == "received" else None
    settlements: list[JsonValue] = [
        {
            "settlement": one.hash,
            "claim": one.claim,
            "state": one.state,
            "reason": one.reason,
            "parts": [part.model_dump(mode="json") for part, _ in one.parts],
        }
        for one in account.settlements.values()
    ]
    return {
        "case": order.case,
        "order": order.order,
        "state": state,
        "claims": [*claims],
        "settlements": settlements,
        "postings": [*account.postings],
        "next": [*_next(account)],
    }


def _claim_view(account: Account, claim: ClaimState) -> JsonObject:
    order = account.order
    lines: list[JsonValue] = []
    for number, base in sorted(claim.owed.items()):
        line = order.lines[number]
        owed, left = money_of(line, base), money_of(line, claim.open(number))
        lines.append(
            {
                "line": number,
                "description": line.description,
                "commodity": line.commodity,
                "unit": line.unit,
                "quantity": line.in_own_unit(base),
                "open": line.in_own_unit(claim.open(number)),
                "currency": line.currency,
                "amount": None if owed is None else decimal_text(owed),
                "open_amount": None if left is None else decimal_text(left),
            }
        )
    return {
        "claim": claim.name,
        "hash": claim.hash,
        "delivery": claim.delivery,
        "creditor": order.provider,
        "debtor": order.recipient,
        "delivered_on": claim.delivered_on,
        "due": claim.due,
        "state": claim.state,
        "withdrawn": claim.withdrawn,
        "methods": [*order.terms.methods] if order.terms else [],
        "lines": lines,
    }


def _next(account: Account) -> list[JsonObject]:
    order = account.order
    found: list[JsonObject] = []
    for delivery in order.deliveries.values():
        claimed = any(one.delivery == delivery.hash and one.withdrawn is None for one in account.claims.values())
        if delivery.receipt and not claimed and any(delivery.received.values()):
            found.append({"nation": order.provider, "type": "claim", "order": order.order, "delivery": delivery.hash})
    for claim in account.claims.values():
        left = any(claim.open(number) - _proposed(account, claim, number) for number in claim.owed)
        if claim.state == "open" and left:
            step: JsonObject = {"nation": order.recipient, "type": "settlement", "order": order.order}
            found.append(step | {"claim": claim.name, "due": claim.due})
    for one in account.settlements.values():
        if one.state == "proposed":
            step = {"nation": order.provider, "type": "settlement_acceptance", "order": order.order}
            found.append(step | {"settlement": one.hash})
    return found
