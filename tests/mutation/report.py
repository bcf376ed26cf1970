"""The figures of a run: by module, and which mutants survived."""

from __future__ import annotations

import sys
import time
from collections import Counter

from .mutants import Mutant


class Report:
    """What became of the mutants."""

    def __init__(self, total: int, target: int) -> None:
        self._total = total
        self._target = target
        self._killed: Counter[str] = Counter()
        self._equivalent: Counter[str] = Counter()
        self._survived: list[Mutant] = []
        self._begun = time.monotonic()
        self._seconds = 0.0

    def equivalent(self, one: Mutant) -> None:
        """A mutant that was left out, because it changes no answer."""
        self._equivalent[one.module] += 1

    def tried(self, one: Mutant, survived: bool, seconds: float) -> None:
        """What became of a mutant."""
        self._seconds = max(self._seconds, seconds)
        if survived:
            self._survived.append(one)
        else:
            self._killed[one.module] += 1

    def told(self) -> int:
        """Print all of it; 0 where enough were killed and few enough left out."""
        lived = Counter(one.module for one in self._survived)
        modules = sorted({*self._killed, *lived, *self._equivalent})
        lines = [f"{'module':<28}{'killed':>8}{'survived':>10}{'equivalent':>12}{'share':>9}"]
        lines += [self._line(name, self._killed[name], lived[name], self._equivalent[name]) for name in modules]
        killed, left_out = self._killed.total(), self._equivalent.total()
        lines.append(self._line("all", killed, lived.total(), left_out))
        tried = killed + lived.total() + left_out
        minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
        lines.append(
            f"{tried} of {self._total} mutants in {minutes} min {seconds} s; the longest {self._seconds:.0f} s"
        )
        lines += ["Survived:" if self._survived else "None survived."]
        lines += [f"  {one.name}   (line {one.line})" for one in self._survived]
        sys.stdout.write("\n".join(lines) + "\n")
        if left_out * 10 > tried:
            sys.stdout.write("More than a tenth are listed as equivalent.\n")
            return 1
        return 0 if killed * 100 >= self._target * (killed + lived.total()) else 1

    @staticmethod
    def _line(name: str, killed: int, survived: int, equivalent: int) -> str:
        tried = killed + survived
        share = f"{100 * killed / tried:.1f} %" if tried else "-"
        return f"{name:<28}{killed:>8}{survived:>10}{equivalent:>12}{share:>9}"
