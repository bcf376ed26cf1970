"""What an officer typed, read against the model of its type, with every wrong field named."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

import pydantic_core
from pydantic import BaseModel, ValidationError

from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.nearest import nearest
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

Model = TypeVar("Model", bound=BaseModel)
_NEXT = N_("Correct the field; docs/reference/documents.md lists every field of every type.")


def read_fields(model: type[Model], fields: JsonObject) -> Model:
    """The fields as their model. Raises BadInput (`document-field`) with the dotted name of the first wrong one."""
    try:
        return model.model_validate_json(pydantic_core.to_json(_plain(fields)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        missing = first["type"] == "missing"
        near = None
        if first["type"] == "extra_forbidden":
            near = nearest(str(first["loc"][-1]), _names(model))
        raise BadInput(
            check="document-field",
            detail=_detail(missing, first["type"] == "extra_forbidden", near),
            next_step=_NEXT,
            params={"field": place, "reason": first["msg"], "nearest": near or ""},
            field=place,
        ) from error


def _detail(missing: bool, unknown: bool, near: str | None) -> str:
    if missing:
        return N_("The field {field} is missing.")
    if unknown and near:
        return N_("There is no field {field} here. Did you mean {nearest}?")
    return N_("There is no field {field} here.") if unknown else N_("The field {field} is not right: {reason}.")


def _names(model: type[BaseModel]) -> Iterable[str]:
    return model.model_fields


def _plain(value: JsonValue) -> JsonValue:
    """JSON numbers that are not whole as text, so that the model refuses them by name: no field takes them."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return f"number {value}" if isinstance(value, Decimal) else value
