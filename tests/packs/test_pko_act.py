"""Article 33 of Japan's PKO Act: the partners that each version names, on its day and on the day before.

The text of each version: e-Gov, https://laws.e-gov.go.jp/law/404AC0000000079. Agreements and laws of the partners are
made to allow everything here, so that the Act alone decides.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.packs.asking import act_alone, ask, cited, day_before, told

ACT = "law-jp-pko-act"
FIRST = "2016-03-29"
SINCE = {
    "US": FIRST, "AU": FIRST, "GB": "2017-08-18", "FR": "2019-06-26", "CA": "2019-07-18", "IN": "2021-07-11",
    "DE": "2024-07-12", "IT": "2025-05-28", "NL": "2025-05-28", "NZ": "2025-05-28", "PH": "2025-05-28",
}  # fmt: skip
WORK = ("un_peacekeeping", "coordinated_peace_operation", "humanitarian_relief")
DAYS = sorted({*SINCE.values()})


def beside(partner: str, on: str, **facts: Any) -> Any:
    stated: dict[str, Any] = {"activity": "un_peacekeeping", "place": "SS", "supply": "water"}
    return ask(act_alone(ACT, *SINCE), on, "JP", partner, **stated | {"same_kind_of_activity": False} | facts)


@pytest.mark.parametrize("activity", WORK)
@pytest.mark.parametrize("partner", SINCE)
def test_a_partner_is_helped_from_the_day_on_which_the_article_names_it(partner: str, activity: str) -> None:
    for day in (*DAYS, *map(day_before, DAYS), "2026-06-01"):
        answer = beside(partner, day, activity=activity)
        if day < SINCE[partner]:
            assert told(answer) == ("not_permitted", "national_law"), day
        else:
            assert told(answer) == ("permitted", "granted"), day
            assert cited(answer, ACT) == ["33"], day


@pytest.mark.parametrize("partner", SINCE)
def test_weapons_are_barred_to_all_and_ammunition_to_india(partner: str) -> None:
    for day in (SINCE[partner], "2026-06-01"):
        assert told(beside(partner, day, supply="weapons")) == ("not_permitted", "national_law")
        barred = beside(partner, day, supply="ammunition")["verdict"] == "not_permitted"
        assert barred is (partner == "IN"), day
