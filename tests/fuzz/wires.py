"""Targets by wire: what a partner's node asks of ours, and what it answers to ours."""

from __future__ import annotations

import re
from typing import Final

from gokei.journal import envelopes
from gokei.terms import limits
from gokei.terms.canonical import sha256_name
from tests.fuzz.world import Post, world

ANSWERS: Final = re.compile(rb'"answers":"sha256:[0-9a-f]{64}"')
OF: Final = re.compile(rb'"of":"sha256:[0-9a-f]{64}"')


def want(verb: str, data: bytes) -> tuple[int, bytes]:
    """Any request, truly signed by the partner's node."""
    raw = envelopes.sign(envelopes.WANT, data[: limits.DOCUMENT_BYTES], [world().node_key]).encode()
    return said(verb, raw)


def said(verb: str, data: bytes) -> tuple[int, bytes]:
    with world().undone(world().jp):
        return world().post("JP", f"/exchange/AU/{verb}", data)


def answer(verb: str, data: bytes) -> object:
    """What the partner's node answers to a call of ours: its first byte says whether it is a refusal."""
    there = world()

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        if path.endswith("/" + verb):
            return (409 if data[:1] > b"@" else 200), data[1:]
        return there.post(address, path, body)

    with there.answering(post):
        return there.au.sync("JP", "JP")


def answered_offer(verb: str, data: bytes) -> object:
    """Any offer, truly signed by the partner's node, as its answer to a call of ours: it names the call."""
    there = world()

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        return (200, offer_to(body, data)) if path.endswith("/" + verb) else there.post(address, path, body)

    with there.answering(post):
        return there.au.sync("JP", "JP")


def offer_to(request: bytes, payload: bytes) -> bytes:
    """An offer of Japan's node that names the request."""
    named = ANSWERS.sub(f'"answers":"{sha256_name(request)}"'.encode(), payload[: limits.DOCUMENT_BYTES], count=1)
    return envelopes.sign(envelopes.OFFER, named, [world().jp.core.node_signer]).encode()


def refused(data: bytes) -> object:
    """Any refusal of our document, truly signed by the partner's node: it names the document. Then it is shown."""
    there = world()

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        if not path.endswith("/batch"):
            return there.post(address, path, body)
        first = body.partition(b"\n")[0]
        named = OF.sub(f'"of":"{sha256_name(first)}"'.encode(), data[: limits.DOCUMENT_BYTES], count=1)
        return 200, envelopes.sign(envelopes.REFUSAL, named, [there.jp.core.node_signer]).encode()

    with there.answering(post):
        return there.au.sync("JP", "JP"), [*there.au.refusals()]


def compared(data: bytes) -> object:
    """What the partner's node answers while the books are compared: a line for each call, `=` for the honest one."""
    with world().answering(lines_of(data)):
        return world().au.compare_books("JP", "JP")


def set_aside(data: bytes) -> object:
    """The same while our own log is cut back to where the partner's copy differs, and its copy is taken."""
    with world().answering(lines_of(data)):
        return world().au.set_aside("JP", "JP")


def lines_of(data: bytes) -> Post:
    """A partner that answers each call by the next line, and by what it would say after them. An offer is signed."""
    there = world()
    lines = iter(data.split(b"\n"))

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        line = next(lines, b"=")
        if line == b"=":
            return there.post(address, path, body)
        return 200, offer_to(body, line) if path.endswith("/standing") else line

    return post


def given_back(data: bytes) -> object:
    """What the partner gives back of our own log, when first asked, to a journal that was put back from before it."""
    there = world()
    given = iter((data,))

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        asked = path.endswith("/pull") and b'"log":"AU"' in envelopes.Envelope.decode(body, envelopes.WANT).payload
        found = next(given, None) if asked else None
        return there.post(address, path, body) if found is None else (200, found)

    with there.answering(post), there.put_back(there.au):
        return there.au.sync("JP", "JP")
