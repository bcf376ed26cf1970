"""The web application of one node: exchange, API, static files, and the pages in three languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from gokei.faces import accounts
from gokei.faces.api.app import create_api
from gokei.faces.api.calls import Carry
from gokei.faces.lawbook import Lawbook
from gokei.faces.locale import LANGUAGES, translator
from gokei.faces.port import NodePort
from gokei.faces.web.pages import PAGES
from gokei.faces.web.pages.signing_in import asks_sign_in
from gokei.faces.web.security import Guarded, cross_site
from gokei.faces.web.templating import STATIC, Pages
from gokei.faces.web.visit import Face, Page, Visit, posted_pairs
from gokei.node.disk import unavailable
from gokei.node.node import Node, Unlock
from gokei.node.packs import LawOnDemand
from gokei.terms.json_types import JsonObject
from gokei.terms.limits import QUERY_CHARACTERS
from gokei.terms.problems import BadCall, Problem
from gokei.terms.words import N_

ASSET_SECONDS: Final = 365 * 24 * 60 * 60
GZIP_BYTES: Final = 600


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the node lives: its directory also holds the accounts. `law` is what the pages show of the law.

    `unlock` says where the passphrase of its keys is found, where the settings do not.
    """

    directory: Path
    law: LawOnDemand = field(default_factory=LawOnDemand)
    unlock: Unlock | None = None


def create_app(node: NodePort, settings: Settings) -> Starlette:
    """The ASGI application that serves `node`: its pages and its API.

    Pages call the node on the event loop: its answers are quick.
    """
    offices = [str(row["office"]) for row in node.offices()]
    law = Lawbook(settings.law)
    face = Face(node, accounts.load(settings.directory, offices), Pages(), law)
    guarded = [Middleware(Guarded), Middleware(GZipMiddleware, minimum_size=GZIP_BYTES)]
    routes: list[BaseRoute] = [
        Mount("/api/v1", app=create_api(node, face.accounts, law, carrier(settings)), middleware=guarded),
        Mount("/static", app=Assets(directory=STATIC), middleware=guarded),
        Mount("/", routes=_pages(face), middleware=guarded),
    ]
    return Starlette(routes=routes)


def carrier(settings: Settings) -> Carry:
    """Exchanges with a partner by a store of its own, so that waiting for the partner holds up no answer."""

    def carry(nation: str) -> JsonObject:
        node = Node.open(settings.directory, settings.law, unlock=settings.unlock)
        try:
            return node.sync(nation)
        finally:
            node.close()

    return carry


class Assets(StaticFiles):
    """Files of this package; kept for good by browsers, because their addresses carry a mark of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        answer = await super().get_response(path, scope)
        marked = answer.status_code == 200 and scope["query_string"]
        answer.headers["Cache-Control"] = f"public, max-age={ASSET_SECONDS}, immutable" if marked else "no-cache"
        return answer


def _pages(face: Face) -> list[BaseRoute]:
    routes: list[BaseRoute] = [Route("/", _to_language)]
    for language in LANGUAGES:
        routes.append(Route(f"/{language}", _to_language))
        for path, (methods, page, is_public) in PAGES.items():
            endpoint = _endpoint(face, language, page, is_public)
            routes.append(Route(f"/{language}{path}", endpoint, methods=list(methods)))
        routes.append(Route(f"/{language}/{{rest:path}}", _endpoint(face, language, _not_found, is_public=True)))
    return routes


def _endpoint(face: Face, language: str, page: Page, is_public: bool) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        visit = Visit(face, request, language)
        try:
            if len(request.url.query) > QUERY_CHARACTERS:
                raise BadCall(check="query-size", detail=N_("The address is too long."))
            if request.method == "POST":
                refused = cross_site(request.headers)
                if refused:
                    raise refused
                visit.pairs = await posted_pairs(request)
            if not is_public and visit.office is None:
                return asks_sign_in(visit)
            return page(visit)
        except OSError as error:
            problem: Problem = unavailable(error)
        except Problem as found:
            problem = found
        unknown = problem.check == "not-found" and problem.said_by is None
        status = 404 if unknown else problem.http_status
        return visit.render("problem.html", status, problem=problem.as_json(translator(language)))

    return endpoint


def _not_found(visit: Visit) -> Response:
    problem = BadCall(
        check="page-unknown",
        detail=N_("There is no such page."),
        next_step=N_("Go back to what waits for you, or choose from the menu."),
    )
    return visit.render("problem.html", 404, problem=problem.as_json(visit.translate))


async def _to_language(request: Request) -> Response:
    return RedirectResponse(f"/{preferred(request)}/", status_code=303)


def preferred(request: Request) -> str:
    """The language of the address where it names one; else the browser's first that we have; else English."""
    named = request.url.path.strip("/")
    if named in LANGUAGES:
        return named
    wishes: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.split("-")[0].lower()
        if language in LANGUAGES:
            wishes.append((-_weight(weight), language))
    return min(wishes, key=lambda wish: wish[0])[1] if wishes else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0
