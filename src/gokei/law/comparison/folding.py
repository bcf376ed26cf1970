"""From a diagram to few cubes: for each change, sets of words that together hold all its classes and no other.

Each cube is as wide as it can be (a prime implicant): from a path of what is left to say, every fact that need not be
said is left out and every word that may stand beside the others is added. Cubes that the others make needless go.
Cubes of one change may overlap, as sentences of a lawyer do; what is counted is counted in the first that holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from gokei.law.comparison.differing import SAME, Change, Cube, Differing
from gokei.law.masks import Mask

# What a reader looks for first is said last of what can be left out: these stay in a cube the longest.
_HEADS: Final = ("activity", "supply", "action")


class Folded(NamedTuple):
    """A cube with its change, and how many classes of questions it holds that no cube before it holds."""

    change: Change
    cube: Cube
    counted: int


class Folding:
    """The cubes of one diagram."""

    def __init__(self, differing: Differing) -> None:
        self._differing = differing
        self._nodes = differing.nodes
        self._root = differing.root
        self._whole = [variable.whole for variable in differing.variables.all]
        facts = [variable.fact for variable in differing.variables.all]
        conditions = [place for place, fact in enumerate(facts) if fact not in _HEADS]
        self.heads = frozenset(place for place, fact in enumerate(facts) if fact in _HEADS)
        self._orders = ([*reversed(conditions), *sorted(self.heads)], [*sorted(self.heads), *reversed(conditions)])

    def folded(self) -> list[Folded]:
        """All cubes, change by change, the widest first."""
        found: list[Folded] = []
        for change, leaf in self._differing.changes.items():
            left = self._only(leaf)
            cubes = sorted(self._needed(self._cover(leaf, left)), key=self._width, reverse=True)
            for cube in cubes:
                rest = self._without(left, cube)
                counted = self._differing.count(left) - self._differing.count(rest)
                left = rest
                if counted:
                    found.append(Folded(change, cube, counted))
        return found

    def example(self, cube: Cube, leaf: int) -> list[int]:
        """The first choice of words inside the cube that can come about and that leads to the leaf."""
        return next(self._inside(cube, leaf, self._root, 0, []))

    def _inside(self, cube: Cube, leaf: int, node: int, place: int, words: list[int]) -> Iterator[list[int]]:
        if place == self._nodes.places:
            if node == leaf:
                yield words
            return
        can = self._differing.open(place, dict(enumerate(words))) & cube.get(place, self._whole[place])
        at, edges = self._nodes.of[node]
        for child, mask in edges if at == place else ((node, self._whole[place]),):
            for word in range(self._whole[place].bit_length()):
                if mask & can & (1 << word):
                    yield from self._inside(cube, leaf, child, place + 1, [*words, word])

    def _width(self, cube: Cube) -> int:
        found = 1
        for place, whole in enumerate(self._whole):
            found *= cube.get(place, whole).bit_count()
        return found

    def _only(self, leaf: int) -> int:
        """The diagram in which every other change counts as none."""
        made: dict[int, int] = {leaf: leaf}

        def walk(node: int) -> int:
            if node not in made:
                place, edges = self._nodes.of[node]
                made[node] = self._nodes.make(place, [(walk(child), mask) for child, mask in edges]) if edges else SAME
            return made[node]

        return walk(self._root)

    def _cover(self, leaf: int, left: int) -> list[Cube]:
        found: list[Cube] = []
        while left != SAME:
            path = self._path(left)
            wide = [self._widened(path, leaf, order) for order in self._orders]
            wide = wide[:1] if wide[0] == wide[1] else wide
            rests = [self._without(left, cube) for cube in wide]
            best = min(range(len(wide)), key=lambda n: (self._differing.count(rests[n]), len(wide[n])))
            found.append(wide[best])
            left = rests[best]
        return found

    def _path(self, node: int) -> Cube:
        found: dict[int, Mask] = {}
        while self._nodes.of[node][1]:
            place, edges = self._nodes.of[node]
            child, mask = next(edge for edge in edges if edge[0] != SAME)
            found[place] = mask
            node = child
        return found

    def _widened(self, cube: Cube, leaf: int, order: Sequence[int]) -> Cube:
        found = dict(cube)
        for place in order:
            if place in found:
                found[place] = self._may_stand(found, place, leaf)
                if found[place] == self._whole[place]:
                    del found[place]
        return found

    def _may_stand(self, cube: Cube, at: int, leaf: int) -> Mask:
        """The words that may stand at a place, all else of the cube as it is."""
        made: dict[int, Mask] = {leaf: self._whole[at]}

        def walk(node: int) -> Mask:
            known = made.get(node)
            if known is not None:
                return known
            place, edges = self._nodes.of[node]
            found = self._whole[at] if edges else 0
            for child, mask in edges:
                if place == at:
                    if not walk(child):
                        found &= ~mask
                elif mask & cube.get(place, mask):
                    found &= walk(child)
                    if not found:
                        break
            made[node] = found
            return found

        return walk(self._root)

    def _without(self, node: int, cube: Cube) -> int:
        """What is left of a diagram of one change outside a cube."""
        bounds = sorted(cube.items())
        made: dict[tuple[int, int], int] = {}

        def walk(node: int, number: int) -> int:
            if node == SAME or number == len(bounds):
                return SAME
            if (node, number) in made:
                return made[node, number]
            place, mask = bounds[number]
            at, edges = self._nodes.of[node]
            if at < place:
                found = self._nodes.make(at, [(walk(child, number), words) for child, words in edges])
            elif at == place:
                inside = [(walk(child, number + 1), words & mask) for child, words in edges]
                found = self._nodes.make(at, inside + [(child, words & ~mask) for child, words in edges])
            else:
                outside = self._whole[place] & ~mask
                found = self._nodes.make(place, [(walk(node, number + 1), mask), (node, outside)])
            made[node, number] = found
            return found

        return walk(node, 0)

    def _needed(self, cubes: Sequence[Cube]) -> list[Cube]:
        """The cubes without what the others hold between them, the narrowest looked at first.

        A cube that is needed in part keeps its conditions, and of what heads its sentence the words that it is needed
        for.
        """
        waiting, kept = sorted(cubes, key=self._width), list[Cube]()
        while waiting:
            cube = waiting.pop(0)
            left = self._as_node(cube)
            for other in (*kept, *waiting):
                if _apart(cube, other):
                    continue
                left = self._without(left, other)
                if left == SAME:
                    break
            if self._differing.count(left):
                words = self._words(left)
                kept.append({at: mask & words[at] if at in self.heads else mask for at, mask in cube.items()})
        return kept

    def _words(self, node: int) -> Cube:
        """The words at each place of what heads a sentence, on the ways to a change."""
        found = dict.fromkeys(self.heads, 0)
        seen: set[int] = set()

        def walk(node: int) -> None:
            if node in seen:
                return
            seen.add(node)
            place, edges = self._nodes.of[node]
            for child, mask in edges:
                if child != SAME:
                    if place in found:
                        found[place] |= mask
                    walk(child)

        walk(node)
        return {place: mask or self._whole[place] for place, mask in found.items()}

    def _as_node(self, cube: Cube) -> int:
        node = next(iter(self._differing.changes.values()))
        for place, mask in sorted(cube.items(), reverse=True):
            node = self._nodes.make(place, [(node, mask), (SAME, self._whole[place] & ~mask)])
        return node


def _apart(one: Cube, other: Cube) -> bool:
    """Whether no class of questions is in both."""
    return any(place in other and not mask & other[place] for place, mask in one.items())


# Alternatives of which one must hold, each a set of restrictions that hold together.
Alternative: TypeAlias = tuple[tuple[int, Mask], ...]
Part: TypeAlias = frozenset[Alternative]


class Sentence(NamedTuple):
    """Cubes said together: parts that must all hold, and which cubes they are."""

    change: Change
    parts: frozenset[Part]
    cubes: tuple[int, ...]

    @property
    def common(self) -> Cube:
        """What all its cubes restrict."""
        return {place: mask for part in self.parts if len(part) == 1 for one in part for place, mask in one}

    @property
    def choices(self) -> list[list[Cube]]:
        """The parts that leave a choice."""
        return [[dict(one) for one in part] for part in sorted(sorted(one) for one in self.parts) if len(part) > 1]


def sentences(found: Sequence[Folded], heads: frozenset[int], paired: frozenset[int]) -> list[Sentence]:
    """Cubes that differ in one condition only (`a or b, and c`) in one sentence, until none are left that do.

    In the end one condition may also stand beside two that hold together (`a, or b and c`). What differs in the
    `paired` places only, as who owns and who holds do, is one condition. What heads a sentence is no condition: it is
    not put beside one.
    """
    said = [
        Sentence(one.change, frozenset[Part](frozenset({(item,)}) for item in one.cube.items()), (number,))
        for number, one in enumerate(found)
    ]
    for most in (1, 2):
        while True:
            merged = _merged_once(said, most, heads, paired)
            if len(merged) == len(said):
                break
            said = merged
    return said


def _merged_once(said: Sequence[Sentence], most: int, heads: frozenset[int], paired: frozenset[int]) -> list[Sentence]:
    """Every sentence merged with the first that it can be merged with, which keeps its place."""
    found: list[Sentence] = []
    for one in said:
        for number, other in enumerate(found):
            together = _together(other, one, most, heads, paired)
            if together is not None:
                found[number] = together
                break
        else:
            found.append(one)
    return found


def _together(
    one: Sentence, other: Sentence, most: int, heads: frozenset[int], paired: frozenset[int]
) -> Sentence | None:
    """Both in one, where one part of each differs, or one of the one and `most` of the other."""
    if one.change != other.change:
        return None
    left, right = one.parts - other.parts, other.parts - one.parts
    if len(left) == 1 and len(right) == 1:
        choice = _either(next(iter(left)), next(iter(right)))
    elif (
        _plain(left)
        and _plain(right)
        and (_within(left | right, paired) or sorted((len(left), len(right))) == [1, most])
    ):
        choice = frozenset({_conjunction(left), _conjunction(right)})
    else:
        return None
    if len(choice) > 1 and any(place in heads for alternative in choice for place, _ in alternative):
        return None
    return Sentence(one.change, (one.parts & other.parts) | {choice}, (*one.cubes, *other.cubes))


def _either(one: Part, other: Part) -> Part:
    """The alternatives of both, those of one fact alone put together."""
    alone: dict[int, Mask] = {}
    found: set[Alternative] = set()
    for alternative in one | other:
        if len(alternative) == 1:
            place, mask = alternative[0]
            alone[place] = alone.get(place, 0) | mask
        else:
            found.add(alternative)
    return frozenset({*found, *((item,) for item in alone.items())})


def _plain(parts: frozenset[Part]) -> bool:
    """Whether there is something, and none of it leaves a choice."""
    return bool(parts) and all(len(part) == 1 for part in parts)


def _within(parts: frozenset[Part], places: frozenset[int]) -> bool:
    return all(place in places for part in parts for one in part for place, _ in one)


def _conjunction(parts: frozenset[Part]) -> Alternative:
    return tuple(sorted(item for part in parts for one in part for item in one))
