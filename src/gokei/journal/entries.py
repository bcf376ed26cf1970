"""What stands in a log after the door: a document, its exact bytes, and whether the door found it void."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel

from gokei.journal.frames import Frame
from gokei.terms.json_types import JsonObject


class Void(NamedTuple):
    """Why a document has no effect: a stable slug, a message id, and what fills the message."""

    check: str
    detail: str
    params: Mapping[str, str] = MappingProxyType({})

    def as_json(self) -> JsonObject:
        """The reason as plain JSON, for views and digests."""
        return {"check": self.check, "detail": self.detail, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One admitted document: its exact bytes, and its leaf in the log's tree.

    `body` is None, and `void` says why, where the body could not be read.
    """

    frame: Frame
    body: BaseModel | None
    hash: str
    envelope: bytes = field(repr=False)
    leaf: bytes = field(repr=False)
    void: Void | None = None

    @property
    def author(self) -> str:
        """The nation that wrote it."""
        return self.frame.author

    @property
    def sequence(self) -> int:
        """Its place in the author's log towards the reader, from 1."""
        return self.frame.sequence

    @property
    def seen(self) -> int:
        """How many of the reader's documents the author had when signing."""
        return self.frame.seen

    def listed(self, void: Void | None) -> JsonObject:
        """Its row among the documents of a view; `void` is why it has no effect there, where it has none."""
        return {
            "hash": self.hash,
            "type": self.frame.type,
            "author": self.author,
            "sequence": self.sequence,
            "offices": [*self.frame.offices],
            "void": void.as_json() if void else None,
        }
