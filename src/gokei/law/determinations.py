"""The answer to a question, as the machine contract shapes it, and how a leaf of a matter becomes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gokei.law.diagram import Diagram
from gokei.law.forgetting import Wanted
from gokei.law.instruments import QUALITIES
from gokei.law.masks import UNDECIDED, Mask
from gokei.law.matters import CRITERIA, GRANTED, Body, Matter, Rule
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.question import FactValue
from gokei.terms.truth import Truth

_LAST: Final = len(CRITERIA) - 1
_SHORT: Final = ("verdict", "ground", "basis")
# The parts of an answer of which less than the whole is wanted.
PARTS: Final[Mapping[Wanted, tuple[str, ...]]] = {
    Wanted.VERDICT: _SHORT,
    Wanted.REASONS: (*_SHORT, "because", "missing", "undecided"),
}


@dataclass(frozen=True, slots=True)
class State:
    """What the probes left: cases true and open; the facts they found unknown; the permits that came nearest.

    `last` holds, for each body of the matter, the permits that were alive last, and after how many probes. `ground` is
    set where it was sure before all was looked at; what the answer does not cite may have been forgotten then.
    """

    true: Mask
    open: Mask
    unknown: tuple[str, ...]
    known: Mapping[str, FactValue]
    last: tuple[tuple[int, Mask], ...]
    ground: str | None = None

    @property
    def alive(self) -> Mask:
        """The cases that nothing ruled out."""
        return self.true | self.open


@dataclass(frozen=True, slots=True)
class Rests:
    """What an answer rests on beside its provisions: assumptions by name, and the digest of the packs."""

    assumed: tuple[str, ...]
    law: str


def determine(matter: Matter, state: State, rests: Rests, wanted: Wanted = Wanted.ANSWER) -> JsonObject:
    """The determination (machine contract, section 1) that this state of a matter gives, as much of it as is wanted."""
    answer = _determined(matter, state, rests, wanted)
    return answer if wanted is Wanted.ANSWER else {name: answer[name] for name in PARTS[wanted]}


def _determined(matter: Matter, state: State, rests: Rests, wanted: Wanted) -> JsonObject:
    allowed = _allowed(matter, state)
    essential: tuple[str, ...] = ()
    ask_next = None
    if allowed is Truth.UNKNOWN:
        diagram = _diagram(matter, state, _LAST)
        essential = diagram.essential()
        ask_next = diagram.ask_next() if wanted is Wanted.ANSWER else None
        if not essential:
            allowed = Truth.of(diagram.root == 1)
    if allowed is Truth.TRUE:
        return _granted(matter, state, rests)
    if allowed is Truth.FALSE:
        return _denied(matter, state, rests)
    return _open(matter, state, rests, essential, ask_next)


def verdict(matter: Matter, state: State) -> tuple[str, str]:
    """The verdict and its ground alone, for whoever asks very many questions."""
    allowed = _allowed(matter, state)
    if allowed is Truth.UNKNOWN:
        diagram = _diagram(matter, state, _LAST)
        essential = diagram.essential()
        if essential:
            missing = any(not fact.startswith(UNDECIDED) for fact in essential)
            return "undetermined", "facts_missing" if missing else "undecided"
        allowed = Truth.of(diagram.root == 1)
    return ("permitted", GRANTED) if allowed is Truth.TRUE else ("not_permitted", _ground(matter, state))


def asked(matter: Matter, state: State, aside: frozenset[str]) -> tuple[str, tuple[tuple[FactValue, ...], ...]] | None:
    """The fact to ask next, never one that is `aside`, with its values in classes; None where there is none to ask.

    A day or a text has classes too, by stand-ins for its values. A fact that no value fits is not asked.
    """
    if _allowed(matter, state) is not Truth.UNKNOWN:
        return None
    diagram = _diagram(matter, state, _LAST, aside)
    fact = diagram.ask_next()
    if fact is None:
        return None
    classes = diagram.classes(fact)
    return (fact, classes) if classes else asked(matter, state, aside | {fact})


def _allowed(matter: Matter, state: State) -> Truth:
    if state.ground is None:
        return matter.allowed(state.true, state.open, _LAST)
    return Truth.of(state.ground == GRANTED)


def _diagram(matter: Matter, state: State, criterion: int, aside: frozenset[str] = frozenset()) -> Diagram:
    dead = matter.whole & ~state.alive
    return Diagram(matter, dead, state.known, state.unknown, criterion, aside)


def _granted(matter: Matter, state: State, rests: Rests) -> JsonObject:
    granting = [body for body in matter.agreements if body.in_force and body.could_grant(state.true, state.open)]
    basis = [rule for body in (*granting, *matter.laws) for rule in _holding(body, state, "permit")]
    met = [rule for body in (*granting, *matter.laws) for rule in _met(body, state)]
    because = [(rule, Truth.TRUE) for rule in (*basis, *met)]
    duties = _obligations((*granting, *matter.laws), state)
    return _answer("permitted", GRANTED, basis, because, rests, obligations=duties)


def _open(matter: Matter, state: State, rests: Rests, essential: tuple[str, ...], ask_next: str | None) -> JsonObject:
    live = [body for body in matter.agreements if body.in_force and body.could_grant(state.true, state.open)]
    missing = [fact for fact in essential if not fact.startswith(UNDECIDED)]
    undecided = [_undecided_of(fact) for fact in essential if fact.startswith(UNDECIDED)]
    because: list[tuple[Rule, Truth]] = []
    for sense in ("permit", "prohibit", "bar", "violate"):
        for body in (*live, *matter.laws):
            because += _relevant(matter, body, state, sense, frozenset(essential))
    because.sort(key=lambda one: one[1] is Truth.UNKNOWN)
    basis = [rule for rule, truth in because if truth is Truth.TRUE and "permit" in rule.masks]
    duties = _obligations((*live, *matter.laws), state)
    ground = "facts_missing" if missing else "undecided"
    return _answer("undetermined", ground, basis, because, rests, missing, ask_next, undecided, duties)


def _denied(matter: Matter, state: State, rests: Rests) -> JsonObject:
    ground = _ground(matter, state)
    because: list[tuple[Rule, Truth]] = []
    applying = [body for body in matter.agreements if body.any_of("apply", state.true, state.open) is not Truth.FALSE]
    if ground == "not_in_force":
        because = [(rule, Truth.FALSE) for rule in _nearest(matter, applying, state)]
    elif ground == "prohibited":
        because = _held(_forceful(applying), state, "prohibit", Truth.TRUE)
    elif ground == "out_of_scope":
        near = _nearest(matter, _forceful(applying), state)
        because = [(rule, rule.truth(state.true, state.open, "permit")) for rule in near]
    elif ground == "national_law":
        return _by_national_law(matter, _forceful(applying), state, rests)
    elif ground == "condition_not_met":
        because = _held((*_forceful(applying), *matter.laws), state, "violate", Truth.FALSE)
    basis = [rule for rule, _ in because]
    if ground not in {"no_agreement", "not_in_force"}:
        because += _objections((*_forceful(applying), *matter.laws), state, basis)
    return _answer("not_permitted", ground, basis, because, rests)


def _held(bodies: Iterable[Body], state: State, sense: str, certain: Truth) -> list[tuple[Rule, Truth]]:
    """The rules that hold in that sense, with what is then certain; those that only may are cited as not known."""
    return [
        (rule, certain if rule.truth(state.true, state.open, sense) is Truth.TRUE else Truth.UNKNOWN)
        for body in bodies
        for rule in _holding(body, state, sense)
    ]


def _objections(bodies: Iterable[Body], state: State, but: Sequence[Rule]) -> list[tuple[Rule, Truth]]:
    """What stands against it beside the basis of a no, for certain: prohibitions that hold, requirements not met."""
    found: list[tuple[Rule, Truth]] = []
    for body in bodies:
        for sense, truth in (("prohibit", Truth.TRUE), ("violate", Truth.FALSE)):
            held = body.masks.get(sense, 0) & state.true
            if held:
                rules = (rule for rule in body.rules if rule.masks.get(sense, 0) & held)
                found += [(rule, truth) for rule in rules if not any(rule is one for one in but)]
    return found


def _by_national_law(matter: Matter, agreements: Sequence[Body], state: State, rests: Rests) -> JsonObject:
    because = _held(agreements, state, "bar", Truth.TRUE)
    for law in matter.laws:
        barred = (
            _holding(law, state, "prohibit") if law.any_of("prohibit", state.true, state.open) is Truth.TRUE else []
        )
        because += [(rule, Truth.TRUE) for rule in barred]
        if not barred and law.any_of("permit", state.true, state.open) is Truth.FALSE:
            because += [(rule, Truth.FALSE) for rule in _nearest(matter, [law], state)]
    if not because:
        because = [(rule, Truth.UNKNOWN) for law in matter.laws for rule in _holding(law, state, "permit")]
    basis = [rule for rule, _ in because]
    applying = [body for body in matter.agreements if body.any_of("apply", state.true, state.open) is not Truth.FALSE]
    because += _objections((*_forceful(applying), *matter.laws), state, basis)
    return _answer("not_permitted", "national_law", basis, because, rests)


def _ground(matter: Matter, state: State) -> str:
    """The first criterion that, with those before it, makes it a no whatever the unknown facts are."""
    if state.ground is not None:
        return state.ground
    for criterion, name in enumerate(CRITERIA):
        allowed = matter.allowed(state.true, state.open, criterion)
        if allowed is Truth.UNKNOWN:
            allowed = Truth.of(_diagram(matter, state, criterion).root != 0)
        if allowed is Truth.FALSE:
            return name
    return CRITERIA[_LAST]


def _forceful(bodies: Iterable[Body]) -> list[Body]:
    return [body for body in bodies if body.in_force]


def _holding(body: Body, state: State, sense: str) -> list[Rule]:
    """The rules that hold in that sense; where none is certain, those that may."""
    for wanted in (Truth.TRUE, Truth.UNKNOWN):
        found = [rule for rule in body.rules if rule.truth(state.true, state.open, sense) is wanted]
        if found:
            return found
    return []


def _met(body: Body, state: State) -> list[Rule]:
    """The requirements that apply and are met."""
    return [
        rule
        for rule in body.rules
        if rule.truth(state.true, state.open, "demand") is Truth.TRUE
        and rule.truth(state.true, state.open, "violate") is Truth.FALSE
    ]


def _relevant(
    matter: Matter, body: Body, state: State, sense: str, essential: frozenset[str]
) -> list[tuple[Rule, Truth]]:
    """Rules that made an open answer so: those that hold or are met, and those open on a fact that still matters."""
    found: list[tuple[Rule, Truth]] = []
    if sense == "violate":
        found += [(rule, Truth.TRUE) for rule in _met(body, state)]
    for rule in body.rules:
        truth = rule.truth(state.true, state.open, sense)
        certain = truth is Truth.TRUE and sense == "permit"
        asked = truth is Truth.UNKNOWN and _asks(matter, rule.masks[sense] & state.open, essential)
        if certain or asked:
            found.append((rule, truth))
    return found


def _asks(matter: Matter, mask: Mask, essential: frozenset[str]) -> bool:
    return any(mask & probe.touches and essential & set(probe.facts) for probe in matter.probes)


def _nearest(matter: Matter, bodies: Sequence[Body], state: State) -> list[Rule]:
    """The permits that were ruled out last, on the way from the first fact to the last."""
    last = [found for body, found in zip(matter.bodies, state.last, strict=True) if any(body is one for one in bodies)]
    latest = max((place for place, mask in last if mask), default=-1)
    near = 0
    for place, mask in last:
        if place == latest:
            near |= mask
    return [rule for body in bodies for rule in body.rules if rule.masks.get("permit", 0) & near]


def _obligations(bodies: Iterable[Body], state: State) -> list[JsonObject]:
    """What a yes obliges to: every duty whose condition is not known to be false."""
    found: list[JsonObject] = []
    for body in bodies:
        for rule in body.rules:
            duty = rule.provision.obligation
            if duty is None:
                continue
            truth = rule.truth(state.true, state.open, "oblige")
            if truth is not Truth.FALSE:
                quality = rule.provision.source.quality
                one = {**duty, **rule.provision.cited(), "truth": truth.word, "quality": quality}
                if one not in found:
                    found.append(one)
    return found


def _undecided_of(fact: str) -> JsonObject:
    instrument, _, provision = fact.removeprefix(UNDECIDED).partition(" ")
    return {"instrument": instrument, "provision": provision}


def _once(found: Iterable[JsonObject], key: Callable[[JsonObject], object]) -> list[JsonValue]:
    kept: dict[object, JsonValue] = {}
    for one in found:
        kept.setdefault(key(one), one)
    return list(kept.values())


def _cited(one: JsonObject) -> object:
    return (one["instrument"], one["provision"])


def _said(one: JsonObject) -> object:
    """One provision can hold several rules: what each says tells them apart."""
    says = one["says"]
    return (one["instrument"], one["provision"], says["en"] if isinstance(says, dict) else "")


def _answer(
    verdict: str,
    ground: str,
    basis: Sequence[Rule],
    because: Sequence[tuple[Rule, Truth]],
    rests: Rests,
    missing: Sequence[str] = (),
    ask_next: str | None = None,
    undecided: Sequence[JsonObject] = (),
    obligations: Sequence[JsonObject] = (),
) -> JsonObject:
    said: list[JsonObject] = [
        {
            **rule.provision.cited(),
            "truth": truth.word,
            "says": dict(rule.provision.says),
            "source": rule.provision.source.as_json(),
        }
        for rule, truth in because
    ]
    qualities = [rule.provision.source.quality for rule, _ in because]
    return {
        "verdict": verdict,
        "ground": ground,
        "basis": _once((rule.provision.cited() for rule in basis), _cited),
        "because": _once(said, _said),
        "missing": [*missing],
        "ask_next": ask_next,
        "undecided": [*undecided],
        "obligations": [*obligations],
        "assumed": [*rests.assumed],
        "weakest_source": max(qualities, key=QUALITIES.index) if qualities else None,
        "law": rests.law,
    }
