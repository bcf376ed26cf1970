"""The certificate of a node, which its card carries under the root's signature.

It is signed by itself: trust in it comes from the card. So it never ends; a new card names another.
"""

from __future__ import annotations

import base64
import datetime
import ssl
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from gokei.terms.problems import BadInput
from gokei.terms.words import N_

# RFC 5280, 4.1.2.5: a certificate that has no well-defined end. It ends when the card names another.
_ENDS: Final = datetime.datetime(9999, 12, 31, 23, 59, 59)
# Before every clock that may be wrong.
_BEGINS: Final = datetime.datetime(2000, 1, 1)


def make_certificate(seed: bytes, nation: str, serial: bytes) -> str:
    """The certificate of the TLS key (Ed25519, RFC 8410) of that seed of 32 bytes, signed by itself; DER in base64.

    `serial` are 16 random bytes.
    """
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, nation),
            x509.NameAttribute(NameOID.COMMON_NAME, f"gokei {serial.hex()}"),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(serial, "big") | 1)
        .not_valid_before(_BEGINS)
        .not_valid_after(_ENDS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, None)
    )
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()


def read_certificate(text: str | None, nation: str, path: str | None = None) -> bytes | None:
    """The DER of a certificate as the card of a nation carries it; None where the card has none.

    Raises BadInput (`card-tls`) for anything but what `make_certificate` makes: all partners' certificates are believed
    at one port, where one that the library cannot read, or that bears the name of another nation's, would keep out
    everyone.
    """
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        found = x509.load_der_x509_certificate(raw)
        named = [one.value for one in found.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
        is_right = found.subject == found.issuer and named == [nation] and bool(_raw_key(found))
        # What one library reads, the other may not.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=raw)
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm, ssl.SSLError) as error:
        raise _unreadable(nation, path) from error
    if not is_right:
        raise _unreadable(nation, path)
    return raw


def _unreadable(nation: str, path: str | None) -> BadInput:
    return BadInput(
        check="card-tls",
        detail=N_("The certificate on the card is none that a node of {nation} makes for itself."),
        next_step=N_("Let the partner make its card anew, with another certificate."),
        params={"nation": nation},
        path=path,
        field="tls",
        who="partner",
    )


def public_key(certificate: bytes) -> str:
    """The certificate's public key, 64 hexadecimal digits."""
    return _raw_key(x509.load_der_x509_certificate(certificate)).hex()


def _raw_key(certificate: x509.Certificate) -> bytes:
    """The key, 32 bytes; empty where it is of another kind than nodes make."""
    found = certificate.public_key()
    return found.public_bytes(Encoding.Raw, PublicFormat.Raw) if isinstance(found, Ed25519PublicKey) else b""
