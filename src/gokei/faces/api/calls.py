"""What every call of the API needs: the node, who calls, and the body within its bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from gokei.faces.accounts import Accounts
from gokei.faces.lawbook import Lawbook
from gokei.faces.port import NodePort
from gokei.faces.reading import bounded_body
from gokei.terms.json_types import JsonObject
from gokei.terms.limits import DOCUMENT_DEPTH
from gokei.terms.problems import BadCall, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

Carry: TypeAlias = Callable[[str], JsonObject]
JSON_TYPES: Final = frozenset({"", "application/json"})
BEARER: Final = HTTPBearer(auto_error=False, description="The token of an office, from accounts.json of the node.")


@dataclass(frozen=True, slots=True)
class Call:
    """What all calls share."""

    node: NodePort
    accounts: Accounts
    law: Lawbook
    carry: Carry


class SignInNeeded(Refused):
    """The call names no office (401)."""

    http_status = 401


class MediaTypeRefused(BadCall):
    """The body is of another media type (415)."""

    http_status = 415


def node_of(request: Request) -> NodePort:
    """The node that is called."""
    call: Call = request.app.state.call
    return call.node


def law_of(request: Request) -> Lawbook:
    """The law that the node goes by."""
    call: Call = request.app.state.call
    return call.law


async def office_of(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> str:
    """The office that calls; raises SignInNeeded where the token belongs to none."""
    call: Call = request.app.state.call
    office = call.accounts.office_of_token(credentials.credentials) if credentials else None
    if office is None:
        raise SignInNeeded(
            check="bearer-token",
            detail=N_("The call carries no token of an office of this node."),
            next_step=N_("Send `Authorization: Bearer TOKEN` with an office's token from the node's accounts file."),
        )
    return office


Office: TypeAlias = Annotated[str, Depends(office_of)]
SIGNED_IN: Final = Depends(office_of)


async def json_body(request: Request, most: int, depth: int = DOCUMENT_DEPTH) -> JsonObject:
    """The body as one JSON object of at most `most` bytes; raises BadInput (`json-…`, `body-size`) where it is not."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in JSON_TYPES:
        raise MediaTypeRefused(
            check="media-type",
            detail=N_("The body is {type}, not application/json."),
            next_step=N_("Send JSON."),
            params={"type": media_type[:60]},
        )
    return parse_object(await bounded_body(request, most), max_bytes=most, max_depth=depth)
