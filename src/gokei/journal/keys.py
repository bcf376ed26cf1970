"""Who may sign for a nation: a national root that names offices, each with a key, powers and a term.

An identity card carries all of it to a partner, signed by the root. Later changes are documents in the nation's own
log (`office_grant`, `office_revocation`), signed by the root too, and count from their place in that log onward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final, Literal

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.entries import Entry
from gokei.journal.frames import Instant, NationCode, OfficeName, Strict
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem, Refused
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
        "root",
    }
)
ROOT_OFFICE: Final = "root"

PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Proof = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class Limit(Strict):
    """The highest value that an office may sign for; decimal text and ISO 4217 code."""

    amount: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,3})?$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Office(Strict):
    """One office: its key (hexadecimal), its powers, the term of its key, and the proof that it holds the key."""

    office: OfficeName
    title: Annotated[dict[str, str], Field(max_length=8)]
    key: PublicKey
    powers: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)]
    limit: Limit | None = None
    valid_from: Instant
    valid_until: Instant | None = None
    proof: Proof


class NodeKey(Strict):
    """The key by which the nation's node signs heads and refusals."""

    key: PublicKey
    proof: Proof


class Card(Strict):
    """A nation's identity card: what a partner needs to believe its signatures, and nothing secret."""

    gokei: Literal[1]
    environment: Literal["exercise", "real"]
    nation: NationCode
    root: PublicKey
    issued: Instant
    node: NodeKey
    sealing: Annotated[str, Field(max_length=200)] | None = None
    address: Annotated[str, Field(max_length=300)] | None = None
    offices: Annotated[tuple[Office, ...], Field(min_length=1, max_length=limits.OFFICES_PER_NATION)]


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """An office as the door uses it."""

    office: str
    key: VerifyKey
    powers: frozenset[str]
    limit: tuple[Decimal, str] | None
    valid_from: str
    valid_until: str | None

    def valid_at(self, time: str) -> bool:
        """Whether the key's term covers the instant (both are RFC 3339 in UTC, so text order is time order)."""
        return self.valid_from <= time and (self.valid_until is None or time < self.valid_until)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one nation at one place of its log."""

    nation: str
    environment: str
    root: VerifyKey
    node: VerifyKey
    offices: Mapping[str, OfficeKey]

    def by_name(self, keyid: str) -> OfficeKey | None:
        """The office that holds the key of that name."""
        return self.offices.get(keyid)

    def with_document(self, entry: Entry) -> KeyRing:
        """The ring after a document of the nation's own log: grants add, revocations take away."""
        if entry.void is not None or entry.body is None:
            return self
        body = entry.body
        if isinstance(body, OfficeGrant):
            added = _office_key(body.grant, self.nation, self.environment, bytes(self.root).hex())
            return replace(self, offices=MappingProxyType(dict(self.offices) | {_name(body.grant.key): added}))
        if isinstance(body, OfficeRevocation):
            kept = {name: key for name, key in self.offices.items() if name != _name(body.key)}
            return replace(self, offices=MappingProxyType(kept))
        return self


class OfficeGrant(Strict):
    """`office_grant`: the root names an office, or gives one a new key. Signed by the root."""

    grant: Office


class OfficeRevocation(Strict):
    """`office_revocation`: the root takes a key out of use, from this place of the log onward. Signed by the root."""

    office: OfficeName
    key: PublicKey
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


def prove(key: SigningKey, nation: str, environment: str, root: str, office: str) -> str:
    """The proof that whoever asks for `office` holds its key, bound to nation, environment and root."""
    return key.sign(_claim(nation, environment, root, office)).signature.hex()


def sign_card(card: Card, root: SigningKey) -> bytes:
    """The envelope of a card, signed by the national root."""
    return envelopes.sign(envelopes.CARD, canonical(card.model_dump(mode="json")), [root]).encode()


def read_card(raw: bytes, path: str | None = None) -> tuple[Card, KeyRing]:
    """A card and its keys, after every check of enrolment.

    Raises BadInput for bytes that are no card and Refused (`card-…`) for a card that does not prove itself.
    """
    envelope = envelopes.Envelope.decode(raw, envelopes.CARD, path)
    parse_object(envelope.payload, path=path)
    try:
        card = Card.model_validate_json(envelope.payload)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadInput(
            check="card-schema",
            detail=N_("The card's field {field} is not right."),
            params={"field": place},
            field=place,
            path=path,
            who="partner",
        ) from error
    root = _verify_key(card.root, path)
    if len(envelope.signatures) != 1 or not envelopes.verifies(envelope, 0, root):
        raise _card_refused("card-signature", N_("The card is not signed by the root that it names."), path)
    node = _verify_key(card.node.key, path)
    _check_proof(node, card.node.proof, card.nation, card.environment, card.root, "node", path)
    offices: dict[str, OfficeKey] = {}
    for office in card.offices:
        if _name(office.key) in offices:
            raise _card_refused("card-key-twice", N_("Two offices of the card have the same key."), path)
        offices[_name(office.key)] = _office_key(office, card.nation, card.environment, card.root, path)
    if len({key.office for key in offices.values()}) != len(offices):
        raise _card_refused("card-office-twice", N_("The card names one office twice."), path)
    root_key = OfficeKey(ROOT_OFFICE, root, frozenset({"root"}), None, card.issued, None)
    offices[_name(card.root)] = replace(root_key, valid_from="0000-01-01T00:00:00Z")
    return card, KeyRing(card.nation, card.environment, root, node, MappingProxyType(offices))


def _office_key(office: Office, nation: str, environment: str, root: str, path: str | None = None) -> OfficeKey:
    unknown = sorted(set(office.powers) - POWERS | {power for power in office.powers if power == "root"})
    if unknown or office.office == ROOT_OFFICE:
        raise _card_refused("card-power", N_("An office of the card claims a power that offices cannot have."), path)
    key = _verify_key(office.key, path)
    _check_proof(key, office.proof, nation, environment, root, office.office, path)
    limit = (Decimal(office.limit.amount), office.limit.currency) if office.limit else None
    return OfficeKey(office.office, key, frozenset(office.powers), limit, office.valid_from, office.valid_until)


def check_grant(grant: Office, ring: KeyRing) -> Problem | None:
    """What is wrong with a granted office, or None: the same checks as at enrolment."""
    try:
        _office_key(grant, ring.nation, ring.environment, bytes(ring.root).hex())
    except Problem as problem:
        return problem
    return None


def _verify_key(public: str, path: str | None) -> VerifyKey:
    data = bytes.fromhex(public)
    if not crypto_core_ed25519_is_valid_point(data):
        raise _card_refused("card-key", N_("A key of the card is not a valid point of Ed25519."), path)
    return VerifyKey(data)


def _check_proof(
    key: VerifyKey, proof: str, nation: str, environment: str, root: str, office: str, path: str | None
) -> None:
    try:
        key.verify(_claim(nation, environment, root, office), bytes.fromhex(proof))
    except BadSignatureError as error:
        raise _card_refused(
            "card-proof", N_("An office of the card does not prove that it holds its key."), path
        ) from error


def _claim(nation: str, environment: str, root: str, office: str) -> bytes:
    return canonical(
        {"gokei": "holds this key", "nation": nation, "environment": environment, "root": root, "office": office}
    )


def _name(public: str) -> str:
    return envelopes.key_name(bytes.fromhex(public))


def _card_refused(check: str, detail: str, path: str | None) -> Refused:
    return Refused(
        check=check,
        detail=detail,
        path=path,
        who="partner",
        next_step=N_("Ask the partner for its card again and compare the root over another way."),
    )
