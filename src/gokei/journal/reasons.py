"""Why a field is not right, in words that an officer can act on and the catalogues translate."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from pydantic_core import ErrorDetails

from gokei.terms.quantities import AMOUNT_PATTERN
from gokei.terms.words import N_


class FieldReason(NamedTuple):
    """A message id, and what fills it."""

    text: str
    params: dict[str, str]


_BY_TYPE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": N_("it is missing"),
        "extra_forbidden": N_("there is no such field"),
        "string_type": N_("a text should stand here"),
        "string_too_short": N_("the text is too short"),
        "string_too_long": N_("the text is too long; at most {max_length} characters"),
        "string_pattern_mismatch": N_("it has characters that cannot stand here, or not the form that it needs"),
        "int_type": N_("a whole number should stand here"),
        "int_from_float": N_("a whole number should stand here"),
        "greater_than_equal": N_("the number is too small; at least {ge}"),
        "less_than_equal": N_("the number is too large; at most {le}"),
        "bool_type": N_("true or false should stand here"),
        "tuple_type": N_("a list should stand here"),
        "too_short": N_("the list has too few entries"),
        "too_long": N_("the list has too many entries; at most {max_length}"),
        "dict_type": N_("an object with named fields should stand here"),
        "model_type": N_("an object with named fields should stand here"),
        "literal_error": N_("it is none of the words that can stand here: {expected}"),
        "day": N_("there is no such day; a day is written like 2017-09-06"),
        "word": N_("not a valid word"),
        "near_word": N_("not a valid word; did you mean {nearest}?"),
    }
)
_BY_PATTERN: Final[Mapping[str, str]] = MappingProxyType(
    {
        AMOUNT_PATTERN: N_("an amount is written in the digits 0 to 9, such as 12 or 11.4, with at most 6 decimals"),
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": _BY_TYPE["day"],
        r"^[A-Z]{3}$": N_("a currency is written in three capitals, such as JPY"),
        r"^[0-9]{13}$": N_("a stock number has 13 digits"),
        r"^[A-Z]{2,4}$": N_("a nation is written by its code, such as JP"),
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": N_(
            "a name has letters, digits, dots, underscores and hyphens, at most 64"
        ),
        r"^sha256:[0-9a-f]{64}$": N_("a document is named by its hash, sha256: and 64 hexadecimal digits"),
    }
)


def field_reason(error: ErrorDetails) -> FieldReason:
    """What a validation error says, for people; a kind of error that has no words here keeps its English ones."""
    context = {name: str(value) for name, value in error.get("ctx", {}).items()}
    text = _BY_PATTERN.get(context.get("pattern", "")) or _BY_TYPE.get(error["type"]) or error["msg"]
    used = {name: value for name, value in context.items() if "{" + name + "}" in text}
    return FieldReason(text, used)
