"""One seed run to its end, and what came of it: a plain value, so that a run may be made in another process."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.sim.disk import Crashed
from tests.sim.invariants import Broken
from tests.sim.world import World

STEPS = 140


class Run(NamedTuple):
    """What came of a seed: `broken` names the invariant, or the exception that nobody expected; None when all held."""

    seed: int
    without: tuple[str, ...]
    steps: int
    faults: str
    present: tuple[str, ...]
    broken: str | None
    why: str
    trace: str
    hours: float
    processor_seconds: float
    counts: Counter[str]


def run(seed: int, without: tuple[str, ...] = (), steps: int = STEPS) -> Run:
    """Run a seed, without some kinds of faults and shorter where that is asked."""
    began = time.process_time()
    broken, why = None, ""
    world = World(seed, without, steps)
    try:
        world.run()
    except Broken as error:
        broken, why = error.invariant, f"{error}\n{_place(error)}"
    except (Exception, Crashed) as error:
        broken, why = type(error).__name__, f"{error}\n{_place(error)}"
    finally:
        for process in world.processes.values():
            process.disk.let_go()
    return Run(
        seed, without, steps, world.faults.shown(), world.faults.present(), broken, why, world.trace(),
        world.time.now / 3600, time.process_time() - began, world.counts,
    )  # fmt: skip


def run_one(wanted: tuple[int, tuple[str, ...], int]) -> Run:
    """The same, for a pool of processes."""
    return run(*wanted)


def _place(error: BaseException) -> str:
    """Where it was raised, the last few frames."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames)
