"""A node's own head towards a partner, the partner's head towards us, and the cuts they make."""

from __future__ import annotations

from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.heads import Cut, Head, cut_of, read_head, sign_head
from gokei.journal.merkle import Frontier, leaf_hash
from gokei.node.core import Core
from gokei.terms.problems import Refused
from gokei.terms.words import N_


def own_head(core: Core, nation: str) -> bytes:
    """What we have written and seen, signed by the node's key. Raises Unavailable where no disk holds it any more."""
    core.store.check_place()
    channel = core.channel_of(nation)
    log, tree = core.store.log(channel, core.nation)
    seen, seen_tree = core.store.log(channel, nation)
    head = Head(
        gokei=1,
        environment="exercise" if core.environment == "exercise" else "real",
        author=core.nation,
        reader=nation,
        written=log.size,
        root=tree.root().hex(),
        seen=seen.size,
        seen_root=seen_tree.root().hex(),
        time=core.now(),
    )
    return sign_head(head, core.node_signer)


def take_head(core: Core, nation: str, raw: bytes, own: bytes | None = None) -> tuple[Head, Cut | None]:
    """A partner's head, held against ours (`own`, or as we stand now); a cut that the two make is kept.

    Raises Refused: `head-…` for a head that is not the partner's, `fork` where the logs differ.
    """
    head = read_head(raw, core.node_key(nation))
    if (head.author, head.reader, head.environment) != (nation, core.nation, core.environment):
        raise Refused(
            check="head-channel",
            detail=N_("The head is of {author} to {reader}, not of this channel."),
            params={"author": head.author, "reader": head.reader},
            who="partner",
        )
    with core.store.writing():
        check_roots(core, head)
        mine = own or own_head(core, nation)
        cut = cut_of(read_head(mine, core.node_key(core.nation)), head)
        channel = core.channel_of(nation)
        core.store.run(
            "INSERT INTO heads (channel, author, written, seen, envelope) VALUES (?,?,?,?,?) "
            "ON CONFLICT (channel, author) DO UPDATE "
            "SET written=excluded.written, seen=excluded.seen, envelope=excluded.envelope "
            "WHERE excluded.written + excluded.seen >= heads.written + heads.seen",
            (channel, nation, head.written, head.seen, raw),
        )
        if cut is not None:
            core.store.run(
                "INSERT OR IGNORE INTO cuts (channel, own, partner, own_head, partner_head) VALUES (?,?,?,?,?)",
                (channel, cut.count(core.nation), cut.count(nation), mine, raw),
            )
    return head, cut


def check_roots(core: Core, head: Head) -> None:
    """Hold the head's roots against the documents that we hold. Raises Refused (`fork`) where they differ."""
    for author, size, root in ((head.author, head.written, head.root), (head.reader, head.seen, head.seen_root)):
        found = root_at(core, core.channel_of(head.author), author, size)
        if found is not None and found.hex() != root:
            raise Refused(
                check="fork",
                detail=N_(
                    "{author} signs a root over {size} documents of {log} that is not the root of those we hold."
                ),
                next_step=N_("Keep the head: it is evidence. Run verify against the partner's bundle."),
                params={"author": head.author, "size": str(size), "log": author},
                who="partner",
            )


def root_at(core: Core, channel: str, author: str, size: int) -> bytes | None:
    """The root over the first `size` documents of a log that we hold, or None where we hold fewer."""
    log, tree = core.store.log(channel, author)
    if size > log.size:
        return None
    if size == log.size:
        return tree.root()
    found = Frontier()
    for row in core.store.after(channel, author, 0, size):
        found = found.append(leaf_hash(Envelope.decode(row.envelope, DOCUMENT).payload))
    return found.root()


def known_seen(core: Core, nation: str) -> int:
    """How many of our documents the partner's newest head says to have seen."""
    found = core.store.row("SELECT seen FROM heads WHERE channel=? AND author=?", (core.channel_of(nation), nation))
    return 0 if found is None else int(found[0])


def note_left(core: Core, nation: str) -> None:
    """Write down, before any of them leaves, that the partner may come to hold all our documents under a cut."""
    log, _ = core.store.log(core.channel_of(nation), core.nation)
    if log.size > left(core, nation):
        with core.store.writing():
            core.store.run(
                "INSERT INTO heads (channel, author, written, seen, envelope) VALUES (?,?,?,0,?) "
                "ON CONFLICT (channel, author) DO UPDATE SET written=excluded.written",
                (core.channel_of(nation), core.nation, log.size, b""),
            )


def left(core: Core, nation: str) -> int:
    """How many of our documents have ever left for the partner, as far as we can know: a lost answer counts."""
    channel = core.channel_of(nation)
    found = core.store.row("SELECT written FROM heads WHERE channel=? AND author=?", (channel, core.nation))
    return 0 if found is None else int(found[0])
