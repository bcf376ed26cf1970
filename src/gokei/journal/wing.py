"""The journal's own documents: offices granted and keys revoked, as a fold over the case `channel:offices`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gokei.journal.entries import Entry, Void
from gokei.journal.keys import OfficeGrant, OfficeRevocation
from gokei.journal.kinds import CaseView, Desk, Draft, Kind, Prepared, Wing
from gokei.terms.json_types import JsonObject
from gokei.terms.words import N_

OFFICES_CASE: Final = "channel:offices"


def fold_offices(case: str, entries: Sequence[Entry]) -> CaseView:
    """Which keys each nation granted and revoked in this channel, by office."""
    offices: dict[str, dict[str, JsonObject]] = {}
    void: dict[str, Void] = {}
    for entry in entries:
        if entry.void is not None:
            continue
        held = offices.setdefault(entry.author, {})
        if isinstance(entry.body, OfficeGrant):
            grant = entry.body.grant
            held[grant.key] = {"office": grant.office, "powers": list(grant.powers), "state": "granted"}
        elif isinstance(entry.body, OfficeRevocation):
            known = held.get(entry.body.key, {"office": entry.body.office, "powers": []})
            if known.get("state") == "revoked":
                void[entry.hash] = Void("key-already-revoked", N_("The key was revoked before."))
                continue
            held[entry.body.key] = known | {"state": "revoked", "reason": entry.body.reason}
    view: JsonObject = {"case": case, "offices": {nation: dict(held) for nation, held in sorted(offices.items())}}
    return CaseView("journal", "channel", case, view, void)


def prepare_key_document(draft: Draft, _desk: Desk) -> Prepared:
    """A key document answers nothing and asks no law: its body is what the root holder typed."""
    return Prepared(case=OFFICES_CASE, agreement=draft.agreement or "identity", body=dict(draft.fields))


WING: Final = Wing(
    name="journal",
    kinds=(
        Kind("office_grant", "journal", "channel", OfficeGrant, 0, ("root",)),
        Kind("office_revocation", "journal", "channel", OfficeRevocation, 0, ("root",)),
    ),
    folds={"channel": fold_offices},
    prepare={"office_grant": prepare_key_document, "office_revocation": prepare_key_document},
    judge={},
)
