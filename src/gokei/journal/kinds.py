"""How a wing declares its documents: kinds, folds, and what it does with a draft. The journal knows no body."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeAlias

from pydantic import BaseModel

from gokei.journal.entries import Entry, Void
from gokei.journal.frames import Frame
from gokei.terms.json_types import JsonObject

Value: TypeAlias = "tuple[Decimal, str] | None"
BodyModel: TypeAlias = type[BaseModel]


def _no_value(_body: BaseModel) -> Value:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of document.

    `powers`: each must be covered by another of the signing offices, so two powers are four eyes.
    `rank`: among concurrent documents of a case the lower rank folds first.
    `value`: amount and currency that a power's limit is held against, or None.
    """

    type: str
    wing: str
    family: str
    body: BodyModel
    rank: int
    powers: tuple[str, ...]
    value: Callable[[BaseModel], Value] = _no_value


class Kinds:
    """All kinds that a node knows, by type."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            if kind.type in self._kinds:
                raise ValueError(f"the document type {kind.type} is declared twice")
            self._kinds[kind.type] = kind

    def get(self, type_name: str) -> Kind | None:
        """The kind of that type, or None."""
        return self._kinds.get(type_name)

    def rank(self, type_name: str) -> int:
        """The rank of a type; unknown types come last."""
        kind = self._kinds.get(type_name)
        return kind.rank if kind else 1_000

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def __contains__(self, type_name: str) -> bool:
        return type_name in self._kinds


@dataclass(frozen=True, slots=True)
class CaseView:
    """A folded case as one wing sees it: plain JSON, a function of the case's documents alone."""

    wing: str
    family: str
    case: str
    view: JsonObject
    void: Mapping[str, Void] = field(default_factory=dict)


class Documents(tuple[Entry, ...]):
    """A case's documents in causal order, for one fold by all wings: equal to itself alone, so cheap to remember."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


Fold: TypeAlias = Callable[[str, Sequence[Entry]], CaseView]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer typed: the type's own fields, before the wing makes a whole body of them."""

    author: str
    reader: str
    type: str
    fields: JsonObject
    assume: tuple[str, ...]
    today: datetime.date
    agreement: str | None = None
    environment: str = "exercise"


class Desk(Protocol):
    """What a node offers to a wing while it drafts or judges: views, the law, numbers. Nothing is written."""

    def view(self, wing: str, case: str) -> JsonObject | None:
        """The folded case in this channel, or None."""

    def views(self, wing: str) -> list[JsonObject]:
        """All folded cases of a wing in this channel, by case."""

    def settled(self) -> bool:
        """Whether the newest cut covers every document of the channel."""

    def hashes(self, case: str) -> tuple[str, ...]:
        """The hashes of the case's documents, in causal order."""

    def determine(self, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        """The answer of this node's law (machine contract, section 1)."""

    def number(self, family: str) -> str:
        """The next free local id of a family, like `JP-0007`."""

    def cut(self) -> tuple[int, int] | None:
        """The newest cut of the channel as (own documents, partner's documents), or None."""

    def counted(self) -> int:
        """How many own documents the reader may hold under a cut, whether or not we have heard of it."""

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft made whole: case, agreement, body, the documents it answers, and the author's determination."""

    case: str
    agreement: str
    body: JsonObject
    re: tuple[str, ...] = ()
    determination: JsonObject | None = None


Prepare: TypeAlias = Callable[[Draft, Desk], Prepared]
Judge: TypeAlias = Callable[[Frame, BaseModel, Desk], "JsonObject | None"]
"""What the reader's own law makes of a document; of the views it may look at that of the document's own case alone."""


@dataclass(frozen=True, slots=True)
class Wing:
    """What one wing brings to a node."""

    name: str
    kinds: tuple[Kind, ...]
    folds: Mapping[str, Fold]
    prepare: Mapping[str, Prepare]
    judge: Mapping[str, Judge]
