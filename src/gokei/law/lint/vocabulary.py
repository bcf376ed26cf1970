"""The facts of the vocabulary that no pack asks, or one alone: for information, since a law may yet ask them.

Who gives and who gets (the roles) every question tells by itself; where one pack of a kind is all there is, nothing is
said of what it alone asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gokei.law.lint.findings import INFORMATION, Finding, Pack
from gokei.law.loader.nodes import LIST, MAPPING, Node
from gokei.law.loader.shapes import NESTING, ROLES, USABLE
from gokei.terms.words import N_


def check_facts(packs: Sequence[Pack]) -> list[Finding]:
    """The facts that no pack asks; those that one pack asks are noted in that pack."""
    of_kind = Counter(pack.instrument.kind for pack in packs)
    asked: dict[str, dict[str, tuple[Pack, int, Node]]] = {}
    for pack in packs:
        for number in range(len(pack.instrument.provisions)):
            for fact, node in _asked(pack.node_of(number)):
                asked.setdefault(fact, {}).setdefault(pack.instrument.id, (pack, number, node))
    found: list[Finding] = []
    for fact in (name for name in USABLE if name not in ROLES):
        places = [*asked.get(fact, {}).values()]
        if not places:
            found.append(
                Finding(
                    INFORMATION,
                    "fact-never-asked",
                    *(None, None, None, None, None),
                    N_("No pack asks the fact {fact}."),
                    N_("If a text asks it, write it in a condition; else nothing need be done."),
                    {"fact": fact},
                )
            )
        elif len(places) == 1 and of_kind[places[0][0].instrument.kind] > 1:
            pack, number, node = places[0]
            pack.warn(
                node,
                number,
                check="fact-asked-once",
                detail=N_("The fact {fact} is asked by this pack alone."),
                next_step=N_("Look whether another fact is meant; else nothing need be done."),
                severity=INFORMATION,
                fact=fact,
            )
    return found


def _asked(provision: Node) -> Iterator[tuple[str, Node]]:
    """The facts of a provision's conditions, each where it is first written."""
    for name, node in _pairs(provision):
        if name.text in {"when", "that"}:
            yield from _of_condition(node)


def _of_condition(condition: Node) -> Iterator[tuple[str, Node]]:
    for name, node in _pairs(condition):
        if name.text in NESTING:
            for one in node.parts if node.shape == LIST else (node,):
                yield from _of_condition(one)
        else:
            yield name.text, name
            for comparison, other in _pairs(node):
                if comparison.text in {"same_as", "covers"}:
                    yield other.text, other


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    if node.shape == MAPPING:
        yield from zip(node.parts[::2], node.parts[1::2], strict=True)
