"""What stands in the books: lists in pages, and single things with their ETag."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gokei.faces.api.calls import SIGNED_IN, Office, law_of, node_of
from gokei.faces.api.paging import PAGE_WORDS, answer, page
from gokei.faces.api.schemas import PROBLEMS
from gokei.node.reading import check_fields
from gokei.terms.dates import parse_date
from gokei.terms.problems import BadCall
from gokei.terms.words import N_

Endpoint = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing in the books: its path, what the node calls all and one of it, and what it is."""

    path: str
    kinds: str
    kind: str
    summary: str


RESOURCES: Final = (
    Resource("orders", "orders", "order", "The orders"),
    Resource("claims", "claims", "claim", "What is owed for deliveries"),
    Resource("holdings", "holdings", "holding", "The items of classified information that one nation lent the other"),
    Resource("operations", "operations", "operation", "The operations in which orders are made"),
    Resource("instruments", "instruments", "instrument", "What is said in public about instruments, and how it stands"),
    Resource("statements", "statements", "statement", "Statements of account"),
    Resource("documents", "documents", "document", "The signed documents"),
)


def _query(name: str, description: str, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": description}


PAGING: Final = [
    _query("limit", "How many rows at most."),
    _query("after", "The `next` of the page before."),
    _query("FIELD", "Any other name: only rows whose field of that name has this value, such as `state=settled`."),
]

COMPARING: Final = [
    _query("a", "INSTRUMENT, INSTRUMENT@DATE or PROVIDER>RECIPIENT@DATE.", required=True),
    _query("b", "The other state of the law, written in the same way.", required=True),
    _query("assume", "INSTRUMENT[=VARIANT], on both sides; may be repeated, as may the next two."),
    _query("assume_a", "The same for side `a` alone."),
    _query("assume_b", "The same for side `b` alone."),
    _query("grounds", "`true`: also where both say no, but for another reason."),
]


def register(api: FastAPI) -> None:
    """Add the reads to the API."""
    for resource in RESOURCES:
        _get(api, f"/{resource.path}", _listing(resource), f"{resource.summary}, in pages", "books", PAGING)
        one = f"/{resource.path}/{{name}}"
        _get(api, one, _showing(resource), f"One {resource.kind}, with its documents", "books")
    _get(api, "/documents/{name}/envelope", _envelope, "The exact signed bytes of a document (DSSE)", "books")
    _get(api, "/drafts", _plain(lambda node, _: {"items": node.drafts()}), "What waits for a second signature", "acts")
    _get(api, "/today", _plain(lambda node, office: node.today(office)), "What waits for the calling office", "books")
    _get(api, "/balances", _plain(lambda node, _: node.balances()), "What is owed, pending apart from final", "books")
    _get(api, "/state", _plain(lambda node, _: node.state()), "Digests of the books, by channel", "node")
    _get(api, "/partners", _plain(lambda node, _: {"items": node.partners()}), "The partners on record", "node")
    on = [_query("on", "The day; today by the node's clock unless stated.")]
    at = [_query("at", "An instant, RFC 3339, or a day.", required=True)]
    pair = [_query("provider", "Nation code.", required=True), _query("recipient", "Nation code.", required=True), *on]
    _get(api, "/law", _instruments, "The agreements and laws that the node knows", "law", [*PAGING, *on])
    _get(api, "/law/coverage", _coverage, "Activities by supplies: what the law permits", "law", pair)
    _get(api, "/law/compare", _comparison, "Which questions two states of the law answer differently", "law", COMPARING)
    _get(api, "/law/{name}", _instrument, "One instrument: provisions, sources, status by party", "law", on)
    _get(api, "/law/{name}/timeline", _timeline, "What happened to an instrument, and what each event moved", "law")
    _get(api, "/law/{name}/status", _status, "What an instrument is at an instant, as each party has it", "law", at)


def _get(
    api: FastAPI, path: str, endpoint: Endpoint, summary: str, tag: str, parameters: list[dict[str, Any]] | None = None
) -> None:
    api.add_api_route(
        path,
        endpoint,
        methods=["GET"],
        summary=summary,
        tags=[tag],
        dependencies=[SIGNED_IN],
        operation_id=path.strip("/").replace("/", "-").replace("{", "").replace("}", ""),
        openapi_extra={"parameters": parameters} if parameters else None,
        responses=PROBLEMS,
    )


def _plain(read: Callable[..., object]) -> Endpoint:
    async def endpoint(request: Request, office: Office) -> Response:
        return answer(request, read(node_of(request), office))

    return endpoint


def _listing(resource: Resource) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        where = {name: text for name, text in request.query_params.items() if name not in PAGE_WORDS}
        return answer(request, page(request, node_of(request).list(resource.kinds, where)))

    return endpoint


def _showing(resource: Resource) -> Endpoint:
    async def endpoint(request: Request, name: str) -> Response:
        return answer(request, node_of(request).show(resource.kind, name))

    return endpoint


async def _envelope(request: Request, name: str) -> Response:
    return Response(node_of(request).envelope(name), media_type="application/vnd.gokei.envelope+json")


async def _instruments(request: Request) -> Response:
    found = law_of(request).instruments(_day(request))
    wanted = {name: text for name, text in request.query_params.items() if name not in {*PAGE_WORDS, "on"}}
    check_fields(wanted, sorted({field for row in found for field in row}))
    rows = [row for row in found if all(_says(row.get(name), text) for name, text in wanted.items())]
    return answer(request, page(request, rows))


async def _instrument(request: Request, name: str) -> Response:
    return answer(request, law_of(request).instrument(name, _day(request)))


async def _status(request: Request, name: str) -> Response:
    return answer(request, {"items": law_of(request).status(name, _stated(request, "at"))})


async def _timeline(request: Request, name: str) -> Response:
    return answer(request, law_of(request).timeline(name))


async def _coverage(request: Request) -> Response:
    provider, recipient = _stated(request, "provider"), _stated(request, "recipient")
    return answer(request, law_of(request).coverage(provider, recipient, _day(request)))


async def _comparison(request: Request) -> Response:
    asked = request.query_params
    both = tuple(asked.getlist("assume"))
    found = await run_in_threadpool(
        law_of(request).comparison,
        _stated(request, "a"),
        _stated(request, "b"),
        (*both, *asked.getlist("assume_a")),
        (*both, *asked.getlist("assume_b")),
        asked.get("grounds") == "true",
    )
    return answer(request, found)


def _day(request: Request) -> datetime.date:
    text = request.query_params.get("on")
    return node_of(request).today_date() if text is None else parse_date(text, "on")


def _stated(request: Request, name: str) -> str:
    text = request.query_params.get(name)
    if not text:
        raise BadCall(
            check="query-missing",
            detail=N_("The call does not say {name}."),
            next_step=N_("See /api/v1/docs."),
            params={"name": name},
            field=name,
        )
    return text


def _says(found: object, wanted: str) -> bool:
    if isinstance(found, bool):
        return wanted == ("true" if found else "false")
    return wanted in found if isinstance(found, list) else str(found) == wanted
