"""The policy in OpenFisca: a variable for each fact, for the provider's law, for each agreement, and for the answer.

OpenFisca-Core is under the AGPL: it is installed for the benchmark alone (group `bench`), and nothing below `src`
imports it. It has no unknown (what is missing is 0), so a fact is the place of its word and the unknown one a place
behind the last, and truths are numbers, false 0, unknown 1, true 2, of which "and" is the least: Kleene's two bounds in
one number. Its one date is the period of a whole simulation, so the day of a question is a fact like the others, and
every derived variable is of one DAY (a formula of an ETERNITY variable fails in 46.0.1).

`batch` takes a frame of the columns of frames.SCHEMA (Enums may hold their words in any order; provider and recipient
the same) and gives (verdict, basis) as handwritten.batch does.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy
import polars
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from gokei.terms.facts import ACTIVITIES, NONE, SUPPLIES
from tests.bench.policy import NATIONS, NEW_LAW, RETRANSFERS, Agreement, Answer, Policy, Question, Verdict, drawn

from .handwritten import VERDICTS, Columns
from .tables import FALSE, TRUE, UNKNOWN, law_table, word_truths

Words: TypeAlias = Mapping[str, Sequence[str]]
Formula: TypeAlias = Callable[[Any, Any], Any]

_PERIOD: Final = "2020-01-01"
_EPOCH: Final = datetime.date(1970, 1, 1)
_POLICY: Final = drawn()
_ENTITY: Final = build_entity(key="question", plural="questions", label="One question.", is_person=True)
_OWN_WORDS: Final[Words] = {
    "provider": NATIONS,
    "recipient": NATIONS,
    "activity": ACTIVITIES,
    "supply": SUPPLIES,
    "retransfer_to": RETRANSFERS,
    "provider_consents": ("false", "true"),
}


class Peer:
    """The compiled policy, asked one question at a time: a simulation of one row."""

    name: Final = "openfisca"

    def __init__(self, policy: Policy) -> None:
        self._system = _system(policy, _OWN_WORDS)
        self._places = {fact: {word: place for place, word in enumerate(words)} for fact, words in _OWN_WORDS.items()}

    def answer(self, question: Question) -> Answer:
        """The verdict, and the place of the agreement that decides."""
        columns = {"day": numpy.array([(datetime.date.fromisoformat(question["on"]) - _EPOCH).days])}
        for fact, places in self._places.items():
            value = question[fact]
            word = str(value).lower() if isinstance(value, bool) else value
            columns[fact] = numpy.array([len(places) if word is None else places[word]])
        truth, basis = _calculated(self._system, columns)
        verdicts: tuple[Verdict, ...] = ("not_permitted", "undetermined", "permitted")
        return verdicts[truth[0]], None if basis[0] < 0 else int(basis[0])


def batch(frame: polars.DataFrame, policy: Policy = _POLICY) -> Columns:
    """The verdict and the basis of every row, system and simulation made anew."""
    words = {fact: _words(frame, fact) for fact in _OWN_WORDS}
    columns = {"day": frame["on"].to_physical().to_numpy()}
    for fact, some in words.items():
        column = frame[fact]
        places = column.to_physical() if fact != "provider_consents" else column
        columns[fact] = places.cast(polars.Int32).fill_null(len(some)).to_numpy()
    truth, basis = _calculated(_system(policy, words), columns)
    places = polars.Series("basis", basis.astype(numpy.int8))
    verdict = polars.Series("verdict", truth.astype(numpy.uint8)).cat.to(polars.Enum(VERDICTS))
    return verdict, places.set(places < 0, None)


def _words(frame: polars.DataFrame, fact: str) -> Sequence[str]:
    dtype = frame.schema[fact]
    return dtype.categories.to_list() if isinstance(dtype, polars.Enum) else _OWN_WORDS[fact]


def _calculated(system: Any, columns: Mapping[str, Any]) -> tuple[Any, Any]:
    simulation = SimulationBuilder().build_default_simulation(system, len(columns["day"]))
    for name, values in columns.items():
        simulation.set_input(name, _PERIOD, values)
    return simulation.calculate("verdict", _PERIOD), simulation.calculate("basis", _PERIOD)


def _system(policy: Policy, words: Words) -> Any:
    system = TaxBenefitSystem([_ENTITY])
    for name in ("day", *_OWN_WORDS):
        _add(system, name, None)
    _add(system, "law", _law(policy, words))
    _add(system, "met", _met(words, consent_suffices=True))
    _add(system, "stays", _met(words, consent_suffices=False))
    names = [f"agreement_{place}" for place in range(len(policy.agreements))]
    for name, agreement in zip(names, policy.agreements, strict=True):
        _add(system, name, _agreed(agreement, words))
    _add(system, "verdict", _verdict(names))
    _add(system, "basis", _basis(names))
    return system


def _add(system: Any, name: str, formula: Formula | None) -> None:
    said: dict[str, Any] = {"value_type": int, "entity": _ENTITY, "definition_period": DateUnit.DAY, "label": name}
    if formula is not None:
        said["formula"] = formula
    system.add_variable(type(name, (Variable,), said))


def _law(policy: Policy, words: Words) -> Formula:
    table = law_table(policy, words["provider"], words["activity"], words["supply"])
    new = (NEW_LAW - _EPOCH).days

    def formula(question: Any, period: Any) -> Any:
        between = table.directions[question("provider", period), question("recipient", period)]
        version = (question("day", period) >= new).astype(numpy.int32)
        return table.truths[between, version, question("activity", period), question("supply", period)]

    return formula


def _met(words: Words, consent_suffices: bool) -> Formula:
    """The third-party rule: nothing goes on to a third nation, or the provider consents where that suffices."""
    stays = word_truths(words["retransfer_to"], (NONE,))
    consented = word_truths(words["provider_consents"], ("true",))

    def formula(question: Any, period: Any) -> Any:
        found = stays[question("retransfer_to", period)]
        if consent_suffices:
            found = numpy.maximum(found, consented[question("provider_consents", period)])
        return found

    return formula


def _agreed(agreement: Agreement, words: Words) -> Formula:
    party = word_truths(words["provider"], agreement.parties) == TRUE
    activities = word_truths(words["activity"], agreement.activities, (agreement.undecided,))
    supplies = word_truths(words["supply"], agreement.supplies)
    since = (agreement.since - _EPOCH).days
    until = None if agreement.until is None else (agreement.until - _EPOCH).days
    third = "met" if agreement.consent_suffices else "stays"

    def formula(question: Any, period: Any) -> Any:
        day = question("day", period)
        speaks = party[question("provider", period)] & party[question("recipient", period)] & (day >= since)
        if until is not None:
            speaks &= day < until
        found = numpy.minimum(activities[question("activity", period)], supplies[question("supply", period)])
        found = numpy.minimum(found, question(third, period))
        return numpy.where(speaks, numpy.minimum(found, question("law", period)), FALSE)

    return formula


def _verdict(names: Sequence[str]) -> Formula:
    return lambda question, period: numpy.maximum.reduce([question(name, period) for name in names])


def _basis(names: Sequence[str]) -> Formula:
    """The first agreement whose truth is the verdict's, none where that is false."""

    def formula(question: Any, period: Any) -> Any:
        verdict = question("verdict", period)
        found = numpy.full(len(verdict), -1, numpy.int32)
        for place in reversed(range(len(names))):
            truth = question(names[place], period)
            found[(truth == verdict) & (truth >= UNKNOWN)] = place
        return found

    return formula
