"""A question to the law: a JSON object of facts, checked name by name (machine contract, section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from gokei.terms import limits
from gokei.terms.dates import parse_date, shown
from gokei.terms.facts import FACTS, WORDS
from gokei.terms.markings import nation_of
from gokei.terms.nations import NATIONS
from gokei.terms.nearest import nearest
from gokei.terms.nsn import parse_nsn, supplies_of
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

FactValue: TypeAlias = "str | bool"
# What is known: codes, nations, markings, texts, and days as YYYY-MM-DD (which order as text). Unknown is absent.
Facts: TypeAlias = "dict[str, FactValue]"

_NEXT: Final = N_("Correct the fact and ask again.")
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "support": ("on", "provider", "recipient"),
    "information": ("on",),
}
_BOOLEANS: Final = frozenset(name for name, fact in FACTS.items() if fact.type == "boolean")
_DAYS: Final = frozenset(name for name, fact in FACTS.items() if fact.type == "date")


def read_question(question: Mapping[str, object]) -> Facts:
    """The facts that a question states; null counts as left out, an `nsn` settles `supply` where its class can.

    Raises BadInput that names the fact, and the nearest valid word where there is one: `fact-unknown`, `fact-type`,
    `fact-code`, `fact-required`, `fact-contradiction`, `date`, `nsn`.
    """
    facts: Facts = {**question} if _is_plain(question) else _read(question)  # type: ignore[dict-item]
    if facts.get("kind") != "support" or "on" not in facts or "provider" not in facts or "recipient" not in facts:
        _check_required(facts)
        _check_together(facts)
    elif "nsn" in facts or facts["provider"] == facts["recipient"]:
        _check_together(facts)
    return facts


def _is_plain(question: Mapping[str, object]) -> bool:
    """Whether every fact is stated by one of its words: nearly always, and then there is nothing to read."""
    try:
        for name, value in question.items():
            if value in WORDS[name]:
                continue
            if value is True or value is False:
                if name not in _BOOLEANS:
                    return False
            elif name == "nsn":
                if value is None or _number(value) != value:
                    return False
            elif name not in _DAYS or _day(value) is None:
                return False
    except (KeyError, TypeError):
        return False
    return True


@lru_cache(limits.DAYS_IN_MEMORY)
def _day(text: object) -> str | None:
    """A day as it is written, if it is one."""
    try:
        return parse_date(text, "on").isoformat()
    except BadInput:
        return None


@lru_cache(limits.DAYS_IN_MEMORY)
def _number(text: object) -> str | None:
    """A stock number as 13 digits, if it is one."""
    try:
        return parse_nsn(text, "nsn")
    except BadInput:
        return None


def _read(question: Mapping[str, object]) -> Facts:
    return {name: _checked(name, value) for name, value in question.items() if not (value is None and name in FACTS)}


def _checked(name: str, value: object) -> FactValue:
    fact = FACTS.get(name)
    if fact is None:
        raise unknown_fact(name)
    if isinstance(value, str) and value in WORDS[name]:
        return value
    if isinstance(value, bool) and name in _BOOLEANS:
        return value
    if name in _DAYS:
        return parse_date(value, name).isoformat()
    if fact.type == "nsn":
        return parse_nsn(value, name)
    if fact.type == "boolean":
        raise _wrong_type(name, N_("{field} is true or false, not {value}."), value)
    if not isinstance(value, str):
        raise _wrong_type(name, N_("{field} is a text, not {value}."), value)
    if fact.type == "text":
        if not value or len(value) > limits.QUESTION_STRING_CHARACTERS:
            raise _wrong_type(name, N_("{field} is a text of 1 to 1,000 characters."), value)
        return value
    raise unknown_word(fact.name, value, WORDS[fact.name])


def _check_required(facts: Facts) -> None:
    if "kind" not in facts:
        raise _missing("kind")
    for name in _REQUIRED[str(facts["kind"])]:
        if name not in facts:
            raise _missing(name)


def _check_together(facts: Facts) -> None:
    provider = facts.get("provider")
    if provider is not None and provider == facts.get("recipient"):
        raise _contradiction("recipient", N_("provider and recipient are the same nation, {value}."), str(provider))
    nsn = facts.get("nsn")
    if nsn is not None:
        _settle_supply(facts, str(nsn))
    if facts["kind"] == "information":
        _match_marking(facts, "level", "owner")
        _match_marking(facts, "clearance", "actor")


def _settle_supply(facts: Facts, nsn: str) -> None:
    can_be = supplies_of(nsn)
    supply = facts.get("supply")
    if supply is None:
        if len(can_be) == 1:
            facts["supply"] = next(iter(can_be))
    elif can_be and supply not in can_be:
        words = " / ".join(sorted(can_be))
        raise BadInput(
            check="fact-contradiction",
            detail=N_("nsn is of a supply class for {words}, but supply says {value}."),
            next_step=_NEXT,
            params={"words": words, "value": str(supply)},
            field="nsn",
        )


def _match_marking(facts: Facts, marking: str, nation: str) -> None:
    """A level is its owner's own, a clearance its actor's own; each says whose it is where that was left out."""
    code = facts.get(marking)
    if code is None:
        return
    whose = nation_of(str(code))
    if facts.setdefault(nation, whose) != whose:
        raise BadInput(
            check="fact-contradiction",
            detail=N_("{field} {code} is not a marking of the {role}, {nation}."),
            next_step=_NEXT,
            params={"field": marking, "code": str(code), "role": nation, "nation": str(facts[nation])},
            field=marking,
        )


def unknown_fact(name: str) -> BadInput:
    """The problem (`fact-unknown`) that there is no fact of that name; it names the one that is meant."""
    near = nearest(name, FACTS)
    return BadInput(
        check="fact-unknown",
        detail=N_("There is no fact {field}. Did you mean {nearest}?") if near else N_("There is no fact {field}."),
        next_step=_NEXT,
        params={"field": shown(name), "nearest": near or ""},
        field=shown(name),
    )


def unknown_word(name: str, value: str, words: Iterable[str], next_step: str = _NEXT) -> BadInput:
    """The problem (`fact-code`) that a fact's value is none of its words; it names the one that is meant."""
    near = nearest(value, words)
    detail = N_("{field}: {value} is not a valid word. Did you mean {nearest}?")
    return BadInput(
        check="fact-code",
        detail=detail if near else N_("{field}: {value} is not a valid word."),
        next_step=next_step,
        params={"field": name, "value": shown(value), "nearest": near or ""},
        field=name,
    )


def check_nation(name: str, value: str) -> None:
    """Raise BadInput (`fact-code`) where the value is no nation's code."""
    if value not in NATIONS:
        next_step = N_("Name the nation by its two letters, such as JP; UN, NATO and EU are named so too.")
        raise unknown_word(name, value, NATIONS, next_step)


def _wrong_type(name: str, detail: str, value: object) -> BadInput:
    return BadInput(
        check="fact-type", detail=detail, next_step=_NEXT, params={"field": name, "value": shown(value)}, field=name
    )


def _missing(name: str) -> BadInput:
    return BadInput(
        check="fact-required",
        detail=N_("The question does not state {field}, without which it cannot be asked."),
        next_step=_NEXT,
        params={"field": name},
        field=name,
    )


def _contradiction(name: str, detail: str, value: str) -> BadInput:
    return BadInput(check="fact-contradiction", detail=detail, next_step=_NEXT, params={"value": value}, field=name)
