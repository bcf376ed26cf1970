"""A matter: one pair of nations (or all information agreements) in one stretch of days, compiled to cases.

The rule of the field, as DESIGN says it: an act is permitted when some agreement in force between the two grants it
and excludes nothing of it and its demands are met, and the law of each side allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from gokei.law.conditions import All, Case, Condition, Member, Not, cases
from gokei.law.instruments import Instrument, Provision
from gokei.law.masks import UNDECIDED, Mask, Probe, probes_of
from gokei.terms.truth import Truth

Sense: TypeAlias = Literal["permit", "prohibit", "violate", "demand", "oblige", "apply"]

# The criteria of a no, in the order in which they are looked at; the last is the verdict itself.
CRITERIA: Final = ("no_agreement", "not_in_force", "prohibited", "out_of_scope", "national_law", "condition_not_met")


@dataclass(slots=True)
class Rule:
    """One provision in this matter: its conditions about these nations, and its cases by sense."""

    provision: Provision
    when: Condition
    that: Condition
    masks: dict[str, Mask] = field(default_factory=dict)

    def truth(self, true: Mask, open_: Mask, sense: str) -> Truth:
        """The truth of one sense of the rule, given the cases that are true and open."""
        mask = self.masks.get(sense, 0)
        if mask & true:
            return Truth.TRUE
        return Truth.UNKNOWN if mask & open_ else Truth.FALSE


@dataclass(slots=True)
class Body:
    """A body of rules that speaks together: an agreement in one reading of who is who, or one side's national law."""

    instruments: tuple[Instrument, ...]
    in_force: bool
    rules: list[Rule] = field(default_factory=list)
    masks: dict[str, Mask] = field(default_factory=dict)

    def any_of(self, sense: str, true: Mask, open_: Mask) -> Truth:
        """Whether any rule holds in that sense."""
        mask = self.masks.get(sense, 0)
        if mask & true:
            return Truth.TRUE
        return Truth.UNKNOWN if mask & open_ else Truth.FALSE


@dataclass(frozen=True, slots=True)
class Matter:
    """Agreements and laws compiled together. `whole` is the mask of all cases."""

    agreements: tuple[Body, ...]
    laws: tuple[Body, ...]
    found: tuple[Case, ...]
    probes: tuple[Probe, ...]
    whole: Mask

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The agreements, then the laws."""
        return (*self.agreements, *self.laws)

    def deciding(self, true: Mask, open_: Mask, criterion: int) -> Mask:
        """The open cases that can still turn what `allowed` says."""
        found = 0
        for body in self.agreements:
            if _agreed(body, true, open_, criterion) is not Truth.FALSE:
                found |= _undecided_senses(body, true, _AGREED[: criterion + 1])
        if criterion >= 4:
            for law in self.laws:
                found |= _undecided_senses(law, true, _ALLOWED[: criterion - 2])
        return found & open_

    def allowed(self, true: Mask, open_: Mask, criterion: int) -> Truth:
        """Whether it is allowed as far as the criteria up to that one go (an index into CRITERIA)."""
        found = Truth.FALSE
        for body in self.agreements:
            if found is Truth.TRUE:
                break
            found |= _agreed(body, true, open_, criterion)
        if criterion >= 4 and found is not Truth.FALSE:
            for law in self.laws:
                found &= law.any_of("permit", true, open_) & ~law.any_of("prohibit", true, open_)
                if criterion >= 5:
                    found &= ~law.any_of("violate", true, open_)
        return found


# The senses that each criterion adds, for an agreement and for a law.
_AGREED: Final = ("apply", "apply", "prohibit", "permit", "permit", "violate")
_ALLOWED: Final = ("permit", "prohibit", "violate")


def _undecided_senses(body: Body, true: Mask, senses: Sequence[str]) -> Mask:
    found = 0
    for sense in senses:
        mask = body.masks.get(sense, 0)
        if not mask & true:
            found |= mask
    return found


def _agreed(body: Body, true: Mask, open_: Mask, criterion: int) -> Truth:
    found = body.any_of("apply", true, open_)
    if criterion >= 1 and not body.in_force:
        return Truth.FALSE
    if criterion >= 2:
        found &= ~body.any_of("prohibit", true, open_)
    if criterion >= 3:
        found &= body.any_of("permit", true, open_)
    if criterion >= 5:
        found &= ~body.any_of("violate", true, open_)
    return found


class Compiler:
    """Gathers the cases of rules into one matter."""

    def __init__(self) -> None:
        self._found: list[Case] = []

    def applies(self, body: Body, condition: Condition) -> None:
        """When the agreement speaks of these nations at all."""
        self.holds(body, "apply", condition)

    def holds(self, body: Body, sense: Sense, condition: Condition) -> None:
        """A condition that is no provision's own: the body has that sense where it holds."""
        body.masks[sense] = body.masks.get(sense, 0) | self._mask(condition)

    def add(self, body: Body, rule: Rule, decided: str | None) -> None:
        """A rule into a body; `decided` is the variant that was assumed of an undecided provision."""
        provision = rule.provision
        body.rules.append(rule)
        match provision.effect:
            case "permit" | "prohibit" | "oblige":
                self._count(body, rule, provision.effect, rule.when)
            case "require":
                self._count(body, rule, "demand", rule.when)
                self._count(body, rule, "violate", All((rule.when, Not(rule.that))))
            case "undecided":
                name = UNDECIDED + provision.instrument + " " + provision.id
                variants = provision.variants or {}
                for sense in ("permit", "prohibit"):
                    words = frozenset(word for word, effect in variants.items() if effect == sense)
                    if decided is None and words:
                        self._count(body, rule, sense, All((rule.when, Member(name, words))))
                    elif decided in words:
                        self._count(body, rule, sense, rule.when)

    def done(self, agreements: Sequence[Body], laws: Sequence[Body]) -> Matter:
        """The matter of all that was added."""
        found = tuple(self._found)
        return Matter(tuple(agreements), tuple(laws), found, probes_of(found), (1 << len(found)) - 1)

    def _count(self, body: Body, rule: Rule, sense: str, condition: Condition) -> None:
        mask = self._mask(condition)
        rule.masks[sense] = rule.masks.get(sense, 0) | mask
        body.masks[sense] = body.masks.get(sense, 0) | mask

    def _mask(self, condition: Condition) -> Mask:
        mask = 0
        for case in cases(condition):
            mask |= 1 << len(self._found)
            self._found.append(case)
        return mask
