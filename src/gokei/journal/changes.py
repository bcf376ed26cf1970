"""What a mandate does to a nation's keys: judged by the root, the serial and the key itself, then applied.

Everything here is a function of the ring and the document, so both nations come to the same keys.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pydantic_core
from pydantic import BaseModel

from gokei.journal import mandates
from gokei.journal.entries import Entry, Void
from gokei.journal.envelopes import Envelope
from gokei.journal.frames import Frame
from gokei.journal.keys import KeyRing, OfficeKey, Revoked, node_office, office_key
from gokei.journal.mandates import ChangeNodeKey, ChangeRoot, Grant, KeyDocument, Revoke, SignedMandate
from gokei.journal.publickeys import name_of
from gokei.journal.roots import check_root, signers_of
from gokei.terms import limits
from gokei.terms.problems import Problem, Refused
from gokei.terms.words import N_


def after_document(ring: KeyRing, entry: Entry) -> KeyRing:
    """The ring after a document of its nation's log."""
    if entry.void is not None or not isinstance(entry.body, KeyDocument):
        return ring
    return changed(ring, mandates.carried(entry.body), entry.sequence, _stands(entry.body))


def key_void(body: BaseModel, ring: KeyRing, sequence: int) -> Void | None:
    """Why a document that carries a mandate has no effect, or None (check 8 of the door)."""
    if not isinstance(body, KeyDocument):
        return None
    try:
        changed(ring, mandates.carried(body), sequence, _stands(body))
    except Problem as problem:
        return Void("door-8-mandate", problem.detail, problem.params)
    return None


def introduced(ring: KeyRing, envelope: Envelope, keyid: str) -> OfficeKey | None:
    """The node's new key, for the very document whose mandate names it: a nation that lost the old one can speak."""
    try:
        frame = Frame.model_validate_json(envelope.payload)
        if frame.type != "node_key_change":
            return None
        body = mandates.NodeKeyChange.model_validate_json(pydantic_core.to_json(frame.body))
        return changed(ring, mandates.carried(body), frame.sequence, None).by_name(keyid)
    except (Problem, ValueError):
        return None


def changed(ring: KeyRing, signed: SignedMandate, sequence: int, stands_through: int | None) -> KeyRing:
    """The ring after a mandate at that place of the log; the same ring where it was applied before.

    Raises Refused (`mandate-…`, `card-…`, `key-…`) where it has no effect.
    """
    mandate = signed.mandate
    if (mandate.nation, mandate.environment) != (ring.nation, ring.environment):
        raise _refused("mandate-nation", N_("The mandate is of another nation, or of another environment."))
    if mandate.serial <= ring.serial:
        if mandate.serial <= ring.base or ring.applied.get(mandate.serial) == signed.hash:
            return ring
        raise _refused(
            "mandate-serial",
            N_("The mandate has the serial number {serial}; the root has given {newest} already."),
            serial=str(mandate.serial),
            newest=str(ring.serial),
        )
    if mandate.root != ring.root.fingerprint:
        raise _refused("mandate-root", N_("The mandate is of another root than this nation has."))
    check_signatures(ring, signed)
    found = _change(ring, signed, sequence, stands_through)
    applied = MappingProxyType(dict(ring.applied) | {mandate.serial: signed.hash})
    return replace(found, serial=mandate.serial, applied=applied)


def ordered(ring: KeyRing, signed: SignedMandate) -> KeyRing:
    """The ring after a mandate, wherever it stands: what a revocation leaves standing in a log is each channel's own.

    Raises as `changed`.
    """
    compromised = isinstance(signed.mandate.change, Revoke) and signed.mandate.change.compromised_since
    return changed(ring, signed, 1, 0 if compromised else None)


def check_signatures(ring: KeyRing, signed: SignedMandate) -> None:
    """Raises Refused (`mandate-signatures`) with how many of how many signed: of a change of root, of both roots."""
    roots = [ring.root]
    if isinstance(signed.mandate.change, ChangeRoot):
        roots.append(signed.mandate.change.statement)
    for root in roots:
        found = len(signers_of(signed.envelope, root))
        if found < root.threshold:
            raise Refused(
                check="mandate-signatures",
                detail=N_("{found} of {threshold} signatures of the root {root} are there."),
                params={"found": str(found), "threshold": str(root.threshold), "root": root.fingerprint[:16]},
                next_step=N_("Let another holder sign it: gokei keys mandate sign MANDATE ROOTKEY"),
            )


def _change(ring: KeyRing, signed: SignedMandate, sequence: int, stands_through: int | None) -> KeyRing:
    change = signed.mandate.change
    if isinstance(change, Grant):
        return _granted(ring, change)
    if isinstance(change, Revoke):
        return _revoked(ring, change, sequence, stands_through)
    if isinstance(change, ChangeNodeKey):
        office = node_office(change.node, ring.nation, ring.environment)
        name = name_of(office.key)
        if name in ring.offices or name in ring.revoked or office.key in ring.nodes:
            raise _refused("card-key-twice", N_("The key is in use already, or was revoked."))
        found = ring.with_offices({name: office}, name_of(ring.node))
        return replace(found, node_key=change.node, nodes=(office.key, *ring.nodes))
    check_root(change.statement)
    if (change.statement.nation, change.statement.environment) != (ring.nation, ring.environment):
        raise _refused("mandate-nation", N_("The mandate is of another nation, or of another environment."))
    return replace(ring, root=change.statement)


def _granted(ring: KeyRing, change: Grant) -> KeyRing:
    office = office_key(change.office, ring.nation, ring.environment)
    name = name_of(office.key)
    held = ring.by_name(name)
    if name in ring.revoked or (held is not None and held.office != office.office) or office.key in ring.nodes:
        raise _refused("card-key-twice", N_("The key is in use already, or was revoked."))
    if held is None and len(ring.offices) >= limits.KEYS_PER_NODE:
        raise _refused("keys-too-many", N_("The nation has too many keys in use: revoke old ones first."))
    return ring.with_offices({name: office})


def _revoked(ring: KeyRing, change: Revoke, sequence: int, stands_through: int | None) -> KeyRing:
    if (stands_through is None) is not (change.compromised_since is None):
        raise _refused(
            "mandate-stands",
            N_("A revocation says what stands exactly when it says since when the key was in a stranger's hands."),
        )
    name = name_of(change.key)
    held, before = ring.by_name(name), ring.revoked.get(name)
    office = held or (before.office if before else None)
    if office is None or office.stated is None or office.office != change.office:
        raise _refused("key-unknown", N_("{office} has no key {key}."), office=change.office, key=change.key[:16])
    # A key that was merely retired may turn out later to have been in a stranger's hands.
    if before is not None and (before.stands_through is not None or stands_through is None):
        raise _refused("key-already-revoked", N_("The key was revoked before."))
    at = before.sequence if before else sequence
    revoked = Revoked(office, change.reason, at, change.compromised_since, stands_through)
    found = ring.with_offices({}, name)
    return replace(found, revoked=MappingProxyType(dict(ring.revoked) | {name: revoked}))


def _stands(body: KeyDocument) -> int | None:
    return body.stands_through if isinstance(body, mandates.OfficeRevocation) else None


def _refused(check: str, detail: str, **params: str) -> Refused:
    return Refused(
        check=check,
        detail=detail,
        params=params,
        next_step=N_("Look at the keys as they are: gokei keys list DIR. Then write another mandate."),
    )
