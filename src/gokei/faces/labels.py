"""What the codes of the machine contract are called for a reader: message ids by code.

Only words live here. Which codes exist is decided by the vocabulary; a code without a word is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gokei.terms.words import N_

VERDICT: Final[Mapping[str, str]] = {
    "permitted": N_("Permitted"),
    "not_permitted": N_("Not permitted"),
    "undetermined": N_("Undetermined"),
}

GROUND: Final[Mapping[str, str]] = {
    "granted": N_("An agreement in force grants it, and the law of both sides allows it."),
    "no_agreement": N_("No agreement between the two is among the packs of this node."),
    "not_in_force": N_("The agreement is not in force on that day."),
    "out_of_scope": N_("No agreement in force covers it."),
    "prohibited": N_("An agreement excludes it."),
    "national_law": N_("The national law of one side does not allow it."),
    "condition_not_met": N_("It would be allowed, but a required condition is not met."),
    "undecided": N_("A provision is undecided: the agreement has not settled it, or its text could not be read."),
    "facts_missing": N_("Facts that could turn the answer are not yet stated."),
}

TRUTH: Final[Mapping[str, str]] = {"true": N_("holds"), "false": N_("does not hold"), "unknown": N_("not known")}

QUALITY: Final[Mapping[str, str]] = {
    "verified": N_("read in an official source"),
    "secondary": N_("from a secondary source"),
    "derived": N_("derived from dated versions"),
    "draft": N_("draft: not confirmed by any text"),
}

ACTIVITY: Final[Mapping[str, str]] = {
    "joint_exercise": N_("Joint exercise and training"),
    "un_peacekeeping": N_("United Nations peacekeeping operation"),
    "coordinated_peace_operation": N_("Internationally coordinated peace and security operation"),
    "humanitarian_relief": N_("Humanitarian international relief"),
    "disaster_relief": N_("Large-scale disaster relief"),
    "evacuation_of_nationals": N_("Protection and evacuation of nationals"),
    "routine_visit": N_("Routine visit and liaison"),
    "counter_piracy": N_("Counter-piracy"),
    "missile_defence": N_("Ballistic missile defence"),
    "mine_clearance": N_("Mine clearance"),
    "information_gathering": N_("Information gathering and warning"),
    "base_guarding": N_("Guarding of bases"),
    "ship_inspection": N_("Ship inspection"),
    "important_influence_situation": N_("Situation of important influence"),
    "armed_attack_situation": N_("Armed attack situation"),
    "survival_threatening_situation": N_("Survival-threatening situation"),
    "international_peace_support": N_("Support for international peace"),
    "other": N_("Other activity"),
}

SUPPLY: Final[Mapping[str, str]] = {
    "food": N_("Food"),
    "water": N_("Water"),
    "billeting": N_("Billeting"),
    "transportation": N_("Transportation, including airlift"),
    "fuel": N_("Petroleum, oils and lubricants"),
    "clothing": N_("Clothing"),
    "communications": N_("Communications"),
    "medical": N_("Medical services and supplies"),
    "base_support": N_("Base support"),
    "storage": N_("Storage"),
    "use_of_facilities": N_("Use of facilities"),
    "training_services": N_("Training services"),
    "parts": N_("Spare parts and components"),
    "repair_maintenance": N_("Repair and maintenance"),
    "calibration": N_("Calibration"),
    "port_services": N_("Airport and seaport services"),
    "vehicle_loan": N_("Temporary use of general-purpose vehicles"),
    "construction": N_("Construction incidental to base support"),
    "ammunition": N_("Ammunition"),
    "weapons": N_("Weapons"),
}

FACT: Final[Mapping[str, str]] = {
    "kind": N_("Is it about support or about information?"),
    "on": N_("On which day does it happen?"),
    "provider": N_("Which nation provides?"),
    "recipient": N_("Which nation receives?"),
    "activity": N_("In which activity?"),
    "supply": N_("What kind of supply or service is it?"),
    "nsn": N_("What is its NATO stock number?"),
    "place": N_("In which nation, or on the high seas, does it happen?"),
    "requested": N_("Has the receiving nation asked for it?"),
    "hinders_mission": N_("Would giving it hinder the provider's own mission?"),
    "both_participate": N_("Do the forces of both nations take part in the activity?"),
    "co_located": N_("Are the two forces at the same place?"),
    "same_kind_of_activity": N_("Do the two forces carry out the same kind of activity?"),
    "government_request": N_("Has the government of the place asked for the activity?"),
    "visit_for_training": N_("Is the visit for training?"),
    "basic_plan": N_("Has a basic plan been decided by the Cabinet?"),
    "diet_approval": N_("Has the Diet given its approval?"),
    "combat_at_scene": N_("Is combat going on at the scene?"),
    "host_state_consents": N_("Does the host state consent?"),
    "un_charter_consistent": N_("Is the use consistent with the Charter of the United Nations?"),
    "mutual_determination": N_("Have the two nations determined together that the activity is covered?"),
    "un_sofa_force": N_("Does the force act as part of the United Nations forces under the 1954 agreement?"),
    "significant_military_equipment": N_("Is it designated as significant military equipment?"),
    "contingency_operation": N_("Is it a contingency operation?"),
    "retransfer_to": N_("To which nation would it be passed on?"),
    "provider_consents": N_("Does the provider consent to passing it on?"),
    "action": N_("What would be done with the information?"),
    "owner": N_("Which nation owns the information?"),
    "holder": N_("Which nation holds it now?"),
    "actor": N_("Which nation's official acts?"),
    "level": N_("What is the owner's own marking?"),
    "marked_on": N_("When was it marked?"),
    "clearance": N_("Which clearance does the person have?"),
    "clearance_until": N_("Until when is the clearance valid?"),
    "need_to_know": N_("Does the person need it for official duties?"),
    "on_register": N_("Is the person on the register of the facility?"),
    "assurances_recorded": N_("Are the assurances for this person on record?"),
    "owner_consents": N_("Has the owner consented?"),
    "person_cleared_for_translation": N_("Is the translator cleared?"),
    "contractor_conditions_met": N_("Are the conditions for contractors met?"),
    "inspection_current": N_("Is the inspection of the facility current?"),
    "receipt_expected": N_("Is a signed receipt expected?"),
    "purpose": N_("For which purpose is it used now?"),
    "provided_purpose": N_("For which purpose was it provided?"),
    "release_to": N_("To whom would it be released?"),
    "written": N_("Is the consent or notice in writing?"),
    "channel": N_("By which channel does it travel?"),
}

DOCUMENT: Final[Mapping[str, str]] = {
    "office_grant": N_("Grant of an office"),
    "office_revocation": N_("Revocation of an office"),
    "node_key_change": N_("New key of the node"),
    "root_change": N_("New root"),
    "operation": N_("Operation"),
    "request": N_("Request"),
    "offer": N_("Offer"),
    "refusal": N_("Refusal"),
    "order": N_("Order"),
    "countersignature": N_("Countersignature"),
    "cancellation": N_("Cancellation"),
    "delivery": N_("Delivery"),
    "receipt": N_("Receipt"),
    "correction": N_("Correction"),
    "claim": N_("Claim"),
    "settlement": N_("Settlement"),
    "settlement_acceptance": N_("Acceptance of a settlement"),
    "delivery_correction": N_("Correction of a delivery"),
    "receipt_correction": N_("Correction of a receipt"),
    "claim_withdrawal": N_("Withdrawal of a claim"),
    "settlement_refusal": N_("Refusal of a settlement"),
    "statement": N_("Statement of account"),
    "statement_acceptance": N_("Acceptance of a statement"),
    "item": N_("Item provided"),
    "item_receipt": N_("Receipt of an item"),
    "access_decision": N_("Access decision"),
    "release_consent": N_("Consent of the owner"),
    "reclassification": N_("Change of classification"),
    "remarking": N_("New marking by the holder"),
    "item_return": N_("Return of an item"),
    "item_return_receipt": N_("Receipt of a returned item"),
    "destruction": N_("Destruction certificate"),
    "incident": N_("Notice of loss or compromise"),
    "report": N_("Public report"),
    "denial": N_("Denial"),
    "correction_request": N_("Request for correction"),
    "confirmation": N_("Confirmation"),
    "official_statement": N_("Official statement"),
    "expected_event": N_("Expected event"),
    "position": N_("Position of an office"),
    "event_outcome": N_("Outcome of an expected event"),
}

STATE: Final[Mapping[str, str]] = {
    "requested": N_("Requested"),
    "offered": N_("Offered"),
    "ordered": N_("Ordered"),
    "in_force": N_("Countersigned"),
    "delivering": N_("Delivery under way"),
    "delivered": N_("Delivered"),
    "received": N_("Received"),
    "claimed": N_("Claimed"),
    "settled": N_("Settled"),
    "refused": N_("Refused"),
    "cancelled": N_("Cancelled"),
    "open": N_("Open"),
    "closed": N_("Closed"),
    "void": N_("Without effect"),
    "stated": N_("Stated"),
    "accepted": N_("Accepted"),
    "proposed": N_("Proposed"),
    "withdrawn": N_("Withdrawn"),
    "incident": N_("Incident open"),
    "receipted": N_("In custody"),
    "part_receipted": N_("Partly in custody"),
    "returning": N_("On its way back"),
    "part_returned": N_("Partly returned"),
    "part_destroyed": N_("Partly destroyed"),
    "provided": N_("Provided"),
    "held": N_("Held"),
    "returned": N_("Returned"),
    "destroyed": N_("Destroyed"),
    "lost": N_("Lost"),
    "reported": N_("Reported"),
    "denied": N_("Denied"),
    "corrected": N_("Corrected"),
    "confirmed": N_("Confirmed"),
    "correction_requested": N_("Correction asked for"),
    "disputed": N_("Disputed"),
    "expected": N_("Expected"),
    "came": N_("It came"),
    "did_not_come": N_("It did not come"),
    "postponed": N_("Put off"),
    "replaced": N_("Replaced by a later one"),
    "granted": N_("Granted"),
}

STANDING: Final[Mapping[str, str]] = {
    "pending": N_("Pending"),
    "final": N_("Final"),
    "void": N_("Without effect"),
}

EVENT: Final[Mapping[str, str]] = {
    "proposed": N_("Proposed"),
    "signed": N_("Signed"),
    "in_force": N_("Entered into force"),
    "amended": N_("Amended"),
    "notice_of_termination": N_("Notice of termination"),
    "suspension_of_notice": N_("Notice suspended"),
    "withdrawal_of_notice": N_("Notice withdrawn"),
    "suspended": N_("Suspended"),
    "resumed": N_("Resumed"),
    "terminated": N_("Terminated"),
    "superseded": N_("Superseded"),
    "not_concluded": N_("Not concluded"),
}

EFFECT: Final[Mapping[str, str]] = {
    "permit": N_("permits"),
    "prohibit": N_("excludes"),
    "require": N_("requires"),
    "oblige": N_("obliges"),
    "undecided": N_("not yet decided"),
}

INSTRUMENT_KIND: Final[Mapping[str, str]] = {
    "support": N_("Mutual support"),
    "information": N_("Protected information"),
    "law": N_("National law"),
}

ACCOUNT: Final[Mapping[str, str]] = {
    "stock": N_("Goods"),
    "cash": N_("Money"),
    "claims": N_("Receivables"),
    "debts": N_("Debts"),
}

RELEASE: Final[Mapping[str, str]] = {
    "release_third_party": N_("Release to a third party"),
    "release_contractor": N_("Release to a contractor"),
    "use": N_("Use for another purpose"),
}

INCIDENT: Final[Mapping[str, str]] = {
    "loss": N_("Loss"),
    "compromise": N_("Compromise"),
    "possible_loss": N_("Possible loss"),
    "possible_compromise": N_("Possible compromise"),
    "findings": N_("Findings of the investigation"),
}

STANCE: Final[Mapping[str, str]] = {
    "favours": N_("in favour"),
    "reluctant": N_("reluctant"),
    "opposes": N_("against"),
    "undecided": N_("not yet decided"),
}

OUTCOME: Final[Mapping[str, str]] = {code: STATE[code] for code in ("came", "did_not_come", "postponed")}

# The markings by their own nations' names, which nobody translates.
MARKING: Final[Mapping[str, str]] = {
    "JP:kimitsu": "JP 機密",
    "JP:gokuhi": "JP 極秘",
    "JP:tokutei_himitsu": "JP 特定秘密",
    "JP:hi": "JP 秘",
    "JP:tokubetsu_boei_himitsu": "JP 特別防衛秘密",
    "JP:boei_himitsu": "JP 防衛秘密",
    "JP:keizai_anpo": "JP 重要経済安保情報",
    "KR:1": "KR Ⅰ급비밀",
    "KR:2": "KR Ⅱ급비밀",
    "KR:3": "KR Ⅲ급비밀",
    "US:TS": "US TOP SECRET",
    "US:S": "US SECRET",
    "US:C": "US CONFIDENTIAL",
    "AU:TS": "AU TOP SECRET",
    "AU:S": "AU SECRET",
    "AU:P": "AU PROTECTED",
    "AU:C": "AU CONFIDENTIAL",
}

STATUS: Final[Mapping[str, str]] = {
    "proposed": N_("Proposed"),
    "signed": N_("Signed"),
    "in_force": N_("In force"),
    "notice_given": N_("In force, notice of termination given"),
    "notice_suspended": N_("In force, notice suspended"),
    "suspended": N_("Suspended"),
    "terminated": N_("Terminated"),
    "superseded": N_("Superseded"),
    "not_concluded": N_("Not concluded"),
}

POWER: Final[Mapping[str, str]] = {
    "request": N_("to request"),
    "order": N_("to order"),
    "approve": N_("to approve"),
    "deliver": N_("to deliver"),
    "receive": N_("to receive"),
    "claim": N_("to claim"),
    "settle": N_("to settle"),
    "state": N_("to state accounts"),
    "release": N_("to release information"),
    "custody": N_("to keep custody"),
    "publish": N_("to publish"),
    "keys": N_("to carry mandates of the root"),
}

KEY_STATE: Final[Mapping[str, str]] = {
    "in_force": N_("in force"),
    "not_yet": N_("not yet in force"),
    "ended": N_("ended"),
    "revoked": N_("revoked"),
    "requested": N_("requested"),
    "former": N_("no longer in use"),
}

METHOD: Final[Mapping[str, str]] = {
    "return": N_("Return of the same goods"),
    "replacement_in_kind": N_("Replacement in kind"),
    "equal_value": N_("Exchange of equal value"),
    "payment": N_("Payment in money"),
    "offset": N_("Offset"),
}

# The ways in which an order can be settled so far; laws and agreements name the others too.
SETTLING: Final[Mapping[str, str]] = {code: METHOD[code] for code in ("return", "replacement_in_kind", "payment")}

DISCREPANCY: Final[Mapping[str, str]] = {
    "short": N_("Less arrived"),
    "damaged": N_("Damaged"),
    "wrong_item": N_("Wrong item"),
    "quality": N_("Quality not as agreed"),
    "other": N_("Other"),
}

CHANNEL: Final[Mapping[str, str]] = {
    "government_to_government": N_("From government to government"),
    "approved_electronic": N_("Approved electronic means"),
    "approved_courier": N_("Approved courier"),
    "commercial": N_("Commercial carrier"),
}

OBLIGATION: Final[Mapping[str, str]] = {
    "settle": N_("Settle"),
    "ceiling": N_("Count against the ceiling"),
    "waive": N_("The ceilings are waived"),
    "report": N_("Send a report"),
    "notice": N_("Give notice"),
    "mark": N_("Mark"),
    "register": N_("Keep a register"),
    "protect": N_("Protect"),
    "return_or_destroy": N_("Return or destroy"),
    "consent": N_("Obtain consent"),
    "consult": N_("Consult each other"),
    "follow_agreement": N_("Follow the agreement"),
    "justify": N_("Only where it cannot reasonably be bought"),
    "offset": N_("Offset what stays open"),
    "protect_after_end": N_("Protect it after the agreement ends"),
    "stock": N_("Keep no larger stocks for it"),
    "legal_basis": N_("Rest on a law"),
    "record_claim": N_("Record the claim"),
    "notify_claim": N_("Tell the revenue collector of the claim"),
    "notify_payment": N_("Send a notice of payment"),
    "demand_payment": N_("Demand what is not paid in time"),
    "record_currency": N_("Record it in its currency and in yen"),
    "agree_deferral": N_("Agree a deferral with the Ministry of Finance"),
    "two_officers": N_("Goods manager and custodian each sign"),
    "sell_unneeded": N_("Sell only what is for sale or not needed"),
    "lend_without_hindrance": N_("Lend only what can be spared"),
    "answer_for_goods": N_("Answer in person for the goods"),
    "invoice": N_("Send an invoice"),
    "price": N_("Price by the agreed rule"),
    "order": N_("Order in the agreed form"),
    "endeavour": N_("Do the best to meet the request"),
    "exclude": N_("Leave out what is excluded"),
    "credit": N_("Credit the receipt to its fund"),
    "tell_change_of_law": N_("Tell the other of changes of law"),
    "arrange_details": N_("Settle details by arrangement"),
    "respect_rights": N_("Respect patents, copyrights and trade secrets"),
    "vet": N_("Judge trustworthiness on all that is known"),
    "tell_facility": N_("Tell the facility its topic and highest level"),
    "request_between_authorities": N_("Ask from authority to authority"),
    "custody": N_("Answer for its custody"),
    "secure_facilities": N_("Secure every facility"),
    "store": N_("Store it so that only the authorised reach it"),
    "double_cover": N_("Send it in two sealed covers"),
    "return_receipt": N_("Sign and return the receipt"),
    "destroy_beyond_reconstruction": N_("Destroy it beyond reconstruction"),
    "copy_under_control": N_("Control copies as the original"),
    "note_in_translation": N_("Note in the translation whose it is"),
    "investigate": N_("Investigate and tell the results"),
    "security_visits": N_("Receive the other's security officers"),
    "own_costs": N_("Bear one's own costs"),
    "keep_marking": N_("Keep the originator's marking"),
    "limit_scope": N_("Stay within its subject"),
    "pass_on": N_("Pass it on through the hub"),
    "notice_of_expiry": N_("Tell recipients when the designation ends"),
    "assign_level": N_("Assign it a level on receipt"),
    "approval": N_("Obtain the minister's approval"),
    "hand_back_at_end_of_clearance": N_("Hand it back when the clearance ends"),
    "witness": N_("Have it witnessed"),
}

# Words that stand where a nation's code may stand.
PLACE: Final[Mapping[str, str]] = {"high_seas": N_("High seas"), "none": N_("none")}

MOMENT: Final[Mapping[str, str]] = {"delivery": N_("the delivery")}

ROLE: Final[Mapping[str, str]] = {"owner": N_("Owner"), "actor": N_("Nation that acts")}

KIND: Final[Mapping[str, str]] = {
    "order": N_("Order"),
    "claim": N_("Claim"),
    "holding": N_("Holding"),
    "document": N_("Document"),
    "statement": N_("Statement of account"),
    "operation": N_("Operation"),
    "instrument": N_("Instrument"),
}

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "verdict": VERDICT,
    "ground": GROUND,
    "truth": TRUTH,
    "quality": QUALITY,
    "activity": ACTIVITY,
    "supply": SUPPLY,
    "fact": FACT,
    "document": DOCUMENT,
    "state": STATE,
    "status": STATUS,
    "power": POWER,
    "key_state": KEY_STATE,
    "method": METHOD,
    "settling": SETTLING,
    "obligation": OBLIGATION,
    "discrepancy": DISCREPANCY,
    "channel": CHANNEL,
    "standing": STANDING,
    "event": EVENT,
    "effect": EFFECT,
    "instrument_kind": INSTRUMENT_KIND,
    "account": ACCOUNT,
    "release": RELEASE,
    "incident": INCIDENT,
    "stance": STANCE,
    "outcome": OUTCOME,
    "marking": MARKING,
    "moment": MOMENT,
    "place": PLACE,
    "kind": KIND,
    "role": ROLE,
}


def label(table: str, code: str) -> str:
    """The message id for `code` in one of TABLES; the code itself where it has no word."""
    return TABLES.get(table, {}).get(code, code)
