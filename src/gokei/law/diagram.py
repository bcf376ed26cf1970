"""What the unknown facts can still turn: an exact, reduced, ordered decision diagram over their values.

Built by Shannon expansion over the unknown facts, with equal subdiagrams shared, so a fact stands in the diagram
exactly when some completion of the others makes the verdict depend on it (Bryant 1986; multi-valued: Srinivasan 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from gokei.law.domains import Word, words_of
from gokei.law.masks import UNDECIDED, AtomProbe, FactProbe, Mask
from gokei.law.matters import Matter
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
        probes = [probe for probe in matter.probes if any(fact in unknown for fact in probe.facts)]
        self._probes = [[probe for probe in probes if fact in probe.facts] for fact in unknown]
        self._words: list[tuple[Word, ...]] = [
            _fitting(fact, words_of(fact, found, known, unknown), known)
            for fact, found in zip(unknown, self._probes, strict=True)
        ]
        self._touched = self._touches()
        self._pairs = self._paired()
        self._nodes: list[tuple[int, tuple[int | None, ...]]] = [(len(unknown), ()), (len(unknown), ())]
        self._unique: dict[tuple[int, tuple[int | None, ...]], int] = {}
        self._built: dict[tuple[int, tuple[Mask, int], _Held], int] = {}
        self._supports: dict[int, frozenset[int]] = {NO: frozenset(), YES: frozenset()}
        self._cofactors: dict[tuple[int, int, int], int | None] = {}
        self._costs: dict[int, Fraction] = {}
        self.root = self._build(0, dead, {})

    def essential(self) -> tuple[str, ...]:
        """The unknown facts that can still change the verdict, in the order of an interview."""
        return tuple(self.facts[place] for place in sorted(self._support(self.root)))

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

    def _build(self, place: int, dead: Mask, held: Mapping[str, FactValue]) -> int:
        alive = self._matter.whole & ~dead
        open_ = alive & self._touched[place]
        verdict = self._matter.allowed(alive & ~open_, open_, self._criterion)
        if verdict is not Truth.UNKNOWN:
            return YES if verdict is Truth.TRUE else NO
        deciding = self._matter.deciding(alive & ~open_, open_, self._criterion)
        held = {name: value for name, value in held.items() if name in self._pairs[place]}
        key = (place, (deciding, self._settled(alive & ~open_, open_)), tuple(sorted(held.items())))
        found = self._built.get(key)
        if found is None:
            children: list[int | None] = []
            for word in self._words[place]:
                if not word.fits(self.facts[place], self._known, held):
                    children.append(None)
                    continue
                children.append(
                    self._build(place + 1, dead | self._out(place, word, held), self._with(place, word, held))
                )
            found = self._node(place, tuple(children))
            self._built[key] = found
        return found

    def _settled(self, true: Mask, open_: Mask) -> int:
        """What is settled of each sense of each body: states alike in what is open, but not in this, stay apart."""
        key = 0
        for body in (*self._matter.agreements, *self._matter.laws):
            for mask in body.masks.values():
                key = key * 3 + (2 if mask & true else 1 if mask & open_ else 0)
        return key

    def _with(self, place: int, word: Word, held: Mapping[str, FactValue]) -> dict[str, FactValue]:
        return {**held, self.facts[place]: word.value}

    def _out(self, place: int, word: Word, held: Mapping[str, FactValue]) -> Mask:
        fact = self.facts[place]
        dead = 0
        for probe in self._probes[place]:
            if isinstance(probe, FactProbe):
                dead |= probe.rules_out({fact: word.value})
            else:
                dead |= self._out_of_atom(probe, {**self._known, **held, fact: word.value})
        return dead

    def _out_of_atom(self, probe: AtomProbe, values: Mapping[str, FactValue]) -> Mask:
        return probe.rules_out(values) if all(fact in values for fact in probe.facts) else 0

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
