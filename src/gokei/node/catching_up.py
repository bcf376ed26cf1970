"""A journal that was restored from a backup takes back what it lacks from a partner, before it signs anything.

What the partner gives back of our own log is believed by our own offices' signatures, as it would be by anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from pydantic import ValidationError

from gokei.journal.checkpoints import Checkpoint, Cut
from gokei.journal.door import LogHead, Refusal, admit
from gokei.journal.envelopes import DOCUMENT, Envelope, verifies
from gokei.journal.frames import Frame
from gokei.node import mandating, signed
from gokei.node.channels import ring_after
from gokei.node.checkpoints import adopt, counted, keep_cut, own_checkpoint, read_theirs, take_checkpoint
from gokei.node.core import Core
from gokei.node.messages import Offer
from gokei.terms import limits
from gokei.terms.problems import Refused
from gokei.terms.words import N_

# Our own offices signed what these refuse: two documents under one number, or one that follows another than ours.
_BRANCHES: Final = frozenset({"door-5-fork", "door-5-previous", "door-5-seen"})

# The door's checks: what the one refuses is no envelope, what the other refuses no known key signed.
_ENVELOPE: Final = 2
_SIGNATURE: Final = 3

Pull = Callable[[str], object]
"""Take in what the partner has of a nation's log and we do not."""


def take_standing(core: Core, nation: str, offer: Offer, pull: Pull) -> int:
    """Hold what the partner says of both logs against ours, and take back what we lack. How many of ours it has seen.

    Raises Refused: `fork`, `rollback` and `partner-short` for the partner, `node-forked` where our own journal went on
    from a copy.
    """
    mine = adopt(core, nation, offer.yours)
    note = None if offer.checkpoint is None else offer.checkpoint.encode()
    seen = 0 if note is None else read_theirs(core, nation, note).seen
    held, _ = core.store.log(core.channel_of(nation), core.nation)
    # A partner that signs nothing itself, because its own journal was restored, may hold more than it can say.
    unsure = note is None or signed.is_unsure(core, nation)
    if unsure or _older(core, nation, mine) or seen > held.size:
        with remembering_a_fork(core, nation):
            for log, shown in ((core.nation, offer.yours), (nation, offer.checkpoint)):
                pull(log)
                check_given(core, nation, log, shown)
            if _older(core, nation, mine):
                raise signed.forked(nation)
    if note is not None:
        take_checkpoint(core, nation, note, offer.old, offer.hashes())
    signed.heard(core, nation)
    _carry(core, nation)
    return seen


@contextmanager
def remembering_a_fork(core: Core, nation: str) -> Iterator[None]:
    """Where our own log turns out to have gone on from a copy, nothing more is signed for the partner from then on."""
    try:
        yield
    except Refused as problem:
        if problem.check == "node-forked":
            signed.went_on_from_a_copy(core, nation)
        raise


def check_given(core: Core, nation: str, log: str, note: str | None) -> None:
    """Raises Refused (`partner-short`) where we hold less of a log than a partner holds by the checkpoint that it
    shows, after we asked for all of it: an old answer was put in the place of the new one, or some is kept back."""
    held, _ = core.store.log(core.channel_of(nation), log)
    signed_for = 0 if note is None else counted(note.encode())
    if held.size < signed_for:
        raise Refused(
            check="partner-short",
            detail=N_("Of the log of {log}, {nation} gave {held} documents; by what was signed it holds {signed}."),
            next_step=N_("Exchange again: gokei sync DIR PARTNER. If it stays so, speak with the partner's operator."),
            params={"log": log, "nation": nation, "held": str(held.size), "signed": str(signed_for)},
            who="partner",
        )


def take_carried(core: Core, nation: str, offer: Offer) -> Cut | None:
    """What a partner said in a file, once the file's documents are in; and the cut that it makes with ours.

    Where it shows that our journal is an older copy, our journal signs nothing until it has caught up. Raises Refused
    (`node-forked`) where our journal went on from a copy.
    """
    mine = adopt(core, nation, offer.yours)
    if mine is not None and signed.contradicts(core, nation, mine):
        raise signed.forked(nation)
    if offer.checkpoint is None:
        return None
    take_checkpoint(core, nation, offer.checkpoint.encode(), offer.old, offer.hashes())
    if not _older(core, nation, mine):
        # The offer is signed when the file is packed; the checkpoint in it may be older where nothing happened since.
        signed.heard(core, nation, offer.time)
    if not signed.may_sign(core, nation):
        return None
    _carry(core, nation)
    own = own_checkpoint(core, nation)
    return keep_cut(core, nation, own, offer.checkpoint.encode())


def take_back(core: Core, nation: str, envelopes: Sequence[bytes]) -> None:
    """The next documents of our own log back from a partner, together; those that are here already change nothing.

    Raises Refused: `node-forked` where our offices signed another branch, `partner-back` where they did not sign them,
    or some are left out.
    """
    with core.store.writing():
        channel = core.channel(nation)
        log, tree = core.store.log(channel.name, core.nation)
        ring, found = channel.ring(core.nation), []
        for raw in envelopes:
            try:
                # What we had seen by then may not be back yet: our own signature says that it was there.
                entry = admit(raw, log, ring, core.kinds, core.environment, nation, limits.DOCUMENTS_OF_A_LOG)
            except Refusal as refusal:
                if refusal.number > _ENVELOPE and _is_held(core, channel.name, raw):
                    continue
                is_branch = refusal.check in _BRANCHES or _is_of_another_branch(core, raw, log, refusal)
                raise (signed.forked(nation) if is_branch else _not_ours(nation, refusal)) from refusal
            found.append((entry, None))
            log, tree = LogHead(entry.sequence, entry.hash, entry.seen), tree.append(entry.leaf)
            ring = ring_after(ring, entry)
        if found:
            channel.append(found, tree)
            channel.fold_entries(entry for entry, _ in found)
            mandating.take_back(core, (entry for entry, _ in found))


def _is_held(core: Core, channel: str, raw: bytes) -> bool:
    """Whether a document is one of ours that is here: an old answer may come again."""
    row = core.store.find(channel, Envelope.decode(raw, DOCUMENT).hash)
    return row is not None and row.author == core.nation


def _is_of_another_branch(core: Core, raw: bytes, log: LogHead, refusal: Refusal) -> bool:
    """Whether a key of ours signed it that this branch of our log does not tell of, and it does not follow here."""
    if refusal.number != _SIGNATURE:
        return False
    envelope, known = Envelope.decode(raw, DOCUMENT), core.own_keys()
    for index, one in enumerate(envelope.signatures):
        if one.keyid not in known or not verifies(envelope, index, known[one.keyid]):
            return False
    try:
        frame = Frame.model_validate_json(envelope.payload)
    except ValidationError:
        return False
    return frame.sequence <= log.size or (frame.sequence == log.size + 1 and frame.previous != log.last)


def _not_ours(nation: str, refusal: Refusal) -> Refused:
    return Refused(
        check="partner-back",
        detail=N_("What {nation} gave back is not what comes next in our own log: {reason}"),
        next_step=N_(
            "Exchange again: gokei sync DIR PARTNER. If this node's journal was put back, apply the root's mandates "
            "again: gokei keys apply DIR FILE. If it stays so, speak with the partner's operator."
        ),
        params={"nation": nation, "reason": refusal.detail_text()},
        who="partner",
    )


def _carry(core: Core, nation: str) -> None:
    """Mandates that waited until the journal had caught up go into the log."""
    with core.store.writing():
        mandating.carry(core, nation)


def _older(core: Core, nation: str, mine: Checkpoint | None) -> bool:
    """Whether our own signature, as the partner or our own file has it, is over more than our journal holds."""
    last = signed.last(core, nation)
    return any(one is not None and signed.behind(core, nation, one) for one in (mine, last and last[0]))
