"""What a partner signed and cannot all have meant: found as it arrives, kept for good, and written out for others."""

from __future__ import annotations

from gokei.journal import evidence as proofs
from gokei.journal.checkpoints import Checkpoint, read_checkpoint
from gokei.journal.door import Refusal, signed_by
from gokei.journal.evidence import Evidence, Statement, contradictions
from gokei.journal.merkle import leaf_hash
from gokei.node.core import Core
from gokei.node.trees import LogTree
from gokei.terms import limits
from gokei.terms.canonical import sha256_name
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Problem, Refused
from gokei.terms.words import N_

Signed = tuple[Checkpoint, bytes]


def hold_against(core: Core, nation: str, found: Signed, before: Signed | None) -> None:
    """Hold a partner's checkpoint against its last one and against its documents. Raises Refused (`fork`, `rollback`).

    What proves it is on disk before the problem is raised.
    """
    if before is not None:
        kinds = [*contradictions([before[0], found[0]], [])]
        if kinds:
            keep(core, nation, Evidence(kinds[0], nation, (before[1], found[1])))
            raise _contradicts(kinds[0], nation)
    for one in (before, found):
        if one is not None:
            try:
                hold_against_logs(core, nation, one[0])
            except Refused:
                _keep_other_log(core, nation, one, before)
                raise


def keep(core: Core, nation: str, evidence: Evidence) -> None:
    """Evidence on disk, once; at most so many of a kind against a nation that no partner can fill the disk."""
    raw = proofs.encode(evidence)
    with core.store.writing():
        count = core.store.row("SELECT count(*) FROM evidence WHERE nation=? AND kind=?", (nation, evidence.kind))
        if count is not None and count[0] < limits.EVIDENCE_ROWS:
            core.store.run(
                "INSERT OR IGNORE INTO evidence (digest, channel, nation, kind, time, evidence) VALUES (?,?,?,?,?,?)",
                (sha256_name(raw), core.channel_of(nation), nation, evidence.kind, core.now(), raw),
            )


def keep_refused(core: Core, nation: str, raw: bytes, problem: Problem) -> None:
    """A document that its author's own log refutes is evidence, beside the one that it contradicts."""
    if not isinstance(problem, Refusal) or not problem.check.startswith("door-5-"):
        return
    channel = core.channel(nation)
    try:
        signed = signed_by(raw, channel.ring(nation))
        envelope, frame = signed.envelope, signed.frame
    except (Refusal, BadInput):
        return
    if (frame.author, frame.reader, frame.environment) != (nation, core.nation, core.environment):
        return
    refused = Statement(frame, envelope.hash, leaf_hash(envelope.payload))
    for sequence in (frame.sequence, frame.sequence - 1):
        for row in core.store.after(core.channel_of(nation), nation, sequence - 1, 1) if sequence > 0 else ():
            signed = signed_by(row.envelope, channel.ring(nation, row.sequence))
            held, held_frame = signed.envelope, signed.frame
            other = Statement(held_frame, held.hash, leaf_hash(held.payload))
            for kind in contradictions([], [other, refused]):
                keep(core, nation, Evidence(kind, nation, (), (row.envelope, raw)))
                return
    newest = core.store.row(
        "SELECT note FROM checkpoints WHERE channel=? AND author=? AND kind='newest'",
        (core.channel_of(nation), nation),
    )
    if newest is not None:
        checkpoint = read_checkpoint(bytes(newest[0]), *core.node_keys(nation))
        for kind in contradictions([checkpoint], [refused]):
            keep(core, nation, Evidence(kind, nation, (bytes(newest[0]),), (raw,)))
            return


def listed(core: Core) -> list[JsonObject]:
    """All evidence, oldest first: `number`, `nation`, `kind`, `time`, `says` (in English), `digest`."""
    rows = core.store.rows("SELECT number, nation, kind, time, digest FROM evidence ORDER BY number")
    return [
        {
            "number": number,
            "nation": nation,
            "kind": kind,
            "time": time,
            "says": proofs.SAYS[kind].format(nation=nation),
            "digest": digest,
        }
        for number, nation, kind, time, digest in rows
    ]


def exported(core: Core, number: int) -> bytes:
    """One evidence as its file. Raises Refused (`evidence-unknown`)."""
    found = core.store.row("SELECT evidence FROM evidence WHERE number=?", (number,))
    if found is None:
        raise Refused(
            check="evidence-unknown",
            detail=N_("No evidence has the number {number}."),
            params={"number": str(number)},
            next_step=N_("See what there is: gokei evidence list DIR"),
        )
    return bytes(found[0])


def hold_against_logs(core: Core, nation: str, checkpoint: Checkpoint) -> None:
    """Hold a checkpoint of the channel with a partner, whose ever, against both logs. Raises Refused (`fork`)."""
    for author, size, root in (
        (checkpoint.author, checkpoint.written, checkpoint.root),
        (checkpoint.reader, checkpoint.seen, checkpoint.seen_root),
    ):
        tree = LogTree(core.store, core.channel_of(nation), author)
        if size <= tree.size and tree.root(size) != root:
            raise Refused(
                check="fork",
                detail=N_(
                    "{author} signs a root over {size} documents of {log} that is not the root of those we hold."
                ),
                next_step=N_("Find the document that differs: gokei compare-books DIR PARTNER. The evidence is kept."),
                params={"author": checkpoint.author, "size": str(size), "log": author},
                who="partner",
            )


def _keep_other_log(core: Core, nation: str, found: Signed, before: Signed | None) -> None:
    """The checkpoint, and the documents that its author signed since the last one that fits them."""
    tree = LogTree(core.store, core.channel_of(nation), nation)
    if found[0].written > tree.size or tree.root(found[0].written) == found[0].root:
        return
    earlier = before if before is not None and before[0].written < found[0].written else None
    if earlier is not None and tree.root(earlier[0].written) != earlier[0].root:
        earlier = None
    start = earlier[0].written if earlier else 0
    count = found[0].written - start
    if count > limits.EVIDENCE_STATEMENTS:
        return
    rows = core.store.after(core.channel_of(nation), nation, start, count)
    notes = (earlier[1], found[1]) if earlier else (found[1],)
    keep(core, nation, Evidence("other-log", nation, notes, tuple(row.envelope for row in rows), tree.peaks(start)))


def _contradicts(kind: str, nation: str) -> Refused:
    if kind in {"rollback", "unseen"}:
        return Refused(
            check="rollback",
            detail=proofs.SAYS[kind],
            next_step=N_(
                "The evidence is kept: gokei evidence list DIR. "
                "If the partner restored a backup, its node must catch up."
            ),
            params={"nation": nation},
            who="partner",
        )
    return Refused(
        check="fork",
        detail=proofs.SAYS[kind],
        next_step=N_("Find the document that differs: gokei compare-books DIR PARTNER. The evidence is kept."),
        params={"nation": nation},
        who="partner",
    )
