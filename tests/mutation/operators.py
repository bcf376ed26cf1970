"""The small faults that are planted, one at a time: what a node of the syntax tree is replaced by."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from typing import Any, Final

COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
SWAPPED: Final = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "reversed": "iter"}
# Whose truth is asked without a comparison in sight: `if found`, `x if found else y`, `[… if found]`.
ASKED: Final = {ast.If: "test", ast.While: "test", ast.IfExp: "test"}
LATER: Final = "later"


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Every fault that can be planted in this very node; what lies below it is asked for itself."""
    match node:
        case ast.Compare(ops=[operator]):
            for other in COMPARED[type(operator)]:
                yield _with(node, ops=[other()])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp():
            yield node.operand
        case ast.BinOp() | ast.AugAssign():
            if type(node.op) in COUNTED:
                yield _with(node, op=COUNTED[type(node.op)]())
            if isinstance(node, ast.AugAssign):
                yield ast.Pass()
        case ast.Constant():
            yield from _constants(node)
        case ast.Call(func=ast.Name(id=name)) if name in SWAPPED and len(node.args) == 1:
            yield _with(node, func=ast.Name(SWAPPED[name], ast.Load()), keywords=_kept(node, SWAPPED[name]))
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Break() | ast.Continue():
            yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()
        case ast.Expr(value=ast.Call()) | ast.Delete() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case _:
            pass
    yield from _turned(node)


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool(value):
            yield ast.Constant(not value)
        case int(value):
            yield ast.Constant(0 if value == 1 else value + 1)
        case str(value):
            yield ast.Constant(value + LATER)
        case _:
            pass


def _turned(node: ast.AST) -> Iterator[ast.AST]:
    """What is asked, turned round, where no operator in it can be."""
    if type(node) in ASKED and _plain(getattr(node, ASKED[type(node)])):
        yield _with(node, test=ast.UnaryOp(ast.Not(), getattr(node, "test")))  # noqa: B009
    if isinstance(node, ast.comprehension):
        for place, one in enumerate(node.ifs):
            if _plain(one):
                yield _with(node, ifs=[*node.ifs[:place], ast.UnaryOp(ast.Not(), one), *node.ifs[place + 1 :]])


def _plain(asked: ast.expr) -> bool:
    return not isinstance(asked, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _kept(node: ast.Call, name: str) -> list[ast.keyword]:
    return [] if name == "list" else node.keywords


def _with(node: Any, **changed: object) -> ast.AST:
    other: Any = copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return ast.fix_missing_locations(other) if isinstance(other, ast.AST) else other
