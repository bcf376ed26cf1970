"""A comparison of two states of the law in words: each cube and each group of cubes as one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gokei.faces import clauses, labels
from gokei.faces.locale import LANGUAGES, translator
from gokei.terms.facts import ACTIVITIES, CONTRACTOR, NONE, SUPPLIES
from gokei.terms.json_types import JsonObject, JsonValue, object_of, objects_of
from gokei.terms.words import N_, Translate

_HEADS: Final = ("supply", "activity", "action")
_TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "supply": labels.SUPPLY,
    "activity": labels.ACTIVITY,
    "action": clauses.ACTION,
    "channel": labels.CHANNEL,
    "level": labels.MARKING,
    "clearance": labels.MARKING,
    "place": labels.PLACE,
}
# Words that stand for a nation or for somebody else.
_ROLES: Final[Mapping[str, str]] = {
    CONTRACTOR: N_("a contractor"),
    "provider": N_("the provider"),
    "recipient": N_("the recipient"),
}


def spoken(comparison: JsonObject) -> JsonObject:
    """The comparison with `says` in every language beside each cube and each sentence."""
    said = [
        sentence | {"says": _in_all(one)}
        for sentence, one in zip(objects_of(comparison["sentences"]), _sentences(comparison), strict=True)
    ]
    cubes = objects_of(comparison["cubes"])
    each = [cube | {"says": _in_all(Said.of(cube, [object_of(cube["basis"])]))} for cube in cubes]
    return comparison | {"sentences": [*said], "cubes": [*each]}


def told(comparison: JsonObject) -> list[Told]:
    """The sentences in groups by how the answer changes, what becomes permitted first."""
    groups: dict[tuple[str, str], list[Said]] = {}
    for one in _sentences(comparison):
        groups.setdefault((str(one.change["from"]), str(one.change["to"])), []).append(one)
    return [Told(verdicts, tuple(group)) for verdicts, group in sorted(groups.items(), key=_order)]


def _order(group: tuple[tuple[str, str], list[Said]]) -> tuple[bool, str, str]:
    was, now = group[0]
    return (was == now, was, now)


def _sentences(comparison: JsonObject) -> list[Said]:
    bases: dict[JsonValue, list[JsonObject]] = {}
    for cube in objects_of(comparison["cubes"]):
        bases.setdefault(cube["sentence"], []).append(object_of(cube["basis"]))
    return [Said.of(one, bases.get(number, [])) for number, one in enumerate(objects_of(comparison["sentences"]))]


@dataclass(frozen=True, slots=True)
class Said:
    """What one sentence says: how the answer changes, for what, under which conditions."""

    change: JsonObject
    cited: tuple[tuple[str, ...], tuple[str, ...]]
    heads: JsonObject
    conditions: tuple[JsonObject, ...]

    @classmethod
    def of(cls, one: JsonObject, bases: Sequence[JsonObject]) -> Said:
        """A sentence or a cube of a comparison."""
        facts = object_of(one["facts"])
        conditions: list[JsonObject] = [
            {"facts": {fact: words}, "undecided": []} for fact, words in facts.items() if fact not in _HEADS
        ]
        conditions += [{"facts": {}, "undecided": [decided]} for decided in objects_of(one["undecided"])]
        choices = one.get("choices")
        conditions += [{"any": choice} for choice in _list(choices)]
        heads: JsonObject = {fact: words for fact, words in facts.items() if fact in _HEADS}
        return cls(one, (_cited(bases, "from"), _cited(bases, "to")), heads, tuple(conditions))

    def text(self, words: Translate, but: Sequence[JsonObject] = ()) -> str:
        """The sentence, without the conditions that were said before it."""
        change = words(N_("{was} → {now}"))
        change = change.replace("{was}", self._answer(words, 0)).replace("{now}", self._answer(words, 1))
        found = _head(self.heads, words).replace("{change}", change)
        found = found[:1].upper() + found[1:]
        conditions = [one for one in self.conditions if one not in but]
        if not conditions:
            return words(N_("{said}.")).replace("{said}", found)
        whole = words(N_("{said}, where {conditions}."))
        return whole.replace("{said}", found).replace("{conditions}", conditions_of(conditions, words))

    def _answer(self, words: Translate, side: int) -> str:
        verdict = _inside(words(labels.VERDICT[str(self.change[("from", "to")[side]])]))
        ground = self.change.get(("from_ground", "to_ground")[side])
        beside = [words(clauses.WHY_NOT[str(ground)])] if ground else []
        beside += [", ".join(self.cited[side])] if self.cited[side] else []
        return f"{verdict} ({': '.join(beside)})" if beside else verdict


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of one change of the answer."""

    verdicts: tuple[str, str]
    sentences: tuple[Said, ...]

    @property
    def throughout(self) -> tuple[JsonObject, ...]:
        """The conditions of every sentence, where there are several."""
        first, *others = self.sentences
        return tuple(one for one in first.conditions if others and all(one in other.conditions for other in others))

    def conditions(self, words: Translate) -> str:
        """The conditions of every sentence, in words."""
        return conditions_of(self.throughout, words)


def conditions_of(conditions: Sequence[JsonObject], words: Translate) -> str:
    """Conditions that all hold, one after the other."""
    return _joined([_condition(one, words) for one in conditions], N_("{one}; {other}"), words)


def _condition(one: JsonObject, words: Translate) -> str:
    if "any" in one:
        parts = [_condition(part, words) for part in objects_of(one["any"])]
        if any(_several(part) for part in objects_of(one["any"])):
            parts = [f"({part})" for part in parts]
        return "(" + _joined(parts, N_("{one} or {other}"), words) + ")"
    found = [_clause(fact, value, words) for fact, value in object_of(one["facts"]).items()]
    found += [_decided(part, words) for part in objects_of(one["undecided"])]
    return _joined(found, N_("{one}; {other}"), words)


def _several(one: JsonObject) -> bool:
    return len(object_of(one["facts"])) + len(_list(one["undecided"])) > 1


def _decided(one: JsonObject, words: Translate) -> str:
    text = words(N_("{instrument} {provision}, which is undecided, turns out {words}"))
    for name in ("instrument", "provision"):
        text = text.replace("{" + name + "}", str(one[name]))
    decided = one["decided"]
    return text.replace("{words}", _either([str(word) for word in decided] if isinstance(decided, list) else [], words))


def _clause(fact: str, value: JsonValue, words: Translate) -> str:
    """What one fact is restricted to, as a clause."""
    if isinstance(value, dict) and "any" in value:
        parts = [_clause(fact, one, words) for one in _list(value["any"])]
        return "(" + _joined(parts, N_("{one} or {other}"), words) + ")"
    if isinstance(value, dict) and "all" in value:
        return _joined([_clause(fact, one, words) for one in _list(value["all"])], N_("{one}; {other}"), words)
    outside = isinstance(value, dict) and isinstance(value.get("not"), list)
    if outside or isinstance(value, list):
        listed = _list(object_of(value).get("not") if outside else value)
        if fact in clauses.STATED:
            yes, no = clauses.STATED[fact]
            return words(yes if (listed == [True]) is not outside else no)
        return _among(fact, [str(one) for one in listed], outside, words)
    return _compared(fact, object_of(value), words)


def _compared(fact: str, value: JsonObject, words: Translate) -> str:
    holds = "not" not in value
    inner = value if holds else object_of(value["not"])
    for kind in ("covers", "same_as"):
        if kind in inner:
            found = words(clauses.COMPARED[fact, kind][0 if holds else 1])
            if "table" not in inner:
                return found
            by_table = words(N_("{said} by table {number}"))
            return by_table.replace("{said}", found).replace("{number}", str(inner["table"]))
    parts: list[str] = []
    for place, order in enumerate(("on_or_after", "before")):
        if order in inner:
            than = str(inner[order])
            text = clauses.COMPARED[fact, "on" if than == "on" else "day"][place]
            parts.append(words(text).replace("{day}", than))
    return _joined(parts, N_("{one}; {other}"), words)


def _among(fact: str, listed: Sequence[str], outside: bool, words: Translate) -> str:
    if fact == "retransfer_to" and NONE in listed:
        others = [one for one in listed if one != NONE]
        text = (
            (N_("it is passed on to another than {words}") if others else N_("it is passed on"))
            if outside
            else (N_("it is passed on to nobody but {words}") if others else N_("it is not passed on"))
        )
        return words(text).replace("{words}", _names(fact, others, words))
    text = clauses.AMONG[fact][1 if outside else 0]
    return words(text).replace("{words}", _names(fact, listed, words))


def _names(fact: str, listed: Sequence[str], words: Translate) -> str:
    table = _TABLES.get(fact, {})
    named = [_ROLES.get(one) or table.get(one, one) for one in listed]
    return _either([_inside(words(one)) for one in named], words)


def _head(heads: JsonObject, words: Translate) -> str:
    if "action" in heads:
        return words(N_("{actions}: {change}")).replace("{actions}", _listed("action", heads["action"], words)[0])
    supplies, but = _listed("supply", heads["supply"], words) if "supply" in heads else ("", False)
    activities = words(N_("any activity"))
    if "activity" in heads:
        activities, other = _listed("activity", heads["activity"], words)
        if other:
            activities = words(N_("any activity except {words}")).replace("{words}", activities)
    text = N_("{supplies} in {activities}: {change}") if supplies else N_("Everything in {activities}: {change}")
    if but:
        text = N_("Everything in {activities}, except {supplies}: {change}")
    return words(text).replace("{supplies}", supplies).replace("{activities}", activities)


_WHOLE: Final[Mapping[str, Sequence[str]]] = {"supply": SUPPLIES, "activity": ACTIVITIES}


def _listed(fact: str, value: JsonValue, words: Translate) -> tuple[str, bool]:
    """The words by name; or those left out, and True, where they are fewer."""
    listed = [str(one) for one in _list(value)]
    rest = [one for one in _WHOLE.get(fact, ()) if one not in listed]
    left_out = 0 < len(rest) < len(listed)
    names = [_inside(words(_TABLES[fact].get(one, one))) for one in (rest if left_out else listed)]
    return _joined(names, N_("{one}; {other}"), words), left_out


def _either(names: Sequence[str], words: Translate) -> str:
    return _joined(names, N_("{one} or {other}"), words)


def _joined(parts: Sequence[str], pattern: str, words: Translate) -> str:
    """Parts one after the other, by a pattern for two."""
    between = words(pattern).removeprefix("{one}").removesuffix("{other}")
    return between.join(parts)


def _inside(word: str) -> str:
    """A label inside a sentence: without its capital, unless it is a name or an abbreviation."""
    first, _, rest = word.partition(" ")
    name = first[1:] != first[1:].lower() or rest[:1].isupper()
    return word if name else word[:1].lower() + word[1:]


def _cited(bases: Sequence[JsonObject], side: str) -> tuple[str, ...]:
    """The instruments that the answers of the examples rest on, each once."""
    found = [
        str(one["instrument"]) for basis in bases for one in objects_of(object_of(basis[side]).get("provisions"))
    ]  # fmt: skip
    return tuple(dict.fromkeys(found))


def _in_all(said: Said) -> JsonObject:
    return {language: said.text(translator(language)) for language in LANGUAGES}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
