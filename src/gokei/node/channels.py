"""One channel of a node: the two logs between two nations, and their cases folded."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import orjson

from gokei.journal.causal import causal_order
from gokei.journal.changes import introduced
from gokei.journal.checkpoints import Cut
from gokei.journal.door import Authentic, judge
from gokei.journal.entries import Entry
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.frames import Frame
from gokei.journal.keys import Card, KeyRing, read_card
from gokei.journal.kinds import CaseView, Documents, Kinds, Wing
from gokei.journal.merkle import Frontier
from gokei.journal.wing import OFFICES_CASE
from gokei.node.store import Placed, Store, Stored
from gokei.terms import limits
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.json_types import JsonObject, JsonValue

_NO_VOID: Final = "{}"


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
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._held = 0
        self._remembering = threading.Lock()
        self._cards: dict[str, KeyRing] = {}
        self._rings: dict[tuple[str, ...], KeyRing] = {}
        self._answer: tuple[JsonObject, str, str] | None = None

    def forget(self) -> None:
        """What is kept in memory of documents is read again."""
        with self._remembering:
            self._entries.clear()
            self._held = 0

    def enrol(self, nation: str, ring: KeyRing) -> None:
        """The keys that a nation's card gives, before any key document."""
        self._cards[nation] = ring
        self._rings.clear()
        self.forget()

    def ring(self, author: str, before: int | None = None) -> KeyRing:
        """The author's keys after its key documents (those before a sequence, where one is given)."""
        names: tuple[str, ...] = (author,)
        ring = self._cards[author]
        for row in self.store.case(self.name, OFFICES_CASE):
            if row.author == author and (before is None or row.sequence < before):
                names = (*names, row.hash)
                known = self._rings.get(names)
                ring = known or ring.with_document(self._judged(row, ring))
                # A ring is what its documents make it: kept by their names, it is never out of date.
                self._rings[names] = ring
        return ring

    def entry(self, row: Placed | Stored) -> Entry:
        """A stored document as an entry: what the door finds is found again from the bytes, never stored."""
        return self._overlaid(self._as_it_came(row), self._compromised(row.author))

    def _as_it_came(self, row: Placed | Stored) -> Entry:
        found = self._entries.get(row.hash)
        if found is None:
            found = self._judged(row, self.ring(row.author, row.sequence))
            self._remember(found)
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
        ring = self._compromised(revocation.author) if revocation.frame.type == "office_revocation" else None
        if ring is None:
            return []
        least = min((one.stands_through for one in ring.revoked.values() if one.stands_through is not None), default=0)
        rows = self.store.each(self.name, revocation.author, least)
        cases = {row.case_name for row in rows if self._overlaid(self._as_it_came(row), ring).void is not None}
        return sorted(cases - {revocation.frame.case})

    def _remember(self, entry: Entry) -> None:
        """Keep an entry at hand, so that the next fold of its case does not read it again; the oldest make way."""
        with self._remembering:
            if entry.hash not in self._entries:
                self._held += len(entry.envelope)
            self._entries[entry.hash] = entry
            while self._held > limits.ENTRY_BYTES_IN_MEMORY:
                _, oldest = self._entries.popitem(last=False)
                self._held -= len(oldest.envelope)

    def _judged(self, row: Placed | Stored, ring: KeyRing) -> Entry:
        raw = row.envelope if isinstance(row, Stored) else self.store.envelope(self.name, row)
        envelope = Envelope.decode(raw, DOCUMENT)
        frame = Frame.model_validate_json(envelope.payload)
        found = (ring.by_name(one.keyid) or introduced(ring, envelope, one.keyid) for one in envelope.signatures)
        signers = tuple(office for office in found if office is not None)
        return judge(Authentic(frame, envelope, raw, signers), ring, self._kinds)

    def append(self, added: Sequence[tuple[Entry, JsonObject | None]], tree: Frontier) -> None:
        """An author's next documents, each with what this nation's law made of it, and the log's tree after them."""
        rows: list[Stored] = []
        answers: dict[str, str] = {}
        for entry, answer in added:
            frame, name = entry.frame, None
            if answer is not None:
                name, answers[name] = self._spelt(answer)
            row = Stored(
                author=entry.author,
                sequence=entry.sequence,
                hash=entry.hash,
                document=frame.document,
                case_name=frame.case,
                type=frame.type,
                time=frame.time,
                envelope=entry.envelope,
                answer=name,
            )
            rows.append(row)
            self._remember(entry)
        self.store.run_many("INSERT OR IGNORE INTO answers (digest, answer) VALUES (?,?)", answers.items())
        self.store.append(self.name, rows, added[-1][0].seen, tree)

    def entries(self, case: str) -> list[Entry]:
        """A case's documents in causal order."""
        return self._ordered(self.store.case(self.name, case), self._all_compromised())

    def _all_compromised(self) -> dict[str, KeyRing | None]:
        """For each author what `_compromised` says; mostly neither has ever revoked a key."""
        rows = self.store.rows(
            "SELECT DISTINCT author FROM documents WHERE channel=? AND case_name=? AND type='office_revocation'",
            (self.name, OFFICES_CASE),
        )
        revoking = {author for (author,) in rows}
        return {
            author: self._compromised(author) if author in revoking else None for author in (self.own, self.partner)
        }

    def _ordered(self, rows: Iterable[Placed], rings: dict[str, KeyRing | None]) -> list[Entry]:
        return causal_order(
            (self._overlaid(self._as_it_came(row), rings[row.author]) for row in rows), self._kinds.rank
        )

    def fold(self, case: str, entries: Sequence[Entry]) -> list[CaseView]:
        """The case as each wing of its family sees it."""
        family = case.partition(":")[0]
        documents = Documents(entries)
        return [wing.folds[family](case, documents) for wing in self._wings if family in wing.folds]

    def keep_views(self, views: Iterable[CaseView]) -> None:
        """Views into the store, with their digests."""
        rows: list[tuple[str, ...]] = []
        for view in views:
            void: JsonObject = {name: reason.as_json() for name, reason in view.void.items()}
            spelt = canonical(view.view)
            digested = sha256_name(spelt)
            rows.append(
                (
                    self.name,
                    view.wing,
                    view.case,
                    view.family,
                    digested,
                    spelt.decode(),
                    canonical(void).decode() if void else _NO_VOID,
                )
            )
        self.store.run_many(
            "INSERT INTO views (channel, wing, case_name, family, digest, view, void) VALUES (?,?,?,?,?,?,?) "
            "ON CONFLICT (channel, case_name, wing) DO UPDATE SET digest=excluded.digest, view=excluded.view, "
            "void=excluded.void",
            rows,
        )

    def fold_cases(self, cases: Iterable[str]) -> None:
        """The views of these cases into the store, from all their documents."""
        found, rings = self.store.cases(self.name, cases), self._all_compromised()
        self.keep_views(view for case, rows in found.items() for view in self.fold(case, self._ordered(rows, rings)))

    def fold_entries(self, entries: Iterable[Entry]) -> None:
        """The views of all cases that these documents, which are stored already, have changed."""
        cases: dict[str, None] = {}
        for entry in entries:
            cases |= dict.fromkeys((entry.frame.case, *self.touched(entry)))
        self.fold_cases(cases)

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
        """One digest for each wing: over the list of its cases and their views' digests, the same for both nations."""
        lists = {wing.name: hashlib.sha256() for wing in self._wings}
        begun: set[str] = set()
        for case, wing, name in self._digested():
            if wing in lists:
                lists[wing].update((b"," if wing in begun else b"[") + canonical([case, name]))
                begun.add(wing)
        for wing, spelt in lists.items():
            spelt.update(b"]" if wing in begun else b"[]")
        return {wing: "sha256:" + spelt.hexdigest() for wing, spelt in sorted(lists.items())}

    def _digested(self) -> Iterator[tuple[Any, ...]]:
        """Case, wing and digest of every view, by case, read a few at a time."""
        text = (
            "SELECT case_name, wing, digest FROM views WHERE channel=? AND (case_name, wing) > (?, ?) "
            "ORDER BY case_name, wing LIMIT ?"
        )
        last = ("", "")
        while rows := self.store.rows(text, (self.name, *last, limits.CASES_PER_READ)):
            yield from rows
            last = (rows[-1][0], rows[-1][1])

    def cases(self) -> Iterator[str]:
        """Every case of the channel, in order, read a few at a time."""
        text = "SELECT DISTINCT case_name FROM documents WHERE channel=? AND case_name>? ORDER BY case_name LIMIT ?"
        last = ""
        while rows := self.store.rows(text, (self.name, last, limits.CASES_PER_READ)):
            for (case,) in rows:
                yield case
            last = rows[-1][0]

    def _spelt(self, answer: JsonObject) -> tuple[str, str]:
        """An answer's name and its spelling; most documents of a day get the same one."""
        if self._answer is None or answer != self._answer[0]:
            spelt = canonical(answer)
            self._answer = (answer, sha256_name(spelt), spelt.decode())
        return self._answer[1:]

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


def ring_after(ring: KeyRing, entry: Entry) -> KeyRing:
    """The ring after the next document of its nation's log; only those of the case of offices change it."""
    return ring.with_document(entry) if entry.frame.case == OFFICES_CASE else ring


def _object(text: str) -> JsonObject:
    return dict(orjson.loads(text))
