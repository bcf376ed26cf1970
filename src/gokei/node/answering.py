"""What a node answers to a partner's node: the server's side of the exchange, over whatever wire it came."""

from __future__ import annotations

from typing import Final, NamedTuple

from gokei.node import comparing, signed
from gokei.node.checkpoints import adopt, counted, keep_cut, own_checkpoint, take_checkpoint
from gokei.node.core import Core
from gokei.node.exchange import keep_skew, window
from gokei.node.messages import read_offer, read_want, write_offer
from gokei.node.receiving import receive, receive_all
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem, Refused
from gokei.terms.words import N_

VERBS: Final = ("documents", "batch", "standing", "checkpoint", "pull", "compare")


class Answer(NamedTuple):
    """The status of HTTP, the body, and whether a document was taken in."""

    status: int
    body: bytes
    taken: bool = False


def answer(core: Core, author: str, verb: str, body: bytes) -> Answer:
    """What the node of `author` is told. A problem is an answer too."""
    try:
        if verb == "documents":
            found = receive(core, author, body)
            if found.problem is not None:
                return Answer(found.problem.http_status, found.refusal or b"")
            return Answer(200, canonical(found.answer), taken=True)
        if verb == "batch":
            return Answer(200, _batch(core, author, body), taken=True)
        return Answer(200, _said(core, author, verb, body))
    except Problem as problem:
        return Answer(problem.http_status, canonical(problem.as_json()))


def _said(core: Core, nation: str, verb: str, raw: bytes) -> bytes:
    if verb == "standing":
        want = read_want(core, nation, raw, "standing")
        return write_offer(core, nation, _own(core, nation) if want.agrees(core) else None, raw)
    if verb == "checkpoint":
        return _checkpoint(core, nation, raw)
    if verb == "pull":
        return _documents(core, nation, raw)
    if verb == "compare":
        return comparing.answer(core, nation, raw)
    raise no_such_path()


def no_such_path() -> BadInput:
    """The problem of a request that is none of the exchange's."""
    return BadInput(
        check="exchange-path",
        detail=N_("The exchange answers POST to /exchange/NATION/ and one of: {verbs}."),
        params={"verbs": ", ".join(VERBS)},
    )


def _checkpoint(core: Core, nation: str, raw: bytes) -> bytes:
    """Take a partner's checkpoint, and answer with ours; the cut that the two make is kept."""
    offer = read_offer(core, nation, raw)
    keep_skew(core, nation, offer)
    # Our own signature over more than our journal holds stops us from signing, until we have caught up.
    adopt(core, nation, offer.yours)
    if offer.checkpoint is not None:
        take_checkpoint(core, nation, offer.checkpoint.encode(), offer.old, offer.hashes())
    own = _own(core, nation)
    if own is not None and offer.checkpoint is not None:
        keep_cut(core, nation, own, offer.checkpoint.encode())
    return write_offer(core, nation, own, raw)


def _own(core: Core, nation: str) -> bytes | None:
    """Our checkpoint, or None while our journal is an older copy that may sign none."""
    return own_checkpoint(core, nation) if signed.may_sign(core, nation) else None


def _documents(core: Core, nation: str, raw: bytes) -> bytes:
    """The documents that a signed request asks for, one envelope a line, bounded in number and size.

    A partner reads what was written for it, and may have back what it wrote itself.
    """
    want = read_want(core, nation, raw, "documents")
    if want.log not in {core.nation, nation}:
        raise Refused(
            check="want-refused", detail=N_("The request is of another channel, or for something else."), who="partner"
        )
    until = want.until or limits.DOCUMENTS_OF_A_LOG
    if want.log == core.nation:
        if not want.until and not want.agrees(core):
            # What a copy wrote on would be a fork. Who compares names the document; it is shown.
            return b""
        # Nothing leaves before a checkpoint that counts it is on disk.
        own = _own(core, nation)
        if own is not None:
            until = min(until, counted(own))
        elif not want.until:
            until = signed.shown(core, nation)
    return b"\n".join(row.envelope for row in window(core, nation, want.log, want.after, until, limits.PULL_BYTES))


def _batch(core: Core, nation: str, raw: bytes) -> bytes:
    """For each envelope of a partner's window, one a line, its acknowledgement, one a line, once all are on disk.

    The first that is refused is answered with its signed refusal, and is the last that is answered.
    """
    lines = raw.split(b"\n", limits.DOCUMENTS_PER_WINDOW)[: limits.DOCUMENTS_PER_WINDOW]
    answers = receive_all(core, nation, [line for line in lines if line])
    return b"\n".join(found.refusal or canonical(found.answer) for found in answers)
