"""The certificate of a node, which its card carries under the root's signature.

It is signed by itself: trust in it comes from the card. So it never ends; a new card names another.
"""

from __future__ import annotations

import base64
import datetime
from typing import Final

from cryptography import x509
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


def read_certificate(text: str | None) -> bytes | None:
    """The DER of a certificate as a card carries it; None where the card has none. Raises BadInput (`card-tls`)."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        x509.load_der_x509_certificate(raw)
    except ValueError as error:
        raise BadInput(
            check="card-tls",
            detail=N_("The certificate on the card cannot be read."),
            next_step=N_("Let the partner make its card anew."),
            who="partner",
        ) from error
    return raw


def public_key(certificate: bytes) -> str:
    """The certificate's public key, 64 hexadecimal digits; empty where it is of another kind than this node makes."""
    found = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(found, Ed25519PublicKey):
        return ""
    return found.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
