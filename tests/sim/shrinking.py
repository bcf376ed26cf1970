"""A failing run made simpler: kinds of faults are left out by halves, and the run is cut short, while it still fails."""

from __future__ import annotations

from collections.abc import Callable

from tests.sim.running import Run, run

Try = Callable[[int, tuple[str, ...], int], Run]
FEWEST_STEPS = 2


def shrink(found: Run, attempt: Try = run) -> Run:
    """The simplest run of the same seed in which the same thing breaks."""
    return _shorter(_with_fewer_faults(found, attempt), attempt)


def _with_fewer_faults(found: Run, attempt: Try) -> Run:
    """Leave out as many faults together as possible: first all, then halves, then quarters, down to each alone."""
    size = len(found.present)
    while size:
        kinds = found.present
        for start in range(0, len(kinds), size):
            left_out = (*found.without, *kinds[start : start + size])
            again = attempt(found.seed, left_out, found.steps)
            if again.broken == found.broken:
                found = again
                break
        else:
            size //= 2
        size = min(size, len(found.present))
    return found


def _shorter(found: Run, attempt: Try) -> Run:
    """Fewer events: half as many, and then by ever smaller parts."""
    part = found.steps // 2
    while part and found.steps > FEWEST_STEPS:
        again = attempt(found.seed, found.without, found.steps - part)
        if again.broken == found.broken:
            found = again
        else:
            part //= 2
        part = min(part, found.steps - FEWEST_STEPS)
    return found
