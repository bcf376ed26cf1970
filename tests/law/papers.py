"""Small bodies of law written as packs: agreements between Japan and Australia, and what the law of each allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gokei.law.library import Library
from gokei.law.loader import compose, load

DAY = "2020-01-01"
QUESTION = {"kind": "support", "on": DAY, "provider": "JP", "recipient": "AU"}
TITLES = "titles: {en: a, ja: b, ko: c}"


def source(quality: str = "verified") -> str:
    return f"source: {{url: 'https://example.org', quality: {quality}}}"


def rule(place: str, effect: str = "permit", more: str = "", quality: str = "verified", text: str = "a") -> str:
    """A provision; `more` holds its other lines, such as `when: {supply: [fuel]}`."""
    says = f"says: {{en: {text}, ja: b, ko: c}}"
    return f"- {{id: '{place}', effect: {effect}, {more + ', ' if more else ''}{says}, {source(quality)}}}"


def agreement(
    name: str, *rules: str, since: str | None = "2010-01-01", parties: str = "[JP, AU]", more: str = "draft: false"
) -> str:
    """An agreement on support; in force from a day on, or only signed."""
    event = "in_force" if since else "signed"
    return (
        f"instrument: {name}\nkind: support\n{TITLES}\nparties: {parties}\n{more}\n"
        f"events: [{{date: '{since or '2009-01-01'}', event: {event}, {source()}}}]\n"
        "provisions:\n" + "\n".join(rules) + "\n"
    )


def law(nation: str, *rules: str) -> str:
    """A national law on support; without rules one that allows everything."""
    said = "\n".join(rules or (rule("1"),))
    return f"instrument: law-{nation.lower()}\nkind: law\n{TITLES}\nparties: [{nation}]\nprovisions:\n{said}\n"


def library(*papers: str, nations: Sequence[str] = ("JP", "AU")) -> Library:
    """These papers, with a law that allows everything for each nation of which there is none among them."""
    laws = [
        law(nation)
        for nation in nations
        if not any(f"kind: law\n{TITLES}\nparties: [{nation}]" in one for one in papers)
    ]
    texts = [*papers, *laws]
    return Library(load(compose([(f"{place}.yaml", text.encode()) for place, text in enumerate(texts)])))


def asked(held: Library, *assume: str, **facts: Any) -> Any:
    """The determination of a question with these facts alone."""
    return held.answer({**QUESTION, **facts}, assume)


def told(answer: Any) -> tuple[str, str]:
    return answer["verdict"], answer["ground"]


def basis(answer: Any) -> list[str]:
    """What the answer rests on: `instrument provision`."""
    return [f"{one['instrument']} {one['provision']}" for one in answer["basis"]]


def because(answer: Any) -> list[tuple[str, str]]:
    """What the answer says it is so for: `instrument provision`, and its truth."""
    return [(f"{one['instrument']} {one['provision']}", one["truth"]) for one in answer["because"]]


ROWS = (("2", "gokuhi"), ("3", "hi"))


def information(name: str, *rules: str, levels: Sequence[tuple[str, str]] = ROWS) -> str:
    """An agreement on information between Japan and Korea with two equal levels."""
    rows = "\n".join(
        f"- {{rank: {rank}, JP: [{code}], KR: ['{rank}'], provision: '4', {source()}}}" for rank, code in levels
    )
    return (
        f"instrument: {name}\nkind: information\n{TITLES}\nparties: [JP, KR]\n"
        f"events: [{{date: '2010-01-01', event: in_force, {source()}}}]\n"
        f"equivalences:\n{rows}\nprovisions:\n" + "\n".join(rules) + "\n"
    )
