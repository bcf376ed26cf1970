"""The vocabulary of facts: every name, its type, and the codes that it can take (machine contract, section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from gokei.terms.markings import MARKINGS
from gokei.terms.nations import NATIONS

FactType: TypeAlias = Literal["code", "nation", "boolean", "date", "nsn", "text", "marking"]

ACTIVITIES: Final = (
    "joint_exercise", "un_peacekeeping", "coordinated_peace_operation", "humanitarian_relief", "disaster_relief",
    "evacuation_of_nationals", "routine_visit", "counter_piracy", "missile_defence", "mine_clearance",
    "information_gathering", "base_guarding", "ship_inspection", "important_influence_situation",
    "armed_attack_situation", "survival_threatening_situation", "international_peace_support", "other",
)  # fmt: skip
SUPPLIES: Final = (
    "food", "water", "billeting", "transportation", "fuel", "clothing", "communications", "medical", "base_support",
    "storage", "use_of_facilities", "training_services", "parts", "repair_maintenance", "calibration",
    "port_services", "vehicle_loan", "construction", "ammunition", "weapons",
)  # fmt: skip
ACTIONS: Final = (
    "provide", "access", "transmit", "reproduce", "translate", "use", "release_third_party", "release_contractor",
    "reclassify", "return", "destroy", "visit",
)  # fmt: skip
CHANNELS: Final = ("government_to_government", "approved_electronic", "approved_courier", "commercial")
KINDS: Final = ("support", "information")
HIGH_SEAS: Final = "high_seas"
NONE: Final = "none"
CONTRACTOR: Final = "contractor"


class Fact(NamedTuple):
    """One fact: its name, its type, and the words that it takes beside those of its type."""

    name: str
    type: FactType
    codes: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """All valid words of a code, nation or marking; empty for the other types."""
        if self.type == "nation":
            return (*sorted(NATIONS), *self.codes)
        return MARKINGS if self.type == "marking" else self.codes


def _booleans(names: str) -> tuple[Fact, ...]:
    return tuple(Fact(name, "boolean") for name in names.split())


# The order is the order of an interview, and of `missing`.
_ALL: Final = (
    Fact("kind", "code", KINDS),
    Fact("on", "date"),
    Fact("provider", "nation"),
    Fact("recipient", "nation"),
    Fact("activity", "code", ACTIVITIES),
    Fact("supply", "code", SUPPLIES),
    Fact("nsn", "nsn"),
    Fact("place", "nation", (HIGH_SEAS,)),
    *_booleans(
        "requested hinders_mission both_participate co_located same_kind_of_activity government_request "
        "visit_for_training basic_plan diet_approval combat_at_scene host_state_consents un_charter_consistent "
        "mutual_determination un_sofa_force significant_military_equipment contingency_operation"
    ),
    Fact("retransfer_to", "nation", (NONE,)),
    Fact("provider_consents", "boolean"),
    Fact("action", "code", ACTIONS),
    Fact("owner", "nation"),
    Fact("holder", "nation"),
    Fact("actor", "nation"),
    Fact("level", "marking"),
    Fact("marked_on", "date"),
    Fact("clearance", "marking"),
    Fact("clearance_until", "date"),
    *_booleans(
        "need_to_know on_register assurances_recorded owner_consents person_cleared_for_translation "
        "contractor_conditions_met inspection_current receipt_expected"
    ),
    Fact("purpose", "text"),
    Fact("provided_purpose", "text"),
    Fact("release_to", "nation", (CONTRACTOR,)),
    Fact("written", "boolean"),
    Fact("channel", "code", CHANNELS),
)  # fmt: skip

FACTS: Final[Mapping[str, Fact]] = {fact.name: fact for fact in _ALL}
WORDS: Final[Mapping[str, frozenset[str]]] = {fact.name: frozenset(fact.words()) for fact in _ALL}
