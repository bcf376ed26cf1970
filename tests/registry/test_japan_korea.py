"""A holding under the agreement of 2016 between Japan and Korea as its pack has it."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.law.library import Library
from gokei.node.packs import open_library
from gokei.registry.wing import WING
from gokei.terms.problems import Refused

from .pair import Pair, PairDesk
from .test_acts import ACCESS, CASE, RECEIPT
from .test_acts import ITEM as WITHOUT_ASSURANCES

ITEM = WITHOUT_ASSURANCES | {"assurances": {"given_on": "2017-05-20", "reference": "Note 12/2017"}}


@pytest.fixture(scope="module")
def law() -> Library:
    return open_library()


def pair_under(law: Library) -> Pair:
    pair = Pair(WING, law=law.answer)
    pair.act("JP", "item", **ITEM)
    pair.read()
    pair.act("KR", "item_receipt", **RECEIPT)
    return pair


@pytest.mark.parametrize(
    ("change", "decision", "provision"),
    [
        ({}, "granted", "7(2)"),
        ({"need_to_know": False, "rank": "General"}, "refused", "7(1)"),
        ({"clearance": "KR:3"}, "refused", "7(2)"),
        ({"clearance_until": "2017-06-02"}, "refused", "7(2)"),
        ({"purpose": "training"}, "refused", "6(c)"),
        ({"on_register": False}, "refused", "6(e)"),
        ({"assurances_recorded": False}, "refused", "7(5)"),
        ({"clearance": None}, "refused", "7(2)"),
    ],
)
def test_access_is_decided_by_the_article_that_decides(
    law: Library, change: dict[str, Any], decision: str, provision: str
) -> None:
    pair = pair_under(law)
    pair.act("KR", "access_decision", **ACCESS | change)
    found: Any = pair.fold(CASE)
    assert not found.void
    row = found.view["access"][0]
    assert (row["decision"], row["instrument"], row["provision"]) == (decision, "gsomia-jp-kr-2016", provision)


def test_consent_in_writing_opens_another_purpose(law: Library) -> None:
    pair = pair_under(law)
    pair.read()
    pair.act("JP", "release_consent", holding="JP-0001", action="use", purpose="training", on="2017-06-03")
    pair.read()
    pair.act("KR", "access_decision", **ACCESS | {"purpose": "training"})
    view: Any = pair.fold(CASE).view
    assert view["access"][0]["decision"] == "granted"


def test_nothing_is_provided_before_the_assurances(law: Library) -> None:
    with pytest.raises(Refused) as caught:
        Pair(WING, law=law.answer).act("JP", "item", **WITHOUT_ASSURANCES)
    assert (caught.value.check, caught.value.params["missing"]) == ("law-undetermined", "assurances_recorded")
    assert (caught.value.instrument, caught.value.provision) == ("gsomia-jp-kr-2016", "7(5)")


def test_nothing_was_provided_before_the_agreement(law: Library) -> None:
    pair = Pair(WING, law=law.answer)
    with pytest.raises(Refused) as caught:
        pair.act("JP", "item", **ITEM | {"on": "2016-11-22"})
    assert caught.value.check == "law-not-permitted"
    assert caught.value.instrument == "gsomia-jp-kr-2016"


def test_the_owner_reads_the_same_access_by_its_own_law(law: Library) -> None:
    pair = pair_under(law)
    given = pair.act("KR", "access_decision", **ACCESS | {"clearance": "KR:3"})
    assert given.body is not None
    found = WING.judge["access_decision"](given.frame, given.body, PairDesk(pair, "JP"))
    assert found is not None
    assert found["verdict"] == "not_permitted"
