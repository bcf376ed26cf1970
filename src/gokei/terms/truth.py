"""Kleene's strong three-valued logic: what is stated, what is denied, what nobody has said."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import NoReturn


class Truth(enum.Enum):
    """True, false or unknown. There is no way to read one as a boolean by accident."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        """`true`, `false` or `unknown`, as the machine contract writes it."""
        return str(self.value)

    @classmethod
    def of(cls, value: bool) -> Truth:
        """The truth of what is known."""
        return cls.TRUE if value else cls.FALSE

    def __and__(self, other: Truth) -> Truth:
        if self is Truth.FALSE or other is Truth.FALSE:
            return Truth.FALSE
        return Truth.TRUE if self is Truth.TRUE and other is Truth.TRUE else Truth.UNKNOWN

    def __or__(self, other: Truth) -> Truth:
        return ~(~self & ~other)

    def __invert__(self) -> Truth:
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is no boolean: compare it with Truth.TRUE, Truth.FALSE or Truth.UNKNOWN")


def all_of(truths: Iterable[Truth]) -> Truth:
    """True if all are, false if any is false, else unknown; true of none."""
    found = Truth.TRUE
    for truth in truths:
        found &= truth
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if any is, false if all are false, else unknown; false of none."""
    found = Truth.FALSE
    for truth in truths:
        found |= truth
    return found
