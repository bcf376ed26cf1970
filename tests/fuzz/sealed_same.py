"""The same sealing keys in every run: age draws its own, and a courier file that is kept must still open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Final
from unittest.mock import patch

import pyrage

from tests.nations import Seeded

_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_NAME: Final = "age-secret-key-"


@contextmanager
def sealing_keys(seed: str) -> Iterator[None]:
    """Inside, the identities that are made are those that the seed gives, one after the other."""
    drawn = Seeded(seed)
    real = pyrage.x25519

    def generate() -> object:
        return real.Identity.from_str(_bech32(drawn.bytes(32)).upper())

    made = SimpleNamespace(generate=generate, from_str=real.Identity.from_str)
    with patch("pyrage.x25519", SimpleNamespace(Identity=made, Recipient=real.Recipient)):
        yield


def _bech32(data: bytes) -> str:
    """A secret key of age in its own spelling (BIP 173)."""
    bits = int.from_bytes(data, "big") << 4
    five = [bits >> shift & 31 for shift in range(255, -1, -5)]
    name = [*(ord(one) >> 5 for one in _NAME), 0, *(ord(one) & 31 for one in _NAME)]
    check = 1
    for value in (*name, *five, 0, 0, 0, 0, 0, 0):
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            check ^= generator if top >> place & 1 else 0
    check ^= 1
    ends = [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{_NAME}1{''.join(_LETTERS[one] for one in (*five, *ends))}"
