"""What a person does with the pages, and what is seen of them: overflow, errors, foreign hosts, accessibility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

from gokei.faces.story.stages import Served

WIDTHS = (375, 820, 1280)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


class Desk:
    """A person at a browser, who signs in as an office of a nation."""

    def __init__(self, page: Page, nodes: Mapping[str, Served]) -> None:
        self.page = page
        self.nodes = nodes
        self._signed_in: dict[str, str] = {}

    def address(self, nation: str, path: str, language: str = "en") -> str:
        return f"{self.nodes[nation].address}/{language}{path}"

    def sign_in(self, nation: str, office: str, language: str = "en") -> None:
        if self._signed_in.get(nation) == office:
            return
        self.page.goto(self.address(nation, "/sign-in", language))
        self.page.check(f"input[name=office][value={office}]")
        self.page.click("main button[type=submit]")
        self._signed_in[nation] = office

    def open(self, nation: str, office: str, path: str, language: str = "en") -> Page:
        self.sign_in(nation, office, language)
        self.page.goto(self.address(nation, path, language))
        return self.page


class Look(Desk):
    """A person who also watches the console and the network, and checks each page."""

    def __init__(self, page: Page, nodes: Mapping[str, Served], axe: str) -> None:
        super().__init__(page, nodes)
        self.faults: list[str] = []
        self._axe = axe
        self._hosts = {urlsplit(node.address).netloc for node in nodes.values()}
        page.on("console", self._said)
        page.on("pageerror", self._threw)
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _threw(self, error: Error) -> None:
        self.faults.append(f"script: {error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc not in self._hosts:
            self.faults.append(f"asks another host: {request.url}")

    def check(self, name: str, status: int = 200) -> None:
        """The open page fits every width, and nothing is wrong with it for those who do not see it."""
        seen = self.page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
        if seen != status:
            self.faults.append(f"status {seen}")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                self.faults.append(f"at {width} px it is {over} px too wide")
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(self._axe)
        found: list[dict[str, Any]] = self.page.evaluate(
            "rules => axe.run(document, rules).then(r => r.violations)", RULES
        )
        for one in found:
            self.faults.append(f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}")
        assert not self.faults, "\n".join([name, *self.faults])
