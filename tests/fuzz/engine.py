"""One target tried for some seconds in a process of its own: `python -m tests.fuzz.engine TARGET SECONDS SEED [NEW]`.

atheris finds new inputs by the branches that they take, where it is installed; else, and says so, chance alone does.
A finding is kept in the corpus, and the process ends with 77. What took a new way goes to the folder NEW, if it is
named, for `--keep` to choose from.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

FOUND = 77
WARM = 3


def main() -> None:
    name, seconds, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    new = Path(sys.argv[4] if len(sys.argv) > 4 else tempfile.mkdtemp(prefix="gokei-fuzz-new-"))
    if importlib.util.find_spec("atheris") is None:
        print("atheris has no wheel here: inputs are changed by chance, no branch guides them", flush=True)
        by_chance(name, seconds, seed, new)
    else:
        by_branches(name, seconds, seed, new)


def by_chance(name: str, seconds: float, seed: int, new: Path) -> None:
    """The loop of ours. Without branches to look at, a new outcome is what counts as new."""
    from tests.fuzz.holding import NEW_BYTES, kind

    warm_up(name)
    seen: set[str] = set()

    def held(name: str, data: bytes) -> None:
        said = kind(one(name, data))
        if said not in seen and len(data) <= NEW_BYTES:
            seen.add(said)
            (new / str(len(seen))).write_bytes(data)

    print(f"{name}: {tried(name, seconds, seed, held)} inputs by chance, nothing found", flush=True)


def tried(name: str, seconds: float, seed: int, hold: Callable[[str, bytes], object]) -> int:
    """How many inputs, changed by chance, were held in so many seconds."""
    from tests.fuzz.holding import corpus
    from tests.fuzz.mutation import inputs

    until, count = time.monotonic() + seconds, 0
    for data in inputs(corpus(name), seed):
        hold(name, data)
        count += 1
        if time.monotonic() > until:
            break
    return count


def by_branches(name: str, seconds: float, seed: int, new: Path) -> None:
    """atheris, with every module of Gokei telling which branches it takes. It ends the process itself."""
    import atheris

    with quiet(), atheris.instrument_imports(include=["gokei"]):
        import tests.fuzz.targets  # noqa: F401 - it imports all that is looked at
    from tests.fuzz.holding import CORPUS

    warm_up(name)
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    words = [sys.argv[0], str(new), str(CORPUS / name), f"-max_total_time={max(1, round(seconds))}", f"-seed={seed}"]
    words += ["-max_len=65536", "-rss_limit_mb=1500", "-timeout=30", "-verbosity=0", "-print_final_stats=1"]
    words += [f"-artifact_prefix={new}/"]

    def held(data: bytes) -> None:
        one(name, bytes(data))

    atheris.Setup(words, held)
    atheris.Fuzz()


def warm_up(name: str) -> None:
    """What is loaded once, such as the law, counts for no input."""
    from tests.fuzz.holding import corpus, outcome, resident
    from tests.fuzz.targets import TARGETS

    for data in corpus(name)[:WARM]:
        outcome(TARGETS[name], data)
    one.__dict__["base"] = resident()


def one(name: str, data: bytes) -> str:
    """Hold one input, and say what came of it; end the process at a finding."""
    from tests.fuzz.holding import MEMORY_BYTES, Finding, check_memory, hold, resident
    from tests.fuzz.targets import TARGETS

    try:
        said = hold(name, data)
        if resident() > one.__dict__["base"] + MEMORY_BYTES:
            # The process grew: was it this input, or many small things that stay? Only the input is held to the bound.
            check_memory(TARGETS[name], data)
            one.__dict__["base"] = resident()
    except Finding as finding:
        found(name, data, finding)
    return said


def found(name: str, data: bytes, finding: BaseException) -> NoReturn:
    from tests.fuzz.holding import keep

    traceback.print_exception(finding)
    print(f"{name}: kept as {keep(name, data)}", flush=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(FOUND)


class quiet:  # noqa: N801 - reads as a word
    """atheris names every module that it looks at; nobody wants to read that."""

    def __enter__(self) -> None:
        self._kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    def __exit__(self, *error: object) -> None:
        os.dup2(self._kept, 2)
        os.close(self._kept)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
