"""Roots and inclusion proofs against vectors made by others (RFC 6962, transparency-dev/merkle)."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import NamedTuple

import pytest

from gokei.journal.merkle import EMPTY_ROOT, included, inclusion_proof, leaf_hash, over, root_of
from tests.terms.vectors import cases, folder

# The leaves of the tree that the vectors, and most other tests of RFC 6962, are about.
DATA = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


class Vector(NamedTuple):
    """A claim that a leaf is in a tree, and whether it is wrong."""

    place: int
    size: int
    root: bytes
    leaf: bytes
    proof: list[bytes]
    wrong: bool


def read(path: Path) -> Vector:
    found = json.loads(path.read_text("utf-8"))
    proof = [b64decode(step) for step in found["proof"] or []]
    root, leaf = b64decode(found["root"] or ""), b64decode(found["leafHash"] or "")
    return Vector(found["leafIdx"], found["treeSize"], root, leaf, proof, found["wantErr"])


@pytest.mark.parametrize("path", cases("merkle", "*.json"))
def test_a_proof_is_believed_if_it_is_right_and_never_if_it_is_wrong(path: Path) -> None:
    vector = read(path)
    assert included(vector.leaf, vector.place, vector.size, vector.proof, vector.root) is not vector.wrong


@pytest.mark.parametrize("path", cases("merkle", "[0-9]/happy-path.json"))
def test_the_proof_of_the_vectors_is_the_one_that_we_write(path: Path) -> None:
    vector = read(path)
    leaves = LEAVES[: vector.size]
    assert root_of(leaves) == vector.root
    assert leaves[vector.place] == vector.leaf
    assert inclusion_proof(over(leaves), vector.place, vector.size) == vector.proof


@pytest.mark.parametrize("path", cases("merkle", "0/happy-path.json"))
def test_the_vectors_hold_proofs_right_and_wrong(path: Path) -> None:
    vectors = folder("merkle")
    assert vectors is not None
    wrong = [read(one).wrong for one in vectors.rglob("*.json")]
    assert (wrong.count(False), wrong.count(True)) == (6, 92)


def test_roots_are_those_that_every_log_of_rfc_6962_has() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root_of(LEAVES[:size]).hex() for size in range(1, 9)] == [*ROOTS]


def test_every_leaf_of_every_size_has_a_proof_that_no_other_leaf_or_size_fits() -> None:
    for size in range(1, len(LEAVES) + 1):
        root = root_of(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(over(LEAVES), index, size)
            fits = {
                (at, number)
                for at, leaf in enumerate(LEAVES)
                for number in range(12)
                if included(leaf, number, size, proof, root)
            }
            assert fits == {(index, index)}
            assert not any(included(LEAVES[index], index, size, proof[:cut], root) for cut in range(len(proof)))


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (2**70, 3), (2**70, 2**71)])
def test_a_leaf_outside_of_the_tree_is_not_in_it(index: int, size: int) -> None:
    assert not included(LEAVES[0], index, size, [LEAVES[1]], LEAVES[0])
    with pytest.raises(IndexError):
        inclusion_proof(over(LEAVES), index, min(size, 8))
