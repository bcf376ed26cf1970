"""A stage for the story: every document is typed into its form and signed by a click, four eyes by two offices."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from playwright.sync_api import Locator, Page

from gokei.faces.forms import flatten
from gokei.faces.story.stages import OverHttp
from gokei.faces.story.steps import Chapter, Step
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import Refused
from tests.browser.looking import Desk

# What the pages' own links carry: the case that a document is about.
CASE_FIELDS = ("order", "delivery", "claim", "settlement", "holding", "instrument", "of", "statement", "operation")
# Documents that begin a case: nothing links to them but the menu.
FIRST_OF_CASE = frozenset({"operation", "request", "item", "report", "statement"})
FRAME = frozenset({"type", "to", "agreement", "assume"})


class Quiet:
    def chapter(self, chapter: Chapter) -> None:
        pass

    def step(self, step: Step, found: JsonObject) -> None:
        pass

    def agreed(self, nations: tuple[str, str], digests: JsonObject) -> None:
        pass


@dataclass(frozen=True, slots=True)
class InBrowser:
    """Documents go by the pages; questions, and the look at the books, by the API."""

    desk: Desk
    wire: OverHttp

    def act(self, nation: str, document: JsonObject, key: str, offices: tuple[str, ...]) -> JsonObject:
        page = self.desk.open(nation, offices[0], form_path(document))
        fill(page, document)
        page.click("#act button[name=_sign]")
        raise_problem(page)
        kept = query_of(page).get("kept")
        if kept:
            self.desk.open(nation, offices[1], "/")
            page.click(f"form[action$='/drafts/{kept}'] button[name=_sign]")
            raise_problem(page)
        signed = query_of(page)["signed"]
        assert signed in unquote(page.locator("p.done a").get_attribute("href") or "")
        page.goto(self.desk.address(nation, f"/documents/{signed}"))
        return {"hash": signed, "determination": determination(page)}

    def ask(self, nation: str, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        return self.wire.ask(nation, question, assume)

    def meet(self, one: str, other: str) -> None:
        self.wire.meet(one, other)

    def show(self, nation: str, kind: str, name: str) -> JsonObject:
        return self.wire.show(nation, kind, name)

    def state(self, nation: str) -> JsonObject:
        return self.wire.state(nation)

    def balances(self, nation: str) -> JsonObject:
        return self.wire.balances(nation)

    def leave_work_waiting(self) -> None:
        """One more order, delivered and not signed for; and one more that waits for its second signature."""
        line: JsonObject = {"line": 1, "quantity": "8", "unit": "kL"}
        wanted: JsonObject = line | {"supply": "fuel", "description": "F-76 naval distillate"}
        offered: JsonObject = line | {"unit_price": "72000", "currency": "JPY"}
        for order in ("AU-0077", "AU-0078"):
            frame: JsonObject = {"order": order, "to": "AU"}
            request: JsonObject = {"type": "request", "operation": "DARWIN-17", "on": "2017-09-10", "lines": [wanted]}
            self.wire.act("AU", {**request, **frame, "to": "JP"}, f"request-{order}", ("logistics",))
            self.meet("AU", "JP")
            terms: JsonObject = {
                "type": "offer",
                "methods": ["payment"],
                "valid_until": "2017-09-30",
                "lines": [offered],
            }
            self.wire.act("JP", {**terms, **frame}, f"offer-{order}", ("logistics",))
        frame = {"order": "AU-0077", "to": "AU"}
        self.wire.act("JP", {"type": "order", **frame}, "order", ("logistics", "finance"))
        self.meet("AU", "JP")
        self.wire.act("AU", {"type": "countersignature", **frame, "to": "JP"}, "sign", ("logistics", "finance"))
        self.meet("AU", "JP")
        done: JsonObject = {"type": "delivery", "delivered_on": "2017-09-11", "lines": [line]}
        self.wire.act("JP", {**done, **frame}, "delivery", ("supply",))
        self.meet("AU", "JP")
        page = self.desk.open("JP", "logistics", "/new/order?to=AU&order=AU-0078")
        page.click("#act button[name=_sign]")
        assert "kept" in query_of(page)


def form_path(document: JsonObject) -> str:
    """The address of the form, as the page that offers the act gives it."""
    begins = document["type"] in FIRST_OF_CASE
    case = {} if begins else {name: str(document[name]) for name in CASE_FIELDS if document.get(name)}
    return f"/new/{document['type']}?" + urlencode({"to": str(document["to"]), **case})


def fill(page: Page, document: JsonObject) -> None:
    """Type the document, input by input, adding rows where it has more than the form shows."""
    form = page.locator("#act")
    folded = form.locator("details.group:not([open]) > summary")
    while folded.count():
        folded.first.click()
    stated = {name: value for name, value in document.items() if name not in FRAME}
    for name, text in flatten(stated):
        found = form.locator(f'[name="{name}"]')
        if found.count() == 0 and ".0." not in name and "." in name:
            form.locator(f'button[name=_add][value="{name.partition(".")[0]}"]').click()
        put(found, text)
    for assumed in texts(document.get("assume")):
        form.locator(f'input[name=assume][value="{assumed}"]').check()


def put(found: Locator, text: str) -> None:
    kind = found.first.get_attribute("type")
    if kind in {"radio", "checkbox"}:
        found.and_(found.page.locator(f'[value="{text}"]')).check()
    elif kind == "hidden":
        assert found.input_value() == text
    elif found.first.evaluate("input => input.tagName") == "SELECT":
        found.select_option(text)
    else:
        found.fill(text)


def raise_problem(page: Page) -> None:
    """A problem on the page, as the refusal that it tells of."""
    told = page.locator("#problem")
    if told.count():
        cited = [text.strip() for text in told.locator(".cited a").all_inner_texts()]
        raise Refused(
            check=told.get_attribute("data-check") or "",
            detail=told.inner_text(),
            instrument=cited[0] if cited else None,
            provision=cited[1] if len(cited) > 1 else None,
        )


def determination(page: Page) -> JsonValue:
    """What the page of a document says that this node found."""
    found = page.locator(".determination").last
    if found.count() == 0:
        return None
    undecided: list[JsonValue] = [*cited(found.locator("h3:has-text('Not yet decided') + ul a"))]
    basis: list[JsonValue] = [*cited(found.locator(".provisions a[href*='/law/']"))]
    return {"verdict": found.get_attribute("data-verdict"), "basis": basis, "undecided": undecided}


def cited(links: Locator) -> list[JsonObject]:
    rows = [urlsplit(str(link.get_attribute("href"))) for link in links.all()]
    return [{"instrument": row.path.rpartition("/")[2], "provision": unquote(row.fragment)} for row in rows]


def query_of(page: Page) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
