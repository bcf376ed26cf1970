"""Periods of the calendar (ISO 8601 durations of whole days, months or years), and the day on which one is over."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final

from gokei.terms.dates import shown
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

_PERIOD: Final = re.compile(r"P([1-9][0-9]{0,3})([DMY])")


def due_date(start: datetime.date, period: str) -> datetime.date:
    """The day that lies one period after `start`: the same day of the month, or the month's last where it has none.

    Raises BadInput (`period`).
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise _bad(period)
    count, unit = int(found[1]), found[2]
    try:
        if unit == "D":
            return start + datetime.timedelta(days=count)
        months = start.year * 12 + start.month - 1 + (count if unit == "M" else count * 12)
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return datetime.date(year, month + 1, min(start.day, last))
    except (ValueError, OverflowError, calendar.IllegalMonthError) as error:
        raise _bad(period) from error


def _bad(period: str) -> BadInput:
    return BadInput(
        check="period",
        detail=N_("{text} is no period that ends in the calendar."),
        next_step=N_("Write P12M, P1Y or P90D."),
        params={"text": shown(period)},
    )
