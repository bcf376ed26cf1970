"""Proofs for third parties: written from what a node holds, and checked from files alone, without a node."""

from __future__ import annotations

from collections.abc import Sequence

from gokei.journal import evidence, proofs
from gokei.journal.checkpoints import parse_checkpoint
from gokei.journal.keys import KeyRing, read_card
from gokei.journal.notes import Note
from gokei.node.checkpoints import newest
from gokei.node.core import Core
from gokei.node.reading import find
from gokei.node.trees import LogTree
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_


def proof(core: Core, name: str) -> bytes:
    """The bundle of a document by its hash or id, under a checkpoint that both nodes signed where there is one.

    Raises Refused: `not-found`, or `proof-early` where no checkpoint counts the document yet.
    """
    channel, row = find(core, name)
    for kind in ("cosigned", "newest"):
        found = newest(core, channel.partner, row.author, kind)
        if found is not None and found[0].written >= row.sequence:
            checkpoint, note = found
            tree = LogTree(core.store, channel.name, row.author)
            path = tree.inclusion(row.sequence - 1, checkpoint.written)
            return proofs.Proof(row.sequence - 1, tuple(path), note, row.envelope).encode()
    raise Refused(
        check="proof-early",
        detail=N_("No checkpoint counts this document yet."),
        next_step=N_("Exchange with the partner first: gokei sync DIR PARTNER"),
    )


def verify_bundle(raw: bytes, cards: Sequence[bytes], path: str | None = None) -> JsonObject:
    """What a bundle or a file of evidence proves, by the nations' cards alone; several of one nation count together.

    Raises BadInput for what is neither, (`card-needed`) where the author's card is not among `cards`, and
    (`card-roots`) for cards of one nation by different roots, and Refused where it proves nothing.
    """
    rings = _rings(cards)
    if raw.startswith(proofs.MARK):
        return _proved(raw, rings, path)
    found = evidence.decode(raw, path)
    ring = _ring(rings, found.nation)
    evidence.check(found, ring)
    return {
        "verified": True,
        "evidence": found.kind,
        "nation": found.nation,
        "says": evidence.SAYS[found.kind].format(nation=found.nation),
        "root": ring.root.fingerprint,
    }


def _rings(cards: Sequence[bytes]) -> dict[str, KeyRing]:
    found: dict[str, KeyRing] = {}
    for card in cards:
        _, ring = read_card(card)
        known = found.get(ring.nation)
        if known is not None and known.root.fingerprint != ring.root.fingerprint:
            raise BadInput(
                check="card-roots",
                detail=N_("The cards of {nation} are signed by different roots: {one} and {other}."),
                next_step=N_("Compare the roots with the nation over another way, and name the cards of one."),
                params={"nation": ring.nation, "one": known.root.fingerprint, "other": ring.root.fingerprint},
                field="card",
            )
        found[ring.nation] = ring if known is None else known.beside(ring)
    return found


def _proved(raw: bytes, rings: dict[str, KeyRing], path: str | None) -> JsonObject:
    bundle = proofs.decode(raw, path)
    checkpoint = parse_checkpoint(Note.decode(bundle.checkpoint).text)
    author, reader = _ring(rings, checkpoint.author), rings.get(checkpoint.reader)
    found: JsonObject = {"verified": True, **proofs.check(bundle, author, reader)}
    roots: JsonObject = {one.nation: one.root.fingerprint for one in (author, reader) if one is not None}
    return found | {"roots": roots}


def _ring(rings: dict[str, KeyRing], nation: str) -> KeyRing:
    ring = rings.get(nation)
    if ring is None:
        raise BadInput(
            check="card-needed",
            detail=N_("The card of {nation} is needed: its keys say whether the signatures are good."),
            next_step=N_("Name it: --card FILE. Compare its root with the nation over another way."),
            params={"nation": nation},
            field="card",
        )
    return ring
