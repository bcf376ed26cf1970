"""Articles 100-6 to 100-19 of Japan's Self-Defense Forces Act: the day before and the day of every version.

The text of each version: e-Gov, https://laws.e-gov.go.jp/law/329AC0000000165. A row's `source` is the article and the
day from which that version was in force; those before 2017 are derived from the text before the bill of 2015 and from
the bill, and those before 2013 are drafts. Agreements and laws of the partners are made to allow everything here, so
that the Act alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from gokei.terms.facts import ACTIVITIES
from tests.packs.asking import ask, cited, day_before, sdf_act_alone, sdf_act_beside_another, told

ACT = "law-jp-sdf-act"
PARTNERS = ("US", "AU", "GB", "FR", "CA", "IN", "DE", "IT", "NL", "NZ", "PH")
SITUATIONS: Mapping[str, Mapping[str, str]] = {
    "training": {"activity": "joint_exercise", "place": "high_seas"},
    "guarding": {"activity": "base_guarding", "place": "JP"},
    "piracy": {"activity": "counter_piracy", "place": "high_seas"},
    "missiles": {"activity": "missile_defence", "place": "high_seas"},
    "disaster in Japan": {"activity": "disaster_relief", "place": "JP"},
    "mines": {"activity": "mine_clearance", "place": "high_seas"},
    "evacuation": {"activity": "evacuation_of_nationals", "place": "SD"},
    "disaster abroad": {"activity": "disaster_relief", "place": "PH"},
    "gathering": {"activity": "information_gathering", "place": "high_seas"},
    "visit in Japan": {"activity": "routine_visit", "place": "JP"},
    "visit there": {"activity": "routine_visit"},
    "peacekeeping": {"activity": "un_peacekeeping", "place": "SS"},
    "something else": {"activity": "other", "place": "high_seas"},
}
ELEVEN = (
    "training", "guarding", "piracy", "missiles", "disaster in Japan", "mines", "evacuation", "disaster abroad",
    "gathering", "visit in Japan", "visit there",
)  # fmt: skip
NINE = (
    "training", "piracy", "disaster in Japan", "mines", "evacuation", "disaster abroad", "gathering", "visit in Japan",
    "visit there",
)  # fmt: skip
SIX = ("training", "disaster in Japan", "evacuation", "disaster abroad", "visit in Japan", "visit there")
FIVE = SIX[:5]
NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi")


class Version(NamedTuple):
    """One version of an article for one partner's forces: the situations of its paragraph 1 in order."""

    source: str
    day: str
    partner: str
    article: str
    situations: tuple[str, ...]
    barred: tuple[str, ...]
    quality: str = "verified"

    def items(self) -> dict[str, str]:
        return {name: f"{self.article}(1)({NUMERALS[place]})" for place, name in enumerate(self.situations)}


NOTHING = Version("no article", "", "", "", (), ())
WEAPONS = ("weapons",)
BOTH = ("weapons", "ammunition")
VERSIONS = (
    Version("第百条の六, 1996 (draft)", "1996-10-22", "US", "100-6", ("training",), BOTH, "draft"),
    Version("第百条の六, 2004 (draft)", "2004-07-29", "US", "100-6", FIVE, BOTH, "draft"),
    Version("第百条の六, 2013 (derived)", "2013-01-31", "US", "100-6", FIVE, BOTH, "derived"),
    Version("第百条の六, 2016 (derived)", "2016-03-29", "US", "100-6", ELEVEN, WEAPONS, "derived"),
    Version("第百条の六 — from 2017-04-01", "2017-04-01", "US", "100-6", ELEVEN, WEAPONS),
    Version("第百条の六 — from 2025-05-28", "2025-05-28", "US", "100-6", ELEVEN, WEAPONS),
    Version("第百条の八, 2013 (derived)", "2013-01-31", "AU", "100-8", SIX, BOTH, "derived"),
    Version("第百条の八 — from 2017-04-01", "2017-04-01", "AU", "100-8", SIX, BOTH),
    Version("第百条の八 — from 2017-09-06", "2017-09-06", "AU", "100-8", NINE, WEAPONS),
    Version("第百条の八 — from 2025-05-28", "2025-05-28", "AU", "100-8", NINE, WEAPONS),
    Version("第百条の十 — from 2017-08-18", "2017-08-18", "GB", "100-10", NINE, WEAPONS),
    Version("第百条の十 — from 2025-05-28 (deleted)", "2025-05-28", "GB", "100-8", NINE, WEAPONS),
    Version("第百条の十二 — from 2019-06-26", "2019-06-26", "FR", "100-12", NINE, WEAPONS),
    Version("第百条の十二 — from 2025-05-28 (deleted)", "2025-05-28", "FR", "100-8", NINE, WEAPONS),
    Version("第百条の十四 — from 2019-07-18", "2019-07-18", "CA", "100-14", NINE, WEAPONS),
    Version("第百条の十四 — from 2025-05-28 (deleted)", "2025-05-28", "CA", "100-8", NINE, WEAPONS),
    Version("第百条の十六 — from 2021-07-11", "2021-07-11", "IN", "100-16", NINE, BOTH),
    Version("第百条の十六 — from 2025-05-28 (deleted)", "2025-05-28", "IN", "100-8", NINE, BOTH),
    Version("第百条の十八 — from 2024-07-12", "2024-07-12", "DE", "100-18", NINE, WEAPONS),
    Version("第百条の十八 — from 2025-05-28 (deleted)", "2025-05-28", "DE", "100-8", NINE, WEAPONS),
    Version("第百条の八 — from 2025-05-28 (any party)", "2025-05-28", "IT", "100-8", NINE, WEAPONS),
    Version("第百条の八 — from 2025-05-28 (any party)", "2025-05-28", "NL", "100-8", NINE, WEAPONS),
    Version("第百条の八 — from 2025-05-28 (any party)", "2025-05-28", "NZ", "100-8", NINE, WEAPONS),
    Version("第百条の八 — from 2025-05-28 (any party)", "2025-05-28", "PH", "100-8", NINE, WEAPONS),
)


def in_force_before(version: Version) -> Version:
    earlier = [one for one in VERSIONS if one.partner == version.partner and one.day < version.day]
    return max(earlier, key=lambda one: one.day, default=NOTHING)


def to(partner: str, on: str, situation: str, supply: str = "fuel", **facts: Any) -> Any:
    stated = {"place": partner, **SITUATIONS[situation], "supply": supply, **facts}
    return ask(sdf_act_alone(*PARTNERS), on, "JP", partner, **stated)


@pytest.mark.parametrize("when", ["the day before", "the day"])
@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_a_version_allows_its_situations_and_no_others(version: Version, when: str) -> None:
    stands = version if when == "the day" else in_force_before(version)
    day = version.day if when == "the day" else day_before(version.day)
    items = stands.items()
    for situation in SITUATIONS:
        answer = to(version.partner, day, situation)
        if situation in items:
            assert told(answer) == ("permitted", "granted"), situation
            assert cited(answer, ACT) == [items[situation]], situation
            quality = {one["source"]["quality"] for one in answer["because"] if one["instrument"] == ACT}
            assert quality == {stands.quality}, situation
        else:
            assert told(answer) == ("not_permitted", "national_law"), situation


@pytest.mark.parametrize("when", ["the day before", "the day"])
@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_a_version_bars_weapons_and_where_it_says_so_ammunition(version: Version, when: str) -> None:
    stands = version if when == "the day" else in_force_before(version)
    day = version.day if when == "the day" else day_before(version.day)
    for supply in BOTH:
        answer = to(version.partner, day, "training", supply)
        if stands.situations and supply not in stands.barred:
            assert told(answer) == ("permitted", "granted"), supply
        else:
            assert told(answer) == ("not_permitted", "national_law"), supply
        if supply in stands.barred:
            assert f"{stands.article}(4)" in cited(answer, ACT), supply


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_training_services_go_with_training_and_for_the_united_states_with_visits(version: Version) -> None:
    with_training = {"training"} | ({"visit in Japan", "visit there"} if version.partner == "US" else set())
    for situation in version.situations:
        expected = "permitted" if situation in with_training else "not_permitted"
        assert to(version.partner, version.day, situation, "training_services")["verdict"] == expected, situation


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_every_version_asks_for_a_request_and_for_no_hindrance(version: Version) -> None:
    opening = f"{version.article}(1)"
    for change in ({"requested": False}, {"hinders_mission": True}):
        for situation in version.situations:
            answer = to(version.partner, version.day, situation, **change)
            assert told(answer)[0] == "not_permitted", (situation, change)
            assert cited(answer, ACT) == [opening], (situation, change)
        open_ = to(version.partner, version.day, "training", **dict.fromkeys(change))
        assert (open_["verdict"], open_["missing"]) == ("undetermined", [*change])


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_who_is_on_the_scene_matters_where_the_item_says_so(version: Version) -> None:
    """At the scene, at the same kind of activity; in Japan, at the government's request; there, with the visitors."""
    together = {"piracy", "missiles", "mines", "evacuation", "disaster abroad", "gathering"}
    needs = {"co_located": {*together, "guarding", "disaster in Japan", "visit there"},
             "same_kind_of_activity": together, "government_request": {"disaster in Japan"},
             "both_participate": {"training"}}  # fmt: skip
    for fact, situations in needs.items():
        for situation in version.situations:
            answer = to(version.partner, version.day, situation, **{fact: False})
            assert (answer["verdict"] == "not_permitted") == (situation in situations), (fact, situation)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_relief_for_the_victims_of_a_conflict_is_in_no_version(version: Version) -> None:
    answer = to(version.partner, version.day, "disaster abroad", activity="humanitarian_relief")
    assert told(answer) == ("not_permitted", "national_law")


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
@pytest.mark.parametrize(
    "change",
    [{"requested": False}, {"hinders_mission": True}, {"supply": "weapons"}],
    ids=("no request", "hindrance", "weapons"),
)
def test_what_a_version_asks_and_bars_is_for_its_own_situations(version: Version, change: dict[str, Any]) -> None:
    """Other Acts have conditions of their own: beside one that allows everything, this one says no to its own alone."""
    library = sdf_act_beside_another(*PARTNERS)
    own = {SITUATIONS[one]["activity"] for one in version.situations}
    for activity in ACTIVITIES:
        facts = {"activity": activity, "place": "high_seas", "supply": "fuel", **change}
        verdict = ask(library, version.day, "JP", version.partner, **facts)["verdict"]
        assert (verdict == "not_permitted") is (activity in own), activity


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.partner} {version.source}")
def test_a_visit_for_training_is_a_routine_visit_for_the_united_states_alone(version: Version) -> None:
    expected = "permitted" if version.partner == "US" else "not_permitted"
    for situation in {"visit in Japan", "visit there"} & {*version.situations}:
        assert to(version.partner, version.day, situation, visit_for_training=True)["verdict"] == expected


@pytest.mark.parametrize(
    ("partner", "expected"), [("US", "permitted"), ("AU", "not_permitted"), ("DE", "not_permitted")]
)
def test_a_visit_in_a_third_country_counts_for_the_united_states_alone(partner: str, expected: str) -> None:
    assert to(partner, "2025-06-01", "visit there", place="PH")["verdict"] == expected


def test_settlement_follows_the_agreement_by_100_7_and_100_9() -> None:
    for partner, day, article in (
        ("US", "2017-04-01", "100-7"),
        ("AU", "2017-04-01", "100-9"),
        ("GB", "2025-05-27", "100-11"),
        ("GB", "2025-05-28", "100-9"),
        ("IT", "2025-05-28", "100-9"),
    ):
        duties = to(partner, day, "training")["obligations"]
        assert article in {one["provision"] for one in duties if one["instrument"] == ACT}, partner


@pytest.mark.parametrize(
    ("day", "basis", "quality"),
    [("2025-05-28", "84-5(1)(iii)", "derived"), ("2025-05-27", "assumed", "draft"), ("1996-10-22", "assumed", "draft")],
)
@pytest.mark.parametrize("partner", PARTNERS)
def test_japan_may_take_whatever_an_agreement_gives(partner: str, day: str, basis: str, quality: str) -> None:
    """Agreements on mutual provision are in the Act since 28 May 2025; what let Japan take before is not known."""
    answer = ask(sdf_act_alone(*PARTNERS), day, partner, "JP", activity="joint_exercise", supply="fuel")
    assert told(answer) == ("permitted", "granted")
    assert cited(answer, ACT) == [basis]
    assert answer["weakest_source"] == quality
