"""The interview as a page: one question at a time, everything stated so far in the address, so that it can be kept."""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from starlette.responses import Response

from gokei.faces import labels
from gokei.faces.choices import Choices, word_of
from gokei.faces.web import formats
from gokei.faces.web.visit import Visit
from gokei.law.interview import Asked, Turn, question
from gokei.terms.facts import FACTS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from gokei.terms.question import FactValue
from gokei.terms.words import N_

UNKNOWN: Final = "unknown"
# So many choices are buttons; of more, one is picked from a list.
BUTTONS_MOST: Final = 6
Pairs: TypeAlias = list[tuple[str, str]]


def interview(visit: Visit) -> Response:
    """The next question, what was stated, and the law's answer so far."""
    pairs: Pairs = [pair for pair in visit.request.query_params.multi_items() if pair[1]]
    problem: str | None = None
    now: Turn | None = None
    while now is None:
        try:
            now = visit.law.turn(_stated(pairs))
        except BadInput as wrong:
            if not pairs:
                raise
            problem = wrong.detail_text(visit.translate)
            pairs.pop()
    asked = now.asked
    return visit.render(
        "interview.html",
        asked=asked,
        answer=now.answer,
        left=now.left,
        problem=problem,
        pairs=pairs,
        told=[_told(visit, name, text) for name, text in pairs],
        back=pairs[:-1],
        choices=_choices(visit, asked) if asked else None,
        question=json.dumps(question(_stated(pairs)), ensure_ascii=False),
        day_now=visit.node.today_date().isoformat(),
    )


def _stated(pairs: Pairs) -> JsonObject:
    """The facts of an address, in their order; `unknown` names those that are not known. Raises BadInput."""
    found: JsonObject = {}
    for name, text in pairs:
        if name == UNKNOWN and text in FACTS:
            found[text] = None
            continue
        fact = FACTS.get(name)
        if fact is not None and fact.type == "boolean" and text not in {"true", "false"}:
            raise BadInput(
                check="fact-type",
                detail=N_("{field} is true or false, not {value}."),
                params={"field": name, "value": text[:60]},
                field=name,
            )
        found[name] = text == "true" if fact is not None and fact.type == "boolean" else text
    return found


def _told(visit: Visit, name: str, text: str) -> tuple[str, str]:
    """One stated fact as the page tells it."""
    if name == UNKNOWN:
        return visit.translate(labels.label("fact", text)), visit.translate(N_("not known"))
    value: FactValue = text == "true" if FACTS[name].type == "boolean" else text
    words = {"date": formats.day(text, visit.language), "text": text}.get(FACTS[name].type)
    return visit.translate(labels.label("fact", name)), words or word_of(name, value, visit.language, visit.translate)


def _choices(visit: Visit, asked: Asked) -> dict[str, object]:
    """What can be chosen: as buttons where few, else from a list, with the others behind a heading of their own."""
    choices = Choices(asked, visit.language, visit.translate)
    offered = [(_written(value), choices.word(value)) for value in asked.offered]
    others = [(_written(value), choices.word(value)) for value in asked.others]
    return {"buttons": not others and len(offered) <= BUTTONS_MOST, "offered": offered, "others": others}


def _written(value: FactValue) -> str:
    return str(value).lower() if isinstance(value, bool) else value
