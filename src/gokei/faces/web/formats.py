"""Dates, numbers and money as a reader of each language expects them. Currencies are always ISO codes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

PERIOD: Final = re.compile(r"P([0-9]{1,4})([YMD])")
UNITS: Final[Mapping[str, str]] = {"Y": "duration-year", "M": "duration-month", "D": "duration-day"}
LOCALES: Final[Mapping[str, Locale]] = {
    "en": Locale("en", "GB"),
    "ja": Locale("ja", "JP"),
    "ko": Locale("ko", "KR"),
}


def day(text: object, language: str) -> str:
    """A date `YYYY-MM-DD` in words and numbers of `language`; other text is given back as it is."""
    try:
        value = datetime.date.fromisoformat(str(text))
    except ValueError:
        return str(text)
    return format_date(value, format="medium", locale=LOCALES[language])


def moment(text: object, language: str) -> str:
    """An RFC 3339 instant in universal time; other text is given back as it is."""
    try:
        value = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00")).astimezone(datetime.UTC)
    except ValueError:
        return str(text)
    # By the clock of 24 hours in every language: a log is read by the minute, never by morning and afternoon.
    return f"{format_date(value, format='medium', locale=LOCALES[language])} {value:%H:%M:%S} UTC"


def number(text: object, language: str) -> str:
    """A decimal number with the grouping of `language` and every digit that was stated."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return str(text)
    shown: str = format_decimal(value, locale=LOCALES[language], decimal_quantization=False)
    return shown


def money(amount: object, currency: object, language: str) -> str:
    """An amount behind its ISO 4217 code, such as `JPY 410,400`."""
    return f"{currency} {number(amount, language)}"


def period(text: object, language: str) -> str:
    """A period such as `P1Y` in words; other text is given back as it is."""
    found = PERIOD.fullmatch(str(text))
    if found is None:
        return str(text)
    # The long patterns of Japanese and Korean are missing from the table of units; their short ones are whole words.
    length: Literal["long", "short"] = "long" if language == "en" else "short"
    shown: str = format_unit(int(found[1]), UNITS[found[2]], length=length, locale=LOCALES[language])
    return shown


def listed(texts: Iterable[object], language: str) -> str:
    """Texts one after another, as `language` separates them."""
    return ("、" if language == "ja" else ", ").join(str(text) for text in texts)
