"""The door: numbered checks, cheapest first, that judge one document by itself, its author's log and keys alone.

1 size, 2 envelope, 3 signature, 4 office and term, 5 sequence and previous hash, 6 frame: what fails here is not
authentic and never enters. 7 power, 8 schema: what fails here is authentic but wrong, and enters void, because the
log must stay whole. What depends on other documents is the fold's to judge, never the door's.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Final, NamedTuple, TypeAlias

import pydantic_core
from nacl.signing import VerifyKey
from pydantic import BaseModel, ValidationError

from gokei.journal import envelopes
from gokei.journal.changes import introduced, key_void
from gokei.journal.entries import Entry, Void
from gokei.journal.frames import GENESIS, Frame
from gokei.journal.keys import KeyRing, OfficeKey
from gokei.journal.kinds import Kind, Kinds, Value
from gokei.journal.merkle import leaf_hash
from gokei.journal.reasons import field_reason
from gokei.terms import limits
from gokei.terms.problems import BadInput, Problem
from gokei.terms.strict_json import parse_object, plain_object
from gokei.terms.words import N_

CHECKS: Final = ("size", "envelope", "signature", "office", "sequence", "frame", "power", "schema")


class LogHead(NamedTuple):
    """Where an author's log towards its reader stands: how many, the last hash, how much of the reader it had seen."""

    size: int = 0
    last: str = GENESIS
    seen: int = 0


class Refusal(Problem):
    """A document that never enters. `number` is that of the check, from 1 to 6."""

    exit_code = 3
    http_status = 409
    title = N_("The document was not let in")
    default_who = "partner"

    def __init__(self, number: int, detail: str, next_step: str = "", /, slug: str = "", **params: str) -> None:
        self.number = number
        check = f"door-{number}-{slug or CHECKS[number - 1]}"
        super().__init__(check=check, detail=detail, next_step=next_step, params=params)


Verifies: TypeAlias = Callable[[envelopes.Envelope, int, VerifyKey], bool]
"""Whether the signature of an envelope, by its index, is that key's; `envelopes.verifies` says the same."""


class Opened(NamedTuple):
    """An envelope of a document, and the bytes that it came in."""

    raw: bytes
    envelope: envelopes.Envelope


class Authentic(NamedTuple):
    """A document that may stand next in its author's log: its frame, its exact bytes, and who signed."""

    frame: Frame
    envelope: envelopes.Envelope
    raw: bytes
    signers: tuple[OfficeKey, ...]


def admit(raw: bytes, log: LogHead, keys: KeyRing, kinds: Kinds, environment: str, reader: str, written: int) -> Entry:
    """The entry for an envelope that may stand next in `log`.

    `reader` is the nation whose node this is and `written` how many documents it has written to the author, which
    bounds what the author can have seen. Raises Refusal for checks 1 to 6; checks 7 and 8 give a void entry.
    """
    return judge(next_in_log(opened(raw), log, keys, environment, reader, written), keys, kinds)


def opened(raw: bytes) -> Opened:
    """Checks 1 and 2: an envelope, of a document, within the bounds. Raises Refusal."""
    if len(raw) > limits.ENVELOPE_BYTES:
        raise Refusal(1, N_("The envelope is larger than {limit} bytes."), limit=str(limits.ENVELOPE_BYTES))
    try:
        return Opened(raw, envelopes.Envelope.decode(raw, envelopes.DOCUMENT))
    except BadInput as problem:
        raise Refusal(2, problem.detail, problem.next_step, **problem.params) from problem


def signed_by(raw: bytes, keys: KeyRing) -> Authentic:
    """Checks 1 to 3, and the frame, wherever the document stands: this nation's offices signed these bytes.

    Raises Refusal.
    """
    found = opened(raw)
    signers = _signers(found.envelope, keys, envelopes.verifies)
    return Authentic(_frame(found.envelope), found.envelope, raw, signers)


def issued_by(raw: bytes, keys: KeyRing) -> Authentic:
    """Checks 1 to 4, wherever the document stands: those who signed are the offices that it names, in their terms.

    Raises Refusal.
    """
    found = signed_by(raw, keys)
    _check_office(found.frame, found.signers)
    return found


def next_in_log(
    found: Opened,
    log: LogHead,
    keys: KeyRing,
    environment: str,
    reader: str,
    written: int,
    verifies: Verifies = envelopes.verifies,
) -> Authentic:
    """Checks 3 to 6, with the same words as `admit`: who wrote this, and that it stands next. Raises Refusal."""
    signers = _signers(found.envelope, keys, verifies)
    frame = _frame(found.envelope)
    _check_frame(frame, keys, environment, reader)
    _check_office(frame, signers)
    _check_sequence(frame, log, written)
    return Authentic(frame, found.envelope, found.raw, signers)


def judge(found: Authentic, keys: KeyRing, kinds: Kinds) -> Entry:
    """Checks 7 and 8: an entry, void where power or schema fail."""
    body, void = _judged(found, keys, kinds)
    return Entry(found.frame, body, found.envelope.hash, found.raw, leaf_hash(found.envelope.payload), void)


def _judged(found: Authentic, keys: KeyRing, kinds: Kinds) -> tuple[BaseModel | None, Void | None]:
    frame = found.frame
    kind = kinds.get(frame.type)
    if kind is None:
        return None, Void("door-8-schema", N_("No document has the type {type}."), {"type": frame.type})
    body, void = read_body(kind, frame.body)
    if body is None:
        return None, void
    return body, power_void(kind, found.signers, kind.value(body)) or key_void(body, keys, frame.sequence)


def read_body(kind: Kind, body: object) -> tuple[BaseModel | None, Void | None]:
    """The body by its kind's model, or the reason why it cannot be one."""
    try:
        return kind.body.model_validate_json(pydantic_core.to_json(body)), None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place, reason = ".".join(str(part) for part in first["loc"]), field_reason(first)
        return None, Void(
            "door-8-schema",
            N_("The field {field} of {type} is not right: {reason}."),
            {"field": place, "type": kind.type, "reason": reason.text, **reason.params},
        )


def power_void(kind: Kind, signers: tuple[OfficeKey, ...], value: Value) -> Void | None:
    """Why these offices may not sign this kind, or None: each power needs an office of its own."""
    if len(signers) >= len(kind.powers):
        for chosen in permutations(signers, len(kind.powers)):
            if all(power in office.powers for power, office in zip(kind.powers, chosen, strict=True)):
                return _limit_void(chosen, value)
    return Void(
        "door-7-power",
        N_("{type} is signed by offices with these powers, each by another: {powers}. Not by: {offices}"),
        {"type": kind.type, "powers": " + ".join(kind.powers), "offices": ", ".join(one.office for one in signers)},
    )


def _limit_void(offices: tuple[OfficeKey, ...], value: Value) -> Void | None:
    if value is None:
        return None
    amount, currency = value
    for office in offices:
        if office.limit is not None and (office.limit[1] != currency or amount > office.limit[0]):
            return Void(
                "door-7-limit",
                N_("{office} may sign up to {limit} {limit_currency}; this is {amount} {currency}."),
                {
                    "office": office.office,
                    "limit": str(office.limit[0]),
                    "limit_currency": office.limit[1],
                    "amount": str(amount),
                    "currency": currency,
                },
            )
    return None


def _signers(envelope: envelopes.Envelope, keys: KeyRing, verifies: Verifies) -> tuple[OfficeKey, ...]:
    signers = []
    for index, signature in enumerate(envelope.signatures):
        office = keys.by_name(signature.keyid) or introduced(keys, envelope, signature.keyid)
        if office is None:
            raise Refusal(
                3,
                N_("The signature is by the key {key}, which is none of {nation}."),
                N_("If the partner has new keys, ask for the document that grants them, or for its newest card."),
                key=signature.keyid[:16],
                nation=keys.nation,
            )
        if not verifies(envelope, index, office.key):
            raise Refusal(
                3,
                N_("The signature of {office} does not fit the bytes."),
                N_("The document was changed on its way: ask for it again."),
                office=office.office,
            )
        signers.append(office)
    return tuple(signers)


def _frame(envelope: envelopes.Envelope) -> Frame:
    payload = envelope.payload
    try:
        found = plain_object(payload, max_bytes=limits.DOCUMENT_BYTES, max_depth=limits.DOCUMENT_DEPTH)
        if found is not None:
            # A strict model takes tuples; JSON has but the one kind of list.
            for name in ("offices", "re"):
                if isinstance(found.get(name), list):
                    found[name] = tuple(found[name])
            return Frame.model_validate(found)
        parse_object(payload, max_bytes=limits.DOCUMENT_BYTES, max_depth=limits.DOCUMENT_DEPTH)
        return Frame.model_validate_json(payload)
    except BadInput as problem:
        raise Refusal(6, problem.detail, problem.next_step, **problem.params) from problem
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Refusal(6, N_("The frame's field {field} is not right."), field=place) from error


def _check_frame(frame: Frame, keys: KeyRing, environment: str, reader: str) -> None:
    if frame.environment != environment:
        raise Refusal(
            6,
            N_("The document is of the environment {found}; this node is of {wanted}."),
            slug="environment",
            found=frame.environment,
            wanted=environment,
        )
    if frame.author != keys.nation:
        raise Refusal(
            6,
            N_("The document says that {found} wrote it; {wanted} signed it."),
            slug="author",
            found=frame.author,
            wanted=keys.nation,
        )
    if frame.reader != reader:
        raise Refusal(
            6,
            N_("The document is for {found}; this is the node of {wanted}."),
            slug="reader",
            found=frame.reader,
            wanted=reader,
        )


def _check_office(frame: Frame, signers: tuple[OfficeKey, ...]) -> None:
    named = tuple([office.office for office in signers])
    if named != frame.offices or len(set(named)) != len(named):
        raise Refusal(
            4,
            N_("The frame names {named} and the signatures are of {signed}."),
            named=", ".join(frame.offices),
            signed=", ".join(named),
        )
    for office in signers:
        if not office.valid_at(frame.time):
            raise Refusal(
                4,
                N_("The key of {office} was not valid at {time}."),
                N_("Sign with a key in its term."),
                slug="term",
                office=office.office,
                time=frame.time,
            )


def _check_sequence(frame: Frame, log: LogHead, written: int) -> None:
    if frame.sequence <= log.size:
        raise Refusal(
            5,
            N_("Another document already stands at {sequence} of the log of {author}: the log was forked."),
            N_("Keep both: they are evidence of a fork. Speak with the partner."),
            slug="fork",
            sequence=str(frame.sequence),
            author=frame.author,
        )
    if frame.sequence > log.size + 1:
        raise Refusal(
            5,
            N_("The document has the sequence {found}; {wanted} is next."),
            N_("Send what lies between first."),
            slug="gap",
            found=str(frame.sequence),
            wanted=str(log.size + 1),
        )
    if frame.previous != log.last:
        raise Refusal(
            5,
            N_("The document does not follow the one before it by hash."),
            N_("Run verify on both nodes."),
            slug="previous",
        )
    if not log.seen <= frame.seen <= written:
        raise Refusal(
            5,
            N_("The document says to have seen {found} documents of {written}, and {before} before that."),
            N_("Run verify on both nodes."),
            slug="seen",
            found=str(frame.seen),
            written=str(written),
            before=str(log.seen),
        )
