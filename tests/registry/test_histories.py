"""Any history of two nations that read each other in part: one view, a function of the documents, and sane copies."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.registry.wing import WING
from gokei.terms.canonical import digest
from gokei.terms.problems import Problem
from tests.nightly import examples

from .pair import Pair
from .test_acts import ACCESS, CASE, DESTROYED, ITEM, RECEIPT

HELD: dict[str, Any] = {"holding": "JP-0001", "on": "2017-07-01"}
ACTS: dict[str, dict[str, Any]] = {
    "item": ITEM | {"holding": "JP-0001"},
    "item_receipt": RECEIPT,
    "remarking": HELD | {"equivalent": {"code": "KR:3", "chosen_by": "K"}},
    "access_decision": ACCESS,
    "release_consent": HELD | {"action": "use", "purpose": "training"},
    "reclassification": HELD | {"reason": "less now"},
    "item_return": HELD,
    "item_return_receipt": HELD,
    "destruction": DESTROYED,
    "incident": HELD | {"kind": "loss", "says": "not in safe"},
}
NUMBERED = ("item_receipt", "item_return", "item_return_receipt", "destruction", "incident")
BEGINS = [("JP", "item"), ("KR", "read"), ("KR", "item_receipt"), ("JP", "read")]


@st.composite
def histories(draw: st.DrawFn) -> Pair:
    """Whatever honest nodes let through, in any order of writing and reading; now and then a document sent anyway."""
    pair = Pair(WING)
    begin = BEGINS if draw(st.booleans()) else []
    steps = st.tuples(st.sampled_from(["JP", "KR"]), st.sampled_from([*ACTS, "read"]))
    for nation, type_name in [*begin, *draw(st.lists(steps, max_size=25))]:
        if type_name == "read":
            pair.read(nation)
            continue
        fields = dict(ACTS[type_name])
        if type_name in NUMBERED and (nation, type_name) not in begin:
            fields["copies"] = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
        elif type_name == "access_decision":
            fields["copy"] = draw(st.integers(1, 4))
        elif type_name == "reclassification":
            fields["level"] = draw(st.sampled_from(["JP:hi", "JP:gokuhi"]))
        try:
            pair.act(nation, type_name, **fields)
        except Problem:
            earlier = [one for one in pair.entries() if one.frame.type == type_name]
            if earlier:
                pair.append(nation, type_name, CASE, dict(earlier[-1].frame.body))
    return pair


@settings(max_examples=examples(150), deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_fold_does_not_depend_on_arrival(pair: Pair, shuffle: random.Random) -> None:
    entries = pair.entries()
    before = pair.fold(CASE, entries)
    shuffle.shuffle(entries)
    after = pair.fold(CASE, entries)
    assert digest(after.view) == digest(before.view)
    assert after.void == before.void


@settings(max_examples=examples(150), deadline=None)
@given(histories())
def test_copies_are_neither_made_nor_lost_from_sight(pair: Pair) -> None:
    found = pair.fold(CASE)
    view: Any = found.view
    effective = [one for one in pair.entries() if one.hash not in found.void and one.frame.case == CASE]
    items = [one for one in effective if one.frame.type == "item"]
    assert len(items) == (0 if view["state"] == "void" else 1)
    assert [one["copy"] for one in view["copies"]] == ([1, 2, 3] if items else [])
    by_hash = {one.hash: one for one in effective}
    for copy in view["copies"]:
        mover = by_hash[copy["document"]]
        assert copy["copy"] in mover.body.copies  # type: ignore[union-attr]
        assert copy["where"] in {view["owner"], view["holder"]}
    assert all(one["document"] in by_hash for one in [*view["access"], *view["consents"], *view["incidents"]])
    assert {one["hash"] for one in view["documents"] if one["void"]} == set(found.void)


@settings(max_examples=examples(100), deadline=None)
@given(histories())
def test_two_nations_that_hold_the_same_see_the_same(pair: Pair) -> None:
    pair.read()
    views = [digest(pair.fold(CASE, pair.known(nation)).view) for nation in ("JP", "KR")]
    assert views[0] == views[1]
