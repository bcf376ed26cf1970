"""Forms of protected information and of the public record of an instrument."""

from __future__ import annotations

from typing import Final

from gokei.faces.forms.fields import Field, Form
from gokei.terms.words import N_

HOLDING: Final = Field("holding", N_("Holding number"), required=True)
COPY: Final = Field("copy", N_("Copy"), "integer", required=True)
COPIES: Final = Field(
    "copies", N_("Numbered copies"), "integers", required=True, help=N_("Numbers with spaces: 1 2 3.")
)
REASON: Final = Field("reason", N_("Reason"), "long", required=True)
INSTRUMENT: Final = Field("instrument", N_("Instrument"), required=True)
REPORT: Final = Field("report", N_("Report"), required=True)
SAYS: Final = Field("says", N_("What it says"), "long", required=True)

FORMS: Final = (
    Form(
        "item",
        N_("Provide an item of your nation's classified information. It stays yours; its marking stays as it is."),
        (
            Field("title", N_("Title"), required=True, help=N_("A title that is not itself classified.")),
            Field("level", N_("Your own marking"), required=True, help=N_("Such as JP:hi.")),
            Field("on", N_("Day of the act"), "date", required=True),
            Field("purpose", N_("Purpose for which it is provided"), "long", required=True),
            COPIES,
            Field("channel", N_("Channel"), "code", required=True, choices="channel"),
            Field("holding", N_("Holding number"), help=N_("Left empty, it gets a number.")),
        ),
        case="holding",
    ),
)
