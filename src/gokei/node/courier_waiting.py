"""Documents of courier files on their way in. What comes before what it follows waits in the store until it can go in.

The partner's documents wait for those before them in the partner's log; what is given back of our own log waits for
what comes before it there; and after a restored backup the partner's documents also wait for those of ours that their
author had seen. Only so much waits; the door looks at each again when its turn comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gokei.journal.checkpoints import Checkpoint
from gokei.journal.door import Refusal, signed_by
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.keys import KeyRing
from gokei.node import signed
from gokei.node.catching_up import take_back
from gokei.node.checkpoints import newest
from gokei.node.core import Core
from gokei.node.receiving import receive_all
from gokei.terms import limits
from gokei.terms.problems import Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class _Found(NamedTuple):
    """A document as it came: where it says to stand and what it says to have seen; 0 where it says nothing."""

    raw: bytes
    sequence: int
    seen: int


class Incoming:
    """A courier file's documents, taken in a window at a time. `owed`: how many of our own we once signed to have
    written, by our own file, by our store, or by the checkpoint of ours that the partner holds."""

    def __init__(self, core: Core, author: str, mine: Checkpoint | None) -> None:
        self._core = core
        self._author = author
        self._channel = core.channel_of(author)
        signed_last, kept = signed.last(core, author), newest(core, author, core.nation)
        known = (mine, signed_last and signed_last[0], kept and kept[0])
        self.owed = max((one.written for one in known if one is not None), default=0)
        self._window: list[_Found] = []
        self._held = 0
        self._is_back = True
        self._waits: dict[str, tuple[int, int]] = {}

    def document(self, raw: bytes) -> None:
        """The partner's next. Raises as the door does, or Refused (`courier-waiting`)."""
        self._add(raw, is_back=False)

    def back(self, raw: bytes) -> None:
        """The next of our own log, given back. Raises Refused (`node-forked`, `courier-waiting`)."""
        self._add(raw, is_back=True)

    def end(self) -> None:
        """Take in what came last, and what waited and follows now."""
        self._flush()
        self._drain(self._core.nation)
        self._drain(self._author)

    def waiting(self) -> int:
        """How many documents wait."""
        row = self._core.store.row("SELECT count(*) FROM waiting WHERE channel=?", (self._channel,))
        return 0 if row is None else int(row[0])

    def missing(self, author: str, written: int) -> list[tuple[int, int]]:
        """The stretches (first, last) of an author's log that neither are in nor wait, up to `written`."""
        found: list[tuple[int, int]] = []
        begin = self._size(author) + 1
        after = 0
        while rows := self._core.store.rows(
            "SELECT sequence FROM waiting WHERE channel=? AND author=? AND sequence>? ORDER BY sequence LIMIT ?",
            (self._channel, author, after, limits.CASES_PER_READ),
        ):
            for (sequence,) in rows:
                if begin < sequence <= written:
                    found.append((begin, sequence - 1))
                begin = max(begin, sequence + 1)
            after = rows[-1][0]
        if begin <= written:
            found.append((begin, written))
        return found

    def _size(self, author: str) -> int:
        return self._core.store.log(self._channel, author)[0].size

    def _add(self, raw: bytes, is_back: bool) -> None:
        full = len(self._window) >= limits.DOCUMENTS_PER_WINDOW or self._held > limits.COURIER_WINDOW_BYTES
        if full or is_back != self._is_back:
            self._flush()
        self._is_back = is_back
        self._window.append(_found(raw))
        self._held += len(raw)

    def _flush(self) -> None:
        window, self._window, self._held = self._window, [], 0
        author = self._core.nation if self._is_back else self._author
        expected = self._size(author) + 1
        follow: list[_Found] = []
        early: list[_Found] = []
        for one in window:
            if one.sequence > expected or self._is_early(one):
                early.append(one)
                continue
            if one.sequence == expected or not self._is_back:
                # One of the partner's that is in already is looked at again: another in its place is a fork.
                follow.append(one)
            expected = max(expected, one.sequence + 1)
        self._take(follow)
        self._keep(author, early)

    def _is_early(self, one: _Found) -> bool:
        """Whether the partner had seen more of ours than we hold, and not more than we signed to have written."""
        return not self._is_back and self._size(self._core.nation) < one.seen <= self.owed

    def _take(self, follow: Sequence[_Found]) -> None:
        documents = [one.raw for one in follow]
        if not documents:
            return
        if self._is_back:
            take_back(self._core, self._author, documents)
            return
        for answered in receive_all(self._core, self._author, documents):
            if answered.problem is not None:
                raise answered.problem

    def _keep(self, author: str, early: Sequence[_Found]) -> None:
        if not early:
            return
        ring = self._core.channel(self._author).ring(author)
        store = self._core.store
        with store.writing():
            for one in early:
                standing = _standing(one.raw, ring)
                if standing is None:
                    continue
                before = store.changes()
                store.run(
                    f"INSERT OR {standing} INTO waiting (channel, author, sequence, envelope) VALUES (?,?,?,?)",  # noqa: S608
                    (self._channel, author, one.sequence, one.raw),
                )
                if store.changes() != before:
                    self._count(author, len(one.raw))

    def _count(self, author: str, size: int) -> None:
        """One more waits. Raises Refused (`courier-waiting`) where that is too many."""
        count, held = self._waits.get(author) or self._counted(author)
        count, held = count + 1, held + size
        if count > limits.WAITING_DOCUMENTS or held > limits.COURIER_BYTES:
            # One that took another's place was counted twice: now exactly.
            count, held = self._counted(author)
        self._waits[author] = count, held
        if count > limits.WAITING_DOCUMENTS or held > limits.COURIER_BYTES:
            raise Refused(
                check="courier-waiting",
                detail=N_("{count} documents of {nation} wait already for those that come before them."),
                next_step=N_("Open the parts that come before: the earliest first."),
                params={"count": str(count - 1), "nation": author},
            )

    def _counted(self, author: str) -> tuple[int, int]:
        row = self._core.store.row(
            "SELECT count(*), coalesce(sum(length(envelope)), 0) FROM waiting WHERE channel=? AND author=?",
            (self._channel, author),
        )
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def _drain(self, author: str) -> None:
        """What waits goes in as far as it follows; what is in already waits no more."""
        self._is_back = author == self._core.nation
        while True:
            size = self._size(author)
            self._forget(author, size)
            follow = self._following(author, size)
            if not follow:
                return
            try:
                self._take(follow)
            except BaseException:
                # What the door refuses is kept for the officers there, and does not wait for another chance here.
                self._forget(author, self._size(author) + 1)
                raise

    def _following(self, author: str, size: int) -> list[_Found]:
        """The next that wait, as many as go in together."""
        follow: list[_Found] = []
        held = 0
        while len(follow) < limits.DOCUMENTS_PER_WINDOW and held <= limits.COURIER_WINDOW_BYTES:
            rows = self._core.store.rows(
                "SELECT envelope FROM waiting WHERE channel=? AND author=? AND sequence>? AND sequence<=? "
                "ORDER BY sequence",
                (self._channel, author, size, size + limits.DOCUMENTS_PER_READ),
            )
            for (raw,) in rows:
                one = _found(bytes(raw))
                if one.sequence != size + 1 or self._is_early(one):
                    return follow
                follow.append(one)
                size += 1
                held += len(one.raw)
            if not rows:
                return follow
        return follow

    def _forget(self, author: str, size: int) -> None:
        with self._core.store.writing():
            self._core.store.run(
                "DELETE FROM waiting WHERE channel=? AND author=? AND sequence<=?", (self._channel, author, size)
            )


def _standing(raw: bytes, ring: KeyRing) -> str | None:
    """How a document waits beside another in its place: it takes that, or leaves it; None where it does not wait."""
    try:
        signed_by(raw, ring)
    except Refusal:
        names = [one.keyid for one in Envelope.decode(raw, DOCUMENT).signatures]
        # Nobody's; or of a key that a document still missing tells of, and then the door looks at it later.
        return "IGNORE" if any(ring.by_name(name) is None for name in names) else None
    return "REPLACE"


def _found(raw: bytes) -> _Found:
    """Raises BadInput for what is no envelope of a document, for the door to say what it is."""
    payload = parse_object(Envelope.decode(raw, DOCUMENT).payload, max_bytes=limits.DOCUMENT_BYTES)
    sequence, seen = payload.get("sequence"), payload.get("seen")
    return _Found(raw, _count(sequence), _count(seen))


def _count(said: object) -> int:
    """A count of a log's documents; 0, which stands nowhere, for what no log has and the store could not keep."""
    return said if type(said) is int and 0 <= said <= limits.DOCUMENTS_OF_A_LOG else 0
