"""The pages of the law as a person uses them: an interview to its end, a table taken along, a timeline."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page

from gokei.faces.locale import LANGUAGES, translator
from gokei.law.interview import question, turn
from gokei.node.packs import open_library
from tests.browser.looking import Desk
from tests.browser.stage import InBrowser

START = "/interview?kind=support&on=2018-01-01&provider=JP&recipient=AU"


def stated(page: Page) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, text in parse_qsl(urlsplit(page.url).query):
        if name == "unknown":
            found[text] = None
        else:
            found[name] = {"true": True, "false": False}.get(text, text)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interview_leads_to_the_law_s_own_answer(played: InBrowser, desk: Desk, language: str) -> None:
    page = desk.open("JP", "logistics", START, language)
    page.select_option("main select[name=activity]", "joint_exercise")
    page.get_by_role("button", name=translator(language)("Next"), exact=True).click()
    for _ in range(25):
        if page.locator("main button[name]").count() == 0 and page.locator("main select[name]").count() == 0:
            break
        if page.locator("main select[name]").count():
            page.select_option("main select[name]", index=1)
            page.locator("main form button").first.click()
        else:
            page.locator("main button[name]").first.click()
    library = open_library()
    end = turn(library, stated(page))
    assert end.asked is None
    assert end.answer is not None
    assert page.locator(".determination").get_attribute("data-verdict") == end.answer["verdict"]
    assert library.answer(question(stated(page))) == end.answer


def test_an_interview_goes_back_and_says_what_contradicts(played: InBrowser, desk: Desk) -> None:
    page = desk.open("JP", "logistics", START)
    page.get_by_role("button", name="Back by one question").click()
    assert page.locator("#asked").inner_text() == "Which nation receives?"
    page.goto(page.url.replace("provider=JP", "provider=JP&recipient=JP"))
    assert "provider and recipient are the same nation" in page.locator(".problem").inner_text()
    assert page.locator("#asked").inner_text() == "Which nation receives?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_of_coverage_is_taken_along(played: InBrowser, desk: Desk, language: str) -> None:
    page = desk.open("JP", "legal", "/law/coverage?provider=JP&recipient=AU&on=2017-09-07", language)
    answers = [
        page.request.get(page.url.split("/", 3)[0] + "//" + urlsplit(page.url).netloc + str(link.get_attribute("href")))
        for link in page.locator("main .acts a").all()
    ]
    table, picture = answers
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.body().startswith(b"\xef\xbb\xbfprovider,recipient,on,")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(picture.text()).get("lang") == language


def test_what_is_established_and_what_is_reported_stand_apart(played: InBrowser, desk: Desk) -> None:
    page = desk.open("KR", "legal", "/law/acsa-jp-kr")
    established, reported = page.locator("#established"), page.locator("#reported")
    assert established.locator("h2").inner_text() == "As established"
    assert established.locator("li > p > b").first.inner_text() == "Proposed"
    assert reported.locator("h2").inner_text() == "As reported"
    assert reported.locator("li").count() >= 1
    assert "Only what is established moves a determination" in page.locator("main .note").last.inner_text()
