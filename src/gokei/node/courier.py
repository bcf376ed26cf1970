"""Courier files: documents and checkpoints carried by hand, sealed with age (X25519)."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path
from typing import NamedTuple

import pyrage

from gokei.journal.envelopes import Envelope
from gokei.node import disk
from gokei.node.catching_up import take_carried
from gokei.node.checkpoints import known_seen, own_checkpoint
from gokei.node.core import Core
from gokei.node.folder import read_bounded
from gokei.node.messages import Offer, read_offer, write_offer
from gokei.node.receiving import receive_all
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class Bundle(NamedTuple):
    """What a courier file holds once it is open."""

    author: str
    reader: str
    offer: Offer
    documents: tuple[bytes, ...]

    def sequence_of(self, envelope: Envelope) -> int:
        """The sequence that a document of the bundle says to have. Raises BadInput where it is no document."""
        found = parse_object(envelope.payload, max_bytes=limits.DOCUMENT_BYTES).get("sequence")
        return found if isinstance(found, int) else 0


def pack(core: Core, nation: str, out: Path, whole: bool = False) -> JsonObject:
    """Write a file for a partner: our checkpoint, and every document that it has not seen (or all, when `whole`)."""
    partner = core.partner(nation)
    if partner.card.sealing is None:
        raise Refused(
            check="courier-sealing", detail=N_("The card of {nation} has no key to seal to."), params={"nation": nation}
        )
    # The checkpoint is signed first: it counts every document that the file carries.
    offer = write_offer(core, nation, own_checkpoint(core, nation))
    start = 0 if whole else known_seen(core, nation)
    rows = list(core.store.each(core.channel_of(nation), core.nation, start))
    content = {
        "gokei": 1,
        "from": core.nation,
        "to": nation,
        "offer": offer.decode(),
        "documents": [base64.b64encode(row.envelope).decode() for row in rows],
    }
    sealed = pyrage.encrypt(json.dumps(content).encode(), [pyrage.x25519.Recipient.from_str(partner.card.sealing)])
    _write_new(out, sealed)
    return {"to": nation, "documents": len(rows), "bytes": len(sealed), "file": str(out)}


def open_file(core: Core, path: Path) -> JsonObject:
    """Take in a courier file; opening it twice changes nothing more. Raises as the door does, naming the document."""
    bundle = read(core, path)
    before, _ = core.store.log(core.channel_of(bundle.author), bundle.author)
    for at in range(0, len(bundle.documents), limits.DOCUMENTS_PER_WINDOW):
        for found in receive_all(core, bundle.author, bundle.documents[at : at + limits.DOCUMENTS_PER_WINDOW]):
            if found.problem is not None:
                raise found.problem
    after, _ = core.store.log(core.channel_of(bundle.author), bundle.author)
    cut = take_carried(core, bundle.author, bundle.offer)
    return {
        "from": bundle.author,
        "documents": len(bundle.documents),
        "new": after.size - before.size,
        "cut": cut is not None,
    }


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
        return Bundle(author, core.nation, read_offer(core, author, offer.encode()), decoded)
    except ValueError as error:
        raise _bad("courier-content", N_("The file is not a courier file of Gokei."), path) from error


def _write_new(path: Path, data: bytes) -> None:
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


def _bad(check: str, detail: str, path: Path) -> BadInput:
    return BadInput(check=check, detail=detail, path=str(path), next_step=N_("Ask the partner for a new courier file."))
