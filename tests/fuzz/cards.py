"""Targets of what stands on a partner's card: certificate, second key and all, truly signed by its root."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Final

from gokei.journal import envelopes
from gokei.journal.checkpoints import node_name, parse_checkpoint, sign_checkpoint
from gokei.journal.keys import read_card, sign_card
from gokei.journal.notes import ML_DSA_44, TIMESTAMP_BYTES, Line, Note, key_id
from gokei.journal.postquantum import PostQuantumSigner, with_second_line
from gokei.node.certificates import read_certificate
from gokei.node.checkpoints import take_checkpoint
from gokei.node.proving import verify_bundle
from gokei.node.tls import Credentials
from gokei.terms import limits
from tests.fuzz.world import text, world

NAME: Final = node_name("exercise", "AU")
SECOND: Final = PostQuantumSigner(b"fuzz" * 8)


def certificate(data: bytes) -> object:
    """The bytes of a certificate, as the card spells them."""
    return read_certificate(base64.b64encode(data).decode(), "AU")


def payload(data: bytes) -> object:
    return read_card(signed_card(data))[0]


def added(data: bytes) -> object:
    """A card with anything on it, put on record; then the wires to its nation and from it are made ready."""
    there = world()
    raw = signed_card(data)
    with there.undone(there.jp):
        known = there.jp.add_partner(raw)
        credentials = Credentials(there.jp.core)
        serving = len(credentials.to_serve().get_ca_certs())
        return known, serving, credentials.is_of("AU", b""), len(credentials.to_call("AU")[0])


def second_key(data: bytes) -> object:
    """A key of ML-DSA-44 and its proof as the card states them, a line each."""
    key, _, proof = text(data).encode("utf-8", "replace").decode().partition("\n")
    stated = {"algorithm": "ml-dsa-44", "key": key, "proof": proof}
    card = json.loads(plain_card()) | {"post_quantum": stated}
    return read_card(signed_card(json.dumps(card).encode()))[0].post_quantum


def second_line(data: bytes) -> object:
    """A checkpoint of a nation that promised a second signature: its text, a zero byte, and that signature's bytes;
    without them it is truly signed."""
    there = world()
    body, _, value = data.partition(b"\0")
    note = sign_checkpoint(parse_checkpoint(text(body)), there.node_key)
    if value:
        name = Line(NAME, key_id(NAME, ML_DSA_44, SECOND.public), value)
        note = Note.decode(note).with_line(name).encode()
    else:
        note = with_second_line(note, NAME, SECOND, 1_700_000_000)
    with there.undone(there.jp):
        there.jp.add_partner(promising_card())
        return take_checkpoint(there.jp.core, "AU", note)


def bundle(data: bytes) -> object:
    """A proof or evidence, and the cards to check it by, with a zero byte between."""
    file, *cards = data.split(b"\0")
    return verify_bundle(file, cards)


def signed_card(data: bytes) -> bytes:
    return envelopes.sign(envelopes.CARD, data[: limits.DOCUMENT_BYTES], [world().root]).encode()


def plain_card() -> bytes:
    """What Australia's root signs."""
    return envelopes.Envelope.decode(world().au.card(), envelopes.CARD).payload


@cache
def promising_card() -> bytes:
    """Australia's card with a second key on it."""
    card = read_card(world().au.card())[0]
    return sign_card(card.model_copy(update={"post_quantum": SECOND.stated("AU", "exercise")}), [world().root])


def second_value(body: bytes) -> bytes:
    """The second signature of a checkpoint's text, as `second_line` reads it."""
    note = sign_checkpoint(parse_checkpoint(text(body)), world().node_key)
    twice = Note.decode(with_second_line(note, NAME, SECOND, 1_700_000_000))
    return next(one.value for one in twice.lines if len(one.value) > TIMESTAMP_BYTES + 1000)
