"""The registry wing: classified information that one nation lends another, from provision to return or destruction."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from gokei.journal.kinds import Kind, Wing
from gokei.registry import bodies, preparing
from gokei.registry.holding import FAMILY, fold_holding


def _kind(name: str, body: type[BaseModel], rank: int, *powers: str) -> Kind:
    return Kind(name, "registry", FAMILY, body, rank, powers)


# Among concurrent documents a loss comes last: what both nations did before they knew of it stands.
WING: Final = Wing(
    name="registry",
    kinds=(
        _kind("item", bodies.Item, 10, "release"),
        _kind("item_receipt", bodies.ItemReceipt, 20, "custody"),
        _kind("remarking", bodies.Remarking, 25, "custody"),
        _kind("access_decision", bodies.AccessDecision, 30, "custody"),
        _kind("release_consent", bodies.ReleaseConsent, 40, "release"),
        _kind("reclassification", bodies.Reclassification, 50, "release"),
        _kind("item_return", bodies.ItemReturn, 60, "custody"),
        _kind("item_return_receipt", bodies.ItemReturnReceipt, 65, "custody"),
        _kind("destruction", bodies.Destruction, 70, "custody", "release"),
        _kind("incident", bodies.Incident, 80, "custody"),
    ),
    folds={FAMILY: fold_holding},
    prepare={
        "item": preparing.prepare_item,
        "item_receipt": preparing.prepare_receipt,
        "remarking": preparing.prepare_remarking,
        "access_decision": preparing.prepare_access,
        "release_consent": preparing.simple(bodies.ReleaseConsent, "owner"),
        "reclassification": preparing.simple(bodies.Reclassification, "owner"),
        "item_return": preparing.simple(bodies.ItemReturn, "holder"),
        "item_return_receipt": preparing.simple(bodies.ItemReturnReceipt, "owner"),
        "destruction": preparing.simple(bodies.Destruction, "holder"),
        "incident": preparing.simple(bodies.Incident, None),
    },
    judge={"item": preparing.judge_item, "access_decision": preparing.judge_access},
)
