"""The documents of the ledger: claims, how they are settled, and statements of account."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from gokei.journal.bodies import Day, LocalName, Reason, Text
from gokei.journal.frames import Hash, Strict
from gokei.support.bodies import Amount, Computed, Currency, LineNumber, Method, Unit
from gokei.terms import limits

ClaimName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]


class ClaimLine(Strict):
    """What is owed for one line: the quantity that the receipt states, and its worth where it has a price."""

    line: LineNumber
    quantity: Computed
    unit: Unit
    unit_price: Amount | None = None
    amount: Computed | None = None
    currency: Currency | None = None


class Claim(Strict):
    """The provider claims what is owed for one delivery, by its receipt."""

    order: LocalName
    claim: ClaimName
    delivery: Hash
    delivered_on: Day
    due: Day | None
    lines: Annotated[tuple[ClaimLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]


class ClaimWithdrawal(Strict):
    """The provider takes its claim back, so that the delivery can be claimed anew."""

    order: LocalName
    claim: ClaimName
    reason: Reason


class Part(Strict):
    """One way of settling so much of one line: money paid, or goods handed over, each on its day."""

    method: Method
    line: LineNumber
    quantity: Computed
    unit: Unit
    amount: Computed | None = None
    currency: Currency | None = None
    reference: Text | None = None
    delivered_on: Day | None = None
    paid_on: Day | None = None


class Settlement(Strict):
    """The recipient settles a claim, whole or in part."""

    order: LocalName
    claim: ClaimName
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=limits.PARTS_PER_SETTLEMENT)]


class SettlementAcceptance(Strict):
    """The provider has what the settlement says: so much of the claim is closed."""

    order: LocalName
    settlement: Hash


class SettlementRefusal(Strict):
    """The provider does not have it, or not as the settlement says."""

    order: LocalName
    settlement: Hash
    reason: Reason


class Balance(Strict):
    """What one nation owes the other of one currency or commodity; never negative."""

    debtor: str
    creditor: str
    commodity: str
    amount: Computed


class Statement(Strict):
    """The account between the two nations at a cut: balances, and the digest of the ledger they stand on."""

    statement: LocalName
    as_of: Day
    documents: Annotated[dict[str, int], Field(min_length=2, max_length=2)]
    balances: Annotated[tuple[Balance, ...], Field(max_length=limits.BALANCES_PER_STATEMENT)]
    claims: Annotated[int, Field(ge=0)]
    open_claims: Annotated[int, Field(ge=0)]
    digest: Hash


class StatementAcceptance(Strict):
    """The partner finds the same account."""

    statement: LocalName
    of: Hash
