"""What a question need not look at any more: the cases that can no longer show in its answer.

Once Kleene's reading of what is known says how a question will end, only what that ending cites is still asked about.
A case that is forgotten counts as dead, so two ways to the same ending meet sooner. What is left open is never
forgotten: it can still turn the verdict, or what is missing. Held against the whole reading by tests/law/test_walks.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from gokei.law.masks import Mask
from gokei.law.matters import CRITERIA, GRANTED, Body, Matter


class Wanted(IntEnum):
    """How much of an answer is wanted; each holds what the one before it holds."""

    VERDICT = 0  # verdict, ground, basis
    REASONS = 1  # because, missing, undecided as well
    ANSWER = 2  # obligations and what to ask next as well


_NO: Final = 0
_YES: Final = 2
_LAST: Final = len(CRITERIA) - 1
_NOT_IN_FORCE: Final = CRITERIA.index("not_in_force")
_NATIONAL_LAW: Final = CRITERIA.index("national_law")
# What a no on each ground cites of agreements, what each criterion looks at beside those before it, and both of laws.
_CITED: Final = ("apply", "permit", "prohibit", "permit", "bar", "violate")
_LOOKED_AT: Final = ("apply", "apply", "prohibit", "permit", "bar", "violate")
_OF_LAWS: Final = ((), (), (), (), ("permit", "prohibit"), ("violate",))
_OBJECTIONS: Final = ("prohibit", "violate")


class Forgetting:
    """For one matter and what is wanted of it."""

    def __init__(self, matter: Matter, wanted: Wanted) -> None:
        self._matter = matter
        self._wanted = wanted
        self._forceful = tuple(body for body in matter.agreements if body.in_force)
        self._idle = _all(body for body in matter.agreements if not body.in_force)
        self._granted = self._kept_of_yes()
        self._denied: dict[tuple[int, int], Mask] = {}
        # Of an answer that stays open all is kept but what it never shows.
        unseen = ("oblige", "demand")[: Wanted.ANSWER - wanted]
        self._never = _of(matter.bodies, unseen)

    def __call__(self, true: Mask, open_: Mask) -> tuple[Mask, str | None]:
        """The cases to forget, of those that are true and those that are open still; and the ground, once it is sure.

        Once cases are forgotten the ground cannot be read from those that are left.
        """
        matter = self._matter
        levels = matter.levels(true, open_)
        ground: str | None = None
        if levels[_LAST] == _NO:
            last = levels.index(_NO)
            first = next(place for place, level in enumerate(levels) if level != _YES)
            ground = CRITERIA[first] if first == last else None
            kept = self._kept_of_no(first, last)
        elif levels[_LAST] == _YES:
            ground = GRANTED
            kept = self._granted
            for body in self._forceful:
                if not body.could_grant(true, open_):
                    kept &= ~_whole(body)
        else:
            kept = ~self._never
        for body in matter.agreements:
            if not body.level("apply", true, open_):
                kept &= ~_whole(body)
        if levels[_NOT_IN_FORCE] == _YES:
            kept &= ~self._idle
        return (true | open_) & ~kept, ground

    def _kept_of_yes(self) -> Mask:
        senses = ["apply", "permit", "prohibit", "bar", "violate"]
        senses += ["demand"] if self._wanted >= Wanted.REASONS else []
        senses += ["oblige"] if self._wanted >= Wanted.ANSWER else []
        return _of(self._matter.bodies, senses)

    def _kept_of_no(self, first: int, last: int) -> Mask:
        """What a no needs whose ground lies between these two criteria."""
        found = self._denied.get((first, last))
        if found is None:
            between = range(first, last + 1)
            of_agreements = {"apply", *(_CITED[place] for place in between)}
            of_laws = {sense for place in between for sense in _OF_LAWS[place]}
            if first < last:
                of_agreements |= {*_LOOKED_AT[: last + 1]}
                of_laws |= {sense for place in range(last + 1) for sense in _OF_LAWS[place]}
            if self._wanted >= Wanted.REASONS and last > _NOT_IN_FORCE:
                of_agreements |= {*_OBJECTIONS}
                of_laws |= {*_OBJECTIONS}
            found = _of(self._matter.agreements, of_agreements) | _of(self._matter.laws, of_laws)
            self._denied[(first, last)] = found
        return found


def _whole(body: Body) -> Mask:
    found = 0
    for mask in body.masks.values():
        found |= mask
    return found


def _all(bodies: Iterable[Body]) -> Mask:
    found = 0
    for body in bodies:
        found |= _whole(body)
    return found


def _of(bodies: Iterable[Body], senses: Iterable[str]) -> Mask:
    held = tuple(senses)
    found = 0
    for body in bodies:
        for sense in held:
            found |= body.masks.get(sense, 0)
    return found
