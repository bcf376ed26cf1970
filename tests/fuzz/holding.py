"""What every input must keep to: only problems of ours come out, soon, in little memory, and the same ones again."""

from __future__ import annotations

import hashlib
import re
import resource
import time
import tracemalloc
from pathlib import Path
from typing import Final

from gokei.terms.problems import OurBug, Problem
from tests.fuzz.targets import TARGETS, Target, shape

CORPUS: Final = Path(__file__).parent / "corpus"
MEMORY_BYTES: Final = 64 * 1024 * 1024
TRIES: Final = 3
NEW_BYTES: Final = 4096
NEW_MOST: Final = 8


class Finding(AssertionError):
    """An input that a parser does not bear."""


def outcome(target: Target, data: bytes) -> str:
    """What the target makes of the input. Anything but a problem of somebody else's making is a finding."""
    try:
        return shape(target.run(data))
    except OurBug as bug:
        raise Finding(f"our bug: {bug.check}") from bug
    except Problem as problem:
        return f"{type(problem).__name__} {problem.check} {problem.detail_text()} {problem.next_text()}"
    except Exception as error:
        raise Finding(f"{type(error).__name__}: {error}") from error


def hold(name: str, data: bytes, measured: bool = False) -> str:
    """Hold an input of the target `name` to all of it; memory is measured where asked, for that is slow."""
    target = TARGETS[name]
    began = time.process_time()
    first = outcome(target, data)
    taken = time.process_time() - began
    for _ in range(TRIES):
        if taken <= target.seconds:
            break
        # The machine may have been busy, or something was met for the first time: the best of a few counts.
        began = time.process_time()
        outcome(target, data)
        taken = min(taken, time.process_time() - began)
    if taken > target.seconds:
        raise Finding(f"took {taken:.3f} s of processor time; {target.seconds} s are allowed")
    second = outcome(target, data)
    if second != first:
        raise Finding(f"first {first[:300]}, then {second[:300]}")
    if measured:
        check_memory(target, data)
    return first


def check_memory(target: Target, data: bytes) -> None:
    tracemalloc.start()
    try:
        outcome(target, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    if peak > MEMORY_BYTES:
        raise Finding(f"took {peak} bytes of memory; {MEMORY_BYTES} are allowed")


def resident() -> int:
    """The most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def keep(name: str, data: bytes) -> Path:
    """Keep an input that found something, so that it is tried for ever."""
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"found-{hashlib.sha256(data).hexdigest()[:16]}"
    file.write_bytes(data)
    return file


def kind(said: str) -> str:
    """What sort of outcome it is, whatever numbers and names are in it."""
    return re.sub(r"[0-9a-f]{4,}|[0-9]+", "0", said)[:80]


def keep_new(name: str, folder: Path) -> int:
    """Keep the smallest of the inputs that a search put aside, each with another outcome than all that are kept.

    A few of a target, and small: the corpus stays one that every run tries. Returns how many.
    """
    target = TARGETS[name]
    seen = {kind(outcome(target, data)) for data in corpus(name)}
    room = NEW_MOST - len([*(CORPUS / name).glob("new-*")])
    count = 0
    for data in sorted((file.read_bytes() for file in folder.iterdir()), key=len):
        if count >= room or len(data) > NEW_BYTES:
            break
        said = kind(outcome(target, data))
        if said not in seen:
            seen.add(said)
            count += 1
            (CORPUS / name / f"new-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
    return count


def corpus(name: str) -> list[bytes]:
    """The inputs that are kept for a target."""
    folder = CORPUS / name
    return [file.read_bytes() for file in sorted(folder.iterdir())] if folder.is_dir() else []
