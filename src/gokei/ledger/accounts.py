"""What is owed between two nations, over all orders of their channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gokei.terms.json_types import JsonObject, JsonValue, objects_of
from gokei.terms.quantities import decimal_text, exactly


@exactly
def balances(views: Iterable[JsonObject]) -> JsonObject:
    """Balances out of ledger views: every account by commodity, and what is owed by whom.

    `accounts` maps `KIND:NATION` to commodities and signed decimal texts; `owed` lists debtor, creditor, commodity and
    amount for all that is not zero; `claims` and `open_claims` count.
    """
    totals: dict[str, dict[str, Decimal]] = {}
    owed: dict[tuple[str, str, str], Decimal] = {}
    claims = open_claims = 0
    for view in views:
        for line in _lines(view):
            account = totals.setdefault(str(line["account"]), {})
            commodity = str(line["commodity"])
            account[commodity] = account.get(commodity, Decimal(0)) + Decimal(str(line["amount"]))
        for claim in objects_of(view.get("claims")):
            claims += claim["state"] != "withdrawn"
            open_claims += claim["state"] == "open"
            for line in objects_of(claim["lines"]) if claim["state"] == "open" else ():
                _add_owed(owed, claim, line)
    accounts: JsonObject = {
        name: {commodity: decimal_text(amount) for commodity, amount in sorted(found.items())}
        for name, found in sorted(totals.items())
    }
    rows: list[JsonValue] = [
        {"debtor": debtor, "creditor": creditor, "commodity": commodity, "amount": decimal_text(amount)}
        for (debtor, creditor, commodity), amount in sorted(owed.items())
        if amount
    ]
    return {"accounts": accounts, "owed": rows, "claims": claims, "open_claims": open_claims}


def _add_owed(owed: dict[tuple[str, str, str], Decimal], claim: JsonObject, line: JsonObject) -> None:
    parties = (str(claim["debtor"]), str(claim["creditor"]))
    if line["open_amount"] is not None:
        key = (*parties, str(line["currency"]))
        owed[key] = owed.get(key, Decimal(0)) + Decimal(str(line["open_amount"]))
    else:
        key = (*parties, f"{line['commodity']} ({line['unit']})")
        owed[key] = owed.get(key, Decimal(0)) + Decimal(str(line["open"]).partition(" ")[0])


def _lines(view: JsonObject) -> Iterator[JsonObject]:
    for posting in objects_of(view.get("postings")):
        yield from objects_of(posting["lines"])
