"""The format of packs as tables: the loader reads by them, and the editor's schema is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from gokei.law.instruments import EFFECTS, NOTHING, QUALITIES
from gokei.law.status import EVENTS
from gokei.terms.facts import FACTS, Fact

ID_PATTERN: Final = "[a-z0-9]+(-[a-z0-9]+)*"
DURATION_PATTERN: Final = "P[1-9][0-9]{0,3}[DMY]"
RANKS: Final = tuple(str(number) for number in range(1, 10))
ROLES: Final = ("provider", "recipient", "owner", "holder")
ON: Final = "on"
# Facts that settle others or the question itself stand in no condition.
UNUSABLE: Final = frozenset({"kind", "on", "nsn"})
USABLE: Final[Mapping[str, Fact]] = {name: fact for name, fact in FACTS.items() if name not in UNUSABLE}
# Conditions of conditions: whether a list of them follows, or one.
NESTING: Final[Mapping[str, bool]] = {"all": True, "any": True, "not": False}
NEGATION: Final = "not"
# The warnings of the check that a pack may say it knows.
LINTS: Final = (
    "contradiction", "unreachable", "overlap", "obligations-differ", "source-missing", "source-host-only",
    "source-quality", "gap", "version-gap", "translation-missing", "draft-in-force",
)  # fmt: skip

# The words that may stand in a field, by what the field holds.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("support", "information", "law"),
    "effect": EFFECTS,
    "quality": QUALITIES,
    "event": EVENTS,
    "side": ("provider", "recipient"),
    "about": ("support", "information"),
    "variant": ("permit", "prohibit", NOTHING),
    "method": ("return", "replacement_in_kind", "equal_value", "payment"),
    "lint": LINTS,
}
# The fields that belong to one effect: no other may have them.
OF_EFFECT: Final[Mapping[str, str]] = {
    "that": "require",
    "variants": "undecided",
    "default": "undecided",
    "obligation": "oblige",
}
# Of these the ones that the effect may have, and need not.
MAY_LACK: Final = frozenset({"default"})


class Field(NamedTuple):
    """One field of a mapping: what it holds, what it is for, and whether it must be there."""

    holds: str
    says: str
    must: bool = False


class Shape(NamedTuple):
    """A mapping of a pack: its fields in the order in which they are asked for."""

    fields: Mapping[str, Field]

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that must be there."""
        return tuple(name for name, field in self.fields.items() if field.must)

    @property
    def optional(self) -> tuple[str, ...]:
        """The fields that may be left out."""
        return tuple(name for name, field in self.fields.items() if not field.must)


# A text in each language: English must be there; where another is left out, English stands in for it.
SAYS: Final = Shape(
    {
        "en": Field("text", "In English.", must=True),
        "ja": Field("text", "In Japanese; English is shown where it is left out, and the check warns."),
        "ko": Field("text", "In Korean; English is shown where it is left out, and the check warns."),
    }
)
DUTIES: Final = Shape(
    {
        "en": Field("texts", "In English.", must=True),
        "ja": Field("texts", "In Japanese.", must=True),
        "ko": Field("texts", "In Korean.", must=True),
    }
)
SOURCE: Final = Shape(
    {
        "url": Field("text", "The page, not only its host, on which it was read.", must=True),
        "quality": Field(
            "quality",
            "verified: read in the official text, or in an official page about it. secondary: read in a secondary "
            "source. derived: from dated versions or other official papers. draft: not confirmed by any text.",
            must=True,
        ),
        "note": Field("text", "For those who edit the pack."),
    }
)
ALLOWED: Final = Shape(
    {
        "allow": Field("lints", "The warnings of gokei law check that are known here.", must=True),
        "because": Field("text", "Why they are no fault.", must=True),
    }
)
INTERVAL: Final = Shape(
    {
        "from": Field("day", "The first day on which it is in force."),
        "until": Field("day", "The first day on which it is no longer in force."),
    }
)
INSTRUMENT: Final = Shape(
    {
        "instrument": Field("id", "Its id: lower-case words and digits with hyphens, unique in the folder.", must=True),
        "kind": Field("kind", "Mutual support, protected information, or one nation's law.", must=True),
        "titles": Field("says", "Its title in each language.", must=True),
        "parties": Field("parties", "Nation codes; of a law the one nation whose law it is.", must=True),
        "provisions": Field("provisions", "Its rules, each dated and cited.", must=True),
        "about": Field("about", "Of a law: which questions it speaks to; support where it is left out."),
        "binding": Field("boolean", "false: it grants and forbids nothing by itself; it is shown, and never asked."),
        "draft": Field("boolean", "true: it counts only in a question that assumes it, and then on any day."),
        "supersedes": Field("id", "The id of the instrument that it takes the place of."),
        "events": Field("events", "What happened to it; a law without events is always in force."),
        "equivalences": Field("equivalences", "Of information: which levels are equal."),
        "note": Field("says", "What a reader should know about the pack."),
        "language_note": Field("says", "What a reader should know about its languages."),
        "lint": Field("allowed", "Warnings that are known for the whole instrument, with the reason."),
    }
)
EVENT: Final = Shape(
    {
        "event": Field("event", "What happened.", must=True),
        "source": Field("source", "Where it was read.", must=True),
        "date": Field("day", "The day on which it happened."),
        "at": Field("instant", "The instant (RFC 3339) where the hour is known, instead of date."),
        "by": Field("nations", "Who did it; all parties where it is left out."),
        "read_by": Field("nations", "Whose reading alone it moves, where the parties read it differently."),
        "takes_effect": Field("day", "Of a notice of termination: the day on which it ends the instrument."),
        "duties": Field("duties", "What survives, by language."),
        "note": Field("says", "What a reader should know about it."),
        "expected": Field("anything", "For those who edit the pack."),
    }
)
EQUIVALENCE: Final = Shape(
    {
        "rank": Field("rank", "1 is the highest.", must=True),
        "provision": Field("text", "The number of the provision that says so.", must=True),
        "source": Field("source", "Where it was read.", must=True),
        "from": Field("day", "The first day of the markings for which it holds."),
        "until": Field("day", "The first day of the markings for which it no longer holds."),
        "markings_of": Field("nations", "Of whose markings the row speaks, where not of all its nations."),
    }
)
PROVISION: Final = Shape(
    {
        "id": Field("text", "The text's own number; several rules may share it.", must=True),
        "effect": Field("effect", "What the rule does.", must=True),
        "says": Field("says", "One paraphrased sentence in each language, never the text's own.", must=True),
        "source": Field("source", "Where it was read.", must=True),
        "in_force": Field("interval", "The days on which it is in force; always where it is left out."),
        "when": Field("condition", "When it applies; always where it is left out."),
        "that": Field("condition", "Of require: what must then be true."),
        "side": Field("side", "Of a law: where it speaks of giving or of taking alone."),
        "law_of": Field("nation", "Of a draft: it stands for that nation's law while the draft is assumed."),
        "variants": Field("variants", "Of undecided: two or more ways to decide it."),
        "default": Field("text", "Of an undecided one: the variant that counts until a question assumes another."),
        "obligation": Field("obligation", "Of oblige: what must be done afterwards."),
        "note": Field("says", "What a reader should know about it."),
        "lint": Field("allowed", "Warnings that are known here, with the reason."),
    }
)
SHAPES: Final[Mapping[str, Shape]] = {
    "says": SAYS,
    "duties": DUTIES,
    "source": SOURCE,
    "allowed": ALLOWED,
    "interval": INTERVAL,
    "instrument": INSTRUMENT,
    "event_entry": EVENT,
    "equivalence": EQUIVALENCE,
    "provision": PROVISION,
}
OBLIGATION: Final = Shape(
    {
        "kind": Field("text", "What must be done: settle, mark, notice, consult and so on.", must=True),
        "methods": Field("methods", "How it may be settled."),
        "due": Field("period", "Until when: P12M, P1Y or P90D."),
        "from": Field("text", "From when the period counts, such as delivery."),
    }
)


def comparisons(fact: Fact) -> Mapping[str, tuple[str, ...] | None]:
    """The comparisons that a condition may make of a fact, with the words that they take; None is a day."""
    if fact.type == "date":
        return {"before": None, "on_or_after": None}
    if fact.type == "text":
        return {"same_as": tuple(one.name for one in USABLE.values() if one.type == "text" and one != fact)}
    if fact.name == "clearance":
        return {"covers": ("level",)}
    return {"mapped": ROLES} if fact.name == "level" else {}


def values(fact: Fact) -> tuple[str, ...]:
    """The words that a condition may compare a fact with; empty where it takes others than words."""
    return (*fact.words(), *ROLES) if fact.type == "nation" else fact.words()
