"""Signed heads of logs, and the cuts that two of them make.

A cut (m, n) is two signatures: A's "I have written m and seen n", B's "I have written n and seen m". Nothing written
after a cut can be concurrent with anything before it, so what lies before it is final.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from nacl.signing import VerifyKey
from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.entries import Entry
from gokei.journal.frames import Instant, NationCode, Strict
from gokei.journal.signers import Signer
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class Head(Strict):
    """What an author says of both logs of a channel; roots are RFC 6962 roots in hexadecimal."""

    gokei: Literal[1]
    environment: Literal["exercise", "real"]
    author: NationCode
    reader: NationCode
    written: Annotated[int, Field(ge=0)]
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seen: Annotated[int, Field(ge=0)]
    seen_root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    time: Instant


class Cut(NamedTuple):
    """How many documents of each nation are final."""

    counts: tuple[tuple[str, int], ...]

    def covers(self, entry: Entry) -> bool:
        """Whether the document lies before the cut."""
        return any(nation == entry.author and entry.sequence <= count for nation, count in self.counts)

    def count(self, nation: str) -> int:
        """How many of that nation's documents are final."""
        return dict(self.counts).get(nation, 0)


def sign_head(head: Head, key: Signer) -> bytes:
    """The envelope of a head, signed by the node's key."""
    return envelopes.sign(envelopes.HEAD, canonical(head.model_dump(mode="json")), [key]).encode()


def read_head(raw: bytes, *keys: VerifyKey) -> Head:
    """A head out of its envelope, by any of these keys. Raises BadInput, Refused (`head-signature`) for another's."""
    envelope = envelopes.Envelope.decode(raw, envelopes.HEAD)
    if len(envelope.signatures) != 1 or not any(envelopes.verifies(envelope, 0, key) for key in keys):
        raise Refused(
            check="head-signature",
            detail=N_("The head is not signed by the partner's node."),
            who="partner",
            next_step=N_("Ask the partner for a new identity card and compare its root."),
        )
    parse_object(envelope.payload)
    try:
        return Head.model_validate_json(envelope.payload)
    except ValidationError as error:
        raise BadInput(
            check="head-schema", detail=N_("The head does not have the fields of a head."), who="partner"
        ) from error


def cut_of(one: Head, other: Head) -> Cut | None:
    """The cut that two heads make, or None. Raises Refused (`fork`) where the counts agree and the roots do not."""
    if (one.author, one.reader) != (other.reader, other.author) or one.environment != other.environment:
        return None
    if one.written != other.seen or other.written != one.seen:
        return None
    if one.root != other.seen_root or other.root != one.seen_root:
        raise Refused(
            check="fork",
            detail=N_("{one} and {other} count the same documents and sign different roots: one log was forked."),
            next_step=N_("Keep both heads: they are evidence. Run verify against the partner's bundle."),
            params={"one": one.author, "other": other.author},
            who="partner",
        )
    return Cut(tuple(sorted(((one.author, one.written), (other.author, other.written)))))
