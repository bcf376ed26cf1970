"""The documents of protected information: what each one says. Days are YYYY-MM-DD, levels are marking codes."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from gokei.journal.bodies import Day, Determined, Facts, LocalName, Reason, Text, one_of
from gokei.journal.frames import Hash, Strict
from gokei.terms import limits
from gokei.terms.facts import CHANNELS, CONTRACTOR, NONE
from gokei.terms.markings import MARKINGS
from gokei.terms.nations import NATIONS

RELEASES: Final = ("release_third_party", "release_contractor", "use")


def _distinct(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(numbers)) != len(numbers):
        raise PydanticCustomError("copies", "a copy stands twice")
    return numbers


Marking: TypeAlias = Annotated[str, AfterValidator(one_of(MARKINGS))]
Channel: TypeAlias = Annotated[str, AfterValidator(one_of(CHANNELS))]
CopyNumber: TypeAlias = Annotated[int, Field(ge=1, le=limits.COPY_NUMBER)]
Copies: TypeAlias = Annotated[
    tuple[CopyNumber, ...], Field(min_length=1, max_length=limits.COPIES_PER_HOLDING), AfterValidator(_distinct)
]


class Assurances(Strict):
    """The reader's written assurances about protection, by day and reference, that the owner has before it provides."""

    given_on: Day
    reference: Text


class ItemFields(Strict):
    """What an owner states of an item that it provides; it stays the owner's, and so does its marking."""

    title: Text
    level: Marking
    marked_on: Day | None = None
    on: Day
    purpose: Reason
    copies: Copies
    channel: Channel
    assurances: Assurances | None = None
    facts: Facts = Field(default_factory=dict)


class Item(ItemFields):
    """An item provided, under the owner's own determination."""

    holding: LocalName
    determination: Determined


class Equivalent(Strict):
    """The holder's own marking for the item, and the officer by name who chose it among those that are equal."""

    code: Marking
    chosen_by: Text


class ReceiptFields(Strict):
    """What a holder states when copies arrived: its marking, and the entry in its register."""

    holding: LocalName
    equivalent: Equivalent
    register_entry: Annotated[Text, Field(alias="register")]
    received_on: Day
    copies: Copies


class ItemReceipt(ReceiptFields):
    """Copies taken into custody. `level` is the owner's marking that `equivalent` was chosen for."""

    level: Marking
    determination: Determined


class RemarkingFields(Strict):
    """What a holder states when it marks anew after a reclassification."""

    holding: LocalName
    equivalent: Equivalent
    on: Day


class Remarking(RemarkingFields):
    """The holder's new marking. `level` is the owner's marking that `equivalent` was chosen for."""

    level: Marking


class AccessFields(Strict):
    """What a holder states of one person who would see one copy. Rank is on record; it is never a reason."""

    holding: LocalName
    copy_number: Annotated[CopyNumber, Field(alias="copy")]
    person: Text
    rank: Text | None = None
    clearance: Marking | None = None
    clearance_until: Day | None = None
    need_to_know: bool
    purpose: Reason
    on: Day
    facts: Facts = Field(default_factory=dict)


class Grounds(Strict):
    """Why access was granted or refused: the provision that decides, and what is missing where it is open."""

    verdict: Literal["permitted", "not_permitted", "undetermined"]
    ground: str
    instrument: str | None
    provision: str | None
    missing: tuple[str, ...]


class AccessDecision(AccessFields):
    """The decision as the holder's own determination makes it, with every fact that it was asked with."""

    level: Marking
    marked_on: Day | None = None
    provided_purpose: Reason
    on_register: bool
    assurances_recorded: bool
    decision: Literal["granted", "refused"]
    grounds: Grounds
    determination: Determined


class ReleaseConsent(Strict):
    """The owner's written consent to one release, or to one use beside the purpose of the item."""

    holding: LocalName
    action: Annotated[str, AfterValidator(one_of(RELEASES))]
    release_to: Annotated[
        str, Field(validate_default=True), AfterValidator(one_of((*sorted(NATIONS), CONTRACTOR, NONE)))
    ] = NONE
    receiver: Text | None = None
    purpose: Reason
    on: Day
    written: Literal[True] = True

    @field_validator("release_to")
    @classmethod
    def _fits_action(cls, release_to: str, info: ValidationInfo) -> str:
        action = info.data.get("action")
        fits = {
            "release_third_party": release_to not in {CONTRACTOR, NONE},
            "release_contractor": release_to == CONTRACTOR,
            "use": release_to == NONE,
        }
        if not fits.get(str(action), True):
            raise PydanticCustomError("release", "does not fit the action {action}", {"action": str(action)})
        return release_to


class Reclassification(Strict):
    """The owner's written notice that the item has another level from now on."""

    holding: LocalName
    level: Marking
    on: Day
    reason: Reason
    written: Literal[True] = True


class ItemReturn(Strict):
    """The holder sends copies back; it answers for them until the owner signs."""

    holding: LocalName
    copies: Copies
    on: Day


class ItemReturnReceipt(Strict):
    """The owner signs for copies that came back."""

    holding: LocalName
    copies: Copies
    on: Day


class Destruction(Strict):
    """The certificate that copies were destroyed, by one officer before the eyes of another."""

    holding: LocalName
    copies: Copies
    on: Day
    method: Text
    certificate: Text
    destroying_officer: Text
    witness: Text

    @field_validator("witness")
    @classmethod
    def _another_person(cls, witness: str, info: ValidationInfo) -> str:
        if _name(witness) == _name(str(info.data.get("destroying_officer", ""))):
            raise PydanticCustomError("witness", "the witness is the officer who destroyed the copies")
        return witness


class Incident(Strict):
    """A loss, a compromise, the possibility of one, or, with `follows`, what the investigation of one found.

    `copies` are those concerned; of findings, those that were found again.
    """

    holding: LocalName
    kind: Literal["loss", "compromise", "possible_loss", "possible_compromise", "findings"]
    copies: Annotated[
        tuple[CopyNumber, ...],
        Field(max_length=limits.COPIES_PER_HOLDING, validate_default=True),
        AfterValidator(_distinct),
    ] = ()
    on: Day
    says: Reason
    measures: Reason | None = None
    follows: Annotated[Hash | None, Field(validate_default=True)] = None

    @field_validator("copies")
    @classmethod
    def _named(cls, copies: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        if info.data.get("kind") == "loss" and not copies:
            raise PydanticCustomError("copies", "a loss names the copies that were lost")
        return copies

    @field_validator("follows")
    @classmethod
    def _of_findings(cls, follows: str | None, info: ValidationInfo) -> str | None:
        if (info.data.get("kind") == "findings") is (follows is None):
            raise PydanticCustomError("follows", "findings, and they alone, name the incident that they follow")
        return follows


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()
