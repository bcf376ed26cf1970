"""What the unknown facts can still turn: an exact, reduced, ordered decision diagram over their values.

Built by Shannon expansion over the unknown facts, with equal subdiagrams shared, so a fact stands in the diagram
exactly when some completion of the others makes the verdict depend on it (Bryant 1986; multi-valued: Srinivasan 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from gokei.law.domains import Word, words_of
from gokei.law.masks import UNDECIDED, WHOSE, AtomProbe, FactProbe, Mask, Probe
from gokei.law.matters import Body, Matter
from gokei.terms import limits
from gokei.terms.problems import OurBug
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth
from gokei.terms.words import N_

NO: Final = 0
YES: Final = 1
_LEAVES: Final = 2
_Held = tuple[tuple[str, FactValue], ...]


class Diagram:
    """The function from unknown facts to allowed or not, up to one criterion of a matter."""

    def __init__(
        self,
        matter: Matter,
        dead: Mask,
        known: Mapping[str, FactValue],
        unknown: Sequence[str],
        criterion: int,
        aside: frozenset[str] = frozenset(),
    ) -> None:
        self._matter = matter
        self._aside = aside
        self._known = known
        self._criterion = criterion
        self.facts = tuple(unknown)
        alive = matter.whole & ~dead
        probes = [
            probe for probe in matter.probes if probe.touches & alive and any(fact in unknown for fact in probe.facts)
        ]
        self._probes = [[probe for probe in probes if fact in probe.facts] for fact in unknown]
        self._words = [self._words_of(fact, found) for fact, found in zip(unknown, self._probes, strict=True)]
        self._outs = [[self._alone(place, word) for word in words] for place, words in enumerate(self._words)]
        self._touched = self._touches()
        self._pairs = self._paired()
        self._nodes: list[tuple[int, tuple[int | None, ...]]] = [(len(unknown), ()), (len(unknown), ())]
        self._unique: dict[tuple[int, tuple[int | None, ...]], int] = {}
        self._built: dict[tuple[int, Mask, tuple[int, ...], tuple[int, ...], _Held], int] = {}
        self._supports: dict[int, frozenset[int]] = {NO: frozenset(), YES: frozenset()}
        self._cofactors: dict[tuple[int, int, int], int | None] = {}
        self._costs: dict[int, Fraction] = {}
        self.root = self._build(0, dead, {}, matter.agreements)

    def _words_of(self, fact: str, probes: Sequence[Probe]) -> tuple[Word, ...]:
        beside = {other for probe in probes for other in probe.facts} | {WHOSE.get(fact, "")}
        told = frozenset((name, value) for name, value in self._known.items() if name in beside or name == "on")
        key = (fact, told, frozenset(beside & {*self.facts}), *(id(probe) for probe in probes))
        found = self._matter.words.get(key)
        if found is None:
            if len(self._matter.words) >= limits.WORDS_IN_MEMORY:
                self._matter.words.clear()
            words = _fitting(fact, words_of(fact, probes, self._known, self.facts), self._known)
            found = self._matter.words[key] = words
        return found

    def essential(self) -> tuple[str, ...]:
        """The unknown facts that can still change the verdict, in the order of an interview."""
        return tuple(self.facts[place] for place in sorted(self._support(self.root)))

    def possible(self) -> bool:
        """Whether the unknown facts can turn out so that it is allowed."""
        seen: set[int] = set()
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node == YES:
                return True
            if node not in seen:
                seen.add(node)
                waiting += [child for child in self._nodes[node][1] if child is not None]
        return False

    def ask_next(self) -> str | None:
        """The one fact that settles the verdict soonest on average over its values; None where no fact can.

        Of the facts that are `aside` nobody will ever say anything: they are not asked, and not counted on.
        """
        found = self._askable(self.root)
        if not found:
            return None
        exact = len(found) <= limits.INTERVIEW_EXACT_FACTS
        measure = self._cost if exact else self._remaining
        return self.facts[min(found, key=lambda place: (self._after(self.root, place, measure), place))]

    def classes(self, fact: str) -> tuple[tuple[FactValue, ...], ...]:
        """The values of an unknown fact that go with what is known, those together that lead to the same.

        None at all where a nation without markings of its own would have to name one.
        """
        place = self.facts.index(fact)
        found: dict[int, tuple[FactValue, ...]] = {}
        for number, word in enumerate(self._words[place]):
            rest = self._cofactor(self.root, place, number)
            if rest is not None and word.fits(fact, self._known, {}):
                found[rest] = found.get(rest, ()) + word.alike
        return tuple(found.values())

    def _touches(self) -> list[Mask]:
        """For each place, the cases that some fact from there on still touches."""
        found = [0] * (len(self.facts) + 1)
        for place in range(len(self.facts) - 1, -1, -1):
            found[place] = found[place + 1]
            for probe in self._probes[place]:
                found[place] |= probe.touches
        return found

    def _paired(self) -> list[frozenset[str]]:
        """For each place, the earlier facts whose value something from there on still needs."""
        needs: list[set[str]] = [set() for _ in range(len(self.facts) + 1)]
        for place, fact in enumerate(self.facts):
            wanted = {other for probe in self._probes[place] for other in probe.facts if other != fact}
            wanted |= {"owner"} if fact == "level" else {"actor"} if fact == "clearance" else set()
            for earlier in range(place + 1):
                needs[earlier] |= {other for other in wanted if other in self.facts[:earlier]}
        return [frozenset(names) for names in needs]

    def _build(self, place: int, dead: Mask, held: Mapping[str, FactValue], agreements: tuple[Body, ...]) -> int:
        alive = self._matter.whole & ~dead
        open_ = alive & self._touched[place]
        true = alive & ~open_
        agreements = self._matter.live(agreements, alive, self._criterion)
        verdict = self._matter.allowed(true, open_, self._criterion, agreements)
        if verdict is not Truth.UNKNOWN:
            return YES if verdict is Truth.TRUE else NO
        deciding = self._matter.deciding(agreements, true, open_, self._criterion)
        held = {name: value for name, value in held.items() if name in self._pairs[place]}
        numbers = tuple(map(id, agreements))
        key = (place, deciding, numbers, self._settled(agreements, true, open_), tuple(sorted(held.items())))
        found = self._built.get(key)
        if found is None:
            found = self._built[key] = self._branch(place, dead, held, agreements, deciding)
        return found

    def _branch(
        self, place: int, dead: Mask, held: Mapping[str, FactValue], agreements: tuple[Body, ...], deciding: Mask
    ) -> int:
        """The node for a fact, by its words; words that rule out the same of what decides share one child."""
        fact = self.facts[place]
        probes = [probe for probe in self._probes[place] if probe.touches & deciding]
        needed = fact in self._pairs[place + 1]
        if not probes and not needed:
            return self._build(place + 1, dead, held, agreements)
        alike: dict[Mask, int] = {}
        children: list[int | None] = []
        for number, word in enumerate(self._words[place]):
            if not word.fits(fact, self._known, held):
                children.append(None)
                continue
            out = self._out(probes, place, number, held)
            child = None if needed else alike.get(out & deciding)
            if child is None:
                child = self._build(place + 1, dead | out, {**held, fact: word.value}, agreements)
                alike[out & deciding] = child
            children.append(child)
        return self._node(place, tuple(children))

    def _settled(self, agreements: Sequence[Body], true: Mask, open_: Mask) -> tuple[int, ...]:
        """What is settled of each sense of each body: states alike in what is open, but not in this, stay apart."""
        return tuple(
            2 if mask & true else 1 if mask & open_ else 0
            for body in (*agreements, *self._matter.laws)
            for mask in body.masks.values()
        )

    def _out(self, probes: Sequence[Probe], place: int, number: int, held: Mapping[str, FactValue]) -> Mask:
        """What a word of the fact rules out: by itself, and beside the other facts that are known."""
        dead = self._outs[place][number]
        values: Mapping[str, FactValue] | None = None
        for probe in probes:
            if isinstance(probe, AtomProbe):
                values = values or {**self._known, **held, self.facts[place]: self._words[place][number].value}
                if all(fact in values for fact in probe.atom.facts):
                    dead |= probe.rules_out(values)
        return dead

    def _alone(self, place: int, word: Word) -> Mask:
        dead = 0
        for probe in self._probes[place]:
            if isinstance(probe, FactProbe):
                dead |= probe.rules_out({self.facts[place]: word.value})
        return dead

    def _node(self, place: int, children: tuple[int | None, ...]) -> int:
        kinds = {child for child in children if child is not None}
        if len(kinds) == 1:
            return kinds.pop()
        key = (place, children)
        found = self._unique.get(key)
        if found is None:
            found = len(self._nodes)
            if found > limits.DIAGRAM_NODES:
                raise OurBug(
                    check="diagram-size", detail=N_("A question has too many open ways to be settled exactly.")
                )
            self._nodes.append(key)
            self._unique[key] = found
        return found

    def _support(self, node: int) -> frozenset[int]:
        found = self._supports.get(node)
        if found is None:
            place, children = self._nodes[node]
            found = frozenset({place}).union(*(self._support(child) for child in children if child is not None))
            self._supports[node] = found
        return found

    def _askable(self, node: int) -> list[int]:
        return sorted(place for place in self._support(node) if self._can_be_asked(self.facts[place]))

    def _can_be_asked(self, fact: str) -> bool:
        return not fact.startswith(UNDECIDED) and fact not in self._aside

    def _cofactor(self, node: int, place: int, word: int) -> int | None:
        """The diagram once the fact at `place` has that value; None where the two do not go together."""
        at, children = self._nodes[node]
        if at > place:
            return node
        if at == place:
            return children[word]
        key = (node, place, word)
        if key not in self._cofactors:
            below = tuple(None if child is None else self._cofactor(child, place, word) for child in children)
            self._cofactors[key] = None if all(one is None for one in below) else self._node(at, below)
        return self._cofactors[key]

    def _after(self, node: int, place: int, measure: Callable[[int], Fraction]) -> Fraction:
        """What is left, on average over the values of a fact, once it is answered."""
        total, weights = Fraction(0), 0
        for number, word in enumerate(self._words[place]):
            rest = self._cofactor(node, place, number)
            if rest is not None:
                total += word.weight * measure(rest)
                weights += word.weight
        return total / weights if weights else Fraction(0)

    def _cost(self, node: int) -> Fraction:
        """How many more facts must be asked, on average, by the best interview."""
        found = self._costs.get(node)
        if found is None:
            askable = self._askable(node)
            found = min((1 + self._after(node, place, self._cost) for place in askable), default=Fraction(0))
            self._costs[node] = found
        return found

    def _remaining(self, node: int) -> Fraction:
        return Fraction(len(self._askable(node)))


def _fitting(fact: str, words: tuple[Word, ...], known: Mapping[str, FactValue]) -> tuple[Word, ...]:
    """The words that go with what is known, so that averages count no others; all of them where none does."""
    return tuple(word for word in words if word.fits(fact, known, {})) or words
