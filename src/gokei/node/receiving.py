"""A partner's documents at the door: let in, judged by our own law, folded, on disk; or refused with a signature.

One document and many come in by the same way: one transaction, and an acknowledgement for each once it is on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from gokei.journal.door import LogHead, Opened, Refusal, Verifies, judge, next_in_log, opened
from gokei.journal.entries import Entry
from gokei.journal.envelopes import DOCUMENT, Envelope, verifies
from gokei.journal.keys import COMPROMISED
from gokei.journal.mandates import OfficeRevocation
from gokei.journal.writing import sign_refusal
from gokei.node import evidence
from gokei.node.ahead import AHEAD
from gokei.node.channels import Channel, ring_after
from gokei.node.checkpoints import known_seen
from gokei.node.core import Core
from gokei.node.desk import NodeDesk
from gokei.node.trees import GrowingParts
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, OurBug, Problem, Refused, Unavailable
from gokei.terms.words import N_


class Received(NamedTuple):
    """How a document was answered: the acknowledgement, or the problem and its signed refusal."""

    answer: JsonObject
    problem: Problem | None = None
    refusal: bytes | None = None


def receive(core: Core, author: str, raw: bytes) -> Received:
    """Take one envelope of `author`. A document that is held already gets its first answer; nothing happens twice."""
    return receive_all(core, author, [raw])[0]


def receive_all(core: Core, author: str, envelopes: Sequence[bytes]) -> list[Received]:
    """Take envelopes of `author` in order, all on disk or none when this returns; an answer for each.

    The first that is refused is the last that is answered: what follows it has no place in the log yet.
    """
    try:
        return _together(core, author, envelopes)
    except (BadInput, Refused) as problem:
        if len(envelopes) == 1:
            return [refuse(core, author, envelopes[0], problem)]
    # One of them cannot be folded. Alone, each is let in or refused for what it is itself.
    found: list[Received] = []
    for raw in envelopes:
        found.append(receive(core, author, raw))
        if found[-1].problem is not None:
            break
    return found


def _together(core: Core, author: str, envelopes: Sequence[bytes]) -> list[Received]:
    found: list[Received] = []
    refused: tuple[bytes, Refusal] | None = None
    with core.store.writing():
        # As the last arrival left it, where nothing in the store was touched since, by this process or another.
        version = core.store.version()
        known, arrival = core.arrivals.pop(author, (None, None))
        if arrival is None or known != (version, core.store.changes()):
            arrival = _Arrival(core, author)
        arrival.open(envelopes)
        for raw in envelopes:
            try:
                found.append(Received(arrival.take(raw)))
            except Refusal as refusal:
                refused = raw, refusal
                break
        arrival.settle()
        stamp = version, core.store.changes()
    if not core.store.is_writing:
        # Within a transaction of the caller's nothing is sure yet.
        core.arrivals[author] = stamp, arrival
    return [*found, refuse(core, author, *refused)] if refused else found


class _Arrival:
    """An author's documents on their way in, within one transaction.

    Keys, head and tree of the log are read once and kept here from one document to the next. What was let in goes to
    the store together, and each case is folded once, at the end or before our own law looks at it.
    """

    def __init__(self, core: Core, author: str) -> None:
        self._core = core
        self._author = author
        self._channel = core.channel(author)
        name = self._channel.name
        self._log, self._tree = core.store.log(name, author)
        self._written = core.store.log(name, core.nation)[0].size
        self._parts = GrowingParts(core.store, name, author)
        self._ring = self._channel.ring(author)
        self._opened: dict[bytes, Opened] = {}
        self._verifies: Verifies = verifies
        self._new: list[tuple[Entry, JsonObject | None]] = []
        self._cases: dict[str, None] = {}
        cut = self._channel.cut()
        self._final = 0 if cut is None else cut.count(author)
        # What its author signed to have seen, in a cut or in a checkpoint that made none, it cannot unsee later.
        seen = max(0 if cut is None else cut.count(core.nation), known_seen(core, author))
        self._log = self._log._replace(seen=max(self._log.seen, seen))

    def open(self, window: Sequence[bytes]) -> None:
        """Make ready for these envelopes: their signatures are checked beside us, up to the first that is none."""
        self._opened = {}
        with suppress(Refusal):
            for raw in window:
                self._opened[raw] = opened(raw)
        self._verifies = AHEAD.checked([*self._opened.values()], self._ring)

    def take(self, raw: bytes) -> JsonObject:
        """The next document in, and its acknowledgement. Raises Refusal and changes nothing."""
        core = self._core
        try:
            found = next_in_log(
                self._opened.get(raw) or opened(raw),
                self._log,
                self._ring,
                core.environment,
                core.nation,
                self._written,
                self._verifies,
            )
        except Refusal:
            self.settle()
            held = _held(core, self._channel, self._author, raw)
            if held is None:
                raise
            return held
        entry = judge(found, self._ring, core.kinds)
        _check_final(entry, self._final)
        answer = self._judged(entry)
        self._new.append((entry, answer))
        self._cases[entry.frame.case] = None
        self._log = LogHead(entry.sequence, entry.hash, entry.seen)
        self._tree = self._tree.append(entry.leaf)
        self._ring = ring_after(self._ring, entry)
        return acknowledgement(entry)

    def settle(self) -> None:
        """What was let in so far into the store, and its cases folded."""
        if self._new:
            self._channel.append(self._new, self._tree)
            self._parts.add(self._new[0][0].sequence - 1, [entry.leaf for entry, _ in self._new])
            self._channel.fold_entries(entry for entry, _ in self._new)
            self._new = []
            self._cases = {}

    def _judged(self, entry: Entry) -> JsonObject | None:
        """What our own law makes of it, where it asks a question of law."""
        kind = self._core.kinds.get(entry.frame.type)
        if kind is None or entry.body is None or entry.void is not None:
            return None
        judge = self._core.wing(kind).judge.get(kind.type)
        if judge is None:
            return None
        if entry.frame.case in self._cases:
            self.settle()
        try:
            return judge(entry.frame, entry.body, NodeDesk(self._core, self._channel))
        except (Unavailable, OurBug):
            # Where the store failed, SQLite may have taken all of the transaction back: nothing may go on in it.
            raise
        except Problem:
            # A question that our law cannot read is no reason to keep the partner's signed document out.
            return None


def _check_final(entry: Entry, final: int) -> None:
    """Nothing that arrives later makes void what lies before a cut: a revocation that would is not let in."""
    if isinstance(entry.body, OfficeRevocation) and entry.void is None:
        stands = entry.body.stands_through
        if stands is not None and stands < final:
            raise Refusal(
                7,
                N_("The revocation would make documents void that are final: up to {final} they stand."),
                N_("Let the node write the revocation anew, after an exchange."),
                slug="final",
                final=str(final),
            )


def acknowledgement(entry: Entry) -> JsonObject:
    """What the author is told: a function of the document, so that asking again gives the same."""
    return {
        "accepted": entry.hash,
        "author": entry.author,
        "sequence": entry.sequence,
        "void": None if entry.void is None or entry.void.check == COMPROMISED else entry.void.as_json(),
    }


def refuse(core: Core, author: str, raw: bytes, problem: Problem) -> Received:
    """A signed refusal that names the check; the bytes are kept apart, and no state changes."""
    evidence.keep_refused(core, author, raw, problem)
    number = problem.number if isinstance(problem, Refusal) else 2
    refusal = sign_refusal(raw, number, problem, core.nation, core.now(), core.node_signer)
    keep_refusal(core, author, raw, refusal)
    return Received(problem.as_json(), problem, refusal)


def keep_refusal(core: Core, author: str, raw: bytes, refusal: bytes) -> None:
    """A refused document and its signed refusal, ours or a partner's, for the officers; sent again, it is kept once."""
    kept = raw[: limits.QUARANTINE_BYTES]
    with core.store.writing():
        core.store.run(
            "DELETE FROM refusals WHERE number > (SELECT max(number) FROM refusals) - ? AND author=? AND bytes=?",
            (limits.QUARANTINE_COMPARED, author[:8], kept),
        )
        core.store.run(
            "INSERT INTO refusals (author, time, bytes, refusal) VALUES (?,?,?,?)",
            (author[:8], core.now(), kept, refusal),
        )
        core.store.run(
            "DELETE FROM refusals WHERE number <= (SELECT max(number) FROM refusals) - ?", (limits.QUARANTINE_ROWS,)
        )


def _held(core: Core, channel: Channel, author: str, raw: bytes) -> JsonObject | None:
    """The first answer to a document that is here already: at its sequence nothing else can stand."""
    try:
        name = Envelope.decode(raw, DOCUMENT).hash
    except BadInput:
        return None
    row = core.store.find(channel.name, name)
    return acknowledgement(channel.entry(row)) if row is not None and row.author == author else None
