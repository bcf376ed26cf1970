"""The providers' laws as one table of truths, for the peers that work on columns: false 0, unknown 1, true 2.

By pair of nations, version of the law, activity and supply; behind the last word of each fact lies the unknown one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy

from tests.bench.policy import NEW_LAW, Law, Policy

Words: TypeAlias = Sequence[str]
FALSE, UNKNOWN, TRUE = 0, 1, 2
VERSIONS: Final = (None, NEW_LAW)


class Table(NamedTuple):
    """`directions[provider, recipient]` is the place of a pair, 0 of one without a law; `truths` is by that place."""

    directions: Any
    truths: Any


def law_table(policy: Policy, nations: Words, activities: Words, supplies: Words) -> Table:
    """The table of these words, in this order."""
    nation, activity, supply = (_places(words) for words in (nations, activities, supplies))
    directions = numpy.zeros((len(nations), len(nations)), numpy.uint8)
    pairs = list(dict.fromkeys((law.provider, law.recipient) for law in policy.laws))
    truths = numpy.zeros((len(pairs) + 1, len(VERSIONS), len(activities) + 1, len(supplies) + 1), numpy.int8)
    for law in policy.laws:
        place = 1 + pairs.index((law.provider, law.recipient))
        directions[nation[law.provider], nation[law.recipient]] = place
        _fill(truths[place, VERSIONS.index(law.days.since)], law, activity, supply)
    return Table(directions, truths)


def word_truths(words: Words, true: Words, unknown: Words = ()) -> Any:
    """The truth of each word of a fact, and behind the last that of the unknown one."""
    found = [TRUE if word in true else UNKNOWN if word in unknown else FALSE for word in words]
    return numpy.array([*found, UNKNOWN], numpy.int8)


def _fill(truths: Any, law: Law, activity: Mapping[str, int], supply: Mapping[str, int]) -> None:
    truths[-1, -1] = UNKNOWN
    for name, supplies in law.rows.items():
        truths[activity[name], -1] = UNKNOWN
        for word in supplies:
            truths[activity[name], supply[word]] = TRUE
            truths[-1, supply[word]] = UNKNOWN


def _places(words: Words) -> dict[str, int]:
    return {word: place for place, word in enumerate(words)}
