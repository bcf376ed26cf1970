"""Keys that change while everything else goes on: offices' keys granted, retired or compromised, and the node's own.

The root of each honest nation writes a mandate, its operator applies it, and applies all of them again after a backup
was put back: the root's files are kept elsewhere.
"""

from __future__ import annotations

from random import Random
from typing import Any

from gokei.journal.envelopes import MANDATE, sign
from gokei.journal.mandates import Mandate
from gokei.journal.publickeys import prove
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject

SPARE = 4
"""Keys of an office, and of the node, that lie ready at each nation; no more are granted in one run."""
OFFICES = ("logistics", "finance", "node")
TIME = "2000-01-01T00:00:00Z"


def make_spare_keys(node: Node) -> None:
    """Keys that no mandate grants yet; made once, because the keyring is on no virtual disk."""
    for office in OFFICES:
        for _ in range(SPARE):
            node.request_key(office)


class Root:
    """A nation's root: its mandates in their order, each a file that is never lost."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.mandates: list[bytes] = []
        self.is_applied = True

    def act(self, node: Node) -> None:
        """One more change of keys; none while the node has not taken the last."""
        if self.is_applied:
            change = self._chance.choice((self._grant, self._retire, self._node_key))(node)
            if change is not None:
                self.mandates.append(self._signed(node, change))
                self.is_applied = False

    def apply(self, node: Node) -> list[JsonObject]:
        """Apply all that was written, from the first on. Raises Problem."""
        found = [node.apply(raw) for raw in self.mandates]
        self.is_applied = True
        return found

    def _signed(self, node: Node, change: dict[str, Any]) -> bytes:
        ring = node.core.own_ring()
        root = next(one.key for one in node.core.folder.keyring.holds() if one.office == "root")
        values = {
            "gokei": 1, "nation": node.nation, "environment": node.environment, "root": ring.root.fingerprint,
            "serial": len(self.mandates) + 1, "issued": TIME, "change": change,
        }  # fmt: skip
        mandate = Mandate.model_validate(values)
        return sign(MANDATE, mandate.encode(), [node.core.folder.keyring.signer(root)]).encode()

    def _rows(self, node: Node, office: str, state: str) -> list[dict[str, Any]]:
        found: Any = node.keys()["keys"]
        return [row for row in found if row["office"] == office and row["state"] == state]

    def _grant(self, node: Node, office: str = "") -> dict[str, Any] | None:
        office = office or self._chance.choice(OFFICES[:2])
        spare = self._rows(node, office, "requested")
        if not spare:
            return None
        old = self._rows(node, office, "in_force")[0]
        stated = self._stated(node, spare[0])
        terms = {"office": office, "title": {"en": office}, "powers": tuple(old["powers"]), "valid_from": TIME}
        return {"kind": "grant", "office": stated | terms | {"limit": old["limit"]}}

    def _node_key(self, node: Node) -> dict[str, Any] | None:
        spare = self._rows(node, "node", "requested")
        return {"kind": "node_key", "node": self._stated(node, spare[0])} if spare else None

    def _retire(self, node: Node) -> dict[str, Any] | None:
        """The end of an office's older key; now and then it was in a stranger's hands."""
        office = self._chance.choice(OFFICES[:2])
        held = self._rows(node, office, "in_force")
        if len(held) < 2:
            return self._grant(node, office)
        since = {"compromised_since": "2026-11-01T00:00:00Z"} if self._chance.random() < 0.4 else {}
        return {"kind": "revoke", "office": office, "key": held[0]["key"], "reason": "lost", **since}

    def _stated(self, node: Node, row: dict[str, Any]) -> dict[str, Any]:
        signer = node.core.folder.keyring.signer(row["key"])
        proof = prove(signer, node.nation, node.environment, row["office"])
        return {"algorithm": row["algorithm"], "key": row["key"], "proof": proof}
