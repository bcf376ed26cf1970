"""One order, a function of the set; and what lies before a cut never changes its verdict."""

from __future__ import annotations

import random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.journal.causal import before, causal_order, concurrent
from gokei.journal.checkpoints import Cut
from gokei.journal.entries import Entry
from gokei.journal.frames import GENESIS, Frame
from tests.nightly import examples

RANK = {"receipt": 1, "cancellation": 2, "note": 3}


class History(NamedTuple):
    entries: tuple[Entry, ...]
    cuts: tuple[tuple[Cut, int], ...]


def entry(author: str, sequence: int, seen: int, type_name: str) -> Entry:
    frame = Frame(
        gokei=1, environment="exercise", author=author, reader="AU" if author == "JP" else "JP", offices=("logistics",),
        agreement="acsa-jp-au-2017", sequence=sequence, previous=GENESIS, time="2026-11-24T00:00:00Z",
        document="0" * 32, case="order:AU-0001", seen=seen, re=(), type=type_name, body={},
    )  # fmt: skip
    return Entry(frame, None, f"sha256:{author}{sequence}", b"", b"")


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two writers that write, and read any part of what the other wrote; a cut wherever both heads agree."""
    written = {"JP": 0, "AU": 0}
    seen = {"JP": 0, "AU": 0}
    entries: list[Entry] = []
    cuts: list[tuple[Cut, int]] = []
    for step in draw(
        st.lists(st.tuples(st.sampled_from(["JP", "AU"]), st.sampled_from([*RANK, "read", "cut"])), max_size=40)
    ):
        nation, act = step
        other = "AU" if nation == "JP" else "JP"
        if act == "read":
            seen[nation] = draw(st.integers(seen[nation], written[other]))
        elif act == "cut":
            seen = {"JP": written["AU"], "AU": written["JP"]}
            cuts.append((Cut((("AU", written["AU"]), ("JP", written["JP"]))), len(entries)))
        else:
            written[nation] += 1
            entries.append(entry(nation, written[nation], seen[nation], act))
    return History(tuple(entries), tuple(cuts))


def verdicts(entries: list[Entry]) -> dict[str, bool]:
    """A fold in which the first of each receipt or cancellation wins over what follows: order matters to it."""
    found: dict[str, bool] = {}
    closed = ""
    for one in causal_order(entries, RANK.__getitem__):
        kind = one.frame.type
        if kind == "note":
            found[one.hash] = closed == ""
        else:
            found[one.hash] = closed in {"", kind}
            closed = closed or kind
            if kind == "receipt" and len(found) % 3 == 0:
                closed = ""
    return found


@settings(deadline=None, max_examples=examples(300))
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_is_a_function_of_the_set(history: History, shuffler: random.Random) -> None:
    expected = [one.hash for one in causal_order(history.entries, RANK.__getitem__)]
    arrived = list(history.entries)
    shuffler.shuffle(arrived)
    assert [one.hash for one in causal_order(arrived, RANK.__getitem__)] == expected
    assert len(set(expected)) == len(history.entries)


@settings(deadline=None, max_examples=examples(300))
@given(histories())
def test_the_order_extends_before(history: History) -> None:
    ordered = causal_order(history.entries, RANK.__getitem__)
    for index, one in enumerate(ordered):
        assert not any(before(later, one) for later in ordered[index + 1 :])


@settings(deadline=None, max_examples=examples(500))
@given(histories(), st.data())
def test_no_final_verdict_ever_changes(history: History, data: st.DataObject) -> None:
    """Any causally closed set of documents that holds a cut's documents judges them alike."""
    if not history.cuts:
        return
    cut, length = data.draw(st.sampled_from(history.cuts))
    at_the_cut = verdicts(list(history.entries[:length]))
    counts = {nation: data.draw(st.integers(cut.count(nation), 40)) for nation in ("JP", "AU")}
    later = [one for one in history.entries if one.sequence <= counts[one.author]]
    grown = verdicts(later)
    for one in history.entries[:length]:
        assert cut.covers(one)
        assert grown[one.hash] == at_the_cut[one.hash]


def test_without_a_cut_a_verdict_can_still_change() -> None:
    """The toy fold does depend on order: so the property above says something."""
    cancellation = entry("JP", 1, 0, "cancellation")
    receipt = entry("AU", 1, 0, "receipt")
    assert concurrent(cancellation, receipt)
    assert verdicts([cancellation]) == {cancellation.hash: True}
    assert verdicts([cancellation, receipt])[cancellation.hash] is False


def test_two_documents_that_claim_to_have_seen_each_other_still_have_one_order() -> None:
    liars = [entry("JP", 1, 1, "note"), entry("AU", 1, 1, "receipt")]
    assert [one.author for one in causal_order(liars, RANK.__getitem__)] == ["AU", "JP"]
    assert causal_order(liars[::-1], RANK.__getitem__) == causal_order(liars, RANK.__getitem__)
