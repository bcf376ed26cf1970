"""Rows as they come up over all packs: support between the nations that have agreements, on days of thirty years."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import numpy
import polars as pl

from gokei.law.columns.codes import enum_of, words_of
from gokei.terms.facts import ACTIVITIES, FACTS, SUPPLIES

PAIRS: Final = (("JP", "AU"), ("AU", "JP"), ("JP", "US"), ("US", "JP"), ("JP", "GB"), ("JP", "FR"), ("US", "KR"),
                ("JP", "DE"), ("JP", "IT"), ("JP", "CA"), ("JP", "IN"), ("AU", "US"))  # fmt: skip
FEW: Final = ("activity", "supply", "place", "requested", "hinders_mission")
ALL: Final = (*FEW, "both_participate", "co_located", "same_kind_of_activity", "government_request", "basic_plan",
              "visit_for_training", "diet_approval", "combat_at_scene", "host_state_consents", "un_charter_consistent",
              "mutual_determination", "un_sofa_force", "significant_military_equipment", "contingency_operation",
              "retransfer_to", "provider_consents")  # fmt: skip
LEFT_OUT: Final = 15
_WORDS: Final = {"activity": ACTIVITIES, "supply": SUPPLIES, "place": ("JP", "AU", "US", "high_seas"),
                 "retransfer_to": ("none", "none", "none", "GB")}  # fmt: skip
_PIECE: Final = 1_000_000


def drawn(count: int, facts: tuple[str, ...], seed: int) -> pl.DataFrame:
    """So many rows that state these facts; where ALL are wanted, each is left out in LEFT_OUT of a hundred rows."""
    chance = numpy.random.default_rng(seed)
    pairs = chance.integers(len(PAIRS), size=count)
    first = (datetime.date(1997, 1, 1) - datetime.date(1970, 1, 1)).days
    columns = {
        "kind": pl.repeat("support", count, dtype=enum_of("kind"), eager=True),
        "on": pl.Series(first + chance.integers(30 * 365, size=count), dtype=pl.Int32).cast(pl.Date),
    }
    for place, name in enumerate(("provider", "recipient")):
        columns[name] = pl.Series([pair[place] for pair in PAIRS], dtype=enum_of(name)).gather(pairs)
    for name in facts:
        column = _column(chance, name, count)
        if facts == ALL:
            column = column.set(pl.Series(chance.integers(100, size=count) < LEFT_OUT), None)
        columns[name] = column
    return pl.DataFrame(columns)


def written(path: Path, rows: int) -> None:
    """A file of Parquet of so many rows that state FEW facts."""
    folder = path.with_suffix(".parts")
    folder.mkdir()
    for number, start in enumerate(range(0, rows, _PIECE)):
        drawn(min(_PIECE, rows - start), FEW, seed=number).write_parquet(folder / f"{number:06}.parquet")
    pl.scan_parquet(folder / "*.parquet").sink_parquet(path)
    for part in folder.iterdir():
        part.unlink()
    folder.rmdir()


def _column(chance: numpy.random.Generator, name: str, count: int) -> pl.Series:
    if FACTS[name].type == "boolean":
        return pl.Series(chance.random(count) < 0.7)
    words = _WORDS.get(name, words_of(name))
    return pl.Series(words, dtype=enum_of(name)).gather(chance.integers(len(words), size=count))
