"""What errors do not tell of packs: contradictions, what nothing can reach, gaps in time, poor sources."""

from gokei.law.lint.checking import lint
from gokei.law.lint.findings import INFORMATION, WARNING, Finding

__all__ = ["INFORMATION", "WARNING", "Finding", "lint"]
