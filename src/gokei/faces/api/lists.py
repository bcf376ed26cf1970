"""What stands in the books: lists in pages, and single things with their ETag."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from gokei.faces.api.calls import Office, node_of
from gokei.faces.api.paging import PAGE_WORDS, answer, page
from gokei.faces.api.schemas import PROBLEMS
from gokei.faces.lawbook import Lawbook
from gokei.terms.problems import Problem

Endpoint = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing in the books: its path, what the node calls one of it, and what it is."""

    path: str
    kind: str
    summary: str


RESOURCES: Final = (
    Resource("orders", "order", "The orders"),
    Resource("claims", "claim", "What is owed for deliveries"),
    Resource("holdings", "holding", "The items of classified information that one nation holds for the other"),
    Resource("operations", "operation", "The operations in which orders are made"),
    Resource("records", "record", "The public record of an instrument: reports and their standing"),
    Resource("statements", "statement", "Statements of account"),
    Resource("documents", "document", "The signed documents"),
)


def _query(name: str, description: str, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": description}


PAGING: Final = [
    _query("limit", "How many rows at most."),
    _query("after", "The `next` of the page before."),
    _query("FIELD", "Any other name: only rows whose field of that name has this value, such as `state=settled`."),
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
    _get(api, "/instruments", _instruments, "The instruments that the node knows", "law", PAGING)
    on = [_query("on", "The day; today by the node's clock unless stated.")]
    _get(api, "/instruments/{name}", _instrument, "One instrument: provisions, sources, status by party", "law", on)
    at = [_query("at", "An instant, RFC 3339.", required=True)]
    _get(
        api,
        "/instruments/{name}/status",
        _status,
        "What an instrument is at an instant, as each party has it",
        "law",
        at,
    )
    pair = [_query("provider", "Nation code.", True), _query("recipient", "Nation code.", True), *on]
    _get(api, "/coverage", _coverage, "Activities by supplies: what is permitted between two nations", "law", pair)


def _get(
    api: FastAPI, path: str, endpoint: Endpoint, summary: str, tag: str, parameters: list[dict[str, Any]] | None = None
) -> None:
    api.add_api_route(
        path,
        endpoint,
        methods=["GET"],
        summary=summary,
        tags=[tag],
        operation_id=path.strip("/").replace("/", "-").replace("{", "").replace("}", ""),
        openapi_extra={"parameters": parameters} if parameters else None,
        responses=PROBLEMS,
    )


def _plain(read: Callable[..., object]) -> Endpoint:
    async def endpoint(request: Request, office: Office) -> Response:
        return answer(request, read(node_of(request), office))

    return endpoint


def _listing(resource: Resource) -> Endpoint:
    async def endpoint(request: Request, office: Office) -> Response:
        where = {name: text for name, text in request.query_params.items() if name not in PAGE_WORDS}
        return answer(request, page(request, node_of(request).list(resource.path, where)))

    return endpoint


def _showing(resource: Resource) -> Endpoint:
    async def endpoint(request: Request, office: Office, name: str) -> Response:
        return answer(request, node_of(request).show(resource.kind, name))

    return endpoint


async def _envelope(request: Request, office: Office, name: str) -> Response:
    return Response(node_of(request).envelope(name), media_type="application/vnd.gokei.envelope+json")
