"""What an order is after its documents so far: parties, lines, terms, deliveries with their receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gokei.journal.entries import Void
from gokei.support.bodies import Terms
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.quantities import UNITS, decimal_text, in_unit


@dataclass(slots=True)
class Line:
    """One line: amounts in the base unit of its own unit. The unit of the first document is the line's unit."""

    number: int
    supply: str
    nsn: str | None
    description: str
    unit: str
    requested: Decimal = Decimal(0)
    offered: Decimal = Decimal(0)
    ordered: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    unit_price: str | None = None
    currency: str | None = None
    price_unit: str | None = None

    @property
    def commodity(self) -> str:
        """What the line is counted as in the ledger: its stock number, else its supply, and the base unit."""
        return f"{self.nsn or self.supply}/{UNITS[self.unit].measures}"

    def in_own_unit(self, base: Decimal) -> str:
        """A base amount as text in the line's unit; in the base unit, named, where that has no exact decimal."""
        found = in_unit(base, self.unit)
        return f"{decimal_text(base)} {UNITS[self.unit].measures}" if found is None else decimal_text(found)

    def with_unit(self, base: Decimal) -> str:
        """The same, for a reader: never without its unit."""
        text = self.in_own_unit(base)
        return text if " " in text else f"{text} {self.unit}"

    def as_json(self) -> JsonObject:
        """The line with every quantity of its life, in its own unit."""
        found: JsonObject = {
            "line": self.number,
            "supply": self.supply,
            "nsn": self.nsn,
            "description": self.description,
            "unit": self.unit,
            "commodity": self.commodity,
            "unit_price": self.unit_price,
            "price_unit": self.price_unit,
            "currency": self.currency,
        }
        for name in ("requested", "offered", "ordered", "delivered", "received"):
            found[name] = self.in_own_unit(getattr(self, name))
        return found


@dataclass(slots=True)
class DeliveryState:
    """One delivery: base amounts by line, and its receipt once there is one."""

    hash: str
    number: int
    delivered_on: str
    lines: dict[int, Decimal]
    receipt: str | None = None
    received: dict[int, Decimal] = field(default_factory=dict)
    discrepancies: list[JsonObject] = field(default_factory=list)
    claimed: bool = False


@dataclass(slots=True)
class OrderState:
    """An order's life so far. `state` is None until a valid request or retroactive order."""

    case: str
    order: str
    state: str | None = None
    provider: str = ""
    recipient: str = ""
    operation: str = ""
    agreement: str = ""
    on: str = ""
    activity: str = ""
    place: str = ""
    facts: dict[str, bool | str] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)
    terms: Terms | None = None
    preferred: tuple[str, ...] = ()
    offer: str | None = None
    offer_methods: tuple[str, ...] = ()
    valid_until: str | None = None
    order_hash: str | None = None
    retroactive: str | None = None
    reason: str | None = None
    deliveries: dict[str, DeliveryState] = field(default_factory=dict)
    determinations: dict[str, JsonObject] = field(default_factory=dict)
    documents: list[JsonObject] = field(default_factory=list)
    void: dict[str, Void] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether the order was neither refused nor cancelled."""
        return self.state not in {None, "refused", "cancelled"}

    def view(self) -> JsonObject:
        """The order as plain JSON: a function of its documents, the same for both nations."""
        documents: list[JsonValue] = [*self.documents]
        return {
            "case": self.case,
            "order": self.order,
            "state": self.state or "void",
            "provider": self.provider,
            "recipient": self.recipient,
            "operation": self.operation,
            "agreement": self.agreement,
            "on": self.on,
            "activity": self.activity,
            "place": self.place,
            "facts": dict(self.facts),
            "lines": [self.lines[number].as_json() for number in sorted(self.lines)],
            "terms": self.terms.model_dump(mode="json") if self.terms else None,
            "offer": {"methods": [*self.offer_methods], "valid_until": self.valid_until} if self.offer else None,
            "retroactive": self.retroactive,
            "reason": self.reason,
            "deliveries": [self._delivery(one) for one in self.deliveries.values()],
            "determinations": dict(self.determinations),
            "documents": documents,
            "next": [*self._next()],
        }

    def _delivery(self, one: DeliveryState) -> JsonObject:
        return {
            "delivery": one.hash,
            "number": one.number,
            "delivered_on": one.delivered_on,
            "lines": self._quantities(one.lines),
            "receipt": one.receipt,
            "received": self._quantities(one.received),
            "discrepancies": [*one.discrepancies],
        }

    def _quantities(self, found: Mapping[int, Decimal]) -> list[JsonValue]:
        return [
            {"line": number, "quantity": self.lines[number].in_own_unit(base), "unit": self.lines[number].unit}
            for number, base in sorted(found.items())
        ]

    def _next(self) -> list[JsonObject]:
        """What can be done now, by whom; the first of each nation is what waits."""
        provider, recipient, order = self.provider, self.recipient, {"order": self.order}
        match self.state:
            case "requested":
                return [
                    {"nation": provider, "type": "offer", **order},
                    {"nation": provider, "type": "refusal", **order},
                ]
            case "offered":
                return [{"nation": provider, "type": "order", **order}]
            case "ordered":
                return [{"nation": recipient, "type": "countersignature", **order}]
            case "in_force" | "delivering" | "delivered" | "received":
                return self._next_of_deliveries()
            case _:
                return []

    def _next_of_deliveries(self) -> list[JsonObject]:
        found: list[JsonObject] = [
            {"nation": self.recipient, "type": "receipt", "order": self.order, "delivery": one.hash}
            for one in self.deliveries.values()
            if one.receipt is None
        ]
        if self.state in {"in_force", "delivering"}:
            found.append({"nation": self.provider, "type": "delivery", "order": self.order})
        return found
