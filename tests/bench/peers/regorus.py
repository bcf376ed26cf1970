"""The policy in Rego, by regorus (the package hobofan-regorus): rules over data, indexed by provider and recipient.

Two rules give the two bounds, so an unknown fact is one that the input does not have: in Rego it is undefined, which
no rule of the certain bound survives, and which the possible bound asks for. The package's `add_data` and `set_input`
make numbers of booleans, so both are given as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import hobofan_regorus
import orjson

from gokei.law.instruments import Interval
from tests.bench.oracle import decided
from tests.bench.policy import Agreement, Answer, Law, Policy, Question

RULES: Final = """
package policy
import rego.v1

answer := [certain, possible]

pair := data.pairs[input.provider][input.recipient]

law := found if {
    some found in pair.laws
    input.on >= found.since
    input.on < found.until
}

certain := [place | lets_go; some place, one in pair.agreements
    input.on >= one.since
    input.on < one.until
    one.allowed[input.activity]
    one.supplies[input.supply]
    met(one)]

possible := [place | may_go; some place, one in pair.agreements
    input.on >= one.since
    input.on < one.until
    may_be(one.possible, "activity")
    may_be(one.supplies, "supply")
    may_be_met(one)]

lets_go if law.pairs[input.activity][input.supply]

may_go if law.pairs[input.activity][input.supply]
may_go if { not input.supply; law.pairs[input.activity] }
may_go if { not input.activity; law.supplies[input.supply] }
may_go if { not input.activity; not input.supply }

may_be(words, fact) if words[input[fact]]
may_be(_, fact) if not input[fact]

met(_) if input.retransfer_to == "none"
met(one) if { one.consent_suffices; input.provider_consents == true }

may_be_met(_) if input.retransfer_to == "none"
may_be_met(_) if not input.retransfer_to
may_be_met(one) if { one.consent_suffices; not input.provider_consents == false }
"""
_FIRST: Final = "0000-00-00"
_LAST: Final = "9999-99-99"


class Peer:
    """The compiled policy."""

    name: Final = "regorus"

    def __init__(self, policy: Policy) -> None:
        self._engine = hobofan_regorus.Engine()
        self._engine.add_policy("policy.rego", RULES)
        self._engine.add_data_json(orjson.dumps({"pairs": _pairs(policy)}).decode())

    def answer(self, question: Question) -> Answer:
        """The verdict, and the place of the agreement that decides."""
        known = {name: value for name, value in question.items() if value is not None}
        self._engine.set_input_json(orjson.dumps(known).decode())
        certain, possible = self._engine.eval_rule("data.policy.answer")
        return decided([*map(int, certain)], [*map(int, possible)])


def _pairs(policy: Policy) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for law in policy.laws:
        pair = found.setdefault(law.provider, {}).setdefault(law.recipient, {"agreements": {}, "laws": []})
        pair["laws"].append(_law(law))
        for place, agreement in enumerate(policy.agreements):
            if {law.provider, law.recipient} <= {*agreement.parties}:
                pair["agreements"][str(place)] = _agreement(agreement)
    return found


def _law(law: Law) -> dict[str, Any]:
    return {
        **_days(law.days),
        "pairs": {activity: _true(supplies) for activity, supplies in law.rows.items()},
        "supplies": _true(supply for supplies in law.rows.values() for supply in supplies),
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        **_days(agreement.days),
        "allowed": _true(agreement.activities),
        "possible": _true((*agreement.activities, agreement.undecided)),
        "supplies": _true(agreement.supplies),
        "consent_suffices": agreement.consent_suffices,
    }


def _days(days: Interval) -> dict[str, str]:
    return {"since": str(days.since or _FIRST), "until": str(days.until or _LAST)}


def _true(words: Iterable[str]) -> dict[str, bool]:
    return dict.fromkeys(words, True)
