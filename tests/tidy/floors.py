"""Floors: a package imports only from floors below its own, and never from a neighbour on its floor."""

from __future__ import annotations

import ast

from .tree import parsed

FLOORS = {
    "terms": 1,
    "journal": 2,
    "law": 2,
    "support": 3,
    "registry": 3,
    "dossier": 3,
    "ledger": 4,
    "formats": 5,
    "node": 5,
    "faces": 6,
}


def floor_faults(name: str, text: str) -> list[str]:
    """Imports of the module `name` (relative to the package) that do not go down."""
    own = name.partition("/")[0]
    found: list[str] = []
    for line, package in _imported(name, text):
        if package == own:
            continue
        if package not in FLOORS:
            found.append(f"{name}:{line}: gokei.{package} has no floor; give it one in tests/tidy/floors.py")
        elif own not in FLOORS:
            found.append(f"{name}:{line}: a module outside the floors imports gokei.{package}")
        elif FLOORS[package] >= FLOORS[own]:
            found.append(
                f"{name}:{line}: {own} (floor {FLOORS[own]}) imports {package} (floor {FLOORS[package]}); "
                "imports only go down"
            )
    return found


def _imported(name: str, text: str) -> list[tuple[int, str]]:
    here = ["gokei", *name.split("/")[:-1]]
    found: list[tuple[int, str]] = []
    for node in ast.walk(parsed(text)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        else:
            base = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            targets = [f"{module}.{alias.name}" for alias in node.names] if module == "gokei" else [module]
        for target in targets:
            parts = target.split(".")
            if parts[0] == "gokei" and len(parts) > 1 and not parts[1].startswith("__"):
                found.append((node.lineno, parts[1]))
    return found
