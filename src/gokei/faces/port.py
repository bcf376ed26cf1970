"""What the faces ask of a node. The node in gokei.node keeps it; the tests of the faces use that very node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from gokei.terms.json_types import JsonObject
from gokei.terms.words import Translate, identity


class NodePort(Protocol):
    """A node as web and API see it. All answers are plain JSON objects; all problems are gokei.terms.problems."""

    @property
    def nation(self) -> str:
        """The node's nation code."""

    @property
    def environment(self) -> str:
        """`exercise` or `real`."""

    def offices(self, nation: str | None = None) -> list[JsonObject]:
        """The offices on a nation's card, its own where none is named: `office`, `title` by language, `powers`."""

    def today_date(self) -> date:
        """The day, by the node's clock."""

    def act(self, document: JsonObject, key: str | None = None, officer: str | None = None) -> JsonObject:
        """Sign and append one document, or keep it for its second signature; idempotent by `key`."""

    def preview(self, document: JsonObject, officer: str | None = None, translate: Translate = identity) -> JsonObject:
        """What `act` would say, without signing: `determination`, `problem` and `body`, None where there is none."""

    def cosign(self, draft: str, officer: str) -> JsonObject:
        """Give a kept draft its second signature, and append it."""

    def drop_draft(self, draft: str, officer: str) -> None:
        """Take back a document that waits for its second signature."""

    def drafts(self) -> list[JsonObject]:
        """The documents that wait for a second signature."""

    def ask(self, question: JsonObject, assume: Sequence[str] = ()) -> JsonObject:
        """The law's determination of a question."""

    def show(self, kind: str, name: str) -> JsonObject:
        """One order, claim, holding, document, statement, operation or instrument's record."""

    def list(self, kind: str, where: Mapping[str, str] | None = None) -> Sequence[JsonObject]:
        """All of a kind that match `where`."""

    def documents(self, case: str, channel: str | None = None) -> Sequence[JsonObject]:
        """The documents of a case, in causal order."""

    def envelope(self, name: str) -> bytes:
        """The exact signed bytes of the document with this hash."""

    def state(self) -> JsonObject:
        """Digests of the books, by channel."""

    def balances(self) -> JsonObject:
        """What is owed, by channel, currency and commodity."""

    def partners(self) -> Sequence[JsonObject]:
        """The partners on record."""

    def refusals(self) -> Sequence[JsonObject]:
        """What was refused at the door, newest first."""

    def evidence(self) -> Sequence[JsonObject]:
        """What partners signed and cannot all have meant, oldest first."""

    def evidence_file(self, number: int) -> bytes:
        """One evidence as a file that anyone can check."""

    def today(self, office: str | None = None) -> JsonObject:
        """What waits for an office."""
