"""Which instruments speak in a matter, and in which reading of who is who."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Final

from gokei.law.conditions import ALWAYS, All, Any, Condition, Member, Not
from gokei.law.instruments import Instrument, Provision
from gokei.law.matters import Body, Compiler, Matter, Rule
from gokei.law.roles import Roles, resolve
from gokei.law.status import in_force_on

# An assumed instrument, by id: the variant of its undecided provisions, or None.
Assumed = Mapping[str, str | None]
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
        if one.kind == "support" and one.between(provider, recipient) and (not one.draft or one.id in assumed)
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


def information_matter(instruments: Iterable[Instrument], day: datetime.date, assumed: Assumed) -> Matter:
    """All agreements on information on a day: who is owner, holder or recipient may itself be unknown."""
    compiler = Compiler()
    agreements: list[Body] = []
    for one in instruments:
        if one.kind != "information" or (one.draft and one.id not in assumed):
            continue
        for owner, other in permutations(one.parties, 2):
            for holder, applies in ((other, _between(owner, other)), (owner, _at_the_owners(owner, other))):
                roles = {"owner": owner, "holder": holder, "recipient": other}
                agreements.append(_agreement(compiler, one, roles, day, assumed, applies))
    return compiler.done(agreements, [])


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


def _law(
    compiler: Compiler,
    instruments: Sequence[Instrument],
    nation: str,
    side: str,
    roles: Roles,
    day: datetime.date,
    assumed: Assumed,
) -> Body:
    body = Body(tuple(one for one in instruments if one.kind == "law" and nation in one.parties), in_force=True)
    for instrument in instruments:
        of_law = instrument in body.instruments and in_force_on(instrument, day)
        of_draft = instrument.draft and instrument.id in assumed and nation in instrument.parties
        if not of_law and not of_draft:
            continue
        for provision in instrument.provisions:
            speaks = provision.side in {None, side} and provision.law_of in ({nation} if of_draft else {None})
            if speaks and (instrument.draft or provision.in_force.covers(day)):
                _add(compiler, body, provision, instrument, roles, assumed)
    return body


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
    compiler.add(body, Rule(provision, when, that), assumed.get(instrument.id))
