"""What a cut made final stays so, whatever a partner that holds its real keys writes afterwards."""

from __future__ import annotations

import json

import pytest

from gokei.node.receiving import receive
from gokei.terms.problems import Refused
from tests.nations import Nations, to_delivery
from tests.node.forging import Pen


def after_the_cut(nations: Nations, seen: int) -> bytes:
    """Australia cancels, in its own true hand, and says to have seen only `seen` documents of Japan's."""
    rows = [row for row in nations["AU"].list("documents") if row["author"] == "AU"]
    last = max(rows, key=lambda row: int(str(row["sequence"])))
    pen = Pen(nations.folder / "AU", "JP")
    pen.sent(nations["AU"].envelope(str(last["hash"])))
    body = {"order": "AU-1", "reason": "it never came"}
    return pen.write("cancellation", "order:AU-1", body, ["logistics"], seen=seen, time="2026-11-24T06:00:00Z")


def test_nobody_writes_as_if_it_had_not_seen_what_a_cut_says_it_saw(nations: Nations) -> None:
    """Concurrent with the delivery the cancellation would be judged beside it; the cut says that it is not."""
    to_delivery(nations)
    before = nations["JP"].state()
    answer = receive(nations["JP"].core, "AU", after_the_cut(nations, seen=2))
    assert answer.problem is not None
    assert answer.problem.check == "door-5-seen"
    assert nations["JP"].state() == before
    assert nations["JP"].show("order", "AU-1")["state"] == "delivered"


def test_nobody_unsees_what_a_checkpoint_says_it_saw_that_made_no_cut(nations: Nations) -> None:
    """What was lost on both sides, and comes again by an old message, would stop its author for good."""
    to_delivery(nations)
    japan = nations["JP"].core
    with japan.store.writing():
        japan.store.run("DELETE FROM cuts")
    answer = receive(japan, "AU", after_the_cut(nations, seen=2))
    assert answer.problem is not None
    assert answer.problem.check == "door-5-seen"


def test_a_document_that_has_seen_the_cut_is_judged_after_it(nations: Nations) -> None:
    to_delivery(nations)
    written = nations["JP"].core.store.log("AU-JP", "JP")[0].size
    answer = receive(nations["JP"].core, "AU", after_the_cut(nations, seen=written))
    assert answer.problem is None
    found = nations["JP"].show("document", str(answer.answer["accepted"]))
    assert "cancellation-after-delivery" in json.dumps(found)
    nations["JP"].verify()


def test_verify_names_a_document_that_unsees_a_cut(nations: Nations) -> None:
    """A store that was filled by a program without the check."""
    to_delivery(nations)
    japan = nations["JP"]
    core = japan.core
    raw = after_the_cut(nations, seen=2)
    with core.store.writing():
        core.store.run("DELETE FROM cuts")
        core.store.run("DELETE FROM checkpoints")
    assert receive(core, "AU", raw).problem is None
    with core.store.writing():
        own, partner = (core.store.log("AU-JP", nation)[0].size for nation in ("JP", "AU"))
        core.store.run("INSERT INTO cuts VALUES (?,?,?,?,?)", ("AU-JP", own, partner - 1, b"", b""))
    with pytest.raises(Refused) as caught:
        japan.verify()
    assert "seen" in caught.value.check or "seen" in caught.value.detail_text()
