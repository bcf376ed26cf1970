"""Courier files as they are written: one, or parts that each open alone, sealed with age (X25519) to the partner.

What goes into which part is settled first, by sizes alone; then each part is written as its documents are read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from gokei.journal.checkpoints import parse_checkpoint
from gokei.journal.notes import Note
from gokei.node import disk
from gokei.node.checkpoints import known_seen, own_checkpoint
from gokei.node.core import Core
from gokei.node.courier_file import SEAL_BYTES, SEALED_SHARE, Header, write
from gokei.node.messages import write_offer
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadCall, Refused
from gokei.terms.words import N_

# No courier has more parts or documents: what a header may take is reckoned with these.
_MOST: Final = limits.COURIER_BYTES
_ROUND: Final = 1000


class _Log(NamedTuple):
    """A stretch of one author's log: what follows `after`, through `until`."""

    author: str
    after: int
    until: int

    @property
    def documents(self) -> int:
        """How many documents it has."""
        return self.until - self.after


@dataclass(slots=True)
class _Part:
    """What one part holds: of the reader's log, and of ours."""

    back: _Log
    own: _Log
    held: int = 0


def pack(
    core: Core, nation: str, out: Path, whole: bool = False, split: int | None = None, give_back: bool = False
) -> JsonObject:
    """Write a file for a partner: our checkpoint, and every document that it has not seen (or all, when `whole`).

    With `split` (bytes) there are parts OUT.001 … of at most that size. With `give_back` the partner's own log goes
    along, for a partner whose journal was restored. No file is replaced. Raises Refused (`courier-sealing`,
    `file-exists`), BadCall (`courier-split`).
    """
    sealing = core.partner(nation).card.sealing
    if sealing is None:
        raise Refused(
            check="courier-sealing", detail=N_("The card of {nation} has no key to seal to."), params={"nation": nation}
        )
    # The checkpoint is signed first, and nothing that came after it goes along: it counts every document in the file.
    mine = own_checkpoint(core, nation)
    checkpoint = parse_checkpoint(Note.decode(mine).text)
    header = _header(core, nation, write_offer(core, nation, mine))
    back = _Log(nation, 0, checkpoint.seen if give_back else 0)
    own = _Log(core.nation, 0 if whole else known_seen(core, nation), checkpoint.written)
    parts = _parts(core, nation, (back, own), header, split)
    paths = [out] if split is None else [out.with_name(f"{out.name}.{number:03d}") for number, _ in enumerate(parts, 1)]
    for path in paths:
        # It may be on its way to another partner; and what was told of it, its hash too, would be wrong.
        if os.path.lexists(path):
            raise disk.exists(path)
    rows: list[JsonValue] = []
    for number, (path, part) in enumerate(zip(paths, parts, strict=True), 1):
        counts = {"part": number, "parts": len(parts), "back": part.back.documents, "documents": part.own.documents}
        lines = _envelopes(core, nation, (part.back, part.own))
        written = write(path, header.model_copy(update=counts), lines, sealing)
        rows.append({"file": str(path), "bytes": written.size, "sha256": written.sha256})
    return {
        "from": core.nation,
        "to": nation,
        "environment": core.environment,
        "time": core.now(),
        "courier": header.courier,
        "documents": own.documents,
        "back": back.documents,
        "bytes": sum(int(str(row["bytes"])) for row in rows if isinstance(row, dict)),
        "file": str(out),
        "checkpoint": {"written": checkpoint.written, "seen": checkpoint.seen, "root": checkpoint.root.hex()},
        "sealing": sealing,
        "parts": rows,
    }


def _header(core: Core, nation: str, offer: bytes) -> Header:
    return Header.model_validate(
        {
            "gokei": 1,
            "from": core.nation,
            "to": nation,
            "courier": core.random.bytes(8).hex(),
            "part": _MOST,
            "parts": _MOST,
            "offer": offer.decode(),
            "back": _MOST,
            "documents": _MOST,
        }
    )


def _room(header: Header, split: int | None) -> int:
    """How many bytes of documents a part takes, beside what belongs to each. Negative where not even that fits."""
    most = limits.COURIER_BYTES if split is None else min(split, limits.COURIER_BYTES)
    return most - most // SEALED_SHARE - SEAL_BYTES - len(header.encode())


def _parts(core: Core, nation: str, logs: Sequence[_Log], header: Header, split: int | None) -> list[_Part]:
    """The stretches of each part, at least one part. Raises BadCall (`courier-split`) where they do not fit."""
    room = _room(header, split)
    ends = [_Log(log.author, log.after, log.after) for log in logs]
    parts = [_Part(ends[0], ends[1])]
    if room < 0:
        raise _too_small(core, nation, logs, header)
    for place, log in enumerate(logs):
        for sequence, size in _sizes(core, nation, log):
            if size > room:
                raise _too_small(core, nation, logs, header)
            if parts[-1].held + size > room:
                if split is None:
                    raise _too_large()
                parts.append(_Part(ends[0], ends[1]))
            part = parts[-1]
            ends[place] = ends[place]._replace(after=sequence, until=sequence)
            part.held += size
            if place == 0:
                part.back = part.back._replace(until=sequence)
            else:
                part.own = part.own._replace(until=sequence)
    return parts


def _sizes(core: Core, nation: str, log: _Log) -> Iterator[tuple[int, int]]:
    """Sequence and bytes (of a line) of each document; no document is read."""
    after = log.after
    while rows := core.store.rows(
        "SELECT sequence, length(envelope) + 1 FROM documents "
        "WHERE channel=? AND author=? AND sequence>? AND sequence<=? ORDER BY sequence LIMIT ?",
        (core.channel_of(nation), log.author, after, log.until, limits.CASES_PER_READ),
    ):
        yield from rows
        after = rows[-1][0]


def _envelopes(core: Core, nation: str, logs: Sequence[_Log]) -> Iterator[bytes]:
    for log in logs:
        rows = core.store.each(core.channel_of(nation), log.author, log.after)
        yield from (row.envelope for row in islice(rows, log.documents))


def _too_small(core: Core, nation: str, logs: Sequence[_Log], header: Header) -> BadCall:
    """Names a size that is enough for the largest document, in whole thousands."""
    largest = max((size for log in logs for _, size in _sizes(core, nation, log)), default=0)
    needed = _ROUND
    while _room(header, needed) < largest:
        needed += _ROUND
    return BadCall(
        check="courier-split",
        detail=N_("The documents do not fit into files of that size; the largest alone takes some {needed} bytes."),
        next_step=N_("Name another size, in bytes: --split {needed}"),
        params={"needed": str(needed)},
        field="split",
    )


def _too_large() -> BadCall:
    return BadCall(
        check="courier-split",
        detail=N_("The documents do not fit into one file of {limit} bytes."),
        next_step=N_("Have them written in parts: --split 100000000"),
        params={"limit": str(limits.COURIER_BYTES)},
        field="split",
    )
