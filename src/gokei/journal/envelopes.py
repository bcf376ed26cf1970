"""DSSE envelopes over exact bytes (Dead Simple Signing Envelope v1.0.2, secure-systems-lab).

What is signed is the pre-authentication encoding of the type and the payload; the payload's bytes are kept as they
came and never spelled again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson
import pybase64
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from gokei.journal.signers import Signer
from gokei.terms import limits
from gokei.terms.canonical import sha256_name
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

DOCUMENT: Final = "application/vnd.gokei.document+json"
CARD: Final = "application/vnd.gokei.card+json"
MANDATE: Final = "application/vnd.gokei.mandate+json"
OFFER: Final = "application/vnd.gokei.offer+json"
REFUSAL: Final = "application/vnd.gokei.refusal+json"
WANT: Final = "application/vnd.gokei.want+json"

_NAMES: Final = {"payload", "payloadType", "signatures"}
# Between the quotation marks of an encoded envelope: 19 pieces, and 8 more for a second signature.
_MOST_PARTS: Final = 11 + 8 * limits.OFFICES_PER_DOCUMENT


class Signature(NamedTuple):
    """Who says to have signed (`keyid`, a hint that is looked up, never believed) and the 64 bytes."""

    keyid: str
    value: bytes


class Envelope(NamedTuple):
    """A typed payload with its signatures."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]

    @property
    def hash(self) -> str:
        """The document's name: SHA-256 of the payload's exact bytes."""
        return sha256_name(self.payload)

    def encode(self) -> bytes:
        """The envelope as JSON."""
        signatures = [{"keyid": one.keyid, "sig": _encoded(one.value)} for one in self.signatures]
        whole = {"payload": _encoded(self.payload), "payloadType": self.payload_type, "signatures": signatures}
        return orjson.dumps(whole)

    @classmethod
    def decode(
        cls,
        raw: bytes,
        payload_type: str,
        path: str | None = None,
        most: int = limits.OFFICES_PER_DOCUMENT,
        least: int = 1,
    ) -> Envelope:
        """Read an envelope of one expected type, with `least` to `most` signatures.

        Raises BadInput (`envelope-…`) for anything else.
        """
        found = _as_encoded(raw, payload_type)
        if found is not None and least <= len(found.signatures) <= most:
            return found
        return cls._of_any_spelling(raw, payload_type, path, most, least)

    @classmethod
    def _of_any_spelling(cls, raw: bytes, payload_type: str, path: str | None, most: int, least: int) -> Envelope:
        if len(raw) > limits.ENVELOPE_BYTES:
            raise _bad(
                "envelope-size",
                N_("The envelope is larger than {limit} bytes."),
                path,
                limit=str(limits.ENVELOPE_BYTES),
            )
        found = parse_object(
            raw, path=path, max_bytes=limits.ENVELOPE_BYTES, max_depth=4, max_string=limits.ENVELOPE_BYTES
        )
        if set(found) != _NAMES:
            raise _bad("envelope-fields", N_("An envelope has exactly payload, payloadType and signatures."), path)
        if found["payloadType"] != payload_type:
            raise _bad(
                "envelope-type",
                N_("The envelope holds {found}, not {wanted}."),
                path,
                found=str(found["payloadType"])[:80],
                wanted=payload_type,
            )
        listed = found["signatures"]
        if not isinstance(listed, list) or not least <= len(listed) <= most:
            raise _bad(
                "envelope-signatures",
                N_("The envelope has too few signatures, or too many: {least} to {most} are taken."),
                path,
                least=str(least),
                most=str(most),
            )
        payload = _decoded(found["payload"], path)
        if len(payload) > limits.DOCUMENT_BYTES:
            raise _bad(
                "envelope-size", N_("The payload is larger than {limit} bytes."), path, limit=str(limits.DOCUMENT_BYTES)
            )
        return cls(payload_type, payload, tuple(_signature(one, path) for one in listed))


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that a signature covers (DSSE, section Signature Definition)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(payload_type: str, payload: bytes, keys: Sequence[Signer]) -> Envelope:
    """An envelope over `payload`, signed by each key in turn."""
    message = pre_authentication_encoding(payload_type, payload)
    return Envelope(
        payload_type,
        payload,
        tuple(Signature(key_name(bytes(key.verify_key)), key.sign(message)) for key in keys),
    )


def verifies(envelope: Envelope, index: int, key: VerifyKey) -> bool:
    """Whether the signature at `index` is that key's over exactly this payload and type."""
    message = pre_authentication_encoding(envelope.payload_type, envelope.payload)
    try:
        crypto_sign_open(envelope.signatures[index].value + message, bytes(key))
    except BadSignatureError:
        return False
    return True


def key_name(public: bytes) -> str:
    """A key's name in envelopes: the first 16 hexadecimal digits of its SHA-256."""
    return sha256_name(public)[7:23]


def _as_encoded(raw: bytes, payload_type: str) -> Envelope | None:
    """The envelope, where these are the very bytes that it encodes to: nothing else is left to check but bounds."""
    parts = raw.split(b'"', _MOST_PARTS)
    try:
        keys, values = parts[13::8], parts[17::8]
        signatures = tuple(
            [Signature(key.decode(), pybase64.b64decode(value)) for key, value in zip(keys, values, strict=True)]
        )
        found = Envelope(payload_type, pybase64.b64decode(parts[3]), signatures)
    except (IndexError, ValueError):
        return None
    bounded = (
        len(raw) <= limits.ENVELOPE_BYTES
        and len(found.payload) <= limits.DOCUMENT_BYTES
        and 1 <= len(signatures) <= limits.OFFICES_PER_DOCUMENT
        and all(len(one.value) == 64 for one in signatures)
    )
    return found if bounded and found.encode() == raw else None


def _signature(one: object, path: str | None) -> Signature:
    if not isinstance(one, dict) or set(one) != {"keyid", "sig"} or not isinstance(one["keyid"], str):
        raise _bad("envelope-signatures", N_("A signature has exactly keyid and sig."), path)
    value = _decoded(one["sig"], path)
    if len(value) != 64:
        raise _bad("envelope-signatures", N_("A signature is 64 bytes."), path)
    return Signature(one["keyid"], value)


def _decoded(text: object, path: str | None) -> bytes:
    if not isinstance(text, str):
        raise _bad("envelope-base64", N_("The envelope's bytes are not base64."), path)
    try:
        data = pybase64.b64decode(text)
    except ValueError as error:
        raise _bad("envelope-base64", N_("The envelope's bytes are not base64."), path) from error
    # Whatever the decoder passes over, such as spaces or other endings, does not come out again.
    if _encoded(data) != text:
        raise _bad("envelope-base64", N_("The envelope's bytes are not base64."), path)
    return data


def _encoded(data: bytes) -> str:
    return pybase64.b64encode_as_string(data)


def _bad(check: str, detail: str, path: str | None, **params: str) -> BadInput:
    return BadInput(
        check=check,
        detail=detail,
        next_step=N_("Ask the sender to send the envelope again, whole."),
        params=params,
        path=path,
        who="partner",
    )
