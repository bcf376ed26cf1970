"""The pages, by path below the language: the methods they take, the function, and whether one may see it signed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gokei.faces.web.pages import acting, documents, home, information, interview, law, orders, partners, signing_in
from gokei.faces.web.visit import Page

PAGES: Final[Mapping[str, tuple[tuple[str, ...], Page, bool]]] = {
    "/sign-in": (("GET", "POST"), signing_in.sign_in, True),
    "/sign-out": (("POST",), signing_in.sign_out, True),
    "/": (("GET",), home.today, False),
    "/receive": (("GET",), home.receive, False),
    "/new/{type}": (("GET", "POST"), acting.new, False),
    "/new/{type}/determination": (("POST",), acting.determination, False),
    "/drafts/{draft}": (("POST",), acting.sign_draft, False),
    "/orders": (("GET",), orders.order_list, False),
    "/orders/{order}": (("GET",), orders.order, False),
    "/operations/{operation}": (("GET",), orders.operation, False),
    "/ledger": (("GET",), orders.ledger, False),
    "/claims/{claim}": (("GET",), orders.claim, False),
    "/documents/{name}": (("GET",), documents.document, False),
    "/documents/{name}/envelope": (("GET",), documents.envelope, False),
    "/registry": (("GET",), information.registry, False),
    "/holdings/{holding}": (("GET",), information.holding, False),
    "/dossier": (("GET",), information.dossier, False),
    "/dossier/{instrument}": (("GET",), information.record, False),
    "/interview": (("GET",), interview.interview, False),
    "/law": (("GET",), law.instruments, False),
    "/law/coverage": (("GET",), law.coverage, False),
    "/law/{instrument}": (("GET",), law.instrument, False),
    "/partners": (("GET",), partners.partners, False),
    "/evidence/{number:int}": (("GET",), partners.evidence, False),
}
