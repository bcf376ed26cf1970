"""What must hold at every tick, whatever goes wrong: the eleven invariants, each by its number."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gokei.journal import envelopes
from gokei.journal.evidence import contradictions, decode
from gokei.journal.frames import GENESIS
from gokei.journal.merkle import root_of
from gokei.node import checkpoints, signed
from gokei.node.node import Node
from gokei.node.proving import verify_bundle
from gokei.terms.problems import Problem

if TYPE_CHECKING:
    from tests.sim.world import World

HONEST = ("AU", "JP")
REMEMBERED = 40


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, why: str) -> None:
        super().__init__(f"{invariant}: {why}")
        self.invariant = invariant


def _hold(invariant: str, holds: bool, why: Any = "") -> None:
    if not holds:
        raise Broken(invariant, str(why)[:2000])


def debits_are_credits(world: World, node: Node) -> None:
    """INV-1: in every channel the accounts of each commodity add up to nothing."""
    balances: Any = node.balances()
    for channel, found in balances.items():
        sums: dict[str, Decimal] = {}
        for amounts in found["accounts"].values():
            for commodity, amount in amounts.items():
                sums[commodity] = sums.get(commodity, Decimal(0)) + Decimal(amount)
        _hold("INV-1", not any(sums.values()), (channel, sums))


def acknowledged_is_there(world: World, node: Node) -> None:
    """INV-2: what was acknowledged is there after any crash; a restored backup has it again once it has caught up."""
    held = {*node.core.store.rows("SELECT channel, hash FROM documents")}
    lacking = [one for one in world.acknowledged[node.nation] if one not in held]
    if world.was_restored(node.nation):
        if signed.unheard(node.core) or world.behind(node):
            return
        lacking = [one for one in lacking if not world.lost_for_good(node.nation, *one)]
    _hold("INV-2", not lacking, (node.nation, "acknowledged and does not hold", lacking))


def once(world: World, node: Node) -> None:
    """INV-3: a document stands once, and the numbers of a log have no gap."""
    rows = node.core.store.rows(
        "SELECT channel, author, count(*), max(sequence), count(DISTINCT hash) FROM documents GROUP BY channel, author"
    )
    for channel, author, count, last, different in rows:
        _hold("INV-3", count == last == different, (channel, author, count, last, different))
        _hold("INV-3", node.core.store.log(channel, author)[0].size == count, (channel, author, "head"))


def both_hold_the_same(world: World, node: Node) -> None:
    """INV-4: as far as two honest nodes hold a log, they hold the same documents."""
    other = world.processes["JP" if node.nation == "AU" else "AU"].node
    if other is None or any(world.may_be_forked(one) for one in HONEST):
        return
    for author in HONEST:
        one, two = (
            [row[0] for row in one.core.store.rows(
                "SELECT hash FROM documents WHERE channel='AU-JP' AND author=? ORDER BY sequence", (author,)
            )] for one in (node, other)
        )  # fmt: skip
        both = min(len(one), len(two))
        _hold("INV-4", one[:both] == two[:both], author)


def logs_only_grow(world: World, node: Node) -> None:
    """INV-5: what a partner keeps of an honest checkpoint never contradicts itself, and is the root of its log."""
    author = "JP" if node.nation == "AU" else "AU"
    newest = checkpoints.newest(node.core, author, author)
    known = world.signed.setdefault((author, node.nation), [])
    if newest is None or (known and newest[0] == known[-1]):
        return
    found = [*contradictions([*known[-REMEMBERED:], newest[0]], [])]
    _hold("INV-5", not found, (found, newest[0]))
    known.append(newest[0])
    leaves = world.leaves.get((author, node.nation), {})
    counted = [leaves.get(number) for number in range(1, newest[0].written + 1)]
    if all(counted):
        _hold("INV-5", root_of([leaf for leaf in counted if leaf]) == newest[0].root, "root")


def nothing_is_granted_that_is_not_known(world: World, node: Node) -> None:
    """INV-6: no determination is a yes while a fact or a decision that could change it is missing."""
    for (text,) in node.core.store.rows("SELECT answer FROM answers"):
        found = json.loads(text)
        if found["verdict"] == "permitted":
            _hold("INV-6", not found["missing"] and not found["undecided"] and bool(found["basis"]), text[:500])


def access_is_cited(question: dict[str, Any], found: Any) -> None:
    """INV-7: an access that is allowed is to a cleared official with a need to know, and cites its articles."""
    if found["verdict"] == "permitted":
        _hold("INV-7", bool(found["basis"]) and not found["missing"], (question, found["basis"]))
        _hold("INV-7", question.get("need_to_know") is True and bool(question.get("clearance")), question)


def nothing_leaves_to_others(sender: str, payload: Any) -> None:
    """INV-8: no byte of a document leaves to a nation that is neither its author nor its reader."""
    _hold("INV-8", sender in (payload["author"], payload["reader"]), (sender, payload["author"], payload["reader"]))


def a_fork_leaves_evidence(world: World, node: Node) -> None:
    """INV-9: once a partner's own signatures contradict each other here, the proof is here and convinces anyone."""
    if node.nation != "JP":
        return
    found = node.evidence()
    lacking = world.owed - {str(one["kind"]) for one in found if one["nation"] == "US"}
    _hold("INV-9", not lacking or world.was_restored("JP"), ("no evidence of", sorted(lacking)))
    for one in found:
        raw = node.evidence_file(int(str(one["number"])))
        if any(world.came_back(str(one["nation"]), name) for name in _documents_in(raw)):
            # It stays so when a backup of that time is put back once more, and its author holds it again.
            world.excused.add(str(one["digest"]))
        if one["digest"] in world.excused:
            continue
        _hold("INV-9", one["nation"] == "US", one)
        try:
            said = verify_bundle(raw, [world.card("US")])
        except Problem as problem:
            raise Broken("INV-9", f"{problem.check}: {one}") from problem
        _hold("INV-9", said["evidence"] == one["kind"], one)


def _documents_in(evidence: bytes) -> list[str]:
    raws = decode(evidence).documents
    return [envelopes.Envelope.decode(raw, envelopes.DOCUMENT).hash for raw in raws]


def the_honest_are_not_accused(world: World, nation: str, partner: str, problem: Problem) -> None:
    """INV-9: who never lost anything and never lied is never called one who forks, or goes back."""
    honest = {nation, partner} <= {*HONEST} and not any(world.was_restored(one) for one in (nation, partner))
    _hold("INV-9", not honest or problem.check not in {"fork", "rollback"}, (nation, partner, problem.check))


def refusals_change_nothing(nation: str, before: Any, after: Any, verb: str) -> None:
    """INV-10: what is refused leaves every log and every view as it was."""
    _hold("INV-10", before == after, (nation, verb))


def views_are_folds(world: World, node: Node) -> None:
    """INV-11: the views are what the journal alone gives again."""
    before = node.state()
    _hold("INV-11", node.rebuild() == before, "rebuilt otherwise")


def logs_are_whole(world: World, node: Node) -> None:
    """INV-5: each document in a log follows the one before, unsees nothing, is of this world and truly signed."""
    text = "SELECT channel, author, envelope FROM documents ORDER BY channel, author, sequence"
    log: tuple[str, str] = ("", "")
    last, seen = GENESIS, 0
    for channel, author, raw in node.core.store.rows(text):
        if (channel, author) != log:
            log, last, seen = (channel, author), GENESIS, 0
        envelope = envelopes.Envelope.decode(raw, envelopes.DOCUMENT)
        frame = json.loads(envelope.payload)
        _hold("INV-5", frame["previous"] == last, (log, frame["sequence"], "does not follow"))
        _hold("INV-5", frame["seen"] >= seen, (log, frame["sequence"], "unsees"))
        _hold("INV-5", (frame["environment"], frame["author"]) == ("exercise", author), (log, "of elsewhere"))
        if raw not in world.proved:
            known = world.keys_of(author)
            for index, office in enumerate(frame["offices"]):
                good = index < len(envelope.signatures) and any(
                    envelopes.verifies(envelope, index, key) for key in known[office]
                )
                _hold("INV-5", good, (log, frame["sequence"], office, "did not sign"))
            world.proved.add(raw)
        last, seen = envelope.hash, frame["seen"]


def each_gets_its_own_answer(body: bytes, answered: bytes) -> None:
    """INV-3: an acknowledgement names the very document that was sent, in its place."""
    for raw, said in zip(filter(None, body.split(b"\n")), answered.split(b"\n"), strict=False):
        found = json.loads(said) if said else {}
        if "accepted" in found:
            name = envelopes.Envelope.decode(raw, envelopes.DOCUMENT).hash
            _hold("INV-3", found["accepted"] == name, (found["accepted"], name))


def first_answers_stay(world: World, address: str, author: str, body: bytes, refused: bool) -> None:
    """INV-3: a document that is held is acknowledged again, never refused."""
    node = world.processes[address].node
    if not refused or node is None:
        return
    try:
        name = envelopes.Envelope.decode(body, envelopes.DOCUMENT).hash
    except Problem:
        return
    with world.processes[address].looked_at():
        row = node.core.store.find(node.core.channel_of(author), name)
    _hold("INV-3", row is None or row.author != author or row.envelope != body, (name, "is held and was refused"))


CHEAP: tuple[Callable[[Any, Node], None], ...] = (once, acknowledged_is_there, both_hold_the_same, logs_only_grow)
DEAR: tuple[Callable[[Any, Node], None], ...] = (
    debits_are_credits, nothing_is_granted_that_is_not_known, a_fork_leaves_evidence, views_are_folds, logs_are_whole,
)  # fmt: skip
