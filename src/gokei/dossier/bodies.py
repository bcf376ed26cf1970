"""The documents about an instrument's public record: who said what, what is expected, and what was said to that."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field

from gokei.journal.bodies import Day, LocalName, Reason, Text, one_of
from gokei.journal.frames import Hash, Strict
from gokei.law.instruments import QUALITIES
from gokei.terms import limits
from gokei.terms.nations import NATIONS

STANCES: Final = ("favours", "reluctant", "opposes", "undecided")
OUTCOMES: Final = ("came", "did_not_come", "postponed")

Instrument: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Address: TypeAlias = Annotated[
    str, Field(max_length=limits.ADDRESS_CHARACTERS, pattern=r"^https?://[!-;=?-~]+$", description="no spaces, no <>")
]
Quality: TypeAlias = Annotated[str, AfterValidator(one_of(QUALITIES))]
Stance: TypeAlias = Annotated[str, AfterValidator(one_of(STANCES))]
Outcome: TypeAlias = Annotated[str, AfterValidator(one_of(OUTCOMES))]
Nation: TypeAlias = Annotated[str, AfterValidator(one_of(sorted(NATIONS)))]


class Recorded(Strict):
    """What was published about an instrument: where, when, and how well it is sourced. Answers may call it `name`."""

    instrument: Instrument
    name: LocalName | None = None
    publisher: Text
    published_on: Day
    url: Address | None = None
    quality: Quality = "secondary"
    says: Reason


class Report(Recorded):
    """A public statement about an instrument, attributed to its publisher. `claim` is what it asserts, in short."""

    attributed_to: Text | None = None
    claim: Text


class OfficialStatement(Recorded):
    """An office says something in public itself, and not only in answer to a report."""

    by: Text
    claim: Text


class ExpectedEvent(Recorded):
    """Something is expected to happen on a day: talks, a visit, a signature. It is no fact until its outcome is one."""

    event: Text
    expected_on: Day
    by: Text
    attributed_to: Text | None = None


class Position(Recorded):
    """What an office wants of the instrument, and for which nation it speaks."""

    office: Text
    nation: Nation
    stance: Stance
    wants: Text
    attributed_to: Text | None = None


class Answer(Strict):
    """What every document about an entry has; `of` is the entry's hash."""

    instrument: Instrument
    of: Hash
    on: Day
    publisher: Text | None = None
    url: Address | None = None
    quality: Quality = "secondary"


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


class EventOutcome(Answer):
    """What became of an expected event: it came, it did not, or it was put off, to a day where one was named."""

    outcome: Outcome
    expected_on: Day | None = None
    says: Reason
