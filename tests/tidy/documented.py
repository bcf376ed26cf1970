"""What users can name, each to stand in docs/reference: commands, calls, settings, types of documents, facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import click

from .tree import ROOT

REFERENCE = ROOT / "docs" / "reference"
SETTING = re.compile(r"\bGOKEI_[A-Z][A-Z_]*\b")
METHODS = ("get", "put", "post", "delete", "patch")


def reference(pattern: str) -> str:
    """The text of the reference's pages of that name."""
    return "\n".join(path.read_text("utf-8") for path in sorted(REFERENCE.glob(pattern)))


def commands(
    group: click.Command, path: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command]]:
    """Every command below `group` by its full name, the group itself included."""
    yield path, group
    if isinstance(group, click.Group):
        context = click.Context(group, info_name=path, parent=parent)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None and not command.hidden:
                yield from commands(command, f"{path} {name}", context)


def undocumented_commands(root: click.Command, text: str) -> list[str]:
    """Commands, options and arguments that the text does not name."""
    found: list[str] = []
    for path, command in commands(root, "gokei"):
        if not _names(text, path):
            found.append(path)
        for parameter in command.params:
            shown = not getattr(parameter, "hidden", False) and isinstance(parameter, click.Option)
            found += [f"{path} {word}" for word in parameter.opts if shown and not _names(text, word)]
    return found


def undocumented_calls(openapi: dict[str, Any], text: str) -> list[str]:
    """Calls of an OpenAPI description, like `POST /act`, that the text does not name."""
    calls = [
        f"{method.upper()} {path}"
        for path, verbs in cast("dict[str, dict[str, Any]]", openapi["paths"]).items()
        for method in METHODS
        if method in verbs
    ]
    return [call for call in calls if not (_names(text, call) or _names(text, call.replace(" ", " /api/v1", 1)))]


def settings(text: str) -> set[str]:
    """The environment variables that a text reads or writes."""
    return {*SETTING.findall(text)}


def undocumented(names: Iterator[str] | list[str] | set[str], text: str) -> list[str]:
    """Names that the text does not have in code marks."""
    return sorted(name for name in {*names} if f"`{name}`" not in text)


def _names(text: str, words: str) -> bool:
    """Whether the text has these words as they are, not as the beginning of longer ones."""
    return re.search(rf"(?<![\w/-]){re.escape(words)}(?![\w-]|/\w)", text) is not None
