"""JSON schemas for the OpenAPI page, made from the forms and labels that the web uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gokei.faces import labels
from gokei.faces.forms import FORMS, Field, Form
from gokei.terms.limits import DOCUMENT_BYTES, QUESTION_BYTES

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem",
    "required": ["type", "title", "status", "detail", "check", "who"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:gokei:problem:bearer-token"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "check": {"type": "string", "description": "Which check said no; stable."},
        "who": {"enum": ["caller", "partner", "law", "operator", "us"], "description": "Who must act."},
        "next": {"type": "string", "description": "What to do next."},
        "field": {"type": "string"},
        "instrument": {"type": "string"},
        "provision": {"type": "string"},
    },
}
MEANINGS: Final = {
    400: "The call's words are wrong",
    401: "No office signed in",
    404: "Not found",
    409: "Refused by law, life cycle or verification",
    413: "Too large",
    415: "Not JSON",
    422: "The input is not right",
    503: "Not now; try again",
}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"description": meaning, "content": {"application/problem+json": {"schema": PROBLEM}}}
    for code, meaning in MEANINGS.items()
}
SHAPES: Final[dict[str, dict[str, Any]]] = {
    "date": {"type": "string", "format": "date"},
    "quantity": {"type": "string", "description": "A decimal number as text.", "examples": ["11.4"]},
    "amount": {"type": "string", "description": "A decimal number as text.", "examples": ["410400"]},
    "currency": {"type": "string", "description": "ISO 4217.", "examples": ["JPY"]},
    "integer": {"type": "integer"},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "words": {"type": "array", "items": {"type": "string"}},
    "truth": {"type": "boolean"},
}


def act_schema(form: Form) -> dict[str, Any]:
    """The JSON schema of one document type's input."""
    found = _object(form.fields)
    found["title"] = form.type
    found["description"] = form.lead
    found["properties"] = {
        "type": {"const": form.type},
        "to": {"type": "string", "description": "The partner's nation code."},
        "agreement": {"type": "string", "description": "The instrument; chosen by the node where it can be."},
        "offices": {"type": "array", "items": {"type": "string"}},
        "assume": {"type": "array", "items": {"type": "string"}},
        **found["properties"],
    }
    found["required"] = ["type", "to", *found["required"]]
    return found


def _object(fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
    }


def _schema(field: Field) -> dict[str, Any]:
    if field.shape == "group":
        return _object(field.fields)
    if field.shape == "rows":
        return {"type": "array", "minItems": 1, "items": _object(field.fields), "description": field.label}
    found = dict(SHAPES.get(field.shape, {"type": "string"}))
    if field.shape == "code":
        found["enum"] = list(labels.TABLES[field.choices])
    if field.shape == "codes":
        found = {"type": "array", "items": {"enum": list(labels.TABLES[field.choices])}}
    return {"description": field.label} | found


ACT_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": f"At most {DOCUMENT_BYTES} bytes.",
    "content": {
        "application/json": {
            "schema": {
                "oneOf": [act_schema(form) for form in FORMS.values()],
                "discriminator": {"propertyName": "type"},
            }
        }
    },
}
STATED_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": f"What was stated so far, facts by name; null is not known. At most {QUESTION_BYTES} bytes.",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
QUESTION_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": f"Facts by name; left out is unknown. At most {QUESTION_BYTES} bytes.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["kind", "on"],
                "properties": {
                    name: {"description": question} for name, question in labels.FACT.items() if name != "kind"
                }
                | {"kind": {"enum": ["support", "information"]}, "on": {"type": "string", "format": "date"}},
            }
        }
    },
}
