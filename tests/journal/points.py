"""Encodings of public keys that no key may have, by what is wrong with each. Written out, so that no library judges."""

from __future__ import annotations

# The eight points whose order divides the cofactor, with either bit of sign, and their encodings beyond the prime.
LOW_ORDER = (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
)

# Points of the curve whose y is written as y + p (p = 2^255 - 19): the same point under a second name.
NOT_CANONICAL = (
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)

# A good key plus each point of low order but the identity: on the curve, canonical, and of mixed order. The good key is
# that of the seed SHA-256("mixed order").
MIXED_ORDER = (
    "21add3990f838fee4e0dea701acf8271fd899f2a0895a8e9849a8591a7ff4414",
    "60f8c6daf8e5a6f77e87ee6a9768aefe244a2592a833e693c9b1b6d5585d44b2",
    "bf9ae6627674a2fc5c263808c63c6406c1e7085cfc0c6c5f9ddde45df085e881",
    "059480a8549200b4f82deb72ca68733014f5f778cba3d3e82f0ea891952f9c9d",
    "cc522c66f07c7011b1f2158fe5307d8e027660d5f76a57167b657a6e5800bbeb",
    "e86b7f57ab6dff4b07d2148d35978ccfeb0a0887345c2c17d0f1576e6ad06362",
    "2e65199d898b5d03a3d9c7f739c39bf93e18f7a303f393a062221ba20f7a177e",
)

# No point of the curve has this y.
NO_POINT = ("0200000000000000000000000000000000000000000000000000000000000000",)

BAD = LOW_ORDER + NOT_CANONICAL + MIXED_ORDER + NO_POINT
