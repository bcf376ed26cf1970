"""What changes the books, and what asks the law: act, cosign, ask."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gokei.faces.api.calls import SIGNED_IN, Call, Office, json_body, law_of, node_of
from gokei.faces.api.problems import json_answer, translate_for
from gokei.faces.api.schemas import ACT_BODY, PROBLEMS, QUESTION_BODY, STATED_BODY
from gokei.terms.json_types import JsonObject
from gokei.terms.limits import DOCUMENT_BYTES, IDEMPOTENCY_KEY_CHARACTERS, QUESTION_BYTES, QUESTION_DEPTH
from gokei.terms.problems import BadCall, Refused
from gokei.terms.words import N_

ASSUMPTIONS_MOST: Final = 20
KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_CHARACTERS},
    "description": "Chosen by the caller, new for every act. Sent again, it gives the first answer and signs nothing.",
}


def register(api: FastAPI) -> None:
    """Add the acts to the API."""
    api.add_api_route(
        "/act",
        act,
        methods=["POST"],
        status_code=201,
        tags=["acts"],
        summary="Issue one signed document",
        description="The body is the flat input of `gokei act`; `type` says which document. 201: signed and appended. "
        "202: kept until a second office signs it.",
        openapi_extra={"parameters": [KEY], "requestBody": ACT_BODY},
        responses=PROBLEMS,
    )
    api.add_api_route(
        "/act/preview",
        preview,
        methods=["POST"],
        tags=["acts"],
        summary="What an act would say, without signing it",
        openapi_extra={"requestBody": ACT_BODY},
        responses=PROBLEMS,
    )
    api.add_api_route(
        "/drafts/{draft}/signature",
        cosign,
        methods=["POST"],
        status_code=201,
        tags=["acts"],
        summary="Give a kept document its second signature",
        responses=PROBLEMS,
    )
    api.add_api_route(
        "/drafts/{draft}",
        drop,
        methods=["DELETE"],
        dependencies=[SIGNED_IN],
        status_code=204,
        tags=["acts"],
        summary="Take back a document that waits for its second signature",
        responses=PROBLEMS,
    )
    api.add_api_route(
        "/partners/{nation}/sync",
        sync,
        methods=["POST"],
        dependencies=[SIGNED_IN],
        tags=["node"],
        summary="Exchange everything with a partner now",
        responses=PROBLEMS,
    )
    _register_asking(api)


def _register_asking(api: FastAPI) -> None:
    api.add_api_route(
        "/ask",
        ask,
        methods=["POST"],
        dependencies=[SIGNED_IN],
        tags=["law"],
        summary="Ask the law",
        description="The body is a question: facts by name. `assume` (repeatable): a draft, or a decided variant.",
        openapi_extra={"requestBody": QUESTION_BODY},
        responses=PROBLEMS,
    )

    api.add_api_route(
        "/ask/next",
        ask_next,
        methods=["POST"],
        dependencies=[SIGNED_IN],
        tags=["law"],
        summary="The next turn of an interview",
        description="The body holds the facts stated so far, at first none; a fact that is null is not known, and not "
        "asked again. `assume` as of `/ask`.",
        openapi_extra={"requestBody": STATED_BODY},
        responses=PROBLEMS,
    )


async def act(request: Request, office: Office) -> Response:
    """Sign and append one document for the calling office."""
    key = _key(request)
    document = _own(await json_body(request, DOCUMENT_BYTES), office)
    return _acted(node_of(request).act(document, key=f"{office}/{key}", officer=office))


async def preview(request: Request, office: Office) -> Response:
    """The determination and the problem that the act would meet."""
    document = _own(await json_body(request, DOCUMENT_BYTES), office)
    return json_answer(node_of(request).preview(document, office, translate_for(request)))


async def cosign(request: Request, office: Office, draft: str) -> Response:
    """Sign a kept document as the second office, and append it."""
    return _acted(node_of(request).cosign(draft, office))


async def drop(request: Request, office: Office, draft: str) -> Response:
    """Take a kept document back."""
    node_of(request).drop_draft(draft, office)
    return Response(status_code=204)


async def sync(request: Request, nation: str) -> Response:
    """Exchange with a partner; 503 when it cannot be reached.

    In a thread: the partner may be asking the same of this node at the same moment.
    """
    call: Call = request.app.state.call
    return json_answer(await run_in_threadpool(call.carry, nation))


async def ask(request: Request) -> Response:
    """The determination of a question; 200 whatever the verdict."""
    question = await json_body(request, QUESTION_BYTES, QUESTION_DEPTH)
    return json_answer(node_of(request).ask(question, _assumed(request)))


async def ask_next(request: Request) -> Response:
    """The answer so far, and the one fact to ask next with its values."""
    stated = await json_body(request, QUESTION_BYTES, QUESTION_DEPTH)
    return json_answer(law_of(request).turn(stated, _assumed(request)).as_json())


def _assumed(request: Request) -> tuple[str, ...]:
    assume = request.query_params.getlist("assume")
    if len(assume) > ASSUMPTIONS_MOST:
        raise BadCall(check="assume-many", detail=N_("More is assumed than an answer can rest on."), field="assume")
    return tuple(assume)


def _own(document: JsonObject, office: str) -> JsonObject:
    """The document without the offices that it names: the token says who signs. Raises Refused for any other name."""
    named = document.get("offices")
    if named not in (None, [office]):
        raise Refused(
            check="offices-not-yours",
            detail=N_("A token signs for its own office, {office}, and for no other."),
            next_step=N_("Leave offices out; a second office signs with its own token."),
            params={"office": office},
            field="offices",
        )
    return {name: value for name, value in document.items() if name != "offices"}


def _acted(result: JsonObject) -> Response:
    if result.get("state") == "awaiting_second_signature":
        return json_answer(result, 202, {"Location": f"/api/v1/drafts/{result.get('draft')}"})
    return json_answer(result, 201, {"Location": f"/api/v1/documents/{result['hash']}"})


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if not key:
        raise BadCall(
            check="idempotency-key-missing",
            detail=N_("The call carries no Idempotency-Key."),
            next_step=N_("Choose a new key for every act; send the same key again when the answer was lost."),
            field="Idempotency-Key",
        )
    if len(key) > IDEMPOTENCY_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
        raise BadCall(
            check="idempotency-key",
            detail=N_("The Idempotency-Key is longer than {most} characters, or not plain text."),
            params={"most": str(IDEMPOTENCY_KEY_CHARACTERS)},
            field="Idempotency-Key",
        )
    return key
