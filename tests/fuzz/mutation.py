"""Inputs changed by a seeded chance: what is tried where atheris has no wheel, and beside it everywhere.

It knows nothing of branches; it knows which bytes hurt parsers, and what JSON is made of.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

BITES = [
    b"0", b"-0", b"-1", b"1e999999", b"1E-400", b"9" * 200, b"9007199254740993", b"1.1", b"NaN", b"Infinity", b"null",
    b"true", b"{}", b"[]", b'""', b'"\\ud800"', b'"\\u0000"', b'"\xe2\x80\xae"', b"\xff", b"\xed\xa0\x80", b"\x00",
    b"[" * 80, b'{"a":' * 80, b'"' + b"a" * 70_000 + b'"', b"\xef\xbb\xbf", b"\r\n", b"\n\n", b"=", b"==", b"sha256:",
    b"2017-02-29", b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:60Z", b"2017-09-07T00:00:00+99:99", b"\xd9\xa1",
    b"\xef\xbc\x91", b"1_000", b"0x10", b"+1", b"A" * 100, b"\xe2\x80\x94 ", b"JP", b"XX", b"'", b"%", b"{reason}",
]  # fmt: skip
VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9.]+|true|false|null')
MOST_BYTES = 300_000


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The input with one to four changes."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(found))
        end = min(len(found), start + chance.choice((1, 1, 2, 8, 64)))
        kind = chance.randint(0, 7)
        if kind == 0 and found:
            found[start % len(found)] ^= 1 << chance.randint(0, 7)
        elif kind == 1:
            found[start:start] = chance.choice(BITES)
        elif kind == 2:
            del found[start:end]
        elif kind == 3:
            found[start:start] = found[start:end] * chance.choice((1, 2, 50))
        elif kind == 4:
            other = chance.choice(others)
            place = chance.randint(0, len(other))
            found[start:] = other[place:]
        elif kind in {5, 6}:
            values = list(VALUE.finditer(bytes(found)))
            if values:
                one = chance.choice(values)
                bite = chance.choice(BITES) if kind == 5 else chance.choice(values)[0]
                found[one.start() : one.end()] = bite
        else:
            found[start:end] = chance.randbytes(end - start)
    return bytes(found[:MOST_BYTES])


def inputs(corpus: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Inputs without end, the same for the same seed and corpus."""
    chance = random.Random(seed)
    known = [*corpus] or [b""]
    while True:
        yield mutated(chance.choice(known), known, chance)
