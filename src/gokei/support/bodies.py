"""The documents of mutual support: what each one says. All amounts are decimal texts in a closed ASCII grammar."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from gokei.journal.bodies import Day, Determined, Facts, LocalName, Reason, Text
from gokei.journal.frames import Hash, NationCode, Strict
from gokei.terms import limits
from gokei.terms.quantities import AMOUNT_PATTERN, COMPUTED_PATTERN

Amount: TypeAlias = Annotated[str, Field(pattern=AMOUNT_PATTERN)]
Computed: TypeAlias = Annotated[str, Field(pattern=COMPUTED_PATTERN)]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]
Unit: TypeAlias = Annotated[str, Field(min_length=1, max_length=16)]
Currency: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Stock: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{13}$")]
LineNumber: TypeAlias = Annotated[int, Field(ge=1, le=9999)]
Method: TypeAlias = Literal["return", "replacement_in_kind", "payment"]
Methods: TypeAlias = Annotated[tuple[Method, ...], Field(min_length=1, max_length=3)]
Place: TypeAlias = Annotated[str, Field(pattern=r"^([A-Z]{2,4}|high_seas)$")]


class Operation(Strict):
    """One activity in the world, stated once: its orders inherit its facts."""

    operation: LocalName
    name: Text
    activity: Word
    place: Place
    starts: Day
    ends: Day
    forces: Annotated[tuple[NationCode, ...], Field(max_length=limits.FORCES_PER_OPERATION)] = ()
    facts: Facts = Field(default_factory=dict)


class RequestLine(Strict):
    """One thing asked for."""

    line: LineNumber
    supply: Word
    nsn: Stock | None = None
    description: Text
    quantity: Amount
    unit: Unit


class Request(Strict):
    """The recipient asks; the operation's facts are already in it."""

    order: LocalName
    operation: LocalName
    provider: NationCode
    recipient: NationCode
    on: Day
    activity: Word
    place: Place
    lines: Annotated[tuple[RequestLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    methods: Annotated[tuple[Method, ...], Field(max_length=3)] = ()
    facts: Facts
    determination: Determined


class OfferLine(Strict):
    """One thing offered, with its price where it has one."""

    line: LineNumber
    quantity: Amount
    unit: Unit
    unit_price: Amount | None = None
    currency: Currency | None = None


class Offer(Strict):
    """The provider offers what was asked, or less, on terms."""

    order: LocalName
    lines: Annotated[tuple[OfferLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    methods: Methods
    valid_until: Day


class Refusal(Strict):
    """The provider declines the request; the recipient declines the offer or the order by a cancellation."""

    order: LocalName
    reason: Reason


class Retroactive(Strict):
    """Why an order was written after the fact."""

    reason: Reason


class OrderLine(Strict):
    """One thing ordered, on the terms of the offer."""

    line: LineNumber
    supply: Word
    nsn: Stock | None = None
    description: Text
    quantity: Amount
    unit: Unit
    unit_price: Amount | None = None
    currency: Currency | None = None


class Terms(Strict):
    """How the order is settled: the ways agreed, and until when by which provision."""

    methods: Methods
    due: str | None
    due_from: Literal["delivery"] | None
    instrument: str | None
    provision: str | None


class Order(Strict):
    """The provider's two offices bind it to deliver."""

    order: LocalName
    operation: LocalName
    provider: NationCode
    recipient: NationCode
    on: Day
    activity: Word
    place: Place
    lines: Annotated[tuple[OrderLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    terms: Terms
    facts: Facts
    determination: Determined
    retroactive: Retroactive | None = None


class Countersignature(Strict):
    """The recipient's two offices bind it to settle; `signed` is the hash of the order they sign."""

    order: LocalName
    signed: Hash
    determination: Determined


class Cancellation(Strict):
    """Either side ends the order before anything is delivered."""

    order: LocalName
    reason: Reason


class QuantityLine(Strict):
    """So much of one line."""

    line: LineNumber
    quantity: Amount
    unit: Unit


class Delivery(Strict):
    """The provider states what it handed over, and when."""

    order: LocalName
    delivered_on: Day
    place: Text | None = None
    lines: Annotated[tuple[QuantityLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]


class Discrepancy(Strict):
    """Why less arrived than was delivered."""

    reason: Reason
    code: Literal["short", "damaged", "wrong_item", "quality", "other"] = "other"


class ReceiptLine(Strict):
    """So much of one line arrived; zero is a quantity here."""

    line: LineNumber
    quantity: Amount
    unit: Unit
    discrepancy: Discrepancy | None = None


class Receipt(Strict):
    """The recipient signs for what arrived of one delivery."""

    order: LocalName
    delivery: Hash
    received_on: Day | None = None
    lines: Annotated[tuple[ReceiptLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]


class DeliveryCorrection(Strict):
    """The provider states its delivery anew, before it is signed for."""

    order: LocalName
    delivery: Hash
    lines: Annotated[tuple[QuantityLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    reason: Reason


class ReceiptCorrection(Strict):
    """The recipient states its receipt anew, before it is claimed."""

    order: LocalName
    receipt: Hash
    lines: Annotated[tuple[ReceiptLine, ...], Field(min_length=1, max_length=limits.LINES_PER_ORDER)]
    reason: Reason
