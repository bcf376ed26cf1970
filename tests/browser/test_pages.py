"""Every page, in every language, at every width: it fits, nothing complains, and everyone can read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gokei.faces.forms import FORMS
from gokei.faces.locale import LANGUAGES, messages
from gokei.faces.story.stages import OverHttp
from gokei.faces.web.pages import PAGES
from tests.browser.looking import Desk, Look
from tests.browser.stage import InBrowser

# Path below the language, by nation and office; `{…}` stand for what the story gave.
SHOWN = {
    "/": ("JP", "finance"),
    "/receive": ("AU", "supply"),
    "/orders": ("JP", "logistics"),
    "/orders/AU-0076": ("JP", "logistics"),
    "/orders/AU-0077": ("AU", "logistics"),
    "/orders/KR-0001": ("KR", "logistics"),
    "/operations/DARWIN-17": ("JP", "logistics"),
    "/ledger": ("JP", "finance"),
    "/claims/AU-0076-C1": ("JP", "finance"),
    "/documents/{document}": ("JP", "logistics"),
    "/registry": ("KR", "security"),
    "/holdings/JP-0001": ("KR", "security"),
    "/dossier": ("KR", "legal"),
    "/dossier/acsa-jp-kr": ("KR", "legal"),
    "/law": ("JP", "legal"),
    "/law/acsa-jp-au-2017?on=2017-09-07": ("JP", "legal"),
    "/law/gsomia-jp-kr-2016?on=2019-11-22": ("JP", "legal"),
    "/law/coverage?provider=JP&recipient=AU&on=2017-09-07": ("JP", "legal"),
    "/law/acsa-jp-kr": ("KR", "legal"),
    "/interview": ("JP", "logistics"),
    "/interview?kind=support&on=2018-01-01&provider=JP": ("JP", "logistics"),
    "/interview?kind=support&on=2018-01-01&provider=JP&recipient=AU&activity=joint_exercise": ("JP", "logistics"),
    "/interview?kind=support&on=2018-01-01&provider=KR&recipient=JP": ("JP", "logistics"),
    "/partners": ("JP", "legal"),
    "/new/request?to=AU&operation=DARWIN-17": ("JP", "logistics"),
    "/new/receipt?to=JP&order=AU-0077": ("AU", "supply"),
    "/new/access_decision?to=JP&holding=JP-0001": ("KR", "registrar"),
}
STATUS = {"/orders/nothing": 404, "/nowhere": 404, "/law/nothing": 404}


def seen(path: str) -> str:
    """The route that a path of SHOWN belongs to."""
    parts = path.partition("?")[0].split("/")
    return next(
        route
        for route in PAGES
        if len(route.split("/")) == len(parts)
        and all(asked == found or asked.startswith("{") for asked, found in zip(route.split("/"), parts, strict=True))
    )


def test_no_page_is_left_out() -> None:
    unseen = {route for route, (methods, _, _) in PAGES.items() if "GET" in methods} - {seen(path) for path in SHOWN}
    files = {"/documents/{name}/envelope", "/evidence/{number:int}"}
    assert unseen == {"/sign-in", *files}, "sign-in is looked at below, the others are files"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SHOWN)
def test_a_page_fits_and_is_open_to_everyone(
    played: InBrowser, wire: OverHttp, look: Look, path: str, language: str
) -> None:
    nation, office = SHOWN[path]
    if "{document}" in path:
        documents = wire.show(nation, "order", "AU-0076")["documents"]
        assert isinstance(documents, list)
        assert isinstance(documents[0], dict)
        path = path.replace("{document}", str(documents[0]["hash"]))
    page = look.open(nation, office, path, language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("nav a").first.inner_text() == messages(language).get("Today", "Today")
    look.check(f"{language}{path}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_in_fits_and_is_open_to_everyone(played: InBrowser, look: Look, language: str) -> None:
    look.page.goto(look.address("US", "/sign-in", language))
    look.check("sign-in")
    look.page.click("main button[type=submit]")
    look.check("sign-in without an office", 422)


@pytest.mark.parametrize("path", STATUS)
def test_what_is_not_there_is_said_so(played: InBrowser, look: Look, path: str) -> None:
    page = look.open("JP", "logistics", path)
    look.check(path, STATUS[path])
    page.get_by_role("link", name="Back to what waits for you").click()
    assert page.locator("h1").inner_text() == "Today"


@pytest.mark.parametrize("document_type", FORMS)
def test_a_form_fits_and_is_open_to_everyone(played: InBrowser, look: Look, document_type: str) -> None:
    look.open("JP", "logistics", f"/new/{document_type}?to=AU")
    look.check(document_type)


@pytest.mark.parametrize("path", ["/", "/orders/AU-0076", "/new/request?to=AU", "/law/acsa-jp-au-2017", "/partners"])
def test_the_dark_colours_are_readable_too(played: InBrowser, look: Look, path: str) -> None:
    look.page.emulate_media(color_scheme="dark")
    look.open("JP", "logistics", path)
    look.check(path)


def test_a_change_of_language_stays_on_the_page(played: InBrowser, desk: Desk) -> None:
    page = desk.open("JP", "logistics", "/orders/AU-0076?with=AU")
    for language in ("ja", "ko", "en"):
        page.locator(f".languages a[hreflang={language}]").click()
        assert page.url.endswith(f"/{language}/orders/AU-0076?with=AU")
        assert page.locator("html").get_attribute("lang") == language


def test_signing_out_and_in_again_leads_back(played: InBrowser, desk: Desk) -> None:
    page = desk.open("JP", "logistics", "/orders?state=settled")
    page.get_by_role("button", name="Sign out").click()
    page.goto(desk.address("JP", "/orders?state=settled"))
    assert "/sign-in?next=" in page.url
    page.check("input[value=finance]")
    page.click("main button[type=submit]")
    assert page.url.endswith("/en/orders?state=settled")
    assert page.locator(".office").inner_text() == "Finance"


def test_the_page_of_the_api_draws_itself_from_this_node_alone(played: InBrowser, look: Look) -> None:
    look.page.goto(f"{look.nodes['JP'].address}/api/v1/docs")
    expect(look.page.locator("[id^='operations-acts-']").first).to_be_visible()
    assert look.page.locator(".opblock").count() > 25
    assert look.faults == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ("document.querySelector('main').style.width = '2000px'", "px too wide"),
        ("document.querySelector('label').remove()", "accessible name"),
        ("console.error('spoilt')", "console: spoilt"),
        ("new Image().src = 'http://elsewhere.example/x.png'", "asks another host"),
    ],
)
def test_a_spoilt_page_is_found(played: InBrowser, look: Look, spoil: str, fault: str) -> None:
    look.open("JP", "logistics", "/orders")
    look.page.evaluate(spoil)
    with pytest.raises(AssertionError, match=fault):
        look.check("spoilt")
