"""Signed notes (C2SP signed-note v1.0.0): text, a blank line, and a line for each signature.

Three kinds of signature are known here, each to one purpose: Ed25519 over the text by a log's own node (0x01), a
witness's timestamped Ed25519 cosignature (0x04), and a timestamped ML-DSA-44 signature (0x06), both of them of C2SP
tlog-cosignature. Lines of other keys are kept and never believed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from gokei.terms import limits
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
ML_DSA_44: Final = 0x06
KEY_ID_BYTES: Final = 4
TIMESTAMP_BYTES: Final = 8

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH: Final = "\u2014 "
# What Unicode calls white space, beside the control characters.
_SPACES: Final = frozenset(" \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(one) for one in range(0x2000, 0x200B)
}


class Line(NamedTuple):
    """One signature line: the key's name, its four bytes of identity, and the signature's own bytes."""

    name: str
    key_id: bytes
    value: bytes

    def encode(self) -> str:
        """The line as it stands in a note, with its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


class Note(NamedTuple):
    """A text, which ends with its last line, and the signatures below it."""

    text: str
    lines: tuple[Line, ...]

    def encode(self) -> bytes:
        """The note's bytes."""
        return f"{self.text}\n{''.join(line.encode() for line in self.lines)}".encode()

    def with_line(self, line: Line) -> Note:
        """The note with one line more; a line by the same key gives way to it."""
        kept = [one for one in self.lines if (one.name, one.key_id) != (line.name, line.key_id)]
        return Note(self.text, (*kept, line))

    def by(self, name: str, key_id: bytes) -> Line | None:
        """The line of the key with that name and identity."""
        return next((one for one in self.lines if (one.name, one.key_id) == (name, key_id)), None)

    @classmethod
    def decode(cls, raw: bytes) -> Note:
        """A note out of its bytes. Raises BadInput (`note-…`) for anything else."""
        if len(raw) > limits.NOTE_BYTES:
            raise _bad("note-size", N_("The note is larger than {limit} bytes."), limit=str(limits.NOTE_BYTES))
        try:
            whole = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _bad("note-text", N_("The note is not text.")) from error
        if _CONTROL.search(whole):
            raise _bad("note-text", N_("The note is not text."))
        text, blank, signed = whole.rpartition("\n\n")
        if not blank or not text or not signed.endswith("\n"):
            raise _bad("note-form", N_("A note is text, a blank line and signatures."))
        lines = signed[:-1].split("\n")
        if len(lines) > limits.SIGNATURES_PER_NOTE:
            raise _bad(
                "note-signatures",
                N_("The note has more than {limit} signatures."),
                limit=str(limits.SIGNATURES_PER_NOTE),
            )
        return cls(text + "\n", tuple(_line(one) for one in lines))


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """The identity of a key in notes: SHA-256 over name, line end, algorithm and key, its first four bytes."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:KEY_ID_BYTES]


def verifier_key(name: str, algorithm: int, public: bytes) -> str:
    """A public key as other programs of C2SP take it: name, identity in hexadecimal, and base64."""
    key = base64.b64encode(bytes([algorithm]) + public).decode()
    return f"{name}+{key_id(name, algorithm, public).hex()}+{key}"


def hash_lines(hashes: Iterable[bytes]) -> str:
    """Hashes of a proof, one a line, in base64."""
    return "".join(f"{base64.b64encode(one).decode()}\n" for one in hashes)


def read_hash(text: str) -> bytes:
    """A hash of 32 bytes out of base64. Raises BadInput (`note-hash`)."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad("note-hash", N_("A hash of the proof is not 32 bytes in base64.")) from error
    if len(found) != 32 or base64.b64encode(found).decode() != text:
        raise _bad("note-hash", N_("A hash of the proof is not 32 bytes in base64."))
    return found


def _line(text: str) -> Line:
    name, space, signature = text.removeprefix(_DASH).partition(" ")
    wrong = not text.startswith(_DASH) or not space or not name or "+" in name or _SPACES & set(name)
    try:
        data = b"" if wrong else base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad("note-form", N_("A note is text, a blank line and signatures.")) from error
    if len(data) <= KEY_ID_BYTES or base64.b64encode(data).decode() != signature:
        raise _bad("note-form", N_("A note is text, a blank line and signatures."))
    return Line(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def _bad(check: str, detail: str, **params: str) -> BadInput:
    return BadInput(
        check=check,
        detail=detail,
        params=params,
        next_step=N_("Ask the sender to send it again, whole."),
        who="partner",
    )
