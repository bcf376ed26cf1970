"""One mutant in one forked child: the parent has imported what is slow and never the law, so a child starts at once."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import resource
import signal
import sys
import types
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import Final

# As in the tests, but the same in every run, without shrinking, and with fewer examples.
FEWER: Final = 5
SLOW: Final = ("pytest", "hypothesis", "hypothesis.strategies", "pydantic", "yaml", "click", "babel.messages.pofile")
SURVIVED, KILLED, BROKEN = 0, 1, 2
# Processor time of one mutant; what takes longer never ends. A child that waits for nothing is stopped as well.
SECONDS: Final = 45
PATIENCE: Final = 10
MEMORY: Final = 3 << 30


class _Planter(MetaPathFinder):
    """Gives the mutant wherever the module is imported."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self._module = module
        self._tree = tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Planted(fullname, spec.origin, self._tree)
        return spec


class _Planted(SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> types.CodeType:
        return compile(self._tree, self.path, "exec", dont_inherit=True)


def warm(without: str = "gokei.law") -> None:
    """Import what every child needs and no mutant is part of."""
    for name in SLOW:
        importlib.import_module(name)
    terms = importlib.import_module("gokei.terms")
    for found in pkgutil.iter_modules(terms.__path__, "gokei.terms."):
        importlib.import_module(found.name)
    if any(name.startswith(without) for name in sys.modules):
        raise RuntimeError(f"{without} is imported already; its mutants would not be seen")


def outcome(module: str, tree: ast.Module | None, stages: Sequence[Sequence[str]], said: Path | None = None) -> int:
    """Whether a mutant (or, with no tree, the module as it is) passes its tests: SURVIVED, KILLED or BROKEN."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            _limited()
            _quiet(said)
            status = _tried(module, tree, stages)
        except BaseException:
            status = KILLED
        os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else KILLED


def _tried(module: str, tree: ast.Module | None, stages: Sequence[Sequence[str]]) -> int:
    import pytest
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    settings.load_profile("mutation")
    nightly = importlib.import_module("tests.nightly")
    nightly.examples = lambda usual: max(1, usual // FEWER)  # type: ignore[attr-defined]
    if tree is not None:
        sys.meta_path.insert(0, _Planter(module, tree))
    for stage in stages:
        code = pytest.main(["-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist", *stage])
        if code == pytest.ExitCode.USAGE_ERROR or code == pytest.ExitCode.NO_TESTS_COLLECTED:
            # A mutant may break the collection itself; the module as it is must not.
            return BROKEN if tree is None else KILLED
        if code != pytest.ExitCode.OK:
            return KILLED
    return SURVIVED


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(SECONDS * PATIENCE)


def _quiet(said: Path | None) -> None:
    sink = os.open(said or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(sink, stream)
