"""The interview: from what is stated so far to the one fact to ask next, by the shortest way to a settled answer.

The frame of a question comes first (what it is about, the day, the nations); from then on the law itself says which
fact settles it soonest. A fact that is None is one that the asked does not know: it is never asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gokei.law.library import Library
from gokei.terms.facts import FACTS, KINDS, FactType
from gokei.terms.json_types import JsonObject
from gokei.terms.nations import NATIONS
from gokei.terms.question import FactValue, read_question

FRAME: Final[Mapping[str, tuple[str, ...]]] = {"support": ("on", "provider", "recipient"), "information": ("on",)}
# A class of more values than these is offered as "any other": whoever means one of them names it.
NAMED_VALUES: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact to ask: its classes of values, values of one class leading to the same.

    `rest` is the place of the class to offer as "any other"; None where every value is offered by name. Days and texts
    are free: they have no classes.
    """

    fact: str
    type: FactType
    classes: tuple[tuple[FactValue, ...], ...] = ()
    rest: int | None = None
    required: bool = False

    @property
    def offered(self) -> tuple[FactValue, ...]:
        """The values to offer by name, in the order of the vocabulary."""
        named = {value for place, one in enumerate(self.classes) if place != self.rest for value in one}
        return tuple(value for value in _order(self.fact) if value in named)

    @property
    def others(self) -> tuple[FactValue, ...]:
        """The values behind "any other"."""
        behind = frozenset() if self.rest is None else frozenset(self.classes[self.rest])
        return tuple(value for value in _order(self.fact) if value in behind)

    def as_json(self) -> JsonObject:
        """The fact as the API hands it on: `choices` by name, and under `any_other` those not worth a name."""
        return {
            "fact": self.fact,
            "type": self.type,
            "required": self.required,
            "choices": [*self.offered],
            "any_other": [*self.others],
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """Where an interview stands: the answer as far as it goes (None before the frame stands), and what to ask."""

    answer: JsonObject | None
    asked: Asked | None
    left: int

    def as_json(self) -> JsonObject:
        """`answer`, `ask` (null where nothing is left to ask), and how many facts are left at most."""
        return {
            "answer": self.answer,
            "ask": self.asked.as_json() if self.asked else None,
            "left_at_most": self.left,
        }


def turn(library: Library, stated: Mapping[str, object], assume: tuple[str, ...] = ()) -> Turn:
    """The next turn after what is `stated`; facts that are None are not known and not asked. Raises BadInput."""
    frame = _frame(library, stated)
    if frame is not None:
        return Turn(None, frame, 0)
    facts = read_question(stated)
    aside = frozenset(name for name, value in stated.items() if value is None and name not in facts)
    answer = library.determine(facts, assume)
    found = library.walk(facts, assume).asked(facts, aside)
    missing = answer["missing"]
    left = sum(1 for fact in missing if fact not in aside) if isinstance(missing, list) else 0
    if found is None:
        return Turn(answer, None, 0)
    fact, classes = found
    return Turn(answer, _asked(fact, classes), left)


def question(stated: Mapping[str, object]) -> JsonObject:
    """What was stated as a question to keep: what is not known is left out."""
    return {name: value for name, value in stated.items() if isinstance(value, (str, bool))}


def _frame(library: Library, stated: Mapping[str, object]) -> Asked | None:
    """What every question must state, as long as it does not."""
    kind = stated.get("kind")
    if kind is None:
        return Asked("kind", "code", tuple((word,) for word in KINDS), required=True)
    for name in FRAME.get(str(kind), ()):
        if stated.get(name) is None:
            return Asked(name, FACTS[name].type, *_nations(library, name, stated), required=True)
    return None


def _nations(
    library: Library, name: str, stated: Mapping[str, object]
) -> tuple[tuple[tuple[FactValue, ...], ...], int | None]:
    """The parties to agreements on support, each for itself; of a recipient those that share one with the provider."""
    if FACTS[name].type != "nation":
        return (), None
    provider = stated.get("provider")
    treaties = [one for one in library.instruments.values() if one.kind == "support"]
    shared = [one for one in treaties if provider is None or provider in one.parties] or treaties
    parties = sorted({party for one in shared for party in one.parties} - {provider})
    others = tuple(sorted(NATIONS - {*parties, provider}))
    return (*((party,) for party in parties), others), len(parties)


def _asked(fact: str, classes: tuple[tuple[FactValue, ...], ...]) -> Asked:
    kind = FACTS[fact].type
    if kind in {"date", "text"}:
        return Asked(fact, kind)
    largest = max(range(len(classes)), key=lambda place: len(classes[place]))
    return Asked(fact, kind, classes, largest if len(classes[largest]) > NAMED_VALUES else None)


def _order(fact: str) -> tuple[FactValue, ...]:
    return (True, False) if FACTS[fact].type == "boolean" else FACTS[fact].words()
