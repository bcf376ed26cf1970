"""A node: one nation's law, keys, journal and people, behind one set of verbs for every face."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gokei.journal.keys import NODE_OFFICE, Card, sign_card
from gokei.journal.mandates import Limit
from gokei.journal.publickeys import claim
from gokei.node import (
    acting,
    courier,
    courier_packing,
    evidence,
    exchange,
    fingerprints,
    folder,
    mandating,
    proving,
    reading,
    rendezvous,
    sealing,
    setting_aside,
    signed,
    verifying,
)
from gokei.node.certificates import make_certificate, read_certificate
from gokei.node.core import Core, Law
from gokei.node.desk import NodeDesk
from gokei.node.edges import FolderFiles, HttpsNetwork, SystemClock, SystemRandom
from gokei.node.passphrases import Ask
from gokei.node.ports import Clock, Disk, Files, Network, Random, Wires
from gokei.node.receiving import Received, receive
from gokei.node.store import Store
from gokei.node.tls import Credentials
from gokei.node.wings import WINGS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Problem, Refused
from gokei.terms.words import N_, Translate, identity


class Unlock(NamedTuple):
    """Where the passphrase of a node's keys is found: a file that was named, or whom to ask for it."""

    passphrase_file: Path | None = None
    ask: Ask | None = None


class Node:
    """One nation's node. Answers are plain JSON objects; problems are those of gokei.terms.problems."""

    def __init__(self, core: Core) -> None:
        self.core = core

    @classmethod
    def create(
        cls,
        path: Path,
        nation: str,
        environment: str,
        clock: Clock | None = None,
        random: Random | None = None,
        making: folder.Making | None = None,
    ) -> JsonObject:
        """Make a new node's folder; see gokei.node.folder.

        The answer says whether the keys are `protected` by a passphrase that is not in the folder itself, and, in
        `unsigned_card`, which file the root has to sign before the node does anything.
        """
        making = making or folder.Making()
        card = folder.create(path, nation, environment, clock or SystemClock(), random or SystemRandom(), making)
        offices = [office.office for office in card.offices]
        return {
            "folder": str(path),
            "nation": nation,
            "environment": environment,
            "root": card.root,
            "offices": [*offices],
            "protected": making.passphrase is not None,
            "unsigned_card": None if making.root is None else str(path / folder.UNSIGNED_CARD),
        }

    @classmethod
    def open(
        cls,
        path: Path,
        law: Law,
        clock: Clock | None = None,
        random: Random | None = None,
        network: Network | Wires | None = None,
        files: Files | None = None,
        disk: Disk | None = None,
        unlock: Unlock | None = None,
    ) -> Node:
        """Open a node's folder. Raises BadInput (`node-folder`, `journal-missing`) or Unavailable (`store-…`).

        `unlock` says where the passphrase of its keys is found, where the settings do not.
        """
        opened = folder.load(path, *(unlock or Unlock()))
        wires = HttpsNetwork()
        core = Core(
            opened,
            Store(opened.journal, disk),
            clock or SystemClock(),
            random or SystemRandom(),
            law,
            network or wires,
            files or FolderFiles(opened.path, opened.journal, opened.path / folder.IDENTITY),
            WINGS,
        )
        wires.show(Credentials(core))
        signed.begin(core)
        return cls(core)

    def close(self) -> None:
        """Let the store go."""
        self.core.store.close()

    @property
    def nation(self) -> str:
        """The node's nation code."""
        return self.core.nation

    @property
    def environment(self) -> str:
        """`exercise` or `real`."""
        return self.core.environment

    @property
    def path(self) -> Path:
        """The node's folder."""
        return self.core.folder.path

    def today_date(self) -> datetime.date:
        """The day, by the node's clock."""
        return self.core.today()

    def offices(self, nation: str | None = None) -> list[JsonObject]:
        """The offices of a nation, its own where none is named: `office`, `title` by language, `powers`.

        Of its own only those for which it holds a key in force, and can sign.
        """
        own = nation in {None, self.nation}
        ring = self.core.own_ring() if own else self.core.channel(str(nation)).ring(str(nation))
        held = {one.key for one in self.core.folder.keys.holds()} if own else set()
        now = self.core.now()
        found: dict[str, JsonObject] = {}
        for key in ring.offices.values():
            if key.stated is None or (own and (key.stated.key not in held or not key.valid_at(now))):
                continue
            before = found.get(key.office)
            powers = [*key.stated.powers] if before is None else [*dict.fromkeys([*_texts(before), *key.stated.powers])]
            found[key.office] = {"office": key.office, "title": dict(key.stated.title), "powers": [*powers]}
        return [*found.values()]

    def card(self, address: str | None = None) -> bytes:
        """The node's identity card, for a partner; with an address where one is given or the node serves."""
        known = address or rendezvous.address_of(self.core.folder)
        return folder.card_with_address(self.core.folder, self.core.own_ring(), known, self.core.clock)

    def fingerprint(self) -> str:
        """The fingerprint of this nation's root, as partners know it (hexadecimal)."""
        return self.core.own_ring().root.fingerprint

    def unlock(self) -> None:
        """Open the keys now, so that a wrong passphrase shows at once. Raises as gokei.node.keyring says."""
        self.core.node_signer.sign(claim(self.nation, self.environment, NODE_OFFICE))

    def apply(self, raw: bytes, path: str | None = None) -> JsonObject:
        """Take a mandate of the root, and tell every partner; see gokei.node.mandating."""
        return mandating.apply(self.core, raw, path)

    def request_key(self, office: str, powers: Sequence[str] = (), limit: Limit | None = None) -> JsonObject:
        """Make a new key for an office; the answer is what the root needs to grant it."""
        return mandating.request(self.core, office, tuple(powers), limit)

    def keys(self, nation: str | None = None) -> JsonObject:
        """The root and every key of a nation, its own where none is named, with its state."""
        return mandating.keys(self.core, nation or self.nation)

    def unsigned_card(
        self,
        address: str | None = None,
        new_certificate: bool = False,
        post_quantum: bool = False,
        new_sealing_key: bool = False,
    ) -> bytes:
        """The card as the keys stand now, for the root to sign anew.

        With a new key for TLS where one is wanted, or where the card has none; the key before it serves until the new
        card is in its place. With `post_quantum` it states a key for a second signature on checkpoints, and with
        `new_sealing_key` a new one to seal courier files to; the one before it opens what was sealed to it.
        """
        found = folder.current_card(self.core.folder, self.core.own_ring(), self.core.clock, address)
        if new_certificate or found.tls is None:
            seed = self.core.folder.keyring.add_tls(self.core.random)
            found = found.model_copy(update={"tls": make_certificate(seed, self.nation, self.core.random.bytes(16))})
        if post_quantum:
            signer = self.core.folder.keyring.add_post_quantum(self.core.random)
            found = found.model_copy(update={"post_quantum": signer.stated(self.nation, self.environment)})
        if new_sealing_key:
            sealed_to = self.core.folder.keyring.add_sealing(self.core.random)
            found = found.model_copy(update={"sealing": sealed_to})
        return sign_card(found, [])

    def sealing_keys(self) -> JsonObject:
        """The keys that courier files are sealed to, the newest first, each with its state; see gokei.node.sealing."""
        return sealing.keys(self.core)

    def destroy_sealing_key(self, key: str) -> JsonObject:
        """Forget a sealing key for good: what is sealed to it cannot be opened any more."""
        return sealing.destroy(self.core, key)

    def add_partner(
        self, raw: bytes, address: str | None = None, path: str | None = None, fingerprint: str | None = None
    ) -> JsonObject:
        """Enrol a partner by its card, or take its newer card with the same root. Raises Refused (`card-…`), BadInput.

        `fingerprint` is what the partner said over another way; a card that does not have it is refused. `compared`
        says whether anybody has compared it yet.
        """
        card = folder.partner_card(raw, path)
        if card.environment != self.environment:
            raise Refused(
                check="card-environment",
                detail=N_("The card is of the environment {found}; this node is of {wanted}."),
                params={"found": card.environment, "wanted": self.environment},
                path=path,
            )
        if card.nation == self.nation:
            raise Refused(check="card-own", detail=N_("A node is not its own partner."), path=path)
        read_certificate(card.tls, card.nation, path)
        with self.core.store.writing():
            is_known = card.nation in self.core.partners()
            if fingerprint is not None:
                fingerprints.check(fingerprint, card.root, card.nation, card.environment, path)
            if is_known and not self._same_root(card):
                raise Refused(
                    check="card-root",
                    detail=N_("{nation} is on record with another root."),
                    next_step=N_("Compare the roots with the partner over another way before you go on."),
                    params={"nation": card.nation},
                    path=path,
                )
            self._check_newer(card, path)
            # Once documents are there, they stand under the cards of their time: only mandates change keys then.
            begun = self.core.store.row(
                "SELECT 1 FROM documents WHERE channel=? LIMIT 1", (self.core.channel_of(card.nation),)
            )
            base = "" if begun else ", base=excluded.base, own_base=excluded.own_base"
            if begun and self._corrects(card):
                base = ", base=excluded.base"
            own = self.core.own_card()
            compared = card.root if fingerprint is not None else None
            self.core.store.run(
                "INSERT INTO partners (channel, partner, card, address, base, own_base, compared) "  # noqa: S608
                "VALUES (?,?,?,?,?,?,?) ON CONFLICT (channel) DO UPDATE SET card=excluded.card, "
                "address=coalesce(excluded.address, partners.address), "
                f"compared=coalesce(excluded.compared, partners.compared){base}",
                (self.core.channel_of(card.nation), card.nation, raw, address, raw, own, compared),
            )
            mandating.carry(self.core, card.nation)
            known = self.core.partner(card.nation)
        return {
            "partner": card.nation,
            "root": card.root,
            "address": address or card.address,
            "compared": known.compared is not None,
            "known": is_known,
        }

    def _check_newer(self, card: Card, path: str | None) -> None:
        """An old card found again must not bring back a sealing key that its nation may have destroyed."""
        if card.nation not in self.core.partners():
            return
        known = self.core.partner(card.nation).card
        if card.issued < known.issued and card.sealing != known.sealing:
            raise Refused(
                check="card-older",
                detail=N_("This card of {nation} is older than the one on record, and has another sealing key."),
                next_step=N_("Ask the partner for its newest card: gokei node card DIR > FILE"),
                params={"nation": card.nation},
                path=path,
            )

    def _corrects(self, card: Card) -> bool:
        """Whether a known partner's card may still take the place of its first one: no mandate lies between the two,
        and no document of the partner stands under the first one yet."""
        nation = card.nation
        log, _ = self.core.store.log(self.core.channel_of(nation), nation)
        return log.size == 0 and card.serial == self.core.partner(nation).ring.base

    def _same_root(self, card: Card) -> bool:
        """Whether a known partner's card is of the root that it had, or of the one that it changed to since."""
        known = self.core.partner(card.nation)
        roots = {known.card.root, self.core.channel(card.nation).ring(card.nation).root.fingerprint}
        return card.root in roots

    def partners(self) -> list[JsonObject]:
        """The partners on record: nation, root, address, offices, whether a cut covers all that is between us.

        `clock_skew` is by how many seconds the partner's clock was before ours when we last spoke; None before that.
        """
        found: list[JsonObject] = []
        for nation in self.core.partners():
            partner = self.core.partner(nation)
            ring = self.core.channel(nation).ring(nation)
            offices = dict.fromkeys(key.office for key in ring.offices.values() if key.stated is not None)
            address = partner.address or rendezvous.find(partner.card, self.environment)
            row: JsonObject = {"partner": nation, "root": ring.root.fingerprint, "address": address}
            more: JsonObject = {"compared": partner.compared is not None, "final": self.settled_with(nation)}
            skew = self.core.store.row("SELECT skew FROM partners WHERE partner=?", (nation,))
            more["clock_skew"] = None if skew is None else skew[0]
            found.append(row | {"offices": [*offices]} | more)
        return found

    def act(self, document: JsonObject, key: str | None = None, officer: str | None = None) -> JsonObject:
        """Sign and append one document, or keep it for its second signature; idempotent by `key`."""
        return acting.act(self.core, document, key, officer)

    def preview(self, document: JsonObject, officer: str | None = None, translate: Translate = identity) -> JsonObject:
        """What `act` would say, without signing: `determination`, `problem` and `body`, None where there is none.

        `body` is the document made whole, as it would be signed.
        """
        found: JsonObject = {"determination": None, "problem": None, "body": None}
        try:
            request = acting.read_request(self.core, document)
            if officer is not None:
                acting.choose_offices(self.core, request, officer)
            prepared = acting.prepare(self.core, request)
            found |= {"determination": prepared.determination, "body": prepared.body}
            acting.try_out(self.core, request, prepared)
        except Problem as problem:
            found["problem"] = problem.as_json(translate)
            found["determination"] = found["determination"] or problem.determination
        return found

    def cosign(self, draft: str, officer: str) -> JsonObject:
        """Give a kept draft its second signature, and append it."""
        return acting.cosign(self.core, draft, officer)

    def drop_draft(self, draft: str, officer: str) -> None:
        """Take back a document that waits for its second signature."""
        acting.drop_draft(self.core, draft, officer)

    def drafts(self) -> list[JsonObject]:
        """The documents that wait for a second signature."""
        return reading.kept_drafts(self.core)

    def receive(self, author: str, raw: bytes) -> Received:
        """Take one envelope of a partner."""
        return receive(self.core, author, raw)

    def ask(self, question: JsonObject, assume: Sequence[str] = ()) -> JsonObject:
        """The law's determination of a question."""
        return self.core.law.answer(question, tuple(assume))

    def show(self, kind: str, name: str) -> JsonObject:
        """One order, claim, holding, document, statement, operation or instrument's record."""
        return reading.show(self.core, kind, name)

    def list(self, kind: str, where: Mapping[str, str] | None = None) -> Sequence[JsonObject]:
        """All of a kind that match `where`."""
        return reading.listing(self.core, kind, where or {})

    def documents(self, case: str, channel: str | None = None) -> Sequence[JsonObject]:
        """The documents of a case, in causal order."""
        found: Sequence[JsonObject] = ()
        for one in self.core.channels():
            if channel in {None, one.name}:
                found = [*found, *reading.documents(one, case)]
        return found

    def envelope(self, name: str) -> bytes:
        """The exact signed bytes of the document with this hash or id."""
        return reading.find(self.core, name)[1].envelope

    def state(self) -> JsonObject:
        """Digests of the books, by channel."""
        return reading.state(self.core)

    def balances(self) -> JsonObject:
        """What is owed, by channel, currency and commodity."""
        return reading.all_balances(self.core)

    def today(self, office: str | None = None) -> JsonObject:
        """What waits for an office, or for all of them."""
        return reading.today(self.core, office)

    def refusals(self) -> Sequence[JsonObject]:
        """What was refused at the door, newest first."""
        return reading.refusals(self.core)

    def sync(self, nation: str, address: str | None = None) -> JsonObject:
        """Exchange everything with a partner's node. Raises Unavailable when it cannot be reached."""
        return exchange.sync(self.core, nation, self._address(nation, address))

    def compare_books(self, nation: str, address: str | None = None) -> JsonObject:
        """Whether the partner's node holds the same books, or what differs first; see gokei.node.comparing."""
        return exchange.compare(self.core, nation, self._address(nation, address))

    def _address(self, nation: str, address: str | None) -> str | None:
        partner = self.core.partner(nation)
        return address or rendezvous.find(partner.card, self.environment) or partner.address

    def evidence(self) -> Sequence[JsonObject]:
        """What partners signed and cannot all have meant: `number`, `nation`, `kind`, `time`, `says`, `digest`."""
        return evidence.listed(self.core)

    def evidence_file(self, number: int) -> bytes:
        """One evidence as a file that anyone can check. Raises Refused (`evidence-unknown`)."""
        return evidence.exported(self.core, number)

    def proof(self, name: str) -> bytes:
        """The proof that a document stands in a log whose checkpoint was signed; see gokei.node.proving."""
        return proving.proof(self.core, name)

    def set_aside(self, nation: str, address: str | None = None) -> JsonObject:
        """Put aside what our log to a partner holds from a fork, and take back its copy; see setting_aside."""
        where = exchange.place_of(self.core, nation, self._address(nation, address))
        return setting_aside.set_aside(self.core, nation, where)

    def confirm_place(self) -> JsonObject:
        """The operator says that no other copy of this journal signed anything: sign again for everyone.

        `forked` are the partners that have shown otherwise; for them nothing is signed (`gokei node set-aside`).
        """
        confirmed = signed.confirm(self.core)
        return {"confirmed": [*confirmed], "forked": [*signed.branches(self.core)]}

    def settled_with(self, nation: str) -> bool:
        """Whether a cut covers every document of the channel with a partner."""
        return NodeDesk(self.core, self.core.channel(nation)).settled()

    def courier_pack(
        self, nation: str, out: Path, whole: bool = False, split: int | None = None, give_back: bool = False
    ) -> JsonObject:
        """Write a courier file for a partner, or its parts; see gokei.node.courier_packing."""
        return courier_packing.pack(self.core, nation, out, whole, split, give_back)

    def courier_open(self, *paths: Path) -> JsonObject:
        """Take in courier files from a partner, in any order."""
        return courier.open_files(self.core, paths)

    def verify(self, against: Path | None = None) -> JsonObject:
        """Check everything again from the bytes. Raises Refused at the first thing wrong."""
        bundle = None if against is None else courier.read(self.core, against)
        return verifying.verify(self.core, bundle)

    def rebuild(self) -> JsonObject:
        """All views again from the journal, and the digests that they give."""
        with self.core.store.writing():
            self.core.store.run("DELETE FROM views")
            for channel in self.core.channels():
                for case in channel.cases():
                    channel.keep_views(channel.fold(case, channel.entries(case)))
        return self.state()


def _texts(row: JsonObject) -> list[str]:
    powers = row["powers"]
    return [str(one) for one in powers] if isinstance(powers, list) else []
