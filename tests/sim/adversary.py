"""A nation with real keys and no honour: it forks, replays, unsees, lies in checkpoints, and asks for what is not its.

America's offices and node key sign whatever helps it against Japan. What its own signatures contradict must leave
evidence with Japan that anyone believes.
"""

from __future__ import annotations

import base64
import json
from random import Random
from typing import TYPE_CHECKING, Any

from gokei.journal import envelopes
from gokei.journal.checkpoints import Checkpoint, sign_checkpoint
from gokei.journal.door import LogHead
from gokei.journal.merkle import EMPTY_ROOT
from gokei.node import checkpoints
from gokei.node.answering import Answer, answer
from gokei.node.messages import write_offer
from gokei.terms.canonical import canonical
from tests.node.forging import Pen, operation
from tests.sim.processes import Dead

if TYPE_CHECKING:
    from tests.sim.world import World

NATION, VICTIM, CHANNEL = "US", "JP", "JP-US"
EMPTY = base64.b64encode(EMPTY_ROOT).decode()


class Adversary:
    """Tries one thing at a time; what Japan must be able to prove afterwards goes on the world's list."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = Random(f"{world.seed}/adversary")
        self.tricks = (
            self.another_document_under_one_number, self.a_document_out_of_order, self.a_document_that_unsees,
            self.a_document_of_the_real_world, self.garbage, self.a_lying_checkpoint, self.another_root,
            self.somebody_elses_log, self.our_own_document_back, self.a_document_that_follows_another,
            self.another_document_under_one_name, self.a_second_signature_that_is_none,
        )  # fmt: skip

    def act(self) -> None:
        if self._victim() is not None and self._world.processes[NATION].node is not None:
            self._world.count("trick")
            with self._world.processes[NATION].looked_at():
                self._chance.choice(self.tricks)()

    def _victim(self) -> Any:
        node = self._world.processes[VICTIM].node
        return None if node is None else node.core

    def _send(self, verb: str, body: bytes, author: str = NATION) -> Answer | None:
        world, core = self._world, self._victim()
        before = world.before(VICTIM, verb)
        try:
            found = answer(core, author, verb, body)
        except Dead:
            return None
        if self._victim() is None:
            return None
        world.answered(NATION, VICTIM, author, verb, body, found, before)
        return found

    def _pen(self) -> Pen:
        pen = Pen(self._world.processes[NATION].folder, VICTIM)
        log = self._log()
        pen.size, pen.last = log.size, log.last
        return pen

    def _log(self) -> LogHead:
        with self._world.processes[VICTIM].looked_at():
            return self._victim().store.log(CHANNEL, NATION)[0]  # type: ignore[no-any-return]

    def _document(self, pen: Pen, **frame: Any) -> bytes:
        seen = self._log().seen
        name = f"X{self._chance.randrange(1000)}"
        frame = {"seen": seen, "agreement": "acsa-jp-us-1996"} | frame
        return pen.write("operation", f"operation:{name}", operation(operation=name), ["logistics"], **frame)

    def another_document_under_one_number(self) -> None:
        pen = self._pen()
        if pen.size == 0:
            return
        pen.size -= 1
        found = self._send("documents", self._document(pen))
        self._owe("two-documents", found is not None and found.status == 409)

    def a_document_that_follows_another(self) -> None:
        pen = self._pen()
        if pen.size:
            pen.last = "sha256:" + "5" * 64
            found = self._send("documents", self._document(pen))
            self._owe("broken-chain", found is not None and 400 <= found.status < 500)

    def another_document_under_one_name(self) -> None:
        pen = self._pen()
        with self._world.processes[VICTIM].looked_at():
            rows = self._victim().store.after(CHANNEL, NATION, max(0, pen.size - 1), 1)
        if rows:
            pen.size -= 1
            found = self._send("documents", self._document(pen, document=rows[0].document))
            self._owe("two-documents", found is not None and 400 <= found.status < 500)

    def a_second_signature_that_is_none(self) -> None:
        pen = self._pen()
        seen = self._log().seen
        raw = pen.write(
            "order", "order:JP-1", {"order": "JP-1"}, ["logistics", "finance"], seen=seen, agreement="acsa-jp-us-1996"
        )
        envelope = envelopes.Envelope.decode(raw, envelopes.DOCUMENT)
        first, second = envelope.signatures
        bent = second._replace(value=first.value)
        self._send("documents", envelope._replace(signatures=(first, bent)).encode())

    def a_document_out_of_order(self) -> None:
        pen = self._pen()
        pen.size += self._chance.randrange(1, 5)
        self._send("documents", self._document(pen))

    def a_document_that_unsees(self) -> None:
        pen = self._pen()
        seen = self._log().seen
        if seen and pen.size:
            found = self._send("documents", self._document(pen, seen=seen - 1))
            self._owe("unseen", found is not None and found.status == 409)

    def a_document_of_the_real_world(self) -> None:
        self._send("documents", self._document(self._pen(), environment="real"))

    def garbage(self) -> None:
        pen = self._pen()
        payload = self._chance.choice((b"[" * 5000, b"{}", b"\xff" * 40, b'{"a":1e999999}', b'"' + b"x" * 300_000))
        verb = self._chance.choice(("documents", "batch", "standing", "checkpoint", "pull", "compare"))
        self._send(verb, self._chance.choice((payload, pen.sign(payload, ["logistics"]))))

    def _checkpoint(self, **change: Any) -> tuple[Checkpoint, bytes]:
        core = self._world.processes[NATION].node.core  # type: ignore[union-attr]
        honest = checkpoints.standing(core, VICTIM)._replace(**change)
        return honest, sign_checkpoint(honest, core.node_signer)

    def _offer(self, note: bytes) -> Answer | None:
        core = self._world.processes[NATION].node.core  # type: ignore[union-attr]
        honest = json.loads(envelopes.Envelope.decode(write_offer(core, VICTIM, None), envelopes.OFFER).payload)
        lying = canonical(honest | {"checkpoint": note.decode(), "old": 0, "proof": []})
        return self._send("checkpoint", envelopes.sign(envelopes.OFFER, lying, [core.node_signer]).encode())

    def a_lying_checkpoint(self) -> None:
        change: dict[str, Any] = self._chance.choice(
            (
                {"root": b"\x05" * 32},
                {"seen": 999},
                {"seen_root": b"\x05" * 32},
                {"written": 5000},
                {"time": "0001-01-01T00:00:00Z"},
            )
        )
        self._offer(self._checkpoint(**change)[1])

    def another_root(self) -> None:
        """One story told and kept, then another over the same count."""
        held = self._log()
        with self._world.processes[VICTIM].looked_at():
            newest = checkpoints.newest(self._victim(), NATION, NATION)
        if newest is None or newest[0].written > held.size:
            return
        other = newest[0]._replace(root=b"\x06" * 32)
        signer = self._world.processes[NATION].node.core.node_signer  # type: ignore[union-attr]
        found = self._offer(sign_checkpoint(other, signer))
        self._owe("two-roots", found is not None and found.status == 409)

    def somebody_elses_log(self) -> None:
        """Australia's log with Japan, asked for under Australia's name, by America's key."""
        want = {"gokei": 1, "want": "documents", "author": "AU", "reader": "JP", "environment": "exercise", "log": "JP",
                "after": 0, "until": 0, "yours": None, "held": 0, "root": EMPTY,
                "time": "2026-11-24T06:00:00Z", "nonce": "0" * 32}  # fmt: skip
        signer = self._world.processes[NATION].node.core.node_signer  # type: ignore[union-attr]
        raw = envelopes.sign(envelopes.WANT, canonical(want), [signer]).encode()  # type: ignore[arg-type]
        self._send("pull", raw, author="AU")
        self._send("pull", raw)

    def our_own_document_back(self) -> None:
        core = self._victim()
        with self._world.processes[VICTIM].looked_at():
            rows = [*core.store.each("AU-JP", "JP"), *core.store.each("AU-JP", "AU"), *core.store.each(CHANNEL, "JP")]
        if rows:
            self._send("documents", self._chance.choice(rows).envelope)

    def _owe(self, kind: str, whether: bool) -> None:
        if whether:
            self._world.owed.add(kind)
