"""Sync between two nodes: ask, documents both ways, checkpoints. Idempotent, resumable, and a lost reply harmless.

A node first asks what the partner holds of both logs, and takes back what its own journal lacks, before it signs
anything. It sends what the partner has not seen, asks for what the partner has written, and ends with checkpoints,
each cosigned by the other, so that two idle nodes reach a cut. Documents are believed by their signatures alone; they
go in windows, bounded in number and bytes, and each of a window is acknowledged before the next window goes.
"""

from __future__ import annotations

import base64
import datetime
import re
from collections import Counter
from functools import partial
from itertools import islice
from typing import Final

from pydantic import ValidationError

from gokei.journal import envelopes
from gokei.journal.checkpoints import Cut
from gokei.journal.writing import SignedRefusal
from gokei.node import signed
from gokei.node.catching_up import Pull, check_given, take_back, take_standing
from gokei.node.checkpoints import (
    counted,
    keep_cut,
    known_seen,
    own_checkpoint,
    read_theirs,
    take_checkpoint,
    take_cosigned,
)
from gokei.node.comparing import compare_books
from gokei.node.core import Core
from gokei.node.messages import Offer, Purpose, read_offer, write_offer, write_want
from gokei.node.receiving import keep_refusal, receive_all
from gokei.node.store import Stored
from gokei.terms import limits
from gokei.terms.canonical import sha256_name
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Refused, Unavailable
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_, one_line

_CHECK: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Answered(Refused):
    """A partner's node refused a request: `check` and `detail` are its words, and no finding of ours.

    Its check is kept where it is spelt as one (`partner-refused` otherwise), its text as one bounded line.
    """

    def __init__(self, nation: str, said: JsonObject, status: int) -> None:
        check = said.get("check")
        known = isinstance(check, str) and len(check) <= limits.PARTNER_CHECK_CHARACTERS and _CHECK.fullmatch(check)
        super().__init__(
            check="partner-refused",
            detail=N_("The partner's node answered: {detail}"),
            params={"detail": one_line(str(said.get("detail", status)), limits.PARTNER_TEXT_CHARACTERS)},
            who="partner",
        )
        if known:
            self.check = str(check)
        self.said_by = nation


def sync(core: Core, nation: str, address: str | None = None) -> JsonObject:
    """Exchange everything with a partner's node. Raises Unavailable when it cannot be reached, Refused
    (`partner-short`) where it gave less than it signed to have written.

    The answer counts what was `sent`, `received`, `taken_back` (of our own log, after a restored backup) and `refused`,
    and says whether a `cut` was reached; `clock_skew` is by how many seconds the partner's clock is before ours.
    """
    where = place_of(core, nation, address)
    came = Counter[str]()

    def take(log: str) -> None:
        came[log] += pull(core, nation, where, log)

    offer = _known_to(core, nation, where, take)
    skew = keep_skew(core, nation, offer)
    seen = take_standing(core, nation, offer, take)
    # What leaves is counted by a checkpoint that is on disk before: a copy of the journal can then not deny it.
    written = counted(own_checkpoint(core, nation))
    sent, refused = _push(core, nation, where, seen, written)
    if not refused:
        core.speak(nation)
    take(nation)
    check_given(core, nation, nation, offer.checkpoint)
    cut = _swap(core, nation, where)
    return {
        "partner": nation,
        "sent": sent,
        "received": came[nation],
        "taken_back": came[core.nation],
        "refused": [*refused],
        "cut": cut is not None,
        "clock_skew": skew,
    }


def pull(core: Core, nation: str, address: str, log: str) -> int:
    """Take in what the partner holds of a log between us, ours or its own, beyond what we hold of it; how many."""
    channel = core.channel_of(nation)
    came = 0
    while True:
        before, _ = core.store.log(channel, log)
        # No more than is asked for in one window, however many lines the answer has.
        answered = ask(core, nation, address, "documents", log, before.size)
        lines = [*filter(None, answered.split(b"\n", limits.DOCUMENTS_PER_WINDOW)[: limits.DOCUMENTS_PER_WINDOW])]
        if log == core.nation:
            take_back(core, nation, lines)
        else:
            for found in receive_all(core, nation, lines):
                if found.problem is not None:
                    raise found.problem
        after, _ = core.store.log(channel, log)
        if after.size == before.size:
            return came
        came += after.size - before.size


def compare(core: Core, nation: str, address: str | None = None) -> JsonObject:
    """Hold our books against a partner's; see gokei.node.comparing. Raises Unavailable."""
    where = place_of(core, nation, address)

    return compare_books(core, nation, partial(ask, core, nation, where))


def standing_with(core: Core, nation: str, address: str) -> Offer:
    """What a partner's node holds of both logs, said now, to us. Raises Refused, BadInput, Unavailable."""
    request = write_want(core, nation, "standing", core.nation)
    return read_offer(core, nation, _post(core, nation, address, f"/exchange/{core.nation}/standing", request), request)


def place_of(core: Core, nation: str, address: str | None) -> str:
    """The partner's address. Raises Unavailable (`partner-address`) where none is known."""
    where = address or core.partner(nation).address
    if where is None:
        raise Unavailable(
            check="partner-address",
            detail=N_("No address of the node of {nation} is known."),
            next_step=N_("Start the partner's node, or name its address: --address URL"),
            params={"nation": nation},
        )
    return where


def keep_skew(core: Core, nation: str, offer: Offer) -> int:
    """By how many seconds the partner's clock is before ours (behind it where negative); kept for the officers."""
    theirs, ours = (datetime.datetime.fromisoformat(one) for one in (offer.time, core.now()))
    skew = round((theirs - ours).total_seconds())
    with core.store.writing():
        core.store.run("UPDATE partners SET skew=? WHERE partner=?", (skew, nation))
    return skew


def window(core: Core, nation: str, log: str, after: int, until: int, most_bytes: int) -> list[Stored]:
    """The next documents of a log between us, at least one where there is one before `until`, as go together."""
    found: list[Stored] = []
    size = 0
    for row in islice(core.store.each(core.channel_of(nation), log, after), limits.DOCUMENTS_PER_WINDOW):
        size += len(row.envelope) + 1
        if row.sequence > until or (found and size > most_bytes):
            break
        found.append(row)
    return found


def _known_to(core: Core, nation: str, address: str, take: Pull) -> Offer:
    """How we stand, as a partner says that may not have read yet of our node's new key, nor we of its own.

    It is asked by the newest key first, then by those before it. One that believes none of those that are held here is
    sent the documents that tell of the new one: they are believed by the root's signature.
    """
    refused: Refused | None = None
    for key in core.speaks_by():
        core.speak(nation, key)
        try:
            return _standing_after_news(core, nation, address, take)
        except Refused as problem:
            if not isinstance(problem, Answered) or problem.check != "want-refused":
                raise
            refused = refused or problem
    core.speak(nation)
    if refused is not None and not _introduce(core, nation, address):
        raise Refused(
            check=refused.check,
            detail=refused.detail,
            params=refused.params,
            next_step=N_(
                "If this node's journal was put back from before its key changed, apply the root's mandates again: "
                "gokei keys apply DIR FILE. Else compare cards with the partner."
            ),
            who="operator",
        )
    return _standing_after_news(core, nation, address, take)


def _standing_after_news(core: Core, nation: str, address: str, take: Pull) -> Offer:
    try:
        offer = standing_with(core, nation, address)
        if offer.checkpoint is not None:
            read_theirs(core, nation, offer.checkpoint.encode())
    except Refused as problem:
        if isinstance(problem, Answered) or problem.check not in {"offer-signature", "checkpoint-signature"}:
            raise
    else:
        return offer
    # A key of the partner's node that we do not know: its log tells of it. What we wrote ourselves comes first, because
    # a journal that was put back lacks that too, and the partner's documents may have seen it.
    take(core.nation)
    take(nation)
    return standing_with(core, nation, address)


def _introduce(core: Core, nation: str, address: str) -> bool:
    """Whether there was news of our node's key that the partner had not seen; it goes first, and nothing after it: what
    the partner holds it has not said yet, and a disk that was put back may have written what contradicts that."""
    if not signed.may_sign(core, nation):
        return False
    seen = known_seen(core, nation)
    row = core.store.row(
        "SELECT max(sequence) FROM documents WHERE channel=? AND author=? AND type='node_key_change' AND sequence>?",
        (core.channel_of(nation), core.nation, seen),
    )
    news = None if row is None else row[0]
    if news is not None:
        _push(core, nation, address, seen, min(news, counted(own_checkpoint(core, nation))))
    return news is not None


def _swap(core: Core, nation: str, address: str) -> Cut | None:
    mine = own_checkpoint(core, nation)
    request = write_offer(core, nation, mine)
    offer = read_offer(
        core, nation, _post(core, nation, address, f"/exchange/{core.nation}/checkpoint", request), request
    )
    if offer.yours is not None:
        take_cosigned(core, nation, offer.yours.encode())
    if offer.checkpoint is None:
        return None
    theirs = offer.checkpoint.encode()
    take_checkpoint(core, nation, theirs, offer.old, offer.hashes())
    return keep_cut(core, nation, mine, theirs)


def _push(core: Core, nation: str, address: str, seen: int, written: int) -> tuple[int, list[JsonObject]]:
    """Send what follows `seen`, up to `written`; how many were acknowledged, and the refusal of the next, if any."""
    sent = 0
    while rows := window(core, nation, core.nation, seen + sent, written, limits.PUSH_BYTES):
        body = b"\n".join(row.envelope for row in rows)
        answers = _post(core, nation, address, f"/exchange/{core.nation}/batch", body).split(b"\n", len(rows))
        for row, answer in zip(rows, answers, strict=False):
            if not _acknowledged(row, answer):
                return sent, [_refused(core, nation, row, answer)]
            sent += 1
    return sent, []


def _acknowledged(row: Stored, answer: bytes) -> bool:
    """Whether the answer is the acknowledgement of this very document."""
    try:
        return parse_object(answer).get("accepted") == row.hash
    except BadInput:
        return False


def _refused(core: Core, nation: str, row: Stored, answer: bytes) -> JsonObject:
    """A partner's signed refusal of our document, kept for the officers. Raises Refused where it is none."""
    try:
        envelope = envelopes.Envelope.decode(answer, envelopes.REFUSAL)
        said = SignedRefusal.model_validate_json(envelope.payload)
    except (BadInput, ValidationError):
        raise _no_answer() from None
    node = core.node_key(nation)
    authentic = len(envelope.signatures) == 1 and envelopes.verifies(envelope, 0, node)
    of_this = (said.by, said.of) == (nation, sha256_name(row.envelope))
    if not authentic or not of_this or len(answer) > limits.QUARANTINE_BYTES:
        raise _no_answer()
    keep_refusal(core, core.nation, row.envelope, answer)
    return {"hash": row.hash, "sequence": row.sequence, "refusal": said.model_dump(mode="json")}


def _no_answer() -> Refused:
    return Refused(
        check="partner-answer",
        detail=N_("The partner's node answered a document with neither an acknowledgement nor a signed refusal."),
        next_step=N_("Speak with the partner's operator. The documents are kept, and sent again later."),
        who="partner",
    )


_PATHS: Final = {"documents": "pull", "comparison": "compare"}


def ask(core: Core, nation: str, address: str, want: Purpose, log: str, after: int = 0, until: int = 0) -> bytes:
    """What the partner's node answers to a signed request of ours. Raises Refused for a problem, Unavailable."""
    request = write_want(core, nation, want, log, after, until)
    return _post(core, nation, address, f"/exchange/{core.nation}/{_PATHS[want]}", request)


def _post(core: Core, nation: str, address: str, path: str, body: bytes) -> bytes:
    status, answer = core.wire(nation).post(address, path, body)
    if status == 200:
        return answer
    raise Answered(nation, _refusal(answer), status)


def _refusal(answer: bytes) -> JsonObject:
    """What a partner's refusal says, signed or not; what cannot be read as one is shown as it came."""
    try:
        found = parse_object(answer, max_bytes=limits.EXCHANGE_BODY_BYTES)
        if "payload" not in found:
            return found
        return parse_object(base64.b64decode(str(found["payload"])), max_bytes=limits.EXCHANGE_BODY_BYTES)
    except (BadInput, ValueError):
        return {"detail": answer[:200].decode("utf-8", "replace")}
