"""One pack file read as one instrument."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Mapping
from typing import Final, Literal, cast

from gokei.law.conditions import ALWAYS, TooManyCasesError, cases
from gokei.law.instruments import (
    ALL_DAYS,
    NOTHING,
    Allowed,
    Effect,
    Equivalence,
    Event,
    Instrument,
    InstrumentKind,
    Interval,
    Provision,
    Source,
)
from gokei.law.loader import shapes
from gokei.law.loader.conditions import read_condition
from gokei.law.loader.places import Place
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.markings import LEVELS
from gokei.terms.nations import NATIONS
from gokei.terms.words import N_

_ID: Final = re.compile(shapes.ID_PATTERN)
_DURATION: Final = re.compile(shapes.DURATION_PATTERN)


def read_instrument(place: Place, content: str) -> Instrument | None:
    """The instrument of a pack; None where its frame cannot be read. Whatever is wrong is noted."""
    fields = place.fields_of(shapes.INSTRUMENT)
    name = _name(fields["instrument"]) if "instrument" in fields else None
    kind = fields["kind"].word(shapes.WORDS["kind"]) if "kind" in fields else None
    titles = _says(fields, "titles")
    parties = _nations(fields["parties"]) if "parties" in fields else ()
    draft = bool(fields["draft"].boolean()) if "draft" in fields else False
    binding = fields["binding"].boolean() is not False if "binding" in fields else True
    about = fields["about"].word(("support", "information")) if "about" in fields else None
    events = [_event(item, parties) for item in fields["events"].items()] if "events" in fields else []
    rows = [_equivalence(item) for item in fields["equivalences"].items()] if "equivalences" in fields else []
    places = fields["provisions"].items() if "provisions" in fields else []
    provisions = [_provision(item, name or "", draft) for item in places]
    _check_parties(fields, kind, parties)
    _check_repeats(places, [one for one in provisions if one is not None])
    if "about" in fields and kind != "law":
        fields["about"].note("pack-field", N_("about stands in laws only."))
    if not binding or (kind == "law" and about == "information"):
        _check_grants_nothing(places)
    if name is None or kind is None or titles is None:
        return None
    return Instrument(
        id=name,
        kind=cast("InstrumentKind", kind),
        titles=titles,
        parties=parties,
        draft=draft,
        events=tuple(one for one in events if one is not None),
        provisions=tuple(one for one in provisions if one is not None),
        equivalences=tuple(one for one in rows if one is not None),
        content=content,
        supersedes=_name(fields["supersedes"]) if "supersedes" in fields else None,
        note=_says(fields, "note") or _says(fields, "language_note"),
        about=cast("Literal['support', 'information']", about or "support"),
        binding=binding,
        lint=_allowed(fields),
    )


def _name(place: Place) -> str | None:
    text = place.text()
    if text is not None and not _ID.fullmatch(text):
        place.note("pack-id", N_("{text} is no id: lower-case words and digits with hyphens."), text=text[:60])
        return None
    return text


def _says(fields: Mapping[str, Place], name: str) -> Mapping[str, str] | None:
    return fields[name].says(shapes.SAYS) if name in fields else None


def _nations(place: Place) -> tuple[str, ...]:
    return tuple(word for item in place.items() if (word := item.word(NATIONS)) is not None)


def _check_parties(fields: Mapping[str, Place], kind: str | None, parties: tuple[str, ...]) -> None:
    if "parties" not in fields or kind is None:
        return
    if len(set(parties)) != len(parties) or (len(parties) != 1) is (kind == "law") or not parties:
        fields["parties"].note("pack-parties", N_("A law has one party, an agreement two or more, each once."))


def _check_grants_nothing(places: list[Place]) -> None:
    """A law about information leaves the granting to agreements; what does not bind grants nothing at all."""
    for place in places:
        for name, effect in place.pairs():
            if name == "effect" and effect.node.text in {"permit", "undecided"}:
                effect.note(
                    "pack-grant", N_("A law about information, and an instrument that is not binding, grant nothing.")
                )


def _check_repeats(places: list[Place], provisions: list[Provision]) -> None:
    """One rule may have several dated versions; they must not overlap."""
    by_rule: dict[tuple[object, ...], list[Provision]] = {}
    for one in provisions:
        by_rule.setdefault((one.id, one.side, one.law_of, one.effect, one.when, one.that), []).append(one)
    for (name, *_), versions in by_rule.items():
        dated = sorted(versions, key=lambda one: one.in_force.since or datetime.date.min)
        for earlier, later in itertools.pairwise(dated):
            ends = earlier.in_force.until
            if ends is None or ends > (later.in_force.since or datetime.date.min):
                where = places[provisions.index(later)] if len(places) == len(provisions) else places[0]
                where.note(
                    "pack-overlap", N_("Two versions of provision {name} are in force together."), name=str(name)
                )


def _source(place: Place) -> Source | None:
    fields = place.fields_of(shapes.SOURCE)
    url = fields["url"].text() if "url" in fields else None
    quality = fields["quality"].word(shapes.WORDS["quality"]) if "quality" in fields else None
    return Source(url, quality) if url and quality else None


def _interval(place: Place) -> Interval:
    fields = place.fields_of(shapes.INTERVAL)
    since = fields["from"].day() if "from" in fields else None
    until = fields["until"].day() if "until" in fields else None
    if since and until and since >= until:
        place.note("pack-interval", N_("The interval ends before it begins."))
    return Interval(since, until)


def _event(place: Place, parties: tuple[str, ...]) -> Event | None:
    fields = place.fields_of(shapes.EVENT)
    word = fields["event"].word(shapes.WORDS["event"]) if "event" in fields else None
    source = _source(fields["source"]) if "source" in fields else None
    at = _time(place, fields)
    duties = None
    if "duties" in fields:
        named = fields["duties"].fields_of(shapes.DUTIES)
        duties = {language: inner.texts() for language, inner in named.items()}
    if word is None or source is None or at is None:
        return None
    return Event(
        event=word,
        at=at,
        by=_nations(fields["by"]) if "by" in fields else parties,
        source=source,
        read_by=_nations(fields["read_by"]) if "read_by" in fields else None,
        takes_effect=fields["takes_effect"].day() if "takes_effect" in fields else None,
        duties=duties,
        note=_says(fields, "note"),
    )


def _time(place: Place, fields: Mapping[str, Place]) -> datetime.datetime | None:
    if ("date" in fields) is ("at" in fields):
        place.note("pack-missing", N_("An event has either date or at."))
        return None
    if "at" in fields:
        return fields["at"].instant()
    day = fields["date"].day()
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC) if day else None


def _equivalence(place: Place) -> Equivalence | None:
    nations = [name for name, _ in place.pairs() if name in LEVELS]
    fields = place.fields_of(shapes.EQUIVALENCE, nations)
    levels: dict[str, tuple[str, ...]] = {}
    for nation in nations:
        items = fields[nation].items()
        words = [word for item in items if (word := item.word(LEVELS[nation])) is not None]
        levels[nation] = tuple(f"{nation}:{word}" for word in words)
    rank = fields["rank"].word(shapes.RANKS) if "rank" in fields else None
    source = _source(fields["source"]) if "source" in fields else None
    provision = fields["provision"].text() if "provision" in fields else None
    if rank is None or source is None or provision is None:
        return None
    since = fields["from"].day() if "from" in fields else None
    until = fields["until"].day() if "until" in fields else None
    whose = _nations(fields["markings_of"]) if "markings_of" in fields else None
    if whose is not None and not set(whose) < set(levels):
        fields["markings_of"].note("pack-field", N_("markings_of names some of the nations of the row, not all."))
    return Equivalence(int(rank), levels, Interval(since, until), provision, source, whose)


def _provision(place: Place, instrument: str, draft: bool) -> Provision | None:
    fields = place.fields_of(shapes.PROVISION)
    name = fields["id"].text() if "id" in fields else None
    effect = fields["effect"].word(shapes.WORDS["effect"]) if "effect" in fields else None
    says = _says(fields, "says")
    source = _source(fields["source"]) if "source" in fields else None
    when = read_condition(fields["when"]) if "when" in fields else ALWAYS
    that = read_condition(fields["that"]) if "that" in fields else ALWAYS
    in_force = _interval(fields["in_force"]) if "in_force" in fields else ALL_DAYS
    side = fields["side"].word(shapes.WORDS["side"]) if "side" in fields else None
    law_of = fields["law_of"].word(NATIONS) if "law_of" in fields else None
    variants = _variants(fields["variants"]) if "variants" in fields else None
    default = fields["default"].word(tuple(variants or ())) if "default" in fields else None
    obligation = _obligation(fields["obligation"]) if "obligation" in fields else None
    _check_effect(place, effect, fields)
    if law_of and not draft:
        fields["law_of"].note("pack-field", N_("law_of stands in drafts only."))
    for condition, field in ((when, "when"), (that, "that")):
        try:
            cases(condition), cases(condition, holds=False)
        except TooManyCasesError:
            fields[field].note("pack-condition", N_("The condition has too many alternatives; split the provision."))
    if name is None or effect is None or says is None or source is None:
        return None
    return Provision(
        instrument=instrument,
        id=name,
        effect=cast("Effect", effect),
        says=says,
        source=source,
        in_force=in_force,
        when=when,
        that=that,
        side=cast("Literal['provider', 'recipient'] | None", side),
        law_of=law_of,
        variants=variants,
        default=default,
        obligation=obligation,
        note=_says(fields, "note"),
        lint=_allowed(fields),
    )


def _allowed(fields: Mapping[str, Place]) -> Allowed | None:
    """The warnings that are known here, and why they are no fault."""
    if "lint" not in fields:
        return None
    inner = fields["lint"].fields_of(shapes.ALLOWED)
    places = inner["allow"].items() if "allow" in inner else []
    checks = [word for one in places if (word := one.word(shapes.WORDS["lint"])) is not None]
    because = inner["because"].text() if "because" in inner else None
    return Allowed(tuple(checks), because) if checks and because else None


def _check_effect(place: Place, effect: str | None, fields: Mapping[str, Place]) -> None:
    for field, wanted in shapes.OF_EFFECT.items():
        if effect == wanted and field not in fields and field not in shapes.MAY_LACK:
            place.note("pack-missing", N_("The field {name} is missing."), name=field)
        elif effect is not None and effect != wanted and field in fields:
            fields[field].note("pack-field", N_("{name} belongs to the effect {wanted}."), name=field, wanted=wanted)


def _variants(place: Place) -> dict[str, str]:
    found = {name: inner.word(shapes.WORDS["variant"]) or NOTHING for name, inner in place.pairs()}
    if len(found) < 2 and place.node.parts:
        place.note("pack-variants", N_("An undecided provision has at least two variants."))
    return found


def _obligation(place: Place) -> JsonObject:
    found: JsonObject = {}
    for name, inner in place.pairs():
        field = shapes.OBLIGATION.fields.get(name)
        holds = field.holds if field else ""
        if holds == "methods":
            methods: list[JsonValue] = [word for item in inner.items() if (word := item.word(shapes.WORDS["method"]))]
            found[name] = methods
        elif inner.node.shape == "list" and not holds:
            found[name] = [*inner.texts()]
        elif inner.node.shape == "mapping" and not holds:
            found[name] = dict(inner.says(shapes.SAYS) or {})
        else:
            text = inner.text()
            if holds == "period" and text and not _DURATION.fullmatch(text):
                inner.note("pack-due", N_("{text} is no period: write P12M, P1Y or P90D."), text=text[:40])
            found[name] = text or ""
    for name in shapes.OBLIGATION.required:
        if name not in found:
            place.note("pack-missing", N_("The field {name} is missing."), name=name)
    return found
