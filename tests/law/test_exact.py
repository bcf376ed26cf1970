"""The compiled law against brute force: every completion of what is unknown, tried one by one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gokei.law.conditions import All, Member, TooManyCasesError, cases, facts_of, truth_of
from gokei.law.conditions import Any as AnyOf
from gokei.law.instruments import Instrument
from gokei.law.library import Library
from gokei.terms import limits
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth
from tests.law.worlds import ASKED, DAY, DOMAINS, allowed, completions, conditions, undecided_of, worlds
from tests.nightly import examples

Facts = dict[str, FactValue]


@st.composite
def partial_facts(draw: st.DrawFn) -> Facts:
    stated = draw(st.sets(st.sampled_from(ASKED)))
    return {name: draw(st.sampled_from(DOMAINS[name])) for name in sorted(stated)}


def asked(world: tuple[Instrument, ...], facts: Facts) -> dict[str, object]:
    drafts = [one.id for one in world if one.draft]
    question = {"kind": "support", "on": DAY.isoformat(), "provider": "JP", "recipient": "AU", **facts}
    return dict(Library(world).answer(question, drafts))


def settled_by(world: tuple[Instrument, ...], facts: Facts) -> tuple[set[bool], set[str]]:
    """The verdicts that can come out, and the names whose value can change one."""
    undecided = undecided_of(world)
    rows = [(values, allowed(world, values)) for values in completions(facts, undecided)]
    essential: set[str] = set()
    for name in [*(one for one in ASKED if one not in facts), *undecided]:
        seen: dict[object, bool] = {}
        for values, verdict in rows:
            rest = tuple(sorted((other, value) for other, value in values.items() if other != name))
            if seen.setdefault(rest, verdict) is not verdict:
                essential.add(name)
                break
    return {verdict for _, verdict in rows}, essential


@settings(
    max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), partial_facts())
def test_the_verdict_and_what_is_missing_are_those_of_brute_force(world: tuple[Instrument, ...], facts: Facts) -> None:
    answer = asked(world, facts)
    verdicts, essential = settled_by(world, facts)
    expected = {True: "permitted", False: "not_permitted"}[verdicts.pop()] if len(verdicts) == 1 else "undetermined"
    assert answer["verdict"] == expected
    undecided = answer["undecided"]
    assert isinstance(undecided, list)
    assert isinstance(answer["missing"], list)
    named = {f"{one['instrument']} {one['provision']}" for one in undecided}
    assert set(answer["missing"]) | named == essential
    assert (answer["ask_next"] is None) is (not answer["missing"])


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), partial_facts(), st.data())
def test_more_facts_never_change_a_settled_answer(
    world: tuple[Instrument, ...], facts: Facts, data: st.DataObject
) -> None:
    answer = asked(world, facts)
    more = data.draw(partial_facts())
    later = asked(world, {**more, **facts})
    if answer["verdict"] != "undetermined":
        assert later["verdict"] == answer["verdict"]
    else:
        assert set(later["missing"]) <= set(answer["missing"])  # type: ignore[call-overload]


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds(), partial_facts())
def test_the_fact_asked_next_settles_it_soonest_on_average(world: tuple[Instrument, ...], facts: Facts) -> None:
    """With one fact missing it is that fact; with more, no other single fact settles more of the words at once when it
    leaves nothing to ask in every case."""
    answer = asked(world, facts)
    missing = answer["missing"]
    assert isinstance(missing, list)
    if len(missing) == 1:
        assert answer["ask_next"] == missing[0]
    settles_alone = [
        name for name in missing
        if all(not asked(world, {**facts, name: value})["missing"] for value in DOMAINS[name])
    ]  # fmt: skip
    if settles_alone:
        assert answer["ask_next"] in settles_alone


@settings(max_examples=examples(300), deadline=None)
@given(conditions(), partial_facts())
def test_a_condition_and_its_cases_have_the_same_truth(condition: object, facts: Facts) -> None:
    by_cases = [
        [truth_of(atom, facts) if holds else ~truth_of(atom, facts) for atom, holds in case]
        for case in cases(condition)  # type: ignore[arg-type]
    ]
    truth = truth_of(condition, facts)  # type: ignore[arg-type]
    assert facts_of(condition) <= set(ASKED)  # type: ignore[arg-type]
    if truth is Truth.TRUE and facts_of(condition) <= set(facts):  # type: ignore[arg-type]
        assert any(all(one is Truth.TRUE for one in case) for case in by_cases)
    if truth is Truth.FALSE:
        assert all(any(one is not Truth.TRUE for one in case) for case in by_cases)


def test_a_condition_has_as_many_alternatives_as_the_bound_and_not_one_more() -> None:
    def ways(count: int) -> AnyOf:
        return AnyOf(tuple(Member(f"{count} {place}", frozenset({True})) for place in range(count)))

    assert len(cases(All((ways(limits.CONDITION_CASES // 2), ways(2))))) == limits.CONDITION_CASES
    with pytest.raises(TooManyCasesError):
        cases(All((ways(limits.CONDITION_CASES // 2), ways(2), ways(3))))
