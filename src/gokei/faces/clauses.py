"""What a fact says inside a sentence, as a clause: message ids by fact, for yes and for no.

Only words live here, as in gokei.faces.labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gokei.terms.words import N_

STATED: Final[Mapping[str, tuple[str, str]]] = {
    "requested": (N_("the recipient has asked for it"), N_("the recipient has not asked for it")),
    "hinders_mission": (
        N_("giving it would hinder the provider's own mission"),
        N_("giving it would not hinder the provider's own mission"),
    ),
    "both_participate": (
        N_("the forces of both nations take part"),
        N_("the forces of both nations do not both take part"),
    ),
    "co_located": (N_("the two forces are at the same place"), N_("the two forces are not at the same place")),
    "same_kind_of_activity": (
        N_("the two forces carry out the same kind of activity"),
        N_("the two forces do not carry out the same kind of activity"),
    ),
    "government_request": (
        N_("the government of the place has asked for the activity"),
        N_("the government of the place has not asked for the activity"),
    ),
    "visit_for_training": (N_("the visit is for training"), N_("the visit is not for training")),
    "basic_plan": (
        N_("the Cabinet has decided a basic plan"),
        N_("the Cabinet has decided no basic plan"),
    ),
    "diet_approval": (N_("the Diet has given its approval"), N_("the Diet has not given its approval")),
    "combat_at_scene": (N_("combat is going on at the scene"), N_("no combat is going on at the scene")),
    "host_state_consents": (N_("the host state consents"), N_("the host state does not consent")),
    "un_charter_consistent": (
        N_("the use is consistent with the Charter of the United Nations"),
        N_("the use is not consistent with the Charter of the United Nations"),
    ),
    "mutual_determination": (
        N_("the two nations have determined together that the activity is covered"),
        N_("the two nations have not determined together that the activity is covered"),
    ),
    "un_sofa_force": (
        N_("the force acts as part of the United Nations forces under the 1954 agreement"),
        N_("the force does not act as part of the United Nations forces under the 1954 agreement"),
    ),
    "significant_military_equipment": (
        N_("it is significant military equipment"),
        N_("it is not significant military equipment"),
    ),
    "contingency_operation": (N_("it is a contingency operation"), N_("it is no contingency operation")),
    "provider_consents": (
        N_("the provider consents to passing it on"),
        N_("the provider does not consent to passing it on"),
    ),
    "need_to_know": (
        N_("the person needs it for official duties"),
        N_("the person does not need it for official duties"),
    ),
    "on_register": (N_("the person is on the register"), N_("the person is not on the register")),
    "assurances_recorded": (
        N_("the assurances for the person are on record"),
        N_("the assurances for the person are not on record"),
    ),
    "owner_consents": (N_("the owner has consented"), N_("the owner has not consented")),
    "person_cleared_for_translation": (N_("the translator is cleared"), N_("the translator is not cleared")),
    "contractor_conditions_met": (
        N_("the conditions for contractors are met"),
        N_("the conditions for contractors are not met"),
    ),
    "inspection_current": (
        N_("the inspection of the facility is current"),
        N_("the inspection of the facility is not current"),
    ),
    "receipt_expected": (N_("a signed receipt is expected"), N_("no signed receipt is expected")),
    "written": (N_("the consent or notice is in writing"), N_("the consent or notice is not in writing")),
}

# One of these words; any but these words.
AMONG: Final[Mapping[str, tuple[str, str]]] = {
    "provider": (N_("{words} provides"), N_("another than {words} provides")),
    "recipient": (N_("{words} receives"), N_("another than {words} receives")),
    "place": (N_("the place is {words}"), N_("the place is not {words}")),
    "retransfer_to": (N_("it is passed on to {words}"), N_("it is passed on to another than {words}")),
    "owner": (N_("{words} owns it"), N_("another than {words} owns it")),
    "holder": (N_("{words} holds it"), N_("another than {words} holds it")),
    "actor": (N_("an official of {words} acts"), N_("an official of another than {words} acts")),
    "level": (N_("it is marked {words}"), N_("it is marked otherwise than {words}")),
    "clearance": (N_("the clearance is {words}"), N_("the clearance is another than {words}")),
    "release_to": (N_("it would be released to {words}"), N_("it would be released to another than {words}")),
    "channel": (N_("it travels {words}"), N_("it travels otherwise than {words}")),
    "purpose": (N_("it is used for {words}"), N_("it is used for something else than {words}")),
    "provided_purpose": (
        N_("it was provided for {words}"),
        N_("it was provided for something else than {words}"),
    ),
}

# What a day, a clearance or a text is beside another: holds; does not hold.
COMPARED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("clearance", "covers"): (
        N_("the clearance reaches the level"),
        N_("the clearance does not reach the level"),
    ),
    ("provided_purpose", "same_as"): (
        N_("it is used for the purpose for which it was provided"),
        N_("it is used for another purpose than it was provided for"),
    ),
    ("clearance_until", "on"): (
        N_("the clearance is valid on the day"),
        N_("the clearance is no longer valid on the day"),
    ),
    ("marked_on", "day"): (N_("it was marked on {day} or later"), N_("it was marked before {day}")),
    ("clearance_until", "day"): (
        N_("the clearance is valid until {day} or later"),
        N_("the clearance ends before {day}"),
    ),
    ("marked_on", "on"): (N_("it was marked on the day or later"), N_("it was marked before the day")),
}

ACTION: Final[Mapping[str, str]] = {
    "provide": N_("Providing information"),
    "access": N_("Access to information"),
    "transmit": N_("Sending information"),
    "reproduce": N_("Copying information"),
    "translate": N_("Translating information"),
    "use": N_("Using information"),
    "release_third_party": N_("Releasing information to a third party"),
    "release_contractor": N_("Releasing information to a contractor"),
    "reclassify": N_("Changing the level of information"),
    "return": N_("Returning information"),
    "destroy": N_("Destroying information"),
    "visit": N_("Visiting the other nation"),
}

# Why not, in a few words.
WHY_NOT: Final[Mapping[str, str]] = {
    "no_agreement": N_("no agreement"),
    "not_in_force": N_("not in force"),
    "prohibited": N_("excluded by the agreement"),
    "out_of_scope": N_("not covered by an agreement"),
    "national_law": N_("not allowed by national law"),
    "condition_not_met": N_("a condition is not met"),
}
