"""A matter as a graph that grows as it is asked: each step looks at one fact that can still matter, each leaf answers.

What a fact already ruled out is never asked about, and two ways to the same state meet in one step, so one leaf serves
every question that differs only in facts that have no part in it. The graph is a cache of a pure function: throwing it
away changes no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from gokei.law.determinations import Rests, State, asked, determine, verdict
from gokei.law.forgetting import Forgetting, Wanted
from gokei.law.masks import UNKNOWN, WHOSE, AtomProbe, FactProbe, Mask, Probe
from gokei.law.matters import Matter
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.question import Facts, FactValue

# For each body, whether its permits are alive still, or after which probe the last of them were ruled out, and which.
Last: TypeAlias = tuple[tuple[int, Mask] | None, ...]
_Key: TypeAlias = tuple[int, Mask, Mask, tuple[str, ...], tuple[tuple[str, FactValue], ...], Last, str | None]
_NEVER: Final = (0, 0)


class Step:
    """A place in the graph: the probe to ask next, and what its answers lead to; or a leaf's state and answer."""

    __slots__ = (
        "answer", "children", "dead", "ground", "known", "last", "open", "place", "probe", "unknown", "verdict",
    )  # fmt: skip

    def __init__(
        self,
        place: int,
        dead: Mask,
        open_: Mask,
        unknown: tuple[str, ...],
        known: Mapping[str, FactValue],
        last: Last,
        ground: str | None,
    ) -> None:
        self.place = place
        self.dead = dead
        self.open = open_
        self.unknown = unknown
        self.known = known
        self.last = last
        self.ground = ground
        self.probe: Probe | None = None
        self.children: dict[object, Step] = {}
        self.answer: JsonObject | None = None
        self.verdict: tuple[str, str] | None = None

    def key(self) -> _Key:
        """What makes two steps of one matter the same."""
        return (self.place, self.dead, self.open, self.unknown, tuple(self.known.items()), self.last, self.ground)


class Walk:
    """One matter's graph. `answer` is safe to call again and again; the answers are shared and must not be changed."""

    def __init__(self, matter: Matter, rests: Rests, wanted: Wanted = Wanted.ANSWER) -> None:
        self._matter = matter
        self._rests = rests
        self._wanted = wanted
        self._forget = Forgetting(matter, wanted)
        self._steps: dict[_Key, Step] = {}
        self._touches = tuple(probe.touches for probe in matter.probes)
        self._still_touched = _from_each_on(self._touches)
        self._of_fact: dict[str, Mask] = {}
        for probe in matter.probes:
            for fact in probe.facts:
                self._of_fact[fact] = self._of_fact.get(fact, 0) | probe.touches
        self._permits = tuple(body.masks.get("permit", 0) for body in matter.bodies)
        self.root = self._grown(0, 0, 0, (), {}, tuple(None if mask else _NEVER for mask in self._permits), None)

    def answer(self, facts: Facts) -> JsonObject:
        """The determination of a question's facts."""
        step = self.leaf(facts)
        return self.settled(step, facts) if step.answer is None else step.answer

    def verdict(self, facts: Facts) -> tuple[str, str]:
        """The verdict and the ground of a question's facts, without what explains them."""
        step = self.leaf(facts)
        if step.answer is not None:
            return str(step.answer["verdict"]), str(step.answer["ground"])
        if step.verdict is None:
            step.verdict = verdict(self._matter, self._state(step, facts))
        return step.verdict

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Everything that its steps can look at, in their order."""
        return self._matter.probes

    def wanting(self, wanted: Wanted) -> Walk:
        """Another graph of the same matter, of which that much is wanted."""
        return Walk(self._matter, self._rests, wanted)

    def asked(self, facts: Facts, aside: frozenset[str]) -> tuple[str, tuple[tuple[FactValue, ...], ...]] | None:
        """The fact to ask next and its values in classes; `aside` are facts of which nobody will say anything."""
        return asked(self._matter, self._state(self.leaf(facts), facts), aside)

    def leaf(self, facts: Facts) -> Step:
        """Where a question's facts lead."""
        step = self.root
        while step.probe is not None:
            probe = step.probe
            # A fact probe is read here, not through its method: this is the innermost loop of every question.
            if isinstance(probe, FactProbe):
                key: object = probe.classes.get(facts.get(probe.fact), 0)
                if key == UNKNOWN:
                    key = probe.key(facts)
            else:
                key = probe.key(facts)
            child = step.children.get(key)
            step = self._child(step, key, facts) if child is None else child
        return step

    def next(self, step: Step, facts: Facts) -> Step:
        """The step after one that is no leaf."""
        if step.probe is None:
            return step
        key = step.probe.key(facts)
        child = step.children.get(key)
        return self._child(step, key, facts) if child is None else child

    def _child(self, step: Step, key: object, facts: Facts) -> Step:
        """The step that a probe's answer leads to; `facts` are those of any question that gives this answer."""
        if len(self._steps) >= limits.WALKS_IN_MEMORY:
            self._steps.clear()
            self.root.children.clear()
        child = self._after(step, key, facts)
        step.children[key] = child
        return child

    def settled(self, step: Step, facts: Facts) -> JsonObject:
        """The answer of a leaf, worked out once."""
        if step.answer is None:
            step.answer = determine(self._matter, self._state(step, facts), self._rests, self._wanted)
        return step.answer

    def _state(self, step: Step, facts: Facts) -> State:
        alive = self._matter.whole & ~step.dead
        open_ = step.open & alive
        on = {"on": facts["on"]} if "on" in facts else {}
        still = ((len(self._matter.probes) + 1, alive & mask) for mask in self._permits)
        last = tuple(now if found is None else found for now, found in zip(still, step.last, strict=True))
        return State(alive & ~open_, open_, step.unknown, {**on, **step.known}, last, step.ground)

    def _after(self, step: Step, key: object, facts: Facts) -> Step:
        """The state once the step's probe was answered."""
        probe = step.probe
        if probe is None:
            raise LookupError("a leaf has no next step")
        place = step.place + 1
        if key == UNKNOWN or isinstance(key, tuple):
            fresh = tuple(fact for fact in probe.facts if fact not in facts and fact not in step.unknown)
            unknown = step.unknown + fresh
            telling = (*probe.facts, *(WHOSE[fact] for fact in unknown if fact in WHOSE))
            known = {**step.known, **{fact: facts[fact] for fact in telling if fact in facts}}
            return self._grown(place, step.dead, step.open | probe.touches, unknown, known, step.last, step.ground)
        dead = step.dead | probe.rules_out(facts)
        known = dict(step.known)
        if isinstance(probe, AtomProbe):
            known |= {fact: facts[fact] for fact in probe.facts}
        last = tuple(
            (place, mask & ~step.dead) if found is None and not mask & ~dead else found
            for mask, found in zip(self._permits, step.last, strict=True)
        )
        return self._grown(place, dead, step.open, step.unknown, known, last, step.ground)

    def _grown(
        self,
        place: int,
        dead: Mask,
        open_: Mask,
        unknown: tuple[str, ...],
        known: Mapping[str, FactValue],
        last: Last,
        ground: str | None,
    ) -> Step:
        """The step of that state, with its next probe; a leaf where no probe touches a case that is alive."""
        alive = self._matter.whole & ~dead
        true = alive & ~open_ & ~self._still_touched[place]
        if ground is None:
            forgotten, ground = self._forget(true, alive & ~true)
            dead |= forgotten
            alive &= ~forgotten
            last = tuple(
                _NEVER if found is None and mask & forgotten else found
                for found, mask in zip(last, self._permits, strict=True)
            )
        touches = self._touches
        at, end = place, len(touches)
        while at < end and not touches[at] & alive:
            at += 1
        if unknown:
            unknown = tuple(fact for fact in unknown if self._of_fact[fact] & alive)
        if known:
            known = {name: known[name] for name in sorted(known) if self._bounds(name, unknown)}
        step = Step(at, dead, open_ & alive, unknown, known, last, ground)
        found = self._steps.get(step.key())
        if found is None:
            step.probe = self._matter.probes[at] if at < end else None
            self._steps[step.key()] = found = step
        return found

    def _bounds(self, name: str, unknown: tuple[str, ...]) -> bool:
        """Whether a known fact still bounds what an unknown one can be."""
        return any(
            WHOSE.get(other) == name or any({name, other} <= set(probe.facts) for probe in self._matter.probes)
            for other in unknown
        )


def _from_each_on(touches: Sequence[Mask]) -> tuple[Mask, ...]:
    """For each place, the cases that some probe from there on touches."""
    found = [0]
    for mask in reversed(touches):
        found.append(found[-1] | mask)
    return tuple(reversed(found))
