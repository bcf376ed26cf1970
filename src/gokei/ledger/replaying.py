"""What a change of the law does to past orders: which flip, how many of each kind, and what it does to the sums owed.

The provider is the creditor. An order whose verdict is undetermined counts neither as a yes nor as a no: its sums
stand by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.quantities import decimal_text, exactly

VERDICTS: Final = ("permitted", "not_permitted", "undetermined")


class Answer(NamedTuple):
    """What the law says of an order, with the first provision that it rests on."""

    verdict: str
    ground: str
    instrument: str | None
    provision: str | None

    def as_json(self) -> JsonObject:
        """The answer as plain JSON."""
        return {**self._asdict()}


class Flip(NamedTuple):
    """An order whose verdict is another: its id, or its row in a table, or both."""

    order: str | None
    row: int | None
    provider: str | None
    recipient: str | None
    before: Answer
    after: Answer

    def as_json(self) -> JsonObject:
        """The flip as plain JSON."""
        return {**self._asdict(), "before": self.before.as_json(), "after": self.after.as_json()}


class Owed(NamedTuple):
    """Who owes whom, in which currency or goods."""

    creditor: str
    debtor: str
    commodity: str


@dataclass(slots=True)
class Replayed:
    """What came of asking again. `most` bounds the flips that are kept, not those that are counted."""

    assumed: tuple[str, ...]
    most: int | None = None
    orders: int = 0
    touched: int = 0
    kinds: dict[tuple[str, str], int] = field(default_factory=dict)
    flips: list[Flip] = field(default_factory=list)
    # By when ("before", "after") and verdict.
    owed: dict[Owed, dict[tuple[str, str], Decimal]] = field(default_factory=dict)
    # Orders whose question the law cannot read any more, and why.
    unread: list[JsonObject] = field(default_factory=list)

    @property
    def flipped(self) -> int:
        """How many orders have another verdict."""
        return sum(self.kinds.values())

    @property
    def room(self) -> int | None:
        """How many more flips are kept; None where there is no bound."""
        return None if self.most is None else max(0, self.most - len(self.flips))

    def count(self, before: str, after: str, orders: int) -> None:
        """So many touched orders went from one verdict to another, or stayed."""
        self.touched += orders
        if before != after and orders:
            self.kinds[(before, after)] = self.kinds.get((before, after), 0) + orders

    def keep(self, flip: Flip) -> None:
        """Keep a flip while there is room."""
        if self.room != 0:
            self.flips.append(flip)

    @exactly
    def owe(self, owed: Owed, before: str, after: str, amount: Decimal) -> None:
        """So much is owed for touched orders of these verdicts."""
        sums = self.owed.setdefault(owed, {})
        for key in (("before", before), ("after", after)):
            sums[key] = sums.get(key, Decimal(0)) + amount

    @exactly
    def rows(self) -> list[JsonObject]:
        """The sums by creditor, debtor and commodity, by verdict before and after, and what the change makes of them.

        `difference` is what is owed for permitted orders after, less what was before.
        """
        found: list[JsonObject] = []
        for owed, sums in sorted(self.owed.items()):
            row: JsonObject = {**owed._asdict()}
            for when in ("before", "after"):
                row[when] = {verdict: decimal_text(sums.get((when, verdict), Decimal(0))) for verdict in VERDICTS}
            yes = [sums.get((when, "permitted"), Decimal(0)) for when in ("after", "before")]
            found.append(row | {"difference": decimal_text(yes[0] - yes[1])})
        return found

    def kinds_of_flip(self) -> list[tuple[tuple[str, str], int]]:
        """How many orders went from which verdict to which, the most first."""
        return sorted(self.kinds.items(), key=lambda one: (-one[1], one[0]))

    def as_json(self) -> JsonObject:
        """Everything as plain JSON."""
        flips: list[JsonValue] = [one.as_json() for one in self.flips]
        return {
            "assumed": [*self.assumed],
            "orders": self.orders,
            "touched": self.touched,
            "untouched": self.orders - self.touched - len(self.unread),
            "flipped": self.flipped,
            "unread": [*self.unread],
            "kinds": [{"before": was, "after": now, "orders": orders} for (was, now), orders in self.kinds_of_flip()],
            "flips": flips,
            "owed": [*self.rows()],
        }
