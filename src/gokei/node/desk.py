"""What a wing may look at while it drafts or judges a document: this channel's views, and this nation's law."""

from __future__ import annotations

from gokei.node import signed
from gokei.node.channels import Channel
from gokei.node.core import Core
from gokei.terms.json_types import JsonObject


class NodeDesk:
    """One channel and the law, read only."""

    def __init__(self, core: Core, channel: Channel) -> None:
        self._core = core
        self._channel = channel

    def view(self, wing: str, case: str) -> JsonObject | None:
        """The folded case in this channel, or None."""
        return self._channel.view(wing, case)

    def views(self, wing: str) -> list[JsonObject]:
        """All folded cases of a wing in this channel, by case."""
        return self._channel.views(wing)

    def hashes(self, case: str) -> tuple[str, ...]:
        """The hashes of the case's documents, in causal order."""
        return tuple(entry.hash for entry in self._channel.entries(case))

    def determine(self, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        """The answer of this node's law."""
        return self._core.law.answer(question, assume)

    def number(self, family: str) -> str:
        """The next free local id of a family that this nation may give, like `JP-0007`."""
        taken = {
            str(row[0]).partition(":")[2]
            for row in self._core.store.rows(
                "SELECT DISTINCT case_name FROM documents WHERE channel=? AND case_name LIKE ?",
                (self._channel.name, f"{family}:{self._core.nation}-%"),
            )
        }
        count = len(taken) + 1
        while f"{self._core.nation}-{count:04d}" in taken:
            count += 1
        return f"{self._core.nation}-{count:04d}"

    def cut(self) -> tuple[int, int] | None:
        """The newest cut of the channel as (own documents, partner's documents), or None."""
        cut = self._channel.cut()
        return None if cut is None else (cut.count(self._channel.own), cut.count(self._channel.partner))

    def counted(self) -> int:
        """How many own documents the partner may hold under a cut: those under ours, and those that have left."""
        cut = self.cut()
        return max(0 if cut is None else cut[0], signed.left(self._core, self._channel.partner))

    def settled(self) -> bool:
        """Whether the newest cut covers every document of the channel."""
        channel = self._channel
        sizes = tuple(self._core.store.log(channel.name, nation)[0].size for nation in (channel.own, channel.partner))
        return self.cut() == sizes

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day."""
        return self._core.law.equivalents(agreement, level, nation, on)
