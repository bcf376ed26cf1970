"""Everything that a node holds, checked again from the bytes; and held against what a partner says it holds."""

from __future__ import annotations

from itertools import islice

from gokei.journal.checkpoints import read_checkpoint
from gokei.journal.door import LogHead, Refusal, judge, next_in_log, opened
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.frames import Frame
from gokei.journal.merkle import leaf_hash
from gokei.journal.wing import OFFICES_CASE
from gokei.node.channels import Channel, ring_after
from gokei.node.checkpoints import read_theirs
from gokei.node.core import Core
from gokei.node.courier import Bundle, each
from gokei.node.evidence import hold_against_logs
from gokei.node.trees import KeptParts
from gokei.node.wholeness import (
    check_file,
    check_kept,
    check_mandates,
    check_not_behind,
    check_signed,
    check_strays,
    check_views,
)
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Problem, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


def verify(core: Core, bundle: Bundle | None = None) -> JsonObject:
    """Check every signature, hash, sequence, tree, head, cut and fold. Raises Refused at the first thing wrong.

    With a partner's bundle its head and documents are held against ours too: the first that differs is named.
    """
    check_file(core)
    check_strays(core)
    check_kept(core)
    check_mandates(core)
    counted: dict[str, int] = {}
    for channel in core.channels():
        counted[channel.name] = _verify_channel(core, channel)
    found: JsonObject = {"verified": True, "documents": dict(counted)}
    if bundle is not None:
        found["against"] = _verify_against(core, bundle)
    return found


def _verify_channel(core: Core, channel: Channel) -> int:
    count = 0
    for author in (core.nation, channel.partner):
        count += _verify_log(core, channel, author)
    _verify_checkpoints(core, channel)
    check_views(core, channel)
    check_signed(core, channel.partner)
    return count


def _verify_log(core: Core, channel: Channel, author: str) -> int:
    reader = channel.partner if author == core.nation else core.nation
    ring = channel.ring(author, before=0)
    log, parts = LogHead(), KeptParts(core.store, channel.name, author)
    signed_seen = _signed_seen(core, channel, author)
    floor = 0
    held, held_tree = core.store.log(channel.name, author)
    # A node that serves meanwhile may add documents: those after `held` are for the next time.
    for row in islice(core.store.each(channel.name, author), held.size):
        if log.size in signed_seen:
            floor = max(floor, signed_seen[log.size])
        least = log if log.seen >= floor else log._replace(seen=floor)
        try:
            found = next_in_log(opened(row.envelope), least, ring, core.environment, reader, written=2**53)
        except Refusal as refusal:
            raise _wrong(channel, author, row.sequence, refusal) from refusal
        frame, name = found.frame, found.envelope.hash
        _check_row(channel, frame, name, (row.sequence, row.hash, row.document, row.case_name, row.type, row.time))
        if frame.case == OFFICES_CASE:
            ring = ring_after(ring, judge(found, ring, core.kinds))
        log = LogHead(frame.sequence, name, frame.seen)
        if not parts.add(leaf_hash(found.envelope.payload)):
            raise _bad(
                channel,
                "verify-tree",
                N_("The kept parts of the tree of {author} in {channel} are not those of its documents."),
                author=author,
            )
    beyond = core.store.after(channel.name, author, held.size, 1)
    stray = bool(beyond) and core.store.log(channel.name, author)[0].size == held.size
    if held != log or held_tree != parts.frontier() or stray:
        raise _bad(
            channel, "verify-log", N_("The log of {author} in {channel} does not end as the store says."), author=author
        )
    return log.size


def _signed_seen(core: Core, channel: Channel, author: str) -> dict[int, int]:
    """For each cut and checkpoint: how many documents the author had written, and how many of the other's it had seen
    by then."""
    cuts = core.store.rows("SELECT own, partner FROM cuts WHERE channel=? ORDER BY own, partner", (channel.name,))
    found = dict(cuts) if author == core.nation else {partner: own for own, partner in cuts}
    for written, seen in core.store.rows(
        "SELECT written, seen FROM checkpoints WHERE channel=? AND author=?", (channel.name, author)
    ):
        found[written] = max(seen, found.get(written, 0))
    return found


def _check_row(channel: Channel, frame: Frame, name: str, row: tuple[int | str, ...]) -> None:
    if row != (frame.sequence, name, frame.document, frame.case, frame.type, frame.time):
        raise _bad(
            channel,
            "verify-row",
            N_("Document {sequence} of {author} in {channel} is stored under another name than its own."),
            sequence=str(frame.sequence),
            author=frame.author,
        )


def _verify_checkpoints(core: Core, channel: Channel) -> None:
    """Every checkpoint that is kept, of either side, is signed by its author and fits the logs."""
    # A newer card of ours names the newest key of our node alone; the channel's log tells of those before it.
    ours = (*core.own_ring().nodes, *channel.ring(core.nation).nodes)
    keys = {core.nation: ours, channel.partner: channel.ring(channel.partner).nodes}
    for author in (core.nation, channel.partner):
        for (note,) in core.store.rows(
            "SELECT note FROM checkpoints WHERE channel=? AND author=?", (channel.name, author)
        ):
            hold_against_logs(core, channel.partner, read_checkpoint(bytes(note), *keys[author]))
    place = (-1, -1)
    while rows := core.store.rows(
        "SELECT own, partner, own_checkpoint, partner_checkpoint FROM cuts WHERE channel=? AND (own, partner) > (?,?) "
        "ORDER BY own, partner LIMIT ?",
        (channel.name, *place, limits.DOCUMENTS_PER_READ),
    ):
        for own, partner, ours, theirs in rows:
            place = own, partner
            for author, note in ((core.nation, ours), (channel.partner, theirs)):
                hold_against_logs(core, channel.partner, read_checkpoint(bytes(note), *keys[author]))


def _verify_against(core: Core, bundle: Bundle) -> JsonObject:
    channel = core.channel(bundle.author)

    def same(raw: bytes) -> None:
        envelope = Envelope.decode(raw, DOCUMENT)
        sequence = parse_object(envelope.payload, max_bytes=limits.DOCUMENT_BYTES).get("sequence")
        place = sequence if isinstance(sequence, int) else 0
        held = core.store.after(channel.name, bundle.author, place - 1, 1)
        if held and held[0].hash != envelope.hash:
            raise _bad(
                channel,
                "verify-against",
                N_("Document {sequence} of {author} in {channel} is {ours} here and {theirs} in the bundle."),
                sequence=str(place),
                author=bundle.author,
                ours=held[0].hash,
                theirs=envelope.hash,
            )

    each(core, bundle, same)
    log, _ = core.store.log(channel.name, bundle.author)
    found: JsonObject = {"partner": bundle.author, "equal": True, "held": log.size}
    offer = bundle.offer(core)
    if offer.checkpoint is None:
        return found
    checkpoint = read_theirs(core, bundle.author, offer.checkpoint.encode())
    hold_against_logs(core, bundle.author, checkpoint)
    check_not_behind(core, bundle.author, checkpoint.seen)
    return found | {"written": checkpoint.written, "seen": checkpoint.seen}


def _wrong(channel: Channel, author: str, sequence: int, problem: Problem) -> Refused:
    return Refused(
        check=problem.check,
        detail=N_("Document {sequence} of {author} in {channel} does not verify: {reason}"),
        params={
            "sequence": str(sequence),
            "author": author,
            "channel": channel.name,
            "reason": problem.detail_text(),
        },
        next_step=N_("Stop using this folder. Restore it, or ask the partner for its copy of the log."),
        who="operator",
    )


def _bad(channel: Channel, check: str, detail: str, **params: str) -> Refused:
    return Refused(
        check=check,
        detail=detail,
        params=params | {"channel": channel.name},
        next_step=N_("Stop using this folder. Restore it, or ask the partner for its copy of the log."),
        who="operator",
    )
