"""YAML as nodes that know their place. Anchors, aliases and tags have no use in a pack, and are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from gokei.terms import limits
from gokei.terms.json_types import JsonValue
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

# YAML is imported where it is read: a start from the cache does without it.
if TYPE_CHECKING:
    import yaml

SCALAR: Final = "scalar"
BOOLEAN: Final = "boolean"
LIST: Final = "list"
MAPPING: Final = "mapping"


class Node(NamedTuple):
    """One value: its shape, its text or its parts (of a mapping: name, value, name, value, …), line and column."""

    shape: str
    text: str
    parts: tuple[Node, ...]
    line: int
    column: int

    def plain(self) -> JsonValue:
        """The node as JSON, for a cache."""
        return [self.shape, self.text, [part.plain() for part in self.parts], self.line, self.column]


def from_plain(value: JsonValue) -> Node:
    """The node that `plain` wrote. Raises ValueError or TypeError for anything else."""
    shape, text, parts, line, column = cast("tuple[str, str, list[JsonValue], int, int]", value)
    return Node(shape, text, tuple(from_plain(part) for part in parts), line, column)


def parse_yaml(data: bytes, path: str) -> Node:
    """The one document of a pack file. Raises BadInput (`pack-…`) with line and column."""
    import yaml

    if len(data) > limits.PACK_BYTES:
        raise BadInput(
            check="pack-size",
            detail=N_("The pack is {size} bytes; at most {limit} are read."),
            params={"size": str(len(data)), "limit": str(limits.PACK_BYTES)},
            path=path,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            check="pack-encoding", detail=N_("The pack is not UTF-8."), path=path, line=line, column=1
        ) from error
    try:
        _check_events(text, path)
        found = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(
            check="pack-syntax",
            detail=N_("This is not YAML: {reason}."),
            params={"reason": str(error.problem or error.context or "")},
            path=path,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from error
    except yaml.YAMLError as error:
        raise BadInput(
            check="pack-syntax",
            detail=N_("This is not YAML: {reason}."),
            params={"reason": " ".join(str(error).split())[:200]},
            path=path,
            line=1,
            column=1,
        ) from error
    if found is None:
        raise BadInput(check="pack-empty", detail=N_("The pack is empty."), path=path, line=1, column=1)
    return _node(found)


def _loader() -> type[yaml.SafeLoader]:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _check_events(text: str, path: str) -> None:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _at(event, path, "pack-alias", N_("Anchors and aliases are not used in packs: write it out."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > limits.PACK_DEPTH:
                raise _at(event, path, "pack-depth", N_("The pack is nested too deeply."))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "tag", None) is not None:
            raise _at(event, path, "pack-tag", N_("YAML tags are not used in packs."))


def _at(event: yaml.Event, path: str, check: str, detail: str) -> BadInput:
    mark = event.start_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return BadInput(check=check, detail=detail, path=path, line=line, column=column)


def _node(node: yaml.Node) -> Node:
    import yaml

    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.MappingNode):
        parts = tuple(_node(one) for pair in node.value for one in pair)
        return Node(MAPPING, "", parts, line, column)
    if isinstance(node, yaml.SequenceNode):
        return Node(LIST, "", tuple(_node(one) for one in node.value), line, column)
    plain_word = node.tag.endswith(":bool") and node.value in {"true", "false"}
    return Node(BOOLEAN if plain_word else SCALAR, str(node.value), (), line, column)
