"""The shapes of a form: one field, and one form for a document type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Shape: TypeAlias = Literal[
    "text",  # one line of text
    "long",  # several lines of text
    "date",  # YYYY-MM-DD
    "quantity",  # a decimal number as text
    "unit",  # a code of the unit table
    "amount",  # a decimal number as text
    "currency",  # an ISO 4217 code
    "integer",  # a whole number
    "integers",  # whole numbers, separated by spaces
    "words",  # codes, separated by spaces, or repeated
    "truth",  # yes, no, or not stated
    "code",  # one of a table of labels
    "codes",  # some of a table of labels
    "group",  # named fields of one object
    "rows",  # any number of objects with the same fields
]


@dataclass(frozen=True, slots=True)
class Field:
    """One named input. `choices` names a table of gokei.faces.labels; `fields` are those of a group or a row."""

    name: str
    label: str
    shape: Shape = "text"
    required: bool = False
    choices: str = ""
    help: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one document type. `case` names the field that says which case it belongs to."""

    type: str
    lead: str
    fields: tuple[Field, ...]
    case: str = ""
