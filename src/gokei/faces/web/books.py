"""Small ways to read what the node shows: rows, texts, and the page on which a case stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from gokei.dossier.record import LISTS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused
from gokei.terms.words import N_

if TYPE_CHECKING:
    from gokei.faces.web.visit import Visit

PAGE_OF: Final[Mapping[str, str]] = {
    "order": "/orders/{name}",
    "operation": "/operations/{name}",
    "holding": "/holdings/{name}",
    "instrument": "/dossier/{name}",
    "account": "/ledger",
}


# The lists of an instrument's public record, by the type of their documents.
ENTRIES: Final = LISTS


def entry_in_short(entry: JsonObject) -> str:
    """What an entry of a public record says, in its author's own short words."""
    return str(entry.get("claim") or entry.get("event") or entry.get("wants") or "")


def partner_of(visit: Visit, row: JsonObject) -> str:
    """The other nation of the channel that a row belongs to."""
    if row.get("partner"):
        return str(row["partner"])
    nations = str(row.get("channel", "")).split("-")
    return next((nation for nation in nations if nation != visit.node.nation), "")


def path_of(case: object) -> str:
    """The page of a case such as `order:AU-0001`, without the language."""
    family, _, name = str(case).partition(":")
    return PAGE_OF.get(family, "/partners").replace("{name}", name)


def one(visit: Visit, kinds: str, kind: str, name: str) -> JsonObject:
    """One thing by its id; `?with=` says with which partner where two have the same. Raises Refused (`not-found`)."""
    rows = visit.node.list(kinds, {kind: name})
    partner = visit.query.get("with", "")
    found = [row for row in rows if not partner or partner_of(visit, row) == partner]
    if found:
        return found[0]
    raise Refused(
        check="not-found",
        detail=N_("This node knows no {kind} {name}."),
        next_step=N_("Go back to what waits for you, or choose from the menu."),
        params={"kind": kind, "name": name[:100]},
    )
