"""A partner's document at the door: let in, judged by our own law, folded, on disk; or refused with a signature."""

from __future__ import annotations

from typing import NamedTuple

from gokei.journal.door import Refusal, admit
from gokei.journal.entries import Entry
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.keys import COMPROMISED
from gokei.journal.mandates import OfficeRevocation
from gokei.journal.writing import sign_refusal
from gokei.node.acting import fold_case
from gokei.node.channels import Channel
from gokei.node.core import Core
from gokei.node.desk import NodeDesk
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Problem, Refused
from gokei.terms.words import N_


class Received(NamedTuple):
    """How a document was answered: the acknowledgement, or the problem and its signed refusal."""

    answer: JsonObject
    problem: Problem | None = None
    refusal: bytes | None = None


def receive(core: Core, author: str, raw: bytes) -> Received:
    """Take one envelope of `author`. A document that is held already gets its first answer; nothing happens twice."""
    try:
        with core.store.writing():
            return Received(take(core, author, raw))
    except (Refusal, BadInput, Refused) as problem:
        return refuse(core, author, raw, problem)


def take(core: Core, author: str, raw: bytes) -> JsonObject:
    """The document in, inside a transaction, and its acknowledgement. Raises Refusal and changes nothing."""
    channel = core.channel(author)
    log, tree = core.store.log(channel.name, author)
    own, _ = core.store.log(channel.name, core.nation)
    cut = channel.cut()
    if cut is not None:
        # What lies before a cut is final: its author signed to have seen it, and cannot unsee it later.
        log = log._replace(seen=max(log.seen, cut.count(core.nation)))
    try:
        entry = admit(raw, log, channel.ring(author), core.kinds, core.environment, core.nation, own.size)
    except Refusal:
        held = _held(core, channel, author, raw)
        if held is None:
            raise
        return held
    _check_final(entry, 0 if cut is None else cut.count(author))
    channel.append(entry, tree, _judged(core, channel, entry))
    fold_case(channel, entry)
    return acknowledgement(entry)


def _check_final(entry: Entry, final: int) -> None:
    """Nothing that arrives later makes void what lies before a cut: a revocation that would is not let in."""
    if isinstance(entry.body, OfficeRevocation) and entry.void is None:
        stands = entry.body.stands_through
        if stands is not None and stands < final:
            raise Refusal(
                7,
                N_("The revocation would make documents void that are final: up to {final} they stand."),
                N_("Let the node write the revocation anew, after an exchange."),
                slug="final",
                final=str(final),
            )


def acknowledgement(entry: Entry) -> JsonObject:
    """What the author is told: a function of the document, so that asking again gives the same."""
    return {
        "accepted": entry.hash,
        "author": entry.author,
        "sequence": entry.sequence,
        "void": None if entry.void is None or entry.void.check == COMPROMISED else entry.void.as_json(),
    }


def refuse(core: Core, author: str, raw: bytes, problem: Problem) -> Received:
    """A signed refusal that names the check; the bytes are kept apart, and no state changes."""
    number = problem.number if isinstance(problem, Refusal) else 2
    time = core.now()
    refusal = sign_refusal(raw, number, problem, core.nation, time, core.node_signer)
    with core.store.writing():
        core.store.run(
            "INSERT INTO refusals (author, time, bytes, refusal) VALUES (?,?,?,?)",
            (author[:8], time, raw[: limits.QUARANTINE_BYTES], refusal),
        )
        core.store.run(
            "DELETE FROM refusals WHERE number <= (SELECT max(number) FROM refusals) - ?", (limits.QUARANTINE_ROWS,)
        )
    return Received(problem.as_json(), problem, refusal)


def _held(core: Core, channel: Channel, author: str, raw: bytes) -> JsonObject | None:
    """The first answer to a document that is here already: at its sequence nothing else can stand."""
    try:
        name = Envelope.decode(raw, DOCUMENT).hash
    except BadInput:
        return None
    row = core.store.find(channel.name, name)
    return acknowledgement(channel.entry(row)) if row is not None and row.author == author else None


def _judged(core: Core, channel: Channel, entry: Entry) -> JsonObject | None:
    """What our own law makes of it, where it asks a question of law."""
    kind = core.kinds.get(entry.frame.type)
    if kind is None or entry.body is None or entry.void is not None:
        return None
    judge = core.wing(kind).judge.get(kind.type)
    if judge is None:
        return None
    try:
        return judge(entry.frame, entry.body, NodeDesk(core, channel))
    except Problem:
        # A question that our law cannot read is no reason to keep the partner's signed document out.
        return None
