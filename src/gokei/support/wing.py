"""The support wing: operations and the order life cycle."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pydantic import BaseModel

from gokei.journal.frames import Frame
from gokei.journal.kinds import Desk, Kind, Value, Wing
from gokei.support import bodies, preparing
from gokei.support.determining import determine_lines
from gokei.support.operation import fold_operation, prepare_operation
from gokei.support.order import fold_order
from gokei.terms.json_types import JsonObject
from gokei.terms.money import CURRENCIES, worth
from gokei.terms.problems import BadInput
from gokei.terms.quantities import exactly


@exactly
def order_value(body: BaseModel) -> Value:
    """What an order is worth in the one currency of its lines; None where it has none or several."""
    if not isinstance(body, bodies.Order):
        return None
    priced = [one for one in body.lines if one.unit_price is not None and one.currency in CURRENCIES]
    currencies = {str(one.currency) for one in priced}
    if len(currencies) != 1:
        return None
    currency = currencies.pop()
    total = sum((worth(Decimal(one.quantity), Decimal(str(one.unit_price)), currency) for one in priced), Decimal(0))
    return total, currency


def judge_countersignature(_frame: Frame, body: BaseModel, desk: Desk) -> JsonObject | None:
    """The provider determined the order when it signed; the countersignature asks the law again for the record."""
    if not isinstance(body, bodies.Countersignature):
        return None
    view = desk.view("support", f"order:{body.order}")
    if view is None:
        return None
    try:
        return determine_lines(desk, view, preparing.lines_of(view), tuple(body.determination.assumed))
    except BadInput:
        return None


def _kind(name: str, family: str, body: type[BaseModel], rank: int, *powers: str) -> Kind:
    return Kind(name, "support", family, body, rank, powers)


WING: Final = Wing(
    name="support",
    kinds=(
        _kind("operation", "operation", bodies.Operation, 5, "request"),
        _kind("request", "order", bodies.Request, 10, "request"),
        _kind("offer", "order", bodies.Offer, 20, "order"),
        Kind("order", "support", "order", bodies.Order, 30, ("order", "approve"), order_value),
        _kind("countersignature", "order", bodies.Countersignature, 40, "order", "approve"),
        _kind("delivery", "order", bodies.Delivery, 50, "deliver"),
        _kind("receipt", "order", bodies.Receipt, 60, "receive"),
        _kind("delivery_correction", "order", bodies.DeliveryCorrection, 62, "deliver"),
        _kind("receipt_correction", "order", bodies.ReceiptCorrection, 64, "receive"),
        _kind("refusal", "order", bodies.Refusal, 94, "order"),
        _kind("cancellation", "order", bodies.Cancellation, 95, "order"),
    ),
    folds={"operation": fold_operation, "order": fold_order},
    prepare={
        "operation": prepare_operation,
        "request": preparing.prepare_request,
        "order": preparing.prepare_order,
        "countersignature": preparing.prepare_countersignature,
        "offer": preparing.simple(preparing.OfferFields),
        "refusal": preparing.simple(preparing.ReasonFields),
        "cancellation": preparing.simple(preparing.ReasonFields),
        "delivery": preparing.simple(preparing.DeliveryFields),
        "delivery_correction": preparing.simple(preparing.DeliveryCorrectionFields),
        "receipt": preparing.simple(preparing.ReceiptFields),
        "receipt_correction": preparing.simple(preparing.ReceiptCorrectionFields),
    },
    judge={
        "request": preparing.judge_lines,
        "order": preparing.judge_lines,
        "countersignature": judge_countersignature,
    },
)
