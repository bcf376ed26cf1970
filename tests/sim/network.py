"""The wires between nations: requests are lost, doubled, late, bent and cut short, and answers too."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from gokei.node.answering import Answer, answer
from gokei.terms.problems import Unavailable
from tests.sim.leaving import nothing_leaves_to_others
from tests.sim.processes import Dead

if TYPE_CHECKING:
    from tests.sim.world import World

TIMEOUT_SECONDS = 10.0
NESTED = 3
REMEMBERED = 200
DAYS = 86_400.0


class Wire:
    """How one nation's node reaches the others: an address is a nation."""

    def __init__(self, world: World, nation: str) -> None:
        self._world = world
        self._nation = nation
        self._chance = Random(f"{world.seed}/wire/{nation}")

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        world, faults, chance = self._world, self._world.faults_now, self._chance
        incarnation = world.processes[self._nation].disk.incarnation
        draws = [chance.random() for _ in range(9)]
        nothing_leaves_to_others(world, address, body)
        if draws[0] < faults.late:
            world.time.at(chance.random() * 3600, lambda: self._deliver(address, path, body, heard=False))
            self._wait(TIMEOUT_SECONDS, incarnation)
            raise _nobody()
        self._wait(0.02 + draws[1] * 2, incarnation)
        if draws[2] < faults.loss or world.parted(self._nation, address):
            raise _nobody()
        if draws[3] < faults.replay:
            world.time.at(chance.random() * 2 * DAYS, lambda: self._deliver(address, path, body, heard=False))
        if draws[4] < faults.duplicate:
            self._deliver(address, path, body)
        found = self._deliver(address, path, _bent(chance, body, draws[5] < faults.flip, draws[6] < faults.cut_short))
        self._check(incarnation)
        if found is None or draws[7] < faults.lost_answer or world.parted(address, self._nation):
            raise _nobody()
        status, said = found.status, found.body
        if draws[8] < faults.old_answer:
            status, said = world.old_answer(self._nation, address, path, (status, said))
        return status, _bent(chance, said, chance.random() < faults.flip, chance.random() < faults.cut_short)

    def _deliver(self, address: str, path: str, body: bytes, heard: bool = True) -> Answer | None:
        """What the partner's process answers, or None where there is none, or it dies answering.

        Where nobody waits for the answer any more (not `heard`), the wire does not have it to bring again later.
        """
        world = self._world
        process = world.processes[address]
        if process.node is None:
            return None
        _, _, author, verb = path.split("/")
        before = world.before(address, verb)
        world.came(address, author, body, heard)
        try:
            found = answer(process.node.core, author, verb, body)
        except Dead as gone:
            if gone.nation != address:
                raise
            return None
        if process.node is None:
            return None
        world.answered(self._nation, address, author, verb, body, found, before)
        if heard:
            world.keep_answer(self._nation, address, path, found)
        if found.status == 503:
            process.run(lambda node: node.core.store.rows("SELECT 1") and None)
        return found

    def _wait(self, seconds: float, incarnation: int) -> None:
        """Meanwhile everything else happens; our own process may not outlive it."""
        world = self._world
        world.depth += 1
        try:
            if world.depth <= NESTED:
                world.time.run_until(world.time.now + seconds)
        finally:
            world.depth -= 1
        self._check(incarnation)

    def _check(self, incarnation: int) -> None:
        process = self._world.processes[self._nation]
        if process.disk.incarnation != incarnation:
            raise Dead(self._nation)


def _bent(chance: Random, data: bytes, flip: bool, cut: bool) -> bytes:
    if not data:
        return data
    if flip:
        at = chance.randrange(len(data))
        data = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    return data[: chance.randrange(len(data))] if cut else data


def _nobody() -> Unavailable:
    return Unavailable(check="partner-unreachable", detail="The line is dead.")
