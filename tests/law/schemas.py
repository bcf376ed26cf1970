"""A small JSON Schema validator for the tests: the keywords that the pack schema uses, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}
SAYS_NOTHING = {"$schema", "$defs", "title", "description", "then", "else"}


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


class Schema:
    """`faults` yields where and by which keyword a value is refused."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def faults(self, value: Any, schema: Any = None, at: str = "") -> Iterator[str]:
        schema = self.root if schema is None else schema
        if schema is True:
            return
        for word, told in schema.items():
            if word not in SAYS_NOTHING:
                yield from getattr(self, "_" + re.sub("[A-Z]", lambda found: "_" + found[0].lower(), word.lstrip("$")))(
                    value, told, at, schema
                )

    def takes(self, value: Any, schema: Any) -> bool:
        return next(self.faults(value, schema), None) is None

    def _ref(self, value: Any, told: str, at: str, _schema: Any) -> Iterator[str]:
        assert told.startswith("#/$defs/")
        yield from self.faults(value, self.root["$defs"][told.removeprefix("#/$defs/")], at)

    def _type(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if not any(TYPES[name](value) for name in (told if isinstance(told, list) else [told])):
            yield f"{at}: type"

    def _enum(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if not any(same(value, one) for one in told):
            yield f"{at}: enum"

    def _const(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if not same(value, told):
            yield f"{at}: const"

    def _pattern(self, value: Any, told: str, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, str) and not re.search(told, value):
            yield f"{at}: pattern"

    def _required(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (f"{at}: required {name}" for name in told if name not in value)

    def _properties(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, one in told.items():
                if name in value:
                    yield from self.faults(value[name], one, f"{at}/{name}")

    def _additional_properties(self, value: Any, told: Any, at: str, schema: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name in [one for one in value if one not in schema.get("properties", {})]:
                if told is False:
                    yield f"{at}/{name}: additionalProperties"
                else:
                    yield from self.faults(value[name], told, f"{at}/{name}")

    def _items(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, list):
            for place, one in enumerate(value):
                yield from self.faults(one, told, f"{at}/{place}")

    def _min_items(self, value: Any, told: int, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, list) and len(value) < told:
            yield f"{at}: minItems"

    def _max_items(self, value: Any, told: int, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, list) and len(value) > told:
            yield f"{at}: maxItems"

    def _unique_items(self, value: Any, told: bool, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, list) and told and len({repr(one) for one in value}) < len(value):
            yield f"{at}: uniqueItems"

    def _min_properties(self, value: Any, told: int, at: str, _schema: Any) -> Iterator[str]:
        if isinstance(value, dict) and len(value) < told:
            yield f"{at}: minProperties"

    def _any_of(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if not any(self.takes(value, one) for one in told):
            yield f"{at}: anyOf"

    def _one_of(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if sum(self.takes(value, one) for one in told) != 1:
            yield f"{at}: oneOf"

    def _all_of(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        for one in told:
            yield from self.faults(value, one, at)

    def _not(self, value: Any, told: Any, at: str, _schema: Any) -> Iterator[str]:
        if self.takes(value, told):
            yield f"{at}: not"

    def _if(self, value: Any, told: Any, at: str, schema: Any) -> Iterator[str]:
        branch = "then" if self.takes(value, told) else "else"
        if branch in schema:
            yield from self.faults(value, schema[branch], at)
