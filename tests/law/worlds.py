"""Small random bodies of law, and the slow, obvious reading of them that the compiled one is held against."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from gokei.law.conditions import ALWAYS, All, Condition, Member, Not, truth_of
from gokei.law.conditions import Any as AnyOf
from gokei.law.instruments import ALL_DAYS, Event, Instrument, Provision, Source
from gokei.law.roles import resolve
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth

DAY = datetime.date(2020, 1, 1)
SOURCE = Source("https://example.org", "derived")
SAYS = {"en": "a", "ja": "b", "ko": "c"}
# Few facts, so that every completion can be tried; `supply` stands for itself and for all words left out.
DOMAINS: Mapping[str, tuple[FactValue, ...]] = {
    "activity": ("joint_exercise", "disaster_relief", "other"),
    "supply": ("fuel", "weapons", "food"),
    "requested": (True, False),
    "hinders_mission": (True, False),
    "place": ("JP", "AU", "high_seas"),
}
ASKED = tuple(DOMAINS)
VARIANTS = {"included": "permit", "barred": "prohibit", "left": "nothing"}


def atoms() -> st.SearchStrategy[Condition]:
    def of(name: str) -> st.SearchStrategy[Condition]:
        values = [value for value in DOMAINS[name] if value not in {"other", "food", "high_seas"}]
        if name == "place":
            values.append("recipient")
        return st.sets(st.sampled_from(values), min_size=1, max_size=2).map(lambda some: Member(name, frozenset(some)))

    return st.sampled_from(ASKED).flatmap(of)


def conditions() -> st.SearchStrategy[Condition]:
    return st.recursive(
        atoms() | st.just(ALWAYS),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=4,
    )


@st.composite
def provisions(draw: st.DrawFn, instrument: str, effects: tuple[str, ...], number: int) -> Provision:
    effect: Any = draw(st.sampled_from(effects))
    return Provision(
        instrument=instrument,
        id=str(number),
        effect=effect,
        says=SAYS,
        source=SOURCE,
        in_force=ALL_DAYS,
        when=draw(conditions()),
        that=draw(conditions()) if effect == "require" else ALWAYS,
        variants=VARIANTS if effect == "undecided" else None,
    )


@st.composite
def instruments(
    draw: st.DrawFn, name: str, kind: Any, parties: tuple[str, ...], effects: tuple[str, ...]
) -> Instrument:
    count = draw(st.integers(1, 4))
    found = tuple(draw(provisions(name, effects, number)) for number in range(count))
    began = Event("in_force", datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC), parties, SOURCE)
    draft = draw(st.booleans()) if kind == "support" else False
    return Instrument(name, kind, SAYS, parties, draft, () if draft else (began,), found, (), "sha256:0")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Instrument, ...]:
    effects = ("permit", "permit", "prohibit", "require", "undecided")
    agreements = [
        draw(instruments(f"agreement-{n}", "support", ("JP", "AU"), effects)) for n in range(draw(st.integers(1, 2)))
    ]
    laws = [
        draw(instruments(f"law-{n.lower()}", "law", (n,), ("permit", "permit", "prohibit", "require")))
        for n in ("JP", "AU")
    ]
    return (*agreements, *laws)


def completions(facts: Mapping[str, FactValue], undecided: tuple[str, ...]) -> Iterator[dict[str, FactValue]]:
    """Every way in which the unknown facts and the undecided provisions could turn out."""
    open_ = [name for name in ASKED if name not in facts]
    spaces: list[tuple[FactValue, ...]] = [DOMAINS[name] for name in open_] + [tuple(VARIANTS) for _ in undecided]
    for values in itertools.product(*spaces):
        yield {**facts, **dict(zip((*open_, *undecided), values, strict=True))}


def undecided_of(world: tuple[Instrument, ...]) -> tuple[str, ...]:
    return tuple(f"{one.id} {p.id}" for one in world for p in one.provisions if p.effect == "undecided")


def allowed(world: tuple[Instrument, ...], values: Mapping[str, FactValue]) -> bool:
    """The rule of the field, word for word, on facts that are all known."""
    roles = {"provider": "JP", "recipient": "AU"}

    def holds(condition: Condition) -> bool:
        return truth_of(resolve(condition, roles, ()), values) is Truth.TRUE

    def effect_of(one: Provision) -> str:
        if one.effect == "undecided":
            return VARIANTS[str(values[f"{one.instrument} {one.id}"])]
        return one.effect

    def some(instrument: Instrument, effect: str) -> bool:
        return any(effect_of(one) == effect and holds(one.when) for one in instrument.provisions)

    def met(instrument: Instrument) -> bool:
        required = [one for one in instrument.provisions if one.effect == "require"]
        return all(not holds(one.when) or holds(one.that) for one in required)

    agreed = any(
        some(one, "permit") and not some(one, "prohibit") and met(one) for one in world if one.kind == "support"
    )
    laws = [one for one in world if one.kind == "law"]
    return agreed and all(some(one, "permit") and not some(one, "prohibit") and met(one) for one in laws)
