"""The story, played by hand: two nations' officers at their browsers, from the request to the settled account."""

from __future__ import annotations

from gokei.faces.story.playing import check_ending, same_books
from gokei.faces.story.stages import OverHttp
from tests.browser.looking import Desk
from tests.browser.stage import InBrowser


def test_officers_carry_an_order_to_the_settled_account(played: InBrowser, wire: OverHttp) -> None:
    check_ending(played)
    assert same_books(wire, ("AU", "JP"))


def test_both_sides_see_the_same_settled_order(played: InBrowser, desk: Desk) -> None:
    seen = []
    for nation in ("JP", "AU"):
        page = desk.open(nation, "logistics", "/orders/AU-0076")
        assert page.locator(".states [aria-current=step]").inner_text() == "Settled"
        assert page.locator(".head .badge").inner_text() == "Final on both sides"
        assert page.locator(".columns .verdict.permitted").count() == 2
        rows = page.locator("table.stack").last.locator("tbody tr")
        assert rows.locator(".badge").all_inner_texts() == ["Final"] * 9
        seen.append(rows.all_inner_texts())
    assert seen[0] == seen[1]
    assert any("Logistics (J4) + Finance" in row for row in seen[0])


def test_what_arrived_is_what_is_owed_and_then_nothing(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "finance", "/orders/AU-0076")
    assert "11.4 kL" in page.locator("main").inner_text()
    assert "The hose parted in the swell" in page.locator("p.note").inner_text()
    page.click("a:has-text('AU-0076-C1')")
    assert "JPY 820,800" in page.locator("main").inner_text()
    assert page.locator("main .badge").all_inner_texts() == ["Settled", "Final"]
    desk.open("AU", "finance", "/ledger")
    assert "AU-2017 · JP · Accepted" in page.locator("#statements").inner_text()


def test_a_refused_and_a_granted_person_stand_side_by_side(played: InBrowser, desk: Desk) -> None:
    for nation in ("JP", "KR"):
        page = desk.open(nation, "security", "/holdings/JP-0001")
        rows = page.locator("section:has(> h2:text('Access decisions')) li").all_inner_texts()
        assert [row.split()[0] for row in rows] == ["Refused", "Granted"]
        assert "gsomia-jp-kr-2016 7(1)" in rows[0]
        assert "KR-DC-2024-031" in page.locator("main").inner_text()


def test_a_second_signature_waits_for_the_other_office(played: InBrowser, desk: Desk) -> None:
    page = desk.open("JP", "logistics", "/")
    assert page.locator("button[name=_sign]").count() == 0, "one office cannot be both pairs of eyes"
    assert page.locator("button[name=_drop]").count() == 1
    assert page.locator("main a:has-text('AU-0078')").count() == 1, "what is begun does not wait to be begun again"
    desk.open("JP", "finance", "/")
    assert "AU-0078" in page.locator("li:has(button[name=_sign])").inner_text()


def test_the_next_act_is_one_click_from_today(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "supply", "/")
    page.locator("li:has-text('AU-0077')").get_by_role("link", name="Fill in").click()
    assert page.input_value("[name='lines.0.quantity']") == "8"
    assert page.locator("[name=delivery]").get_attribute("type") == "hidden"
    desk.open("AU", "supply", "/receive")
    assert "F-76 naval distillate: 8 kL" in page.locator("main").inner_text()


def test_an_office_is_told_beforehand_that_it_cannot_sign(played: InBrowser, desk: Desk) -> None:
    page = desk.open("AU", "legal", "/new/receipt?to=JP&order=AU-0077")
    assert page.locator("p.note").first.inner_text() == (
        "Treaty and legal cannot sign this. It is signed by: Logistics (J4), Supply ship"
    )
    assert page.locator("#act button[name=_sign]").count() == 0
    # The node enforces the power, not the page: the same form, sent all the same, is refused.
    page.evaluate("document.querySelector('#act button[name=_check]').name = '_sign'")
    page.click("#act button[name=_sign]")
    assert page.locator("#problem").get_attribute("data-check") == "door-7-power"


def test_an_order_is_written_after_the_fact_with_its_reason(played: InBrowser, desk: Desk) -> None:
    page = desk.open("JP", "logistics", "/operations/DARWIN-17")
    page.get_by_role("link", name="Order after the fact").click()
    page.select_option("[name='lines.0.supply']", "water")
    for name, text in {"description": "Fresh water", "quantity": "3", "unit": "kL"}.items():
        page.fill(f"[name='lines.0.{name}']", text)
    page.fill("[name='lines.0.unit_price']", "500")
    page.fill("[name='lines.0.currency']", "JPY")
    page.check("[name=methods][value=payment]")
    page.click("#act button[name=_sign]")
    assert page.locator("#problem").count() == 1, "an order without a request states its reason"
    page.fill("[name='retroactive.reason']", "Pumped at night in a gale.")
    page.click("#act button[name=_sign]")
    assert "kept=" in page.url
    desk.open("JP", "finance", "/")
    page.locator("li:has-text('Order'):not(:has-text('AU-0078'))").get_by_role("button", name="Sign").click()
    assert "Ordered after the fact" in page.locator("main").inner_text()
    assert "Pumped at night in a gale." in page.locator("main").inner_text()
