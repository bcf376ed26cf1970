"""Courier files: documents and heads carried by hand between networks that never touch, sealed with age (X25519)."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path
from typing import NamedTuple

import pyrage

from gokei.journal.envelopes import Envelope
from gokei.node import disk
from gokei.node.core import Core
from gokei.node.folder import read_bounded
from gokei.node.heads import known_seen, note_left, own_head, take_head
from gokei.node.receiving import receive
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class Bundle(NamedTuple):
    """What a courier file holds once it is open."""

    author: str
    reader: str
    head: bytes
    documents: tuple[bytes, ...]

    def sequence_of(self, envelope: Envelope) -> int:
        """The sequence that a document of the bundle says to have. Raises BadInput where it is no document."""
        found = parse_object(envelope.payload, max_bytes=limits.DOCUMENT_BYTES).get("sequence")
        return found if isinstance(found, int) else 0


def pack(core: Core, nation: str, out: Path, whole: bool = False) -> JsonObject:
    """Write a file for a partner: our head, and every document that its head has not seen (or all, when `whole`)."""
    partner = core.partner(nation)
    if partner.card.sealing is None:
        raise Refused(
            check="courier-sealing", detail=N_("The card of {nation} has no key to seal to."), params={"nation": nation}
        )
    note_left(core, nation)
    start = 0 if whole else known_seen(core, nation)
    rows = core.store.after(core.channel_of(nation), core.nation, start)
    content = {
        "gokei": 1,
        "from": core.nation,
        "to": nation,
        "head": base64.b64encode(own_head(core, nation)).decode(),
        "documents": [base64.b64encode(row.envelope).decode() for row in rows],
    }
    sealed = pyrage.encrypt(json.dumps(content).encode(), [pyrage.x25519.Recipient.from_str(partner.card.sealing)])
    _write_new(out, sealed)
    return {"to": nation, "documents": len(rows), "bytes": len(sealed), "file": str(out)}


def open_file(core: Core, path: Path) -> JsonObject:
    """Take in a courier file; opening it twice changes nothing more. Raises as the door does, naming the document."""
    bundle = read(core, path)
    before, _ = core.store.log(core.channel_of(bundle.author), bundle.author)
    for raw in bundle.documents:
        found = receive(core, bundle.author, raw)
        if found.problem is not None:
            raise found.problem
    after, _ = core.store.log(core.channel_of(bundle.author), bundle.author)
    _, cut = take_head(core, bundle.author, bundle.head)
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
    content = parse_object(opened, path=str(path), max_bytes=limits.COURIER_BYTES, max_string=limits.ENVELOPE_BYTES * 2)
    head, documents, author = content.get("head"), content.get("documents"), content.get("from")
    if not isinstance(head, str) or not isinstance(documents, list) or not isinstance(author, str):
        raise _bad("courier-content", N_("The file is not a courier file of Gokei."), path)
    if content.get("to") != core.nation:
        raise _bad("courier-reader", N_("The file is for another nation."), path)
    core.partner(author)
    try:
        decoded = tuple(base64.b64decode(str(one), validate=True) for one in documents)
        return Bundle(author, core.nation, base64.b64decode(head, validate=True), decoded)
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
