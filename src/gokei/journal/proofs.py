"""Proof that a document stands in a log (C2SP tlog-proof): its place, its audit path, and a signed checkpoint.

The bundle carries the document's own envelope as `extra`, so that one file and the nations' cards are all that a third
party needs, without a network and without trusting whoever hands the file over.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from typing import Final, NamedTuple

from gokei.journal.checkpoints import Checkpoint, cosigned_at, fits, node_name, parse_checkpoint
from gokei.journal.door import Authentic, issued_by
from gokei.journal.keys import KeyRing
from gokei.journal.merkle import included, leaf_hash
from gokei.journal.notes import Note, hash_lines, read_hash
from gokei.terms import limits
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

MARK: Final = b"c2sp.org/tlog-proof@v1\n"
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})", re.ASCII)


class Proof(NamedTuple):
    """The document's place, from 0, its audit path, the checkpoint's note, and the document's envelope."""

    place: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    envelope: bytes

    def encode(self) -> bytes:
        """The bundle's bytes."""
        extra = base64.b64encode(self.envelope).decode()
        head = f"extra {extra}\nindex {self.place}\n{hash_lines(self.hashes)}\n"
        return MARK + head.encode() + self.checkpoint


def decode(raw: bytes, path: str | None = None) -> Proof:
    """A bundle out of its bytes. Raises BadInput (`proof-form`, `note-…`)."""
    try:
        if len(raw) > limits.PROOF_BYTES or not raw.startswith(MARK):
            # Before it is cut into lines, which would take many times its size.
            raise ValueError(len(raw))
        head, blank, checkpoint = raw.removeprefix(MARK).partition(b"\n\n")
        extra, index, *hashes = head.decode("ascii").split("\n", limits.HASHES_PER_PROOF + 3)
        place = _INDEX.fullmatch(index)
        if not blank or place is None:
            raise ValueError(index)
        if not extra.startswith("extra ") or len(hashes) > limits.HASHES_PER_PROOF:
            raise ValueError(extra)
        envelope = base64.b64decode(extra.removeprefix("extra "), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(
            check="proof-form",
            detail=N_("The file is no proof of a document in a log."),
            next_step=N_("Ask who sent it to write it again: gokei proof DIR DOCUMENT OUT"),
            path=path,
        ) from error
    return Proof(int(place[1]), tuple(read_hash(one) for one in hashes), checkpoint, envelope)


class Shown(NamedTuple):
    """What a bundle proves: the document, the checkpoint that counts it, and when the reader's node cosigned (POSIX
    time), or None where it did not, or where its card is not at hand."""

    document: Authentic
    checkpoint: Checkpoint
    note: Note
    cosigned: int | None


def check(proof: Proof, author: KeyRing, reader: KeyRing | None) -> Shown:
    """What the bundle proves by the author's keys, and by the reader's where its card is at hand.

    Raises Refused (`proof-…`, `door-…`) where it proves nothing, or not by these cards (`proof-card`).
    """
    note = Note.decode(proof.checkpoint)
    checkpoint = parse_checkpoint(note.text)
    fitting = fits(note, checkpoint, author.nodes)
    if fitting is None:
        raise _of_no_card(
            N_("The checkpoint is signed by no key on the cards of {nation} that were given."), author.nation
        )
    if not fitting:
        raise _refused(N_("The checkpoint was changed: the signature does not fit its bytes."))
    signed = issued_by(proof.envelope, author)
    frame = signed.frame
    log = (author.environment, author.nation, checkpoint.reader)
    if log != (checkpoint.environment, checkpoint.author, checkpoint.reader) or log != (
        frame.environment,
        frame.author,
        frame.reader,
    ):
        raise _refused(N_("The document and the checkpoint are of different logs."))
    leaf = leaf_hash(signed.envelope.payload)
    if frame.sequence != proof.place + 1 or not included(
        leaf, proof.place, checkpoint.written, proof.hashes, checkpoint.root
    ):
        raise _refused(N_("The document does not stand in the log that the checkpoint counts."))
    return Shown(signed, checkpoint, note, _cosigned(proof, checkpoint, note, reader))


def _cosigned(proof: Proof, checkpoint: Checkpoint, note: Note, reader: KeyRing | None) -> int | None:
    """When the reader cosigned. A proof whose checkpoint nobody has cosigned yet is one all the same."""
    cosigner = node_name(checkpoint.environment, checkpoint.reader)
    if reader is None or (reader.nation, reader.environment) != (checkpoint.reader, checkpoint.environment):
        return None
    found = cosigned_at(proof.checkpoint, cosigner, *reader.nodes)
    if found is None and cosignatures(note, checkpoint):
        raise _of_no_card(
            N_("The checkpoint is cosigned by no key on the cards of {nation} that were given."), reader.nation
        )
    return found


def cosignatures(note: Note, checkpoint: Checkpoint) -> int:
    """How many lines of a note say that they are the reader's, whether or not they are."""
    return sum(line.name == node_name(checkpoint.environment, checkpoint.reader) for line in note.lines)


def instant(timestamp: int) -> str:
    """POSIX time as an instant; one beyond the calendar as its seconds."""
    try:
        return datetime.datetime.fromtimestamp(timestamp, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return f"{timestamp} s"


def _of_no_card(detail: str, nation: str) -> Refused:
    return Refused(
        check="proof-card",
        detail=detail,
        next_step=N_("Keys change: name the newest card of {nation} too, and that of the time (--card, for each)."),
        params={"nation": nation},
    )


def _refused(detail: str) -> Refused:
    return Refused(
        check="proof-nothing", detail=detail, next_step=N_("Do not rely on it; ask for another."), who="partner"
    )
