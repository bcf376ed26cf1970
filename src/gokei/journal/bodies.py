"""What the bodies of all wings share: fields of the same make, and typed input read with every wrong field named."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

import pydantic_core
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from gokei.journal.frames import Strict
from gokei.journal.reasons import field_reason
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

Model = TypeVar("Model", bound=BaseModel)
_NEXT: Final = N_("Correct the field; docs/reference/documents.md lists every field of every type.")
_KEPT: Final = ("verdict", "ground", "basis", "missing", "undecided", "assumed", "weakest_source", "law")

# No control characters, and none that turn the direction of what follows: what is signed is what is read.
_PLAIN: Final = "[^\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
_PLAIN_LINES: Final = "[^\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]"


def _calendar_day(text: str) -> str:
    try:
        datetime.date.fromisoformat(text)
    except ValueError as error:
        raise pydantic_core.PydanticCustomError("day", "no such day") from error
    return text


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    """A validator that takes those words alone and names the nearest of them for any other."""
    known = tuple(words)

    def check(word: str) -> str:
        if word in known:
            return word
        near = nearest(word, known)
        if near is None:
            raise pydantic_core.PydanticCustomError("word", "not a valid word")
        raise pydantic_core.PydanticCustomError("near_word", "not a valid word", {"nearest": near})

    return check


Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=limits.TEXT_CHARACTERS, pattern=f"^{_PLAIN}+$")]
Reason: TypeAlias = Annotated[
    str, Field(min_length=3, max_length=limits.REASON_CHARACTERS, pattern=f"^{_PLAIN_LINES}+$")
]
LocalName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Day: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_calendar_day)]
FactName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]
Facts: TypeAlias = Annotated[dict[FactName, bool | str], Field(max_length=limits.FACTS_PER_DOCUMENT)]


class Cited(Strict):
    """An instrument and one of its provisions."""

    instrument: str
    provision: str


class Determined(Strict):
    """The author's own determination, in short, for the partner to see beside its own."""

    verdict: Literal["permitted", "not_permitted", "undetermined"]
    ground: FactName
    basis: tuple[Cited, ...]
    missing: tuple[str, ...]
    undecided: tuple[Cited, ...]
    assumed: tuple[str, ...]
    weakest_source: str | None
    law: str


def in_short(answer: JsonObject) -> JsonObject:
    """What a document says of its author's determination; the fields of `Determined`."""
    return {name: answer[name] for name in _KEPT}


def read_fields(model: type[Model], fields: JsonObject) -> Model:
    """The fields as their model. Raises BadInput (`document-field`) with the dotted name of the first wrong one.

    A field that the model does not know comes before all others: where it is misspelt, another seems to be missing.
    """
    try:
        return model.model_validate_json(pydantic_core.to_json(_plain(fields)))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        place = ".".join(str(part) for part in first["loc"])
        missing, unknown = first["type"] == "missing", first["type"] == "extra_forbidden"
        reason = field_reason(first)
        near = nearest(place, _names(model)) if unknown and len(first["loc"]) == 1 else None
        raise BadInput(
            check="document-field",
            detail=_detail(missing, unknown, near),
            next_step=_NEXT,
            params={"field": place, "nearest": near or "", "reason": reason.text, **reason.params},
            field=place,
        ) from error


def _detail(missing: bool, unknown: bool, near: str | None) -> str:
    if missing:
        return N_("The field {field} is missing.")
    if unknown and near:
        return N_("There is no field {field} here. Did you mean {nearest}?")
    return N_("There is no field {field} here.") if unknown else N_("The field {field} is not right: {reason}.")


def _names(model: type[BaseModel]) -> Iterable[str]:
    return [one.alias or name for name, one in model.model_fields.items()]


def _plain(value: JsonValue) -> JsonValue:
    """JSON numbers that are not whole as text, so that the model refuses them by name: no field takes them."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return f"number {value}" if isinstance(value, Decimal) else value
