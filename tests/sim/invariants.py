"""What must hold at every tick, whatever goes wrong: the eleven invariants, each by its number."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from gokei.journal import envelopes
from gokei.journal.evidence import contradictions, decode
from gokei.journal.frames import GENESIS
from gokei.journal.merkle import root_of
from gokei.journal.notes import Note
from gokei.node import checkpoints
from gokei.node.node import Node
from gokei.node.proving import verify_bundle
from gokei.terms.problems import Problem
from tests.sim.asking import RANKS, refuted

if TYPE_CHECKING:
    from tests.sim.world import World

HONEST = ("AU", "JP")
REMEMBERED = 40


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, why: str) -> None:
        super().__init__(f"{invariant}: {why}")
        self.invariant = invariant


def hold(invariant: str, holds: bool, why: Any = "") -> None:
    """Raises Broken where something does not hold."""
    if not holds:
        raise Broken(invariant, str(why)[:2000])


def saw(world: World, invariant: str, count: int = 1) -> None:
    """Count what an invariant was held against: one that never sees anything holds for nothing."""
    world.counts[f"{invariant} saw"] += count


def debits_are_credits(world: World, node: Node) -> None:
    """INV-1: the accounts of each commodity add up to nothing, in every channel, agreement and month of account; and
    they are the sums of the postings."""
    balances: Any = node.balances()
    for channel, found in balances.items():
        sums: dict[str, Decimal] = {}
        totals: dict[tuple[str, str], Decimal] = {}
        for account, amounts in found["accounts"].items():
            for commodity, amount in amounts.items():
                saw(world, "INV-1")
                sums[commodity] = sums.get(commodity, Decimal(0)) + Decimal(amount)
                totals[account, commodity] = Decimal(amount)
        hold("INV-1", not any(sums.values()), (channel, sums))
        posted = _posted(node, channel)
        for key, lines in posted.items():
            hold("INV-1", not any(lines.values()), (channel, key, lines))
        hold("INV-1", _total(node, channel) == totals, (channel, "balances are not the sums of what was posted"))


def _postings(node: Node, channel: str) -> list[tuple[str, Any]]:
    """Every posting of a channel, with the agreement of the document that made it."""
    rows = node.core.store.rows("SELECT view FROM views WHERE channel=? AND wing='ledger'", (channel,))
    found = []
    for (text,) in rows:
        for posting in json.loads(text).get("postings", ()):
            row = node.core.store.find(channel, posting["document"])
            hold("INV-1", row is not None, (channel, posting, "posted by no document"))
            envelope = envelopes.Envelope.decode(row.envelope, envelopes.DOCUMENT)  # type: ignore[union-attr]
            found.append((str(json.loads(envelope.payload)["agreement"]), posting))
    return found


def _posted(node: Node, channel: str) -> dict[tuple[str, str], dict[str, Decimal]]:
    """What was posted by each agreement and month, summed by commodity."""
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for agreement, posting in _postings(node, channel):
        found = sums.setdefault((agreement, posting["day"][:7]), {})
        for one in posting["lines"]:
            found[one["commodity"]] = found.get(one["commodity"], Decimal(0)) + Decimal(one["amount"])
    return sums


def _total(node: Node, channel: str) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for _, posting in _postings(node, channel):
        for one in posting["lines"]:
            key = (one["account"], one["commodity"])
            sums[key] = sums.get(key, Decimal(0)) + Decimal(one["amount"])
    return sums


def acknowledged_is_there(world: World, node: Node) -> None:
    """INV-2: what was acknowledged is there after any crash; a restored backup has it again once it has caught up with
    the partner of that channel. The root's mandates are those that the root wrote, to the byte."""
    written = world.processes[node.nation].root.mandates
    for serial, raw in node.core.store.rows("SELECT serial, envelope FROM mandates"):
        hold("INV-2", raw == written[serial - 1], (node.nation, "holds another mandate", serial))
    held = {*node.core.store.rows("SELECT channel, hash FROM documents")}
    behind = {channel.name: world.behind(node, channel.partner) for channel in node.core.channels()}
    for channel, name in world.acknowledged[node.nation]:
        if behind[channel]:
            continue
        saw(world, "INV-2")
        if (channel, name) not in held and not world.lost_for_good(node.nation, channel, name):
            raise Broken("INV-2", f"{node.nation} acknowledged and does not hold {name} of {channel}")


def once(world: World, node: Node) -> None:
    """INV-3: a document stands once, by its number, its hash and its id; the numbers of a log have no gap."""
    rows = node.core.store.rows(
        "SELECT channel, author, count(*), max(sequence), count(DISTINCT hash), count(DISTINCT document) "
        "FROM documents GROUP BY channel, author"
    )
    for channel, author, count, last, different, ids in rows:
        saw(world, "INV-3", count)
        hold("INV-3", count == last == different, (channel, author, count, last, different))
        hold("INV-3", count == ids or author not in HONEST, (channel, author, count, ids, "ids"))
        hold("INV-3", node.core.store.log(channel, author)[0].size == count, (channel, author, "head"))


def both_hold_the_same(world: World, node: Node) -> None:
    """INV-4: as far as two honest nodes hold a log, they hold the same documents."""
    for partner in world.processes[node.nation].partners:
        other = world.processes[partner].node
        if partner not in world.honest or other is None or other.core.store._broken:
            continue
        if world.may_be_forked(node.nation, partner) or world.may_be_forked(partner, node.nation):
            continue
        for author in (node.nation, partner):
            one, two = (
                [row[0] for row in one.core.store.rows(
                    "SELECT hash FROM documents WHERE channel=? AND author=? ORDER BY sequence",
                    (node.core.channel_of(partner), author),
                )] for one in (node, other)
            )  # fmt: skip
            both = min(len(one), len(two))
            saw(world, "INV-4", both)
            hold("INV-4", one[:both] == two[:both], (author, partner))


def logs_only_grow(world: World, node: Node) -> None:
    """INV-5: what a partner keeps of an honest checkpoint never contradicts itself, and is the root of its log."""
    author = "JP" if node.nation == "AU" else "AU"
    newest = checkpoints.newest(node.core, author, author)
    known = world.signed.setdefault((author, node.nation), [])
    if newest is None or (known and newest[0] == known[-1]):
        return
    saw(world, "INV-5")
    found = [*contradictions([*known[-REMEMBERED:], newest[0]], [])]
    hold("INV-5", not found, (found, newest[0]))
    known.append(newest[0])
    leaves = world.leaves.get((author, node.nation), {})
    counted = [leaves.get(number) for number in range(1, newest[0].written + 1)]
    if all(counted):
        hold("INV-5", root_of([leaf for leaf in counted if leaf]) == newest[0].root, "root")


def nothing_is_granted_that_is_not_known(world: World, node: Node) -> None:
    """INV-6: no determination is a yes while a fact or a decision that could change it is missing.

    An answer's own lists are not believed: whatever was not stated is stated, in each way, and must leave it a yes.
    """
    for question, assume in world.law.permitted():
        saw(world, "INV-6")
        hold("INV-6", (found := refuted(question, assume)) is None, (question, "is no yes with", found))
    for (text,) in node.core.store.rows("SELECT answer FROM answers"):
        found = json.loads(text)
        if found["verdict"] == "permitted":
            hold("INV-6", not found["missing"] and not found["undecided"] and bool(found["basis"]), text[:500])


def access_is_cited(world: World, asked: dict[str, Any], found: Any) -> None:
    """INV-7: an access that is allowed is to a cleared official of the holder with a need to know; a release is with
    the owner's consent; each cites articles that there are, of an agreement between owner and holder."""
    if found["verdict"] != "permitted":
        return
    saw(world, "INV-7")
    hold("INV-7", bool(found["basis"]) and not found["missing"], (asked, found["basis"]))
    for one in found["basis"]:
        instrument = world.law.library.instrument(one["instrument"])
        there = one["provision"] in {provision.id for provision in instrument.provisions}
        hold("INV-7", there and {asked["owner"], asked["holder"]} <= {*instrument.parties}, one)
    approved = asked.get("owner_consents") is True and asked.get("written") is True
    if asked["action"] == "release_third_party":
        hold("INV-7", approved, asked)
        return
    hold("INV-7", asked.get("need_to_know") is True and asked["actor"] == asked["holder"], asked)
    # Whose clearance ends on a day has one: where it is not said which, it is at least the lowest that there is.
    hold("INV-7", RANKS.get(asked.get("clearance", ""), 1) >= RANKS[asked["level"]], asked)
    hold("INV-7", asked.get("clearance_until", "") >= asked["on"], asked)
    hold("INV-7", approved or asked.get("purpose", "") == asked.get("provided_purpose"), asked)


def a_fork_leaves_evidence(world: World, node: Node) -> None:
    """INV-9: once a partner's own signatures contradict each other here, the proof is here and convinces anyone.

    Each statement that was owed stands in evidence of its own: one does not pay for another.
    """
    against = {"JP": "US", "AU": None}[node.nation]
    proved: set[bytes] = set()
    for one in node.evidence():
        raw = node.evidence_file(int(str(one["number"])))
        evidence = decode(raw)
        author = str(one["nation"])
        # Who lies is held to all that it signed, however late it came.
        late = (Note.decode(note).text for note in evidence.checkpoints if author != against)
        if any(world.came_back(author, name) for name in _documents_in(raw)) or any(
            world.came_late(node.nation, author, text) for text in late
        ):
            # It stays so when a backup of that time is put back once more, and its author holds it again.
            world.excused.add(str(one["digest"]))
        if one["digest"] in world.excused:
            continue
        hold("INV-9", one["nation"] == against, one)
        proved |= {*evidence.documents, *evidence.checkpoints}
        if raw in world.proved:
            continue
        try:
            said = verify_bundle(raw, [world.card("US")])
        except Problem as problem:
            raise Broken("INV-9", f"{problem.check}: {one}") from problem
        hold("INV-9", said["evidence"] == one["kind"], one)
        world.proved.add(raw)
    if node.nation == "JP":
        saw(world, "INV-9", len(world.owed))
        lacking = [kind for kind, statement in world.owed if statement not in proved]
        hold("INV-9", not lacking, ("no evidence of", lacking))


def _documents_in(evidence: bytes) -> list[str]:
    raws = decode(evidence).documents
    return [envelopes.Envelope.decode(raw, envelopes.DOCUMENT).hash for raw in raws]


def the_honest_are_not_accused(world: World, nation: str, partner: str, problem: Problem) -> None:
    """INV-9: who never lost anything and never lied is never called one who forks, or goes back."""
    honest = {nation, partner} <= {*HONEST} and not any(world.was_restored(one) for one in (nation, partner))
    hold("INV-9", not honest or problem.check not in {"fork", "rollback"}, (nation, partner, problem.check))


class Books(NamedTuple):
    """All that a refusal must leave as it was; `proofs` may grow by what refutes the refused statement."""

    books: list[list[tuple[Any, ...]]]
    proofs: list[tuple[Any, ...]]


def books_of(node: Node) -> Books:
    """The books as they are; not our own checkpoints, for whoever asks may show us one of ours that we had lost."""
    return Books(
        [node.core.store.rows(text, (node.nation,) if "?" in text else ()) for text in _BOOKS],
        node.core.store.rows("SELECT number, digest FROM evidence ORDER BY number"),
    )


_BOOKS = (
    "SELECT channel, author, size, last, seen, peaks FROM logs ORDER BY channel, author",
    "SELECT channel, author, sequence, hash, document FROM documents ORDER BY channel, author, sequence",
    "SELECT channel, wing, case_name, digest, void FROM views ORDER BY channel, wing, case_name",
    "SELECT channel, own, partner FROM cuts ORDER BY channel, own, partner",
    "SELECT channel, author, kind, written, seen, note FROM checkpoints WHERE author<>? ORDER BY channel, author, kind",
    "SELECT serial, hash FROM mandates ORDER BY serial",
    "SELECT channel, hash FROM set_aside ORDER BY channel, hash",
)


def refusals_change_nothing(world: World, nation: str, before: Books, after: Books, verb: str) -> None:
    """INV-10: what is refused, or only asked, leaves documents, logs, views, cuts and checkpoints as they were; no
    evidence goes, and none comes but by a statement that was refused."""
    saw(world, "INV-10")
    for one, other in zip(before.books, after.books, strict=True):
        hold("INV-10", one == other, (nation, verb, [*{*one} ^ {*other}]))
    kept = after.proofs[: len(before.proofs)] if verb in {"documents", "batch", "checkpoint"} else after.proofs
    hold("INV-10", kept == before.proofs, (nation, verb, "evidence"))


def views_are_folds(world: World, node: Node) -> None:
    """INV-11: the views are what the journal alone gives again."""
    before = node.state()
    saw(world, "INV-11", int(node.core.store.rows("SELECT count(*) FROM views")[0][0]))
    hold("INV-11", node.rebuild() == before, "rebuilt otherwise")


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
        hold("INV-5", frame["previous"] == last, (log, frame["sequence"], "does not follow"))
        hold("INV-5", frame["seen"] >= seen, (log, frame["sequence"], "unsees"))
        hold("INV-5", (frame["environment"], frame["author"]) == ("exercise", author), (log, "of elsewhere"))
        if raw not in world.proved:
            known = world.keys_of(author)
            for index, office in enumerate(frame["offices"]):
                good = index < len(envelope.signatures) and any(
                    envelopes.verifies(envelope, index, key) for key in known[office]
                )
                hold("INV-5", good, (log, frame["sequence"], office, "did not sign"))
            world.proved.add(raw)
        last, seen = envelope.hash, frame["seen"]


def each_gets_its_own_answer(body: bytes, answered: bytes) -> None:
    """INV-3: an acknowledgement names the very document that was sent, in its place."""
    for raw, said in zip(filter(None, body.split(b"\n")), answered.split(b"\n"), strict=False):
        found = json.loads(said) if said else {}
        if "accepted" in found:
            name = envelopes.Envelope.decode(raw, envelopes.DOCUMENT).hash
            hold("INV-3", found["accepted"] == name, (found["accepted"], name))


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
    hold("INV-3", row is None or row.author != author or row.envelope != body, (name, "is held and was refused"))


CHEAP: tuple[Callable[[Any, Node], None], ...] = (once, acknowledged_is_there, both_hold_the_same, logs_only_grow)
DEAR: tuple[Callable[[Any, Node], None], ...] = (
    debits_are_credits, nothing_is_granted_that_is_not_known, a_fork_leaves_evidence, views_are_folds, logs_are_whole,
)  # fmt: skip
