"""Reads what callers send, within bounds."""

from __future__ import annotations

from starlette.requests import Request

from gokei.terms.problems import BadInput
from gokei.terms.words import N_


class TooLarge(BadInput):
    """The body exceeds its bound (413)."""

    http_status = 413


async def bounded_body(request: Request, most: int) -> bytes:
    """The body of a call; raises TooLarge as soon as it exceeds `most` bytes, without reading on."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and len(stated) > len(str(most)):
        raise _too_large(most)
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise _too_large(most)
    return bytes(found)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        check="body-size",
        detail=N_("What was sent is larger than {most} bytes."),
        next_step=N_("Send less at a time."),
        params={"most": str(most)},
    )
