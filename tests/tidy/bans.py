"""Bans on the pure floors: no clock, no randomness, no I/O, no floats, no state of the module.

A quotient of two whole numbers is a float as well; mypy sees that one, because nothing here is typed to take it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .tree import parsed

PURE = ("terms", "journal", "law", "support", "registry", "dossier", "ledger", "formats")
EXACT = ("terms", "journal", "law", "support", "registry", "dossier", "ledger")

CLOCK = "take the time as a value; gokei.node.ports.Clock gives it"
CHANCE = "take it as a value; gokei.node.ports.Random gives it"
OUTSIDE = "take bytes and give bytes; only gokei.node touches the world"
TASKS = "a pure floor runs where it is called"

MODULES = {
    "time": CLOCK,
    "random": CHANCE,
    "secrets": CHANCE,
    "uuid": CHANCE,
    "nacl.utils": CHANCE,
    "os": OUTSIDE,
    "sys": OUTSIDE,
    "socket": OUTSIDE,
    "ssl": OUTSIDE,
    "subprocess": OUTSIDE,
    "shutil": OUTSIDE,
    "tempfile": OUTSIDE,
    "sqlite3": OUTSIDE,
    "httpx": OUTSIDE,
    "urllib.request": OUTSIDE,
    "http": OUTSIDE,
    "logging": OUTSIDE,
    "asyncio": TASKS,
    "threading": TASKS,
    "multiprocessing": TASKS,
    "concurrent": TASKS,
}
CALLS = {
    "open": OUTSIDE,
    "print": OUTSIDE,
    "input": OUTSIDE,
    "exec": OUTSIDE,
    "eval": OUTSIDE,
    "__import__": OUTSIDE,
}
METHODS = {
    "now": CLOCK,
    "utcnow": CLOCK,
    "today": CLOCK,
    "generate": CHANCE,
    "read_text": OUTSIDE,
    "read_bytes": OUTSIDE,
    "write_text": OUTSIDE,
    "write_bytes": OUTSIDE,
}
INEXACT = {"math", "cmath", "numpy"}
MUTABLE_CALLS = {"list", "dict", "set", "bytearray", "defaultdict", "Counter", "OrderedDict", "deque"}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def world_faults(name: str, text: str) -> list[str]:
    """Where a module reaches for the clock, for chance, or for the world outside."""
    return [f"{name}:{line}: {what}: {instead}" for line, what, instead in _reaches(text)]


def _reaches(text: str) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _of_import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield from _of_import(node.lineno, f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.lineno, f"{node.func.id}()", CALLS[node.func.id]
            elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                yield node.lineno, f".{node.func.attr}()", METHODS[node.func.attr]


def _of_import(line: int, target: str) -> Iterator[tuple[int, str, str]]:
    for module, instead in MODULES.items():
        if target == module or target.startswith(f"{module}."):
            yield line, f"import of {module}", instead
    if target == "pathlib" or (target.startswith("pathlib.") and not target.startswith("pathlib.Pure")):
        yield line, "import of pathlib", "PurePosixPath names a place without touching it"


def float_faults(name: str, text: str) -> list[str]:
    """Where a module says `float`, or writes one."""
    found: list[str] = []
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{name}:{node.lineno}: the float {node.value}: use Decimal or Fraction")
        elif isinstance(node, ast.Name) and node.id in {"float", "complex"}:
            found.append(f"{name}:{node.lineno}: the name {node.id}: use Decimal or Fraction")
        elif isinstance(node, ast.ImportFrom) and node.module in INEXACT:
            found.append(f"{name}:{node.lineno}: {node.module} works in floats")
        elif isinstance(node, ast.Import):
            found += [f"{name}:{node.lineno}: {one.name} works in floats" for one in node.names if one.name in INEXACT]
    return found


def state_faults(name: str, text: str) -> list[str]:
    """Where a module keeps something that a call could change: `global`, or a mutable value that is not Final."""
    tree = parsed(text)
    globals_said = [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    found = [f"{name}:{node.lineno}: global {', '.join(node.names)}" for node in globals_said]
    for node in tree.body:
        if isinstance(node, ast.Assign):
            final = {ast.unparse(target) for target in node.targets} == {"__all__"}
        elif isinstance(node, ast.AnnAssign):
            final = "Final" in ast.unparse(node.annotation)
        elif isinstance(node, ast.AugAssign):
            found.append(f"{name}:{node.lineno}: a value of the module is changed")
            continue
        else:
            continue
        if not final and node.value is not None and _mutable(node.value):
            found.append(f"{name}:{node.lineno}: a mutable value of the module that is not Final")
    return found


def _mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        called = value.func
        return (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) in MUTABLE_CALLS
    return isinstance(value, MUTABLE)
