"""The ledger wing: claims and settlements in the case of their order, statements in cases of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pydantic import BaseModel

from gokei.journal.kinds import Kind, Value, Wing
from gokei.ledger import bodies, preparing, statements
from gokei.ledger.account import fold_account
from gokei.terms.quantities import exactly


@exactly
def settlement_value(body: BaseModel) -> Value:
    """The money that a settlement pays in its one currency; None where it pays none, or several."""
    if not isinstance(body, bodies.Settlement):
        return None
    paid = [(Decimal(one.amount), str(one.currency)) for one in body.parts if one.amount is not None]
    currencies = {currency for _, currency in paid}
    if len(currencies) != 1:
        return None
    return sum((amount for amount, _ in paid), Decimal(0)), currencies.pop()


WING: Final = Wing(
    name="ledger",
    kinds=(
        Kind("claim", "ledger", "order", bodies.Claim, 70, ("claim",)),
        Kind("claim_withdrawal", "ledger", "order", bodies.ClaimWithdrawal, 96, ("claim",)),
        Kind("settlement", "ledger", "order", bodies.Settlement, 80, ("settle",), settlement_value),
        Kind("settlement_acceptance", "ledger", "order", bodies.SettlementAcceptance, 90, ("settle",)),
        Kind("settlement_refusal", "ledger", "order", bodies.SettlementRefusal, 92, ("settle",)),
        Kind("statement", "ledger", "account", bodies.Statement, 10, ("state",)),
        Kind("statement_acceptance", "ledger", "account", bodies.StatementAcceptance, 20, ("state",)),
    ),
    folds={"order": fold_account, "account": statements.fold_statement},
    prepare={
        "claim": preparing.prepare_claim,
        "claim_withdrawal": preparing.prepare_withdrawal,
        "settlement": preparing.prepare_settlement,
        "settlement_acceptance": preparing.prepare_answer,
        "settlement_refusal": preparing.prepare_answer,
        "statement": statements.prepare_statement,
        "statement_acceptance": statements.prepare_acceptance,
    },
    judge={},
)
