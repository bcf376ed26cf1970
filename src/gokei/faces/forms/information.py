"""Forms of protected information and of the public record of an instrument."""

from __future__ import annotations

from typing import Final

from gokei.faces.forms.fields import Field, Form
from gokei.faces.labels import FACT
from gokei.terms.words import N_

HOLDING: Final = Field("holding", N_("Holding number"), required=True)
COPY: Final = Field("copy", N_("Copy"), "integer", required=True)
COPIES: Final = Field(
    "copies", N_("Numbered copies"), "integers", required=True, help=N_("Numbers with spaces: 1 2 3.")
)
DAY: Final = Field("on", N_("Day of the act"), "date", required=True)
REASON: Final = Field("reason", N_("Reason"), "long", required=True)
INSTRUMENT: Final = Field("instrument", N_("Instrument"), required=True)
REPORT: Final = Field("of", N_("Report"), required=True)
SAYS: Final = Field("says", N_("What it says"), "long", required=True)
ADDRESS: Final = Field("url", N_("Address of the publication"))
BY: Final = Field("by", N_("Who says so"), required=True)
EQUIVALENT: Final = Field(
    "equivalent",
    N_("Your own marking for it"),
    "group",
    required=True,
    fields=(
        Field("code", N_("Equivalent marking"), "code", required=True, choices="marking"),
        Field("chosen_by", N_("Officer who chose it, by name"), required=True),
    ),
)

REGISTRY: Final = (
    Form(
        "item",
        N_("Provide an item of your nation's classified information. It stays yours; its marking stays as it is."),
        (
            Field("title", N_("Title"), required=True, help=N_("A title that is not itself classified.")),
            Field("level", N_("Your own marking"), "code", required=True, choices="marking"),
            Field("marked_on", N_("Day of the marking"), "date"),
            DAY,
            Field("purpose", N_("Purpose for which it is provided"), "long", required=True),
            COPIES,
            Field("channel", N_("Channel"), "code", required=True, choices="channel"),
            Field(
                "assurances",
                N_("Written assurances of the reader"),
                "group",
                fields=(
                    Field("given_on", N_("Day of the assurances"), "date"),
                    Field("reference", N_("Reference of the assurances")),
                ),
            ),
            Field("holding", N_("Holding number"), help=N_("Left empty, it gets a number.")),
        ),
        case="holding",
    ),
    Form(
        "item_receipt",
        N_("Sign for copies that arrived, and mark them in your own levels."),
        (
            HOLDING,
            COPIES,
            EQUIVALENT,
            Field("register", N_("Entry in your register"), required=True),
            Field("received_on", N_("Day of receipt"), "date", required=True),
        ),
        case="holding",
    ),
    Form("remarking", N_("Mark the item anew for the owner's new level."), (HOLDING, EQUIVALENT, DAY), case="holding"),
    Form(
        "access_decision",
        N_("Decide who may see a copy. The law decides; a refusal is recorded just as well. Rank is never a reason."),
        (
            HOLDING,
            COPY,
            Field("person", N_("Person"), required=True),
            Field("rank", N_("Rank"), help=N_("On record only.")),
            Field("clearance", FACT["clearance"], "code", choices="marking"),
            Field("clearance_until", FACT["clearance_until"], "date"),
            Field("need_to_know", FACT["need_to_know"], "truth", required=True),
            Field("purpose", N_("Purpose"), "long", required=True),
            DAY,
        ),
        case="holding",
    ),
    Form(
        "release_consent",
        N_("Consent, as the owner, to one release or to one other use."),
        (
            HOLDING,
            Field("action", N_("What is consented to"), "code", required=True, choices="release"),
            Field("release_to", FACT["release_to"], help=N_("A nation's code, contractor, or none.")),
            Field("receiver", N_("Receiver by name")),
            Field("purpose", N_("Purpose"), "long", required=True),
            DAY,
        ),
        case="holding",
    ),
    Form(
        "reclassification",
        N_("Give notice, as the owner, that the item has another level from now on."),
        (HOLDING, Field("level", N_("Your own marking"), "code", required=True, choices="marking"), DAY, REASON),
        case="holding",
    ),
    Form(
        "item_return",
        N_("Send copies back. You answer for them until the owner signs."),
        (HOLDING, COPIES, DAY),
        case="holding",
    ),
    Form("item_return_receipt", N_("Sign for copies that came back."), (HOLDING, COPIES, DAY), case="holding"),
    Form(
        "destruction",
        N_("Certify that copies were destroyed. Two offices sign; one officer destroys, another witnesses."),
        (
            HOLDING,
            COPIES,
            DAY,
            Field("method", N_("How they were destroyed"), required=True),
            Field("certificate", N_("Certificate number"), required=True),
            Field("destroying_officer", N_("Officer who destroyed them"), required=True),
            Field("witness", N_("Witness"), required=True),
        ),
        case="holding",
    ),
    Form(
        "incident",
        N_("Give notice of a loss or compromise, or of what its investigation found."),
        (
            HOLDING,
            Field("kind", N_("What happened"), "code", required=True, choices="incident"),
            Field("copies", N_("Numbered copies"), "integers", help=N_("Numbers with spaces: 1 2 3.")),
            DAY,
            SAYS,
            Field("measures", N_("Measures taken"), "long"),
            Field("follows", N_("Incident that these findings follow")),
        ),
        case="holding",
    ),
)
PUBLISHER: Final = Field("publisher", N_("Publisher"), required=True)
PUBLISHED_ON: Final = Field("published_on", N_("Day of publication"), "date", required=True)
CLAIM: Final = Field("claim", N_("What it claims, in short"), required=True)
ATTRIBUTED: Final = Field("attributed_to", N_("Whose word it is, by what was published"))
QUALITY: Final = Field("quality", N_("How well it is sourced"), "code", choices="quality")
SOURCE: Final = (
    ADDRESS,
    QUALITY,
    Field("name", N_("Short name in the record"), help=N_("Answers can call the entry by it.")),
)
DOSSIER: Final = (
    Form(
        "report",
        N_("Record a public statement about an instrument. It changes no determination."),
        (INSTRUMENT, PUBLISHER, PUBLISHED_ON, CLAIM, SAYS, ATTRIBUTED, *SOURCE),
        case="instrument",
    ),
    Form(
        "official_statement",
        N_("Record what an office says in public itself. It changes no determination."),
        (
            INSTRUMENT,
            BY,
            PUBLISHED_ON,
            CLAIM,
            SAYS,
            Field("publisher", N_("Publisher"), help=N_("Left empty, the office itself.")),
            *SOURCE,
        ),
        case="instrument",
    ),
    Form(
        "expected_event",
        N_("Record what is expected to happen on a day. It is no fact until its outcome is on record."),
        (
            INSTRUMENT,
            Field("event", N_("What is expected"), required=True),
            Field("expected_on", N_("Day on which it is expected"), "date", required=True),
            Field("by", N_("Who is to do it"), required=True),
            PUBLISHER,
            PUBLISHED_ON,
            SAYS,
            ATTRIBUTED,
            *SOURCE,
        ),
        case="instrument",
    ),
    Form(
        "position",
        N_("Record what an office wants of the instrument. Positions stand side by side."),
        (
            INSTRUMENT,
            Field("office", N_("Office"), required=True),
            Field("nation", N_("Nation for which it speaks"), required=True, help=N_("A nation's code.")),
            Field("stance", N_("Its position"), "code", required=True, choices="stance"),
            Field("wants", N_("What it wants, in short"), required=True),
            PUBLISHER,
            PUBLISHED_ON,
            SAYS,
            ATTRIBUTED,
            *SOURCE,
        ),
        case="instrument",
    ),
    Form(
        "denial",
        N_("Say that the claim is not so."),
        (INSTRUMENT, REPORT, BY, DAY, SAYS, ADDRESS, QUALITY),
        "instrument",
    ),
    Form(
        "confirmation",
        N_("Say that the claim is so."),
        (INSTRUMENT, REPORT, BY, DAY, SAYS, ADDRESS, QUALITY),
        "instrument",
    ),
    Form(
        "correction_request",
        N_("Ask the publisher to correct the report."),
        (
            INSTRUMENT,
            REPORT,
            Field("asked_of", N_("Who is asked"), required=True),
            DAY,
            Field("asks", N_("What is asked for"), "long", required=True),
            ADDRESS,
            QUALITY,
        ),
        case="instrument",
    ),
    Form(
        "correction",
        N_("Record that the publisher corrected its report."),
        (INSTRUMENT, REPORT, Field("publisher", N_("Publisher")), DAY, SAYS, ADDRESS, QUALITY),
        case="instrument",
    ),
    Form(
        "event_outcome",
        N_("Record what became of an expected event."),
        (
            INSTRUMENT,
            REPORT,
            Field("outcome", N_("What became of it"), "code", required=True, choices="outcome"),
            DAY,
            Field("expected_on", N_("Day to which it was put off"), "date"),
            SAYS,
            Field("publisher", N_("Publisher")),
            ADDRESS,
            QUALITY,
        ),
        case="instrument",
    ),
)
FORMS: Final = (*REGISTRY, *DOSSIER)
