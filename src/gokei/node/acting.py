"""Issuing a document: drafted, determined, tried, signed, appended, folded and on disk before it is acknowledged."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from itertools import permutations
from typing import Final, NamedTuple

from gokei.journal.door import admit, power_void, read_body
from gokei.journal.entries import Entry, Void
from gokei.journal.frames import GENESIS, Frame
from gokei.journal.keys import KEYS_POWER, NODE_OFFICE, KeyRing, OfficeKey
from gokei.journal.kinds import Draft, Kind, Prepared
from gokei.journal.signers import Signer
from gokei.journal.writing import write
from gokei.node import signed
from gokei.node.channels import Channel
from gokei.node.core import Core
from gokei.node.desk import NodeDesk
from gokei.node.signing import newest
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

# What stands in a frame that is only tried: no office and no document has these names.
TRIAL: Final = "trial"
TRIAL_NAME: Final = "0" * 32
OWN_FIELDS: Final = frozenset({"type", "to", "agreement", "offices", "assume"})


class Request(NamedTuple):
    """A document as it was asked for: what is the frame's, and what is the type's own."""

    kind: Kind
    to: str
    agreement: str | None
    offices: tuple[str, ...]
    assume: tuple[str, ...]
    fields: JsonObject


def act(core: Core, document: JsonObject, key: str | None, officer: str | None) -> JsonObject:
    """Issue one document, or keep it for its second signature. The same `key` gives the first answer again.

    Raises BadInput for what is typed wrong and Refused for what law, powers or life cycle do not allow; either way
    nothing is written.
    """
    with core.store.writing():
        known = _first_answer(core, document, key)
        if known is not None:
            return known
        request = read_request(core, document)
        offices = choose_offices(core, request, officer)
        if offices is None:
            answer = _keep_draft(core, document, key, str(officer))
        else:
            answer = _issue(core, request, offices, document_name(core, key))
        _keep_answer(core, document, key, answer)
        return answer


def prepare(core: Core, request: Request) -> Prepared:
    """The document made whole and its determination. Raises BadInput and Refused."""
    return _prepare(core, request, core.channel(request.to))


def try_out(core: Core, request: Request, prepared: Prepared) -> None:
    """Fold the case as if the document stood in it, unsigned; nothing is kept. Raises as `act` does."""
    channel = core.channel(request.to)
    frame = _frame(core, request, prepared, (TRIAL,), TRIAL_NAME, *_heads(core, channel))
    body, _ = read_body(request.kind, prepared.body)
    trial = Entry(frame, body, GENESIS, b"", b"")
    entries = [*channel.entries(frame.case), trial]
    for view in channel.fold(frame.case, entries):
        _refuse_void(view.void.get(trial.hash))


def cosign(core: Core, draft: str, officer: str) -> JsonObject:
    """The second signature on a kept draft: it is prepared anew, and issued by both offices.

    Asked again after it was issued, because the answer was lost, it gives the same answer.
    """
    with core.store.writing():
        found = core.store.row("SELECT key, office, request FROM drafts WHERE draft=?", (draft,))
        if found is None:
            return _issued_before(core, draft, officer)
        key, first, text = found
        document: JsonObject = json.loads(text)
        request = read_request(core, document)
        if officer == first:
            raise Refused(
                check="four-eyes",
                detail=N_("{office} gave the first signature; another office must give the second."),
                params={"office": officer},
                next_step=N_("Sign in as the other office."),
            )
        answer = _issue(core, request, (first, officer), document_name(core, key or draft))
        core.store.run("DELETE FROM drafts WHERE draft=?", (draft,))
        _keep_answer(core, document, key, answer)
        return answer


def _issued_before(core: Core, draft: str, officer: str) -> JsonObject:
    """The answer of a draft that this officer signed already. Raises Refused (`draft-unknown`)."""
    for channel in core.channels():
        row = core.store.find(channel.name, draft)
        if row is not None and row.author == core.nation:
            entry = channel.entry(row)
            if officer in entry.frame.offices and len(entry.frame.offices) > 1:
                return {
                    "document": row.document,
                    "hash": row.hash,
                    "sequence": row.sequence,
                    "determination": channel.determination(row.hash),
                    "case": row.case_name,
                    "state": "issued",
                }
    raise _no_draft(draft)


def drop_draft(core: Core, draft: str, officer: str) -> None:
    """Take a kept draft away, before it is issued; the office that signed may, and one that could sign it.

    Raises Refused: `draft-unknown`, or `door-7-power` for an office that has no part in it.
    """
    with core.store.writing():
        found = core.store.row("SELECT office, request FROM drafts WHERE draft=?", (draft,))
        if found is None:
            raise _no_draft(draft)
        request = read_request(core, json.loads(found[1]))
        if officer != found[0]:
            _check_power(_own_ring(core, request.to), request.kind, officer)
        core.store.run("DELETE FROM drafts WHERE draft=?", (draft,))


def read_request(core: Core, document: JsonObject) -> Request:
    """The parts of what was asked for. Raises BadInput naming the field."""
    type_name = _text(document, "type")
    kind = core.kinds.get(type_name)
    if kind is None:
        raise BadInput(
            check="document-type",
            detail=N_("No document has the type {type}; the nearest is {nearest}."),
            params={"type": type_name[:40], "nearest": nearest_kind(core, type_name)},
            field="type",
        )
    agreement = _text(document, "agreement") if document.get("agreement") is not None else None
    fields: JsonObject = {
        name: value for name, value in document.items() if name not in OWN_FIELDS and value is not None
    }
    return Request(
        kind, _text(document, "to"), agreement, _texts(document, "offices"), _texts(document, "assume"), fields
    )


def nearest_kind(core: Core, word: str) -> str:
    """The document type that is spelt most like `word`."""
    return difflib.get_close_matches(word, [kind.type for kind in core.kinds], n=1, cutoff=0.0)[0]


def choose_offices(core: Core, request: Request, officer: str | None) -> tuple[str, ...] | None:
    """Who signs: those named, or the officer; None when the officer's is the first of two signatures.

    In an exercise a node without a named office takes the first that have the powers; a real one never does.
    """
    powers = request.kind.powers
    ring = _own_ring(core, request.to)
    if powers == (KEYS_POWER,) and officer is None:
        # What it says the root has signed; the node only carries it.
        return (NODE_OFFICE,)
    if request.offices:
        return request.offices
    if officer is not None:
        _check_power(ring, request.kind, officer)
        return (officer,) if len(powers) == 1 else None
    if core.environment != "exercise":
        raise BadInput(
            check="offices-missing",
            detail=N_("Name the offices that sign."),
            next_step=N_("Add offices, a list of names, to the document."),
            field="offices",
        )
    held = {key.office: newest(core.folder.keys, ring, key.office, core.now()) for key in ring.offices.values()}
    ordered = [key for key in held.values() if key is not None]
    for chosen in permutations(ordered, len(powers)):
        if power_void(request.kind, chosen, None) is None:
            return tuple(office.office for office in chosen)
    raise Refused(
        check="door-7-power",
        detail=N_("No office of this node has the power {powers}."),
        params={"powers": " + ".join(powers)},
    )


def document_name(core: Core, key: str | None) -> str:
    """A document's id: from the caller's key, so that asking twice cannot issue twice, or by chance."""
    return sha256_name(f"{core.nation}:{key}".encode())[7:39] if key else core.random.bytes(16).hex()


def _issue(core: Core, request: Request, offices: Sequence[str], name: str) -> JsonObject:
    _check_compared(core, request)
    channel = core.channel(request.to)
    signed.check(core, request.to)
    prepared = _prepare(core, request, channel)
    log, tree = core.store.log(channel.name, core.nation)
    size, last, seen = _heads(core, channel)
    frame = _frame(core, request, prepared, offices, name, size, last, seen)
    ring = channel.ring(core.nation)
    written = write(frame, [_signer(core, office, ring) for office in offices])
    entry = admit(written.raw, log, ring, core.kinds, core.environment, request.to, seen)
    _refuse_void(entry.void)
    channel.append([(entry, prepared.determination)], tree.append(entry.leaf))
    fold_own(channel, entry)
    return {
        "document": frame.document,
        "hash": entry.hash,
        "sequence": frame.sequence,
        "determination": prepared.determination,
        "case": frame.case,
        "state": "issued",
    }


def _check_compared(core: Core, request: Request) -> None:
    """A real node writes nothing to a partner whose root nobody compared. Mandates excepted: they are the root's."""
    if core.environment != "real" or request.kind.powers == (KEYS_POWER,):
        return
    if core.partner(request.to).compared is None:
        raise Refused(
            check="partner-not-compared",
            detail=N_("Nobody has compared the root of {nation} yet."),
            params={"nation": request.to},
            next_step=N_(
                "Let {nation} read out its fingerprint over another way (gokei node card DIR --fingerprint), then: "
                "gokei partner add DIR FILE --fingerprint WORDS"
            ),
            field="to",
        )


def fold_own(channel: Channel, entry: Entry) -> None:
    """The case folded with our new document, and those that it makes void documents of.

    Raises Refused where it would have no effect.
    """
    channel.fold_cases(channel.touched(entry))
    views = channel.fold(entry.frame.case, channel.entries(entry.frame.case))
    for view in views:
        _refuse_void(view.void.get(entry.hash))
    channel.keep_views(views)


def _refuse_void(void: Void | None) -> None:
    """Raise Refused where our own document would have no effect."""
    if void is not None:
        power = void.check == "door-7-power"
        raise Refused(
            check=void.check,
            detail=void.detail,
            params=void.params,
            next_step=N_("Sign as offices that have the power.") if power else N_("Look at the case, then correct it."),
        )


def _heads(core: Core, channel: Channel) -> tuple[int, str, int]:
    """How many documents we wrote, the last one's hash, and how many of the partner's we hold."""
    log, _ = core.store.log(channel.name, channel.own)
    partner, _ = core.store.log(channel.name, channel.partner)
    return log.size, log.last, partner.size


def _frame(
    core: Core,
    request: Request,
    prepared: Prepared,
    offices: Sequence[str],
    name: str,
    size: int,
    last: str,
    seen: int,
) -> Frame:
    body, void = read_body(request.kind, prepared.body)
    if body is None or void is not None:
        reason = void.params if void else {}
        raise BadInput(
            check="document-field",
            detail=void.detail if void else "",
            params=reason,
            field=reason.get("field"),
            next_step=N_("Correct the field; docs/reference/documents.md lists every field of every type."),
        )
    return Frame(
        gokei=1,
        environment="exercise" if core.environment == "exercise" else "real",
        author=core.nation,
        reader=request.to,
        offices=tuple(offices),
        agreement=prepared.agreement,
        sequence=size + 1,
        previous=last,
        time=core.now(),
        document=name,
        case=prepared.case,
        seen=seen,
        re=prepared.re,
        type=request.kind.type,
        body=prepared.body,
    )


def _prepare(core: Core, request: Request, channel: Channel) -> Prepared:
    draft = Draft(
        author=core.nation,
        reader=request.to,
        type=request.kind.type,
        fields=request.fields,
        assume=request.assume,
        today=core.today(),
        agreement=request.agreement,
        environment=core.environment,
    )
    return core.wing(request.kind).prepare[request.kind.type](draft, NodeDesk(core, channel))


def _keep_draft(core: Core, document: JsonObject, key: str | None, officer: str) -> JsonObject:
    request = read_request(core, document)
    prepared = prepare(core, request)
    try_out(core, request, prepared)
    draft = document_name(core, key)
    core.store.run(
        "INSERT OR REPLACE INTO drafts (draft, key, office, time, request) VALUES (?,?,?,?,?)",
        (draft, key, officer, core.now(), canonical(document).decode()),
    )
    return {
        "draft": draft,
        "state": "awaiting_second_signature",
        "document": None,
        "hash": None,
        "sequence": None,
        "determination": prepared.determination,
        "case": prepared.case,
    }


def _first_answer(core: Core, document: JsonObject, key: str | None) -> JsonObject | None:
    if key is None:
        return None
    found = core.store.row("SELECT request, answer FROM acts WHERE key=?", (key,))
    if found is None:
        return None
    if found[0] != _request_name(document):
        raise Refused(
            check="key-reused",
            detail=N_("The idempotency key was used before for another document."),
            next_step=N_("Use a new key for a new document."),
        )
    answer: JsonObject = json.loads(found[1])
    return answer


def _keep_answer(core: Core, document: JsonObject, key: str | None, answer: JsonObject) -> None:
    if key is not None:
        core.store.run(
            "INSERT OR REPLACE INTO acts (key, request, answer) VALUES (?,?,?)",
            (key, _request_name(document), canonical(answer).decode()),
        )


def _request_name(document: JsonObject) -> str:
    """What was asked for, by name; it may hold numbers that no document takes, and is only ever compared."""
    return sha256_name(json.dumps(document, sort_keys=True, default=str).encode())


def _check_power(ring: KeyRing, kind: Kind, officer: str) -> None:
    office = _office(ring, officer)
    if office is None or not set(kind.powers) & office.powers:
        raise Refused(
            check="door-7-power",
            detail=N_("{office} cannot sign this: {type} needs an office with the power {powers}."),
            params={"office": officer, "powers": " + ".join(kind.powers), "type": kind.type},
            next_step=N_("Sign in as an office that has the power."),
        )


def _office(ring: KeyRing, name: str) -> OfficeKey | None:
    return next((office for office in ring.offices.values() if office.office == name), None)


def _own_ring(core: Core, partner: str) -> KeyRing:
    return core.channel(partner).ring(core.nation)


def _signer(core: Core, office: str, ring: KeyRing) -> Signer:
    found = core.signer(office, ring)
    if found is None:
        raise Refused(
            check="office-unknown",
            detail=N_("This node holds no key of an office {office}."),
            params={"office": office[:64]},
            next_step=N_("See the keys of this node and their terms: gokei keys list DIR"),
            field="offices",
        )
    return found


def _text(document: JsonObject, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise BadInput(
            check="document-field", detail=N_("The document needs {field}, a text."), params={"field": name}, field=name
        )
    return value


def _texts(document: JsonObject, name: str) -> tuple[str, ...]:
    value = document.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value) or len(value) > 16:
        raise BadInput(
            check="document-field", detail=N_("{field} is a list of texts."), params={"field": name}, field=name
        )
    return tuple(str(one) for one in value)


def _no_draft(draft: str) -> Refused:
    return Refused(
        check="draft-unknown",
        detail=N_("No document {draft} waits for a second signature."),
        params={"draft": draft[:64]},
        next_step=N_("It may have been signed or taken back meanwhile: look at Today."),
    )
