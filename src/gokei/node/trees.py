"""The Merkle tree over a stored log: roots, proofs and ranges in logarithmic time, from complete subtrees kept aside.

The subtrees are a cache: they are made as documents arrive, or from the documents when they are first asked for, and
`verify` makes them again. A subtree of 256 leaves is kept as those leaves' hashes and as its root; larger ones as their
root alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.merkle import HASH_BYTES, Frontier, consistency_proof, inclusion_proof, leaf_hash, root_of
from gokei.node.store import Store
from gokei.terms import limits

WIDTH: Final = 8
"""Levels that one kept level stands above the one below it: 256 hashes make one."""
LEAVES: Final = 0


class LogTree:
    """The tree of one author's log in one channel, as it is stored now."""

    def __init__(self, store: Store, channel: str, author: str) -> None:
        self._store = store
        self._channel = channel
        self._author = author
        self.size = store.log(channel, author)[0].size

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` documents, all where none is named. Raises IndexError beyond the log."""
        found = self.size if size is None else size
        if not 0 <= found <= self.size:
            raise IndexError("the log is shorter")
        return self.range(0, found)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of the document at `index`, from 0, in the tree over the first `size`."""
        return inclusion_proof(self.range, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first `old` documents begin the first `new`."""
        return consistency_proof(self.range, old, new)

    def leaf(self, index: int) -> bytes:
        """The leaf hash of the document at `index`, from 0."""
        return self._leaves(index, index + 1)[0]

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The leaf hashes of the documents from `start` up to `end`, from 0, out of the documents themselves."""
        found: list[bytes] = []
        for at in range(start, end, limits.DOCUMENTS_PER_READ):
            rows = self._store.after(self._channel, self._author, at, min(end - at, limits.DOCUMENTS_PER_READ))
            found += [leaf_hash(Envelope.decode(row.envelope, DOCUMENT).payload) for row in rows]
        return found

    def keep_leaves(self, number: int, leaves: Sequence[bytes]) -> bytes:
        """Keep the leaf hashes of a whole part aside, by its number, from 0; returns them one after another."""
        hashes = b"".join(leaves)
        self._keep(LEAVES, number, hashes)
        return hashes

    def range(self, start: int, end: int) -> bytes:
        """The root over the leaves from `start` up to `end`, which lie as the definition cuts them."""
        return Frontier(end - start, self._peaks(start, end)).root()

    def peaks(self, size: int) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees over the first `size` documents, the largest first."""
        return self._peaks(0, size)

    def _peaks(self, start: int, end: int) -> tuple[bytes, ...]:
        found: list[bytes] = []
        while start < end:
            length = 1 << (end - start).bit_length() - 1
            found.append(self._perfect(start, length))
            start += length
        return tuple(found)

    def _perfect(self, start: int, length: int) -> bytes:
        if length < 1 << WIDTH:
            return root_of(self._leaves(start, start + length))
        level = (length.bit_length() - 1) // WIDTH * WIDTH
        first, count = start >> level, length >> level
        return root_of(self._roots(level, first, count))

    def _leaves(self, start: int, end: int) -> list[bytes]:
        number = start >> WIDTH
        complete = (number + 1) << WIDTH <= self.size
        if complete and end <= (number + 1) << WIDTH:
            first = number << WIDTH
            whole = self._kept(LEAVES, number) or self.keep_leaves(number, self.leaves(first, first + (1 << WIDTH)))
            return [whole[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(start - first, end - first)]
        return self.leaves(start, end)

    def _roots(self, level: int, first: int, count: int) -> list[bytes]:
        """The roots of subtrees of two to the power of `level` leaves, those that lack made and kept."""
        rows = self._store.rows(
            "SELECT number, hashes FROM subtrees WHERE channel=? AND author=? AND level=? AND number>=? AND number<?",
            (self._channel, self._author, level, first, first + count),
        )
        kept = {int(number): bytes(hashes) for number, hashes in rows}
        return [kept.get(number) or self._keep_root(level, number) for number in range(first, first + count)]

    def _keep_root(self, level: int, number: int) -> bytes:
        if level == WIDTH:
            root = root_of(self._leaves(number << WIDTH, (number + 1) << WIDTH))
        else:
            root = root_of(self._roots(level - WIDTH, number << WIDTH, 1 << WIDTH))
        self._keep(level, number, root)
        return root

    def _kept(self, level: int, number: int) -> bytes | None:
        found = self._store.row(
            "SELECT hashes FROM subtrees WHERE channel=? AND author=? AND level=? AND number=?",
            (self._channel, self._author, level, number),
        )
        return None if found is None else bytes(found[0])

    def _keep(self, level: int, number: int, hashes: bytes) -> None:
        with self._store.writing():
            self._store.run(
                "INSERT OR IGNORE INTO subtrees (channel, author, level, number, hashes) VALUES (?,?,?,?,?)",
                (self._channel, self._author, level, number, hashes),
            )


class GrowingParts:
    """Keeps whole parts of a tree aside as its documents arrive, so that no checkpoint has to read all of them."""

    def __init__(self, store: Store, channel: str, author: str) -> None:
        self._store = store
        self._log = (channel, author)
        self._end = 0
        self._tail: list[bytes] = []

    def add(self, before: int, leaves: Sequence[bytes]) -> None:
        """The leaf hashes of the documents that follow the first `before`, which are stored already, inside the
        transaction that stored these."""
        width = 1 << WIDTH
        number = before >> WIDTH
        if before != self._end:
            if (before + len(leaves)) >> WIDTH == number:
                # Nothing is whole yet; what came before is read once, when it is needed.
                return
            self._tail = LogTree(self._store, *self._log).leaves(number << WIDTH, before)
        self._tail += leaves
        self._end = before + len(leaves)
        while len(self._tail) >= width:
            LogTree(self._store, *self._log).keep_leaves(number, self._tail[:width])
            self._tail = self._tail[width:]
            number += 1


class KeptParts:
    """Holds the parts of a tree that are kept aside against the leaves that the documents give, one after another."""

    def __init__(self, store: Store, channel: str, author: str) -> None:
        self._store = store
        self._log = (channel, author)
        self._waiting: dict[int, list[bytes]] = defaultdict(list)
        self._numbers: dict[int, int] = {}

    def add(self, leaf: bytes) -> bool:
        """Take the next leaf hash; whether every part that it completes is as it was kept."""
        return self._add(LEAVES, leaf)

    def frontier(self) -> Frontier:
        """The tree over all leaves so far: the peaks are those of what waits, the highest level first."""
        size, peaks = 0, list[bytes]()
        for level, waiting in sorted(self._waiting.items(), reverse=True):
            tree = Frontier()
            for root in waiting:
                tree = tree.append(root)
            size += len(waiting) << level
            peaks += tree.peaks
        return Frontier(size, tuple(peaks))

    def _add(self, level: int, root: bytes) -> bool:
        waiting = self._waiting[level]
        waiting.append(root)
        if len(waiting) < 1 << WIDTH:
            return True
        number = self._numbers.get(level, 0)
        self._numbers[level] = number + 1
        whole = root_of(waiting)
        right = self._as_kept(level + WIDTH, number, whole)
        if level == LEAVES:
            right = self._as_kept(LEAVES, number, b"".join(waiting)) and right
        waiting.clear()
        return self._add(level + WIDTH, whole) and right

    def _as_kept(self, level: int, number: int, hashes: bytes) -> bool:
        found = self._store.row(
            "SELECT hashes FROM subtrees WHERE channel=? AND author=? AND level=? AND number=?",
            (*self._log, level, number),
        )
        return found is None or bytes(found[0]) == hashes
