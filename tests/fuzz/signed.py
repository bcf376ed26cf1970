"""Targets whose bytes are truly signed first: what a partner with real keys and no good will could say."""

from __future__ import annotations

from gokei.journal import envelopes, notes, proofs
from gokei.journal import evidence as evidences
from gokei.journal.checkpoints import parse_checkpoint, sign_checkpoint
from gokei.journal.wing import OFFICES_CASE
from gokei.node.checkpoints import take_checkpoint
from gokei.terms import limits
from tests.fuzz.world import received, spoken, text, world


def checkpoint(data: bytes) -> object:
    """Any checkpoint of the partner's node with any proof: `old`, hashes, a blank line, the text."""
    there = world()
    head, _, body = data.partition(b"\n\n")
    old, *hashes = text(head).split("\n")
    proof = tuple(notes.read_hash(one) for one in hashes[: limits.HASHES_PER_PROOF])
    with there.undone(there.jp):
        return take_checkpoint(there.jp.core, "AU", signed_note(body), number(old), proof)


def evidence_file(data: bytes) -> object:
    found = evidences.decode(data)
    evidences.check(found, world().ring)
    return found.kind


def evidence(data: bytes) -> object:
    """The kind, then texts of checkpoints, frames and hashes (#), with a zero byte between."""
    kind, *parts = data.split(b"\0", limits.SIGNATURES_PER_NOTE)
    said = tuple(signed_note(one) for one in parts if one.startswith(b"gokei/"))
    documents = tuple(signed_document(one) for one in parts if one.startswith(b"{"))
    hashes = tuple(notes.read_hash(text(one[1:])) for one in parts if one.startswith(b"#"))
    evidences.check(evidences.Evidence(text(kind), "AU", said, documents, hashes), world().ring)
    return "shown"


def proof_file(data: bytes) -> object:
    return proofs.check(proofs.decode(data), world().ring, world().jp.core.own_ring())


def proof(data: bytes) -> object:
    """The place and the hashes, then the checkpoint's text and the frame, with a zero byte between."""
    head, said, payload, *_ = [*data.split(b"\0", 3), b"", b"", b""]
    place, *hashes = text(head).split("\n")
    path = tuple(notes.read_hash(one) for one in hashes)
    made = proofs.Proof(number(place), path, signed_note(said), signed_document(payload))
    return proofs.check(proofs.decode(made.encode()), world().ring, None)


def mandate(data: bytes) -> object:
    """Any mandate of the root, given to the nation's own node. The documents' names are drawn anew each time."""
    with world().undone(world().au):
        found = world().au.apply(signed_mandate(data))
        return found["mandate"], found["serial"], sorted(world().au.core.own_ring().offices)


def carried_mandate(data: bytes) -> object:
    """The same, carried by a document of the partner's node: its type, a line's end, the mandate."""
    there = world()
    kind, _, payload = data[: 2 * limits.DOCUMENT_BYTES].partition(b"\n")
    said = spoken(signed_mandate(payload, limits.DOCUMENT_BYTES))
    raw = there.pen.write(spoken(kind), OFFICES_CASE, {"mandate": said}, ["node"], seen=1)
    with there.undone(there.jp):
        found = received(there.jp.receive("AU", raw))
        return found, sorted(there.jp.core.channel("AU").ring("AU").offices)


def signed_note(data: bytes) -> bytes:
    return sign_checkpoint(parse_checkpoint(text(data)), world().node_key)


def signed_document(data: bytes) -> bytes:
    return envelopes.sign(envelopes.DOCUMENT, data[: limits.DOCUMENT_BYTES], [world().pen.key("logistics")]).encode()


def signed_mandate(data: bytes, most: int = limits.MANDATE_BYTES) -> bytes:
    return envelopes.sign(envelopes.MANDATE, data[:most], [world().root]).encode()


def number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 17 else 0
