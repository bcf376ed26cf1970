"""The format of packs as JSON Schema (2020-12), for editors: made of the tables that the loader reads by.

It says what one file must look like. What only the whole folder can tell (an id that stands in two files, versions
that overlap), a name given twice, and how many alternatives a condition has, the loader alone says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gokei.law.loader import shapes
from gokei.law.loader.shapes import Field, Shape
from gokei.terms.facts import Fact
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.markings import LEVELS
from gokei.terms.nations import NATIONS

_DAY: Final = (
    "^[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$"
)
_INSTANT: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"
# What an editor reads as a whole number, the loader reads as the text that stands there.
_TEXT: Final[JsonObject] = {"pattern": "\\S", "type": ["string", "integer"]}


def pack_schema() -> JsonObject:
    """The schema of one pack file."""
    whole = _mapping(shapes.INSTRUMENT)
    whole["allOf"] = [_law_has_one_party(), _only_drafts_stand_for_laws()]
    definitions: JsonObject = {name: _mapping(shape) for name, shape in shapes.SHAPES.items() if name != "instrument"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A pack of Gokei",
        "description": "One agreement or law as data: docs/reference/packs.md",
        **whole,
        "$defs": {**definitions, **_values(), **_lists(), **_conditions()},
    }


def _mapping(shape: Shape) -> JsonObject:
    properties: JsonObject = {name: _field(field) for name, field in shape.fields.items()}
    found: JsonObject = {"type": "object", "properties": properties, "additionalProperties": False}
    if shape.required:
        found["required"] = [*shape.required]
    if shape is shapes.EQUIVALENCE:
        properties |= {nation: _nation_levels(nation) for nation in sorted(LEVELS)}
    if shape is shapes.EVENT:
        found["oneOf"] = [{"required": ["date"]}, {"required": ["at"]}]
    if shape is shapes.PROVISION:
        found["allOf"] = [_of_effect(field, effect) for field, effect in shapes.OF_EFFECT.items()]
    return found


def _field(field: Field) -> JsonObject:
    return {"description": field.says, "$ref": f"#/$defs/{field.holds}"}


def _of_effect(field: str, effect: str) -> JsonObject:
    has: JsonObject = {"required": [field]}
    return {
        "if": {"properties": {"effect": {"const": effect}}, "required": ["effect"]},
        "then": {} if field in shapes.MAY_LACK else has,
        "else": {"not": has},
    }


def _law_has_one_party() -> JsonObject:
    return {
        "if": {"properties": {"kind": {"const": "law"}}, "required": ["kind"]},
        "then": {"properties": {"parties": {"maxItems": 1}}},
        "else": {"properties": {"parties": {"minItems": 2}}},
    }


def _only_drafts_stand_for_laws() -> JsonObject:
    none: JsonObject = {"items": {"not": {"required": ["law_of"]}}}
    return {
        "if": {"properties": {"draft": {"const": True}}, "required": ["draft"]},
        "else": {"properties": {"provisions": none}},
    }


def _values() -> JsonObject:
    words: JsonObject = {name: {"enum": [*known]} for name, known in shapes.WORDS.items()}
    return {
        **words,
        "anything": True,
        "text": _TEXT,
        "boolean": {"type": "boolean"},
        "id": {"type": "string", "pattern": f"^{shapes.ID_PATTERN}$"},
        "day": {"type": "string", "pattern": _DAY},
        "instant": {"type": "string", "pattern": _INSTANT},
        "period": {"type": "string", "pattern": f"^{shapes.DURATION_PATTERN}$"},
        "rank": {"enum": [*shapes.RANKS, *(int(rank) for rank in shapes.RANKS)]},
        "nation": {"enum": [*sorted(NATIONS)]},
        "variants": {"type": "object", "additionalProperties": {"$ref": "#/$defs/variant"}, "minProperties": 2},
        "obligation": _mapping(shapes.OBLIGATION) | {"additionalProperties": _of_obligation()},
    }


def _lists() -> JsonObject:
    """Lists by name, each of one other definition."""
    found: JsonObject = {
        name: {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}
        for name, of in {
            "texts": "text", "nations": "nation", "events": "event_entry", "equivalences": "equivalence",
            "provisions": "provision", "methods": "method",
        }.items()
    }  # fmt: skip
    return found | {
        "parties": {"type": "array", "items": {"$ref": "#/$defs/nation"}, "minItems": 1, "uniqueItems": True},
        "lints": {"type": "array", "items": {"$ref": "#/$defs/lint"}, "minItems": 1},
    }


def _of_obligation() -> JsonObject:
    return {"anyOf": [{"$ref": f"#/$defs/{one}"} for one in ("text", "texts", "says")]}


def _nation_levels(nation: str) -> JsonObject:
    # Korea's levels are numbers, which an editor may read as such.
    words: list[JsonValue] = [*LEVELS[nation], *(int(one) for one in LEVELS[nation] if one.isdigit())]
    return {"type": "array", "items": {"enum": words}}


def _conditions() -> JsonObject:
    nested: JsonObject = {
        name: {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1}
        if several
        else {"$ref": "#/$defs/condition"}
        for name, several in shapes.NESTING.items()
    }
    properties: JsonObject = {name: _of_fact(fact) for name, fact in shapes.USABLE.items()}
    return {
        "condition": {
            "description": "All its lines must hold. The facts: docs/reference/facts.md",
            "type": "object",
            "properties": nested | properties,
            "additionalProperties": False,
        },
        "value_nation": {"enum": [*sorted(NATIONS), *shapes.ROLES]},
    }


def _of_fact(fact: Fact) -> JsonObject:
    """One value, one of several, none of several, or a comparison."""
    forms: list[JsonValue] = []
    if fact.type != "date":
        one = _value(fact)
        forms = [one, {"type": "array", "items": one, "minItems": 1}]
        forms.append(_only(shapes.NEGATION, {"anyOf": [*forms]}))
    forms += [_only(name, _compared(words)) for name, words in shapes.comparisons(fact).items()]
    return {"anyOf": forms}


def _value(fact: Fact) -> JsonObject:
    match fact.type:
        case "boolean":
            return {"$ref": "#/$defs/boolean"}
        case "nation":
            more = [one for one in shapes.values(fact) if one not in {*NATIONS, *shapes.ROLES}]
            named: JsonObject = {"$ref": "#/$defs/value_nation"}
            return {"anyOf": [named, {"enum": [*more]}]} if more else named
        case "code" | "marking":
            return {"enum": [*shapes.values(fact)]}
        case _:
            return {"$ref": "#/$defs/text"}


def _compared(words: Sequence[str] | None) -> JsonObject:
    if words is None:
        return {"anyOf": [{"$ref": "#/$defs/day"}, {"const": shapes.ON}]}
    return {"enum": [*words]}


def _only(name: str, value: JsonObject) -> JsonObject:
    return {"type": "object", "properties": {name: value}, "required": [name], "additionalProperties": False}
