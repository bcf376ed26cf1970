"""Documents written by hand: what a partner's own, careless or hostile, program could send with real keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gokei.journal import envelopes
from gokei.journal.frames import GENESIS
from gokei.journal.signers import Signer
from gokei.node.folder import load


class Pen:
    """Writes on behalf of a nation: its offices' keys, its log to one reader, and no rule at all."""

    def __init__(self, folder: Path, reader: str) -> None:
        self.own = load(folder)
        self.reader = reader
        self.size = 0
        self.last = GENESIS

    def key(self, office: str) -> Signer:
        return self.own.keys.signer(next(one.key for one in self.own.keys.holds() if one.office == office))

    def payload(self, type_name: str, case: str, body: object, offices: Sequence[str], /, **frame: Any) -> bytes:
        """The signed bytes of the next document; `frame` changes any of its fields."""
        values = {
            "gokei": 1, "environment": "exercise", "author": self.own.nation, "reader": self.reader,
            "offices": [*offices], "agreement": "acsa-jp-au-2017", "sequence": self.size + 1, "previous": self.last,
            "time": "2026-11-24T06:00:00Z", "case": case, "seen": 0, "re": [], "type": type_name, "body": body,
            "document": hashlib.sha256(f"{self.size}{case}".encode()).hexdigest()[:32],
        }  # fmt: skip
        return json.dumps(values | frame, ensure_ascii=False).encode()

    def sign(self, payload: bytes, offices: Sequence[str]) -> bytes:
        return envelopes.sign(envelopes.DOCUMENT, payload, [self.key(office) for office in offices]).encode()

    def write(self, type_name: str, case: str, body: object, offices: Sequence[str], /, **frame: Any) -> bytes:
        """An envelope, with nothing checked."""
        return self.sign(self.payload(type_name, case, body, offices, **frame), offices)

    def sent(self, raw: bytes) -> None:
        """The document was taken in: the next one follows it."""
        envelope = envelopes.Envelope.decode(raw, envelopes.DOCUMENT)
        sequence = json.loads(envelope.payload)["sequence"]
        if sequence > self.size:
            self.size, self.last = sequence, envelope.hash


def operation(**change: Any) -> dict[str, Any]:
    """The body of an operation that is right, but for what is changed."""
    return {
        "operation": "DARWIN", "name": "Exercise", "activity": "joint_exercise", "place": "AU",
        "starts": "2017-09-01", "ends": "2017-09-30", "forces": ["AU", "JP"], "facts": {}, **change,
    }  # fmt: skip
