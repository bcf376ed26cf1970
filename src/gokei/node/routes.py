"""The exchange over HTTP: raw ASGI, because a partner's documents come many and each is answered alone.

`POST /exchange/{author}/{verb}`, with the verbs of gokei.node.answering.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from gokei.node.answering import Answer, answer, no_such_path
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
            found = answer(self._node.core, author, verb, await read_body(scope, receive))
        except Problem as problem:
            found = Answer(problem.http_status, canonical(problem.as_json()))
        if found.taken and self._arrived is not None:
            self._arrived(author)
        headers = _JSON if found.status == 200 else _PROBLEM
        length = (b"content-length", str(len(found.body)).encode())
        await send({"type": "http.response.start", "status": found.status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": found.body})


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
    if scope["method"] != "POST" or len(parts) != 2:
        raise no_such_path()
    return parts[0], parts[1]


def _too_large(limit: int) -> BadInput:
    return BadInput(
        check="door-1-size",
        detail=N_("The body is larger than {limit} bytes."),
        next_step=N_("Send fewer envelopes at a time."),
        params={"limit": str(limit)},
    )
