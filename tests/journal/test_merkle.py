"""Roots that grow one leaf at a time, and proofs of inclusion and of consistency against the definition."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gokei.journal.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    node_hash,
    over,
    root_of,
)


def naive(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive(leaves[:split]), naive(leaves[split:]))


@given(st.lists(st.binary(max_size=8), max_size=70), st.data())
def test_the_growing_root_is_the_root_of_the_definition(data: list[bytes], drawn: st.DataObject) -> None:
    leaves = [leaf_hash(one) for one in data]
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    assert frontier.root() == naive(leaves) == root_of(leaves)
    assert Frontier.decode(frontier.size, frontier.encode()) == frontier
    if leaves:
        index = drawn.draw(st.integers(0, len(leaves) - 1))
        proof = inclusion_proof(over(leaves), index, len(leaves))
        assert included(leaves[index], index, len(leaves), proof, frontier.root())
        assert not included(leaf_hash(b"\x00other"), index, len(leaves), proof, frontier.root())
        assert not included(leaves[index], index, len(leaves), [*proof, leaves[0]], frontier.root())


def test_the_empty_tree_and_stored_peaks() -> None:
    assert Frontier().root() == EMPTY_ROOT
    with pytest.raises(ValueError, match="peaks"):
        Frontier.decode(3, b"\x00" * 32)


def subproof(old: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [naive(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*subproof(old, leaves[:split], whole), naive(leaves[split:])]
    return [*subproof(old - split, leaves[split:], False), naive(leaves[:split])]


def test_a_tree_of_any_size_begins_every_larger_one_and_the_proof_is_that_of_the_definition() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(40)]
    for new in range(len(leaves) + 1):
        for old in range(new + 1):
            proof = consistency_proof(over(leaves), old, new)
            assert proof == (subproof(old, leaves[:new], True) if old > 0 else [])
            assert consistent(old, naive(leaves[:old]), new, naive(leaves[:new]), proof)


@given(st.integers(1, 70), st.data())
def test_a_tree_that_was_changed_begins_nothing(new: int, drawn: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(new)]
    old = drawn.draw(st.integers(1, new))
    changed = drawn.draw(st.integers(0, old - 1))
    others = [*leaves[:changed], leaf_hash(b"another"), *leaves[changed + 1 :]]
    for one, other in ((leaves, others), (others, leaves)):
        proof = consistency_proof(over(other), old, new)
        assert not consistent(old, naive(one[:old]), new, naive(other), proof)
    right = consistency_proof(over(leaves), old, new)
    roots = naive(leaves[:old]), naive(leaves)
    assert not consistent(old, roots[0], new, roots[1], [*right, leaves[0]])
    assert not right or not consistent(old, roots[0], new, roots[1], right[:-1])
    assert not consistent(old + 1, roots[0], new, roots[1], right) or old + 1 == new == old
    for bad in ((-1, new), (old, old - 1), (0, new)):
        assert not consistent(bad[0], roots[0], bad[1], roots[1], right)


def test_a_proof_of_what_is_longer_than_the_tree_is_not_made() -> None:
    with pytest.raises(IndexError):
        consistency_proof(over([]), 1, 0)
