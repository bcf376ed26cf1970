"""A node's own checkpoints towards a partner, the partner's towards us, our witness to them, and the cuts they make."""

from __future__ import annotations

import datetime

from gokei.journal.checkpoints import (
    Checkpoint,
    Cut,
    cosign,
    cosigned_at,
    cut_of,
    node_name,
    parse_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from gokei.journal.merkle import consistent
from gokei.journal.notes import Note
from gokei.journal.postquantum import check_key, second_line_at, with_second_line
from gokei.node import evidence, signed
from gokei.node.core import Core
from gokei.node.trees import LogTree
from gokei.terms.problems import Refused
from gokei.terms.words import N_


def own_checkpoint(core: Core, nation: str) -> bytes:
    """What we have written and seen, signed by the node's key, and on disk before anyone sees it.

    While nothing changes it is the same note, with the cosignatures that came for it. Raises Refused where our
    journal is older than what was signed, Unavailable where no disk holds it any more.
    """
    core.store.check_place()
    with core.store.writing():
        signed.check(core, nation)
        before = signed.last(core, nation)
        now = standing(core, nation)
        if before is not None and before[0]._replace(time=now.time) == now:
            held = newest(core, nation, core.nation)
            return held[1] if held is not None and held[0] == before[0] else before[1]
        if before is not None:
            # The author's clock may go back; what it signs never does, or two honest checkpoints would contradict.
            now = now._replace(time=max(now.time, before[0].time))
        note = _signed_twice(core, sign_checkpoint(now, core.node_signer))
        signed.keep(core, nation, note)
        _keep(core, nation, core.nation, "newest", now, note)
        return note


def standing(core: Core, nation: str) -> Checkpoint:
    """What a checkpoint would say now, unsigned."""
    channel = core.channel_of(nation)
    log, tree = core.store.log(channel, core.nation)
    seen, seen_tree = core.store.log(channel, nation)
    return Checkpoint(
        environment="exercise" if core.environment == "exercise" else "real",
        author=core.nation,
        reader=nation,
        written=log.size,
        root=tree.root(),
        seen=seen.size,
        seen_root=seen_tree.root(),
        time=core.now(),
    )


def take_checkpoint(core: Core, nation: str, raw: bytes, old: int = 0, proof: tuple[bytes, ...] = ()) -> Checkpoint:
    """A partner's checkpoint, held against everything that we hold; kept where it is the newest and we hold all of it.

    `proof` shows that the first `old` documents of its log, which we hold, begin what it counts. Raises Refused:
    `checkpoint-…` for one that is not the partner's, `fork` where a log differs; what proves it is kept as evidence.
    """
    checkpoint = read_theirs(core, nation, raw)
    _check_second(core, nation, raw)
    before = newest(core, nation, nation)
    evidence.hold_against(core, nation, (checkpoint, raw), before)
    _check_seen(core, nation, checkpoint)
    _check_growth(core, nation, checkpoint, old, proof)
    if checkpoint.written > core.store.log(core.channel_of(nation), nation)[0].size:
        # A signature over documents that never came is not kept: its author could lose them with a disk, and would
        # then be held for ever to what nobody can give back.
        return checkpoint
    with core.store.writing():
        latest = newest(core, nation, nation)
        if latest is None or (checkpoint.written, checkpoint.seen) > (latest[0].written, latest[0].seen):
            _keep(core, nation, nation, "newest", checkpoint, raw)
    return checkpoint


def read_theirs(core: Core, nation: str, raw: bytes) -> Checkpoint:
    """A checkpoint that the partner's node signed for this channel. Raises BadInput, Refused (`checkpoint-…`)."""
    checkpoint = read_checkpoint(raw, *core.node_keys(nation))
    if (checkpoint.author, checkpoint.reader, checkpoint.environment) != (nation, core.nation, core.environment):
        raise Refused(
            check="checkpoint-channel",
            detail=N_("The checkpoint is of {author} to {reader}, not of this channel."),
            params={"author": checkpoint.author, "reader": checkpoint.reader},
            who="partner",
        )
    return checkpoint


def keep_cut(core: Core, nation: str, mine: bytes, theirs: bytes) -> Cut | None:
    """The cut that two checkpoints make, kept, or None. Raises Refused (`fork`)."""
    ours = _read_ours(core, mine)
    cut = cut_of(ours, read_checkpoint(theirs, *core.node_keys(nation)))
    if cut is None:
        return None
    with core.store.writing():
        core.store.run(
            "INSERT OR IGNORE INTO cuts (channel, own, partner, own_checkpoint, partner_checkpoint) VALUES (?,?,?,?,?)",
            (core.channel_of(nation), cut.count(core.nation), cut.count(nation), mine, theirs),
        )
    return cut


def witness(core: Core, nation: str) -> bytes | None:
    """The partner's newest checkpoint, cosigned once we hold all that it counts; None before the first."""
    with core.store.writing():
        held = newest(core, nation, nation)
        if held is None:
            return None
        checkpoint, note = held
        name, key = node_name(core.environment, core.nation), core.node_signer
        if cosigned_at(note, name, key.verify_key) is not None:
            return note
        tree = LogTree(core.store, core.channel_of(nation), nation)
        if tree.size < checkpoint.written or tree.root(checkpoint.written) != checkpoint.root:
            return note
        if not signed.may_sign(core, nation):
            return note
        note = _signed_twice(core, cosign(note, name, key, _posix(core.now())))
        _keep(core, nation, nation, "newest", checkpoint, note)
        _keep(core, nation, nation, "cosigned", checkpoint, note)
        return note


def take_cosigned(core: Core, nation: str, raw: bytes) -> Checkpoint:
    """Our own checkpoint as the partner holds it. Where it is cosigned, the cosignature is kept.

    Raises Refused (`checkpoint-signature`) for what we did not sign.
    """
    checkpoint = _read_ours(core, raw)
    ours = (checkpoint.author, checkpoint.reader) == (core.nation, nation)
    if ours and cosigned_at(raw, node_name(core.environment, nation), *core.node_keys(nation)) is not None:
        with core.store.writing():
            for kind in ("newest", "cosigned"):
                held = newest(core, nation, core.nation, kind)
                if held is None or (held[0].written, held[0].seen) <= (checkpoint.written, checkpoint.seen):
                    _keep(core, nation, core.nation, kind, checkpoint, raw)
    return checkpoint


def adopt(core: Core, nation: str, note: str | None) -> Checkpoint | None:
    """Our own checkpoint as the partner holds it, which counts as signed from now on; None where it holds none.

    Raises as `take_cosigned`.
    """
    if note is None:
        return None
    mine = take_cosigned(core, nation, note.encode())
    signed.adopt(core, nation, mine, note.encode())
    return mine


def newest(core: Core, nation: str, author: str, kind: str = "newest") -> tuple[Checkpoint, bytes] | None:
    """The newest checkpoint of an author in the channel with a partner (the newest `cosigned` one), and its note."""
    found = core.store.row(
        "SELECT note FROM checkpoints WHERE channel=? AND author=? AND kind=?", (core.channel_of(nation), author, kind)
    )
    if found is None:
        return None
    note = bytes(found[0])
    return _read_ours(core, note) if author == core.nation else read_checkpoint(note, *core.node_keys(author)), note


def _read_ours(core: Core, raw: bytes) -> Checkpoint:
    """A checkpoint that our own node signed. Raises as `read_checkpoint`."""
    try:
        return read_checkpoint(raw, *core.node_keys(core.nation))
    except Refused:
        return read_checkpoint(raw, *core.forgotten_node_keys())


def counted(own: bytes) -> int:
    """How many documents of its author a checkpoint, which was checked before, counts."""
    return parse_checkpoint(Note.decode(own).text).written


def known_seen(core: Core, nation: str) -> int:
    """How many of our documents the partner's newest checkpoint says to have seen."""
    found = newest(core, nation, nation)
    return 0 if found is None else found[0].seen


def _signed_twice(core: Core, note: bytes) -> bytes:
    """With a second signature, by ML-DSA-44, where the node's card states a key for it."""
    if core.folder.card.post_quantum is None:
        return note
    signer = core.folder.keyring.post_quantum()
    name = node_name(core.environment, core.nation)
    return note if signer is None else with_second_line(note, name, signer, _posix(core.now()))


def _check_second(core: Core, nation: str, raw: bytes) -> None:
    stated = core.partner(nation).card.post_quantum
    if stated is None:
        return
    public = check_key(stated, nation, core.environment)
    if second_line_at(raw, node_name(core.environment, nation), public) is None:
        raise Refused(
            check="checkpoint-post-quantum",
            detail=N_("The card of {nation} promises a second signature on its checkpoints; this one has no good one."),
            params={"nation": nation},
            next_step=N_("Ask the partner for its newest card, or to open its keys; then exchange again."),
            who="partner",
        )


def _check_seen(core: Core, nation: str, checkpoint: Checkpoint) -> None:
    held, _ = core.store.log(core.channel_of(nation), core.nation)
    if checkpoint.seen > held.size:
        raise Refused(
            check="checkpoint-seen",
            detail=N_("{nation} says to have seen {seen} of our documents; our journal holds {held}."),
            params={"nation": nation, "seen": str(checkpoint.seen), "held": str(held.size)},
            next_step=N_("If this node was restored from a backup, exchange with the partner: gokei sync DIR PARTNER"),
            who="partner",
        )


def _check_growth(core: Core, nation: str, checkpoint: Checkpoint, old: int, proof: tuple[bytes, ...]) -> None:
    """What it counts beyond what we hold must go on from what we hold; `old` documents of that both know."""
    tree = LogTree(core.store, core.channel_of(nation), nation)
    if checkpoint.written <= tree.size:
        return
    if not 0 <= old <= tree.size:
        raise Refused(
            check="checkpoint-old",
            detail=N_("The proof begins at {old} documents of {nation}; {held} are held here."),
            params={"old": str(old), "nation": nation, "held": str(tree.size)},
            next_step=N_("Ask for what is held here, and prove from there."),
            who="partner",
        )
    if not consistent(old, tree.root(old), checkpoint.written, checkpoint.root, proof):
        raise Refused(
            check="checkpoint-inconsistent",
            detail=N_("{nation} does not prove that its log goes on from the {old} documents that are held here."),
            params={"old": str(old), "nation": nation},
            next_step=N_("Find the document that differs: gokei compare-books DIR PARTNER. The evidence is kept."),
            who="partner",
        )


def _keep(core: Core, nation: str, author: str, kind: str, checkpoint: Checkpoint, note: bytes) -> None:
    core.store.run(
        "INSERT INTO checkpoints (channel, author, kind, written, seen, note) VALUES (?,?,?,?,?,?) "
        "ON CONFLICT (channel, author, kind) DO UPDATE "
        "SET written=excluded.written, seen=excluded.seen, note=excluded.note",
        (core.channel_of(nation), author, kind, checkpoint.written, checkpoint.seen, note),
    )


def _posix(instant: str) -> int:
    return int(datetime.datetime.fromisoformat(instant).timestamp())
