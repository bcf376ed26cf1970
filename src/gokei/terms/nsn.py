"""National stock numbers: 13 digits, of which the first two are the supply group (NATO ACodP-1, H2/H6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gokei.terms.problems import BadInput
from gokei.terms.words import N_

NSN_PATTERN: Final = "[0-9]{13}|[0-9]{4}-[0-9]{2}-[0-9]{3}-[0-9]{4}"
_NSN: Final = re.compile(NSN_PATTERN)

GROUPS: Final[Mapping[str, str]] = {
    "10": "weapons",
    "13": "ammunition",
    "65": "medical",
    "84": "clothing",
    "89": "food",
    "91": "fuel",
}
# Bottled water is class 8960, among the beverages: the class alone cannot tell food from water.
OPEN_CLASSES: Final[Mapping[str, frozenset[str]]] = {"8960": frozenset({"food", "water"})}


def parse_nsn(text: object, field: str) -> str:
    """The 13 digits of a stock number written plainly or as 4-2-3-4. Raises BadInput (`nsn`)."""
    if isinstance(text, str) and _NSN.fullmatch(text):
        return text.replace("-", "")
    raise BadInput(
        check="nsn",
        detail=N_("{field} is not a stock number of 13 digits."),
        next_step=N_("Write 13 digits, or 4-2-3-4 with hyphens, such as 9140-00-273-2377."),
        params={"field": field},
        field=field,
    )


def supplies_of(nsn: str) -> frozenset[str]:
    """The supplies that a stock number can be; empty where its class does not settle it."""
    if nsn[:4] in OPEN_CLASSES:
        return OPEN_CLASSES[nsn[:4]]
    found = GROUPS.get(nsn[:2])
    return frozenset({found}) if found else frozenset()
