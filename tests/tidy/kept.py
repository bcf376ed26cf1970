"""What may be committed: nothing unfinished, nothing large, no host that a reader's own configuration should name."""

from __future__ import annotations

import re
from pathlib import Path

FILE_BYTES = 1024 * 1024
# Put together here, so that this file holds none of them.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
    "npm" + "mirror.com",
)
LINK = re.compile(r"\]\(([^()\s]+)\)")
PIN = re.compile(r"^[a-z0-9][a-z0-9.-]*==\S+( ; .+)? \\$")


def text_faults(name: str, text: str) -> list[str]:
    """Marks of unfinished work, and names of package hosts."""
    found: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = UNFINISHED.search(line)
        if mark:
            found.append(f"{name}:{number}: {mark.group()}")
        found += [
            f"{name}:{number}: {host}: the reader's configuration says where packages are"
            for host in HOSTS
            if host in line
        ]
    return found


def lock_faults(name: str, text: str) -> list[str]:
    """Requirements of a lock without an exact version, or without a hash."""
    found: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line or line.startswith((" ", "#")):
            continue
        if not PIN.match(line):
            found.append(f"{name}:{number}: not one exact version: {line}")
        elif not lines[number : number + 1] or "--hash=sha256:" not in lines[number]:
            found.append(f"{name}:{number}: no hash: {line}")
    return found


def link_faults(name: str, text: str, folder: Path) -> list[str]:
    """Links of a Markdown page to files that are not there."""
    found: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        for target in LINK.findall(line):
            place = target.partition("#")[0]
            if place and "://" not in place and not (folder / place).exists():
                found.append(f"{name}:{number}: there is no {place}")
    return found
