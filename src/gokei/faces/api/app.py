"""The REST API of a node under /api/v1: OpenAPI 3.1, RFC 9457 problems, one bearer token per office."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gokei.faces.accounts import Accounts
from gokei.faces.api import acts, lists
from gokei.faces.api.calls import Call, Carry
from gokei.faces.api.problems import problem_answer
from gokei.faces.lawbook import Lawbook
from gokei.faces.port import NodePort
from gokei.node.disk import unavailable
from gokei.terms.problems import BadCall, OurBug, Problem
from gokei.terms.words import N_

DESCRIPTION: Final = """
The node of one nation. Every act is one signed document; every answer that rests on law cites its provisions.

* Sign in with the bearer token of your office (`accounts.json` in the node's directory).
* `POST /act` takes an `Idempotency-Key`: the same key with the same body gives the first answer again.
* Problems are `application/problem+json` (RFC 9457) with `check` and `next`; where law says no, with the provision.
* Lists come in pages: `limit`, `after`, and `next` in the answer. Reads carry an `ETag`; send it as `If-None-Match`.
"""
# Problems of the node whose status says more than that of their class.
STATUS_OF: Final = {"not-found": 404, "draft-unknown": 404}
DOCS_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Gokei API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/vendor/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/static/vendor/swagger-ui-bundle.js"></script><script src="/static/swagger.js"></script></body></html>
"""


def create_api(node: NodePort, accounts: Accounts, law: Lawbook, carry: Carry) -> FastAPI:
    """The API of `node`; `accounts` tell which office a bearer token belongs to.

    `carry` exchanges everything with a partner, by its nation; it may wait, and it runs in a thread of its own.
    """
    api = FastAPI(
        title="Gokei",
        version=version("gokei"),
        description=DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )
    api.state.call = Call(node, accounts, law, carry)
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(OSError, _system)
    api.add_exception_handler(Exception, _bug)
    api.add_api_route("/health", _health, methods=["GET"], summary="Whether the node serves", tags=["node"])
    api.add_api_route("/docs", _docs, methods=["GET"], include_in_schema=False)
    acts.register(api)
    lists.register(api)
    return api


async def _health(request: Request) -> dict[str, str]:
    node = request.app.state.call.node
    return {"status": "serving", "nation": node.nation, "environment": node.environment}


async def _docs(_: Request) -> Response:
    return HTMLResponse(DOCS_PAGE)


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    known = STATUS_OF if error.said_by is None else {}
    return problem_answer(error, request, known.get(error.check, error.http_status))


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    known = {
        404: BadCall(check="path-unknown", detail=N_("The API has no such path."), next_step=N_("See /api/v1/docs.")),
        405: BadCall(
            check="method", detail=N_("This path does not take that method."), next_step=N_("See /api/v1/docs.")
        ),
    }
    problem = known.get(error.status_code) or BadCall(check="call", detail=N_("The call cannot be understood."))
    return problem_answer(problem, request, error.status_code)


async def _system(request: Request, error: Exception) -> Response:
    if not isinstance(error, OSError):
        raise error
    return problem_answer(unavailable(error), request)


async def _bug(request: Request, _: Exception) -> Response:
    problem = OurBug(
        check="our-bug",
        detail=N_("Something went wrong inside the node; nothing was signed by this call."),
        next_step=N_("Send the node's log to whoever runs it, then try again."),
    )
    return problem_answer(problem, request)
