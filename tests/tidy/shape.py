"""Sizes and docstrings: files and functions that one reader can hold, and a sentence on everything that is public."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from .tree import parsed

FILE_LINES = 600
FILE_LINES_MEDIAN = 200
FUNCTION_LINES = 70

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def lines(text: str) -> int:
    """How many lines a file has."""
    return len(text.splitlines())


def size_faults(name: str, text: str) -> list[str]:
    """A file or a function that is too long."""
    found = [f"{name}: {lines(text)} lines; at most {FILE_LINES}"] if lines(text) > FILE_LINES else []
    for node in ast.walk(parsed(text)):
        if isinstance(node, Function):
            long = (node.end_lineno or node.lineno) - node.lineno + 1
            if long > FUNCTION_LINES:
                found.append(f"{name}:{node.lineno}: {node.name} has {long} lines; at most {FUNCTION_LINES}")
    return found


def docstring_faults(name: str, text: str) -> list[str]:
    """A module, a public class or a public function without a docstring that ends its first line as a sentence."""
    tree = parsed(text)
    found: list[str] = []
    if lines(text) and not ast.get_docstring(tree):
        found.append(f"{name}:1: the module says nothing of itself")
    for node in _public(tree.body):
        says = ast.get_docstring(node) or ""
        if not says.strip():
            found.append(f"{name}:{node.lineno}: {node.name} says nothing of itself")
        elif says.split("\n\n")[0].rstrip()[-1] not in ".:?…)`»":
            found.append(f"{name}:{node.lineno}: the first words of {node.name} are no sentence")
    return found


def _public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_") and not _inherits(node):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def _inherits(node: Function | ast.ClassDef) -> bool:
    """Whether another place says it already: an override, or one more signature of an overloaded function."""
    return any(ast.unparse(one).rpartition(".")[2] in {"override", "overload"} for one in node.decorator_list)
