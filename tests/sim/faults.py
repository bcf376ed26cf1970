"""What goes wrong in one run, drawn from its seed and printed; a run is made simpler by leaving kinds of it out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any

KINDS = (
    "loss", "lost_answer", "duplicate", "replay", "late", "flip", "cut_short", "old_answer", "partition", "crash",
    "double_crash", "flush", "full", "restore", "skew", "jump", "stall", "adversary", "plain",
    "unread", "rot", "image", "swizzle", "rotation", "unwritten", "misdirected", "leap",
)  # fmt: skip


@dataclass(frozen=True)
class Faults:
    """Rates between 0 and 1, for each request, each write to disk or each hour; seconds where the name says so."""

    loss: float = 0.0
    lost_answer: float = 0.0
    duplicate: float = 0.0
    replay: float = 0.0
    late: float = 0.0
    flip: float = 0.0
    cut_short: float = 0.0
    old_answer: float = 0.0
    partition: float = 0.0
    crash: float = 0.0
    double_crash: float = 0.0
    flush: float = 0.0
    full: float = 0.0
    restore: float = 0.0
    skew: float = 0.0
    jump: float = 0.0
    stall: float = 0.0
    adversary: float = 0.0
    plain: float = 0.0
    """Whether Australia runs an older program until all heals; see tests.sim.older."""
    unread: float = 0.0
    """A read of the disk fails."""
    rot: float = 0.0
    """A bit of the journal turns over while it lies there."""
    image: float = 0.0
    """The image of the whole disk is put back: nothing tells it from the original."""
    swizzle: float = 0.0
    """Some of the links stop one by one, and come back in another order."""
    rotation: float = 0.0
    """Keys of offices and of nodes are granted, retired, or found to be in a stranger's hands."""

    unwritten: float = 0.0
    """A write, a truncation or a removal fails on the disk."""
    misdirected: float = 0.0
    """A page of the journal stands in the place of another."""
    leap: float = 0.0
    """The clock shows one second twice."""

    def without(self, *kinds: str) -> Faults:
        return replace(self, **dict.fromkeys(kinds, 0.0))

    def present(self) -> tuple[str, ...]:
        return tuple(one.name for one in fields(self) if getattr(self, one.name))

    def shown(self) -> str:
        return " ".join(f"{one.name}={getattr(self, one.name):.3g}" for one in fields(self) if getattr(self, one.name))


def draw(seed: int) -> Faults:
    """A run's faults: each kind is there in about half of all runs."""
    chance = Random(f"{seed}/faults")

    def rate(most: float, often: float = 0.5) -> Any:
        return chance.random() * most if chance.random() < often else 0.0

    return Faults(
        loss=rate(0.3), lost_answer=rate(0.3), duplicate=rate(0.5), replay=rate(0.3), late=rate(0.2), flip=rate(0.1),
        cut_short=rate(0.1), old_answer=rate(0.1), partition=rate(0.1), crash=rate(0.01), double_crash=rate(0.5),
        flush=rate(0.01, 0.3), full=rate(0.02, 0.3), restore=rate(0.05, 0.4), skew=rate(86_400.0),
        jump=rate(0.05), stall=rate(0.05), adversary=rate(0.5, 0.6), plain=rate(1.0, 0.3),
        unread=rate(0.01, 0.3), rot=rate(0.04, 0.3), image=rate(0.05, 0.3), swizzle=rate(0.05, 0.3),
        rotation=rate(0.2, 0.4), unwritten=rate(0.01, 0.3), misdirected=rate(0.04, 0.3), leap=rate(0.2, 0.3),
    )  # fmt: skip
