"""One call of a page: who calls, in which language, what was sent; and how a page is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gokei.faces.accounts import Accounts
from gokei.faces.lawbook import Lawbook
from gokei.faces.locale import translator
from gokei.faces.port import NodePort
from gokei.faces.reading import bounded_body
from gokei.faces.web.templating import Pages, spoken
from gokei.terms.json_types import JsonValue
from gokei.terms.limits import FORM_BYTES, FORM_FIELDS
from gokei.terms.problems import BadInput
from gokei.terms.words import N_, Translate

Pairs: TypeAlias = list[tuple[str, str]]
MENU: Final = (
    ("/", N_("Today")),
    ("/new/request", N_("New order")),
    ("/orders", N_("Orders")),
    ("/receive", N_("Receive and sign")),
    ("/ledger", N_("Ledger")),
    ("/registry", N_("Registry")),
    ("/dossier", N_("Dossier")),
    ("/law", N_("Law")),
    ("/partners", N_("Partners")),
)


@dataclass(frozen=True, slots=True)
class Face:
    """What all pages of one node share."""

    node: NodePort
    accounts: Accounts
    pages: Pages
    law: Lawbook


@dataclass(slots=False)
class Visit:
    """One call. `pairs` are the posted names and texts, empty for a GET."""

    face: Face
    request: Request
    language: str
    pairs: Pairs = field(default_factory=list)
    _titles: dict[str, dict[str, JsonValue]] = field(default_factory=dict)

    @property
    def node(self) -> NodePort:
        """The node that this face shows."""
        return self.face.node

    @property
    def law(self) -> Lawbook:
        """The law that the node goes by."""
        return self.face.law

    @cached_property
    def translate(self) -> Translate:
        """Message ids to sentences of the visitor's language."""
        return translator(self.language)

    @cached_property
    def office(self) -> str | None:
        """The office that is signed in; None before the sign-in."""
        session = self.request.cookies.get(self.face.accounts.cookie)
        return self.face.accounts.office_of_session(session, int(time.time())) if session else None

    @property
    def office_title(self) -> str:
        """The signed-in office's name in the visitor's language."""
        return self.office_titles(self.node.nation, (self.office or "",))

    def office_titles(self, nation: str, offices: Iterable[str]) -> str:
        """What a nation calls those offices of its own, in the visitor's language."""
        if nation not in self._titles:
            self._titles[nation] = {str(row["office"]): row["title"] for row in self.node.offices(nation)}
        titles = self._titles[nation]
        return " + ".join(spoken(titles.get(office), self.language) or office for office in offices)

    @property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """The pages of the main menu: path and message id."""
        return MENU

    def is_at(self, path: str) -> bool:
        """Whether this call is for `path`, in whatever language."""
        return self.path == path or (path != "/" and self.path.startswith(path + "/"))

    @property
    def path(self) -> str:
        """The page's path without its language."""
        return self.request.url.path[1 + len(self.language) :] or "/"

    def in_language(self, language: str) -> str:
        """This page's address in another language; a form that was posted is asked for anew."""
        query = self.request.url.query
        return f"/{language}{quote(self.path)}" + (f"?{query}" if query else "")

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the `?` of the address."""
        return self.request.query_params

    def posted(self, name: str) -> str:
        """The last posted text of that name; empty when there is none."""
        return next((text for key, text in reversed(self.pairs) if key == name), "")

    def url(self, path: str, **query: str | None) -> str:
        """A page's address in the visitor's language; `path` begins with a slash."""
        stated = {name: text for name, text in query.items() if text}
        return f"/{self.language}{quote(path)}" + (f"?{urlencode(stated)}" if stated else "")

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, made from a template."""
        text = self.face.pages.render(template, self, values)
        return HTMLResponse(text, status_code=status, headers={"Content-Language": self.language})

    def go(self, path: str, **query: str | None) -> Response:
        """See the other page (303), so that reloading it sends nothing again."""
        return RedirectResponse(self.url(path, **query), status_code=303)

    def go_to(self, wanted: str) -> Response:
        """See another page of this site (303); `wanted` is a checked path with its query, without the language."""
        return RedirectResponse(f"/{self.language}{wanted}", status_code=303)


Page: TypeAlias = Callable[[Visit], Response]


async def posted_pairs(request: Request) -> Pairs:
    """The names and texts of a posted form, within FORM_BYTES and FORM_FIELDS.

    Raises BadInput for a body that is too large or that is not UTF-8 text of a form.
    """
    body = await bounded_body(request, FORM_BYTES)
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=FORM_FIELDS,
        )
    except ValueError:
        raise BadInput(
            check="form-body",
            detail=N_("What was sent is not a form."),
            next_step=N_("Open the form again and fill it in."),
        ) from None
