"""The exchange over HTTP: raw ASGI, because a partner's documents come many, alone or in windows.

`POST /exchange/{author}/documents` one envelope → 200 acknowledgement, or 4xx with a signed refusal;
`POST /exchange/{author}/batch` envelopes, one a line → 200 and as many acknowledgements, the last perhaps a refusal;
`POST /exchange/{author}/head` a signed head → our signed head;
`POST /exchange/{author}/pull` a signed want → envelopes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from gokei.node import exchange
from gokei.node.node import Node
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem
from gokei.terms.words import N_

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_JSON: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_VERBS: Final = frozenset({"documents", "batch", "head", "pull"})
_LINES: Final = [(b"content-type", b"application/jsonl"), (b"cache-control", b"no-store")]
_PROBLEM: Final = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]


class Exchange:
    """The ASGI application of the exchange, to be mounted at /exchange."""

    def __init__(self, node: Node, arrived: Callable[[str], None] | None = None) -> None:
        self._node = node
        self._arrived = arrived

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            author, verb = _target(scope)
            body = await read_body(scope, receive)
            status, headers, answer = self._answer(author, verb, body)
        except Problem as problem:
            status, headers, answer = problem.http_status, _PROBLEM, canonical(problem.as_json())
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, author: str, verb: str, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        core = self._node.core
        if verb == "documents":
            found = self._node.receive(author, body)
            if found.problem is not None:
                return found.problem.http_status, _PROBLEM, found.refusal or b""
            self._tell(author)
            return 200, _JSON, canonical(found.answer)
        if verb == "batch":
            answers = exchange.answer_batch(core, author, body)
            self._tell(author)
            return 200, _LINES, answers
        if verb == "head":
            return 200, _JSON, exchange.answer_head(core, author, body)
        return 200, _JSON, exchange.answer_pull(core, author, body)

    def _tell(self, author: str) -> None:
        if self._arrived is not None:
            self._arrived(author)


async def read_body(scope: Scope, receive: Receive, limit: int = limits.EXCHANGE_BODY_BYTES) -> bytes:
    """A request's body when it is within `limit`; refused by its declared length before a byte of it is kept."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and len(value) < 20 and int(value) > limit:
            raise _too_large(limit)
    found = bytearray()
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return bytes(found)


def _target(scope: Scope) -> tuple[str, str]:
    parts = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").split("/")
    if parts and parts[0] == "exchange":
        parts = parts[1:]
    if scope["method"] != "POST" or len(parts) != 2 or parts[1] not in _VERBS:
        raise BadInput(
            check="exchange-path",
            detail=N_("The exchange answers POST to /exchange/NATION/documents, batch, head and pull."),
        )
    return parts[0], parts[1]


def _too_large(limit: int) -> BadInput:
    return BadInput(
        check="door-1-size",
        detail=N_("The body is larger than {limit} bytes."),
        next_step=N_("Send fewer envelopes at a time."),
        params={"limit": str(limit)},
    )
