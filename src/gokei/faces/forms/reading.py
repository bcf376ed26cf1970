"""Reads the flat names of a posted form back into the JSON of `gokei act`, and spells JSON as such names.

`lines.0.quantity` is the quantity of the first line. An empty input means: not stated. A row in which nothing but its
number is stated is no row. Anything that does not read as what it should be is left as it was typed, so that the node
says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gokei.faces.forms.fields import Field
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.limits import FORM_ROWS
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

WHOLE: Final = re.compile(r"(0|[1-9][0-9]{0,8})")
ROW_NUMBER: Final = "line"
TRUTHS: Final[Mapping[str, bool]] = {"yes": True, "no": False}


def read(fields: Sequence[Field], pairs: Iterable[tuple[str, str]]) -> JsonObject:
    """The JSON object that the posted `pairs` state; names that begin with `_` belong to the page, not to the act.

    Raises BadInput for a name that the form does not have, and for more rows than FORM_ROWS.
    """
    stated: dict[str, list[str]] = {}
    for name, value in pairs:
        if not name.startswith("_"):
            stated.setdefault(name, []).append(value.replace("\r\n", "\n").strip())
    found = _object(fields, "", stated)
    if stated:
        raise BadInput(
            check="form-unknown-field",
            detail=N_("The form has no field named {name}."),
            next_step=N_("Open the form again and fill it in."),
            params={"name": next(iter(stated))},
            field=next(iter(stated)),
        )
    return found


def rows_of(field: Field, names: Iterable[str], prefix: str = "") -> int:
    """How many rows of `field` the posted `names` reach: one more than the highest index; 0 for none."""
    start = f"{prefix}{field.name}."
    indexes = [name[len(start) :].partition(".")[0] for name in names if name.startswith(start)]
    return max((int(index) + 1 for index in indexes if WHOLE.fullmatch(index)), default=0)


def flatten(value: JsonValue, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The names and texts that state `value` in a form; lists of plain values repeat their name."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from flatten(item, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flatten(item, f"{prefix}.{index}" if isinstance(item, dict) else prefix)
    elif isinstance(value, bool):
        yield prefix, "yes" if value else "no"
    elif value is not None:
        yield prefix, str(value)


def _object(fields: Sequence[Field], prefix: str, stated: dict[str, list[str]]) -> JsonObject:
    found: JsonObject = {}
    for field in fields:
        value = _value(field, prefix, stated)
        if value is not None:
            found[field.name] = value
    return found


def _value(field: Field, prefix: str, stated: dict[str, list[str]]) -> JsonValue:
    name = prefix + field.name
    if field.shape == "group":
        return _object(field.fields, name + ".", stated) or None
    if field.shape == "rows":
        return _rows(field, prefix, stated)
    texts = [text for text in stated.pop(name, []) if text]
    if field.shape in {"words", "codes"}:
        return [word for text in texts for word in text.split()] or None
    if field.shape == "integers":
        return [_whole(word) for text in texts for word in text.split()] or None
    if not texts:
        return None
    if field.shape == "truth":
        return TRUTHS.get(texts[-1], texts[-1])
    return _whole(texts[-1]) if field.shape == "integer" else texts[-1]


def _rows(field: Field, prefix: str, stated: dict[str, list[str]]) -> JsonValue:
    count = rows_of(field, stated, prefix)
    if count > FORM_ROWS:
        raise BadInput(
            check="form-rows",
            detail=N_("The form has more than {most} rows."),
            next_step=N_("Send the rest by another document."),
            params={"most": str(FORM_ROWS)},
            field=prefix + field.name,
        )
    rows = [_object(field.fields, f"{prefix}{field.name}.{index}.", stated) for index in range(count)]
    told: list[JsonValue] = [row for row in rows if set(row) - {ROW_NUMBER}]
    return told or None


def _whole(text: str) -> JsonValue:
    return int(text) if WHOLE.fullmatch(text) else text
