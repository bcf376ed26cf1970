"""Quantities in a closed grammar: a decimal in ASCII digits and a unit of a fixed table, converted exactly.

Units: the metric ones of UN/CEFACT Recommendation 20 by their usual signs, US gallons and pounds by their exact
definitions (NIST Handbook 44, appendix C), and units of issue that are counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, localcontext
from functools import wraps
from typing import Final, NamedTuple, ParamSpec, TypeVar

from gokei.terms.dates import shown
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

AMOUNT_PATTERN: Final = r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?$"
# What nodes work out from amounts: a gallon is 0.003785411784 kL, and worth is a quantity times a price.
COMPUTED_PATTERN: Final = r"^(0|[1-9][0-9]{0,47})(\.[0-9]{1,24})?$"
TYPED: Final = re.compile(AMOUNT_PATTERN)
COMPUTED: Final = re.compile(COMPUTED_PATTERN)
# Wide enough for a quantity in any unit times a price and for the sum of millions of them; what does not fit is an
# error, so that nothing is ever rounded unseen.
EXACT: Final = Context(prec=120, traps=[Inexact, InvalidOperation, DivisionByZero])

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


def exactly(function: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """The function, with all its arithmetic of decimals exact: the usual context rounds at 28 digits, unseen."""

    @wraps(function)
    def inside(*args: _Given.args, **kwargs: _Given.kwargs) -> _Found:
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return inside


class Unit(NamedTuple):
    """A unit: what it measures, and how many base units it is."""

    measures: str
    factor: Decimal


_TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    "L": {"L": "1", "mL": "0.001", "kL": "1000", "m3": "1000", "GL": "3.785411784", "BBL": "158.987294928"},
    "kg": {"kg": "1", "g": "0.001", "t": "1000", "LB": "0.45359237"},
    "m": {"m": "1", "km": "1000", "NM": "1852"},
    "h": {"h": "1", "d": "24"},
    "EA": {"EA": "1", "PR": "2", "DZ": "12", "HD": "100", "TH": "1000"},
    "BX": {"BX": "1"},
    "meal": {"meal": "1"},
    "person-day": {"person-day": "1"},
    "night": {"night": "1"},
    "t-km": {"t-km": "1"},
    "job": {"job": "1"},
}
UNITS: Final[Mapping[str, Unit]] = {
    name: Unit(base, Decimal(factor)) for base, row in _TABLE.items() for name, factor in row.items()
}


class Quantity(NamedTuple):
    """So much of a unit."""

    amount: Decimal
    unit: str

    def text(self) -> str:
        """The amount in its one spelling: no exponent, no trailing zeros."""
        return decimal_text(self.amount)

    @property
    def base(self) -> Decimal:
        """The amount in the base unit, exactly."""
        return EXACT.multiply(self.amount, UNITS[self.unit].factor)

    @property
    def base_unit(self) -> str:
        """The base unit of what it measures."""
        return UNITS[self.unit].measures


def decimal_text(value: Decimal) -> str:
    """A decimal in its one spelling: no exponent, no trailing zeros, no sign on zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def parse_amount(text: object, field: str, grammar: re.Pattern[str] = TYPED) -> Decimal:
    """A decimal of a closed grammar: up to 18 digits and 6 decimals, ASCII only. Raises BadInput (`amount`)."""
    if isinstance(text, str) and grammar.fullmatch(text):
        return Decimal(text)
    raise BadInput(
        check="amount",
        detail=N_("{field}: {text} is not an amount."),
        next_step=N_("Write plain digits with at most 6 decimals, such as 11.4: no sign, no exponent, no separators."),
        params={"field": field, "text": shown(text)},
        field=field,
    )


def parse_unit(text: object, field: str) -> str:
    """A unit of the table. Raises BadInput (`unit`) that names the nearest."""
    if isinstance(text, str) and text in UNITS:
        return text
    near = nearest(text, UNITS) if isinstance(text, str) else None
    detail = N_("{field}: {text} is not a unit. Did you mean {nearest}?")
    raise BadInput(
        check="unit",
        detail=detail if near else N_("{field}: {text} is not a unit."),
        next_step=N_("Units: {units}"),
        params={"field": field, "text": shown(text), "nearest": near or "", "units": " ".join(UNITS)},
        field=field,
    )


def parse_quantity(amount: object, unit: object, field: str, grammar: re.Pattern[str] = TYPED) -> Quantity:
    """A quantity greater than zero. Raises BadInput (`amount`, `unit`, `quantity-zero`)."""
    found = Quantity(parse_amount(amount, field, grammar), parse_unit(unit, field))
    if not found.amount:
        raise BadInput(
            check="quantity-zero",
            detail=N_("{field}: a quantity is more than nothing."),
            params={"field": field},
            field=field,
        )
    return found


def base_of(text: object, unit: object) -> Decimal:
    """The base amount of a quantity as a view shows it: in its own unit, or with the base unit behind it."""
    amount, _, base_unit = str(text).partition(" ")
    return Quantity(Decimal(amount), base_unit or str(unit)).base


def in_unit(base: Decimal, unit: str) -> Decimal | None:
    """A base amount in another unit, or None where that has no exact decimal."""
    try:
        return EXACT.divide(base, UNITS[unit].factor)
    except Inexact:
        return None
