"""The law's answer beside a form while it is typed: asked with whatever is stated so far, and nothing signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gokei.faces.forms import Field, Form
from gokei.faces.web.shown import INDEX, input_name
from gokei.faces.web.visit import Visit
from gokei.registry.determining import question_of_access, question_of_item
from gokei.support.determining import question_of_line
from gokei.terms.json_types import JsonObject, object_of, objects_of
from gokei.terms.problems import BadInput

WORST_FIRST: Final = ("not_permitted", "undetermined", "permitted")


@dataclass(frozen=True, slots=True)
class Look:
    """What stands beside a form.

    `answers`: the law's, worst first, each with what it is about. `problem`: why it cannot be signed yet, and `hinders`
    the same in parts, each with the input that it is about. `anchors`: which input states a fact. `claimed`: the lines
    of a claim or the parts of a settlement as they were worked out.
    """

    answers: tuple[JsonObject, ...] = ()
    problem: JsonObject | None = None
    anchors: Mapping[str, str] = field(default_factory=dict)
    hinders: tuple[JsonObject, ...] = ()
    claimed: tuple[JsonObject, ...] = ()

    @property
    def missing(self) -> frozenset[str]:
        """Every fact that an answer still needs."""
        found = (one.get("answer") for one in self.answers)
        lists = [object_of(answer).get("missing") for answer in found]
        return frozenset(str(fact) for facts in lists if isinstance(facts, list) for fact in facts)


def look(visit: Visit, form: Form, document: JsonObject) -> Look:
    """What `act` would say of the document, and the determination as far as what is typed allows one."""
    told = visit.node.preview(document, visit.office, visit.translate)
    problem, whole = object_of(told["problem"]) or None, object_of(told["determination"])
    asked = _asked(visit, document)
    if whole and len(asked) < 2:
        asked = [{"about": "", "answer": whole}]
    asked.sort(key=lambda one: WORST_FIRST.index(str(object_of(one["answer"])["verdict"])))
    if problem and str(problem["check"]).startswith("law-") and asked:
        problem = None
    body = object_of(told["body"])
    claimed = {"claim": "lines", "settlement": "parts"}.get(form.type, "")
    return Look(
        tuple(asked), problem, anchors(form.fields), hinders(visit, form, problem), tuple(objects_of(body.get(claimed)))
    )


def hinders(visit: Visit, form: Form, problem: JsonObject | None) -> tuple[JsonObject, ...]:
    """What still hinders the signature: `detail`, and `input` with its `label` where the form has it."""
    if problem is None:
        return ()
    words = labels(form.fields)
    found: list[JsonObject] = []
    for one in objects_of(problem.get("problems")) or [problem]:
        name = input_name(one.get("field"))
        word = words.get(INDEX.sub("", name))
        found.append({"detail": one.get("detail"), "input": name, "label": visit.translate(word) if word else ""})
    return tuple(found)


def labels(fields: tuple[Field, ...], prefix: str = "") -> dict[str, str]:
    """The words beside each input, by its name without indexes."""
    found: dict[str, str] = {}
    for one in fields:
        name = f"{prefix}{one.name}"
        found[name] = one.label
        found |= labels(one.fields, f"{name}.")
    return found


def anchors(fields: tuple[Field, ...], prefix: str = "") -> dict[str, str]:
    """Which input states a fact, by the fact's name; of rows the first."""
    found: dict[str, str] = {}
    for one in fields:
        name = f"{prefix}{one.name}"
        if one.fields:
            inner = f"{name}.0." if one.shape == "rows" else f"{name}."
            found |= {fact: place for fact, place in anchors(one.fields, inner).items() if fact not in found}
        else:
            found.setdefault(one.name, name)
    return found


def _asked(visit: Visit, document: JsonObject) -> list[JsonObject]:
    """The answers to the questions that the document raises; none where too little is stated to ask."""
    questions = QUESTIONS.get(str(document["type"]))
    assume = document.get("assume")
    answers: list[JsonObject] = []
    for about, question in questions(visit, document) if questions else ():
        try:
            stated: JsonObject = {name: value for name, value in question.items() if value is not None}
            assumed = [str(one) for one in assume] if isinstance(assume, list) else []
            answers.append({"about": about, "answer": visit.node.ask(stated, assumed)})
        except BadInput:
            # Half a word is typed: the form's own check names it, the law waits.
            continue
    return answers


def _of_request(visit: Visit, document: JsonObject) -> list[tuple[str, JsonObject]]:
    operation = _operation(visit, document)
    provider, recipient = str(document["to"]), visit.node.nation
    if document["type"] == "order":
        provider, recipient = recipient, provider
    order: JsonObject = {
        "facts": object_of(operation.get("facts")) | object_of(document.get("facts")),
        "on": document.get("on"),
        "activity": operation.get("activity"),
        "place": operation.get("place"),
    }
    lines = objects_of(document.get("lines")) or [{}]
    return [
        (str(line.get("description") or line.get("supply") or ""), _question(order, line, provider, recipient))
        for line in lines
    ]


def _operation(visit: Visit, document: JsonObject) -> JsonObject:
    name = document.get("operation")
    rows = visit.node.list("operations", {"operation": str(name), "partner": str(document["to"])}) if name else ()
    return rows[0] if rows else {}


def _question(order: JsonObject, line: JsonObject, provider: str, recipient: str) -> JsonObject:
    """One line as a question; its kind of supply may be left open."""
    nsn = line.get("nsn")
    question = question_of_line(order, str(line.get("supply")), str(nsn) if nsn else None, provider, recipient)
    return question | {"supply": line.get("supply")}


def _of_order(visit: Visit, document: JsonObject) -> list[tuple[str, JsonObject]]:
    if not document.get("order"):
        return _of_request(visit, document)
    rows = visit.node.list("orders", {"order": str(document["order"]), "partner": str(document["to"])})
    return [
        (str(line["description"]), _question(row, line, str(row["provider"]), str(row["recipient"])))
        for row in rows
        for line in objects_of(row.get("lines"))
    ]


def _of_operation(visit: Visit, document: JsonObject) -> list[tuple[str, JsonObject]]:
    question: JsonObject = {
        **object_of(document.get("facts")),
        "kind": "support",
        "on": document.get("starts"),
        "provider": document["to"],
        "recipient": visit.node.nation,
        "activity": document.get("activity"),
        "place": document.get("place"),
    }
    return [("", question)]


def _of_item(visit: Visit, document: JsonObject) -> list[tuple[str, JsonObject]]:
    names = ("on", "level", "marked_on", "channel", "purpose", "assurances")
    item = {"facts": {}, **{name: document.get(name) for name in names}}
    return [("", question_of_item(visit.node.nation, str(document["to"]), item))]


def _of_access(visit: Visit, document: JsonObject) -> list[tuple[str, JsonObject]]:
    rows = visit.node.list("holdings", {"holding": str(document.get("holding")), "partner": str(document["to"])})
    names = ("on", "clearance", "clearance_until", "need_to_know", "purpose")
    own = {"facts": {}, "on_register": True, "assurances_recorded": True}
    return [
        (
            str(document.get("person") or ""),
            question_of_access(
                str(row["owner"]),
                visit.node.nation,
                {**own, **{name: document.get(name) for name in names}}
                | {"level": row["level"], "marked_on": row["marked_on"], "provided_purpose": row["purpose"]},
            ),
        )
        for row in rows
    ]


QUESTIONS: Final[Mapping[str, Callable[[Visit, JsonObject], list[tuple[str, JsonObject]]]]] = {
    "operation": _of_operation,
    "request": _of_request,
    "order": _of_order,
    "countersignature": _of_order,
    "item": _of_item,
    "access_decision": _of_access,
}
