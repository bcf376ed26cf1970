"""Where a node's secret keys are, whoever keeps them: the keyring in its folder, or an agent on a socket.

A token of PKCS #11 would be one more holder that keeps these two protocols; none is in this program.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from gokei.journal.keys import KeyRing, OfficeKey
from gokei.journal.signers import Signer
from gokei.terms.problems import Refused
from gokei.terms.words import N_


class Held(NamedTuple):
    """A key that is held: whose it is, and its public part (hexadecimal)."""

    office: str
    key: str


class KeyHolder(Protocol):
    """Who holds a node's secret keys."""

    def holds(self) -> tuple[Held, ...]:
        """The keys that are held, by their public parts. Opens nothing."""

    def signer(self, key: str) -> Signer:
        """The signer of a public key (hexadecimal). Raises Refused (`key-not-held`) and what opening raises."""

    def tls(self, key: str) -> bytes:
        """The secret seed of the key of a certificate for TLS (hexadecimal). Raises as `signer` does."""


def newest(held: KeyHolder, ring: KeyRing, office: str, time: str) -> OfficeKey | None:
    """The key that signs for an office: among those in force that are held the one whose term began last."""
    own = {one.key for one in held.holds() if one.office == office}
    live = [
        key
        for key in ring.offices.values()
        if key.office == office and key.valid_at(time) and bytes(key.key).hex() in own
    ]
    return max(live, key=lambda key: (key.valid_from, bytes(key.key)), default=None)


def not_held(key: str) -> Refused:
    """The problem that a key's secret part is elsewhere."""
    return Refused(
        check="key-not-held",
        detail=N_("The secret part of the key {key} is not held here."),
        params={"key": key[:16]},
        next_step=N_("See which keys are held: gokei keys list DIR"),
        who="operator",
    )
