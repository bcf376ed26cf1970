"""An exchange as an older program would make it, beside partners that run the newest.

What it does less, the wire allows: it sends one document a request, by `documents` alone and never a window by
`batch`; it proves its log from nothing (`old` 0, no hashes), and never keeps the cosignature that it is given. It can
leave nothing out of a request or an offer: docs/reference/exchange.md makes no member of either optional, and a node
refuses one that lacks any. So a program from before those members is no older partner here, but none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gokei.journal import envelopes
from gokei.node import exchange
from gokei.node.catching_up import check_given, take_standing
from gokei.node.checkpoints import counted, own_checkpoint, take_checkpoint
from gokei.node.core import Core
from gokei.node.messages import read_offer, write_offer
from gokei.terms.canonical import canonical
from gokei.terms.json_types import JsonObject

if TYPE_CHECKING:
    from gokei.node.messages import Offer


def sync(core: Core, nation: str, address: str) -> JsonObject:
    """Exchange everything with a partner's node, slowly. Raises Problem as `gokei.node.exchange.sync` does."""

    def take(log: str) -> None:
        exchange.pull(core, nation, address, log)

    offer = exchange._known_to(core, nation, address, take)
    seen = take_standing(core, nation, offer, take)
    sent = _send(core, nation, address, seen)
    take(nation)
    check_given(core, nation, nation, offer.checkpoint)
    theirs = _offered(core, nation, address).checkpoint
    if theirs is not None:
        take_checkpoint(core, nation, theirs.encode())
    return {"partner": nation, "sent": sent}


def _send(core: Core, nation: str, address: str, seen: int) -> int:
    """One document a request, up to the first that is not acknowledged; how many were."""
    written = counted(own_checkpoint(core, nation))
    sent = 0
    for row in core.store.after(core.channel_of(nation), core.nation, seen, max(0, written - seen)):
        status, _ = core.wire(nation).post(address, f"/exchange/{core.nation}/documents", row.envelope)
        if status != 200:
            break
        sent += 1
    else:
        core.speak(nation)
    return sent


def _offered(core: Core, nation: str, address: str) -> Offer:
    """Our checkpoint, proved from nothing, for the partner's."""
    told = envelopes.Envelope.decode(write_offer(core, nation, own_checkpoint(core, nation)), envelopes.OFFER)
    plain = canonical(json.loads(told.payload) | {"old": 0, "proof": []})
    request = envelopes.sign(envelopes.OFFER, plain, [core.speaker(nation)]).encode()
    status, answer = core.wire(nation).post(address, f"/exchange/{core.nation}/checkpoint", request)
    return read_offer(core, nation, answer if status == 200 else b"", request)
