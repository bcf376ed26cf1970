"""Signed notes beside a note that others signed, and names that no key may have (C2SP signed-note)."""

from __future__ import annotations

import base64

import pytest
from nacl.signing import VerifyKey

from gokei.journal.notes import ED25519, KEY_ID_BYTES, Line, Note, key_id, verifier_key
from gokei.terms.problems import BadInput

# From the documentation of Go's golang.org/x/mod/sumdb/note, which the format was taken from.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()


def test_a_note_that_others_signed_is_read_and_its_key_named_as_they_name_it() -> None:
    name, identity, stated = KEY.split("+", 2)
    public = base64.b64decode(stated)[1:]
    assert key_id(name, ED25519, public).hex() == identity
    assert verifier_key(name, ED25519, public) == KEY
    note = Note.decode(NOTE)
    line = note.by(name, bytes.fromhex(identity))
    assert line is not None
    VerifyKey(public).verify(note.text.encode(), line.value)
    assert note.encode() == NOTE


@pytest.mark.parametrize(
    "space",
    [" ", "+", "\x85", "\xa0", "\u1680", "\u2000", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\t"],
)
def test_no_key_has_a_plus_or_a_space_of_unicode_in_its_name(space: str) -> None:
    line = Line(f"a{space}b", b"k" * KEY_ID_BYTES, b"s" * 64)
    with pytest.raises(BadInput):
        Note.decode(Note("text\n", (line,)).encode())
    assert Note.decode(Note("text\n", (line._replace(name="a-b"),)).encode()).lines[0].name == "a-b"
