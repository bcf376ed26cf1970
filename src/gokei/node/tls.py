"""TLS between nodes: each has one certificate, signed by itself, and believes exactly those on its partners' cards.

No authority stands above two nations, so none is asked: a card carries the certificate under the root's signature, and
a wire is good when the other end holds the key of the certificate on record (mutual TLS 1.3, RFC 8446). What goes over
the wire is signed besides; TLS keeps it from others' eyes, and keeps strangers from the port.
"""

from __future__ import annotations

import os
import secrets
import ssl
import threading
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from gokei.node.certificates import public_key, read_certificate
from gokei.node.core import Core
from gokei.terms import limits
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_


class Credentials:
    """What a node shows at its end of a wire, and what it accepts at the other, as the cards on record say now."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._calling: dict[str, tuple[bytes, ssl.SSLContext]] = {}
        self._known: set[bytes] = set()
        self._read: dict[str, tuple[bytes, bytes | None]] = {}

    def of_partner(self, nation: str) -> bytes:
        """The certificate of a partner. Raises Refused (`partner-unknown`, `tls-none`), BadInput (`card-tls`)."""
        card = self._core.card_of(nation)
        held = self._read.get(nation)
        if card is None or held is None or held[0] != card:
            partner = self._core.partner(nation)
            held = self._read[nation] = card or b"", read_certificate(partner.card.tls, nation)
        found = held[1]
        if found is None:
            raise Refused(
                check="tls-none",
                detail=N_("The card of {nation} on record has no certificate for TLS."),
                next_step=N_("Ask the partner for a new card, then add it: gokei partner add DIR FILE"),
                params={"nation": nation},
                who="partner",
            )
        return found

    def is_of(self, nation: str, certificate: bytes | None) -> bool:
        """Whether a caller that showed this certificate is the node of that partner, as its card says now."""
        try:
            return certificate is not None and self.of_partner(nation) == certificate
        except (Refused, BadInput):
            return False

    def to_call(self, nation: str) -> tuple[bytes, ssl.SSLContext]:
        """A context that shows our certificate and accepts one partner's alone; and that certificate.

        Raises as `of_partner`, and `own` for our own.
        """
        theirs = self.of_partner(nation)
        with self._lock:
            held = self._calling.get(nation)
            if held is None or held[0] != theirs:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                # The certificate itself is known; what name it bears says nothing.
                context.check_hostname = False
                self._furnish(context)
                context.load_verify_locations(cadata=theirs)
                held = self._calling[nation] = theirs, context
            return held

    def to_serve(self) -> ssl.SSLContext:
        """A context that shows our certificate, and asks every caller for one of those on our partners' cards.

        Cards that come while it serves count from the next connection on. Cards that went are told apart by `is_of`.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        self._furnish(context)
        context.num_tickets = 0
        context.sni_callback = self._before_handshake
        self._believe(context)
        return context

    def _before_handshake(self, _wire: ssl.SSLObject, _name: str | None, context: ssl.SSLContext) -> int | None:
        self._believe(context)
        return None

    def _believe(self, context: ssl.SSLContext) -> None:
        for nation in self._core.partners():
            try:
                found = self.of_partner(nation)
            except (Refused, BadInput):
                # A partner without a certificate comes by courier file.
                continue
            if found not in self._known:
                context.load_verify_locations(cadata=found)
                self._known.add(found)

    def _furnish(self, context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # A ticket would let a caller come back without its certificate being looked at.
        context.options |= ssl.OP_NO_TICKET
        certificate = own_certificate(self._core)
        seed = self._core.folder.keys.tls(public_key(certificate))
        _load(context, certificate, seed)


def own_certificate(core: Core) -> bytes:
    """The certificate on our own card. Raises Refused (`tls-none`)."""
    found = read_certificate(core.folder.card.tls, core.nation)
    if found is None:
        raise Refused(
            check="tls-none",
            detail=N_("This node's card has no certificate for TLS, so that it can speak with no other node."),
            next_step=N_(
                "Write a new card, let the root sign it, and give it to the partners: gokei keys card write DIR FILE"
            ),
            who="operator",
        )
    return found


def _load(context: ssl.SSLContext, certificate: bytes, seed: bytes) -> None:
    """The key into the context. The library reads files only: this one is sealed, and gone at once."""
    passphrase = secrets.token_bytes(32).hex().encode()
    sealed = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
    )
    with NamedTemporaryFile(prefix="gokei-", suffix=".pem") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(ssl.DER_cert_to_PEM_cert(certificate).encode() + sealed)
        file.flush()
        context.load_cert_chain(Path(file.name), password=passphrase)


def reason(error: BaseException) -> str | None:
    """Why a wire failed where a certificate is the cause, as the library says; None for any other cause."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return (seen.reason or str(seen))[: limits.TEXT_CHARACTERS]
        seen = seen.__cause__ or seen.__context__
    return None
