"""What a public key must be before anyone believes it, and how its holder proves to hold it.

Libraries disagree about keys of small or mixed order and about encodings that are not canonical; two nations on
different libraries could then disagree whether a receipt is signed. So only canonical points of the prime-order group
enter (RFC 8032, section 5.1.3; libsodium's `crypto_core_ed25519_is_valid_point`), each with a proof of possession.
There is one algorithm. The field that names it is there so that a second one can be told apart, never negotiated.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from pydantic import Field

from gokei.journal.frames import Strict
from gokei.journal.signers import Signer
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.problems import Refused
from gokei.terms.words import N_

ED25519: Final = "ed25519"
ALGORITHMS: Final = frozenset({ED25519})

Algorithm: TypeAlias = Literal["ed25519"]
PublicKey: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Proof: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class NamedKey(Strict):
    """A public key (32 bytes in hexadecimal) and its algorithm."""

    algorithm: Algorithm
    key: PublicKey


def verify_key(algorithm: str, public: str, path: str | None = None) -> VerifyKey:
    """The key, when it is one that every library reads alike. Raises Refused (`key-algorithm`, `card-key`)."""
    if algorithm not in ALGORITHMS:
        raise key_refused("key-algorithm", N_("A key is of an algorithm that is not allowed; only ed25519 is."), path)
    data = bytes.fromhex(public)
    if len(data) != 32 or not crypto_core_ed25519_is_valid_point(data):
        raise key_refused("card-key", N_("A key of the card is not a valid point of Ed25519."), path)
    return VerifyKey(data)


def prove(key: Signer, nation: str, environment: str, office: str) -> str:
    """The proof that whoever asks for `office` holds its key, bound to nation and environment (hexadecimal)."""
    return key.sign(claim(nation, environment, office)).hex()


def check_proof(
    key: VerifyKey, proof: str, nation: str, environment: str, office: str, path: str | None = None
) -> None:
    """Raises Refused (`card-proof`) where the proof is not that key's, for that office of that nation."""
    try:
        key.verify(claim(nation, environment, office), bytes.fromhex(proof))
    except BadSignatureError as error:
        raise key_refused(
            "card-proof", N_("An office of the card does not prove that it holds its key."), path
        ) from error


def claim(nation: str, environment: str, office: str) -> bytes:
    """What a proof of possession signs; no envelope's encoding begins like it."""
    return canonical({"gokei": "holds this key", "nation": nation, "environment": environment, "office": office})


def name_of(public: str | VerifyKey) -> str:
    """A key's name in envelopes: the first 16 hexadecimal digits of its SHA-256."""
    return sha256_name(bytes.fromhex(public) if isinstance(public, str) else bytes(public))[7:23]


def key_refused(check: str, detail: str, path: str | None = None) -> Refused:
    """The refusal of a card, a root or a mandate that does not prove itself."""
    return Refused(
        check=check,
        detail=detail,
        path=path,
        who="partner",
        next_step=N_("Ask the partner for its card again and compare the root over another way."),
    )
