"""Two nations with keys made from fixed seeds, and their documents, for the journal's tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from gokei.journal import keys as journal_keys
from gokei.journal.door import LogHead, admit
from gokei.journal.entries import Entry
from gokei.journal.envelopes import MANDATE, sign
from gokei.journal.frames import Frame, Strict
from gokei.journal.kinds import Kind, Kinds
from gokei.journal.mandates import Limit, Mandate, NodeKey, Office
from gokei.journal.publickeys import NamedKey, prove
from gokei.journal.roots import RootStatement
from gokei.journal.signers import SoftwareSigner
from gokei.journal.wing import WING
from gokei.journal.writing import Written, write

TIME = "2026-11-24T01:02:03Z"


class Note(Strict):
    """A toy body: a word and where it points."""

    word: Annotated[str, Field(max_length=40)]


NOTE = Kind("note", "support", "order", Note, 10, ("request",))
PAIR = Kind("pair", "support", "order", Note, 5, ("order", "approve"))
KINDS = Kinds((*WING.kinds, NOTE, PAIR))


def seed(text: str) -> SoftwareSigner:
    return SoftwareSigner(hashlib.sha256(text.encode()).digest())


def hexadecimal(signer: SoftwareSigner) -> str:
    return bytes(signer.verify_key).hex()


def statement(nation: str, threshold: int, *roots: SoftwareSigner, environment: str = "exercise") -> RootStatement:
    keys = tuple(NamedKey(algorithm="ed25519", key=key) for key in sorted(hexadecimal(root) for root in roots))
    return RootStatement(gokei=1, nation=nation, environment=environment, threshold=threshold, keys=keys)  # type: ignore[arg-type]


@dataclass
class Nation:
    nation: str
    environment: str = "exercise"
    root: SoftwareSigner = field(init=False)
    node: SoftwareSigner = field(init=False)
    offices: dict[str, SoftwareSigner] = field(init=False)

    def __post_init__(self) -> None:
        self.root = seed(self.nation + "root")
        self.node = seed(self.nation + "node")
        self.offices = {name: seed(self.nation + name) for name in ("logistics", "finance", "security")}

    def key(self, office: str) -> SoftwareSigner:
        return self.node if office == "node" else self.offices[office]

    def office(self, name: str, powers: tuple[str, ...], **more: object) -> Office:
        key = self.offices.get(name) or seed(self.nation + name)
        values = {
            "office": name, "title": {"en": name}, "algorithm": "ed25519", "key": hexadecimal(key), "powers": powers,
            "valid_from": "2000-01-01T00:00:00Z", "proof": prove(key, self.nation, self.environment, name),
        }  # fmt: skip
        return Office(**(values | more))  # type: ignore[arg-type]

    def statement(self) -> RootStatement:
        return statement(self.nation, 1, self.root, environment=self.environment)

    def mandate(self, change: object, serial: int = 1, **more: object) -> str:
        """A mandate of the root, signed; the text that a document carries."""
        values = {
            "gokei": 1, "nation": self.nation, "environment": self.environment, "root": self.statement().fingerprint,
            "serial": serial, "issued": TIME, "change": change,
        }  # fmt: skip
        mandate = Mandate(**(values | more))  # type: ignore[arg-type]
        return sign(MANDATE, mandate.encode(), [self.root]).encode().decode()

    def card(self, **more: object) -> bytes:
        node = NodeKey(
            algorithm="ed25519",
            key=hexadecimal(self.node),
            proof=prove(self.node, self.nation, self.environment, "node"),
        )
        values = {
            "gokei": 1, "environment": self.environment, "nation": self.nation, "statement": self.statement(),
            "serial": 0, "issued": TIME, "node": node,
            "offices": (
                self.office("logistics", ("request", "order")),
                self.office("finance", ("approve", "settle"), limit=Limit(amount="100", currency="JPY")),
                self.office("security", ("release", "custody")),
            ),
        }  # fmt: skip
        return journal_keys.sign_card(journal_keys.Card(**(values | more)), [self.root])  # type: ignore[arg-type]

    def ring(self) -> journal_keys.KeyRing:
        return journal_keys.read_card(self.card())[1]

    def document(
        self, reader: str, log: LogHead, seen: int = 0, offices: tuple[str, ...] = ("logistics",),
        type_name: str = "note", body: dict[str, object] | None = None, **more: object,
    ) -> Written:  # fmt: skip
        values = {
            "gokei": 1, "environment": self.environment, "author": self.nation, "reader": reader, "offices": offices,
            "agreement": "acsa-jp-au-2017", "sequence": log.size + 1, "previous": log.last, "time": TIME,
            "document": hashlib.sha256(f"{self.nation}{log.size}{body}".encode()).hexdigest()[:32],
            "case": "order:AU-0001", "seen": seen, "re": (), "type": type_name, "body": body or {"word": "hello"},
        }  # fmt: skip
        return write(Frame(**(values | more)), [self.key(name) for name in offices])  # type: ignore[arg-type]


def enter(raw: bytes, log: LogHead, nation: Nation, reader: str, written: int = 10**6) -> Entry:
    return admit(raw, log, nation.ring(), KINDS, "exercise", reader, written)


def after(entry: Entry) -> LogHead:
    return LogHead(entry.sequence, entry.hash, entry.seen)
