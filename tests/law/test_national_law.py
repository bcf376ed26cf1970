"""National law beside agreements on information, what binds nobody, and rows that do not hold both ways."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import pytest

from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.law.views import shown_on
from gokei.terms.problems import Problems

SOURCE = "source: {url: 'https://example.org', quality: verified}"
SAID = f"says: {{en: a, ja: b, ko: c}}, {SOURCE}"
EVENTS = f"events: [{{date: '2010-01-01', event: in_force, {SOURCE}}}]"
TREATY = f"""
instrument: information-jp-au
kind: information
titles: {{en: a, ja: b, ko: c}}
parties: [JP, AU]
{EVENTS}
equivalences:
- {{rank: 2, JP: [gokuhi], AU: [S], provision: '4', {SOURCE}}}
- {{rank: 3, JP: [hi], AU: [C], until: '2018-10-01', provision: '4', {SOURCE}}}
- {{rank: 3, JP: [hi], AU: [S], from: '2018-10-01', markings_of: [JP], provision: '4', {SOURCE}}}
provisions:
- {{id: '1', effect: permit, when: {{action: [provide], level: {{mapped: recipient}}}}, {SAID}}}
- {{id: '2', effect: permit, when: {{action: [access], level: {{mapped: holder}}}}, {SAID}}}
- {{id: '2', effect: require, when: {{action: [access]}}, that: {{clearance: {{covers: level}}}}, {SAID}}}
"""
LAW = f"""
instrument: law-jp-secrets
kind: law
about: information
titles: {{en: a, ja: b, ko: c}}
parties: [JP]
events: [{{date: '2015-01-01', event: in_force, {SOURCE}}}]
provisions:
- {{id: '9', effect: require, side: provider, when: {{action: [provide]}}, that: {{assurances_recorded: true}}, {SAID}}}
- {{id: '10', effect: prohibit, side: provider, when: {{action: [provide], channel: [commercial]}}, {SAID}}}
- {{id: '11', effect: oblige, side: recipient, when: {{action: [provide]}}, obligation: {{kind: register}}, {SAID}}}
"""
PAPER = f"""
instrument: arrangement-jp-kr
kind: information
binding: false
titles: {{en: a, ja: b, ko: c}}
parties: [JP, KR]
{EVENTS}
provisions:
- {{id: '1', effect: oblige, when: {{action: [provide]}}, obligation: {{kind: pass_on}}, {SAID}}}
"""
PROVIDE = {
    "kind": "information", "on": "2020-06-01", "action": "provide", "owner": "JP", "recipient": "AU",
    "level": "JP:gokuhi", "marked_on": "2016-01-01", "assurances_recorded": True, "channel": "approved_courier",
}  # fmt: skip


@cache
def library() -> Library:
    files = [("treaty.yaml", TREATY), ("law.yaml", LAW), ("paper.yaml", PAPER)]
    return Library(load(compose([(path, text.encode()) for path, text in files])))


def asked(**change: Any) -> Any:
    return library().answer({name: value for name, value in (PROVIDE | change).items() if value is not None})


def told(**change: Any) -> tuple[Any, ...]:
    answer = asked(**change)
    return answer["verdict"], answer["ground"], [one["provision"] for one in answer["basis"]]


def test_a_law_adds_what_it_requires_and_prohibits_and_grants_nothing() -> None:
    assert told() == ("permitted", "granted", ["1"])
    assert told(assurances_recorded=False) == ("not_permitted", "condition_not_met", ["9"])
    assert told(channel="commercial") == ("not_permitted", "national_law", ["10"])
    assert asked(assurances_recorded=None)["missing"] == ["assurances_recorded"]
    assert asked(channel=None)["missing"] == ["channel"]


def test_a_law_binds_from_its_day_on() -> None:
    assert told(on="2014-12-31", channel="commercial", assurances_recorded=False)[0] == "permitted"
    assert told(on="2015-01-01", channel="commercial")[1] == "national_law"


def test_a_law_speaks_of_its_own_nation_on_its_own_side() -> None:
    back = {"owner": "AU", "recipient": "JP", "level": "AU:S", "channel": "commercial", "assurances_recorded": None}
    assert told(**back)[0] == "permitted"
    assert [one["instrument"] for one in asked(**back)["obligations"]] == ["law-jp-secrets"]
    assert asked()["obligations"] == []


def test_where_nothing_is_agreed_the_law_makes_no_agreement() -> None:
    assert told(recipient="US") == ("not_permitted", "no_agreement", [])
    assert told(on="2009-01-01") == ("not_permitted", "not_in_force", ["1"])


def test_what_is_not_binding_is_shown_and_answers_nothing() -> None:
    assert told(recipient="KR") == ("not_permitted", "no_agreement", [])
    paper = library().instrument("arrangement-jp-kr")
    assert shown_on(paper, datetime.date(2020, 1, 1))["binding"] is False


def test_a_row_can_hold_for_the_markings_of_one_side_alone() -> None:
    def equal(level: str, nation: str, on: str) -> tuple[str, ...]:
        return library().equivalents("information-jp-au", level, nation, on)

    assert equal("JP:hi", "AU", "2016-01-01") == ("AU:C",)
    assert equal("JP:hi", "AU", "2019-01-01") == ("AU:S",)
    assert equal("AU:S", "JP", "2019-01-01") == ("JP:gokuhi",)
    assert told(level="JP:hi", marked_on="2019-01-01")[0] == "permitted"
    assert asked(level="JP:hi", marked_on=None)["verdict"] == "permitted"


@pytest.mark.parametrize(
    ("level", "marked_on", "clearance", "verdict"),
    [
        ("JP:hi", "2016-01-01", "AU:S", "permitted"),
        ("JP:hi", "2016-01-01", "AU:C", "permitted"),
        ("JP:hi", "2019-01-01", "AU:S", "permitted"),
        ("JP:gokuhi", "2019-01-01", "AU:C", "not_permitted"),
        ("JP:gokuhi", "2016-01-01", "AU:S", "permitted"),
    ],
)
def test_a_clearance_is_of_no_marking_day(level: str, marked_on: str, clearance: str, verdict: str) -> None:
    access = {"action": "access", "holder": "AU", "actor": "AU", "recipient": None, "clearance": clearance}
    assert asked(level=level, marked_on=marked_on, **access)["verdict"] == verdict


@pytest.mark.parametrize(
    ("text", "check"),
    [
        (LAW.replace("effect: prohibit", "effect: permit"), "pack-grant"),
        (PAPER.replace("effect: oblige", "effect: permit").replace("obligation: {kind: pass_on}, ", ""), "pack-grant"),
        (TREATY.replace("kind: information", "kind: information\nabout: information"), "pack-field"),
        (TREATY.replace("markings_of: [JP]", "markings_of: [JP, AU]"), "pack-field"),
    ],
)
def test_a_pack_that_grants_where_it_may_not_is_refused(text: str, check: str) -> None:
    with pytest.raises(Problems) as found:
        load(compose([("pack.yaml", text.encode())]))
    assert [one.check for one in found.value.problems] == [check]
