"""Documents of courier files that came before what they follow: they wait in the store until the gap closes.

Only what the partner's offices signed waits, and only so much of it; the door looks at each again when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterable

from gokei.journal.door import Refusal, signed_by
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.node.core import Core
from gokei.node.receiving import receive_all
from gokei.terms import limits
from gokei.terms.problems import Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


def take(core: Core, author: str, documents: Iterable[bytes]) -> None:
    """Documents into the log in their order, and those beyond a gap to wait. Raises as the door does, or Refused
    (`courier-waiting`)."""
    channel = core.channel_of(author)
    expected = core.store.log(channel, author)[0].size + 1
    next_ones: list[bytes] = []
    for raw in documents:
        sequence = _sequence(raw)
        if sequence > expected:
            _keep(core, author, sequence, raw)
            continue
        next_ones.append(raw)
        expected = max(expected, sequence + 1)
        if len(next_ones) == limits.DOCUMENTS_PER_WINDOW:
            _receive(core, author, next_ones)
            next_ones = []
    _receive(core, author, next_ones)
    _drain(core, channel, author)


def _sequence(raw: bytes) -> int:
    """Where a document says to stand; 0, for the door to look at, where it says nothing."""
    found = parse_object(Envelope.decode(raw, DOCUMENT).payload, max_bytes=limits.DOCUMENT_BYTES).get("sequence")
    return found if isinstance(found, int) else 0


def missing(core: Core, author: str, written: int) -> list[tuple[int, int]]:
    """The stretches (first, last) of the partner's log that neither are in nor wait, up to `written`."""
    channel = core.channel_of(author)
    found: list[tuple[int, int]] = []
    begin = core.store.log(channel, author)[0].size + 1
    rows = core.store.rows(
        "SELECT sequence FROM waiting WHERE channel=? AND author=? ORDER BY sequence", (channel, author)
    )
    for (sequence,) in rows:
        if sequence > begin:
            found.append((begin, sequence - 1))
        begin = max(begin, sequence + 1)
    if begin <= written:
        found.append((begin, written))
    return found


def count(core: Core, author: str) -> int:
    """How many documents of a partner wait."""
    row = core.store.row("SELECT count(*) FROM waiting WHERE channel=? AND author=?", (core.channel_of(author), author))
    return 0 if row is None else int(row[0])


def _receive(core: Core, author: str, documents: list[bytes]) -> None:
    for found in receive_all(core, author, documents) if documents else ():
        if found.problem is not None:
            raise found.problem


def _keep(core: Core, author: str, sequence: int, raw: bytes) -> None:
    channel = core.channel_of(author)
    try:
        signed_by(raw, core.channel(author).ring(author))
    except Refusal:
        # Nobody's, or of a key that a document still missing tells of: it is asked for again with that one.
        return
    with core.store.writing():
        core.store.run(
            "INSERT OR IGNORE INTO waiting (channel, author, sequence, envelope) VALUES (?,?,?,?)",
            (channel, author, sequence, raw),
        )
        row = core.store.row(
            "SELECT count(*), total(length(envelope)) FROM waiting WHERE channel=? AND author=?", (channel, author)
        )
        if row is not None and (row[0] > limits.WAITING_DOCUMENTS or row[1] > limits.COURIER_BYTES):
            raise Refused(
                check="courier-waiting",
                detail=N_("{count} documents of {nation} wait already for those that come before them."),
                next_step=N_("Open the parts that come before: the earliest first."),
                params={"count": str(row[0] - 1), "nation": author},
            )


def _drain(core: Core, channel: str, author: str) -> None:
    """What waits goes in as far as it follows; what is in already waits no more."""
    while True:
        size = core.store.log(channel, author)[0].size
        with core.store.writing():
            core.store.run("DELETE FROM waiting WHERE channel=? AND author=? AND sequence<=?", (channel, author, size))
        rows = core.store.rows(
            "SELECT sequence, envelope FROM waiting WHERE channel=? AND author=? ORDER BY sequence LIMIT ?",
            (channel, author, limits.DOCUMENTS_PER_WINDOW),
        )
        follow = [bytes(raw) for place, (sequence, raw) in enumerate(rows, size + 1) if sequence == place]
        if not follow:
            return
        try:
            _receive(core, author, follow)
        except BaseException:
            # What the door refuses is kept for the officers there, and does not wait for another chance here.
            size = core.store.log(channel, author)[0].size
            with core.store.writing():
                core.store.run(
                    "DELETE FROM waiting WHERE channel=? AND author=? AND sequence<=?", (channel, author, size + 1)
                )
            raise
