"""Who may sign for a nation: a root that names offices, each with a key, powers and a term.

An identity card carries all of it to a partner, signed by the root. Later changes are mandates of the root, carried by
documents in the nation's own log, which the node's key signs; they count from their place in that log onward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final, Literal, NamedTuple

from nacl.signing import VerifyKey
from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.entries import Entry, Void
from gokei.journal.frames import Instant, NationCode, Strict
from gokei.journal.mandates import NodeKey, Office
from gokei.journal.postquantum import PostQuantumKey, check_key
from gokei.journal.publickeys import check_proof, key_refused, name_of, verify_key
from gokei.journal.roots import RootStatement, check_root, enough, signers_of
from gokei.journal.signers import Signer
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

POWERS: Final = frozenset(
    {
        "request",
        "order",
        "approve",
        "deliver",
        "receive",
        "claim",
        "settle",
        "state",
        "release",
        "custody",
        "publish",
    }
)
NODE_OFFICE: Final = "node"
KEYS_POWER: Final = "keys"
# Names that no office has: the node signs as one, the root never signs a document.
RESERVED: Final = frozenset({NODE_OFFICE, "root"})
COMPROMISED: Final = "door-7-compromised"
# A public key of age for X25519 (C2SP age): 32 bytes in Bech32.
SEALING: Final = r"^age1[02-9ac-hj-np-z]{58}$"
_ALWAYS: Final = "0000-01-01T00:00:00Z"


class Card(Strict):
    """A nation's identity card: what a partner needs to believe its signatures, and nothing secret.

    `serial` is that of the newest mandate whose effect the card shows already; 0 before the first. `tls` is the node's
    certificate for the exchange (DER, base64), and `post_quantum` the key of the second signature on its checkpoints,
    where it has one.
    """

    gokei: Literal[1]
    environment: Literal["exercise", "real"]
    nation: NationCode
    statement: RootStatement
    serial: Annotated[int, Field(ge=0, le=2**53)]
    issued: Instant
    node: NodeKey
    sealing: Annotated[str, Field(pattern=SEALING)] | None = None
    tls: Annotated[str, Field(max_length=limits.CERTIFICATE_CHARACTERS)] | None = None
    post_quantum: PostQuantumKey | None = None
    address: Annotated[str, Field(max_length=300)] | None = None
    offices: Annotated[tuple[Office, ...], Field(min_length=1, max_length=limits.OFFICES_PER_NATION)]

    @property
    def root(self) -> str:
        """The root's fingerprint."""
        return self.statement.fingerprint


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """An office as the door uses it; `stated` is what card or mandate said, None for the node."""

    office: str
    key: VerifyKey
    powers: frozenset[str]
    limit: tuple[Decimal, str] | None
    valid_from: str
    valid_until: str | None
    stated: Office | None = None

    def valid_at(self, time: str) -> bool:
        """Whether the key's term covers the instant (both are RFC 3339 in UTC, so text order is time order)."""
        return self.valid_from <= time and (self.valid_until is None or time < self.valid_until)


class Revoked(NamedTuple):
    """A key that was taken out of use at a place of the log.

    What it signed after `stands_through` (None: nothing) and before `sequence` is void.
    """

    office: OfficeKey
    reason: str
    sequence: int
    compromised_since: str | None = None
    stands_through: int | None = None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one nation at one place of its log.

    `nodes` are the node's keys so far, the newest first; `base` the serial that the card shows; `applied` the names
    of the mandates since, by serial.
    """

    nation: str
    environment: str
    root: RootStatement
    node_key: NodeKey
    nodes: tuple[VerifyKey, ...]
    offices: Mapping[str, OfficeKey]
    base: int = 0
    serial: int = 0
    applied: Mapping[int, str] = field(default_factory=dict)
    revoked: Mapping[str, Revoked] = field(default_factory=dict)

    @property
    def node(self) -> VerifyKey:
        """The node's key."""
        return self.nodes[0]

    def by_name(self, keyid: str) -> OfficeKey | None:
        """The office that holds the key of that name."""
        return self.offices.get(keyid)

    def with_offices(self, added: Mapping[str, OfficeKey], *without: str) -> KeyRing:
        """The ring with some keys more, and without those named."""
        kept = {name: key for name, key in self.offices.items() if name not in without}
        return replace(self, offices=MappingProxyType(kept | dict(added)))

    def beside(self, other: KeyRing) -> KeyRing:
        """The keys of two cards of the same root: what was signed long ago, and what was signed since."""
        newer, older = (self, other) if self.serial >= other.serial else (other, self)
        nodes = (*newer.nodes, *(key for key in older.nodes if key not in newer.nodes))
        offices = {**older.offices, **newer.offices}
        return replace(newer, nodes=nodes, offices=MappingProxyType(offices))

    def with_document(self, entry: Entry) -> KeyRing:
        """The ring after a document of the nation's own log: mandates change it, nothing else does."""
        from gokei.journal.changes import after_document

        return after_document(self, entry)

    def doubts(self, sequence: int) -> bool:
        """Whether a compromised key may have signed the document at that place of the log."""
        return any(
            one.stands_through is not None and one.stands_through < sequence < one.sequence
            for one in self.revoked.values()
        )

    def overlaid(self, entry: Entry, signers: tuple[str, ...]) -> Void | None:
        """Why a document has no effect once a key that signed it is known to be compromised, or None."""
        for name in signers:
            found = self.revoked.get(name)
            if found is None or found.stands_through is None:
                continue
            if found.stands_through < entry.sequence < found.sequence:
                return Void(
                    COMPROMISED,
                    N_("The key of {office} was in a stranger's hands: what it signed after {through} is void."),
                    {"office": found.office.office, "through": str(found.stands_through)},
                )
        return None


def sign_card(card: Card, roots: list[Signer]) -> bytes:
    """The envelope of a card, signed by these keys of the national root."""
    return envelopes.sign(envelopes.CARD, canonical(card.model_dump(mode="json")), roots).encode()


def open_card(raw: bytes, path: str | None = None) -> tuple[Card, envelopes.Envelope]:
    """A card and its envelope, signed or not yet. Raises BadInput (`card-schema`), Refused (`key-algorithm`)."""
    envelope = envelopes.Envelope.decode(raw, envelopes.CARD, path, limits.SIGNATURES_PER_MANDATE, 0)
    parse_object(envelope.payload, path=path)
    try:
        return Card.model_validate_json(envelope.payload), envelope
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["loc"][-1] == "algorithm" and first["type"] != "missing":
            raise key_refused(
                "key-algorithm", N_("A key is of an algorithm that is not allowed; only ed25519 is."), path
            ) from error
        raise BadInput(
            check="card-schema",
            detail=N_("The card's field {field} is not right."),
            params={"field": place},
            field=place,
            path=path,
            who="partner",
        ) from error


def read_card(raw: bytes, path: str | None = None) -> tuple[Card, KeyRing]:
    """A card and its keys, after every check of enrolment.

    Raises BadInput for bytes that are no card and Refused (`card-…`, `key-algorithm`, `root-statement`) for a card
    that does not prove itself.
    """
    card, envelope = open_card(raw, path)
    ring = ring_of(card, path)
    if not enough(envelope, card.statement):
        raise Refused(
            check="card-signature",
            detail=N_("The card is signed by {found} keys of the root that it names, and {threshold} are needed."),
            params={
                "found": str(len(signers_of(envelope, card.statement))),
                "threshold": str(card.statement.threshold),
            },
            next_step=N_("One's own: let more holders sign it (gokei keys card sign). A partner's: ask for it again."),
            path=path,
            who="partner",
        )
    return card, ring


def ring_of(card: Card, path: str | None = None) -> KeyRing:
    """The keys that a card states, each checked; its signatures are not. Raises Refused."""
    roots = check_root(card.statement, path)
    if (card.statement.nation, card.statement.environment) != (card.nation, card.environment):
        raise key_refused("card-signature", N_("The root that the card names is another nation's."), path)
    node = node_office(card.node, card.nation, card.environment, path)
    if card.post_quantum is not None:
        check_key(card.post_quantum, card.nation, card.environment, path)
    offices: dict[str, OfficeKey] = {name_of(node.key): node}
    for stated in card.offices:
        name = name_of(stated.key)
        if name in offices or name in roots:
            raise key_refused("card-key-twice", N_("Two offices of the card have the same key."), path)
        offices[name] = office_key(stated, card.nation, card.environment, path)
    if len({key.office for key in offices.values()}) != len(offices) and card.serial == 0:
        raise key_refused("card-office-twice", N_("The card names one office twice."), path)
    return KeyRing(
        nation=card.nation,
        environment=card.environment,
        root=card.statement,
        node_key=card.node,
        nodes=(node.key,),
        offices=MappingProxyType(offices),
        base=card.serial,
        serial=card.serial,
    )


def office_key(stated: Office, nation: str, environment: str, path: str | None = None) -> OfficeKey:
    """An office that card or mandate states, checked. Raises Refused (`card-power`, `card-key`, `card-proof`)."""
    if set(stated.powers) - POWERS or stated.office in RESERVED:
        raise key_refused("card-power", N_("An office of the card claims a power that offices cannot have."), path)
    key = verify_key(stated.algorithm, stated.key, path)
    check_proof(key, stated.proof, nation, environment, stated.office, path)
    limit = (Decimal(stated.limit.amount), stated.limit.currency) if stated.limit else None
    return OfficeKey(stated.office, key, frozenset(stated.powers), limit, stated.valid_from, stated.valid_until, stated)


def node_office(stated: NodeKey, nation: str, environment: str, path: str | None = None) -> OfficeKey:
    """The node as the office that carries mandates and nothing else. Raises Refused (`card-key`, `card-proof`)."""
    key = verify_key(stated.algorithm, stated.key, path)
    check_proof(key, stated.proof, nation, environment, NODE_OFFICE, path)
    return OfficeKey(NODE_OFFICE, key, frozenset({KEYS_POWER}), None, _ALWAYS, None)
