"""Which instruments speak in a matter, and in which reading of who is who."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final

from gokei.law.conditions import ALWAYS, All, Any, Condition, Member, Not
from gokei.law.instruments import Instrument, Provision
from gokei.law.matters import Body, Compiler, Matter, Rule
from gokei.law.roles import Roles, resolve
from gokei.law.status import in_force_on
from gokei.terms.question import Facts, FactValue

# An assumed instrument, by id: the variants that decide undecided provisions of it.
Assumed = Mapping[str, frozenset[str]]
_SIDES: Final = ("provider", "recipient")


def support_matter(
    instruments: Iterable[Instrument], provider: str, recipient: str, day: datetime.date, assumed: Assumed
) -> Matter:
    """Everything that speaks of support from one nation to another on a day."""
    compiler = Compiler()
    held = list(instruments)
    roles = {"provider": provider, "recipient": recipient}
    agreements = [
        _agreement(compiler, one, roles, day, assumed, ALWAYS)
        for one in held
        if one.kind == "support" and one.between(provider, recipient) and _counts(one, assumed)
    ]
    laws = [
        _law(compiler, held, nation, side, roles, day, assumed)
        for side, nation in zip(_SIDES, (provider, recipient), strict=True)
    ]
    return compiler.done(agreements, laws if agreements else [])


def instrument_matter(
    instrument: Instrument, provider: str, recipient: str, day: datetime.date, assumed: Assumed
) -> Matter:
    """What one agreement alone grants from one of its parties to another, the law of neither looked at."""
    compiler = Compiler()
    roles = {"provider": provider, "recipient": recipient}
    return compiler.done([_agreement(compiler, instrument, roles, day, assumed, ALWAYS)], [])


def information_matter(
    instruments: Iterable[Instrument], owner: str | None, other: str | None, day: datetime.date, assumed: Assumed
) -> Matter:
    """Everything that speaks of one nation's information with another on a day; None stands for every nation.

    Agreements of other nations never apply to it, so leaving them out changes no answer (tests/law/test_index.py).
    """
    compiler = Compiler()
    held = list(instruments)
    agreements: list[Body] = []
    for one in held:
        if one.kind != "information" or not _counts(one, assumed):
            continue
        for roles, applies in information_readings(one.parties):
            if owner in {None, roles["owner"]} and other in {None, roles["recipient"]}:
                body = _agreement(compiler, one, roles, day, assumed, applies)
                _bound_by(compiler, body, held, roles, day)
                agreements.append(body)
    return compiler.done(agreements, [])


def information_readings(parties: Sequence[str]) -> Iterator[tuple[Roles, Condition]]:
    """Every way in which parties can be owner, holder and recipient, each with the questions that it is about."""
    for owner, other in permutations(parties, 2):
        for holder, applies in ((other, _between(owner, other)), (owner, _at_the_owners(owner, other))):
            yield {"owner": owner, "holder": holder, "recipient": other}, applies


def other_nation(facts: Facts) -> str | None:
    """With whom the owner's information is, as far as the facts say: who gets it, holds it, or comes to see it."""
    action, owner, holder = (facts.get(name) for name in ("action", "owner", "holder"))
    found: FactValue | None = None
    if action == "provide":
        found = facts.get("recipient")
    elif action is not None and owner is not None and holder is not None:
        found = facts.get("actor") if holder == owner else holder
    return None if found is None else str(found)


def _counts(instrument: Instrument, assumed: Assumed) -> bool:
    return instrument.binding and (not instrument.draft or instrument.id in assumed)


def _between(owner: str, other: str) -> Condition:
    """The owner gives to a recipient; in all other acts the other nation holds."""
    provide = Member("action", frozenset({"provide"}))
    gives = All((provide, Member("recipient", frozenset({other}))))
    holds = All((Not(provide), Member("holder", frozenset({other}))))
    return All((Member("owner", frozenset({owner})), Any((gives, holds))))


def _at_the_owners(owner: str, other: str) -> Condition:
    """The other nation visits the owner, which holds its own information itself."""
    stated = {"owner": owner, "holder": owner, "action": "visit", "actor": other}
    return All(tuple(Member(fact, frozenset({value})) for fact, value in stated.items()))


def _agreement(
    compiler: Compiler,
    instrument: Instrument,
    roles: Roles,
    day: datetime.date,
    assumed: Assumed,
    applies: Condition,
) -> Body:
    in_force = instrument.draft or in_force_on(instrument, day)
    body = Body((instrument,), in_force)
    compiler.applies(body, applies)
    for provision in instrument.provisions:
        if provision.law_of is None and (instrument.draft or not in_force or provision.in_force.covers(day)):
            _add(compiler, body, provision, instrument, roles, assumed)
    return body


def _bound_by(
    compiler: Compiler, body: Body, instruments: Iterable[Instrument], roles: Roles, day: datetime.date
) -> None:
    """National law on information adds what it prohibits, requires and obliges to the agreement's own rules."""
    rows = body.instruments[0].equivalences
    sides = {"provider": roles["owner"], "recipient": roles["recipient"]}
    for law in instruments:
        nation = law.parties[0]
        if law.kind != "law" or law.about != "information" or nation not in sides.values():
            continue
        if not in_force_on(law, day):
            continue
        body.instruments += (law,)
        for provision in law.provisions:
            if provision.in_force.covers(day) and (provision.side is None or sides[provision.side] == nation):
                when, that = resolve(provision.when, roles, rows), resolve(provision.that, roles, rows)
                compiler.add_law(body, Rule(provision, when, that))


def _law(
    compiler: Compiler,
    instruments: Sequence[Instrument],
    nation: str,
    side: str,
    roles: Roles,
    day: datetime.date,
    assumed: Assumed,
) -> Body:
    body = Body(tuple(one for one in instruments if _of_support(one) and nation in one.parties), in_force=True)
    for instrument in instruments:
        of_law = instrument in body.instruments and in_force_on(instrument, day)
        # What a draft presumes of a nation's law is made for its other party, and lets nobody else in.
        of_draft = instrument.draft and instrument.id in assumed and instrument.between(*roles.values())
        if not of_law and not of_draft:
            continue
        for provision in instrument.provisions:
            speaks = provision.side in {None, side} and provision.law_of in ({nation} if of_draft else {None})
            if speaks and (instrument.draft or provision.in_force.covers(day)):
                _add(compiler, body, provision, instrument, roles, assumed)
    return body


def _of_support(instrument: Instrument) -> bool:
    return instrument.kind == "law" and instrument.about == "support"


def _add(
    compiler: Compiler,
    body: Body,
    provision: Provision,
    instrument: Instrument,
    roles: Roles,
    assumed: Assumed,
) -> None:
    rows = instrument.equivalences
    when, that = resolve(provision.when, roles, rows), resolve(provision.that, roles, rows)
    compiler.add(body, Rule(provision, when, that), assumed.get(instrument.id, frozenset()))
