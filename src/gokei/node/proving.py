"""Proofs for third parties: written from what a node holds, and checked from files alone, without a node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gokei.journal import evidence, proofs
from gokei.journal.changes import ordered
from gokei.journal.checkpoints import Checkpoint, node_name, parse_checkpoint
from gokei.journal.door import judge
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.frames import Frame
from gokei.journal.keys import Card, KeyRing, read_card
from gokei.journal.mandates import SignedMandate, read_mandate
from gokei.journal.notes import Note
from gokei.journal.postquantum import check_key, second_line_at
from gokei.node.checkpoints import newest
from gokei.node.core import Core
from gokei.node.reading import find
from gokei.node.trees import LogTree
from gokei.node.wings import KINDS
from gokei.terms import limits
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


def verify_bundle(
    raw: bytes, cards: Sequence[bytes], path: str | None = None, mandates: Sequence[bytes] = ()
) -> JsonObject:
    """What a bundle or a file of evidence proves, by the nations' cards alone; several of one nation count together,
    and with them the keys that `mandates` of their roots gave between two cards.

    A proof says that the document stands in its author's log, signed by offices that could sign then. `void` says why
    it had no effect from the start, where power or form was wrong; what later documents make of it no proof can say.
    Raises BadInput for what is neither, (`card-needed`) where the author's card is not among `cards`, and
    (`card-roots`) for cards of one nation by different roots, and Refused where it proves nothing, or (`mandate-…`)
    where a mandate changes no card that was given.
    """
    known = _known(cards, sorted((read_mandate(one) for one in mandates), key=lambda one: one.mandate.serial))
    if raw.startswith(proofs.MARK):
        return _proved(raw, known, path)
    found = evidence.decode(raw, path)
    ring = _of(known, found.nation).ring
    evidence.check(found, ring)
    return {
        "verified": True,
        "evidence": found.kind,
        "nation": found.nation,
        "says": evidence.SAYS[found.kind].format(nation=found.nation),
        "root": ring.root.fingerprint,
        "statements": [*_statements(found)],
    }


class _Known(NamedTuple):
    """What the cards of one nation say together: its keys, and the cards that state a second key."""

    ring: KeyRing
    stating: tuple[Card, ...]


def _known(cards: Sequence[bytes], mandates: Sequence[SignedMandate]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for raw in cards:
        card, first = read_card(raw)
        ring = _with_mandates(first, mandates)
        stating = () if card.post_quantum is None else (card,)
        before = found.get(ring.nation)
        if before is None:
            found[ring.nation] = _Known(ring, stating)
            continue
        if before.ring.root.fingerprint != ring.root.fingerprint:
            raise BadInput(
                check="card-roots",
                detail=N_("The cards of {nation} are signed by different roots: {one} and {other}."),
                next_step=N_("Compare the roots with the nation over another way, and name the cards of one."),
                params={
                    "nation": ring.nation,
                    "one": before.ring.root.fingerprint,
                    "other": ring.root.fingerprint,
                },
                field="card",
            )
        found[ring.nation] = _Known(before.ring.beside(ring), (*before.stating, *stating))
    return found


def _with_mandates(ring: KeyRing, mandates: Sequence[SignedMandate]) -> KeyRing:
    """All keys that a card and the mandates after it gave, also those that were taken out of use since."""
    found = after = ring
    for one in mandates:
        if one.mandate.nation == ring.nation and one.mandate.serial > ring.serial:
            after = ordered(after, one)
            found = found.beside(after)
    return found


def _proved(raw: bytes, known: dict[str, _Known], path: str | None) -> JsonObject:
    bundle = proofs.decode(raw, path)
    checkpoint = parse_checkpoint(Note.decode(bundle.checkpoint).text)
    author, reader = _of(known, checkpoint.author), known.get(checkpoint.reader)
    shown = proofs.check(bundle, author.ring, None if reader is None else reader.ring)
    frame = shown.document.frame
    void = judge(shown.document, author.ring, KINDS).void
    roots: JsonObject = {one.ring.nation: one.ring.root.fingerprint for one in (author, reader) if one is not None}
    return {
        "verified": True,
        "document": frame.document,
        "hash": shown.document.envelope.hash,
        "type": frame.type,
        "case": frame.case,
        "author": frame.author,
        "reader": frame.reader,
        "environment": frame.environment,
        "offices": [*frame.offices],
        "sequence": frame.sequence,
        "time": frame.time,
        "void": None if void is None else void.as_json(),
        "log_size": checkpoint.written,
        "log_root": checkpoint.root.hex(),
        "cosigned": None if shown.cosigned is None else proofs.instant(shown.cosigned),
        "cosignatures": proofs.cosignatures(shown.note, checkpoint),
        "post_quantum": _second(bundle.checkpoint, author.stating, checkpoint),
        "roots": roots,
    }


def _second(note: bytes, stating: Sequence[Card], checkpoint: Checkpoint) -> str | None:
    """When the author's node signed the checkpoint a second time; None where it did not, or no card states a key.

    Raises Refused (`proof-second`) where a card that was there by then promises it: leaving it away breaks nothing.
    """
    for card in stating:
        if card.post_quantum is not None:
            public = check_key(card.post_quantum, card.nation, card.environment)
            found = second_line_at(note, node_name(card.environment, card.nation), public)
            if found is not None:
                return proofs.instant(found)
    if any(card.issued <= checkpoint.time for card in stating):
        raise Refused(
            check="proof-second",
            detail=N_("The card of {nation} promises a second signature on its checkpoints; this one has no good one."),
            params={"nation": checkpoint.author},
            next_step=N_("Do not rely on it; ask for another."),
            who="partner",
        )
    return None


def _statements(found: evidence.Evidence) -> Iterator[JsonObject]:
    """What was signed, so that a reader knows which documents are meant."""
    for note in found.checkpoints:
        checkpoint = parse_checkpoint(Note.decode(note).text)
        yield {
            "reader": checkpoint.reader,
            "log_size": checkpoint.written,
            "log_root": checkpoint.root.hex(),
            "seen": checkpoint.seen,
            "time": checkpoint.time,
        }
    for raw in found.documents[: limits.EVIDENCE_SHOWN]:
        envelope = Envelope.decode(raw, DOCUMENT)
        frame = Frame.model_validate_json(envelope.payload)
        yield {
            "reader": frame.reader,
            "sequence": frame.sequence,
            "hash": envelope.hash,
            "type": frame.type,
            "case": frame.case,
            "seen": frame.seen,
            "time": frame.time,
        }


def _of(known: dict[str, _Known], nation: str) -> _Known:
    found = known.get(nation)
    if found is None:
        raise BadInput(
            check="card-needed",
            detail=N_("The card of {nation} is needed: its keys say whether the signatures are good."),
            next_step=N_("Name it: --card FILE. Compare its root with the nation over another way."),
            params={"nation": nation},
            field="card",
        )
    return found
