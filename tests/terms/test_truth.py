"""Kleene's tables, against what the three values mean: unknown may turn out either way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from gokei.terms.truth import Truth, all_of, any_of

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
ALL = (T, F, U)
PAIRS = [*product(ALL, repeat=2)]
TRIPLES = [*product(ALL, repeat=3)]
MAY_BE = {T: {True}, F: {False}, U: {True, False}}


def told(outcomes: set[bool]) -> Truth:
    """The truth that may turn out in these ways."""
    return next(truth for truth, found in MAY_BE.items() if found == outcomes)


def meant(connective: Callable[..., bool], *truths: Truth) -> Truth:
    """What a connective of booleans gives in every way in which the truths may turn out."""
    return told({connective(*one) for one in product(*(MAY_BE[truth] for truth in truths))})


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_and_is_what_may_come_out(one: Truth, other: Truth) -> None:
    assert one & other is meant(lambda a, b: a and b, one, other)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_or_is_what_may_come_out(one: Truth, other: Truth) -> None:
    assert one | other is meant(lambda a, b: a or b, one, other)


@pytest.mark.parametrize("one", ALL)
def test_not_is_what_may_come_out(one: Truth) -> None:
    assert ~one is meant(lambda a: not a, one)


def test_the_tables_as_they_stand_in_kleene() -> None:
    assert [one & other for one, other in product((T, U, F), repeat=2)] == [T, U, F, U, U, F, F, F, F]
    assert [one | other for one, other in product((T, U, F), repeat=2)] == [T, T, T, T, U, U, T, U, F]
    assert [~one for one in (T, U, F)] == [F, U, T]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_de_morgan_holds(one: Truth, other: Truth) -> None:
    assert ~(one & other) is ~one | ~other
    assert ~(one | other) is ~one & ~other


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_order_and_repetition_do_not_matter(one: Truth, other: Truth) -> None:
    assert one & other is other & one
    assert one | other is other | one
    assert one & one is one | one is ~~one is one


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_is_absorbed_adds_nothing(one: Truth, other: Truth) -> None:
    assert one & (one | other) is one
    assert one | (one & other) is one


@pytest.mark.parametrize(("one", "two", "three"), TRIPLES)
def test_grouping_does_not_matter_and_each_spreads_over_the_other(one: Truth, two: Truth, three: Truth) -> None:
    assert (one & two) & three is one & (two & three)
    assert (one | two) | three is one | (two | three)
    assert one & (two | three) is (one & two) | (one & three)
    assert one | (two & three) is (one | two) & (one | three)


def test_the_middle_is_not_excluded() -> None:
    """Each value is looked at alone, so Kleene knows less than the law's exact verdict does."""
    assert U | ~U is U
    assert U & ~U is U


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_becomes_known_never_changes_what_was_settled(one: Truth, other: Truth) -> None:
    for later in product(*({told({outcome}) for outcome in MAY_BE[truth]} for truth in (one, other))):
        for before, after in (
            (one & other, later[0] & later[1]),
            (one | other, later[0] | later[1]),
            (~one, ~later[0]),
        ):
            assert before in {U, after}


@pytest.mark.parametrize("count", range(6))
def test_all_and_any_are_what_may_come_out(count: int) -> None:
    for truths in product(ALL, repeat=count):
        assert all_of(truths) is meant(lambda *booleans: all(booleans), *truths), truths
        assert any_of(truths) is meant(lambda *booleans: any(booleans), *truths), truths


def test_all_of_none_is_true_and_any_of_none_is_false() -> None:
    assert all_of([]) is T
    assert any_of([]) is F
    assert all_of(iter(())) is T
    assert any_of(iter(())) is F


@pytest.mark.parametrize("truth", ALL)
@pytest.mark.parametrize(
    "read",
    [
        bool,
        lambda truth: not truth,
        lambda truth: truth and True,
        lambda truth: truth or False,
        lambda truth: 1 if truth else 0,
        lambda truth: all([truth]),
        lambda truth: [*filter(None, [truth])],
    ],
    ids=["bool", "not", "and", "or", "if", "all", "filter"],
)
def test_no_truth_is_read_as_a_boolean(truth: Truth, read: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="compare it"):
        read(truth)


@pytest.mark.parametrize("truth", ALL)
@pytest.mark.parametrize("other", [True, False, None, 0, 1, "true", "false", "unknown"])
def test_no_truth_is_equal_to_what_is_none(truth: Truth, other: object) -> None:
    assert truth != other


def test_words_and_booleans_become_truths() -> None:
    assert [truth.word for truth in ALL] == ["true", "false", "unknown"]
    assert [Truth(truth.word) for truth in ALL] == [*ALL]
    assert (Truth.of(True), Truth.of(False)) == (T, F)
    with pytest.raises(ValueError, match="maybe"):
        Truth("maybe")
