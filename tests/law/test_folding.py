"""Cubes that differ in one condition are said in one sentence: which may be put together, and which may not."""

from __future__ import annotations

from collections.abc import Mapping

from gokei.law.comparison.differing import Change
from gokei.law.comparison.folding import Folded, sentences

GAINED, LOST = Change("not_permitted", "permitted"), Change("permitted", "not_permitted")
# What heads a sentence stands at place 0, who owns and who holds at 1 and 2, conditions at the others.
HEADS, PAIRED = frozenset({0}), frozenset({1, 2})


def said(*cubes: Mapping[int, int], changes: tuple[Change, ...] = ()) -> list[tuple[object, ...]]:
    folded = [Folded(change, cube, 1) for change, cube in zip(changes or [GAINED] * len(cubes), cubes, strict=True)]
    return [(one.common, one.choices, one.cubes) for one in sentences(folded, HEADS, PAIRED)]


def test_one_cube_is_one_sentence() -> None:
    assert said({0: 1, 3: 2}) == [({0: 1, 3: 2}, [], (0,))]


def test_what_differs_in_the_words_of_one_fact_is_said_with_both() -> None:
    assert said({0: 1, 3: 1}, {0: 1, 3: 2}) == [({0: 1, 3: 3}, [], (0, 1))]
    assert said({0: 1, 3: 1}, {0: 2, 3: 1}) == [({0: 3, 3: 1}, [], (0, 1))]


def test_what_differs_in_one_condition_leaves_a_choice() -> None:
    assert said({0: 1, 3: 1}, {0: 1, 4: 1}) == [({0: 1}, [[{3: 1}, {4: 1}]], (0, 1))]
    assert said({0: 1, 3: 1}, {0: 1, 4: 1}, {0: 1, 5: 1}) == [({0: 1}, [[{3: 1}, {4: 1}, {5: 1}]], (0, 1, 2))]


def test_one_condition_may_stand_beside_two_but_only_when_nothing_else_can_be_put_together() -> None:
    assert said({0: 1, 3: 1}, {0: 1, 4: 1, 5: 1}) == [({0: 1}, [[{3: 1}, {4: 1, 5: 1}]], (0, 1))]
    assert said({0: 1, 3: 1}, {0: 1, 4: 1, 5: 1}, {0: 1, 6: 1}) == [
        ({0: 1}, [[{3: 1}, {6: 1}]], (0, 2)), ({0: 1, 4: 1, 5: 1}, [], (1,)),
    ]  # fmt: skip
    assert said({0: 1, 3: 1}, {0: 1, 4: 1, 5: 1, 6: 1}) == [
        ({0: 1, 3: 1}, [], (0,)), ({0: 1, 4: 1, 5: 1, 6: 1}, [], (1,)),
    ]  # fmt: skip
    assert len(said({0: 1, 3: 1, 4: 1}, {0: 1, 5: 1, 6: 1})) == 2


def test_of_two_nations_who_owns_and_who_holds_is_one_condition() -> None:
    assert said({0: 1, 1: 1, 2: 1}, {0: 1, 1: 2, 2: 2}) == [({0: 1}, [[{1: 1, 2: 1}, {1: 2, 2: 2}]], (0, 1))]
    assert len(said({0: 1, 1: 1, 3: 1}, {0: 1, 1: 2, 3: 2})) == 2


def test_what_heads_a_sentence_is_put_beside_no_condition() -> None:
    assert len(said({0: 1, 3: 1}, {3: 1, 4: 1})) == 2
    assert len(said({0: 1}, {3: 1})) == 2


def test_a_cube_that_restricts_less_is_not_swallowed() -> None:
    assert len(said({0: 1, 3: 1}, {0: 1, 3: 1, 4: 1})) == 2


def test_different_changes_are_never_said_together() -> None:
    assert len(said({0: 1, 3: 1}, {0: 1, 3: 2}, changes=(GAINED, LOST))) == 2


def test_what_left_a_choice_can_be_put_together_with_one_more_choice_only() -> None:
    assert said({0: 1, 3: 1}, {0: 1, 4: 1}, {0: 2, 3: 1}, {0: 2, 4: 1}) == [
        ({0: 3}, [[{3: 1}, {4: 1}]], (0, 1, 2, 3)),
    ]  # fmt: skip
    both = said({0: 1, 3: 1, 5: 1}, {0: 1, 4: 1, 5: 1}, {0: 1, 3: 1, 6: 1}, {0: 1, 4: 1, 6: 1})
    assert both == [({0: 1}, [[{3: 1}, {4: 1}], [{5: 1}, {6: 1}]], (0, 1, 2, 3))]
