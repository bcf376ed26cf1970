"""A matter: one pair of nations (or all information agreements) in one stretch of days, compiled to cases.

The rule of the field, as DESIGN says it: an act is permitted when some agreement in force between the two grants it
and excludes nothing of it and its demands are met, and the law of each side allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from gokei.law.conditions import All, Case, Condition, Member, Not, cases
from gokei.law.domains import Word
from gokei.law.instruments import Instrument, Provision
from gokei.law.masks import UNDECIDED, Mask, Probe, probes_of
from gokei.terms.truth import Truth

Sense: TypeAlias = Literal["permit", "prohibit", "bar", "violate", "demand", "oblige", "apply"]

# The criteria of a no, in the order in which they are looked at; the last is the verdict itself.
CRITERIA: Final = ("no_agreement", "not_in_force", "prohibited", "out_of_scope", "national_law", "condition_not_met")
GRANTED: Final = "granted"


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

    def level(self, sense: str, true: Mask, open_: Mask) -> int:
        """Whether any rule holds in that sense: 0 no, 1 not known, 2 yes."""
        mask = self.masks.get(sense, 0)
        if mask & true:
            return 2
        return 1 if mask & open_ else 0

    def any_of(self, sense: str, true: Mask, open_: Mask) -> Truth:
        """The same, as a truth."""
        return _TRUTHS[self.level(sense, true, open_)]

    def could_grant(self, true: Mask, open_: Mask) -> bool:
        """Whether nothing rules out for certain that it speaks here, grants, and is not stood against."""
        level = self.level
        return (
            level("apply", true, open_) > 0
            and level("permit", true, open_) > 0
            and all(level(sense, true, open_) < _YES for sense in ("prohibit", "bar", "violate"))
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """Agreements and laws compiled together. `whole` is the mask of all cases."""

    agreements: tuple[Body, ...]
    laws: tuple[Body, ...]
    found: tuple[Case, ...]
    probes: tuple[Probe, ...]
    whole: Mask
    # The words of unknown facts, which depend on nothing but the probes and what is known beside them.
    words: dict[object, tuple[Word, ...]] = field(default_factory=dict, compare=False)

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The agreements, then the laws."""
        return (*self.agreements, *self.laws)

    def live(self, agreements: Sequence[Body], alive: Mask, criterion: int) -> tuple[Body, ...]:
        """The agreements that can still say yes up to that criterion: what they need is not ruled out."""
        needs = ("apply",) if criterion < 3 else ("apply", "permit")
        return tuple(body for body in agreements if all(body.masks.get(sense, 0) & alive for sense in needs))

    def deciding(self, agreements: Sequence[Body], true: Mask, open_: Mask, criterion: int) -> Mask:
        """The open cases that can still turn what `allowed` says."""
        found = 0
        for body in agreements:
            if _agreed(body, true, open_, criterion):
                found |= _undecided_senses(body, true, _AGREED[: criterion + 1])
        if criterion >= 4:
            for law in self.laws:
                found |= _undecided_senses(law, true, _ALLOWED[: criterion - 2])
        return found & open_

    def levels(self, true: Mask, open_: Mask) -> list[int]:
        """What `allowed` says up to each criterion, in one go: 0 no, 1 not known, 2 yes."""
        found = [0] * len(CRITERIA)
        for body in self.agreements:
            level = body.level("apply", true, open_)
            for criterion, sense in enumerate(_AGREED):
                if criterion == 1 and not body.in_force:
                    break
                if criterion >= 2:
                    held = body.level(sense, true, open_)
                    level = min(level, held if sense == "permit" else _YES - held)
                if level == 0:
                    break
                found[criterion] = max(found[criterion], level)
        for law in self.laws:
            level = min(law.level("permit", true, open_), _YES - law.level("prohibit", true, open_))
            found[4] = min(found[4], level)
            found[5] = min(found[5], level, _YES - law.level("violate", true, open_))
        return found

    def allowed(self, true: Mask, open_: Mask, criterion: int, agreements: Sequence[Body] | None = None) -> Truth:
        """Whether it is allowed as far as the criteria up to that one go (an index into CRITERIA).

        `agreements` may leave out those that are not live.
        """
        found = 0
        for body in self.agreements if agreements is None else agreements:
            found = max(found, _agreed(body, true, open_, criterion))
            if found == _YES:
                break
        if criterion >= 4 and found:
            for law in self.laws:
                found = min(found, law.level("permit", true, open_), _YES - law.level("prohibit", true, open_))
                if criterion >= 5:
                    found = min(found, _YES - law.level("violate", true, open_))
        return _TRUTHS[found]


# Kleene's truths as numbers, false 0, unknown 1, true 2: and is the least of them, or the greatest, not what is left.
# This is the innermost work of every question, so it is done on numbers.
_YES: Final = 2
_TRUTHS: Final = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)
# The senses that each criterion adds, for an agreement (`bar`: by a law that stands beside it) and for a law.
_AGREED: Final = ("apply", "apply", "prohibit", "permit", "bar", "violate")
_ALLOWED: Final = ("permit", "prohibit", "violate")


def _undecided_senses(body: Body, true: Mask, senses: Sequence[str]) -> Mask:
    found = 0
    for sense in senses:
        mask = body.masks.get(sense, 0)
        if not mask & true:
            found |= mask
    return found


def _agreed(body: Body, true: Mask, open_: Mask, criterion: int) -> int:
    if criterion >= 1 and not body.in_force:
        return 0
    found = body.level("apply", true, open_)
    if criterion >= 2:
        found = min(found, _YES - body.level("prohibit", true, open_))
    if criterion >= 3:
        found = min(found, body.level("permit", true, open_))
    if criterion >= 4:
        found = min(found, _YES - body.level("bar", true, open_))
    if criterion >= 5:
        found = min(found, _YES - body.level("violate", true, open_))
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

    def add(self, body: Body, rule: Rule, decided: frozenset[str]) -> None:
        """A rule into a body; `decided` holds the variants that were assumed of its instrument."""
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
                chosen = decided & variants.keys() or {provision.default} - {None}
                for sense in ("permit", "prohibit"):
                    words = frozenset(word for word, effect in variants.items() if effect == sense)
                    if not chosen and words:
                        self._count(body, rule, sense, All((rule.when, Member(name, words))))
                    elif chosen & words:
                        self._count(body, rule, sense, rule.when)

    def add_law(self, body: Body, rule: Rule) -> None:
        """A rule of national law into the body of an agreement: what it prohibits is no part of the agreement."""
        if rule.provision.effect == "prohibit":
            body.rules.append(rule)
            self._count(body, rule, "bar", rule.when)
        else:
            self.add(body, rule, frozenset())

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
