"""A matter as a tree that grows as it is asked: each step looks at one fact that can still matter, each leaf answers.

What a fact already ruled out is never asked about, so one leaf serves every question that differs only in facts
that have no part in it. The tree is a cache of a pure function: throwing it away changes no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gokei.law.determinations import Rests, State, determine
from gokei.law.masks import UNKNOWN, AtomProbe, FactProbe, Mask, Probe
from gokei.law.matters import Matter
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.question import Facts, FactValue

# Whose marking an unknown one is bounds what it can be.
_WHOSE: Final[Mapping[str, str]] = {"level": "owner", "clearance": "actor"}
_NO_FACTS: Final[Mapping[str, FactValue]] = {}


class _Step:
    """A place in the tree: the probe to ask next, and what its answers lead to; or a leaf's answer."""

    __slots__ = ("answer", "children", "dead", "history", "known", "open", "place", "probe", "unknown")

    def __init__(
        self,
        place: int,
        dead: Mask,
        open_: Mask,
        unknown: tuple[str, ...],
        known: Mapping[str, FactValue],
        history: tuple[Mask, ...],
    ) -> None:
        self.place = place
        self.dead = dead
        self.open = open_
        self.unknown = unknown
        self.known = known
        self.history = history
        self.probe: Probe | None = None
        self.children: dict[object, _Step] = {}
        self.answer: JsonObject | None = None


class Walk:
    """One matter's tree. `answer` is safe to call again and again; the answers are shared and must not be changed."""

    def __init__(self, matter: Matter, rests: Rests) -> None:
        self._matter = matter
        self._rests = rests
        self._steps = 0
        self._root = self._grown(_Step(0, 0, 0, (), _NO_FACTS, ()), {})

    def answer(self, facts: Facts) -> JsonObject:
        """The determination of a question's facts."""
        step = self._root
        while step.answer is None:
            probe = step.probe
            # A fact probe is read here, not through its method: this is the innermost loop of every question.
            if isinstance(probe, FactProbe):
                key: object = probe.classes.get(facts.get(probe.fact), 0)
            else:
                key = probe.key(facts)  # type: ignore[union-attr]
            child = step.children.get(key)
            step = self._child(step, key, facts) if child is None else child
        return step.answer

    def _child(self, step: _Step, key: object, facts: Facts) -> _Step:
        if self._steps >= limits.WALKS_IN_MEMORY:
            self._steps = 0
            self._root.children.clear()
        child = self._grown(self._after(step, key, facts), facts)
        step.children[key] = child
        self._steps += 1
        return child

    def _after(self, step: _Step, key: object, facts: Facts) -> _Step:
        """The state once the step's probe was answered."""
        probe = step.probe
        if probe is None:
            raise LookupError("a leaf has no next step")
        history = (*step.history, self._matter.whole & ~step.dead)
        if key == UNKNOWN or isinstance(key, tuple):
            unknown = step.unknown + tuple(
                fact for fact in probe.facts if fact not in facts and fact not in step.unknown
            )
            telling = (*probe.facts, *(_WHOSE[fact] for fact in unknown if fact in _WHOSE))
            known = {**step.known, **{fact: facts[fact] for fact in telling if fact in facts}}
            return _Step(step.place + 1, step.dead, step.open | probe.touches, unknown, known, history)
        dead = step.dead | probe.rules_out(facts)
        known = dict(step.known)
        if isinstance(probe, AtomProbe):
            known |= {fact: facts[fact] for fact in probe.facts}
        return _Step(step.place + 1, dead, step.open, step.unknown, known, history)

    def _grown(self, step: _Step, facts: Facts) -> _Step:
        """The step with its next probe, or with its answer where no probe touches a case that is alive."""
        alive = self._matter.whole & ~step.dead
        for place in range(step.place, len(self._matter.probes)):
            probe = self._matter.probes[place]
            if probe.touches & alive:
                step.place, step.probe = place, probe
                return step
        open_ = step.open & alive
        on = {"on": facts["on"]} if "on" in facts else {}
        state = State(alive & ~open_, open_, self._still(step, alive), {**on, **step.known}, step.history)
        step.answer = determine(self._matter, state, self._rests)
        return step

    def _still(self, step: _Step, alive: Mask) -> tuple[str, ...]:
        """The unknown facts that touch a case that is alive, in the order of the probes."""
        probes = [probe for probe in self._matter.probes if probe.touches & alive]
        return tuple(fact for fact in step.unknown if any(fact in probe.facts for probe in probes))
