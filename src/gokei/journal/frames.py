"""The frame that every signed document has, whatever its body."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gokei.terms import limits

GENESIS: Final = "sha256:" + "0" * 64


def _on_the_clock(text: str) -> str:
    """The instant, when the calendar and the clock have it. Raises ValueError otherwise."""
    datetime.datetime.fromisoformat(text)
    return text


Hash: TypeAlias = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
NationCode: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
OfficeName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
CaseName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]+:[A-Za-z0-9][A-Za-z0-9._-]{0,95}$")]
Instant: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"), AfterValidator(_on_the_clock)
]


class Strict(BaseModel):
    """A model that takes exactly what it names: no coercion, no unknown fields, no change afterwards."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Frame(Strict):
    """What is inside the signed bytes besides the body.

    `sequence` counts the author's documents to this reader from 1; `previous` is the hash of the one before
    (`GENESIS` for the first); `seen` is how many of the reader's documents the author had when signing, so that
    `(sequence, seen)` is a vector clock of two; `re` names by hash the documents that this one answers.
    """

    gokei: Literal[1]
    environment: Literal["exercise", "real"]
    author: NationCode
    reader: NationCode
    offices: Annotated[tuple[OfficeName, ...], Field(min_length=1, max_length=limits.OFFICES_PER_DOCUMENT)]
    agreement: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    sequence: Annotated[int, Field(ge=1, le=2**53)]
    previous: Hash
    time: Instant
    document: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    case: CaseName
    seen: Annotated[int, Field(ge=0, le=2**53)]
    re: Annotated[tuple[Hash, ...], Field(max_length=limits.REFERENCES_PER_DOCUMENT)]
    type: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    body: dict[str, Any]
