"""What each act of a holding does, and what it refuses, before a small law."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from gokei.journal.kinds import Draft
from gokei.registry.wing import WING
from gokei.terms.problems import BadInput, Problem, Refused

from .pair import AGREEMENT, Pair, PairDesk

CASE = "holding:JP-0001"
ITEM: dict[str, Any] = {
    "title": "Radar tracks of 3 June", "level": "JP:gokuhi", "on": "2017-06-01", "purpose": "missile warning",
    "copies": [1, 2, 3], "channel": "government_to_government",
}  # fmt: skip
RECEIPT: dict[str, Any] = {
    "holding": "JP-0001", "equivalent": {"code": "KR:2", "chosen_by": "Maj. Kim"}, "register": "R-2017-44",
    "received_on": "2017-06-02", "copies": [1, 2, 3],
}  # fmt: skip
ACCESS: dict[str, Any] = {
    "holding": "JP-0001", "copy": 1, "person": "Capt. Lee", "clearance": "KR:2", "clearance_until": "2018-01-01",
    "need_to_know": True, "purpose": "missile warning", "on": "2017-06-03",
}  # fmt: skip
DESTROYED: dict[str, Any] = {
    "holding": "JP-0001", "on": "2017-07-01", "method": "cross-cut shredding", "certificate": "D-1",
    "destroying_officer": "Sgt. Park", "witness": "Maj. Kim",
}  # fmt: skip


def provided() -> Pair:
    pair = Pair(WING)
    pair.act("JP", "item", **ITEM)
    pair.read()
    return pair


def receipted() -> Pair:
    pair = provided()
    pair.act("KR", "item_receipt", **RECEIPT)
    pair.read()
    return pair


def view(pair: Pair, case: str = CASE) -> Any:
    found = pair.fold(case)
    assert not found.void, found.void
    return found.view


def states(pair: Pair) -> list[str]:
    return [one["state"] for one in view(pair)["copies"]]


def refused(pair: Pair, author: str, type_name: str, **fields: object) -> Problem:
    before = len(pair.entries())
    with pytest.raises((Refused, BadInput)) as caught:
        pair.act(author, type_name, **fields)
    assert len(pair.entries()) == before
    return caught.value


def test_an_item_stays_its_owners_and_waits_for_the_receipt() -> None:
    found = view(provided())
    assert (found["owner"], found["holder"], found["agreement"]) == ("JP", "KR", AGREEMENT)
    assert found["state"] == "provided"
    assert [one["where"] for one in found["copies"]] == ["JP"] * 3
    assert found["next"] == [{"nation": "KR", "type": "item_receipt", "holding": "JP-0001"}]
    assert found["determinations"]["JP"]["verdict"] == "permitted"


def test_an_item_asks_the_law_whether_it_may_be_provided() -> None:
    pair = Pair(WING)
    pair.act("JP", "item", **ITEM | {"assurances": {"given_on": "2017-05-01", "reference": "Note 12"}})
    asked = pair.asked[-1]
    assert (asked["action"], asked["owner"], asked["recipient"]) == ("provide", "JP", "KR")
    assert asked["assurances_recorded"] is True
    assert "marked_on" not in asked


def test_an_item_that_the_law_does_not_permit_is_refused_with_its_provision() -> None:
    problem = refused(Pair(WING), "JP", "item", **ITEM | {"channel": "commercial"})
    assert (problem.check, problem.exit_code) == ("law-not-permitted", 3)
    assert (problem.instrument, problem.provision) == (AGREEMENT, "9")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "KR:2"}, "level"),
        ({"level": "JP:goku"}, "level"),
        ({"copies": []}, "copies"),
        ({"copies": [1, 1]}, "copies"),
        ({"copies": [0]}, "copies.0"),
        ({"on": "2017-02-30"}, "on"),
        ({"titel": "x"}, "titel"),
        ({"channel": "post"}, "channel"),
        ({"facts": {"action": "provide"}}, "facts.action"),
        ({"purpose": "a\u202eb c"}, "purpose"),
    ],
)
def test_a_wrong_field_of_an_item_is_named(change: dict[str, object], field: str) -> None:
    problem = refused(Pair(WING), "JP", "item", **ITEM | change)
    assert (problem.field, problem.exit_code) == (field, 4)


def test_an_agreement_that_the_answer_does_not_rest_on_is_refused() -> None:
    pair = Pair(WING, law=lambda question: pair_law(question) | {"basis": [{"instrument": "other", "provision": "1"}]})
    pair.act("JP", "item", **ITEM)
    assert pair.entries()[0].frame.agreement == "other"
    with pytest.raises(Refused, match="rests on") as caught:
        WING.prepare["item"](draft_of("JP", "item", ITEM, agreement=AGREEMENT), PairDesk(pair, "JP"))
    assert caught.value.check == "agreement-differs"


def pair_law(question: Any) -> Any:
    return Pair(WING).law(question)


def draft_of(author: str, type_name: str, fields: Any, agreement: str | None = None) -> Any:
    return Draft(author, "KR", type_name, dict(fields), (), datetime.date(2017, 6, 1), agreement)


def test_a_receipt_takes_copies_into_custody_under_the_holders_marking() -> None:
    found = view(receipted())
    assert found["state"] == "receipted"
    assert found["equivalent"] == {"code": "KR:2", "chosen_by": "Maj. Kim", "level": "JP:gokuhi"}
    assert {(one["state"], one["where"]) for one in found["copies"]} == {("held", "KR")}
    assert found["register"][0]["entry"] == "R-2017-44"
    assert set(found["determinations"]) == {"JP", "KR"}
    assert found["next"] == []


def test_a_marking_that_the_agreement_does_not_make_equal_is_refused_with_the_valid_ones() -> None:
    problem = refused(provided(), "KR", "item_receipt", **RECEIPT | {"equivalent": {"code": "KR:3", "chosen_by": "K"}})
    assert (problem.check, problem.field, problem.instrument) == (
        "equivalent-not-valid", "equivalent.code", AGREEMENT
    )  # fmt: skip
    assert problem.params["valid"] == "KR:2"


def test_a_receipt_is_recorded_whatever_the_holder_thinks_of_the_provision() -> None:
    pair = provided()
    pair.law = lambda question: pair_law(question | {"channel": "commercial"})
    pair.act("KR", "item_receipt", **RECEIPT)
    assert view(pair)["determinations"]["KR"]["verdict"] == "not_permitted"


def test_a_receipt_asks_what_the_item_asked() -> None:
    pair = receipted()
    assert pair.asked[0] == pair.asked[1]
    assert view(pair)["sent_through"] == "government_to_government"


def test_part_of_the_copies_can_arrive_first() -> None:
    pair = provided()
    pair.act("KR", "item_receipt", **RECEIPT | {"copies": [1, 3]})
    assert view(pair)["state"] == "part_receipted"
    pair.act("KR", "item_receipt", **RECEIPT | {"copies": [2], "register": "R-2017-45"})
    assert view(pair)["state"] == "receipted"


def test_access_is_granted_when_the_holders_law_permits_it() -> None:
    pair = receipted()
    pair.act("KR", "access_decision", **ACCESS)
    asked = pair.asked[-1]
    assert (asked["action"], asked["actor"], asked["owner"], asked["holder"]) == ("access", "KR", "JP", "KR")
    assert (asked["on_register"], asked["assurances_recorded"], asked["level"]) == (True, True, "JP:gokuhi")
    row = view(pair)["access"][0]
    assert (row["person"], row["decision"], row["provision"]) == ("Capt. Lee", "granted", "7(2)")


def test_a_refused_access_is_on_record_with_its_provision() -> None:
    pair = receipted()
    pair.act("KR", "access_decision", **ACCESS | {"need_to_know": False, "rank": "General"})
    row = view(pair)["access"][0]
    assert (row["decision"], row["instrument"], row["provision"]) == ("refused", AGREEMENT, "7(1)")
    assert all("General" not in str(value) for value in pair.asked[-1].values())


def test_an_access_that_the_law_cannot_settle_is_refused_and_says_what_is_missing() -> None:
    pair = receipted()
    pair.act("KR", "access_decision", **{name: value for name, value in ACCESS.items() if name != "clearance"})
    row = view(pair)["access"][0]
    assert (row["decision"], row["verdict"], row["missing"]) == ("refused", "undetermined", ["clearance"])
    assert row["provision"] == "7(2)"


def test_another_purpose_needs_the_owners_consent_and_nobody_can_claim_it() -> None:
    pair = receipted()
    other = ACCESS | {"purpose": "training"}
    claimed = refused(pair, "KR", "access_decision", **other | {"facts": {"owner_consents": True}})
    assert claimed.field == "facts.owner_consents"
    pair.act("KR", "access_decision", **other)
    pair.act(
        "JP", "release_consent", holding="JP-0001", action="use", purpose="training", on="2017-06-04",
    )  # fmt: skip
    pair.read()
    pair.act("KR", "access_decision", **other)
    assert [one["decision"] for one in view(pair)["access"]] == ["refused", "granted"]
    assert view(pair)["consents"][0]["written"] is True


@pytest.mark.parametrize(
    ("author", "type_name"),
    [("JP", "item_receipt"), ("JP", "access_decision"), ("KR", "release_consent"), ("KR", "reclassification")],
)
def test_the_wrong_nation_is_refused(author: str, type_name: str) -> None:
    fields = {
        "item_receipt": RECEIPT,
        "access_decision": ACCESS,
        "release_consent": {"holding": "JP-0001", "action": "use", "purpose": "training", "on": "2017-06-04"},
        "reclassification": {"holding": "JP-0001", "level": "JP:hi", "on": "2017-06-04", "reason": "less now"},
    }[type_name]
    assert refused(provided(), author, type_name, **fields).check == "wrong-party"


def test_a_holding_that_nobody_provided_is_unknown() -> None:
    assert refused(Pair(WING), "KR", "item_receipt", **RECEIPT).check == "holding-unknown"


def test_a_reclassification_waits_until_the_holder_marks_anew() -> None:
    pair = receipted()
    pair.act("JP", "reclassification", holding="JP-0001", level="JP:hi", on="2017-06-05", reason="less now")
    pair.read()
    found = view(pair)
    assert (found["level"], found["next"][0]["type"]) == ("JP:hi", "remarking")
    marking = {"holding": "JP-0001", "on": "2017-06-06"}
    old = refused(pair, "KR", "remarking", **marking, equivalent={"code": "KR:2", "chosen_by": "Maj. Kim"})
    assert old.params["valid"] == "KR:3"
    pair.act("KR", "remarking", **marking, equivalent={"code": "KR:3", "chosen_by": "Maj. Kim"})
    assert view(pair)["next"] == []
    assert view(pair)["equivalent"]["code"] == "KR:3"


def test_copies_go_back_and_the_owner_signs() -> None:
    pair = receipted()
    pair.act("KR", "item_return", holding="JP-0001", copies=[1], on="2017-07-01")
    assert view(pair)["state"] == "returning"
    assert view(pair)["copies"][0]["where"] == "KR"
    assert view(pair)["next"][0] == {"nation": "JP", "type": "item_return_receipt", "holding": "JP-0001"}
    pair.read()
    pair.act("JP", "item_return_receipt", holding="JP-0001", copies=[1], on="2017-07-03")
    pair.read()
    assert view(pair)["state"] == "part_returned"
    pair.act("KR", "destruction", **DESTROYED, copies=[2, 3])
    assert states(pair) == ["returned", "destroyed", "destroyed"]
    assert view(pair)["state"] == "closed"


def test_destruction_needs_two_powers_and_another_pair_of_eyes() -> None:
    kind = next(one for one in WING.kinds if one.type == "destruction")
    assert kind.powers == ("custody", "release")
    problem = refused(receipted(), "KR", "destruction", **DESTROYED | {"witness": " sgt.  park "}, copies=[1])
    assert problem.field == "witness"
    pair = receipted()
    pair.act("KR", "destruction", **DESTROYED, copies=[1, 2, 3])
    assert view(pair)["state"] == "destroyed"


def test_a_loss_is_open_until_its_findings() -> None:
    pair = receipted()
    lost = pair.act("KR", "incident", holding="JP-0001", kind="loss", copies=[2], on="2017-06-09", says="not in safe")
    assert view(pair)["state"] == "incident"
    assert states(pair) == ["held", "lost", "held"]
    assert view(pair)["next"] == [
        {"nation": "KR", "type": "incident", "holding": "JP-0001", "follows": lost.hash}
    ]  # fmt: skip
    assert refused(pair, "KR", "incident", holding="JP-0001", kind="findings", on="2017-06-10", says="x y").field == (
        "follows"
    )
    pair.act(
        "KR", "incident", holding="JP-0001", kind="findings", copies=[2], on="2017-06-12", follows=lost.hash,
        says="Found in another safe.", measures="Weekly inventory.",
    )  # fmt: skip
    assert view(pair)["state"] == "receipted"
    assert states(pair) == ["held"] * 3
    assert view(pair)["next"] == []


def test_the_reader_determines_an_item_and_an_access_by_its_own_law() -> None:
    pair = receipted()
    given = pair.act("KR", "access_decision", **ACCESS)
    for entry, nation, action in ((pair.logs["JP"][0], "KR", "provide"), (given, "JP", "access")):
        author_asked = next(one for one in pair.asked if one["action"] == action)
        assert entry.body is not None
        found = WING.judge[entry.frame.type](entry.frame, entry.body, PairDesk(pair, nation))
        assert found is not None
        assert found["verdict"] == "permitted"
        assert pair.asked[-1] == author_asked


def test_a_fact_outside_the_readers_vocabulary_leaves_it_without_a_determination() -> None:
    pair = provided()

    def silent(question: object) -> Any:
        raise BadInput(check="fact-unknown", detail="")

    pair.law = silent
    entry = pair.logs["JP"][0]
    assert entry.body is not None
    assert WING.judge["item"](entry.frame, entry.body, PairDesk(pair, "KR")) is None
