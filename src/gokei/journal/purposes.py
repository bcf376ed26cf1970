"""What a key may be asked to sign: only the well-formed messages of this program, each by the key that it belongs to.

Whoever holds keys for others (an agent on a socket) judges every message by this before it signs. A stranger who can
ask cannot have arbitrary bytes signed, and each purpose begins with words of its own, so none passes for another:
envelopes with `DSSEv1`, checkpoints with `gokei/`, cosignatures with `cosignature/v1`, proofs of possession with `{`.
"""

from __future__ import annotations

import re
from typing import Final

from pydantic import ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import Frame
from gokei.journal.keys import NODE_OFFICE, Card
from gokei.journal.mandates import Mandate
from gokei.journal.publickeys import claim
from gokei.terms import limits
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object

ROOT_OFFICE: Final = "root"

_ENVELOPE: Final = re.compile(rb"DSSEv1 ([0-9]{1,3}) (application/vnd\.gokei\.[a-z-]{1,40}\+json) ([0-9]{1,7}) ")
# C2SP tlog-checkpoint: origin, size, root, our own lines; tlog-cosignature: the same after two lines of its own.
_CHECKPOINT: Final = re.compile(
    rb"(cosignature/v1\ntime [0-9]{1,19}\n)?gokei/(exercise|real)/[A-Z]{2,4}-[A-Z]{2,4}/[A-Z]{2,4}\n"
    rb"(0|[1-9][0-9]{0,15})\n[A-Za-z0-9+/]{43}=\n([a-z]+ [\x21-\x7e ]{1,200}\n){0,8}"
)


def may_sign(message: bytes, office: str) -> bool:
    """Whether a key of `office` (`node` and `root` included) signs messages like this one."""
    found = _ENVELOPE.match(message)
    if found is not None:
        kind, payload = found[2].decode(), message[found.end() :]
        whole = envelopes.pre_authentication_encoding(kind, payload) == message
        return whole and _payload_allowed(kind, payload, office)
    if office == NODE_OFFICE and _CHECKPOINT.fullmatch(message) is not None:
        return True
    return _claim_allowed(message, office)


def _payload_allowed(kind: str, payload: bytes, office: str) -> bool:
    try:
        found = parse_object(payload, max_bytes=limits.DOCUMENT_BYTES, max_depth=limits.DOCUMENT_DEPTH)
        if kind == envelopes.DOCUMENT:
            return office in Frame.model_validate_json(payload).offices
        if kind == envelopes.CARD:
            return office == ROOT_OFFICE and bool(Card.model_validate_json(payload))
        if kind == envelopes.MANDATE:
            return office == ROOT_OFFICE and bool(Mandate.model_validate_json(payload))
    except (BadInput, ValidationError):
        return False
    # What nodes say to each other: heads, requests, refusals. They are the node's to sign and nobody else's.
    return office == NODE_OFFICE and found.get("gokei") == 1


def _claim_allowed(message: bytes, office: str) -> bool:
    try:
        found = parse_object(message, max_bytes=limits.MANDATE_BYTES)
        return message == claim(str(found["nation"]), str(found["environment"]), office)
    except (BadInput, KeyError):
        return False
