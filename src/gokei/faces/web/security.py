"""What every answer to a browser carries, and which posts are let in.

* The content security policy lets nothing run or load but this node's own files; nothing is inline.
* A post that another site caused is refused by `Sec-Fetch-Site`, or by `Origin` where a browser lacks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gokei.terms.problems import Problem, Refused
from gokei.terms.words import N_

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Guarded:
    """ASGI: adds HEADERS to every answer; `no-store` unless the answer says how long it may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and add the headers to its answer."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def cross_site(headers: Headers) -> Problem | None:
    """Why an unsafe call with these headers is refused; None when it comes from our own pages, or from no browser."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        refused = site not in {"same-origin", "none"}
    else:
        origin = headers.get("origin")
        refused = origin is not None and urlsplit(origin).netloc != headers.get("host")
    if not refused:
        return None
    return Refused(
        check="cross-site-post",
        detail=N_("Another site caused this call; it was not accepted."),
        next_step=N_("Open the form on this site and send it from there."),
    )


def is_local(client: str | None, host: str) -> bool:
    """Whether a call comes from this machine and names it; a foreign name for a local address does not count."""
    name = urlsplit(f"//{host}").hostname or ""
    return client in LOCAL_HOSTS and name in LOCAL_HOSTS
