"""A second signature on checkpoints that a quantum computer does not break: ML-DSA-44 (FIPS 204), as C2SP has it.

It is an option of a nation's card. Where the card states such a key, a checkpoint of that nation without a good second
signature is refused: who could leave it away could do without breaking it. Ed25519 stays the one algorithm of
documents; this signature stands beside it, never in its place.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from pydantic import Field

from gokei.journal.frames import Strict
from gokei.journal.notes import ML_DSA_44, TIMESTAMP_BYTES, Line, Note, key_id
from gokei.journal.publickeys import claim, key_refused
from gokei.terms.words import N_

KEY_BYTES: Final = 1312
SIGNATURE_BYTES: Final = 2420
OFFICE: Final = "post-quantum"
_LABEL: Final = b"subtree/v1\n\x00"


class PostQuantumKey(Strict):
    """A public key of ML-DSA-44 and the proof that its holder has it, both in base64."""

    algorithm: Literal["ml-dsa-44"]
    key: Annotated[str, Field(min_length=1752, max_length=1752)]
    proof: Annotated[str, Field(min_length=3228, max_length=3228)]


class PostQuantumSigner:
    """A secret key of ML-DSA-44 out of its seed of 32 bytes. Its text says nothing of it."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.public: bytes = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature over exactly these bytes: 2,420 bytes."""
        return self._key.sign(message)

    def stated(self, nation: str, environment: str) -> PostQuantumKey:
        """The key as a card states it."""
        proof = self.sign(claim(nation, environment, OFFICE))
        return PostQuantumKey(
            algorithm="ml-dsa-44",
            key=base64.b64encode(self.public).decode(),
            proof=base64.b64encode(proof).decode(),
        )


def check_key(stated: PostQuantumKey, nation: str, environment: str, path: str | None = None) -> bytes:
    """The key that a card states, once it proves itself. Raises Refused (`card-key`, `card-proof`)."""
    try:
        public, proof = (base64.b64decode(one, validate=True) for one in (stated.key, stated.proof))
        canonical = base64.b64encode(public).decode() == stated.key
    except (binascii.Error, ValueError):
        public, proof, canonical = b"", b"", False
    if not canonical or len(public) != KEY_BYTES:
        raise key_refused("card-key", N_("The second key of the card is no key of ML-DSA-44."), path)
    if not verifies(public, claim(nation, environment, OFFICE), proof):
        raise key_refused("card-proof", N_("An office of the card does not prove that it holds its key."), path)
    return public


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is that key's over exactly these bytes."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def with_second_line(raw: bytes, name: str, signer: PostQuantumSigner, timestamp: int) -> bytes:
    """The note of a checkpoint with an ML-DSA-44 signature of that name more, at POSIX time `timestamp`."""
    note = Note.decode(raw)
    value = timestamp.to_bytes(TIMESTAMP_BYTES, "big") + signer.sign(_message(note.text, name, timestamp))
    return note.with_line(Line(name, key_id(name, ML_DSA_44, signer.public), value)).encode()


def second_line_at(raw: bytes, name: str, public: bytes) -> int | None:
    """When that name's ML-DSA-44 key signed the checkpoint (POSIX time), or None where it did not."""
    note = Note.decode(raw)
    line = note.by(name, key_id(name, ML_DSA_44, public))
    if line is None or len(line.value) != TIMESTAMP_BYTES + SIGNATURE_BYTES:
        return None
    timestamp = int.from_bytes(line.value[:TIMESTAMP_BYTES], "big")
    if timestamp >= 2**63 or not verifies(public, _message(note.text, name, timestamp), line.value[TIMESTAMP_BYTES:]):
        return None
    return timestamp


def _message(text: str, name: str, timestamp: int) -> bytes:
    """What is signed (tlog-cosignature, ML-DSA-44): signer, time, log, from leaf 0 up to the size, root."""
    origin, size, root = [*text.split("\n"), "", "", ""][:3]
    signer, log = name.encode(), origin.encode()
    try:
        count, digest = int(size), base64.b64decode(root, validate=True)
        return b"".join(
            (
                _LABEL,
                len(signer).to_bytes(1, "big"),
                signer,
                timestamp.to_bytes(8, "big"),
                len(log).to_bytes(1, "big"),
                log,
                (0).to_bytes(8, "big"),
                count.to_bytes(8, "big"),
                digest,
            )
        )
    except (binascii.Error, ValueError, OverflowError):
        return b""
