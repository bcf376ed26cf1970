"""Days and instants in the spelling of the machine contract: YYYY-MM-DD and RFC 3339 with an offset."""

from __future__ import annotations

import datetime
import re
from typing import Final

from gokei.terms.problems import BadInput
from gokei.terms.words import N_

SHOWN_CHARACTERS: Final = 60
LOOKED_AT_CHARACTERS: Final = 200
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)


def parse_date(text: object, field: str) -> datetime.date:
    """A day that exists in the calendar. Raises BadInput (`date`)."""
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    raise BadInput(
        check="date",
        detail=N_("{field}: {text} is not a day of the calendar."),
        next_step=N_("Write a day as YYYY-MM-DD, such as 2017-09-06."),
        params={"field": field, "text": shown(text)},
        field=field,
    )


def parse_instant(text: object, field: str) -> datetime.datetime:
    """An instant with its offset, in UTC. Raises BadInput (`instant`)."""
    if isinstance(text, str) and _INSTANT.fullmatch(text):
        try:
            return datetime.datetime.fromisoformat(text.upper().replace("Z", "+00:00")).astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            pass
    raise BadInput(
        check="instant",
        detail=N_("{field}: {text} is not an instant."),
        next_step=N_("Write an instant as RFC 3339 with an offset, such as 2019-11-22T18:00:00+09:00."),
        params={"field": field, "text": shown(text)},
        field=field,
    )


def shown(value: object) -> str:
    """A value as a problem shows it: short, one line, and what a screen cannot or should not show escaped."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text[:LOOKED_AT_CHARACTERS].split())
    text = "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
