"""Two hundred agreements more change no answer of nations that have no part in them, and are law like any other."""

from __future__ import annotations

from gokei.law.columns.asking import Columns
from gokei.law.forgetting import Wanted
from gokei.law.library import Library
from tests.bench import generated, practice
from tests.packs.asking import packs


def test_agreements_of_others_change_no_answer() -> None:
    larger = Library([*packs().instruments.values(), *generated.agreements(200)])
    frame = practice.drawn(3000, practice.ALL, seed=9)
    words = dict.fromkeys(("verdict", "ground", "instrument", "provision"), str)
    found = [Columns(one, frame.schema, Wanted.VERDICT).answer(frame).cast(words) for one in (packs(), larger)]
    assert found[0].equals(found[1])
    assert found[0].get_column("verdict").n_unique() == 3


def test_what_was_generated_is_law_like_any_other() -> None:
    made = generated.agreements(200)
    library = Library(made)
    assert len([one for one in made if one.kind == "support"]) == 200
    assert len({party for one in made for party in one.parties}) == generated.PARTIES
    treaty = made[0]
    provider, recipient = treaty.parties
    asked = {"kind": "support", "on": "2026-01-01", "provider": provider, "recipient": recipient}
    permit, prohibited = treaty.provisions[0], treaty.provisions[4]
    assert permit.effect == "permit"
    assert prohibited.effect == "prohibit"
    assert library.answer(asked)["verdict"] == "undetermined"
