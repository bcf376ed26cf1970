"""Courier files as they are written: one, or parts that each open alone, sealed with age (X25519) to the partner."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyrage

from gokei.journal.checkpoints import parse_checkpoint
from gokei.journal.notes import Note
from gokei.node import disk
from gokei.node.checkpoints import known_seen, own_checkpoint
from gokei.node.core import Core
from gokei.node.messages import write_offer
from gokei.node.store import Stored
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadCall, BadInput, Refused
from gokei.terms.words import N_

# What a part holds besides documents and the offer: its own fields, and age's header and tags (16 bytes in 64 KiB).
_FRAME_BYTES: Final = 2048
_SEALED_SHARE: Final = 4000


def pack(
    core: Core, nation: str, out: Path, whole: bool = False, split: int | None = None, give_back: bool = False
) -> JsonObject:
    """Write a file for a partner: our checkpoint, and every document that it has not seen (or all, when `whole`).

    With `split` (bytes) there are parts OUT.001 … of at most that size. With `give_back` the partner's own log goes
    along, for a partner whose journal was restored. Raises Refused (`courier-sealing`), BadCall (`courier-split`).
    """
    sealing = core.partner(nation).card.sealing
    if sealing is None:
        raise Refused(
            check="courier-sealing", detail=N_("The card of {nation} has no key to seal to."), params={"nation": nation}
        )
    # The checkpoint is signed first: it counts every document that the file carries.
    mine = own_checkpoint(core, nation)
    offer = write_offer(core, nation, mine)
    checkpoint = parse_checkpoint(Note.decode(mine).text)
    most = limits.COURIER_BYTES if split is None else split
    room = most - most // _SEALED_SHARE - _FRAME_BYTES - 2 * len(offer)
    start = 0 if whole else known_seen(core, nation)
    logs = [(core.nation, start), *([(nation, 0)] if give_back else [])]
    total = sum(1 for _ in _parts(core, nation, logs, room, most - room))
    if split is None and total > 1:
        raise _too_small(most)
    name = core.random.bytes(8).hex()
    rows: list[JsonValue] = []
    counted = 0
    for number, part in enumerate(_parts(core, nation, logs, room, most - room), 1):
        path = out if split is None else out.with_name(f"{out.name}.{number:03d}")
        content = {
            "gokei": 1,
            "from": core.nation,
            "to": nation,
            "courier": name,
            "part": number,
            "parts": total,
            "offer": offer.decode(),
            "documents": [base64.b64encode(row.envelope).decode() for row in part if row.author == core.nation],
            "back": [base64.b64encode(row.envelope).decode() for row in part if row.author != core.nation],
        }
        sealed = pyrage.encrypt(json.dumps(content).encode(), [pyrage.x25519.Recipient.from_str(sealing)])
        write_new(path, sealed)
        counted += len(part)
        rows.append({"file": str(path), "bytes": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()})
    return {
        "from": core.nation,
        "to": nation,
        "environment": core.environment,
        "time": core.now(),
        "courier": name,
        "documents": counted,
        "bytes": sum(int(str(row["bytes"])) for row in rows if isinstance(row, dict)),
        "file": str(out),
        "checkpoint": {"written": checkpoint.written, "seen": checkpoint.seen, "root": checkpoint.root.hex()},
        "parts": rows,
    }


def _parts(core: Core, nation: str, logs: list[tuple[str, int]], room: int, frame: int) -> Iterator[list[Stored]]:
    """The documents of each part, at least one part. Raises BadCall (`courier-split`) where one does not fit alone."""
    part: list[Stored] = []
    held = 0
    for log, start in logs:
        for row in core.store.each(core.channel_of(nation), log, start):
            size = 4 * (len(row.envelope) + 2) // 3 + 4
            if size > room:
                raise _too_small(size + frame)
            if held + size > room:
                yield part
                part, held = [], 0
            part.append(row)
            held += size
    if room < 0:
        raise _too_small(_FRAME_BYTES)
    yield part


def _too_small(needed: int) -> BadCall:
    return BadCall(
        check="courier-split",
        detail=N_("The documents do not fit into files of that size; one of them alone takes some {needed} bytes."),
        next_step=N_("Name another size, in bytes: --split 1000000"),
        params={"needed": str(needed)},
        field="split",
    )


def write_new(path: Path, data: bytes) -> None:
    """The file, whole or not at all. Raises BadInput (`file-write`)."""
    draft = path.with_name(path.name + ".new")
    try:
        with disk.named(path):
            draft.write_bytes(data)
            draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        if not disk.wrong_path(error):
            raise
        raise BadInput(
            check="file-write",
            detail=N_("{path} cannot be written: {reason}."),
            next_step=N_("Check the name of the file."),
            params={"path": str(path), "reason": disk.reason(error)},
            path=str(path),
        ) from error
