"""Edwards25519 in plain integers, for the tests' forgeries alone: slow, and nothing that may hold a secret.

The curve and its encodings are those of RFC 8032 section 5.1.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

Point: TypeAlias = tuple[int, int]

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
IDENTITY: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    product = D * one[0] * one[1] * other[0] * other[1]
    x = (one[0] * other[1] + other[0] * one[1]) * pow(1 + product, P - 2, P)
    y = (one[1] * other[1] + one[0] * other[0]) * pow(1 - product, P - 2, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    found = IDENTITY
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def root_of(y: int, odd: int) -> int | None:
    """The x that belongs to y, or None where the curve has no such point."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return x if x % 2 == odd else -x % P


def encoded(point: Point, beyond: int = 0) -> bytes:
    """Of 32 bytes; `beyond` adds so many times P to y, which is not canonical."""
    return (point[1] + beyond * P | (point[0] & 1) << 255).to_bytes(32, "little")


def base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = root_of(y, 0)
    assert x is not None
    return x, y


BASE = base()


def secret_of(seed: bytes) -> int:
    """The secret number of a signing key's seed (RFC 8032, 5.1.5)."""
    head = bytearray(hashlib.sha512(seed).digest()[:32])
    head[0] &= 248
    head[31] &= 63
    head[31] |= 64
    return int.from_bytes(head, "little")


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L


def order_eight() -> Point:
    """A point of order 8: what is left of some point of the curve once its part of order L is taken away."""
    for y in range(2, 100):
        x = root_of(y, 0)
        if x is not None:
            found = times(L, (x, y))
            if times(4, found) != IDENTITY:
                return found
    raise AssertionError("half of all points have one")


EIGHT = order_eight()
SMALL = [times(number, EIGHT) for number in range(8)]
"""All points of order 1, 2, 4 and 8."""


def low_order_encodings() -> dict[str, bytes]:
    """Every way to write them, the ways that are not canonical included."""
    found = {f"low-order-{number}": encoded(point) for number, point in enumerate(SMALL)}
    for number, point in enumerate(SMALL):
        if point[1] + P < 2**255:
            found[f"low-order-{number}-beyond"] = encoded(point, beyond=1)
        if point[0] == 0:
            found[f"low-order-{number}-signed-zero"] = encoded((1, point[1]))
            if point[1] + P < 2**255:
                found[f"low-order-{number}-beyond-signed-zero"] = encoded((1, point[1]), beyond=1)
    return found
