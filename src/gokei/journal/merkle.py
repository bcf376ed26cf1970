"""Merkle tree hashes, inclusion and consistency proofs of RFC 6962, section 2.1, over the payloads of one log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01, left and right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier(NamedTuple):
    """All that is needed to go on appending: the size, and the roots of the perfect subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """The frontier with one more leaf hash."""
        peaks = list(self.peaks)
        carried, size = leaf, self.size
        while size & 1:
            carried = node_hash(peaks.pop(), carried)
            size >>= 1
        return Frontier(self.size + 1, (*peaks, carried))

    def root(self) -> bytes:
        """The tree's root hash (32 bytes)."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def encode(self) -> bytes:
        """The peaks one after another, for storage beside the size."""
        return b"".join(self.peaks)

    @classmethod
    def decode(cls, size: int, data: bytes) -> Frontier:
        """Back from storage. Raises ValueError where the peaks do not fit the size."""
        if len(data) != HASH_BYTES * size.bit_count():
            raise ValueError("the stored peaks do not fit the size of the tree")
        return cls(size, tuple(data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)))


Hashed: TypeAlias = Callable[[int, int], bytes]
"""The root over the leaves from one index up to, not including, another; the first is a multiple of a power of two
that is no smaller than the length."""


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    return frontier.root()


def over(leaves: Sequence[bytes]) -> Hashed:
    """The roots of ranges of leaf hashes that lie in memory."""
    return lambda start, end: root_of(leaves[start:end])


def split_at(size: int) -> int:
    """Where the definition cuts a tree of two leaves or more: the largest power of two below its size."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(hashed: Hashed, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` (RFC 6962, 2.1.1). Raises IndexError outside it."""
    if not 0 <= index < size:
        raise IndexError("no such leaf in the tree")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split_at(end - start)
        if index < middle:
            path.append(hashed(middle, end))
            end = middle
        else:
            path.append(hashed(start, middle))
            start = middle
    return path[::-1]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` of a tree of `size` with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(one) != HASH_BYTES for one in (leaf, root, *proof)):
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        place >>= 1
        last >>= 1
    return last == 0 and found == root


def consistency_proof(hashed: Hashed, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `old` leaves begins that of `new` (RFC 6962, 2.1.2). Raises IndexError otherwise.

    It is empty where `old` is none or all of the leaves.
    """
    if not 0 <= old <= new:
        raise IndexError("no such trees")
    start, end, path, whole = 0, new, [], True
    while 0 < old < new and old != end:
        middle = start + split_at(end - start)
        if old <= middle:
            path.append(hashed(middle, end))
            end = middle
        else:
            path.append(hashed(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(hashed(start, end))
    return path[::-1]


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that a tree of `old` leaves begins one of `new` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or any(len(one) != HASH_BYTES for one in (old_root, new_root, *proof)):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    steps = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            after = node_hash(after, step)
        place >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == new_root
