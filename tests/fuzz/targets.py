"""Everything that reads a partner's bytes, one target each. A new target is one line of TARGETS.

A target takes any bytes, and either returns (what it made of them, for comparing) or raises a problem of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from gokei.journal import envelopes, notes
from gokei.journal.checkpoints import parse_checkpoint, read_checkpoint
from gokei.journal.door import LogHead, admit
from gokei.journal.keys import read_card
from gokei.journal.mandates import read_mandate
from gokei.node.messages import read_offer
from gokei.terms import limits
from gokei.terms.dates import parse_date, parse_instant
from gokei.terms.money import parse_money
from gokei.terms.nsn import parse_nsn
from gokei.terms.problems import Problem
from gokei.terms.quantities import parse_amount, parse_quantity
from gokei.terms.question import read_question
from gokei.terms.strict_json import parse, parse_object
from tests.fuzz import cards, carried, signed, wires
from tests.fuzz.world import POWERS, received, spoken, text, world


def question(data: bytes) -> object:
    found = parse_object(
        data, max_bytes=limits.QUESTION_BYTES, max_depth=limits.QUESTION_DEPTH,
        max_string=limits.QUESTION_STRING_CHARACTERS,
    )  # fmt: skip
    return sorted(read_question(found).items(), key=str)


def one_fact(name: str, data: bytes) -> object:
    rest: dict[str, object] = {"kind": "information", "on": "2017-09-07"}
    return sorted(read_question(rest | {name: spoken(data)}).items(), key=str)


def two_words(data: bytes) -> tuple[str, str]:
    """A number and its unit."""
    number, _, unit = text(data).partition(" ")
    return number, unit


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
    words = [*head.decode("utf-8", "replace").split(" ", 3), "", "", ""][:3]
    payload = there.payload(words[0], words[1])
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


def offer(data: bytes) -> object:
    """Any offer, truly signed by the partner's node."""
    raw = envelopes.sign(envelopes.OFFER, data[: limits.DOCUMENT_BYTES], [world().node_key]).encode()
    found = read_offer(world().jp.core, "AU", raw)
    return found, found.hashes()


def anything(_found: object) -> bool:
    """What comes back at all was taken: what is refused raises."""
    return True


def said_yes(found: Any) -> bool:
    """HTTP's 200."""
    return bool(found[0] == 200)


def let_in(found: Any) -> bool:
    """No problem beside the acknowledgement."""
    return found[1] is None


def all_sent(found: Any) -> bool:
    """An exchange in which no document of ours was refused."""
    return found["refused"] == []


class Target(NamedTuple):
    """What is tried, how many seconds of processor time one input may take, and whether what it gave was taken.

    At least one seed of every target is `taken`: one whose seeds all end at the first check tries nothing behind it.
    """

    run: Callable[[bytes], object]
    seconds: float = 0.05
    taken: Callable[[Any], bool] = anything


TARGETS: Final[Mapping[str, Target]] = {
    "json": Target(parse),
    "question": Target(question),
    "marking": Target(partial(one_fact, "level")),
    "amount": Target(lambda data: parse_amount(text(data), "amount")),
    "quantity": Target(lambda data: parse_quantity(*two_words(data), "quantity")),
    "money": Target(lambda data: parse_money(*two_words(data), "price")),
    "date": Target(lambda data: parse_date(text(data), "on")),
    "instant": Target(lambda data: parse_instant(text(data), "at")),
    "nsn": Target(lambda data: parse_nsn(text(data), "nsn")),
    "envelope": Target(envelope),
    "door": Target(door, taken=let_in),
    "frame": Target(frame, taken=let_in),
    "fold": Target(fold, taken=let_in),
    "card": Target(lambda data: read_card(data)[0]),
    "card-payload": Target(cards.payload),
    "card-added": Target(cards.added),
    "certificate": Target(cards.certificate),
    "second-key": Target(cards.second_key),
    "second-line": Target(cards.second_line),
    "want-pull": Target(partial(wires.want, "pull"), taken=said_yes),
    "want-standing": Target(partial(wires.want, "standing"), taken=said_yes),
    "want-compare": Target(partial(wires.want, "compare"), taken=said_yes),
    "said-batch": Target(partial(wires.said, "batch"), taken=lambda found: b'{"accepted"' in found[1]),
    "said-checkpoint": Target(partial(wires.said, "checkpoint"), taken=said_yes),
    "answer-batch": Target(partial(wires.answer, "batch"), taken=all_sent),
    "answer-pull": Target(partial(wires.answer, "pull"), taken=all_sent),
    "answer-standing": Target(partial(wires.answer, "standing"), taken=all_sent),
    "answer-checkpoint": Target(partial(wires.answer, "checkpoint"), taken=all_sent),
    "answer-refusal": Target(wires.refused),
    "answer-compare": Target(wires.compared),
    "answer-set-aside": Target(wires.set_aside),
    "given-back": Target(wires.given_back, taken=all_sent),
    "offered-standing": Target(partial(wires.answered_offer, "standing"), taken=all_sent),
    "offered-checkpoint": Target(partial(wires.answered_offer, "checkpoint"), taken=all_sent),
    "courier": Target(carried.content),
    "courier-sealed": Target(carried.sealed),
    "courier-back": Target(carried.back),
    "courier-waiting": Target(carried.waiting),
    "note": Target(notes.Note.decode),
    "checkpoint": Target(lambda data: read_checkpoint(data, world().node_key.verify_key)),
    "checkpoint-text": Target(lambda data: parse_checkpoint(text(data))),
    "checkpoint-taken": Target(signed.checkpoint),
    "evidence": Target(signed.evidence_file),
    "evidence-signed": Target(signed.evidence),
    "proof": Target(signed.proof_file),
    "proof-signed": Target(signed.proof),
    "bundle": Target(cards.bundle),
    "offer": Target(offer),
    "mandate": Target(lambda data: read_mandate(data).mandate),
    "mandate-applied": Target(signed.mandate),
    "mandate-carried": Target(signed.carried_mandate, taken=lambda found: let_in(found[0])),
}


def shape(found: object) -> str:
    """What came out, in a form that two runs can be compared by."""
    return json.dumps(found, default=repr, sort_keys=True) if isinstance(found, (dict, list, tuple)) else repr(found)


def is_taken(target: Target, data: bytes) -> bool:
    """Whether the target takes the input, and does not refuse it."""
    try:
        return target.taken(target.run(data))
    except Problem:
        return False
