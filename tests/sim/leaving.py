"""INV-8 on the wire: of a channel nothing reaches a nation outside of it, in a request, an answer or a comparison.

Looked at is what leaves, before the wire bends it: every document by its author and reader, every name of a document,
every origin of a checkpoint, and every hash that a comparison gives, which must be that of the channel of the two.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gokei.journal import envelopes
from gokei.journal.merkle import leaf_hash, root_of
from gokei.node.node import Node
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.problems import Problem
from tests.sim.invariants import hold, saw

if TYPE_CHECKING:
    from tests.sim.world import World

NAME = re.compile(rb"sha256:([0-9a-f]{64})")
ORIGIN = re.compile(rb"gokei/(?:exercise|real)/([A-Z]{2})-([A-Z]{2})\b")


def nothing_leaves_to_others(world: World, reader: str, body: bytes) -> None:
    """INV-8: no byte of a document leaves to a nation that is neither its author nor its reader."""
    if not body:
        return
    opened = []
    for raw in _payloads(body):
        payload = json.loads(raw)
        opened.append(raw)
        if isinstance(payload, dict) and {"author", "reader"} <= {*payload}:
            saw(world, "INV-8")
            parties = (payload["author"], payload["reader"])
            hold("INV-8", reader in parties, (reader, "gets what is between", parties))
            if "sequence" in payload:
                world.left("-".join(sorted(parties)), sha256_name(raw))
    text = b"\n".join([body, *opened])
    for found in ORIGIN.finditer(text):
        hold("INV-8", reader.encode() in found.groups(), (reader, "gets a checkpoint of", found.group()))
    leaked = {found.decode() for found in NAME.findall(text)} & world.names_without(reader)
    hold("INV-8", not leaked, (reader, "gets the names", sorted(leaked)))


def comparison_is_of_the_channel(node: Node, asker: str, asked: bytes, answered: bytes) -> None:
    """INV-8: what a comparison tells is of the books between the two, and of nothing else."""
    try:
        want: Any = json.loads(envelopes.Envelope.decode(asked, envelopes.WANT).payload)
    except (Problem, ValueError):
        hold("INV-8", False, "what is no request was compared")
    said = json.loads(answered)
    channel, log = node.core.channel_of(asker), want["log"]
    if log == "books":
        sizes = node.core.store.rows("SELECT author, size FROM logs WHERE channel=? AND size > 0", (channel,))
        counts = {name: size for name, size in said["documents"].items() if size}
        hold("INV-8", counts == dict(sizes), (asker, "compares with", said["documents"]))
        return
    if log in {asker, node.nation}:
        rows = node.core.store.rows(
            "SELECT envelope FROM documents WHERE channel=? AND author=? ORDER BY sequence", (channel, log)
        )
        leaves = [leaf_hash(envelopes.Envelope.decode(raw, envelopes.DOCUMENT).payload) for (raw,) in rows]
    else:
        wing = {"orders": "support", "keys": "journal"}.get(log, log)
        rows = node.core.store.rows(
            "SELECT case_name, digest FROM views WHERE channel=? AND wing=? ORDER BY case_name", (channel, wing)
        )
        leaves = [leaf_hash(canonical([*row])) for row in rows]
        hold("INV-8", said.get("case") is None or tuple(said["case"]) in {*rows}, (asker, "gets the case", said))
    expected = root_of(leaves[want["after"] : want["until"]]).hex()
    hold("INV-8", said["hash"] == expected, (asker, "gets a hash that is none of", channel))


def checkpoints_in(body: bytes) -> Iterator[str]:
    """The checkpoints, without their signatures, that a body says its author has signed."""
    for raw in _payloads(body):
        payload = json.loads(raw)
        note = payload.get("checkpoint") if isinstance(payload, dict) else None
        if isinstance(note, str):
            yield note.partition("\n\n")[0] + "\n"


def _payloads(body: bytes) -> Iterator[bytes]:
    """What stands in the envelopes of a body, one a line."""
    for line in body.split(b"\n"):
        try:
            found = json.loads(line)
            payload = found.get("payload") if isinstance(found, dict) else None
            if isinstance(payload, str):
                raw = base64.b64decode(payload)
                json.loads(raw)
                yield raw
        except (ValueError, RecursionError):
            continue
