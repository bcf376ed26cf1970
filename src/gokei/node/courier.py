"""Courier files as they are opened: documents and checkpoints carried by hand, sealed with age (X25519)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyrage

from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.node import courier_waiting
from gokei.node.catching_up import take_back, take_carried
from gokei.node.checkpoints import read_theirs
from gokei.node.core import Core
from gokei.node.folder import read_bounded
from gokei.node.messages import Offer, read_offer
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class Bundle(NamedTuple):
    """What a courier file holds once it is open."""

    author: str
    reader: str
    offer: Offer
    documents: tuple[bytes, ...]
    back: tuple[bytes, ...] = ()
    courier: str = ""
    part: int = 1
    parts: int = 1

    def sequence_of(self, envelope: Envelope) -> int:
        """The sequence that a document of the bundle says to have. Raises BadInput where it is no document."""
        return _sequence(envelope)


def _sequence(envelope: Envelope) -> int:
    found = parse_object(envelope.payload, max_bytes=limits.DOCUMENT_BYTES).get("sequence")
    return found if isinstance(found, int) else 0


def open_files(core: Core, paths: Sequence[Path]) -> JsonObject:
    """Take in courier files, parts in any order; opening one twice changes nothing more.

    `missing` are stretches of the partner's log that are neither in nor wait. Raises as the door does, and as `read`.
    """
    for path in paths:
        # A damaged or foreign file among them: before anything is taken in.
        read(core, path)
    found: JsonObject = {}
    for path in paths:
        found = _open(core, read(core, path), found)
    return found


def _open(core: Core, bundle: Bundle, before: JsonObject) -> JsonObject:
    author = bundle.author
    channel = core.channel_of(author)
    had = core.store.log(channel, author)[0].size
    _give_back(core, author, bundle.back)
    courier_waiting.take(core, author, bundle.documents)
    size = core.store.log(channel, author)[0].size
    written = 0
    if bundle.offer.checkpoint is not None:
        written = read_theirs(core, author, bundle.offer.checkpoint.encode()).written
    cut = take_carried(core, author, bundle.offer) if written <= size else None
    parts = _numbers(before.get("opened")) if before.get("courier") == bundle.courier else set()
    stretches = courier_waiting.missing(core, author, written)
    return {
        "from": author,
        "courier": bundle.courier,
        "opened": [*sorted(parts | {bundle.part})],
        "parts": bundle.parts,
        "documents": len(bundle.documents) + int(str(before.get("documents", 0))),
        "new": size - had + int(str(before.get("new", 0))),
        "waiting": courier_waiting.count(core, author),
        "missing": [[first, last] for first, last in stretches],
        "cut": cut is not None,
    }


def _numbers(rows: JsonValue) -> set[int]:
    return {one for one in rows if isinstance(one, int)} if isinstance(rows, list) else set()


def _give_back(core: Core, nation: str, documents: Sequence[bytes]) -> None:
    """What the partner gives back of our own log goes in where our journal lacks it."""
    size = core.store.log(core.channel_of(nation), core.nation)[0].size
    lacking = [raw for raw in documents if _sequence(Envelope.decode(raw, DOCUMENT)) > size]
    for at in range(0, len(lacking), limits.DOCUMENTS_PER_WINDOW):
        if _sequence(Envelope.decode(lacking[at], DOCUMENT)) != size + at + 1:
            # A part that comes too early: it is opened again after those before it.
            return
        take_back(core, nation, lacking[at : at + limits.DOCUMENTS_PER_WINDOW])


def read(core: Core, path: Path) -> Bundle:
    """A courier file sealed to this node. Raises BadInput (`courier-…`) for anything else."""
    raw = read_bounded(path, limits.COURIER_BYTES)
    try:
        opened = pyrage.decrypt(raw, [pyrage.x25519.Identity.from_str(core.folder.keyring.sealing())])
    except pyrage.DecryptError as error:
        raise _bad(
            "courier-sealed", N_("The file is not sealed to this node, or it was damaged on its way."), path
        ) from error
    content = parse_object(
        opened, path=str(path), max_bytes=limits.COURIER_BYTES, max_string=limits.EXCHANGE_BODY_BYTES
    )
    offer, documents, author = content.get("offer"), content.get("documents"), content.get("from")
    if not isinstance(offer, str) or not isinstance(documents, list) or not isinstance(author, str):
        raise _bad("courier-content", N_("The file is not a courier file of Gokei."), path)
    if content.get("to") != core.nation:
        raise _bad("courier-reader", N_("The file is for another nation."), path)
    core.partner(author)
    try:
        decoded = tuple(base64.b64decode(str(one), validate=True) for one in documents)
        back = content.get("back", [])
        given = tuple(base64.b64decode(str(one), validate=True) for one in back) if isinstance(back, list) else ()
        part, parts = content.get("part", 1), content.get("parts", 1)
        if not isinstance(part, int) or not isinstance(parts, int) or not 1 <= part <= parts:
            raise _bad("courier-content", N_("The file is not a courier file of Gokei."), path)
        read_by = read_offer(core, author, offer.encode())
        return Bundle(author, core.nation, read_by, decoded, given, str(content.get("courier", ""))[:32], part, parts)
    except ValueError as error:
        raise _bad("courier-content", N_("The file is not a courier file of Gokei."), path) from error


def _bad(check: str, detail: str, path: Path) -> BadInput:
    return BadInput(check=check, detail=detail, path=str(path), next_step=N_("Ask the partner for a new courier file."))
