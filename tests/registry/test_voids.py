"""What the fold judges without effect, from any author: honest nodes refuse these before they sign."""

from __future__ import annotations

from typing import Any

import pytest

from gokei.journal.entries import Entry
from gokei.registry.wing import WING

from .pair import Pair
from .test_acts import ACCESS, CASE, DESTROYED, ITEM, RECEIPT, provided, receipted


def body_of(pair: Pair, author: str, type_name: str) -> dict[str, Any]:
    """The body of the author's last document of that type."""
    return next(dict(one.frame.body) for one in reversed(pair.logs[author]) if one.frame.type == type_name)


def check(pair: Pair, entry: Entry) -> str | None:
    void = pair.void(entry)
    if void is not None:
        assert all("{" + name + "}" not in _filled(void.detail, void.params) for name in void.params)
        assert "{" not in _filled(void.detail, void.params)
    return void.check if void else None


def _filled(text: str, params: Any) -> str:
    for name, value in params.items():
        text = text.replace("{" + name + "}", value)
    return text


def accessed() -> Pair:
    pair = receipted()
    pair.act("KR", "access_decision", **ACCESS)
    pair.read()
    return pair


def test_a_receipt_before_its_item_has_no_effect() -> None:
    pair = Pair(WING)
    body = body_of(receipted(), "KR", "item_receipt")
    assert check(pair, pair.append("KR", "item_receipt", CASE, body)) == "holding-unknown"


def test_a_second_receipt_has_no_effect() -> None:
    pair = receipted()
    body = body_of(pair, "KR", "item_receipt")
    assert check(pair, pair.append("KR", "item_receipt", CASE, body)) == "receipt-exists"


def test_a_receipt_of_a_copy_held_already_has_no_effect() -> None:
    pair = provided()
    pair.act("KR", "item_receipt", **RECEIPT | {"copies": [1]})
    body = body_of(pair, "KR", "item_receipt")
    assert check(pair, pair.append("KR", "item_receipt", CASE, body)) == "copy-state"
    assert check(pair, pair.append("KR", "item_receipt", CASE, body | {"copies": [9]})) == "copy-unknown"


def test_a_second_item_of_the_same_number_has_no_effect() -> None:
    pair = provided()
    body = body_of(pair, "JP", "item")
    assert check(pair, pair.append("JP", "item", CASE, body)) == "holding-exists"
    assert check(pair, pair.append("JP", "item", "holding:JP-0002", body)) == "holding-differs"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"decision": "refused"}, "decision-differs"),
        ({"level": "JP:hi"}, "item-differs"),
        ({"marked_on": "2010-01-01"}, "item-differs"),
        ({"provided_purpose": "training"}, "item-differs"),
        ({"facts": {"owner_consents": True}}, "consent-missing"),
        ({"copy": 7}, "copy-unknown"),
        ({"on": "2017-05-31"}, "day-before-item"),
        ({"holding": "JP-0002"}, "holding-differs"),
        ({"decision": "perhaps"}, "door-8-schema"),
    ],
)
def test_an_access_decision_that_contradicts_the_case_has_no_effect(change: Any, expected: str) -> None:
    pair = accessed()
    body = body_of(pair, "KR", "access_decision") | change
    assert check(pair, pair.append("KR", "access_decision", CASE, body)) == expected
    assert len(pair.fold(CASE).view["access"]) == 1  # type: ignore[arg-type]


def test_access_granted_against_ones_own_determination_has_no_effect() -> None:
    pair = accessed()
    body = body_of(pair, "KR", "access_decision")
    body["determination"] = body["determination"] | {"verdict": "not_permitted"}
    assert check(pair, pair.append("KR", "access_decision", CASE, body)) == "decision-differs"


def test_access_to_a_copy_that_is_not_held_has_no_effect() -> None:
    pair = receipted()
    pair.act("KR", "item_return", holding="JP-0001", copies=[1], on="2017-07-01")
    late = pair.act("KR", "access_decision", **ACCESS)
    assert check(pair, late) == "copy-state"
    assert pair.void(late).params["state"] == "returning"  # type: ignore[union-attr]


def test_copies_are_destroyed_or_sent_back_once() -> None:
    pair = receipted()
    pair.act("KR", "destruction", **DESTROYED, copies=[1])
    again = pair.act("KR", "destruction", **DESTROYED, copies=[2, 1])
    assert check(pair, again) == "copy-state"
    sent = pair.act("KR", "item_return", holding="JP-0001", copies=[1], on="2017-07-02")
    assert check(pair, sent) == "copy-state"
    assert [one["state"] for one in pair.fold(CASE).view["copies"]] == ["destroyed", "held", "held"]  # type: ignore[index,union-attr,call-overload]


def test_an_owner_cannot_sign_for_what_was_not_sent_back() -> None:
    pair = receipted()
    signed = pair.act("JP", "item_return_receipt", holding="JP-0001", copies=[1], on="2017-07-02")
    assert check(pair, signed) == "copy-state"


@pytest.mark.parametrize("type_name", ["item_receipt", "access_decision"])
def test_the_owner_cannot_write_as_the_holder(type_name: str) -> None:
    pair = accessed()
    body = body_of(pair, "KR", type_name)
    assert check(pair, pair.append("JP", type_name, CASE, body)) == "wrong-party"


def test_an_item_of_anothers_marking_or_against_the_law_has_no_effect() -> None:
    pair = provided()
    body = body_of(pair, "JP", "item")
    assert check(pair, pair.append("KR", "item", "holding:X", body | {"holding": "X"})) == "marking-not-own"
    forbidden = body | {"holding": "Y", "determination": body["determination"] | {"verdict": "undetermined"}}
    assert check(pair, pair.append("JP", "item", "holding:Y", forbidden)) == "law-not-permitted"
    assert pair.fold("holding:Y").view["state"] == "void"


def test_markings_are_the_nations_own() -> None:
    pair = provided()
    other = body_of(receipted(), "KR", "item_receipt") | {"equivalent": {"code": "JP:hi", "chosen_by": "K"}}
    assert check(pair, pair.append("KR", "item_receipt", CASE, other)) == "marking-not-own"
    notice: dict[str, Any] = {"holding": "JP-0001", "on": "2017-06-05", "reason": "less now", "written": True}
    assert check(pair, pair.append("JP", "reclassification", CASE, notice | {"level": "KR:3"})) == "marking-not-own"
    assert check(pair, pair.append("JP", "reclassification", CASE, notice | {"level": "JP:gokuhi"})) == "level-same"


def test_a_marking_before_the_receipt_has_no_effect() -> None:
    pair = provided()
    body: dict[str, Any] = {"holding": "JP-0001", "on": "2017-06-05", "level": "JP:gokuhi"}
    body |= {"equivalent": {"code": "KR:2", "chosen_by": "K"}}
    assert check(pair, pair.append("KR", "remarking", CASE, body)) == "receipt-missing"


def test_consent_to_the_owner_or_holder_themselves_has_no_effect() -> None:
    pair = provided()
    given = pair.act(
        "JP", "release_consent", holding="JP-0001", action="release_third_party", release_to="KR", purpose="warning",
        on="2017-06-05",
    )  # fmt: skip
    assert check(pair, given) == "consent-needless"


def test_findings_follow_an_incident_and_find_only_what_was_lost() -> None:
    pair = receipted()
    found: dict[str, Any] = {
        "holding": "JP-0001",
        "kind": "findings",
        "on": "2017-06-09",
        "says": "found",
        "copies": [1],
    }
    nothing = pair.append("KR", "incident", CASE, found | {"follows": "sha256:" + "0" * 64})
    assert check(pair, nothing) == "incident-unknown"
    word = pair.act("JP", "incident", holding="JP-0001", kind="possible_loss", on="2017-06-08", says="heard so")
    pair.read()
    assert check(pair, pair.append("KR", "incident", CASE, found | {"follows": word.hash})) == "copy-state"
    closing = pair.append("KR", "incident", CASE, found | {"follows": word.hash, "copies": []})
    assert check(pair, closing) is None
    again = pair.append("KR", "incident", CASE, found | {"follows": closing.hash, "copies": []})
    assert check(pair, again) == "incident-unknown"


def test_a_notice_that_the_holder_had_not_seen_does_not_void_what_it_did() -> None:
    pair = receipted()
    pair.act("JP", "reclassification", holding="JP-0001", level="JP:hi", on="2017-06-03", reason="less now")
    sent = pair.act("KR", "item_return", holding="JP-0001", copies=[3], on="2017-06-03")
    concurrent = pair.act("KR", "access_decision", **ACCESS)
    assert check(pair, sent) is None
    assert check(pair, concurrent) is None
    view: Any = pair.fold(CASE).view
    assert view["access"][0]["level"] == "JP:gokuhi"
    assert view["level"] == "JP:hi"
    assert view["next"][0]["type"] == "remarking"


def test_word_of_a_loss_never_undoes_a_destruction_of_the_same_day() -> None:
    pair = receipted()
    burnt = pair.act("KR", "destruction", **DESTROYED, copies=[1])
    word = pair.act("JP", "incident", holding="JP-0001", kind="loss", copies=[1, 2], on="2017-07-01", says="heard so")
    assert check(pair, burnt) is None
    assert check(pair, word) is None
    assert [one["state"] for one in pair.fold(CASE).view["copies"]] == ["destroyed", "lost", "held"]  # type: ignore[index,union-attr,call-overload]


def test_every_item_is_of_the_day_it_says() -> None:
    pair = Pair(WING)
    pair.act("JP", "item", **ITEM | {"on": "2017-06-10"})
    pair.read()
    early = pair.act("KR", "item_receipt", **RECEIPT)
    assert check(pair, early) == "day-before-item"
