"""Sync between two nodes over HTTP: heads, documents, heads again. Idempotent, resumable, and a lost reply harmless.

A node offers what the partner's head has not seen, asks for what the partner has written, and ends with heads, so
that two idle nodes reach a cut. Documents are believed by their signatures alone; reading a log is for its reader,
so a request to pull is signed by the reader's node.
"""

from __future__ import annotations

import base64
import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import Instant, NationCode, Strict
from gokei.journal.heads import Cut, Head
from gokei.node.core import Core
from gokei.node.heads import known_seen, note_left, own_head, take_head
from gokei.node.receiving import receive
from gokei.terms import limits
from gokei.terms.canonical import canonical
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
    _introduce(core, nation, where)
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
    note_left(core, nation)
    lines: list[bytes] = []
    size = 0
    for row in core.store.after(core.channel_of(nation), core.nation, want.after, limits.DOCUMENTS_PER_PULL):
        size += len(row.envelope)
        if lines and size > limits.PULL_BYTES:
            break
        lines.append(row.envelope)
    return b"\n".join(lines)


def _introduce(core: Core, nation: str, address: str) -> None:
    """A partner that has not seen our node's new key believes no head of it: what tells of the key goes first."""
    seen = known_seen(core, nation)
    news = core.store.row(
        "SELECT 1 FROM documents WHERE channel=? AND author=? AND type='node_key_change' AND sequence>? LIMIT 1",
        (core.channel_of(nation), core.nation, seen),
    )
    if news is not None:
        _push(core, nation, address, seen)


def _swap_heads(core: Core, nation: str, address: str) -> tuple[Head, Cut | None]:
    mine = own_head(core, nation)
    answer = _post(core, address, f"/exchange/{core.nation}/head", mine)
    return take_head(core, nation, answer, mine)


def _push(core: Core, nation: str, address: str, seen: int) -> tuple[int, list[JsonObject]]:
    sent = 0
    note_left(core, nation)
    for row in core.store.after(core.channel_of(nation), core.nation, seen):
        status, answer = core.network.post(address, f"/exchange/{core.nation}/documents", row.envelope)
        if status != 200:
            return sent, [{"hash": row.hash, "sequence": row.sequence, "refusal": _refusal(answer)}]
        sent += 1
    return sent, []


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
        signed = envelopes.sign(envelopes.WANT, canonical(want.model_dump(mode="json")), [core.node_signer]).encode()
        lines = _post(core, address, f"/exchange/{core.nation}/pull", signed).split(b"\n")
        for line in filter(None, lines):
            found = receive(core, nation, line)
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
    if len(envelope.signatures) != 1 or not envelopes.verifies(envelope, 0, core.node_key(nation)):
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
