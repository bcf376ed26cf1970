"""The policy in ZEN, by zen-engine: as a decision table, which is what the engine is for, and as one expression.

The table has two rows for each agreement, one for each bound, and collects all that hold; its content is compiled
once. The expression is the same conditions in one list, by the evaluator beneath the engine, compiled once as well. A
condition tells the unknown itself: null equals null only, and is in no list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise, permutations
from typing import Any, Final

import zen

from gokei.law.instruments import Interval
from tests.bench.oracle import decided
from tests.bench.policy import NONE, Agreement, Answer, Law, Policy, Question

_SENSES: Final = ("certain", "possible")


class Table:
    """The compiled policy, as a decision table."""

    name: Final = "zen_table"

    def __init__(self, policy: Policy) -> None:
        content = json.dumps(_decision(policy))
        self._decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(content))

    def answer(self, question: Question) -> Answer:
        """The verdict, and the place of the agreement that decides."""
        found = self._decision.evaluate(_context(question))["result"]
        return decided(*([row["place"] for row in found if row["sense"] == sense] for sense in _SENSES))


class Expression:
    """The compiled policy, as one expression."""

    name: Final = "zen_expression"

    def __init__(self, policy: Policy) -> None:
        found = [_both(policy, one) for one in policy.agreements]
        self._expression = zen.compile_expression("[" + ",\n".join(found) + "]")

    def answer(self, question: Question) -> Answer:
        """The verdict, and the place of the agreement that decides."""
        found = self._expression.evaluate(_context(question))
        certain = [place for place, truth in enumerate(found) if truth == 2]
        return decided(certain, [place for place, truth in enumerate(found) if truth == 1])


def _context(question: Question) -> dict[str, Any]:
    return {**question, "on": int(question["on"].replace("-", ""))}


def _both(policy: Policy, agreement: Agreement) -> str:
    """2 where it certainly permits, 1 where it possibly does, else 0; the bounds are asked for its nations only."""
    between = f"provider in {_list(agreement.parties)} and recipient in {_list(agreement.parties)}"
    certain, possible = (" and ".join(_conditions(policy, agreement, sense)) for sense in _SENSES)
    return f"({between} and {_days(agreement.days)} ? ({certain} ? 2 : ({possible} ? 1 : 0)) : 0)"


def _conditions(policy: Policy, agreement: Agreement, sense: str) -> tuple[str, str, str, str]:
    """On the activity, the supply, the third-party rule and the provider's law."""
    stays = f'retransfer_to == "{NONE}"'
    if sense == "certain":
        consented = "provider_consents == true"
        activity, supply = f"activity in {_list(agreement.activities)}", f"supply in {_list(agreement.supplies)}"
    else:
        stays, consented = f"retransfer_to == null or {stays}", "provider_consents != false"
        activities = _list((*agreement.activities, agreement.undecided))
        activity = f"(activity == null or activity in {activities})"
        supply = f"(supply == null or supply in {_list(agreement.supplies)})"
    met = f"({stays} or {consented})" if agreement.consent_suffices else f"({stays})"
    return activity, supply, met, _law(policy, agreement, sense)


def _law(policy: Policy, agreement: Agreement, sense: str) -> str:
    found = "false"
    for provider, recipient in permutations(agreement.parties, 2):
        for law in policy.laws:
            if (law.provider, law.recipient) == (provider, recipient):
                of_it = f'provider == "{provider}" and recipient == "{recipient}" and {_days(law.days)}'
                found = f"({of_it} ? {_lets_go(law, sense)} :\n{found})"
    return found


def _lets_go(law: Law, sense: str) -> str:
    rows = [f'activity == "{activity}" ? supply in {_list(supplies)} : ' for activity, supplies in law.rows.items()]
    certain = "(" + "".join(f"({row}" for row in rows) + "false" + ")" * len(rows) + ")"
    if sense == "certain":
        return certain
    supplies = _list(sorted({supply for some in law.rows.values() for supply in some}))
    of_any = f"(supply == null or supply in {supplies})"
    return f"(activity == null ? {of_any} : (supply == null ? activity in {_list(law.rows)} : {certain}))"


def _days(days: Interval) -> str:
    since = f"on >= {days.since:%Y%m%d}" if days.since else "true"
    return f"{since} and on < {days.until:%Y%m%d}" if days.until else since


def _list(words: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{one}"' for one in words) + "]"


# The table


def _decision(policy: Policy) -> dict[str, Any]:
    rules = [_row(policy, place, sense) for place in range(len(policy.agreements)) for sense in _SENSES]
    columns = [{"id": f"in{number}", "name": f"in{number}", "field": ""} for number in range(6)]
    results = [{"id": name, "name": name, "field": name} for name in ("place", "sense")]
    content = {"hitPolicy": "collect", "inputs": columns, "outputs": results, "rules": rules}
    names = ("inputNode", "decisionTableNode", "outputNode")
    nodes = [{"id": name, "name": name, "type": name, "position": {"x": 0, "y": 0}} for name in names]
    nodes[1]["content"] = content
    edges = [{"id": one, "sourceId": one, "targetId": other, "type": "edge"} for one, other in pairwise(names)]
    return {"nodes": nodes, "edges": edges}


def _row(policy: Policy, place: int, sense: str) -> dict[str, str]:
    agreement = policy.agreements[place]
    between = f"provider in {_list(agreement.parties)} and recipient in {_list(agreement.parties)}"
    cells = (between, _days(agreement.days), *_conditions(policy, agreement, sense))
    asked = {f"in{number}": cell for number, cell in enumerate(cells)}
    return {"_id": f"{place} {sense}", **asked, "place": str(place), "sense": f'"{sense}"'}
