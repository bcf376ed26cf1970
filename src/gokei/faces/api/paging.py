"""Lists in pages: a cursor names the last row seen, so that rows added meanwhile shift nothing.

`limit` rows are given (LIST_ROWS unless asked; at most LIST_ROWS_MOST). `after` is the `next` of the page before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gokei.faces.api.problems import json_answer
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.limits import LIST_ROWS, LIST_ROWS_MOST
from gokei.terms.problems import BadCall
from gokei.terms.words import N_

PAGE_WORDS: Final = frozenset({"limit", "after"})
CURSOR_CHARACTERS: Final = 12


def page(request: Request, rows: Sequence[JsonObject]) -> JsonObject:
    """One page of `rows`: `{"items": […], "next": CURSOR|null, "total": N}`.

    Raises BadCall for a limit or a cursor that is none of ours.
    """
    limit = _limit(request.query_params.get("limit"))
    start = _start(request.query_params.get("after"), rows)
    shown = list(rows[start : start + limit])
    more = start + limit < len(rows)
    items: list[JsonValue] = list(shown)
    return {
        "items": items,
        "next": cursor(start + limit - 1, shown[-1]) if more and shown else None,
        "total": len(rows),
    }


def cursor(index: int, row: JsonObject) -> str:
    """The name of a row and of where it stood."""
    return base64.urlsafe_b64encode(f"{index}:{_name(row)}".encode()).decode().rstrip("=")


def answer(request: Request, value: object) -> Response:
    """A JSON answer with its ETag; 304 without a body when the caller has it already."""
    found = json_answer(value)
    tag = '"' + hashlib.sha256(bytes(found.body)).hexdigest()[:32] + '"'
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    found.headers.update(headers)
    return found


def _limit(text: str | None) -> int:
    if text is None:
        return LIST_ROWS
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LIST_ROWS_MOST and len(text) < 10):
        raise BadCall(
            check="page-limit",
            detail=N_("The limit {limit} is not a number from 1 to {most}."),
            params={"limit": text[:20], "most": str(LIST_ROWS_MOST)},
            field="limit",
        )
    return int(text)


def _start(after: str | None, rows: Sequence[JsonObject]) -> int:
    if after is None:
        return 0
    try:
        index, _, name = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode().partition(":")
        guess = int(index)
    except (binascii.Error, ValueError):
        guess, name = -1, ""
    if 0 <= guess < len(rows) and _name(rows[guess]) == name:
        return guess + 1
    for place, row in enumerate(rows):
        if name and _name(row) == name:
            return place + 1
    raise BadCall(
        check="page-cursor",
        detail=N_("The cursor names no row of this list."),
        next_step=N_("Ask for the first page again, without a cursor."),
        field="after",
    )


def _name(row: JsonObject) -> str:
    """What stays the same of a row while it changes: its own name where it has one, else all of it."""
    for key in ("hash", "claim", "order", "holding", "operation", "instrument", "case"):
        if isinstance(row.get(key), str):
            known = f"{row.get('channel', '')}/{row[key]}"
            return hashlib.sha256(known.encode()).hexdigest()[:CURSOR_CHARACTERS]
    text = json.dumps(row, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:CURSOR_CHARACTERS]
