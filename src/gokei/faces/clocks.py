"""What people are told when a partner's clock and ours differ by more than they should."""

from __future__ import annotations

from typing import Final

from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.words import N_

CLOCKS_DIFFER: Final = N_("The clocks of the two nodes differ by {minutes} minutes: set the one that is wrong.")


def clock_off(row: JsonObject) -> int:
    """By how many minutes a partner's clock is off, either way; 0 where it is near enough, or not known."""
    skew = row.get("clock_skew")
    if not isinstance(skew, int) or abs(skew) <= limits.CLOCK_SKEW_SECONDS:
        return 0
    return abs(skew) // 60
