"""One channel of a node: the two logs between two nations, and their cases folded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from gokei.journal.causal import causal_order
from gokei.journal.changes import introduced
from gokei.journal.door import judge
from gokei.journal.entries import Entry
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.frames import Frame
from gokei.journal.heads import Cut
from gokei.journal.keys import Card, KeyRing, read_card
from gokei.journal.kinds import CaseView, Kinds, Wing
from gokei.journal.merkle import Frontier
from gokei.journal.wing import OFFICES_CASE
from gokei.node.store import Store, Stored
from gokei.terms import limits
from gokei.terms.canonical import canonical, digest, sha256_name
from gokei.terms.json_types import JsonObject, JsonValue


class Partner(NamedTuple):
    """Another nation on record: its code, its newest card, where its node answers.

    `ring` are the keys of the card under which the channel began; key documents change them from there on. `own_base`
    is our own card of that time, and `compared` the root's fingerprint that somebody compared, or None.
    """

    nation: str
    card: Card
    ring: KeyRing
    address: str | None
    own_base: bytes
    compared: str | None


def channel_name(one: str, other: str) -> str:
    """The channel of two nations, the same for both: their codes in order, like `AU-JP`."""
    return "-".join(sorted((one, other)))


class Channel:
    """What a node does with one channel inside its store; callers hold the transaction."""

    def __init__(self, store: Store, own: str, partner: str, wings: Sequence[Wing], kinds: Kinds) -> None:
        self.store = store
        self.own = own
        self.partner = partner
        self.name = channel_name(own, partner)
        self._wings = wings
        self._kinds = kinds
        self._entries: dict[str, Entry] = {}
        self._cards: dict[str, KeyRing] = {}

    def enrol(self, nation: str, ring: KeyRing) -> None:
        """The keys that a nation's card gives, before any key document."""
        self._cards[nation] = ring
        self._entries.clear()

    def ring(self, author: str, before: int | None = None) -> KeyRing:
        """The author's keys after its key documents (those before a sequence, where one is given)."""
        ring = self._cards[author]
        for row in self.store.case(self.name, OFFICES_CASE):
            if row.author == author and (before is None or row.sequence < before):
                ring = ring.with_document(self._judged(row, ring))
        return ring

    def entry(self, row: Stored) -> Entry:
        """A stored document as an entry: what the door finds is found again from the bytes, never stored."""
        return self._overlaid(self._as_it_came(row), self._compromised(row.author))

    def _as_it_came(self, row: Stored) -> Entry:
        found = self._entries.get(row.hash)
        if found is None:
            found = self._judged(row, self.ring(row.author, row.sequence))
            self.remember(found)
        return found

    def _compromised(self, author: str) -> KeyRing | None:
        """The author's keys where one of them is known to have been in a stranger's hands, else None."""
        if self.store.row(
            "SELECT 1 FROM documents WHERE channel=? AND case_name=? AND author=? AND type='office_revocation' LIMIT 1",
            (self.name, OFFICES_CASE, author),
        ):
            ring = self.ring(author)
            return ring if any(one.stands_through is not None for one in ring.revoked.values()) else None
        return None

    def _overlaid(self, entry: Entry, ring: KeyRing | None) -> Entry:
        if ring is None or entry.void is not None or not ring.doubts(entry.sequence):
            return entry
        names = tuple(one.keyid for one in Envelope.decode(entry.envelope, DOCUMENT).signatures)
        void = ring.overlaid(entry, names)
        return entry if void is None else replace(entry, void=void)

    def touched(self, revocation: Entry) -> list[str]:
        """The cases, but its own, that hold documents which a revocation's compromised key signed in vain."""
        ring = self._compromised(revocation.author)
        if ring is None:
            return []
        least = min((one.stands_through for one in ring.revoked.values() if one.stands_through is not None), default=0)
        rows = self.store.after(self.name, revocation.author, least)
        cases = {row.case_name for row in rows if self._overlaid(self._as_it_came(row), ring).void is not None}
        return sorted(cases - {revocation.frame.case})

    def remember(self, entry: Entry) -> None:
        """Keep an entry at hand, so that the next fold of its case does not read it again."""
        if len(self._entries) >= limits.ENTRIES_IN_MEMORY:
            self._entries.clear()
        self._entries[entry.hash] = entry

    def _judged(self, row: Stored, ring: KeyRing) -> Entry:
        envelope = Envelope.decode(row.envelope, DOCUMENT)
        frame = Frame.model_validate_json(envelope.payload)
        found = (ring.by_name(one.keyid) or introduced(ring, envelope, one.keyid) for one in envelope.signatures)
        signers = tuple(office for office in found if office is not None)
        return judge(frame, envelope, row.envelope, signers, ring, self._kinds)

    def append(self, entry: Entry, tree: Frontier, answer: JsonObject | None) -> None:
        """The document into its log, whose tree grows by a leaf; beside it what this nation's law made of it."""
        frame = entry.frame
        row = Stored(
            author=entry.author,
            sequence=entry.sequence,
            hash=entry.hash,
            document=frame.document,
            case_name=frame.case,
            type=frame.type,
            time=frame.time,
            envelope=entry.envelope,
            answer=None if answer is None else self._kept(answer),
        )
        self.store.append(self.name, row, entry.seen, tree.append(entry.leaf))
        self.remember(entry)

    def entries(self, case: str) -> list[Entry]:
        """A case's documents in causal order."""
        rings = {author: self._compromised(author) for author in (self.own, self.partner)}
        rows = self.store.case(self.name, case)
        return causal_order(
            (self._overlaid(self._as_it_came(row), rings[row.author]) for row in rows), self._kinds.rank
        )

    def fold(self, case: str, entries: Sequence[Entry]) -> list[CaseView]:
        """The case as each wing of its family sees it."""
        family = case.partition(":")[0]
        return [wing.folds[family](case, entries) for wing in self._wings if family in wing.folds]

    def keep_views(self, views: Iterable[CaseView]) -> None:
        """Views into the store, with their digests."""
        for view in views:
            void: JsonObject = {name: reason.as_json() for name, reason in view.void.items()}
            spelt = canonical(view.view)
            values = (
                self.name,
                view.wing,
                view.case,
                view.family,
                sha256_name(spelt),
                spelt.decode(),
                canonical(void).decode(),
            )
            self.store.run(
                "INSERT INTO views (channel, wing, case_name, family, digest, view, void) VALUES (?,?,?,?,?,?,?) "
                "ON CONFLICT (channel, case_name, wing) DO UPDATE SET digest=excluded.digest, view=excluded.view, "
                "void=excluded.void",
                values,
            )

    def view(self, wing: str, case: str) -> JsonObject | None:
        """A folded case, or None."""
        found = self.store.row(
            "SELECT view FROM views WHERE channel=? AND wing=? AND case_name=?", (self.name, wing, case)
        )
        return None if found is None else _object(found[0])

    def views(self, wing: str, family: str | None = None) -> list[JsonObject]:
        """All folded cases of a wing, by case."""
        rows = self.store.rows(
            "SELECT family, view FROM views WHERE channel=? AND wing=? ORDER BY case_name", (self.name, wing)
        )
        return [_object(text) for found, text in rows if family is None or found == family]

    def voids(self, case: str) -> dict[str, JsonValue]:
        """The documents of a case that some fold judged without effect, with the reason."""
        rows = self.store.rows("SELECT void FROM views WHERE channel=? AND case_name=?", (self.name, case))
        return {name: reason for (text,) in rows for name, reason in _object(text).items()}

    def digests(self) -> dict[str, str]:
        """One digest for each wing: over its cases and their views, the same for both nations."""
        found: dict[str, list[list[str]]] = {wing.name: [] for wing in self._wings}
        rows = self.store.rows(
            "SELECT wing, case_name, digest FROM views WHERE channel=? ORDER BY wing, case_name", (self.name,)
        )
        for wing, case, name in rows:
            found.setdefault(wing, []).append([case, name])
        return {wing: digest([list(row) for row in rows]) for wing, rows in sorted(found.items())}

    def cases(self) -> list[str]:
        """Every case of the channel."""
        rows = self.store.rows(
            "SELECT DISTINCT case_name FROM documents WHERE channel=? ORDER BY case_name", (self.name,)
        )
        return [str(row[0]) for row in rows]

    def _kept(self, answer: JsonObject) -> str:
        spelt = canonical(answer)
        name = sha256_name(spelt)
        self.store.run("INSERT OR IGNORE INTO answers (digest, answer) VALUES (?,?)", (name, spelt.decode()))
        return name

    def determination(self, name: str) -> JsonObject | None:
        """This node's own determination of a document, where the law was asked."""
        found = self.store.row(
            "SELECT answers.answer FROM documents JOIN answers ON answers.digest=documents.answer "
            "WHERE channel=? AND hash=?",
            (self.name, name),
        )
        return None if found is None else _object(found[0])

    def pending(self, family: str) -> dict[str, int]:
        """The cases of a family that have documents beyond the newest cut, and how many."""
        cut = self.cut()
        rows = self.store.rows(
            "SELECT case_name, count(*) FROM documents WHERE channel=? AND case_name LIKE ? "
            "AND (author=? AND sequence>? OR author=? AND sequence>?) GROUP BY case_name",
            (
                self.name,
                f"{family}:%",
                self.own,
                cut.count(self.own) if cut else 0,
                self.partner,
                cut.count(self.partner) if cut else 0,
            ),
        )
        return {str(case): int(count) for case, count in rows}

    def cut(self) -> Cut | None:
        """The newest cut, or None."""
        found = self.store.row(
            "SELECT own, partner FROM cuts WHERE channel=? ORDER BY own DESC, partner DESC LIMIT 1", (self.name,)
        )
        return None if found is None else Cut(tuple(sorted(((self.own, found[0]), (self.partner, found[1])))))


def read_partner(
    nation: str, raw: bytes, address: str | None, base: bytes, own_base: bytes, compared: str | None
) -> Partner:
    """A partner out of its stored cards."""
    card, ring = read_card(raw)
    if base != raw:
        _, ring = read_card(base)
    return Partner(nation, card, ring, address or card.address, own_base, compared)


def _object(text: str) -> JsonObject:
    found = json.loads(text)
    return dict(found)
