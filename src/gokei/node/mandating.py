"""The root's mandates at a node: taken in once, written into every channel's log; and the keys as they stand then."""

from __future__ import annotations

from collections.abc import Iterable

from gokei.journal.changes import changed, check_signatures
from gokei.journal.entries import Entry
from gokei.journal.keys import NODE_OFFICE, RESERVED, KeyRing, OfficeKey
from gokei.journal.mandates import DOCUMENTS, ChangeNodeKey, Limit, Office, Revoke, SignedMandate, read_mandate
from gokei.journal.publickeys import ED25519, prove
from gokei.journal.roots import signers_of
from gokei.journal.signers import Signer
from gokei.journal.wing import OFFICES_CASE
from gokei.node import acting, folder, signed
from gokei.node.core import Core
from gokei.terms.canonical import canonical
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused
from gokei.terms.words import N_


def apply(core: Core, raw: bytes, path: str | None = None) -> JsonObject:
    """Take a mandate, and write it into the log of every channel; all of it or nothing, and again is harmless.

    `channels` lists the documents written for each partner. A journal that was restored signs nothing for the partners
    in `waiting` yet: theirs are written once the journal has caught up, and the mandate is in force here meanwhile.
    `without_key` is the office that a revocation left with no key, or None.
    Raises Refused (`mandate-…`, `card-…`, `key-…`) where it would have no effect, BadInput where it is none.
    """
    mandate = read_mandate(raw, path)
    with core.store.writing():
        _keep(core, mandate)
        waiting = [nation for nation in core.partners() if not signed.may_sign(core, nation)]
        documents = {nation: carry(core, nation) for nation in core.partners() if nation not in waiting}
    return {
        "mandate": mandate.hash,
        "kind": mandate.mandate.change.kind,
        "serial": mandate.mandate.serial,
        "channels": {nation: [*names] for nation, names in documents.items()},
        "waiting": [*waiting],
        "without_key": _without_key(core, mandate.mandate.change),
    }


def _without_key(core: Core, change: object) -> str | None:
    """The office that a revocation leaves without a key, if it does."""
    if not isinstance(change, Revoke):
        return None
    return None if any(one.office == change.office for one in core.own_ring().offices.values()) else change.office


def take_back(core: Core, entries: Iterable[Entry]) -> None:
    """The mandates in documents of our own that a partner gave back are ours again, inside the transaction."""
    for entry in entries:
        if entry.frame.case == OFFICES_CASE and entry.void is None:
            mandate = read_mandate(str(getattr(entry.body, "mandate", "")).encode())
            _insert(core, mandate)


def _insert(core: Core, mandate: SignedMandate) -> None:
    core.store.run(
        "INSERT OR IGNORE INTO mandates (serial, hash, envelope) VALUES (?,?,?)",
        (mandate.mandate.serial, mandate.hash, mandate.envelope.encode()),
    )


def _keep(core: Core, mandate: SignedMandate) -> None:
    if core.store.row("SELECT 1 FROM mandates WHERE hash=?", (mandate.hash,)):
        return
    ring = core.own_ring()
    change = mandate.mandate.change
    compromised = isinstance(change, Revoke) and change.compromised_since is not None
    after = changed(ring, mandate, 1, 0 if compromised else None)
    if after is ring:
        raise Refused(
            check="mandate-on-card",
            detail=N_("The node's card shows the effect of this mandate already."),
            next_step=N_("There is nothing to do."),
        )
    if isinstance(change, ChangeNodeKey) and all(one.key != change.node.key for one in core.folder.keys.holds()):
        raise Refused(
            check="key-not-held",
            detail=N_("The secret part of the key {key} is not held here."),
            params={"key": change.node.key[:16]},
            next_step=N_("Make the node's new key here first: gokei keys request DIR node"),
            who="operator",
        )
    _insert(core, mandate)


def carry(core: Core, nation: str) -> list[str]:
    """Write the mandates that a channel's log does not hold yet, in their order. Returns the documents' hashes."""
    written = []
    channel = core.channel(nation)
    for serial, raw in core.store.rows("SELECT serial, envelope FROM mandates ORDER BY serial"):
        if serial in channel.ring(core.nation).applied or _carried(core, nation, raw):
            continue
        kind = read_mandate(raw).mandate.change.kind
        answer = acting.act(core, {"type": DOCUMENTS[kind][0], "to": nation, "mandate": raw.decode()}, None, None)
        written.append(str(answer["hash"]))
    return written


def _carried(core: Core, nation: str, raw: bytes) -> bool:
    """Whether the log holds the mandate although it changed nothing there: the card showed its effect before."""
    entries = core.channel(nation).entries(OFFICES_CASE)
    texts = [getattr(entry.body, "mandate", "") for entry in entries if entry.author == core.nation]
    return raw.decode() in texts


def missing(ring: KeyRing, raw: bytes) -> JsonObject:
    """How far a mandate is signed: `found` and `threshold` of the root's keys, and whether that is enough."""
    mandate = read_mandate(raw)
    try:
        check_signatures(ring, mandate)
    except Refused as problem:
        return {"found": problem.params["found"], "threshold": problem.params["threshold"], "enough": False}
    found = len(signers_of(mandate.envelope, ring.root))
    return {"found": str(found), "threshold": str(ring.root.threshold), "enough": True}


def request(core: Core, office: str, powers: tuple[str, ...], limit: Limit | None) -> JsonObject:
    """Make a new key for an office, or for the node, and say what the root needs to know to grant it.

    The powers, the title and the limit are those that the office has now unless others are asked for. Raises Refused
    (`office-reserved`, `office-powers`).
    """
    ring = core.own_ring()
    known = [*ring.offices.values(), *(one.office for one in ring.revoked.values())]
    now = max((key for key in known if key.office == office), key=lambda key: key.valid_from, default=None)
    if office in RESERVED - {NODE_OFFICE}:
        raise Refused(
            check="office-reserved",
            detail=N_("No office has the name {office}."),
            params={"office": office},
            next_step=N_("The root's keys are made elsewhere: gokei keys root new OUT_DIR"),
        )
    stated = None if now is None else now.stated
    if office != NODE_OFFICE and stated is None and not powers:
        # A card that was written after its last key was revoked does not say what it could do.
        had = any(one.office == office for one in core.folder.keys.holds())
        without = N_(
            "The office {office} has no key now, and the card says nothing of it: say which powers it asks for."
        )
        raise Refused(
            check="office-powers",
            detail=without if had else N_("{office} is a new office: say which powers it asks for."),
            params={"office": office},
            next_step=N_("Name each of them: --power order --power receive"),
        )
    signer = core.folder.keyring.add(office, core.random)
    return _request(core, office, signer, stated, powers, limit)


def _request(
    core: Core, office: str, signer: Signer, stated: Office | None, powers: tuple[str, ...], limit: Limit | None
) -> JsonObject:
    proof = prove(signer, core.nation, core.environment, office)
    found: JsonObject = {
        "gokei": 1,
        "nation": core.nation,
        "environment": core.environment,
        "root": core.own_ring().root.fingerprint,
        "serial": core.own_ring().serial + 1,
        "office": office,
        "algorithm": ED25519,
        "key": bytes(signer.verify_key).hex(),
        "proof": proof,
    }
    if office == NODE_OFFICE:
        return found
    wanted = limit or (stated.limit if stated else None)
    return found | {
        "title": dict(stated.title) if stated else {"en": office},
        "powers": [*(powers or (stated.powers if stated else ()))],
        "limit": None if wanted is None else wanted.model_dump(mode="json"),
    }


def keys(core: Core, nation: str) -> JsonObject:
    """A nation's `root`, its `threshold` of `roots`, the `serial` of its newest mandate, and every key it had.

    Of each key: `office`, `key`, `powers`, `limit`, its term, its `state`, of its own keys also whether it is `held`.
    """
    ring = core.own_ring() if nation == core.nation else core.channel(nation).ring(nation)
    return {
        "nation": nation,
        "root": ring.root.fingerprint,
        "threshold": ring.root.threshold,
        "roots": [one.key for one in ring.root.keys],
        "serial": ring.serial,
        "keys": [*_rows(core, nation)],
    }


def _rows(core: Core, nation: str) -> list[JsonObject]:
    own = nation == core.nation
    ring = core.own_ring() if own else core.channel(nation).ring(nation)
    held = {one.key for one in core.folder.keys.holds()} if own else set()
    rows: list[JsonObject] = []
    for key in ring.offices.values():
        row = _row(key, _state(key, core.now()))
        rows.append(row | ({"held": row["key"] in held} if own else {}))
    for revoked in ring.revoked.values():
        row = _row(revoked.office, "revoked") | {"reason": revoked.reason}
        if revoked.compromised_since is not None:
            row |= {"compromised_since": revoked.compromised_since}
            if not own:
                row |= {"stands_through": revoked.stands_through}
        rows.append(row | ({"held": row["key"] in held} if own else {}))
    if own:
        known = {row["key"] for row in rows}
        for one in core.folder.keys.holds():
            if one.key not in known and one.office != folder.ROOT_OFFICE:
                state = "former" if bytes.fromhex(one.key) in {bytes(key) for key in ring.nodes} else "requested"
                rows.append({"office": one.office, "algorithm": ED25519, "key": one.key, "state": state, "held": True})
    return rows


def _row(key: OfficeKey, state: str) -> JsonObject:
    return {
        "office": key.office,
        "algorithm": ED25519,
        "key": bytes(key.key).hex(),
        "powers": [*sorted(key.powers)],
        "limit": None if key.limit is None else {"amount": str(key.limit[0]), "currency": key.limit[1]},
        "valid_from": None if key.stated is None else key.valid_from,
        "valid_until": key.valid_until,
        "state": state,
    }


def _state(key: OfficeKey, now: str) -> str:
    if now < key.valid_from:
        return "not_yet"
    return "in_force" if key.valid_at(now) else "ended"


def spelt(request: JsonObject) -> bytes:
    """A request as it is written into a file."""
    return canonical(request) + b"\n"
