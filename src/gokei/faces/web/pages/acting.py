"""The form of any document: filled from its case, the law's answer beside it, signed by the office that sends it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from gokei.faces.forms import Form, flatten, form_of, read, rows_of
from gokei.faces.web.books import path_of
from gokei.faces.web.live import Look, look
from gokei.faces.web.prefill import Start, start
from gokei.faces.web.shown import Shown
from gokei.faces.web.templating import spoken
from gokei.faces.web.visit import Pairs, Visit
from gokei.node.wings import KINDS
from gokei.terms.json_types import JsonObject, object_of
from gokei.terms.money import CURRENCIES
from gokei.terms.problems import BadCall, Problem
from gokei.terms.quantities import UNITS
from gokei.terms.words import N_

KEY_BYTES: Final = 16
BIG: Final = frozenset({"receipt", "item_receipt", "delivery"})
FRAME: Final = frozenset({"to", "assume"})


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it stands: what it is, with whom, what is in its inputs, and what they state."""

    form: Form
    to: str
    start: Start
    pairs: Pairs
    assume: tuple[str, ...]
    key: str
    unread: Problem | None
    document: JsonObject


def new(visit: Visit) -> Response:
    """Show the form; on a post add a row, check, or sign."""
    typed = _typed(visit)
    if visit.request.method == "GET" or not typed.to:
        return _form(visit, typed, None)
    if typed.unread is not None:
        return _form(visit, typed, typed.unread)
    if visit.posted("_add") or visit.posted("_check"):
        return _form(visit, typed, None)
    try:
        result = visit.node.act(typed.document, f"{visit.office}/{typed.key}", visit.office)
    except Problem as problem:
        return _form(visit, typed, problem)
    if result.get("state") == "awaiting_second_signature":
        return visit.go("/", kept=str(result["draft"]))
    return visit.go(path_of(result["case"]), **{"with": typed.to, "signed": str(result["hash"])})


def determination(visit: Visit) -> Response:
    """Only what stands beside the form, for what is typed now."""
    typed = _typed(visit)
    found = look(visit, typed.form, typed.document) if typed.to and typed.unread is None else Look()
    problem = typed.unread.as_json(visit.translate) if typed.unread else None
    return visit.render("parts/live.html", look=found, unread=problem, to=typed.to)


def sign_draft(visit: Visit) -> Response:
    """Give a kept document its second signature, or take it back."""
    draft = visit.request.path_params["draft"]
    if visit.posted("_drop"):
        visit.node.drop_draft(draft, visit.office or "")
        return visit.go("/", dropped="yes")
    found = next((row for row in visit.node.drafts() if row["draft"] == draft), None)
    result = visit.node.cosign(draft, visit.office or "")
    partner = str(object_of(found["request"]).get("to")) if found else None
    return visit.go(path_of(result["case"]), **{"with": partner, "signed": str(result["hash"])})


def _typed(visit: Visit) -> Typed:
    form = form_of(visit.request.path_params["type"])
    if form is None:
        raise BadCall(
            check="page-unknown",
            detail=N_("There is no such page."),
            next_step=N_("Go back to what waits for you, or choose from the menu."),
        )
    posted = visit.request.method == "POST"
    pairs = visit.pairs if posted else list(visit.request.query_params.multi_items())
    partners = [str(row["partner"]) for row in visit.node.partners()]
    to = next((text for name, text in pairs if name == "to" and text in partners), "")
    if not to and len(partners) == 1:
        to = partners[0]
    assume = tuple(text for name, text in pairs if name == "assume" and text)
    key = visit.posted("_key") or secrets.token_hex(KEY_BYTES)
    stated: Pairs = [(name, text) for name, text in pairs if name not in FRAME and not name.startswith("_")]
    begun = start(visit, form.type, to, dict(stated))
    shown = _numbered(stated if posted else _begun(form, begun, stated), form)
    document: JsonObject = {"type": form.type, "to": to}
    unread: Problem | None = None
    try:
        document |= read(form.fields, shown)
    except Problem as problem:
        unread = problem
    if assume:
        document["assume"] = [*assume]
    return Typed(form, to, begun, shown, assume, key, unread, document)


def _begun(form: Form, begun: Start, stated: Pairs) -> Pairs:
    """What the case gives, and over it what the address states of the form's own fields."""
    fields = {field.name for field in form.fields}
    told: Pairs = [(name, text) for name, text in stated if name.partition(".")[0] in fields]
    over = {name for name, _ in told}
    given = {name: value for name, value in begun.values.items() if name in fields}
    return [*((name, text) for name, text in flatten(given) if name not in over), *told]


def _numbered(pairs: Pairs, form: Form) -> Pairs:
    """The pairs with a number for every line that has none yet."""
    rows = next((field for field in form.fields if field.name == "lines"), None)
    if rows is None:
        return pairs
    names = {name for name, text in pairs if text}
    count = max(rows_of(rows, [name for name, _ in pairs]), 1)
    free = [(f"lines.{index}.line", str(index + 1)) for index in range(count) if f"lines.{index}.line" not in names]
    numbered = {name for name, _ in free}
    return [*((name, text) for name, text in pairs if name not in numbered), *free]


def _form(visit: Visit, typed: Typed, problem: Problem | None) -> Response:
    told = problem.as_json(visit.translate) if problem else None
    found = look(visit, typed.form, typed.document) if typed.to and typed.unread is None else Look()
    added = visit.posted("_add")
    rows = {added: _rows(typed, added) + 1} if added else {}
    pairs = typed.pairs
    if added == "lines":
        pairs = [*pairs, (f"lines.{rows[added] - 1}.line", str(rows[added]))]
    shown = Shown(
        pairs,
        typed.start.options,
        typed.start.hidden,
        told,
        rows,
        open_facts=bool(found.missing & _fact_names(typed.form)),
        omitted=typed.start.omitted,
        captions=typed.start.captions,
    )
    return visit.render(
        "new.html",
        problem.http_status if problem else 200,
        form=typed.form,
        shown=shown,
        to=typed.to,
        partners=[str(row["partner"]) for row in visit.node.partners()],
        about=typed.start.about,
        assume=typed.assume,
        drafts=_drafts(visit, typed.to),
        key=typed.key,
        look=found,
        problem=told,
        units=sorted(UNITS),
        currencies=sorted(CURRENCIES),
        big=typed.form.type in BIG,
        signers=_other_signers(visit, typed.form.type),
    )


def _fact_names(form: Form) -> frozenset[str]:
    return frozenset(one.name for field in form.fields if field.name == "facts" for one in field.fields)


def _rows(typed: Typed, name: str) -> int:
    field = next((one for one in typed.form.fields if one.name == name), None)
    return max(rows_of(field, [key for key, _ in typed.pairs]), 1) if field else 0


def _drafts(visit: Visit, to: str) -> list[JsonObject]:
    """Draft agreements between the two nations, which an answer may count on if asked to."""
    rows = visit.law.instruments(visit.node.today_date())
    pair = {visit.node.nation, to}
    return [row for row in rows if row["draft"] and pair <= {str(one) for one in _list(row["parties"])}]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _other_signers(visit: Visit, document_type: str) -> list[str]:
    """The offices that sign this type of document, where the signed-in one is not of them."""
    kind = KINDS.get(document_type)
    signing = [
        row for row in visit.node.offices() if kind and {*kind.powers} & {str(one) for one in _list(row["powers"])}
    ]
    if any(row["office"] == visit.office for row in signing):
        return []
    return [spoken(row.get("title"), visit.language) or str(row["office"]) for row in signing]
