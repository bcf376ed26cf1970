"""Signing in as an office of this node, and signing out."""

from __future__ import annotations

import time

from starlette.responses import Response

from gokei.faces.accounts import SESSION_SECONDS
from gokei.faces.web.security import is_local
from gokei.faces.web.visit import Visit
from gokei.terms.problems import BadInput, Problem
from gokei.terms.words import N_


def asks_sign_in(visit: Visit) -> Response:
    """Send a visitor who is not signed in to the sign-in, and from there back to where they wanted to go."""
    query = visit.request.url.query
    wanted = visit.path + (f"?{query}" if query else "")
    return visit.go("/sign-in", next=wanted if visit.request.method == "GET" and wanted != "/" else None)


def sign_in(visit: Visit) -> Response:
    """Show the offices; on a post, begin a session for the one chosen."""
    if visit.request.method == "GET":
        return _form(visit)
    office, token = visit.posted("office"), visit.posted("token")
    accounts = visit.face.accounts
    if office not in accounts.tokens:
        return _form(visit, _refused("sign-in-office", N_("Choose an office.")))
    if _needs_token(visit) and accounts.office_of_token(token) != office:
        return _form(visit, _refused("sign-in-token", N_("That is not the access code of this office.")))
    answer = visit.go_to(_safe(visit.posted("_next")))
    answer.set_cookie(
        accounts.cookie,
        accounts.session(office, int(time.time())),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
        path="/",
    )
    return answer


def sign_out(visit: Visit) -> Response:
    """End the session."""
    answer = visit.go("/sign-in")
    answer.delete_cookie(visit.face.accounts.cookie, path="/")
    return answer


def _form(visit: Visit, problem: Problem | None = None) -> Response:
    return visit.render(
        "sign_in.html",
        problem.http_status if problem else 200,
        problem=problem.as_json(visit.translate) if problem else None,
        offices=visit.node.offices(),
        chosen=visit.posted("office"),
        needs_token=_needs_token(visit),
        next=visit.posted("_next") or visit.query.get("next", ""),
    )


def _needs_token(visit: Visit) -> bool:
    client = visit.request.client.host if visit.request.client else None
    local = is_local(client, visit.request.headers.get("host", ""))
    return visit.node.environment != "exercise" or not local


def _safe(wanted: str) -> str:
    """A path of this site, or the first page: never another site."""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if plain and all(" " < character < "\x7f" for character in wanted) else "/"


def _refused(check: str, detail: str) -> Problem:
    return BadInput(
        check=check, detail=detail, next_step=N_("Choose the office, and type its access code where it is asked for.")
    )
