"""The policy read slowly and obviously: against every way in which the unknown could turn out, and by two bounds.

`exact` is what Gokei's verdict has to be, `bounds` what a peer's answer has to be, place of the agreement included.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator

from gokei.terms.facts import ACTIVITIES, NONE, SUPPLIES

from .policy import RETRANSFERS, Agreement, Answer, Policy, Question, Verdict

_SPACES = {
    "activity": ACTIVITIES,
    "supply": SUPPLIES,
    "retransfer_to": RETRANSFERS,
    "provider_consents": (True, False),
}


def exact(policy: Policy, question: Question) -> Verdict:
    """The verdict that every completion of the question agrees on; undetermined where two do not."""
    agreements = _between(policy, question)
    outcomes = {
        any(_permits(policy, agreements[place], complete, place in included) for place in agreements)
        for complete in _completions(question)
        for included in _subsets(tuple(agreements))
    }
    if len(outcomes) > 1:
        return "undetermined"
    return "permitted" if outcomes == {True} else "not_permitted"


def bounds(policy: Policy, question: Question) -> Answer:
    """The first agreement that certainly permits it, else the first that possibly does, each part by Kleene."""
    agreements = _between(policy, question)
    certain = [place for place, one in agreements.items() if _permits(policy, one, question, included=False)]
    possible = [place for place, one in agreements.items() if _may_permit(policy, one, question)]
    return decided(certain, possible)


def decided(certain: list[int], possible: list[int]) -> Answer:
    """The answer of two bounds, each the places of agreements in their order."""
    if certain:
        return "permitted", certain[0]
    return ("undetermined", possible[0]) if possible else ("not_permitted", None)


def _between(policy: Policy, question: Question) -> dict[int, Agreement]:
    day = datetime.date.fromisoformat(question["on"])
    nations = {question["provider"], question["recipient"]}
    return {
        place: one for place, one in enumerate(policy.agreements) if nations <= {*one.parties} and one.days.covers(day)
    }


def _permits(policy: Policy, agreement: Agreement, question: Question, included: bool) -> bool:
    """Whether it permits what is known; None is no value that anything allows."""
    day = datetime.date.fromisoformat(question["on"])
    law = policy.law(question["provider"], question["recipient"], day)
    activity, supply = question["activity"], question["supply"]
    allowed = activity in agreement.activities or (included and activity == agreement.undecided)
    goes_on = question["retransfer_to"] != NONE
    return (
        allowed
        and supply in agreement.supplies
        and not (goes_on and not (agreement.consent_suffices and question["provider_consents"]))
        and law is not None
        and supply in law.rows.get(activity, ())
    )


def _may_permit(policy: Policy, agreement: Agreement, question: Question) -> bool:
    day = datetime.date.fromisoformat(question["on"])
    law = policy.law(question["provider"], question["recipient"], day)
    activity, supply = question["activity"], question["supply"]
    stays = question["retransfer_to"] in {None, NONE}
    consented = agreement.consent_suffices and question["provider_consents"] is not False
    return (
        activity in {None, *agreement.activities, agreement.undecided}
        and supply in {None, *agreement.supplies}
        and (stays or consented)
        and law is not None
        and any(activity in {None, one} and supply in {None, *supplies} for one, supplies in law.rows.items())
    )


def _completions(question: Question) -> Iterator[Question]:
    open_ = [name for name, value in question.items() if value is None]
    for values in itertools.product(*(_SPACES[name] for name in open_)):
        yield {**question, **dict(zip(open_, values, strict=True))}


def _subsets(places: tuple[int, ...]) -> list[frozenset[int]]:
    sizes = range(len(places) + 1)
    return [frozenset(some) for size in sizes for some in itertools.combinations(places, size)]
