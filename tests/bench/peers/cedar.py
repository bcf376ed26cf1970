"""The policy in Cedar, by cedarpy: two permits an agreement, one for each bound, parsed once and asked in one call.

What an agreement allows stands in its permits; what the provider's law lets go stands in the attributes of an entity,
one for each pair of nations and version of the law, which is the resource of the request. Cedar gives no unknown: a
context without an attribute has none, and the permits of the possible bound ask for it with `has`. The permits that
hold are the reasons of the answer, all of them, since no forbid is among them; the engine names them by their order.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, Final

import cedarpy
import orjson

from tests.bench.oracle import decided
from tests.bench.policy import NONE, Agreement, Answer, Law, Policy, Question

_ACTION: Final = {"type": "Action", "id": "supply"}


class Peer:
    """The compiled policy."""

    name: Final = "cedar"

    def __init__(self, policy: Policy) -> None:
        permits = "\n".join(_permits(one) for one in policy.agreements)
        self._policies = cedarpy.PolicySet.from_str(permits)
        self._entities = cedarpy.Entities.from_json_str(orjson.dumps(_entities(policy)).decode())
        self._new_law = max(str(one.days.since) for one in policy.laws if one.days.since)

    def answer(self, question: Question) -> Answer:
        """The verdict, and the place of the agreement that decides."""
        context: dict[str, Any] = {"on": int(question["on"].replace("-", ""))}
        for name in ("activity", "supply", "retransfer_to", "provider_consents"):
            if question[name] is not None:
                context[name] = question[name]
        if "activity" in context and "supply" in context:
            context["pair"] = context["activity"] + " " + context["supply"]
        version = "new" if question["on"] >= self._new_law else "old"
        request = {
            "principal": {"type": "Nation", "id": question["provider"]},
            "action": _ACTION,
            "resource": {"type": "Law", "id": f"{question['provider']} {question['recipient']} {version}"},
            "context": context,
        }
        result = cedarpy.is_authorized(request, self._policies, self._entities)
        if result.diagnostics.errors:
            raise ValueError(result.diagnostics.errors[0])
        reasons = sorted(int(one.removeprefix("policy")) for one in result.diagnostics.reasons)
        return decided([one // 2 for one in reasons if one % 2 == 0], [one // 2 for one in reasons if one % 2])


def _permits(agreement: Agreement) -> str:
    """The certain bound, then the possible one."""
    scope = f'permit(principal, action, resource in Agreement::"{agreement.name}") when {{ {_days(agreement)} && '
    stays = f'context has retransfer_to && context.retransfer_to == "{NONE}"'
    consented = "context has provider_consents && context.provider_consents"
    met = f"({stays}) || ({consented})" if agreement.consent_suffices else stays
    certain = (
        "context has pair",
        f"{_set(agreement.activities)}.contains(context.activity)",
        f"{_set(agreement.supplies)}.contains(context.supply)",
        f"({met})",
        "resource.pairs.contains(context.pair)",
    )
    may_stay = f'!(context has retransfer_to) || context.retransfer_to == "{NONE}"'
    may_consent = "!(context has provider_consents) || context.provider_consents"
    may_be_met = f"{may_stay} || {may_consent}" if agreement.consent_suffices else may_stay
    activities = _set((*agreement.activities, agreement.undecided))
    possible = (
        f"(!(context has activity) || ({activities}.contains(context.activity)"
        " && resource.activities.contains(context.activity)))",
        f"(!(context has supply) || ({_set(agreement.supplies)}.contains(context.supply)"
        " && resource.supplies.contains(context.supply)))",
        f"({may_be_met})",
        "(!(context has pair) || resource.pairs.contains(context.pair))",
    )
    return "\n".join(f"{scope}{' && '.join(parts)} }};" for parts in (certain, possible))


def _days(agreement: Agreement) -> str:
    until = f" && context.on < {_number(agreement.until)}" if agreement.until else ""
    return f"context.on >= {_number(agreement.since)}{until}"


def _number(day: datetime.date) -> int:
    """A day as a number that orders like it; the language has no smaller way to compare days."""
    return int(day.isoformat().replace("-", ""))


def _set(words: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{one}"' for one in words) + "]"


def _entities(policy: Policy) -> list[dict[str, Any]]:
    found = [_entity("Agreement", one.name, {}, ()) for one in policy.agreements]
    for law in policy.laws:
        version = "old" if law.days.since is None else "new"
        between = [one.name for one in policy.agreements if {law.provider, law.recipient} <= {*one.parties}]
        found.append(_entity("Law", f"{law.provider} {law.recipient} {version}", _attributes(law), between))
    return found


def _attributes(law: Law) -> dict[str, list[str]]:
    return {
        "activities": [*law.rows],
        "supplies": sorted({supply for supplies in law.rows.values() for supply in supplies}),
        "pairs": [f"{activity} {supply}" for activity, supplies in law.rows.items() for supply in supplies],
    }


def _entity(type_: str, name: str, attributes: dict[str, list[str]], parents: Iterable[str]) -> dict[str, Any]:
    above = [{"type": "Agreement", "id": one} for one in parents]
    return {"uid": {"type": type_, "id": name}, "attrs": attributes, "parents": above}
