"""A run: nations, officers, an adversary and everything that goes wrong, from one seed; then all heals and agrees.

Safety: INV-5, 8 and 10 are held at every message, INV-2, 3 and 4 at every event, the dearer ones at every
EVERY-th event and at the end. Liveness: with all faults gone, honest nations reach equal books and a cut over all;
then their officers can go on, and in some good days orders come to their claims.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from contextlib import ExitStack
from random import Random
from typing import Any

from gokei.journal import envelopes
from gokei.journal.merkle import leaf_hash
from gokei.node import exchange, signed
from gokei.node.answering import Answer
from gokei.node.node import Node
from gokei.terms.problems import Problem
from tests.nations import FACTS
from tests.sim import asking, invariants, leaving, officers, older
from tests.sim.adversary import Adversary
from tests.sim.clock import Time
from tests.sim.faults import Faults, draw
from tests.sim.invariants import Broken
from tests.sim.network import REMEMBERED, Wire
from tests.sim.processes import PAIRS, Process, card, keys_of

EVERY = 12
HOURS = 3600.0
ROUNDS = 60
GOOD_DAYS = 8
_NAMES = itertools.count()


class World:
    """One run of a seed."""

    def __init__(self, seed: int, without: tuple[str, ...] = (), steps: int = 140) -> None:
        self.seed = seed
        self.name = f"w{next(_NAMES)}"
        self.faults = draw(seed).without(*without)
        self.steps = steps
        self.time = Time()
        self.depth = 0
        self.touches = 0
        self.faulty = True
        self.owed: list[tuple[str, bytes]] = []
        self.law = asking.WatchedLaw()
        self.names: dict[str, set[str]] = {}
        self.counts: Counter[str] = Counter()
        self.chance = Random(f"{seed}/world")
        self.asking = Random(f"{seed}/asking")
        self.signed: dict[tuple[str, str], list[Any]] = {}
        self.proved: set[bytes] = set()
        self.excused: set[str] = set()
        self._came_first: dict[tuple[str, str, str], bool] = {}
        self.leaves: dict[tuple[str, str], dict[int, bytes]] = {}
        self.acknowledged: dict[str, list[tuple[str, str]]] = {"AU": [], "JP": [], "US": []}
        self._answers: dict[tuple[str, str, str], list[tuple[int, bytes]]] = {}
        self._parted: dict[tuple[str, str], float] = {}
        self._restored: set[str] = set()
        self._restored_at: dict[str, float] = {}
        self._written_at: dict[str, float] = {}
        self.imaged: set[str] = set()
        self._missed: dict[str, set[str]] = {}
        self._trace = hashlib.sha256()
        self._events = 0
        self.processes: dict[str, Process] = {}
        for nation in ("AU", "JP", "US"):
            self.processes[nation] = Process(self, nation)
        self.adversary = Adversary(self) if self.faults.adversary else None

    @property
    def honest(self) -> tuple[str, ...]:
        """The nations that never lie in this run."""
        return invariants.HONEST if self.adversary else (*invariants.HONEST, "US")

    @property
    def faults_now(self) -> Faults:
        """What may go wrong now: nothing once the world heals."""
        return self.faults if self.faulty else Faults()

    def skew_of(self, nation: str) -> float:
        return Random(f"{self.seed}/skew/{nation}").uniform(-1, 1) * self.faults.skew

    def wire(self, nation: str) -> Wire:
        return Wire(self, nation)

    def count(self, what: str) -> None:
        self.counts[what] += 1
        self._trace.update(f"{self.time.now:.3f} {what}\n".encode())

    def trace(self) -> str:
        """One digest of all that happened."""
        return self._trace.hexdigest()[:16]

    # The run.

    def run(self) -> None:
        """Safety, then healing and liveness. Raises Broken."""
        for process in self.processes.values():
            process.start()
        for _ in range(self.steps):
            self.time.at(self.chance.random() * 72 * HOURS, self._event)
        self.time.run_until(73 * HOURS)
        self._heal()
        self._good_days()
        for process in self.processes.values():
            process.stop()

    def _event(self) -> None:
        nation = self.chance.choice(("AU", "AU", "JP", "JP", "US"))
        process = self.processes[nation]
        partner = self.chance.choice(process.partners)
        draw_ = self.chance.random()
        if draw_ < 0.45:
            for _ in range(self.chance.randrange(1, 4)):
                process.run(lambda node: self._officer(node, partner))
        elif draw_ < 0.85:
            process.run(lambda node: self._meet(node, partner))
        else:
            self._misfortune(process)
        self._events += 1
        self._check(self._events % EVERY == 0)

    def _officer(self, node: Node, partner: str, good: Random | None = None) -> None:
        """An officer signs something; in good days always what comes next."""
        chance = good or self.chance
        if chance.random() < 0.1:
            self._ask(node)
            return
        wanted = officers.document(chance, node, partner, sensible=1.0 if good else officers.SENSIBLE)
        before = self.before(node.nation, "act")
        try:
            done = node.act(wanted)
        except Problem as problem:
            self.count(f"act {problem.check}")
            if problem.check.startswith(("store-", "system-")):
                raise
            if before is not None:
                invariants.refusals_change_nothing(self, node.nation, before, self._after(node.nation), "act")
            return
        self.count("act")
        self._wrote(node, partner, str(done["hash"]))

    def _wrote(self, node: Node, partner: str, name: str) -> None:
        row = node.core.store.find(node.core.channel_of(partner), name)
        if row is None:
            raise Broken("INV-2", "acknowledged to an officer, and not there")
        self._acknowledge(node.nation, node.core.channel_of(partner), row.hash)
        self._written_at[row.hash] = self.time.now
        payload = envelopes.Envelope.decode(row.envelope, envelopes.DOCUMENT).payload
        if node.nation not in self.imaged:
            self.leaves.setdefault((node.nation, partner), {})[row.sequence] = leaf_hash(payload)

    def _acknowledge(self, nation: str, channel: str, name: str) -> None:
        self.acknowledged[nation].append((channel, name))
        self.names.setdefault(channel, set()).add(name.removeprefix("sha256:"))

    def left(self, channel: str, name: str) -> None:
        """A document is on the wire: some were written by no officer's hand, but by a node that had caught up."""
        self.names.setdefault(channel, set()).add(name.removeprefix("sha256:"))
        self._written_at.setdefault(name, self.time.now)

    def names_without(self, nation: str) -> set[str]:
        """The names of all documents that went between two other nations."""
        found = [names for channel, names in self.names.items() if nation not in channel.split("-")]
        return set().union(*found)

    def _apply(self, node: Node) -> None:
        """The operator applies the root's mandates: new ones, and all of them after a backup was put back."""
        for done in self.processes[node.nation].root.apply(node):
            self.count(f"mandate {done['kind']}")
            written: Any = done["channels"]
            for partner, names in written.items():
                for name in names:
                    self._wrote(node, partner, name)

    def _ask(self, node: Node) -> None:
        """A question about a secret, as a security officer asks."""
        asked = asking.question(self.asking)
        invariants.access_is_cited(self, asked, node.ask(asked))

    def _meet(self, node: Node, partner: str) -> None:
        try:
            is_older = self.faults_now.plain > 0 and node.nation == "AU"
            found = (older.sync if is_older else exchange.sync)(node.core, partner, partner)
        except Problem as problem:
            invariants.the_honest_are_not_accused(self, node.nation, partner, problem)
            if problem.check in {"want-refused", "partner-back"} and not self.processes[node.nation].root.is_applied:
                # A partner that does not know the node's key: the operator applies what the root ever said, again.
                self._apply(node)
            if problem.check in {"node-forked", "fork"} and node.nation in self._restored:
                # The operator knows what he put back, and puts aside what went on from it.
                self.count("set aside")
                node.set_aside(partner, partner)
            raise
        self.count("sync")
        self._missed.get(node.nation, set()).discard(partner)
        self.counts["sent"] += int(str(found["sent"]))

    def _misfortune(self, process: Process) -> None:
        """What happens to a nation by itself: tricks of the adversary, backups, clocks, broken lines."""
        faults, chance = self.faults, self.chance
        if self.adversary is not None and chance.random() < faults.adversary:
            self.adversary.act()
        if chance.random() < 0.5:
            process.back_up()
        if chance.random() < faults.restore * 10:
            process.restore()
        if chance.random() < faults.image * 10:
            process.restore(as_files=False)
        if chance.random() < faults.rot * 10:
            aim = process.aimed() if chance.random() < 0.5 else b""
            process.rot(lambda draws: process.disk.rot(draws, aim), "rot")
        if chance.random() < faults.misdirected * 10:
            process.rot(process.disk.misdirect, "misdirected")
        if chance.random() < faults.leap * 5:
            process.clock.skew -= 1
        if chance.random() < faults.swizzle * 10:
            self._swizzle()
        if chance.random() < faults.jump * 10:
            process.clock.skew += chance.uniform(-1, 1) * 24 * HOURS
        if chance.random() < faults.stall * 10:
            process.clock.stall()
            self.time.at(chance.random() * 5 * HOURS, process.clock.go_on)
        if faults.rotation and process.nation in invariants.HONEST and chance.random() < faults.rotation * 5:
            process.run(process.root.act)
            process.run(self._apply)
        if chance.random() < faults.partition * 5:
            other = chance.choice(process.partners)
            self._parted[process.nation, other] = self.time.now + chance.random() * 6 * HOURS

    def _swizzle(self) -> None:
        """Some of the links stop, one after another, and come back in another order."""
        links = [(one, other) for one, process in self.processes.items() for other in process.partners]
        for link in self.chance.sample(links, self.chance.randrange(1, len(links) + 1)):
            until = self.time.now + (1 + self.chance.random() * 4) * HOURS

            def stop(link: tuple[str, str] = link, until: float = until) -> None:
                self._parted[link] = max(until, self._parted.get(link, 0.0))

            self.time.at(self.chance.random() * HOURS, stop)

    def parted(self, one: str, other: str) -> bool:
        """Whether nothing goes from one nation to the other now; the way back may be open."""
        return self.faulty and self._parted.get((one, other), 0.0) > self.time.now

    # What the wires tell.

    def before(self, address: str, verb: str) -> invariants.Books | None:
        """The books of a nation before a message that may be refused, or that only asks."""
        node = self.processes[address].node
        if node is None or node.core.store._broken or verb == "standing":
            return None
        with self.processes[address].looked_at():
            return invariants.books_of(node)

    def _after(self, nation: str) -> invariants.Books:
        """The same, after it. The store may have failed meanwhile: then the disk says what it holds."""
        process = self.processes[nation]
        with process.looked_at():
            return invariants.books_of(process.node)  # type: ignore[arg-type]

    def answered(
        self,
        sender: str,
        address: str,
        author: str,
        verb: str,
        body: bytes,
        found: Answer,
        before: invariants.Books | None,
    ) -> None:
        """A message was answered: hold the invariants of messages."""
        self.count(f"{verb} {found.status}")
        accepted = _accepted(found.body) if verb in {"documents", "batch"} and found.status == 200 else []
        changes = bool(accepted) or (verb == "checkpoint" and found.status == 200)
        if before is not None and not changes and found.status != 503:
            invariants.refusals_change_nothing(self, address, before, self._after(address), verb)
        if verb in {"documents", "batch"} and found.status == 200:
            invariants.each_gets_its_own_answer(body, found.body)
        if verb == "documents":
            invariants.first_answers_stay(self, address, author, body, 400 <= found.status < 500)
        channel = "-".join(sorted((author, address)))
        for name in accepted:
            self._acknowledge(address, channel, name)
        leaving.nothing_leaves_to_others(self, sender, found.body)
        node = self.processes[address].node
        if verb == "compare" and found.status == 200 and node is not None:
            with self.processes[address].looked_at():
                leaving.comparison_is_of_the_channel(node, author, body, found.body)

    def keep_answer(self, sender: str, address: str, path: str, found: Answer) -> None:
        """An answer that went over the wire may come again."""
        kept = self._answers.setdefault((sender, address, path), [])
        kept.append((found.status, found.body))
        del kept[:-REMEMBERED]

    def old_answer(self, sender: str, address: str, path: str, now: tuple[int, bytes]) -> tuple[int, bytes]:
        """An answer of an earlier moment to the same question, where there is one."""
        kept = self._answers.get((sender, address, path), [])
        return self.chance.choice(kept) if kept else now

    def card(self, nation: str) -> bytes:
        return card(nation)

    def keys_of(self, nation: str) -> dict[str, Any]:
        return keys_of(nation)

    def restored(self, nation: str, as_files: bool) -> None:
        self._restored.add(nation)
        if nation == "JP":
            # What was held before is lost with the journal, and nobody can be asked to give evidence back.
            self.owed.clear()
        self._restored_at[nation] = self.time.now
        self.processes[nation].root.is_applied = False
        if not as_files:
            self.imaged.add(nation)
        for partner in self.processes[nation].partners:
            # Its own log may go on from the copy (of a disk), or from what the partner gave back: what it wrote beyond
            # is lost, and another document may stand there.
            leaves = self.leaves.get((nation, partner), {})
            given = self._held_of(nation, partner) if as_files else 0
            self.leaves[nation, partner] = {number: leaf for number, leaf in leaves.items() if number <= given}
        self._missed[nation] = set(self.processes[nation].partners)
        if {"AU", "JP"} <= self._restored:
            # What both have forgotten nobody can hold against either.
            self.signed.clear()

    def _held_of(self, author: str, partner: str) -> int:
        """How much of an author's log its partner holds; 0 where the partner is not there to say."""
        node = self.processes[partner].node
        if node is None or node.core.store._broken:
            return 0
        with self.processes[partner].looked_at():
            return node.core.store.log(node.core.channel_of(author), author)[0].size

    def was_restored(self, nation: str) -> bool:
        return nation in self._restored

    def behind(self, node: Node, partner: str) -> bool:
        """Whether the journal is an older copy that has not caught up yet, by a whole exchange with that partner."""
        if node.nation not in self._restored:
            return False
        if self.may_be_forked(node.nation, partner) or partner in signed.unheard(node.core):
            return True
        last = signed.last(node.core, partner)
        return last is not None and signed.behind(node.core, partner, last[0])

    def may_lose(self, nation: str) -> bool:
        """Whether its partners hold all that it may lose: what both sides have forgotten nobody can give back."""
        return not any(nation in self._missed.get(one, ()) for one in self.processes[nation].partners)

    def may_be_forked(self, nation: str, partner: str) -> bool:
        """Whether a copy was put back, perhaps of what an earlier one had lost, and that partner was not met since."""
        return partner in self._missed.get(nation, ())

    def lost_for_good(self, nation: str, channel: str, name: str) -> bool:
        """Whether a restored backup lacks it and nobody else holds it: then nobody can give it back."""
        if nation not in self._restored:
            return False
        other = next(one for one in channel.split("-") if one != nation)
        node = self.processes[other].node
        return node is None or node.core.store.find(channel, name) is None

    def came_back(self, nation: str, name: str) -> bool:
        """Whether a document was lost for good by a restored backup, with all who held it, before the wire brought it
        again: its author went on without it, and what it signed then and now cannot all be meant."""
        written, restored = self._written_at.get(name), self._restored_at.get(nation, 0.0)
        return (
            written is not None
            and written < restored
            and not any(
                process.node is not None and process.node.core.store.find(channel, name) is not None
                for process in self.processes.values()
                for channel in self.names
            )
        )

    def came(self, reader: str, author: str, body: bytes, heard: bool) -> None:
        """A request arrived, or an old one once more. What its author says to have signed is known from the first on:
        where that was long under way, the author may have forgotten it, and nobody could tell it meanwhile."""
        for note in leaving.checkpoints_in(body):
            self._came_first.setdefault((reader, author, note), heard)

    def came_late(self, reader: str, author: str, note: str) -> bool:
        """Whether a checkpoint of an author that has lost its disk came by a message that was long under way."""
        return author in self._restored and self._came_first.get((reader, author, note)) is False

    # The checks.

    def _check(self, dear: bool) -> None:
        for nation in invariants.HONEST:
            # A store that a failed write has closed for good: its operator starts the node again.
            self.processes[nation].run(lambda node: node.core.store.rows("SELECT 1") and None)
        for nation in invariants.HONEST:
            node = self.processes[nation].node
            if node is not None:
                with ExitStack() as stack:
                    for process in self.processes.values():
                        stack.enter_context(process.looked_at())
                    for check in (*invariants.CHEAP, *(invariants.DEAR if dear else ())):
                        check(self, node)

    def _heal(self) -> None:
        """Every fault is gone. Within ROUNDS exchanges the honest nations hold equal books, all of it final."""
        self.faulty = False
        for process in self.processes.values():
            process.clock.go_on()
            process.start()
        for _ in range(ROUNDS):
            self.time.run_until(self.time.now + 700)
            for process in self.processes.values():
                for partner in process.partners:
                    process.run(lambda node, to=partner: self._meet(node, to))  # type: ignore[misc]
            if self._agreed():
                break
        else:
            raise Broken("LIVENESS", f"no agreement: {dict(self.counts)}")
        self._check(dear=True)

    def _good_days(self) -> None:
        """Nothing goes wrong any more: each honest nation can write, and its partners take what it writes."""
        chance = Random(f"{self.seed}/good days")
        pairs = [(one, other) for one in self.honest for other in self.processes[one].partners if other in self.honest]
        for nation, partner in pairs:
            self.processes[nation].run(lambda node, to=partner: self._new_operation(node, to))  # type: ignore[misc]
        if self.counts["good"] < len(pairs):
            raise Broken("LIVENESS", f"not everyone can write: {dict(self.counts)}")
        for _ in range(GOOD_DAYS):
            self.time.run_until(self.time.now + 700)
            for nation, partner in pairs:
                process = self.processes[nation]
                process.run(lambda node, to=partner: self._officer(node, to, chance))  # type: ignore[misc]
                process.run(lambda node, to=partner: self._meet(node, to))  # type: ignore[misc]
        if not self._agreed():
            raise Broken("LIVENESS", f"no agreement after good days: {dict(self.counts)}")
        self._check(dear=True)

    def _new_operation(self, node: Node, partner: str) -> None:
        name = {"operation": f"GOOD-{node.nation}-{partner}", "to": partner, "facts": dict(FACTS)}
        done = node.act(officers.operation(Random(0), node, partner) | name)
        self.count("good")
        self._wrote(node, partner, str(done["hash"]))

    def _agreed(self) -> bool:
        """Whether all honest pairs hold equal books, all of it final."""
        pairs = [pair for pair in PAIRS if {*pair} <= {*self.honest}]
        return all(self._agree(one, other) for one, other in pairs)

    def _agree(self, nation: str, partner: str) -> bool:
        one, other = self.processes[nation].node, self.processes[partner].node
        if one is None or other is None:
            return False
        books: list[Any] = [node.state()["channels"] for node in (one, other)]
        channel = one.core.channel_of(partner)
        equal = bool(books[0][channel] == books[1][channel])
        return equal and one.settled_with(partner) and other.settled_with(nation)


def _accepted(body: bytes) -> list[str]:
    found = []
    for line in body.split(b"\n"):
        said = json.loads(line) if line else {}
        if "accepted" in said:
            found.append(str(said["accepted"]))
    return found
