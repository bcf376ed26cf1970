"""Sync between two nodes over HTTP: heads, documents, heads again. Idempotent, resumable, and a lost reply harmless.

Documents go in windows, bounded in number and bytes; each of a window is acknowledged before the next window goes.

A node offers what the partner's head has not seen, asks for what the partner has written, and ends with heads, so
that two idle nodes reach a cut. Documents are believed by their signatures alone; reading a log is for its reader,
so a request to pull is signed by the reader's node.
"""

from __future__ import annotations

import base64
import datetime
from itertools import islice
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import Instant, NationCode, Strict
from gokei.journal.heads import Cut, Head
from gokei.journal.writing import SignedRefusal
from gokei.node.core import Core
from gokei.node.heads import own_head, take_head
from gokei.node.receiving import keep_refusal, receive_all
from gokei.node.store import Stored
from gokei.terms import limits
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Refused, Unavailable
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class Want(Strict):
    """A reader's signed request for what follows `after` in the log that is written for it."""

    gokei: Literal[1]
    author: NationCode
    reader: NationCode
    environment: Literal["exercise", "real"]
    after: Annotated[int, Field(ge=0)]
    time: Instant


def sync(core: Core, nation: str, address: str | None = None) -> JsonObject:
    """Exchange everything with a partner's node. Raises Unavailable when it cannot be reached.

    The answer counts what was `sent`, `received`, `refused`, and says whether a `cut` was reached.
    """
    where = address or core.partner(nation).address
    if where is None:
        raise Unavailable(
            check="partner-address",
            detail=N_("No address of the node of {nation} is known."),
            next_step=N_("Start the partner's node, or name it: gokei sync DIR PARTNER --address URL"),
            params={"nation": nation},
        )
    head, _ = _swap_heads(core, nation, where)
    sent, refused = _push(core, nation, where, head.seen)
    received = _pull(core, nation, where)
    _, cut = _swap_heads(core, nation, where)
    return {"partner": nation, "sent": sent, "received": received, "refused": [*refused], "cut": cut is not None}


def answer_head(core: Core, nation: str, raw: bytes) -> bytes:
    """Take a partner's head and answer with ours."""
    mine = own_head(core, nation)
    take_head(core, nation, raw, mine)
    return mine


def answer_pull(core: Core, nation: str, raw: bytes) -> bytes:
    """The documents that a partner's signed request asks for, one envelope a line, bounded in number and size."""
    want = _read_want(core, nation, raw)
    return b"\n".join(row.envelope for row in _window(core, nation, want.after, limits.PULL_BYTES))


def answer_batch(core: Core, nation: str, raw: bytes) -> bytes:
    """For each envelope of a partner's window, one a line, its acknowledgement, one a line, once all are on disk.

    The first that is refused is answered with its signed refusal, and is the last that is answered.
    """
    lines = raw.split(b"\n", limits.DOCUMENTS_PER_WINDOW)[: limits.DOCUMENTS_PER_WINDOW]
    answers = receive_all(core, nation, [line for line in lines if line])
    return b"\n".join(found.refusal or canonical(found.answer) for found in answers)


def _window(core: Core, nation: str, after: int, most_bytes: int) -> list[Stored]:
    """Our next documents to a partner, at least one where there is one: as many as go together."""
    found: list[Stored] = []
    size = 0
    for row in islice(core.store.each(core.channel_of(nation), core.nation, after), limits.DOCUMENTS_PER_WINDOW):
        size += len(row.envelope) + 1
        if found and size > most_bytes:
            break
        found.append(row)
    return found


def _swap_heads(core: Core, nation: str, address: str) -> tuple[Head, Cut | None]:
    mine = own_head(core, nation)
    answer = _post(core, address, f"/exchange/{core.nation}/head", mine)
    return take_head(core, nation, answer, mine)


def _push(core: Core, nation: str, address: str, seen: int) -> tuple[int, list[JsonObject]]:
    """Send what follows `seen`; how many were acknowledged, and the refusal of the next one where there was one."""
    sent = 0
    while window := _window(core, nation, seen + sent, limits.PUSH_BYTES):
        body = b"\n".join(row.envelope for row in window)
        answers = _post(core, address, f"/exchange/{core.nation}/batch", body).split(b"\n")
        for row, answer in zip(window, answers, strict=False):
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
    node = core.partner(nation).ring.node
    signed = len(envelope.signatures) == 1 and envelopes.verifies(envelope, 0, node)
    of_this = (said.by, said.of) == (nation, sha256_name(row.envelope))
    if not signed or not of_this or len(answer) > limits.QUARANTINE_BYTES:
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


def _pull(core: Core, nation: str, address: str) -> int:
    received = 0
    while True:
        before, _ = core.store.log(core.channel_of(nation), nation)
        want = Want(
            gokei=1,
            author=core.nation,
            reader=nation,
            environment="exercise" if core.environment == "exercise" else "real",
            after=before.size,
            time=core.now(),
        )
        signed = envelopes.sign(
            envelopes.WANT, canonical(want.model_dump(mode="json")), [core.folder.node_key]
        ).encode()
        lines = list(filter(None, _post(core, address, f"/exchange/{core.nation}/pull", signed).split(b"\n")))
        for found in receive_all(core, nation, lines):
            if found.problem is not None:
                raise found.problem
        after, _ = core.store.log(core.channel_of(nation), nation)
        received += after.size - before.size
        if after.size == before.size:
            return received


def _post(core: Core, address: str, path: str, body: bytes) -> bytes:
    status, answer = core.network.post(address, path, body)
    if status == 200:
        return answer
    detail = _refusal(answer)
    raise Refused(
        check=str(detail.get("check", "partner-refused")),
        detail=N_("The partner's node answered: {detail}"),
        params={"detail": str(detail.get("detail", status))},
        who="partner",
    )


def _refusal(answer: bytes) -> JsonObject:
    """What a partner's refusal says, signed or not; what cannot be read as one is shown as it came."""
    try:
        found = parse_object(answer, max_bytes=limits.EXCHANGE_BODY_BYTES)
        if "payload" not in found:
            return found
        return parse_object(base64.b64decode(str(found["payload"])), max_bytes=limits.EXCHANGE_BODY_BYTES)
    except (BadInput, ValueError):
        return {"detail": answer[:200].decode("utf-8", "replace")}


def _read_want(core: Core, nation: str, raw: bytes) -> Want:
    envelope = envelopes.Envelope.decode(raw, envelopes.WANT)
    if len(envelope.signatures) != 1 or not envelopes.verifies(envelope, 0, core.partner(nation).ring.node):
        raise _want_refused(N_("The request to pull is not signed by the partner's node."))
    try:
        want = Want.model_validate_json(envelope.payload)
    except ValidationError as error:
        raise _want_refused(N_("The request to pull does not have the fields of one.")) from error
    if (want.author, want.reader, want.environment) != (nation, core.nation, core.environment):
        raise _want_refused(N_("The request to pull is of another channel."))
    asked = datetime.datetime.fromisoformat(want.time)
    age = abs((datetime.datetime.fromisoformat(core.now()) - asked).total_seconds())
    if age > limits.WANT_AGE_SECONDS:
        raise _want_refused(N_("The request to pull is too old, or the two clocks differ too much."))
    return want


def _want_refused(detail: str) -> Refused:
    return Refused(
        check="pull-refused",
        detail=detail,
        next_step=N_("Compare cards and clocks with the partner."),
        who="partner",
    )
