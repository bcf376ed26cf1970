"""Questions as columns of Polars: the same facts, the same chances, a million at a time. Needs the group `bench`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

import numpy
import polars

from gokei.terms.facts import ACTIVITIES, FACTS, NONE, SUPPLIES

from . import policy

# A fact of words is an Enum of all its words, a day is a Date, an unknown fact is null.
SCHEMA: Final[dict[str, Any]] = {
    name: polars.Date if name == "on" else polars.Enum(fact.words()) if fact.words() else polars.Boolean
    for name, fact in FACTS.items()
    if name in policy.FACTS
}


def of_questions(questions: Sequence[policy.Question]) -> polars.DataFrame:
    """The frame of these questions."""
    rows = [{**one, "on": datetime.date.fromisoformat(one["on"])} for one in questions]
    return polars.DataFrame(rows, schema=SCHEMA)


def questions_of(frame: polars.DataFrame) -> list[policy.Question]:
    """The questions of a frame, as `policy.questions` writes them."""
    return frame.with_columns(polars.col("on").dt.to_string("%Y-%m-%d")).to_dicts()


def drawn(count: int, seed: int = policy.SEED) -> polars.DataFrame:
    """Questions at random, as many as are wanted."""
    chance = numpy.random.default_rng(seed)
    provider = chance.integers(len(policy.NATIONS), size=count)
    # Another nation than the provider: one of those after it, in a ring.
    recipient = (provider + chance.integers(1, len(policy.NATIONS), size=count)) % len(policy.NATIONS)
    first = (policy.FIRST_DAY - datetime.date(1970, 1, 1)).days
    days = (policy.LAST_DAY - policy.FIRST_DAY).days + 1
    goes_on = chance.random(count) >= 0.7
    columns = {
        "kind": polars.repeat("support", count, dtype=SCHEMA["kind"], eager=True),
        "on": polars.Series(first + chance.integers(days, size=count), dtype=polars.Int32).cast(polars.Date),
        "provider": _words("provider", policy.NATIONS, provider),
        "recipient": _words("recipient", policy.NATIONS, recipient),
        "activity": _words("activity", ACTIVITIES, chance.integers(len(ACTIVITIES), size=count)),
        "supply": _words("supply", SUPPLIES, chance.integers(len(SUPPLIES), size=count)),
        "retransfer_to": _words(
            "retransfer_to",
            (NONE, *policy.RETRANSFERS[1:]),
            numpy.where(goes_on, chance.integers(1, len(policy.RETRANSFERS), size=count), 0),
        ),
        "provider_consents": polars.Series(chance.random(count) < 0.5),
    }
    left_out = {name: chance.integers(100, size=count) < percent for name, percent in policy.LEFT_OUT.items()}
    frame = polars.DataFrame(columns, schema=SCHEMA)
    return frame.with_columns(
        polars.when(~polars.Series(unknown)).then(polars.col(name)).alias(name) for name, unknown in left_out.items()
    )


def _words(fact: str, words: Sequence[str], places: Any) -> polars.Series:
    return polars.Series(words, dtype=SCHEMA[fact]).gather(places)
