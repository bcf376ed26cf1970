"""Mandates: what a nation's root orders about keys, signed offline and carried as a file.

A mandate is an envelope of its own. It reaches every partner inside an ordinary document of the nation's own log, so
its effect has a place in the log, and the same mandate may come any number of times, through any number of channels.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import Instant, NationCode, OfficeName, Strict
from gokei.journal.publickeys import Algorithm, Proof, PublicKey
from gokei.journal.roots import RootStatement
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

_Fingerprint: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Reason: TypeAlias = Annotated[str, Field(min_length=1, max_length=limits.REASON_CHARACTERS)]


class Limit(Strict):
    """The highest value that an office may sign for; decimal text and ISO 4217 code."""

    amount: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,3})?$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Office(Strict):
    """One office: its key (hexadecimal), its powers, the term of its key, and the proof that it holds the key."""

    office: OfficeName
    title: Annotated[dict[str, str], Field(max_length=8)]
    algorithm: Algorithm
    key: PublicKey
    powers: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)]
    limit: Limit | None = None
    valid_from: Instant
    valid_until: Instant | None = None
    proof: Proof


class NodeKey(Strict):
    """The key by which the nation's node signs heads, refusals, and documents about keys."""

    algorithm: Algorithm
    key: PublicKey
    proof: Proof


class Grant(Strict):
    """An office is named, or gets one more key, or its key gets other powers."""

    kind: Literal["grant"]
    office: Office


class Revoke(Strict):
    """A key is taken out of use. `compromised_since` says since when a stranger may have had it; people read it."""

    kind: Literal["revoke"]
    office: OfficeName
    key: PublicKey
    reason: _Reason
    compromised_since: Instant | None = None


class ChangeNodeKey(Strict):
    """The node gets another key."""

    kind: Literal["node_key"]
    node: NodeKey


class ChangeRoot(Strict):
    """The root itself is replaced; the old root and the new one both sign."""

    kind: Literal["root"]
    statement: RootStatement


class Mandate(Strict):
    """One order of a root. `serial` only grows; `root` is the fingerprint of the root that orders it."""

    gokei: Literal[1]
    nation: NationCode
    environment: Literal["exercise", "real"]
    root: _Fingerprint
    serial: Annotated[int, Field(ge=1, le=2**53)]
    issued: Instant
    change: Annotated[Grant | Revoke | ChangeNodeKey | ChangeRoot, Field(discriminator="kind")]

    def encode(self) -> bytes:
        """The mandate's one spelling, made once, when it is written."""
        return canonical(self.model_dump(mode="json"))


class _Carrying(Strict):
    mandate: Annotated[str, Field(max_length=limits.MANDATE_BYTES)]


class OfficeGrant(_Carrying):
    """`office_grant`: carries a mandate of the kind `grant`."""


class OfficeRevocation(_Carrying):
    """`office_revocation`: carries a mandate of the kind `revoke`.

    `stands_through`, for a compromised key: what it signed after that document of this log is void.
    """

    stands_through: Annotated[int, Field(ge=0, le=2**53)] | None = None


class NodeKeyChange(_Carrying):
    """`node_key_change`: carries a mandate of the kind `node_key`."""


class RootChange(_Carrying):
    """`root_change`: carries a mandate of the kind `root`."""


KeyDocument: TypeAlias = OfficeGrant | OfficeRevocation | NodeKeyChange | RootChange
DOCUMENTS: Final[dict[str, tuple[str, type[KeyDocument]]]] = {
    "grant": ("office_grant", OfficeGrant),
    "revoke": ("office_revocation", OfficeRevocation),
    "node_key": ("node_key_change", NodeKeyChange),
    "root": ("root_change", RootChange),
}


class SignedMandate(NamedTuple):
    """A mandate with its envelope, whatever signatures that has so far."""

    mandate: Mandate
    envelope: envelopes.Envelope

    @property
    def hash(self) -> str:
        """The mandate's name: SHA-256 of its exact bytes."""
        return self.envelope.hash


def unsigned(mandate: Mandate) -> envelopes.Envelope:
    """The envelope of a new mandate, for the root's holders to sign."""
    return envelopes.Envelope(envelopes.MANDATE, mandate.encode(), ())


def read_mandate(raw: bytes, path: str | None = None) -> SignedMandate:
    """A mandate out of its envelope, signed or not yet. Raises BadInput (`mandate-none`, `envelope-…`)."""
    envelope = envelopes.Envelope.decode(raw, envelopes.MANDATE, path, limits.SIGNATURES_PER_MANDATE, 0)
    try:
        parse_object(envelope.payload, path=path, max_bytes=limits.MANDATE_BYTES)
        return SignedMandate(Mandate.model_validate_json(envelope.payload), envelope)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadInput(
            check="mandate-none",
            detail=N_("The mandate's field {field} is not right."),
            params={"field": place},
            next_step=N_("Write it again with: gokei keys mandate --help"),
            field=place,
            path=path,
        ) from error


def carried(body: KeyDocument) -> SignedMandate:
    """The mandate that a document carries. Raises BadInput where it is none, or not of the document's kind."""
    found = read_mandate(body.mandate.encode())
    if not isinstance(body, DOCUMENTS[found.mandate.change.kind][1]):
        raise BadInput(
            check="mandate-kind",
            detail=N_("The document carries a mandate of another kind."),
            next_step=N_("Give the mandate to the node with: gokei keys apply DIR MANDATE"),
        )
    return found
