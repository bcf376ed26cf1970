"""The one spelling of a JSON value: read again it is the value, and every value has one."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.terms.canonical import canonical, digest, sha256_name
from gokei.terms.json_types import JsonValue
from gokei.terms.strict_json import parse
from tests.nightly import examples

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS,
    lambda below: st.lists(below, max_size=5) | st.dictionaries(TEXTS, below, max_size=5),
    max_leaves=25,
)


def turned(value: Any) -> Any:
    """The same value, its names put in from the last to the first."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


@settings(deadline=None, max_examples=examples(500))
@given(VALUES)
def test_a_value_comes_back_from_its_spelling(value: JsonValue) -> None:
    again = parse(canonical(value))
    assert again == value
    assert canonical(again) == canonical(value)


@settings(deadline=None, max_examples=examples(500))
@given(VALUES)
def test_the_spelling_is_that_of_another_writer(value: JsonValue) -> None:
    other = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value).decode() == other


@settings(deadline=None)
@given(VALUES)
def test_the_order_in_which_names_were_put_in_does_not_matter(value: JsonValue) -> None:
    assert canonical(turned(value)) == canonical(value)


@settings(deadline=None)
@given(st.dictionaries(TEXTS, st.none()), st.data())
def test_values_that_differ_have_spellings_that_differ(value: dict[str, JsonValue], data: st.DataObject) -> None:
    other = data.draw(VALUES)
    assert (canonical(other) == canonical(value)) is (other == value)


def test_true_is_not_one_and_null_is_not_left_out() -> None:
    assert canonical([True, 1, None, "1", {}]) == b'[true,1,null,"1",{}]'
    assert canonical({"a": None}) != canonical({})


@pytest.mark.parametrize("value", [1.0, float("nan"), Decimal(1), Decimal("1.5"), b"a", {1}, object(), 1j])
@pytest.mark.parametrize("where", [lambda it: it, lambda it: [it], lambda it: {"a": [{"b": it}]}])
def test_what_has_more_than_one_spelling_has_none_here(value: Any, where: Any) -> None:
    with pytest.raises(TypeError):
        canonical(where(value))


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\ud800", {"\udfff": 1}, {1: 2}, {None: 1}, {True: 1}])
def test_what_readers_would_read_in_different_ways_has_no_spelling(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_digests_are_the_sha_256_of_the_spelling() -> None:
    # sha256sum of the two bytes {}, and of none.
    assert digest({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert sha256_name(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest({"b": 1, "a": [2]}) == sha256_name(b'{"a":[2],"b":1}')
