"""Checkpoints: what a node signs of both logs of a channel (C2SP tlog-checkpoint), and the cuts that two of them make.

The three lines of C2SP say what the author has written; two extension lines say what it had seen of the reader's log
then, and when. The reader is the log's witness: once it holds every document that a checkpoint counts, under the
same root, it cosigns the checkpoint (C2SP tlog-cosignature).

A cut (m, n) is two checkpoints: A's "I have written m and seen n", B's "I have written n and seen m". Nothing written
after a cut can be concurrent with anything before it, so what lies before it is final.
"""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from gokei.journal.entries import Entry
from gokei.journal.notes import COSIGNATURE, ED25519, TIMESTAMP_BYTES, Line, Note, key_id, read_hash
from gokei.journal.signers import Signer
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

_TEXT: Final = re.compile(
    r"gokei/(?P<environment>exercise|real)/(?P<channel>[A-Z]{2,4}-[A-Z]{2,4})/(?P<author>[A-Z]{2,4})\n"
    r"(?P<written>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"seen (?P<seen>0|[1-9][0-9]{0,15}) (?P<seen_root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n",
    re.ASCII,
)


class Checkpoint(NamedTuple):
    """What `author` says of both logs of its channel with `reader`; roots are RFC 6962 roots of 32 bytes."""

    environment: Literal["exercise", "real"]
    author: str
    reader: str
    written: int
    root: bytes
    seen: int
    seen_root: bytes
    time: str

    @property
    def origin(self) -> str:
        """The name of the author's log in this channel."""
        return f"{node_name(self.environment, '-'.join(sorted((self.author, self.reader))))}/{self.author}"

    def text(self) -> str:
        """The signed text."""
        root, seen_root = (base64.b64encode(one).decode() for one in (self.root, self.seen_root))
        return f"{self.origin}\n{self.written}\n{root}\nseen {self.seen} {seen_root}\ntime {self.time}\n"


class Cut(NamedTuple):
    """How many documents of each nation are final."""

    counts: tuple[tuple[str, int], ...]

    def covers(self, entry: Entry) -> bool:
        """Whether the document lies before the cut."""
        return any(nation == entry.author and entry.sequence <= count for nation, count in self.counts)

    def count(self, nation: str) -> int:
        """How many of that nation's documents are final."""
        return dict(self.counts).get(nation, 0)


def node_name(environment: str, nation: str) -> str:
    """The name under which a nation's node cosigns."""
    return f"gokei/{environment}/{nation}"


def sign_checkpoint(checkpoint: Checkpoint, key: Signer) -> bytes:
    """The note of a checkpoint, signed by its author's node."""
    text = checkpoint.text()
    identity = key_id(checkpoint.origin, ED25519, bytes(key.verify_key))
    return Note(text, (Line(checkpoint.origin, identity, key.sign(text.encode())),)).encode()


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is, whoever signed it. Raises BadInput (`checkpoint-text`)."""
    found = _TEXT.fullmatch(text)
    one, _, other = found["channel"].partition("-") if found else ("", "", "")
    try:
        if found is None or found["author"] not in (one, other) or one >= other:
            raise ValueError(text)
        datetime.datetime.fromisoformat(found["time"])
    except ValueError as error:
        raise BadInput(
            check="checkpoint-text",
            detail=N_("The note is no checkpoint of a channel."),
            next_step=N_("Ask the partner for its checkpoint again."),
            who="partner",
        ) from error
    return Checkpoint(
        environment="exercise" if found["environment"] == "exercise" else "real",
        author=found["author"],
        reader=other if found["author"] == one else one,
        written=int(found["written"]),
        root=read_hash(found["root"]),
        seen=int(found["seen"]),
        seen_root=read_hash(found["seen_root"]),
        time=found["time"],
    )


def read_checkpoint(raw: bytes, *keys: VerifyKey) -> Checkpoint:
    """A checkpoint out of its note, by any of its author's keys; a known key's signature that does not fit refuses the
    note, whoever else signed it (C2SP signed-note). Raises BadInput, Refused (`checkpoint-signature`)."""
    note = Note.decode(raw)
    checkpoint = parse_checkpoint(note.text)
    fitting = fits(note, checkpoint, keys)
    if fitting is None:
        raise Refused(
            check="checkpoint-signature",
            detail=N_("The checkpoint is not signed by the node of {nation}, as its keys are known here."),
            params={"nation": checkpoint.author},
            who="partner",
            next_step=N_("Ask the partner for a new identity card and compare its root."),
        )
    if not fitting:
        raise Refused(
            check="checkpoint-signature",
            detail=N_("The checkpoint was changed: the signature of {nation} does not fit its bytes."),
            params={"nation": checkpoint.author},
            who="partner",
            next_step=N_("Ask for it again, whole."),
        )
    return checkpoint


def fits(note: Note, checkpoint: Checkpoint, keys: Iterable[VerifyKey]) -> bool | None:
    """Whether the signatures of these keys of the author fit the note; None where it has none of them."""
    found: bool | None = None
    for key in keys:
        line = note.by(checkpoint.origin, key_id(checkpoint.origin, ED25519, bytes(key)))
        if line is not None:
            found = found is not False and _verifies(key, note.text.encode(), line.value)
    return found


def cosign(raw: bytes, name: str, key: Signer, timestamp: int) -> bytes:
    """The note with a witness's cosignature more: that its log is consistent, at POSIX time `timestamp`."""
    note = Note.decode(raw)
    value = timestamp.to_bytes(TIMESTAMP_BYTES, "big") + key.sign(_cosigned(note.text, timestamp))
    return note.with_line(Line(name, key_id(name, COSIGNATURE, bytes(key.verify_key)), value)).encode()


def cosigned_at(raw: bytes, name: str, *keys: VerifyKey) -> int | None:
    """When that witness cosigned the note (POSIX time), by any of its keys, or None where it did not."""
    note = Note.decode(raw)
    for key in keys:
        line = note.by(name, key_id(name, COSIGNATURE, bytes(key)))
        if line is None or len(line.value) != TIMESTAMP_BYTES + 64:
            continue
        timestamp = int.from_bytes(line.value[:TIMESTAMP_BYTES], "big")
        if timestamp < 2**63 and _verifies(key, _cosigned(note.text, timestamp), line.value[TIMESTAMP_BYTES:]):
            return timestamp
    return None


def cut_of(one: Checkpoint, other: Checkpoint) -> Cut | None:
    """The cut that two checkpoints make, or None.

    Raises Refused (`fork`) where the counts agree and the roots do not.
    """
    if (one.author, one.reader) != (other.reader, other.author) or one.environment != other.environment:
        return None
    if one.written != other.seen or other.written != one.seen:
        return None
    if one.root != other.seen_root or other.root != one.seen_root:
        raise Refused(
            check="fork",
            detail=N_("{one} and {other} count the same documents and sign different roots: one log was forked."),
            next_step=N_("Find the document that differs: gokei compare-books DIR PARTNER. The evidence is kept."),
            params={"one": one.author, "other": other.author},
            who="partner",
        )
    return Cut(tuple(sorted(((one.author, one.written), (other.author, other.written)))))


def _cosigned(text: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def _verifies(key: VerifyKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(message, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
