"""The command line as a process of its own: what it prints, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMMAND = (sys.executable, "-m", "gokei.faces.cli.main")


def call(
    *arguments: str, cwd: Path | None = None, more: Mapping[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"GOKEI_LANGUAGE": "en"} | dict(more or {})
    return subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, cwd=cwd, env=environment, timeout=120, check=False
    )


def in_shell(text: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """A line for bash, in which `gokei` is the command; its exit code is that of the first command of a pipe."""
    script = f'gokei() {{ "{sys.executable}" -m gokei.faces.cli.main "$@"; }}\n{text}\nexit "${{PIPESTATUS[0]}}"'
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, cwd=cwd, env=os.environ | {"GOKEI_LANGUAGE": "en"}, timeout=120,
        check=False,
    )  # fmt: skip
