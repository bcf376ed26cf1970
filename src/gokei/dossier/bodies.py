"""The documents about an instrument's public record: who said what, and what was said to that."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from gokei.journal.bodies import Day, Reason, Text
from gokei.journal.frames import Hash, Strict
from gokei.terms import limits

Instrument: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Address: TypeAlias = Annotated[
    str, Field(max_length=limits.ADDRESS_CHARACTERS, pattern=r"^https?://[!-;=?-~]+$", description="no spaces, no <>")
]


class Report(Strict):
    """A public statement about an instrument, attributed to its publisher. `claim` is what it asserts, in short."""

    instrument: Instrument
    publisher: Text
    published_on: Day
    url: Address | None = None
    claim: Text
    says: Reason


class Answer(Strict):
    """What every document about a report has; `of` is the report's hash."""

    instrument: Instrument
    of: Hash
    on: Day
    url: Address | None = None


class Denial(Answer):
    """A ministry says that the claim is not so."""

    by: Text
    says: Reason


class Confirmation(Answer):
    """A ministry says that the claim is so."""

    by: Text
    says: Reason


class CorrectionRequest(Answer):
    """A ministry asks the publisher to correct the report."""

    asked_of: Text
    asks: Reason


class Correction(Answer):
    """The publisher corrects its report."""

    publisher: Text
    says: Reason
