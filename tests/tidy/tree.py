"""What the rules are held against: the modules of the package, and the files that are committed."""

from __future__ import annotations

import ast
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "gokei"
KEPT = (".ci", "agreements", "docs", "requirements", "src", "tests", "tools")
UNKEPT = ("__pycache__", "vendor")


class Module(NamedTuple):
    """One Python file: where it lies below the package (or the repository), and what it says."""

    name: str
    text: str

    @property
    def wing(self) -> str:
        """The package of a floor that the module belongs to; empty for `gokei/__init__.py`."""
        first, _, rest = self.name.partition("/")
        return first if rest else ""


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Every module of the package, named relative to it."""
    return tuple(
        Module(path.relative_to(PACKAGE).as_posix(), path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    )


@lru_cache(maxsize=1)
def committed() -> tuple[Path, ...]:
    """Every file of the repository; without git, those of its folders that are kept."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        below = [path for folder in KEPT for path in (ROOT / folder).rglob("*") if not {*path.parts} & {*UNKEPT}]
        paths = [*ROOT.glob("*"), *below]
    return tuple(sorted(path for path in paths if path.is_file()))


def parsed(text: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(text)
