"""Whatever signs: a key in this process, an agent on a socket, a token. Nothing else holds a secret key."""

from __future__ import annotations

from typing import Protocol

from nacl.signing import SigningKey, VerifyKey


class Signer(Protocol):
    """One secret key, wherever it is kept."""

    @property
    def verify_key(self) -> VerifyKey:
        """The public key that goes with it."""

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over exactly these bytes: 64 bytes (RFC 8032, section 5.1.6)."""


class SoftwareSigner:
    """A key in this process's memory. Its text names the public key and nothing else."""

    __slots__ = ("_key", "verify_key")

    def __init__(self, seed: bytes) -> None:
        """`seed` are the 32 secret bytes."""
        self._key = SigningKey(seed)
        self.verify_key: VerifyKey = self._key.verify_key

    def sign(self, message: bytes) -> bytes:
        """The signature over exactly these bytes."""
        return self._key.sign(message).signature

    def __repr__(self) -> str:
        return f"SoftwareSigner({bytes(self.verify_key).hex()})"
