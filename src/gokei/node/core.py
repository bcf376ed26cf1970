"""What every part of a node shares: folder, store, clock, law, wings, and the channels to its partners."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Protocol

from nacl.signing import VerifyKey

from gokei.journal.changes import ordered
from gokei.journal.frames import Instant
from gokei.journal.keys import NODE_OFFICE, KeyRing, read_card
from gokei.journal.kinds import Kind, Kinds, Wing
from gokei.journal.mandates import read_mandate
from gokei.journal.publickeys import name_of
from gokei.journal.signers import Signer
from gokei.node.channels import Channel, Partner, channel_name, read_partner
from gokei.node.folder import CARD, Folder
from gokei.node.ports import Clock, Files, Network, Random, Wires
from gokei.node.signing import newest
from gokei.node.store import Store
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused
from gokei.terms.words import N_


class Law(Protocol):
    """The law as a node asks it; the library in gokei.law keeps this."""

    def answer(self, question: JsonObject, assume: Sequence[str]) -> JsonObject:
        """The determination of a question (machine contract, section 1)."""

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day."""


class Core:
    """A node's parts, put together once; the verbs of gokei.node.node use them."""

    def __init__(
        self,
        folder: Folder,
        store: Store,
        clock: Clock,
        random: Random,
        law: Law,
        network: Network | Wires,
        files: Files,
        wings: Sequence[Wing],
    ) -> None:
        self.folder = folder
        self.store = store
        self.clock = clock
        self.random = random
        self.law = law
        self.network: Network | Wires = network
        self.files = files
        self.wings = tuple(wings)
        self.kinds = Kinds(kind for wing in self.wings for kind in wing.kinds)
        # What the last arrivals of each author left in memory; see gokei.node.receiving.
        self.arrivals: dict[str, Any] = {}
        self._channels: dict[str, tuple[bytes, Channel]] = {}
        self._partners: dict[str, tuple[tuple[Any, ...], Partner]] = {}
        self._own_raw = (folder.path / CARD).read_bytes()
        _, self._own_ring = read_card(self._own_raw)
        self._standing: tuple[tuple[int, int], KeyRing] = ((0, 0), self._own_ring)
        self._speaking: dict[str, VerifyKey] = {}

    @property
    def nation(self) -> str:
        """The node's own nation."""
        return self.folder.nation

    @property
    def environment(self) -> str:
        """`exercise` or `real`."""
        return self.folder.environment

    def now(self) -> Instant:
        """This instant by the node's clock."""
        return self.clock.now()

    def today(self) -> datetime.date:
        """This day, in UTC, by the node's clock."""
        return datetime.date.fromisoformat(self.clock.now()[:10])

    def partner(self, nation: str) -> Partner:
        """A partner on record. Raises Refused (`partner-unknown`)."""
        found = self.store.row(
            "SELECT card, address, base, own_base, compared FROM partners WHERE partner=?", (nation,)
        )
        if found is None:
            raise Refused(
                check="partner-unknown",
                detail=N_("{nation} is not a partner of this node."),
                next_step=N_("Add its identity card: gokei partner add DIR FILE"),
                params={"nation": nation[:20]},
                field="to",
            )
        held = self._partners.get(nation)
        if held is None or held[0] != found:
            # A card proves itself by several signatures: it is read once for as long as it is the one on record.
            held = self._partners[nation] = found, read_partner(nation, *found)
        return held[1]

    def card_of(self, nation: str) -> bytes | None:
        """A partner's newest card, as its root signed it, or None; on every request, so nothing else is read."""
        found = self.store.row("SELECT card FROM partners WHERE partner=?", (nation,))
        return None if found is None else bytes(found[0])

    def partners(self) -> list[str]:
        """The nations on record, in order."""
        return [str(row[0]) for row in self.store.rows("SELECT partner FROM partners ORDER BY partner")]

    def channel(self, nation: str) -> Channel:
        """The channel with a partner. Raises Refused (`partner-unknown`)."""
        found = self.store.row("SELECT base FROM partners WHERE partner=?", (nation,))
        held = self._channels.get(nation)
        if found is not None and held is not None and held[0] == found[0]:
            return held[1]
        partner = self.partner(nation)
        channel = Channel(self.store, self.nation, nation, self.wings, self.kinds)
        own = self._own_ring if partner.own_base == self._own_raw else read_card(partner.own_base)[1]
        channel.enrol(self.nation, own)
        channel.enrol(nation, partner.ring)
        self._channels[nation] = (found[0] if found else b"", channel)
        return channel

    def channels(self) -> list[Channel]:
        """All channels, by partner."""
        return [self.channel(nation) for nation in self.partners()]

    def channel_of(self, nation: str) -> str:
        """The name of the channel with a nation."""
        return channel_name(self.nation, nation)

    def own_card(self) -> bytes:
        """This node's own card, as its root signed it."""
        return self._own_raw

    def own_ring(self) -> KeyRing:
        """This nation's keys as they stand: the card's, and what the root's mandates changed since."""
        # A restored journal gets them back in any order.
        count, newest_one = self.store.rows("SELECT count(*), max(serial) FROM mandates")[0]
        known = (int(count), int(newest_one or 0))
        if self._standing[0] != known:
            self._standing = (known, self.ring_after_mandates())
        return self._standing[1]

    def ring_after_mandates(self) -> KeyRing:
        """The same, out of the mandates as they are stored. Raises as `changed`, BadInput for what is none."""
        ring = self._own_ring
        for (raw,) in self.store.rows("SELECT envelope FROM mandates ORDER BY serial"):
            ring = ordered(ring, read_mandate(raw))
        return ring

    def wire(self, nation: str) -> Network:
        """The way to a partner's node. Raises Refused (`partner-unknown`, `tls-none`)."""
        return self.network.to(nation) if isinstance(self.network, Wires) else self.network

    def node_key(self, nation: str) -> VerifyKey:
        """The key by which a nation's node signs now, our own included."""
        return self.own_ring().node if nation == self.nation else self.channel(nation).ring(nation).node

    def node_keys(self, nation: str) -> tuple[VerifyKey, ...]:
        """All keys by which a nation's node has signed, the newest first: what it signed long ago stays good."""
        return self.own_ring().nodes if nation == self.nation else self.channel(nation).ring(nation).nodes

    def forgotten_node_keys(self) -> tuple[VerifyKey, ...]:
        """Keys of our own node that are held and that no mandate here names: a journal put back forgot them."""
        known = {bytes(key).hex() for key in self.own_ring().nodes}
        held = (one.key for one in self.folder.keys.holds() if one.office == NODE_OFFICE)
        return tuple(VerifyKey(bytes.fromhex(key)) for key in held if key not in known)

    def own_keys(self) -> dict[str, VerifyKey]:
        """All keys of this nation that are known here, by name: those in force, the node's former ones, and those that
        are held and that a journal which was put back does not tell of."""
        ring = self.own_ring()
        held = (VerifyKey(bytes.fromhex(one.key)) for one in self.folder.keys.holds())
        keys = (*ring.nodes, *(one.key for one in ring.offices.values()), *held)
        return {name_of(key): key for key in keys}

    def speak(self, nation: str, key: VerifyKey | None = None) -> None:
        """Sign what we say to a partner's node by this key of ours from now on, where it has not read yet of our newest
        one; by the newest again where none is named."""
        if key is None or key == self.own_ring().node:
            self._speaking.pop(nation, None)
        else:
            self._speaking[nation] = key

    def speaker(self, nation: str) -> Signer:
        """What signs our requests and offers to a partner's node: the newest key, unless `speak` named another.

        Raises as `node_signer`.
        """
        key = self._speaking.get(nation)
        return self.node_signer if key is None else self.folder.keys.signer(bytes(key).hex())

    def speaks_by(self) -> list[VerifyKey]:
        """The node's keys that are held, the newest first."""
        held = {one.key for one in self.folder.keys.holds()}
        return [key for key in self.own_ring().nodes if bytes(key).hex() in held][: limits.NODE_KEYS_TRIED]

    @property
    def node_signer(self) -> Signer:
        """What signs for the node. Raises Refused (`key-not-held`) and what opening the keys raises."""
        return self.folder.keys.signer(bytes(self.own_ring().node).hex())

    def signer(self, office: str, ring: KeyRing) -> Signer | None:
        """What signs for an office under the keys of a channel, or None where no key in force is held.

        Raises what opening the keys raises.
        """
        found = newest(self.folder.keys, ring, office, self.now())
        return None if found is None else self.folder.keys.signer(bytes(found.key).hex())

    def wing(self, kind: Kind) -> Wing:
        """The wing that declares a kind."""
        return next(wing for wing in self.wings if wing.name == kind.wing)
