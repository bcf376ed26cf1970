"""Everything that reads a partner's bytes, one target each. A new target is one line of TARGETS.

A target takes any bytes, and either returns (what it made of them, for comparing) or raises a problem of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

import pyrage

from gokei.journal import envelopes, notes
from gokei.journal.checkpoints import parse_checkpoint, read_checkpoint
from gokei.journal.door import LogHead, admit
from gokei.journal.keys import read_card
from gokei.journal.mandates import read_mandate
from gokei.node.messages import read_offer
from gokei.terms import limits
from gokei.terms.canonical import sha256_name
from gokei.terms.dates import parse_date, parse_instant
from gokei.terms.money import parse_money
from gokei.terms.nsn import parse_nsn
from gokei.terms.quantities import parse_amount, parse_quantity
from gokei.terms.question import read_question
from gokei.terms.strict_json import parse, parse_object
from tests.fuzz import signed
from tests.fuzz.world import POWERS, received, spoken, text, world

ANSWERS: Final = re.compile(rb'"answers":"sha256:[0-9a-f]{64}"')


def question(data: bytes) -> object:
    found = parse_object(
        data, max_bytes=limits.QUESTION_BYTES, max_depth=limits.QUESTION_DEPTH,
        max_string=limits.QUESTION_STRING_CHARACTERS,
    )  # fmt: skip
    return sorted(read_question(found).items(), key=str)


def one_fact(name: str, data: bytes) -> object:
    rest: dict[str, object] = {"kind": "information", "on": "2017-09-07"}
    return sorted(read_question(rest | {name: spoken(data)}).items(), key=str)


def envelope(data: bytes) -> object:
    return envelopes.Envelope.decode(data, envelopes.DOCUMENT)


def frame(data: bytes) -> object:
    """Any payload, truly signed by an office, at the door."""
    there = world()
    key = there.pen.key("logistics")
    raw = envelopes.sign(envelopes.DOCUMENT, data[: limits.DOCUMENT_BYTES], [key]).encode()
    ring = there.jp.core.channel("AU").ring("AU")
    entry = admit(raw, LogHead(), ring, there.jp.core.kinds, "exercise", "JP", 2**53)
    return entry.hash, entry.void


def fold(data: bytes) -> object:
    """A case and a body, truly signed and next in the log, taken in by the node: law, fold and all. Then taken back."""
    there = world()
    head, _, body = data.partition(b"\n")
    words = [*head.decode("utf-8", "replace").split(" "), "", "", ""][:3]
    payload = there.pen.payload(words[0], words[1], {}, ("logistics",))
    signed = payload.replace(b'"body": {}', b'"body": ' + body)
    office = words[2] if words[2] in POWERS else "logistics"
    raw = there.pen.sign(
        signed[: limits.DOCUMENT_BYTES].replace(b'["logistics"]', b'["%s"]' % office.encode()), (office,)
    )
    with there.undone(there.jp):
        return received(there.jp.receive("AU", raw))


def door(data: bytes) -> object:
    with world().undone(world().jp):
        return received(world().jp.receive("AU", data))


def card_payload(data: bytes) -> object:
    key = world().pen.key("root")
    return read_card(envelopes.sign(envelopes.CARD, data[: limits.DOCUMENT_BYTES], [key]).encode())[0]


def want(verb: str, data: bytes) -> object:
    """Any request, truly signed by the partner's node."""
    raw = envelopes.sign(envelopes.WANT, data[: limits.DOCUMENT_BYTES], [world().node_key]).encode()
    return said(verb, raw)


def said(verb: str, data: bytes) -> object:
    with world().undone(world().jp):
        return world().post("JP", f"/exchange/AU/{verb}", data)


def answer(verb: str, data: bytes) -> object:
    """What the partner's node answers to a call of ours: its first byte says whether it is a refusal."""
    there = world()

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        if path.endswith("/" + verb):
            return (409 if data[:1] > b"@" else 200), data[1:]
        return there.post(address, path, body)

    there.nations.wires.post = post  # type: ignore[method-assign]
    try:
        with there.undone(there.jp), there.undone(there.au):
            return there.au.sync("JP", "JP")
    finally:
        there.nations.wires.post = there.post  # type: ignore[method-assign]


def courier(data: bytes) -> object:
    """Any content, truly sealed to the node."""
    there = world()
    sealing = read_card(there.jp.card())[0].sealing
    assert sealing is not None
    file = there.folder / "fuzzed.courier"
    file.write_bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(sealing)]))
    with there.undone(there.jp):
        return there.jp.courier_open(file)


def sealed(data: bytes) -> object:
    file = world().folder / "raw.courier"
    file.write_bytes(data)
    return world().jp.courier_open(file)


def compared(data: bytes) -> object:
    """What the partner's node answers while the books are compared: a line for each call, `=` for the honest one."""
    there = world()
    lines = iter(data.split(b"\n"))

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        line = next(lines, b"=")
        return there.post(address, path, body) if line == b"=" else (200, line)

    there.nations.wires.post = post  # type: ignore[method-assign]
    try:
        with there.undone(there.jp), there.undone(there.au):
            return there.au.compare_books("JP", "JP")
    finally:
        there.nations.wires.post = there.post  # type: ignore[method-assign]


def offer(data: bytes) -> object:
    """Any offer, truly signed by the partner's node."""
    raw = envelopes.sign(envelopes.OFFER, data[: limits.DOCUMENT_BYTES], [world().node_key]).encode()
    found = read_offer(world().jp.core, "AU", raw)
    return found, found.hashes()


def answered_offer(verb: str, data: bytes) -> object:
    """Any offer, truly signed by the partner's node, as its answer to a call of ours: it names the call."""
    there = world()

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        if not path.endswith("/" + verb):
            return there.post(address, path, body)
        said = ANSWERS.sub(f'"answers":"{sha256_name(body)}"'.encode(), data[: limits.DOCUMENT_BYTES], count=1)
        return 200, envelopes.sign(envelopes.OFFER, said, [there.jp.core.node_signer]).encode()

    there.nations.wires.post = post  # type: ignore[method-assign]
    try:
        with there.undone(there.jp), there.undone(there.au):
            return there.au.sync("JP", "JP")
    finally:
        there.nations.wires.post = there.post  # type: ignore[method-assign]


class Target(NamedTuple):
    """What is tried, and how many seconds of processor time one input may take."""

    run: Callable[[bytes], object]
    seconds: float = 0.05


TARGETS: Final[Mapping[str, Target]] = {
    "json": Target(parse),
    "question": Target(question),
    "marking": Target(partial(one_fact, "level")),
    "amount": Target(lambda data: parse_amount(text(data), "amount")),
    "quantity": Target(lambda data: parse_quantity(*(text(data) + " ").split(" ", 1), "quantity")),
    "money": Target(lambda data: parse_money(*(text(data) + " ").split(" ", 1), "price")),
    "date": Target(lambda data: parse_date(text(data), "on")),
    "instant": Target(lambda data: parse_instant(text(data), "at")),
    "nsn": Target(lambda data: parse_nsn(text(data), "nsn")),
    "envelope": Target(envelope),
    "door": Target(door),
    "frame": Target(frame),
    "fold": Target(fold),
    "card": Target(lambda data: read_card(data)[0]),
    "card-payload": Target(card_payload),
    "want-pull": Target(partial(want, "pull")),
    "answer-batch": Target(partial(answer, "batch")),
    "answer-pull": Target(partial(answer, "pull")),
    "courier": Target(courier),
    "courier-sealed": Target(sealed),
    "note": Target(notes.Note.decode),
    "checkpoint": Target(lambda data: read_checkpoint(data, world().node_key.verify_key)),
    "checkpoint-text": Target(lambda data: parse_checkpoint(text(data))),
    "checkpoint-taken": Target(signed.checkpoint),
    "evidence": Target(signed.evidence_file),
    "evidence-signed": Target(signed.evidence),
    "proof": Target(signed.proof_file),
    "proof-signed": Target(signed.proof),
    "offer": Target(offer),
    "mandate": Target(lambda data: read_mandate(data).mandate),
    "mandate-applied": Target(signed.mandate),
    "mandate-carried": Target(signed.carried_mandate),
    "want-standing": Target(partial(want, "standing")),
    "want-compare": Target(partial(want, "compare")),
    "said-batch": Target(partial(said, "batch")),
    "said-checkpoint": Target(partial(said, "checkpoint")),
    "answer-standing": Target(partial(answer, "standing")),
    "answer-checkpoint": Target(partial(answer, "checkpoint")),
    "offered-standing": Target(partial(answered_offer, "standing")),
    "offered-checkpoint": Target(partial(answered_offer, "checkpoint")),
    "answer-compare": Target(compared),
}


def shape(found: object) -> str:
    """What came out, in a form that two runs can be compared by."""
    return json.dumps(found, default=repr, sort_keys=True) if isinstance(found, (dict, list, tuple)) else repr(found)
