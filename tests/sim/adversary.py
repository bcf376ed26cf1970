"""A nation with real keys and no honour: it forks, replays, unsees, lies in checkpoints, and asks for what is not its.

America's offices and node key sign whatever helps it against Japan. What its own signatures contradict must leave
evidence with Japan that anyone believes.
"""

from __future__ import annotations

import base64
from random import Random
from typing import TYPE_CHECKING, Any

from gokei.journal import envelopes
from gokei.journal.checkpoints import Checkpoint, sign_checkpoint
from gokei.journal.door import LogHead
from gokei.journal.merkle import EMPTY_ROOT, leaf_hash, root_of
from gokei.node import checkpoints
from gokei.node.answering import Answer, answer
from gokei.terms.canonical import canonical
from gokei.terms.problems import Problem
from tests.node.forging import Pen, operation
from tests.sim.invariants import a_fork_leaves_evidence, hold
from tests.sim.processes import Dead

if TYPE_CHECKING:
    from tests.sim.world import World

NATION, VICTIM, CHANNEL = "US", "JP", "JP-US"
EMPTY = base64.b64encode(EMPTY_ROOT).decode()


class Adversary:
    """Tries one thing at a time. A right node must refuse each, whatever it says of itself; and what contradicts what
    America signed before goes on the world's list, because Japan must be able to prove it from then on."""

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
            try:
                with self._world.processes[NATION].looked_at():
                    self._chance.choice(self.tricks)()
            except Problem as problem:
                if not problem.check.startswith(("store-", "system-")):
                    raise
                return
            node = self._world.processes[VICTIM].node
            if node is not None and not node.core.store._broken:
                with self._world.processes[VICTIM].looked_at():
                    a_fork_leaves_evidence(self._world, node)

    def _victim(self) -> Any:
        node = self._world.processes[VICTIM].node
        return None if node is None else node.core

    def _send(self, verb: str, body: bytes, author: str = NATION) -> Answer | None:
        """What Japan's node answers; None where it died, or its disk failed, so that nothing is owed."""
        world, core = self._world, self._victim()
        before = world.before(VICTIM, verb)
        try:
            found = answer(core, author, verb, body)
        except Dead:
            return None
        if self._victim() is None or found.status == 503:
            return None
        world.answered(NATION, VICTIM, author, verb, body, found, before)
        return found

    def _refused(self, verb: str, body: bytes, owed: str = "", author: str = NATION, statement: bytes = b"") -> None:
        """Send what a right node must refuse; where `owed` names a kind of evidence, the statement is to stand in it.

        What cannot be read, is of elsewhere, or is only out of its place contradicts nothing: it leaves a refusal.
        """
        found = self._send(verb, body, author)
        if found is None:
            return
        taken = found.status == 200 and (verb != "batch" or b'"accepted"' in found.body)
        hold("INV-9" if owed else "INV-5", not taken, (verb, owed, "was not refused", found.body[:200]))
        if owed:
            self._world.owed.append((owed, statement or body))

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
        if pen.size:
            pen.size -= 1
            self._refused("documents", self._document(pen), "two-documents")

    def a_document_that_follows_another(self) -> None:
        pen = self._pen()
        pen.last = "sha256:" + "5" * 64
        self._refused("documents", self._document(pen), "broken-chain" if pen.size else "")

    def another_document_under_one_name(self) -> None:
        pen = self._pen()
        with self._world.processes[VICTIM].looked_at():
            rows = self._victim().store.after(CHANNEL, NATION, max(0, pen.size - 1), 1)
        if rows:
            pen.size -= 1
            self._refused("documents", self._document(pen, document=rows[0].document), "two-documents")

    def a_second_signature_that_is_none(self) -> None:
        pen = self._pen()
        seen = self._log().seen
        raw = pen.write(
            "order", "order:JP-1", {"order": "JP-1"}, ["logistics", "finance"], seen=seen, agreement="acsa-jp-us-1996"
        )
        envelope = envelopes.Envelope.decode(raw, envelopes.DOCUMENT)
        first, second = envelope.signatures
        bent = second._replace(value=first.value)
        self._refused("documents", envelope._replace(signatures=(first, bent)).encode())

    def a_document_out_of_order(self) -> None:
        pen = self._pen()
        pen.size += self._chance.randrange(1, 5)
        self._refused("documents", self._document(pen))

    def a_document_that_unsees(self) -> None:
        pen = self._pen()
        seen = self._log().seen
        if seen and pen.size:
            self._refused("documents", self._document(pen, seen=seen - 1), "unseen")

    def a_document_of_the_real_world(self) -> None:
        self._refused("documents", self._document(self._pen(), environment="real"))

    def garbage(self) -> None:
        pen = self._pen()
        payload = self._chance.choice((b"[" * 5000, b"{}", b"\xff" * 40, b'{"a":1e999999}', b'"' + b"x" * 300_000))
        verb = self._chance.choice(("documents", "batch", "standing", "checkpoint", "pull", "compare"))
        self._refused(verb, self._chance.choice((payload, pen.sign(payload, ["logistics"]))))

    def _checkpoint(self, **change: Any) -> tuple[Checkpoint, bytes]:
        core = self._world.processes[NATION].node.core  # type: ignore[union-attr]
        lie = checkpoints.standing(core, VICTIM)._replace(**change)
        return lie, sign_checkpoint(lie, core.node_signer)

    def _offer(self, note: bytes) -> bytes:
        core = self._world.processes[NATION].node.core  # type: ignore[union-attr]
        lying = {
            "gokei": 1, "author": NATION, "reader": VICTIM, "environment": "exercise", "answers": None, "old": 0,
            "proof": [], "checkpoint": note.decode(), "yours": None, "time": core.now(), "nonce": "0" * 32,
        }  # fmt: skip
        return envelopes.sign(envelopes.OFFER, canonical(lying), [core.node_signer]).encode()  # type: ignore[arg-type]

    def a_lying_checkpoint(self) -> None:
        """What Japan can see to be a lie it must refuse; what America's own words refute besides, it must prove."""
        change: dict[str, Any] = self._chance.choice(
            (
                {"root": b"\x05" * 32},
                {"seen": 999},
                {"seen_root": b"\x05" * 32},
                {"written": 5000},
                {"time": "0001-01-01T00:00:00Z"},
            )
        )
        lie, note = self._checkpoint(**change)
        false, proven = self._seen_through(lie)
        if false:
            self._refused("checkpoint", self._offer(note), proven, statement=note)
        else:
            # It counts what never came, or is true but for its time.
            self._send("checkpoint", self._offer(note))

    def another_root(self) -> None:
        """One story told and kept, then another over the same count."""
        with self._world.processes[VICTIM].looked_at():
            newest = checkpoints.newest(self._victim(), NATION, NATION)
        if newest is not None:
            signer = self._world.processes[NATION].node.core.node_signer  # type: ignore[union-attr]
            note = sign_checkpoint(newest[0]._replace(root=b"\x06" * 32), signer)
            self._refused("checkpoint", self._offer(note), "two-roots", statement=note)

    def _seen_through(self, lie: Checkpoint) -> tuple[bool, str]:
        """Whether Japan holds what shows that it is one; and the evidence that it can make of America's own words."""
        with self._world.processes[VICTIM].looked_at():
            newest = checkpoints.newest(self._victim(), NATION, NATION)
            theirs, ours = (self._leaves(author) for author in (NATION, VICTIM))
        told = None if newest is None else newest[0]
        if told is not None and contradict(told, lie):
            return True, "contradiction"
        other_log = lie.written <= len(theirs) and root_of(theirs[: lie.written]) != lie.root
        if other_log and (told is None or root_of(theirs[: told.written]) == told.root):
            fits = told is None or root_of(ours[: told.seen]) == told.seen_root
            return True, "other-log" if fits else ""
        return lie.seen > len(ours) or root_of(ours[: lie.seen]) != lie.seen_root or other_log, ""

    def _leaves(self, author: str) -> list[bytes]:
        rows = self._victim().store.each(CHANNEL, author)
        return [leaf_hash(envelopes.Envelope.decode(row.envelope, envelopes.DOCUMENT).payload) for row in rows]

    def somebody_elses_log(self) -> None:
        """Australia's log with Japan, asked for under Australia's name, by America's key."""
        want = {"gokei": 1, "want": "documents", "author": "AU", "reader": "JP", "environment": "exercise", "log": "JP",
                "after": 0, "until": 0, "yours": None, "held": 0, "root": EMPTY,
                "time": "2026-11-24T06:00:00Z", "nonce": "0" * 32}  # fmt: skip
        signer = self._world.processes[NATION].node.core.node_signer  # type: ignore[union-attr]
        for verb in ("pull", "compare"):
            asked = want | ({"want": "comparison", "log": "books"} if verb == "compare" else {})
            raw = envelopes.sign(envelopes.WANT, canonical(asked), [signer]).encode()  # type: ignore[arg-type]
            self._refused(verb, raw, author="AU")
            self._refused(verb, raw)

    def our_own_document_back(self) -> None:
        core = self._victim()
        with self._world.processes[VICTIM].looked_at():
            rows = [*core.store.each("AU-JP", "JP"), *core.store.each("AU-JP", "AU"), *core.store.each(CHANNEL, "JP")]
        if rows:
            self._refused("documents", self._chance.choice(rows).envelope)


def contradict(told: Checkpoint, later: Checkpoint) -> bool:
    """Whether one author cannot have meant both, as the reference says it: docs/reference/exchange.md, Evidence."""
    two_roots = (told.written == later.written and told.root != later.root) or (
        told.seen == later.seen and told.seen_root != later.seen_root
    )
    first, second = sorted((told, later), key=lambda one: one.time)
    rollback = first.time < second.time and (second.written < first.written or second.seen < first.seen)
    short, long = sorted((told, later), key=lambda one: one.written)
    unseen = short.written < long.written and long.seen < short.seen
    return two_roots or rollback or unseen
