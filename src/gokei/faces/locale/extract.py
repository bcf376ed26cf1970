"""Finds every message id of the source: `N_("…")` and `_("…")` in Python, `_("…")` in templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jinja2 import Environment, nodes

MARKERS: Final = frozenset({"N_", "_"})
PACKAGE: Final = Path(__file__).parents[2]


def message_ids(package: Path = PACKAGE) -> dict[str, list[str]]:
    """Every message id below `package`, with the files that use it (sorted, relative to the package)."""
    found: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        for text in _of_python(path):
            found.setdefault(text, set()).add(path.relative_to(package).as_posix())
    for path in sorted(package.rglob("*.html")):
        for text in _of_template(path):
            found.setdefault(text, set()).add(path.relative_to(package).as_posix())
    return {text: sorted(places) for text, places in sorted(found.items())}


def _of_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in MARKERS and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
            yield first.value


def _of_template(path: Path) -> Iterator[str]:
    tree = Environment(autoescape=True).parse(path.read_text("utf-8"), filename=str(path))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield first.value
