"""What a node shows: orders, claims, holdings, documents, instruments' records, balances, digests, what waits."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.merkle import Frontier
from gokei.ledger.accounts import balances
from gokei.node.channels import Channel
from gokei.node.core import Core
from gokei.node.store import Store, Stored
from gokei.terms.dates import shown
from gokei.terms.json_types import JsonObject, JsonValue, objects_of
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

KINDS: Final = ("orders", "claims", "holdings", "documents", "operations", "statements", "instruments")
SINGULAR: Final = {name[:-1]: name for name in KINDS}
_WINGS: Final = {
    "orders": ("support", "order"),
    "operations": ("support", "operation"),
    "holdings": ("registry", "holding"),
    "statements": ("ledger", "account"),
    "instruments": ("dossier", "instrument"),
}

# What `list` can be narrowed by: the fields of a row of each kind.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(names.split())
    for kind, names in {
        "orders": "activity agreement case channel deliveries determinations documents facts ledger lines next offer "
        "on operation order partner place provider reason recipient retroactive state terms",
        "claims": "case channel claim creditor debtor delivered_on delivery due hash lines methods order state "
        "withdrawn",
        "holdings": "access agreement assurances case channel consents copies determinations documents equivalent "
        "facts holder holding incidents level marked_on next on owner partner purpose register sent_through state "
        "title",
        "documents": "agreement author body case channel determination document hash offices re reader seen sequence "
        "standing time type void",
        "operations": "activity agreement author case channel documents ends facts forces name next operation partner "
        "place starts state",
        "statements": "accepted_by as_of author balances case channel claims digest documents hash next open_claims "
        "partner state statement",
        "instruments": "case channel documents expected instrument next partner positions reports statements",
    }.items()
}


def show(core: Core, kind: str, name: str) -> JsonObject:
    """One thing by its kind (`order`, `claim`, …) and id. Raises Refused (`not-found`) or BadInput for a bad kind."""
    plural = SINGULAR.get(kind)
    if plural is None:
        raise _bad_kind(kind, SINGULAR)
    if plural == "documents":
        return _document(core, name)
    found = _named(core, plural, name)
    if found is not None:
        return found
    raise Refused(
        check="not-found",
        detail=N_("This node knows no {kind} {name}."),
        next_step=N_("List what there is: gokei list DIR {plural}"),
        params={"kind": kind, "name": name[:100], "plural": plural},
    )


def _named(core: Core, plural: str, name: str) -> JsonObject | None:
    """A folded case, or a claim of one, by its name or its case's."""
    if plural == "claims":
        return next((row for row in rows(core, plural) if row["claim"] == name), None)
    wing, family = _WINGS[plural]
    case = name if name.startswith(f"{family}:") else f"{family}:{name}"
    views = ((channel, channel.view(wing, case)) for channel in core.channels())
    return next((_whole(channel, plural, view) for channel, view in views if view is not None), None)


def listing(core: Core, kind: str, where: Mapping[str, str]) -> list[JsonObject]:
    """All of a kind whose named fields have those values. Raises BadInput (`where-field`) for a field of no row."""
    if kind not in KINDS:
        raise _bad_kind(kind, KINDS)
    check_fields(where, FIELDS[kind])
    return [row for row in rows(core, kind) if all(_matches(row.get(name), value) for name, value in where.items())]


def check_fields(where: Iterable[str], known: Sequence[str]) -> None:
    """Raise BadInput (`where-field`) for a name that is no field of the rows; an empty list would hide the slip."""
    for name in where:
        if name not in known:
            near = nearest(name, known)
            detail = N_("There is no field {field} here. Did you mean {nearest}?")
            raise BadInput(
                check="where-field",
                detail=detail if near else N_("There is no field {field} here."),
                next_step=N_("Its fields: {known}"),
                params={"field": shown(name), "nearest": near or "", "known": ", ".join(sorted(known))},
                field=shown(name),
            )


def rows(core: Core, kind: str) -> Iterator[JsonObject]:
    """Every one of a kind, over all channels."""
    for channel in core.channels():
        if kind == "documents":
            yield from _documents(channel)
        elif kind == "claims":
            for view in channel.views("ledger", "order"):
                for claim in objects_of(view.get("claims")):
                    yield claim | {"channel": channel.name, "order": view.get("order"), "case": view.get("case")}
        else:
            wing, family = _WINGS[kind]
            for view in channel.views(wing, family):
                yield _whole(channel, kind, view)


def documents(channel: Channel, case: str) -> list[JsonObject]:
    """A case's documents in causal order, each with its hash, its standing and our own determination."""
    cut = channel.cut()
    voids = channel.voids(case)
    found: list[JsonObject] = []
    for entry in channel.entries(case):
        void: JsonValue = entry.void.as_json() if entry.void else voids.get(entry.hash)
        standing = "void" if void else "final" if cut and cut.covers(entry) else "pending"
        found.append(
            {
                "channel": channel.name,
                "case": case,
                "hash": entry.hash,
                "document": entry.frame.document,
                "type": entry.frame.type,
                "author": entry.author,
                "reader": entry.frame.reader,
                "offices": list(entry.frame.offices),
                "sequence": entry.sequence,
                "seen": entry.seen,
                "time": entry.frame.time,
                "agreement": entry.frame.agreement,
                "re": list(entry.frame.re),
                "body": entry.frame.body,
                "standing": standing,
                "void": void,
                "determination": channel.determination(entry.hash),
            }
        )
    return found


def state(core: Core) -> JsonObject:
    """Digests of the books of each channel: equal on both nodes when they hold the same documents."""
    return {
        "nation": core.nation,
        "environment": core.environment,
        "channels": {channel.name: channel_state(core.store, channel) for channel in core.channels()},
    }


def channel_state(store: Store, channel: Channel) -> JsonObject:
    """Digests, counts and roots of one channel."""
    digests = channel.digests()
    logs: dict[str, Frontier] = {}
    for nation in sorted((channel.own, channel.partner)):
        _, logs[nation] = store.log(channel.name, nation)
    return {
        "orders": digests.get("support"),
        "ledger": digests.get("ledger"),
        "registry": digests.get("registry"),
        "dossier": digests.get("dossier"),
        "keys": digests.get("journal"),
        "documents": {nation: log.size for nation, log in logs.items()},
        "roots": {nation: log.root().hex() for nation, log in logs.items()},
    }


def all_balances(core: Core) -> JsonObject:
    """What is owed in each channel, in money and in goods: with all documents, and beside it what is final.

    `final` holds `accounts` and `owed` by the documents that a cut covers; `pending` counts the orders' other ones.
    """
    found: JsonObject = {}
    for channel in core.channels():
        views = channel.views("ledger", "order")
        pending = channel.pending("order")
        final = balances(_final(channel, str(view["case"])) if view["case"] in pending else view for view in views)
        found[channel.name] = balances(views) | {
            "final": {name: final[name] for name in ("accounts", "owed")},
            "pending": sum(pending.values()),
        }
    return found


def _final(channel: Channel, case: str) -> JsonObject:
    """An order's ledger by the documents that a cut covers alone."""
    cut = channel.cut()
    covered = [entry for entry in channel.entries(case) if cut is not None and cut.covers(entry)]
    return next(view.view for view in channel.fold(case, covered) if view.wing == "ledger")


def today(core: Core, office: str | None) -> JsonObject:
    """What waits for this nation: next acts by case (those that `office` has a power for), and second signatures."""
    waiting: list[JsonValue] = []
    powers = _powers(core, office)
    for channel in core.channels():
        for view in _cases(channel):
            for step in objects_of(view.get("next")):
                kind = core.kinds.get(str(step.get("type")))
                if step.get("nation") != core.nation or kind is None:
                    continue
                if powers is None or powers & set(kind.powers):
                    waiting.append(
                        step | {"channel": channel.name, "partner": channel.partner, "case": view.get("case")}
                    )
    drafts = [draft for draft in kept_drafts(core) if _may_cosign(core, draft, office, powers)]
    return {"office": office, "waiting": waiting, "second_signatures": [*drafts]}


def kept_drafts(core: Core) -> list[JsonObject]:
    """The documents that wait for a second signature, oldest first."""
    found = core.store.rows("SELECT draft, office, time, request FROM drafts ORDER BY time, draft")
    return [
        {"draft": draft, "office": office, "time": time, "request": json.loads(text)}
        for draft, office, time, text in found
    ]


def refusals(core: Core) -> list[JsonObject]:
    """What was refused at the door, newest first."""
    found = core.store.rows("SELECT number, author, time, refusal FROM refusals ORDER BY number DESC LIMIT 100")
    rows: list[JsonObject] = []
    for number, author, time, refusal in found:
        signed = json.loads(base64.b64decode(json.loads(refusal)["payload"]))
        rows.append({"number": number, "author": author, "time": time} | {"refusal": signed})
    return rows


def _cases(channel: Channel) -> Iterator[JsonObject]:
    for wing in ("support", "ledger", "registry", "dossier"):
        yield from channel.views(wing)


def _powers(core: Core, office: str | None) -> set[str] | None:
    if office is None:
        return None
    return {power for one in core.own_ring().offices.values() if one.office == office for power in one.powers}


def _may_cosign(core: Core, draft: JsonObject, office: str | None, powers: set[str] | None) -> bool:
    if powers is None:
        return True
    request = draft["request"]
    kind = core.kinds.get(str(request.get("type"))) if isinstance(request, dict) else None
    return kind is not None and draft["office"] != office and bool(powers & set(kind.powers))


def _whole(channel: Channel, kind: str, view: JsonObject) -> JsonObject:
    found = dict(view) | {"channel": channel.name, "partner": channel.partner}
    if kind == "orders":
        ledger = channel.view("ledger", str(view.get("case"))) or {}
        found["ledger"] = ledger
        if ledger.get("state") is not None:
            found["state"] = ledger["state"]
        found["next"] = [*objects_of(view.get("next")), *objects_of(ledger.get("next"))]
    return found


def _documents(channel: Channel) -> Iterator[JsonObject]:
    for case in channel.cases():
        yield from documents(channel, case)


def _document(core: Core, name: str) -> JsonObject:
    channel, row = find(core, name)
    shown = next(one for one in documents(channel, row.case_name) if one["hash"] == row.hash)
    envelope = Envelope.decode(row.envelope, DOCUMENT)
    signatures: list[JsonValue] = [{"keyid": one.keyid, "sig": one.value.hex()} for one in envelope.signatures]
    return shown | {"signatures": signatures, "payload": envelope.payload.decode("utf-8")}


def find(core: Core, name: str) -> tuple[Channel, Stored]:
    """A document by hash or id, with its channel. Raises Refused (`not-found`)."""
    for channel in core.channels():
        row = core.store.find(channel.name, name)
        if row is not None:
            return channel, row
    raise Refused(
        check="not-found",
        detail=N_("This node knows no {kind} {name}."),
        next_step=N_("List what there is: gokei list DIR {plural}"),
        params={"kind": "document", "name": name[:100], "plural": "documents"},
    )


def _matches(found: JsonValue, wanted: str) -> bool:
    if isinstance(found, bool) or found is None:
        return {True: "true", False: "false", None: ""}[found] == wanted
    if isinstance(found, list):
        return any(_matches(one, wanted) for one in found)
    return str(found) == wanted


def _bad_kind(kind: str, known: object) -> BadInput:
    words = ", ".join(str(one) for one in known) if isinstance(known, (tuple, dict)) else ""
    return BadInput(
        check="kind-unknown",
        detail=N_("{kind} is none of: {known}."),
        params={"kind": kind[:40], "known": words},
        field="kind",
    )
