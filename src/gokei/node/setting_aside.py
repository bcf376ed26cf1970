"""Our own log went on from an older copy: what the partner never got is put aside, and the partner's copy taken.

Only the operator asks for it. What was put aside stays in the store, signed as it was, so that officers can see what
they must issue again; it counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from gokei.node import signed
from gokei.node.catching_up import take_standing
from gokei.node.checkpoints import read_theirs, take_cosigned
from gokei.node.comparing import differing_index
from gokei.node.core import Core
from gokei.node.exchange import ask, pull, standing_with
from gokei.node.messages import Offer
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused
from gokei.terms.words import N_


def set_aside(core: Core, nation: str, address: str) -> JsonObject:
    """Put aside our documents from the first that the partner has otherwise, or that has seen less than we had signed
    before it, and take back the partner's copy of our log.

    `set_aside` lists them: `sequence`, `hash`, `type`, `case`. Where the partner holds all of them, it is the signature
    that goes, and none is listed. Raises Refused (`node-not-forked`) where nothing is to be put aside.
    """
    offer = standing_with(core, nation, address)
    mine = None if offer.yours is None else take_cosigned(core, nation, offer.yours.encode())
    place = differing_index(core, nation, core.nation, partial(ask, core, nation, address))
    if place is None and mine is not None and signed.unsees(core, nation, mine):
        place = mine.written
    if place is None and _signed_in_vain(core, nation, offer):
        place = core.store.log(core.channel_of(nation), core.nation)[0].size
    if place is None:
        # What a partner showed once, and shows no more, does not stop us for ever.
        take_standing(core, nation, offer, lambda log: pull(core, nation, address, log))
        raise Refused(
            check="node-not-forked",
            detail=N_("The partner holds our log as we do: there is nothing to put aside."),
            params={"nation": nation},
        )
    put = _cut_off(core, nation, place, offer.yours)
    take_standing(core, nation, offer, lambda log: pull(core, nation, address, log))
    held, _ = core.store.log(core.channel_of(nation), core.nation)
    return {"partner": nation, "set_aside": [*put], "taken_back": held.size - place}


def _signed_in_vain(core: Core, nation: str, offer: Offer) -> bool:
    """Whether the file says that a copy of us signed to have seen more than a later document of ours did, which the
    partner has seen by now. Whoever has that signature has it; all documents stand."""
    last = signed.last(core, nation)
    if last is None or offer.checkpoint is None or not signed.unsees(core, nation, last[0]):
        return False
    return read_theirs(core, nation, offer.checkpoint.encode()).seen > last[0].written


def _cut_off(core: Core, nation: str, size: int, yours: str | None) -> Sequence[JsonObject]:
    """Our log ends after `size` documents; the cases that held others are folded again.

    `yours` is our own checkpoint as the partner holds it, which alone counts as signed. The file says so before the
    journal is cut: were the journal to stay as it was, it would be an older copy, which shows nothing to anyone.
    """
    channel = core.channel(nation)
    with core.store.writing():
        rows = [*core.store.each(channel.name, core.nation, size)]
        cases = {row.case_name for row in rows}
        for row in rows:
            # What a revocation had made void stands again.
            cases |= {*channel.touched(channel.entry(row))}
        core.store.run_many(
            "INSERT OR IGNORE INTO set_aside (channel, hash, sequence, time, envelope) VALUES (?,?,?,?,?)",
            [(channel.name, row.hash, row.sequence, core.now(), row.envelope) for row in rows],
        )
        core.store.cut_off(channel.name, core.nation, size)
        channel.forget()
        for case in sorted(cases):
            core.store.run("DELETE FROM views WHERE channel=? AND case_name=?", (channel.name, case))
            if core.store.case(channel.name, case):
                channel.fold_cases([case])
        signed.replace(core, nation, yours)
    return [{"sequence": row.sequence, "hash": row.hash, "type": row.type, "case": row.case_name} for row in rows]
