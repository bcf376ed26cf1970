"""The seeds that once broke something, kept for good."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("seeds.txt")


def kept(path: Path = FILE) -> list[int]:
    """All kept seeds, oldest first."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [int(line) for line in lines if line]


def keep(seed: int, broken: str, path: Path = FILE) -> None:
    """Keep a seed, once, with what it broke."""
    if seed not in kept(path):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{seed}  # {broken}\n")
