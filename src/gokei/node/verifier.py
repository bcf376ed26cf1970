"""A small process that checks signatures for a node, beside it: `python -m gokei.node.verifier`.

On its input stand requests, each a public key (32 bytes), a signature (64), the message's length (4, big-endian) and
the message. On its output stands one byte when it is ready, and then one for each request in their order: twice the
request's number modulo 64, and one more where the signature is good (Ed25519, RFC 8032, by the same library as
`gokei.journal.envelopes.verifies`). It ends where its input does, and loads nothing that it does not need.
"""

from __future__ import annotations

import os
import signal
import struct
from contextlib import suppress
from typing import Final

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

HEAD: Final = struct.Struct(">32s64sI")
READY: Final = 255
NUMBERS: Final = 64
INPUT: Final = 0
OUTPUT: Final = 1
_READ_BYTES: Final = 64 * 1024


def request(key: bytes, signature: bytes, message: bytes) -> bytes:
    """The request for a signature (64 bytes) over a message by a key (32 bytes)."""
    return HEAD.pack(key, signature, len(message)) + message


def answer(number: int, good: bool) -> int:
    """The byte that answers the request of that number, counted from 0."""
    return number % NUMBERS * 2 + good


def main() -> None:
    """Answer until the input ends."""
    # Who stops the node by the keyboard stops all of its group: this one ends when the node lets go of its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    number = 0
    with suppress(BrokenPipeError), os.fdopen(INPUT, "rb", _READ_BYTES) as requests:
        os.write(OUTPUT, bytes((READY,)))
        while len(head := requests.read(HEAD.size)) == HEAD.size:
            key, signature, length = HEAD.unpack(head)
            try:
                crypto_sign_open(signature + requests.read(length), key)
                good = True
            except BadSignatureError:
                good = False
            os.write(OUTPUT, bytes((answer(number, good),)))
            number += 1


if __name__ == "__main__":
    main()
