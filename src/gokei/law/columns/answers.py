"""Answers as columns: what each end of the machine answers, once, and every row's answer taken from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gokei.law.columns.machine import End
from gokei.law.forgetting import Wanted
from gokei.law.instruments import QUALITIES, Provision
from gokei.law.library import Library
from gokei.law.matters import CRITERIA, GRANTED
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject, JsonValue, objects_of

Schema: TypeAlias = Mapping[str, pl.DataType]
VERDICTS: Final = ("permitted", "not_permitted", "undetermined")
GROUNDS: Final = (GRANTED, *CRITERIA, "undecided", "facts_missing")
_TRUTHS: Final = ("true", "false", "unknown")
_LANGUAGES: Final = ("en", "ja", "ko")
_OF_BASIS: Final = ("instrument", "provision")


def schema_of(library: Library, wanted: Wanted) -> dict[str, pl.DataType]:
    """The columns of an answer. All words are known beforehand, so every piece of a table has the same types."""
    provisions = [one for instrument in library.instruments.values() for one in instrument.provisions]
    instrument = pl.Enum([*library.instruments])
    provision = _enum(one.id for one in provisions)
    found: dict[str, pl.DataType] = {
        "verdict": pl.Enum(VERDICTS), "ground": pl.Enum(GROUNDS), "instrument": instrument, "provision": provision,
    }  # fmt: skip
    if wanted >= Wanted.REASONS:
        cited = {"instrument": instrument, "provision": provision}
        found["because"] = pl.List(pl.Struct({**cited, **_reason(provisions)}))
        found["missing"] = pl.List(pl.Enum([*FACTS]))
        found["undecided"] = pl.List(pl.Struct(cited))
    return found


def _reason(provisions: Sequence[Provision]) -> dict[str, pl.DataType]:
    says = {language: _enum(one.says[language] for one in provisions) for language in _LANGUAGES}
    source = {"url": _enum(one.source.url for one in provisions), "quality": pl.Enum(QUALITIES)}
    return {"truth": pl.Enum(_TRUTHS), "says": pl.Struct(says), "source": pl.Struct(source)}


def _enum(words: Iterable[str]) -> pl.Enum:
    return pl.Enum(list(dict.fromkeys(words)))


class Answers:
    """What the ends answer, as columns that grow with them. `as_text` writes lists as JSON, for CSV."""

    def __init__(self, schema: Schema, as_text: bool) -> None:
        self._as_text = as_text
        self.schema = {
            name: pl.String() if as_text and isinstance(kind, pl.List) else kind for name, kind in schema.items()
        }
        self._columns = {name: pl.Series(name, [], dtype=kind) for name, kind in self.schema.items()}
        self._groundless = np.zeros(0, dtype=np.bool_)
        self._known = 0

    def forget(self) -> None:
        """The ends are others now."""
        self._columns = {name: column.clear() for name, column in self._columns.items()}
        self._groundless = self._groundless[:0]
        self._known = 0

    def learn(self, ends: Sequence[End]) -> None:
        """What the ends answer that came since the last time."""
        if len(ends) == self._known:
            return
        fresh = [_row(one.walk.settled(one.step, one.facts)) for one in ends[self._known :]]
        groundless = np.array([not row["basis"] for row in fresh], dtype=np.bool_)
        self._groundless = np.concatenate([self._groundless, groundless])
        if self._as_text:
            fresh = [{name: _text(value) for name, value in row.items()} for row in fresh]
        for name, kind in self.schema.items():
            more = _column(name, [row[name] for row in fresh], kind)
            self._columns[name] = self._columns[name].append(more).rechunk()
        self._known = len(ends)

    def of(self, numbers: NDArray[Any]) -> pl.DataFrame:
        """The answers of rows that came to the ends of these numbers."""
        # As the type that places have, once: each column would turn them by itself.
        places = pl.Series(numbers.astype(np.uint32))
        taken = {name: column.gather(places) for name, column in self._columns.items()}
        groundless = self._groundless.take(numbers)
        if groundless.any():
            # To take from a column that has nulls costs three times as much as to put them in afterwards.
            none = pl.Series(groundless)
            taken |= {name: taken[name].set(none, None) for name in _OF_BASIS}
        return pl.DataFrame(taken)


def _row(answer: JsonObject) -> JsonObject:
    """The answer with the first provision of its basis."""
    basis = objects_of(answer["basis"])
    return {**answer, **{name: basis[0][name] if basis else None for name in _OF_BASIS}}


def _text(value: JsonValue) -> JsonValue:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _column(name: str, values: Sequence[Any], kind: pl.DataType) -> pl.Series:
    if isinstance(kind, pl.Enum):
        return pl.Series(name, values, dtype=pl.String).fill_null(kind.categories[0]).cast(kind)
    if not isinstance(kind, pl.List):
        return pl.Series(name, values, dtype=kind)
    if not isinstance(kind.inner, pl.Struct):
        return pl.Series(name, values, dtype=pl.List(pl.String)).cast(kind)
    return _lists(name, values, kind.inner)


def _lists(name: str, values: Sequence[Sequence[Mapping[str, Any]]], inner: pl.Struct) -> pl.Series:
    """Lists of objects, most of which occur very often: each is made once, then the lists are made of their places."""
    places: dict[str, int] = {}
    objects: list[Mapping[str, Any]] = []
    flat: list[int] = []
    owners: list[int] = []
    for owner, one in enumerate(values):
        for item in one:
            place = places.setdefault(str(item), len(objects))
            if place == len(objects):
                objects.append(item)
            flat.append(place)
            owners.append(owner)
    items = _structs(objects, inner).gather(pl.Series(flat, dtype=pl.UInt32))
    grouped = pl.DataFrame({"owner": pl.Series(owners, dtype=pl.UInt32), name: items}).group_by("owner").agg(name)
    whole = pl.DataFrame({"owner": pl.Series(range(len(values)), dtype=pl.UInt32)})
    found = whole.join(grouped, on="owner", how="left", maintain_order="left").get_column(name)
    return found.fill_null(pl.Series([[]], dtype=found.dtype))


def _structs(objects: Sequence[Mapping[str, Any]], kind: pl.Struct) -> pl.Series:
    """Objects as one column, built of plain columns of words: by the nested type itself it takes a thousand times as
    long."""
    columns = []
    for field in kind.fields:
        cells = [one[field.name] for one in objects]
        inner = field.dtype
        if isinstance(inner, pl.Struct):
            columns.append(_structs(cells, inner).alias(field.name))
        else:
            columns.append(pl.Series(field.name, cells, dtype=pl.String).cast(inner))
    return pl.DataFrame(columns).to_struct()
