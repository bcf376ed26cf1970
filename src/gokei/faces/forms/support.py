"""Forms of mutual support: operations, the life of an order, and what is owed for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gokei.faces.forms.fields import Field, Form
from gokei.faces.labels import FACT
from gokei.terms.words import N_

LINE: Final = Field("line", N_("Line"), "integer", required=True)
QUANTITY: Final = Field("quantity", N_("Quantity"), "quantity", required=True)
UNIT: Final = Field("unit", N_("Unit"), "unit", required=True)
ORDER: Final = Field("order", N_("Order number"), required=True)
DELIVERY: Final = Field("delivery", N_("Delivery"), required=True)
CLAIM: Final = Field("claim", N_("Claim"), required=True)
SETTLEMENT: Final = Field("settlement", N_("Settlement"), required=True)
METHODS: Final = Field("methods", N_("Ways to settle"), "codes", choices="settling")
REASON: Final = Field("reason", N_("Reason"), "long", required=True)

AMOUNT: Final = (LINE, QUANTITY, UNIT)
ARRIVED: Final = (
    *AMOUNT,
    Field(
        "discrepancy",
        N_("Discrepancy"),
        "group",
        fields=(
            Field("reason", N_("Reason for the difference")),
            Field("code", N_("Kind of difference"), "code", choices="discrepancy"),
        ),
    ),
)

OPERATION_FACTS: Final = (
    "requested",
    "hinders_mission",
    "both_participate",
    "co_located",
    "same_kind_of_activity",
    "government_request",
    "visit_for_training",
    "basic_plan",
    "diet_approval",
    "combat_at_scene",
    "host_state_consents",
    "un_charter_consistent",
    "mutual_determination",
    "un_sofa_force",
    "contingency_operation",
)


def fact_fields(names: tuple[str, ...]) -> tuple[Field, ...]:
    """One yes-no-or-not-stated field for each named fact, asked as a plain question."""
    return tuple(Field(name, FACT[name], "truth") for name in names)


PASSED_ON: Final = (
    Field("retransfer_to", FACT["retransfer_to"], help=N_("A nation's code, or none.")),
    *fact_fields(("provider_consents",)),
)
FACTS: Final = (*fact_fields(OPERATION_FACTS), *PASSED_ON)

# What a request states, and an order after the fact too; any other order takes it from its request.
NEW_ORDER: Final = Field("order", N_("Order number"), help=N_("Left empty, it gets a number."))
OPERATION: Final = Field("operation", N_("Operation"))
DAY: Final = Field("on", N_("Day of the act"), "date")
WANTED: Final = (
    LINE,
    Field("supply", N_("Kind of supply or service"), "code", required=True, choices="supply"),
    Field("nsn", N_("NATO stock number"), help=N_("13 digits; optional.")),
    Field("description", N_("Description"), required=True),
    QUANTITY,
    UNIT,
)
PRICE: Final = (Field("unit_price", N_("Price for one unit"), "amount"), Field("currency", N_("Currency"), "currency"))
ORDER_FACTS: Final = Field("facts", N_("Facts of this order only"), "group", fields=FACTS)


FORMS: Final = (
    Form(
        "operation",
        N_("State an activity in the world once; every order in it inherits its facts."),
        (
            Field("operation", N_("Short name for this operation"), help=N_("Left empty, it gets a number.")),
            Field("name", N_("Name"), required=True),
            Field("activity", N_("Activity"), "code", required=True, choices="activity"),
            Field("place", N_("Place"), required=True, help=N_("A nation's code, such as AU, or high_seas.")),
            Field("starts", N_("First day"), "date", required=True),
            Field("ends", N_("Last day"), "date", required=True),
            Field("forces", N_("Forces taking part"), "words", help=N_("Nation codes, such as JP AU.")),
            Field("facts", N_("Facts that the law asks for"), "group", fields=FACTS),
        ),
        case="operation",
    ),
    Form(
        "request",
        N_("Ask the partner for supplies or services. The law's answer stands beside the form as you type."),
        (
            replace(OPERATION, required=True),
            replace(DAY, required=True),
            Field("lines", N_("What is asked for"), "rows", required=True, fields=WANTED),
            METHODS,
            NEW_ORDER,
            ORDER_FACTS,
        ),
        case="order",
    ),
    Form(
        "offer",
        N_("Offer what the partner asked for, on terms."),
        (
            ORDER,
            Field(
                "lines",
                N_("What is offered"),
                "rows",
                required=True,
                fields=(
                    LINE,
                    QUANTITY,
                    UNIT,
                    *PRICE,
                ),
            ),
            Field("methods", N_("Ways to settle"), "codes", required=True, choices="settling"),
            Field("valid_until", N_("Valid until"), "date", required=True),
        ),
        case="order",
    ),
    Form("refusal", N_("Refuse the request, with the reason."), (ORDER, REASON), case="order"),
    Form(
        "order",
        N_("Order the delivery on the terms of the offer. Two offices sign."),
        (
            NEW_ORDER,
            OPERATION,
            DAY,
            Field("lines", N_("What is ordered"), "rows", fields=(*WANTED, *PRICE)),
            METHODS,
            Field(
                "retroactive",
                N_("Only for an order written after the fact"),
                "group",
                fields=(Field("reason", N_("Reason for ordering after the fact"), "long"),),
            ),
            ORDER_FACTS,
        ),
        case="order",
    ),
    Form("countersignature", N_("Countersign the partner's order. Two offices sign."), (ORDER,), case="order"),
    Form("cancellation", N_("Cancel the order before anything is delivered."), (ORDER, REASON), case="order"),
    Form(
        "delivery",
        N_("State what was handed over, and when. A delivery may be partial."),
        (
            ORDER,
            Field("delivered_on", N_("Day of delivery"), "date", required=True),
            Field("place", N_("Place of delivery")),
            Field("lines", N_("What was delivered"), "rows", required=True, fields=AMOUNT),
        ),
        case="order",
    ),
    Form(
        "receipt",
        N_("Sign for what arrived. State a reason wherever less arrived than was delivered."),
        (
            ORDER,
            DELIVERY,
            Field("lines", N_("What arrived"), "rows", required=True, fields=ARRIVED),
            Field("received_on", N_("Day of receipt"), "date"),
        ),
        case="order",
    ),
    Form(
        "delivery_correction",
        N_("State a delivery anew, before it is signed for."),
        (ORDER, DELIVERY, Field("lines", N_("What was delivered"), "rows", required=True, fields=AMOUNT), REASON),
        case="order",
    ),
    Form(
        "receipt_correction",
        N_("State a receipt anew, before it is claimed."),
        (
            ORDER,
            Field("receipt", N_("Receipt"), required=True),
            Field("lines", N_("What arrived"), "rows", required=True, fields=ARRIVED),
            REASON,
        ),
        case="order",
    ),
    Form(
        "claim",
        N_("Claim what is owed for a delivery, by the quantities that the receipt states."),
        (ORDER, DELIVERY),
        case="order",
    ),
    Form(
        "settlement",
        N_("Settle a claim by payment, by replacement in kind, by return, or by several of them."),
        (
            ORDER,
            CLAIM,
            Field(
                "parts",
                N_("Parts of the settlement"),
                "rows",
                required=True,
                fields=(
                    Field("method", N_("Way to settle"), "code", required=True, choices="settling"),
                    Field("line", N_("Line"), "integer"),
                    Field("quantity", N_("Quantity"), "quantity"),
                    Field("unit", N_("Unit"), "unit"),
                    Field("delivered_on", N_("Day of delivery"), "date"),
                    Field("paid_on", N_("Day of payment"), "date"),
                    Field("amount", N_("Amount"), "amount"),
                    Field("currency", N_("Currency"), "currency"),
                    Field("reference", N_("Payment reference")),
                ),
            ),
        ),
        case="order",
    ),
    Form(
        "settlement_acceptance",
        N_("Accept the settlement: what it covers is closed."),
        (ORDER, SETTLEMENT),
        case="order",
    ),
    Form(
        "settlement_refusal",
        N_("Refuse the settlement, with the reason."),
        (ORDER, SETTLEMENT, REASON),
        case="order",
    ),
    Form(
        "claim_withdrawal",
        N_("Take a claim back, so that the delivery can be claimed anew."),
        (ORDER, CLAIM, REASON),
        case="order",
    ),
    Form(
        "statement",
        N_("State the account with the partner as both nations' documents give it."),
        (
            Field("as_of", N_("As of"), "date", required=True),
            Field("statement", N_("Statement number"), help=N_("Left empty, it gets a number.")),
        ),
    ),
    Form(
        "statement_acceptance",
        N_("Accept the partner's statement of account."),
        (Field("statement", N_("Statement of account"), required=True),),
    ),
)
