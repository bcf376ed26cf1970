"""Everything that a node holds, checked again from the bytes; and held against what a partner says it holds."""

from __future__ import annotations

from gokei.journal.door import LogHead, Refusal, admit
from gokei.journal.entries import Entry
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.heads import read_head
from gokei.journal.merkle import Frontier
from gokei.node.channels import Channel
from gokei.node.core import Core
from gokei.node.courier import Bundle
from gokei.node.heads import check_roots
from gokei.node.wholeness import check_file, check_not_behind, check_strays, check_views
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Problem, Refused
from gokei.terms.words import N_


def verify(core: Core, bundle: Bundle | None = None) -> JsonObject:
    """Check every signature, hash, sequence, tree, head, cut and fold. Raises Refused at the first thing wrong.

    With a partner's bundle its head and documents are held against ours too: the first that differs is named.
    """
    check_file(core)
    check_strays(core)
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
    _verify_heads(core, channel)
    check_views(core, channel)
    return count


def _verify_log(core: Core, channel: Channel, author: str) -> int:
    reader = channel.partner if author == core.nation else core.nation
    ring = channel.ring(author, before=0)
    log, tree = LogHead(), Frontier()
    cuts = _cuts(core, channel, author)
    floor = 0
    for row in core.store.after(channel.name, author, 0):
        try:
            floor = max(floor, cuts.get(log.size, 0))
            least = log._replace(seen=max(log.seen, floor))
            entry = admit(row.envelope, least, ring, core.kinds, core.environment, reader, written=2**53)
        except Refusal as refusal:
            raise _wrong(channel, author, row.sequence, refusal) from refusal
        _check_row(channel, entry, (row.sequence, row.hash, row.document, row.case_name, row.type, row.time))
        ring = ring.with_document(entry)
        log = LogHead(entry.sequence, entry.hash, entry.seen)
        tree = tree.append(entry.leaf)
    held, held_tree = core.store.log(channel.name, author)
    if held != log or held_tree != tree:
        raise _bad(
            channel, "verify-log", N_("The log of {author} in {channel} does not end as the store says."), author=author
        )
    return log.size


def _cuts(core: Core, channel: Channel, author: str) -> dict[int, int]:
    """For each cut: how many documents the author had written, and how many of the other's it had seen by then."""
    rows = core.store.rows("SELECT own, partner FROM cuts WHERE channel=? ORDER BY own, partner", (channel.name,))
    return dict(rows) if author == core.nation else {partner: own for own, partner in rows}


def _check_row(channel: Channel, entry: Entry, row: tuple[int | str, ...]) -> None:
    frame = entry.frame
    if row != (entry.sequence, entry.hash, frame.document, frame.case, frame.type, frame.time):
        raise _bad(
            channel,
            "verify-row",
            N_("Document {sequence} of {author} in {channel} is stored under another name than its own."),
            sequence=str(entry.sequence),
            author=entry.author,
        )


def _verify_heads(core: Core, channel: Channel) -> None:
    key = core.partner(channel.partner).ring.node
    rows = core.store.rows("SELECT envelope FROM heads WHERE channel=?", (channel.name,))
    rows += core.store.rows("SELECT partner_head FROM cuts WHERE channel=?", (channel.name,))
    for (raw,) in rows:
        check_roots(core, read_head(raw, key))


def _verify_against(core: Core, bundle: Bundle) -> JsonObject:
    channel = core.channel(bundle.author)
    for raw in bundle.documents:
        envelope = Envelope.decode(raw, DOCUMENT)
        sequence = bundle.sequence_of(envelope)
        held = core.store.after(channel.name, bundle.author, sequence - 1, 1)
        if held and held[0].hash != envelope.hash:
            raise _bad(
                channel,
                "verify-against",
                N_("Document {sequence} of {author} in {channel} is {ours} here and {theirs} in the bundle."),
                sequence=str(sequence),
                author=bundle.author,
                ours=held[0].hash,
                theirs=envelope.hash,
            )
    head = read_head(bundle.head, core.partner(bundle.author).ring.node)
    check_roots(core, head)
    check_not_behind(core, bundle.author, head.seen)
    log, _ = core.store.log(channel.name, bundle.author)
    return {"partner": bundle.author, "equal": True, "written": head.written, "seen": head.seen, "held": log.size}


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
