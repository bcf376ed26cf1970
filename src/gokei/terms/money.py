"""Money: a decimal and a currency of ISO 4217, never finer than the currency's minor unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Final, NamedTuple

from gokei.terms.dates import shown
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.quantities import COMPUTED, EXACT, decimal_text, parse_amount
from gokei.terms.words import N_

_ROUNDING: Final = Context(prec=EXACT.prec, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
# Minor digits by ISO 4217, for the currencies of the nations whose agreements are in the packs.
CURRENCIES: Final[Mapping[str, int]] = {
    "JPY": 0,
    "KRW": 0,
    "USD": 2,
    "AUD": 2,
    "GBP": 2,
    "EUR": 2,
    "CAD": 2,
    "INR": 2,
    "NZD": 2,
    "PHP": 2,
}


class Money(NamedTuple):
    """So much of a currency."""

    amount: Decimal
    currency: str

    def text(self) -> str:
        """The amount in its one spelling."""
        return decimal_text(self.amount)


def parse_currency(text: object, field: str) -> str:
    """A currency of the table. Raises BadInput (`currency`) that names the nearest."""
    if isinstance(text, str) and text in CURRENCIES:
        return text
    near = nearest(text, CURRENCIES) if isinstance(text, str) else None
    detail = N_("{field}: {text} is not a currency. Did you mean {nearest}?")
    raise BadInput(
        check="currency",
        detail=detail if near else N_("{field}: {text} is not a currency."),
        next_step=N_("Currencies: {currencies}"),
        params={
            "field": field,
            "text": shown(text),
            "nearest": near or "",
            "currencies": " ".join(CURRENCIES),
        },
        field=field,
    )


def parse_money(amount: object, currency: object, field: str) -> Money:
    """An amount of money. Raises BadInput (`amount`, `currency`, `minor-unit`)."""
    found = Money(parse_amount(amount, field, COMPUTED), parse_currency(currency, field))
    if rounded(found.amount, found.currency) != found.amount:
        raise BadInput(
            check="minor-unit",
            detail=N_("{field}: {currency} has {digits} decimals, not those of {text}."),
            params={
                "field": field,
                "currency": found.currency,
                "digits": str(CURRENCIES[found.currency]),
                "text": found.text(),
            },
            field=field,
        )
    return found


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount to the currency's minor unit, halves to even."""
    return amount.quantize(Decimal(1).scaleb(-CURRENCIES[currency]), context=_ROUNDING)


def worth(quantity: Decimal, unit_price: Decimal, currency: str) -> Decimal:
    """Quantity times price: multiplied exactly, then rounded once."""
    return rounded(EXACT.multiply(quantity, unit_price), currency)
