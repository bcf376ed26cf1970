"""Roots that grow one leaf at a time, and heads that make a cut or show a fork."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gokei.journal.heads import Cut, Head, cut_of, read_head, sign_head
from gokei.journal.merkle import EMPTY_ROOT, Frontier, included, inclusion_proof, leaf_hash, node_hash, root_of
from gokei.terms.problems import BadInput, Refused

from .makers import TIME, Nation


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
        proof = inclusion_proof(leaves, index)
        assert included(leaves[index], index, len(leaves), proof, frontier.root())
        assert not included(leaf_hash(b"\x00other"), index, len(leaves), proof, frontier.root())
        assert not included(leaves[index], index, len(leaves), [*proof, leaves[0]], frontier.root())


def test_the_empty_tree_and_stored_peaks() -> None:
    assert Frontier().root() == EMPTY_ROOT
    with pytest.raises(ValueError, match="peaks"):
        Frontier.decode(3, b"\x00" * 32)


def head(author: str, reader: str, written: int, seen: int, root: str = "a", seen_root: str = "b") -> Head:
    return Head(gokei=1, environment="exercise", author=author, reader=reader, written=written, root=root * 64,
                seen=seen, seen_root=seen_root * 64, time=TIME)  # fmt: skip


def test_two_heads_that_agree_are_a_cut() -> None:
    cut = cut_of(head("JP", "AU", 3, 5), head("AU", "JP", 5, 3, "b", "a"))
    assert cut == Cut((("AU", 5), ("JP", 3)))
    assert cut_of(head("JP", "AU", 3, 4), head("AU", "JP", 5, 3, "b", "a")) is None
    assert cut_of(head("JP", "AU", 3, 5), head("US", "JP", 5, 3, "b", "a")) is None


def test_equal_counts_with_other_roots_are_a_fork() -> None:
    with pytest.raises(Refused) as caught:
        cut_of(head("JP", "AU", 3, 5), head("AU", "JP", 5, 3, "c", "a"))
    assert caught.value.check == "fork"


def test_a_head_is_believed_by_the_nodes_key_alone() -> None:
    japan = Nation("JP")
    raw = sign_head(head("JP", "AU", 3, 5), japan.node)
    assert read_head(raw, japan.node.verify_key).written == 3
    with pytest.raises(Refused):
        read_head(raw, japan.root.verify_key)
    with pytest.raises(BadInput):
        read_head(raw[:-9], japan.node.verify_key)
