"""The exchange over HTTPS: raw ASGI, because a partner's documents come many and each is answered alone.

`POST /exchange/{author}/{verb}`, with the verbs of gokei.node.answering, by the author's certificate.
"""

from __future__ import annotations

import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from gokei.node.answering import Answer, answer, no_such_path
from gokei.node.node import Node
from gokei.node.tls import Credentials
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem, Refused, Unavailable
from gokei.terms.words import N_

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_JSON: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_PROBLEM: Final = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]


class Exchange:
    """The ASGI application of the exchange, to be mounted at /exchange."""

    def __init__(self, node: Node, credentials: Credentials, arrived: Callable[[str], None] | None = None) -> None:
        self._node = node
        self._credentials = credentials
        self._arrived = arrived
        self._under_way: Counter[str] = Counter()
        self._every = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            author, verb = _target(scope)
            if not self._credentials.is_of(author, _certificate(scope)):
                raise _other_nation(author)
            self._take_place(author)
            try:
                found = answer(self._node.core, author, verb, await read_body(scope, receive))
            finally:
                self._leave_place(author)
        except Problem as problem:
            found = Answer(problem.http_status, canonical(problem.as_json()))
        if found.taken and self._arrived is not None:
            self._arrived(author)
        headers = _JSON if found.status == 200 else _PROBLEM
        length = (b"content-length", str(len(found.body)).encode())
        more = [(b"retry-after", str(limits.RETRY_AFTER_SECONDS).encode())] if found.status == 503 else []
        await send({"type": "http.response.start", "status": found.status, "headers": [*headers, *more, length]})
        await send({"type": "http.response.body", "body": found.body})

    def _take_place(self, author: str) -> None:
        """A place among the requests under way. Raises Unavailable (`exchange-busy`) where the partner has all its own,
        which leaves others theirs, or where all are taken."""
        own, every = self._under_way[author], self._every
        if own >= limits.REQUESTS_OF_A_PARTNER or every >= limits.REQUESTS_UNDER_WAY:
            raise Unavailable(
                check="exchange-busy",
                detail=N_("There are {count} requests under way already."),
                next_step=N_("Wait, and send them one after the other."),
                params={"count": str(own if own >= limits.REQUESTS_OF_A_PARTNER else every)},
                who="partner",
            )
        self._under_way[author] = own + 1
        self._every = every + 1

    def _leave_place(self, author: str) -> None:
        self._under_way[author] -= 1
        self._every -= 1


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


def _certificate(scope: Scope) -> bytes | None:
    """The caller's certificate, as the TLS extension of ASGI gives it."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    return _spelt_in_bytes(chain[0]) if chain else None


@lru_cache(maxsize=limits.CERTIFICATES_IN_MEMORY)
def _spelt_in_bytes(certificate: str) -> bytes:
    """A certificate out of its PEM, which a connection shows with every request."""
    return ssl.PEM_cert_to_DER_cert(certificate)


class _OtherNation(Refused):
    """The caller's certificate is not that of the nation that the path names."""

    http_status = 403


def _other_nation(author: str) -> Refused:
    return _OtherNation(
        check="tls-nation",
        detail=N_("The certificate that you show is not the one on the card of {nation} that is on record here."),
        next_step=N_("Give the partner your newest card; it is added with: gokei partner add DIR FILE"),
        params={"nation": author[:20]},
    )


def _too_large(limit: int) -> BadInput:
    return BadInput(
        check="door-1-size",
        detail=N_("The body is larger than {limit} bytes."),
        next_step=N_("Send fewer envelopes at a time."),
        params={"limit": str(limit)},
    )
