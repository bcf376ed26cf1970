"""The journal's own documents: mandates of the nations' roots, as a fold over the case `channel:offices`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gokei.journal import mandates
from gokei.journal.entries import Entry
from gokei.journal.keys import KEYS_POWER
from gokei.journal.kinds import CaseView, Desk, Draft, Kind, Prepared, Wing
from gokei.journal.mandates import ChangeNodeKey, ChangeRoot, Grant, KeyDocument, Revoke, read_mandate
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused
from gokei.terms.words import N_

OFFICES_CASE: Final = "channel:offices"


def fold_offices(case: str, entries: Sequence[Entry]) -> CaseView:
    """What each nation's root ordered in this channel: offices by key, the node's key, the root, the serial."""
    nations: dict[str, JsonObject] = {}
    for entry in entries:
        if entry.void is None and isinstance(entry.body, KeyDocument):
            _add(nations.setdefault(entry.author, {}), entry.body)
    offices: JsonObject = {}
    others: JsonObject = {}
    for nation, found in sorted(nations.items()):
        offices[nation] = found.pop("offices", {})
        others[nation] = found
    return CaseView("journal", "channel", case, {"case": case, "offices": offices, "roots": others}, {})


def _add(held: JsonObject, body: KeyDocument) -> None:
    mandate = mandates.carried(body).mandate
    serial = held.get("serial")
    if isinstance(serial, int) and mandate.serial <= serial:
        return
    held["serial"] = mandate.serial
    change = mandate.change
    offices = held.setdefault("offices", {})
    if isinstance(change, Grant) and isinstance(offices, dict):
        offices[change.office.key] = {
            "office": change.office.office,
            "powers": list(change.office.powers),
            "state": "granted",
        }
    elif isinstance(change, Revoke) and isinstance(offices, dict):
        known = offices.get(change.key)
        row: JsonObject = dict(known) if isinstance(known, dict) else {"office": change.office, "powers": []}
        row |= {"state": "revoked", "reason": change.reason}
        if isinstance(body, mandates.OfficeRevocation) and body.stands_through is not None:
            row |= {"compromised_since": change.compromised_since, "stands_through": body.stands_through}
        offices[change.key] = row
    elif isinstance(change, ChangeNodeKey):
        held["node"] = change.node.key
    elif isinstance(change, ChangeRoot):
        held["root"] = change.statement.fingerprint


def prepare_key_document(draft: Draft, desk: Desk) -> Prepared:
    """A mandate made a document: of a compromised key stands what a cut may cover. Raises Refused, BadInput."""
    body = dict(draft.fields)
    text = body.get("mandate")
    change = read_mandate(text.encode()).mandate.change if isinstance(text, str) else None
    if isinstance(change, Revoke) and change.compromised_since is not None:
        final = desk.counted()
        stands = body.setdefault("stands_through", final)
        if isinstance(stands, int) and stands < final:
            raise Refused(
                check="stands-final",
                detail=N_("Documents up to {final} may be final on both sides, and stand."),
                params={"final": str(final)},
                next_step=N_("Leave stands_through out: the node writes the least that is possible."),
                field="stands_through",
            )
    return Prepared(case=OFFICES_CASE, agreement=draft.agreement or "identity", body=body)


WING: Final = Wing(
    name="journal",
    kinds=tuple(
        Kind(type_name, "journal", "channel", body, 0, (KEYS_POWER,)) for type_name, body in mandates.DOCUMENTS.values()
    ),
    folds={"channel": fold_offices},
    prepare={type_name: prepare_key_document for type_name, _ in mandates.DOCUMENTS.values()},
    judge={},
)
