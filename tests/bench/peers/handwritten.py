"""The policy as a skilled person would write it by hand in Polars: flat expressions by Kleene over Enum columns.

`flat` puts every row through every agreement; `pruned` looks first at the provider's law, one look into a table, and
puts only those rows through the agreements that the law does not bar, which is the faster by far. Both take a frame
of the columns of frames.SCHEMA (the Enums may hold their words in any order) and give (verdict, basis), each a Series
of its length and order: `verdict` an Enum of VERDICTS, `basis` an Int8, the place in the policy of the agreement that
decides (the first that is certain, else the first that is possible), null where none does.

An unknown fact is null. `is_in` of null is null, and `&` and `|` are Kleene's; what an agreement leaves undecided is
`is_in(...) & null`. No list has a null in it, and no `when` and no `filter` stands on a condition that may be null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy
import polars
from polars import Expr, col, lit

from gokei.law.instruments import Interval
from gokei.terms.facts import NONE
from tests.bench.policy import NEW_LAW, Agreement, Policy, drawn

from .tables import FALSE, TRUE, law_table

VERDICTS: Final = ("not_permitted", "undetermined", "permitted")
Columns: TypeAlias = tuple[polars.Series, polars.Series]

_VERDICT: Final = polars.Enum(VERDICTS)
_UNKNOWN: Final = lit(None, polars.Boolean)
_POLICY: Final = drawn()


def batch(frame: polars.DataFrame, policy: Policy = _POLICY) -> Columns:
    """The verdict and the basis of every row, the fastest way known here."""
    return pruned(frame, policy)


def flat(frame: polars.DataFrame, policy: Policy = _POLICY) -> Columns:
    """Every agreement over all rows."""
    law = frame.lazy().with_columns(_kleene(_law(frame, policy)).alias("law"))
    found = law.select(_decided(policy)).collect()
    return found["verdict"].cat.to(_VERDICT), found["basis"]


def pruned(frame: polars.DataFrame, policy: Policy = _POLICY) -> Columns:
    """The agreements over the rows that the provider's law does not bar, and what they say put back in its place."""
    law = frame.lazy().with_columns(_law(frame, policy).alias("law")).with_row_index("row")
    left = law.filter(col("law") != FALSE).with_columns(_kleene(col("law")).alias("law"))
    found = left.select("row", *_decided(policy)).collect()
    rows = found["row"].to_numpy()
    verdict, basis = numpy.zeros(len(frame), numpy.uint8), numpy.full(len(frame), -1, numpy.int8)
    verdict[rows] = found["verdict"].to_numpy()
    basis[rows] = found["basis"].fill_null(-1).to_numpy()
    places = polars.Series("basis", basis)
    return polars.Series("verdict", verdict).cat.to(_VERDICT), places.set(places < 0, None)


def _law(frame: polars.DataFrame, policy: Policy) -> Expr:
    """The truth of the provider's law, as a number that is never null."""
    nations, recipients, activities, supplies = (
        _words(frame, name) for name in ("provider", "recipient", "activity", "supply")
    )
    if nations != recipients:
        raise ValueError("provider and recipient are of two Enums")
    table = law_table(policy, nations, activities, supplies)
    pair = _place("provider", nations) * len(nations) + _place("recipient", nations)
    place = lit(polars.Series(table.directions.ravel())).gather(pair).cast(polars.UInt32)
    for number, size in (
        ((col("on") >= NEW_LAW).cast(polars.UInt32), 2),
        (_place("activity", activities), len(activities) + 1),
        (_place("supply", supplies), len(supplies) + 1),
    ):
        place = place * size + number
    return lit(polars.Series(table.truths.ravel())).gather(place)


def _place(fact: str, words: Sequence[str]) -> Expr:
    return col(fact).to_physical().cast(polars.UInt32).fill_null(len(words))


def _words(frame: polars.DataFrame, fact: str) -> list[str]:
    dtype = frame.schema[fact]
    if not isinstance(dtype, polars.Enum):
        raise TypeError(f"{fact} is no Enum")
    return dtype.categories.to_list()


def _kleene(truth: Expr) -> Expr:
    """A truth as a boolean, null where it is unknown."""
    return (truth == TRUE) | ((truth != FALSE) & _UNKNOWN)


def _decided(policy: Policy) -> tuple[Expr, Expr]:
    """The verdict as its place in VERDICTS, and the basis."""
    truths = {place: col("law") & _agrees(one) for place, one in enumerate(policy.agreements)}
    certain = _first({place: one.fill_null(value=False) for place, one in truths.items()})
    possible = _first({place: one.fill_null(value=True) for place, one in truths.items()})
    verdict = certain.is_not_null().cast(polars.UInt8) + possible.is_not_null().cast(polars.UInt8)
    return verdict.alias("verdict"), polars.coalesce(certain, possible).alias("basis")


def _first(holds: Mapping[int, Expr]) -> Expr:
    return polars.coalesce([polars.when(one).then(lit(place, polars.Int8)) for place, one in holds.items()])


def _agrees(agreement: Agreement) -> Expr:
    between = col("provider").is_in(agreement.parties) & col("recipient").is_in(agreement.parties)
    allowed = col("activity").is_in(agreement.activities)
    undecided = (col("activity") == agreement.undecided) & _UNKNOWN
    met = col("retransfer_to") == NONE
    if agreement.consent_suffices:
        met |= col("provider_consents")
    supplied = col("supply").is_in(agreement.supplies)
    return between & _within(agreement.days) & (allowed | undecided) & supplied & met


def _within(days: Interval) -> Expr:
    since = [] if days.since is None else [col("on") >= days.since]
    until = [] if days.until is None else [col("on") < days.until]
    return polars.all_horizontal(since + until)
