"""The mutants of a module: its text with one small fault in it, each under a name that outlives a move of lines."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from .operators import changes

SHOWN = 90
SPOKEN = {"N_"}
PROBLEMS = {"BadInput", "OurBug", "LookupError", "ValueError"}


class Mutant(NamedTuple):
    """One fault: the module, a name for it, and the place of the fault among all of the module."""

    module: str
    name: str
    line: int
    number: int


class _Site(NamedTuple):
    parent: ast.AST
    field: str
    place: int | None
    node: ast.AST
    scope: str
    stands_in: ast.AST


def mutants(module: str, text: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines."""
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for number, (site, other) in enumerate(_all(ast.parse(text))):
        name = f"{site.scope}: {_told(site, other)}"
        seen[name] += 1
        again = f" #{seen[name]}" if seen[name] > 1 else ""
        line = getattr(site.node, "lineno", 0) or getattr(site.stands_in, "lineno", 0)
        found.append(Mutant(module, f"{module} {name}{again}", line, number))
    return found


def planted(text: str, number: int) -> ast.Module:
    """The module with the fault of that number in it."""
    tree = ast.parse(text)
    for place, (site, other) in enumerate(_all(tree)):
        if place == number:
            _put(site, other)
            return ast.fix_missing_locations(tree)
    raise LookupError(f"there is no mutant {number}")


def _put(site: _Site, other: ast.AST) -> None:
    ast.copy_location(other, site.node)
    if site.place is None:
        setattr(site.parent, site.field, other)
    else:
        getattr(site.parent, site.field)[site.place] = other


def _told(site: _Site, other: ast.AST) -> str:
    """Both texts, with what stands around a constant."""
    if not isinstance(site.node, ast.Constant) or isinstance(site.stands_in, ast.Module):
        return f"{_short(site.node)} → {_short(other)}"
    before = _short(site.stands_in)
    _put(site, other)
    after = _short(site.stands_in)
    _put(site, site.node)
    return f"{before} → {after}"


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        text = "for … if " + " if ".join(map(ast.unparse, node.ifs))
    else:
        text = ast.unparse(node)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _all(tree: ast.Module) -> Iterator[tuple[_Site, ast.AST]]:
    for site in _sites(tree, "module", tree):
        for other in changes(site.node):
            yield site, other


def _sites(parent: ast.AST, scope: str, stands_in: ast.AST) -> Iterator[_Site]:
    for field, value in ast.iter_fields(parent):
        if _left_out(parent, field):
            continue
        for place, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _says_nothing(node):
                continue
            yield _Site(parent, field, place, node, scope, stands_in)
            inner = _inner(node, scope)
            yield from _sites(node, inner, _around(node, stands_in))


def _around(node: ast.AST, stands_in: ast.AST) -> ast.AST:
    """The nearest node that shows a constant among its neighbours, and is still short."""
    if isinstance(node, ast.Starred | ast.MatchValue | ast.Slice | ast.keyword | ast.arguments | ast.MatchOr):
        return stands_in
    short = isinstance(node, ast.expr) or (isinstance(node, ast.stmt) and not hasattr(node, "body"))
    return node if short or isinstance(node, ast.match_case) else stands_in


def _inner(node: ast.AST, scope: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name if scope == "module" else f"{scope}.{node.name}"
    return scope


def _left_out(parent: ast.AST, field: str) -> bool:
    """Annotations and decorators say nothing at run time that a test could see; f-strings and messages are words."""
    if field in {"annotation", "returns", "decorator_list"}:
        return True
    if isinstance(parent, ast.ClassDef) and field in {"bases", "keywords"}:
        return True
    return isinstance(parent, ast.Raise) and field == "cause"


def _says_nothing(node: ast.AST) -> bool:
    """Docstrings, imports, types, `__slots__`, words for a reader, and whether `zip` checks what is so anyway."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.JoinedStr():
            return True
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
            return True
        case ast.Assign(targets=[ast.Name(id="__slots__")]):
            return True
        case ast.keyword(arg="strict"):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in SPOKEN or name in PROBLEMS
        case _:
            return False
