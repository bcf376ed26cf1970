"""The law's answer beside the form while it is typed, with and without scripts, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from gokei.faces.story.stages import OverHttp, Served
from tests.browser.looking import Desk
from tests.browser.stage import InBrowser

FORM = "/new/request?to=JP&operation=DARWIN-17"


def type_ammunition(page: Page, day: str) -> None:
    page.select_option("[name='lines.0.supply']", "ammunition")
    page.fill("[name='lines.0.description']", "5.56 mm ball")
    page.fill("[name='lines.0.quantity']", "1000")
    page.fill("[name='lines.0.unit']", "EA")
    page.fill("[name=on]", day)


def test_ammunition_is_refused_on_one_day_and_permitted_on_the_next_while_it_is_typed(
    played: InBrowser, desk: Desk, wire: OverHttp
) -> None:
    before = wire.state("AU")
    page = desk.open("AU", "logistics", FORM)
    answer = page.locator("#beside .determination")
    type_ammunition(page, "2017-09-05")
    expect(answer).to_have_attribute("data-verdict", "not_permitted")
    cited = answer.locator(".provisions li").filter(has_text="acsa-jp-au-2010").first
    expect(cited.get_by_role("link", name="Source")).to_have_attribute("href", re.compile(r"^https://"))
    page.fill("[name=on]", "2017-09-06")
    expect(answer).to_have_attribute("data-verdict", "permitted")
    expect(answer.locator(".provisions li").first).to_contain_text("acsa-jp-au-2017 1(1)(a)")
    expect(page.locator("#beside")).to_contain_text("Weakest source")
    assert page.url.endswith(FORM)
    assert wire.state("AU") == before, "nothing is signed by typing"


def test_what_is_missing_is_asked_for_and_leads_to_its_input(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "logistics", FORM)
    first = page.locator("#beside .questions .first")
    expect(first).to_contain_text("What kind of supply or service is it?")
    first.get_by_role("link").click()
    expect(page.locator("[name='lines.0.supply']")).to_be_focused()
    type_ammunition(page, "2017-09-06")
    expect(page.locator("#beside .questions")).to_have_count(0)


def test_on_a_narrow_screen_the_verdict_stays_in_sight(played: InBrowser, desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 375, "height": 700})
    page = desk.open("AU", "logistics", FORM)
    short = page.locator("#verdict-now")
    expect(short).to_have_text("Undetermined")
    type_ammunition(page, "2017-09-05")
    expect(short).to_have_text("Not permitted")
    expect(short).to_be_in_viewport()


def test_a_refusal_keeps_what_was_typed_and_cites_the_provision(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "logistics", FORM)
    type_ammunition(page, "2017-09-05")
    page.click("#act button[name=_sign]")
    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("#problem")).to_have_attribute("data-check", "law-not-permitted")
    expect(page.locator("#problem .cited")).to_contain_text("acsa-jp-au-2010")
    assert page.input_value("[name='lines.0.description']") == "5.56 mm ball"


def test_half_a_word_is_no_error_of_the_page(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "logistics", FORM)
    type_ammunition(page, "2017-09-06")
    page.fill("[name='lines.0.nsn']", "1305-")
    expect(page.locator("#beside")).to_contain_text("Before it can be signed")
    page.fill("[name='lines.0.nsn']", "")
    expect(page.locator("#beside .determination")).to_have_attribute("data-verdict", "permitted")


def test_several_lines_have_an_answer_each_and_the_worst_is_explained(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "logistics", FORM)
    type_ammunition(page, "2017-09-05")
    page.click("button[name=_add][value=lines]")
    page.select_option("[name='lines.1.supply']", "fuel")
    page.fill("[name='lines.1.description']", "F-76")
    expect(page.locator("#beside .plain li")).to_have_count(2)
    expect(page.locator("#beside .determination")).to_have_attribute("data-verdict", "not_permitted")
    expect(page.locator("#beside .plain")).to_contain_text("F-76")


def test_without_scripts_check_shows_the_same_answer(
    played: InBrowser, browser: Browser, nodes: dict[str, Served]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Desk(context.new_page(), nodes).open("AU", "logistics", FORM)
    type_ammunition(page, "2017-09-05")
    page.click("#act button[name=_check]")
    assert page.locator("#beside .determination").get_attribute("data-verdict") == "not_permitted"
    context.close()


@pytest.mark.parametrize(
    ("office", "path"),
    [("logistics", FORM), ("finance", "/new/settlement?to=JP"), ("logistics", "/new/operation?to=JP")],
)
def test_the_keyboard_alone_reaches_every_input_and_the_signature(
    played: InBrowser, desk: Desk, office: str, path: str
) -> None:
    page = desk.open("AU", office, path)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    wanted = page.evaluate(VISIBLE_NAMES)
    reached: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        if name and name not in reached:
            reached.append(name)
        if name == "_sign":
            break
    assert reached == wanted
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_be_focused()


VISIBLE_NAMES = """() => {
  const found = [...document.querySelectorAll('#act input, #act select, #act textarea, #act button')];
  const names = found.filter(one => one.type !== 'hidden' && one.checkVisibility()).map(one => one.name);
  return [...new Set(names)].filter(name => name !== '_check');
}"""
