"""What a proof or evidence shows to a third party, who has the file and the nations' cards and nothing else."""

from __future__ import annotations

import json
import re
import tracemalloc
from typing import Any

import pytest

from gokei.journal import evidence as proofs_of_wrong
from gokei.journal import merkle, proofs
from gokei.journal.checkpoints import Checkpoint, cosigned_at, node_name, sign_checkpoint
from gokei.journal.door import Refusal
from gokei.journal.notes import Note
from gokei.node.proving import verify_bundle
from gokei.terms.problems import BadInput, Refused
from tests.nations import Nations, to_order
from tests.node.forging import Pen, operation
from tests.node.test_evidence import head, take
from tests.node.test_post_quantum import promised

MANY = 200_000
MOST_MEMORY = 8 * 1024 * 1024


def bundle(nations: Nations, offices: tuple[str, ...], signers: tuple[str, ...], **frame: Any) -> bytes:
    """Australia's own program, with its real keys, proves the first document of a log as it likes."""
    pen = Pen(nations.folder / "AU", "JP")
    payload = pen.payload(frame.pop("type", "operation"), "operation:X", operation(operation="X"), offices, **frame)
    root = merkle.root_of([merkle.leaf_hash(payload)])
    said = Checkpoint("exercise", "AU", "JP", 1, root, 0, merkle.EMPTY_ROOT, "2026-11-24T06:00:00Z")
    note = sign_checkpoint(said, nations["AU"].core.node_signer)
    return proofs.Proof(0, (), note, pen.sign(payload, signers)).encode()


def first(nations: Nations) -> bytes:
    return nations["AU"].proof(next(nations["AU"].core.store.each("AU-JP", "AU")).hash)


def test_offices_that_did_not_sign_or_could_not_are_not_said_to_have_signed(nations: Nations) -> None:
    card = nations["AU"].card()
    good: Any = verify_bundle(bundle(nations, ("logistics",), ("logistics",)), [card])
    assert (good["offices"], good["void"]) == (["logistics"], None)
    for wrong in (
        bundle(nations, ("finance", "registrar"), ("logistics",)),
        bundle(nations, ("logistics", "finance"), ("logistics",)),
        bundle(nations, ("logistics",), ("logistics",), time="1980-01-01T00:00:00Z"),
    ):
        with pytest.raises(Refusal) as found:
            verify_bundle(wrong, [card])
        assert found.value.number == 4


def test_a_document_that_the_door_would_void_is_said_to_be_void(nations: Nations) -> None:
    said: Any = verify_bundle(bundle(nations, ("security",), ("security",)), [nations["AU"].card()])
    assert said["void"]["check"] == "door-7-power"
    said = verify_bundle(bundle(nations, ("logistics",), ("logistics",), type="request"), [nations["AU"].card()])
    assert said["void"]["check"] == "door-8-schema"


def test_a_checkpoint_that_nobody_has_cosigned_yet_proves_all_the_same(nations: Nations) -> None:
    to_order(nations)
    nations.meet()
    cards = [nations["AU"].card(), nations["JP"].card()]
    raw = first(nations)
    bare = raw[: raw.rindex("\N{EM DASH} gokei/exercise/JP ".encode())]
    said: Any = verify_bundle(bare, cards)
    assert (said["cosigned"], said["cosignatures"]) == (None, 0)
    said = verify_bundle(raw, cards[:1])
    assert (said["cosigned"], said["cosignatures"]) == (None, 1)
    said = verify_bundle(raw, cards)
    assert said["cosigned"] is not None


def test_a_checkpoint_that_was_changed_is_not_taken_for_one_of_unknown_keys(nations: Nations) -> None:
    to_order(nations)
    nations.meet()
    changed = re.sub(rb"time 2026", b"time 2027", first(nations))
    with pytest.raises(Refused) as found:
        verify_bundle(changed, [nations["AU"].card()])
    assert found.value.check == "proof-nothing"


def test_a_second_signature_that_the_card_promises_is_looked_at(nations: Nations) -> None:
    to_order(nations)
    then = nations["JP"].card()
    promised(nations)
    nations["JP"].act({"type": "operation", "to": "AU", "agreement": "acsa-jp-au-2017", **operation(operation="X")})
    nations.meet()
    raw = nations["JP"].proof(str(nations["JP"].list("documents", {"author": "JP"})[0]["hash"]))
    cards = [nations["JP"].card(), nations["AU"].card()]
    said: Any = verify_bundle(raw, cards)
    assert said["post_quantum"] is not None
    assert verify_bundle(raw, [then])["post_quantum"] is None, "a card of before promises nothing"
    bundled = proofs.decode(raw)
    note = Note.decode(bundled.checkpoint)
    short = Note(note.text, tuple(line for line in note.lines if len(line.value) < 1000)).encode()
    assert cosigned_at(short, node_name("exercise", "AU"), nations["AU"].core.node_key("AU")) is not None
    with pytest.raises(Refused) as found:
        verify_bundle(bundled._replace(checkpoint=short).encode(), cards)
    assert found.value.check == "proof-second"


def test_evidence_says_which_statements_contradict_each_other(nations: Nations) -> None:
    to_order(nations)
    nations.meet()
    take(nations, head(nations, root=b"\x01" * 32))
    said: Any = verify_bundle(nations["AU"].evidence_file(1), [nations["JP"].card()])
    one, other = said["statements"]
    assert one["log_size"] == other["log_size"]
    assert one["log_root"] != other["log_root"]
    assert one["reader"] == "AU"


def test_evidence_is_read_by_the_strict_reader_and_costs_what_evidence_may_cost(nations: Nations) -> None:
    to_order(nations)
    nations.meet()
    take(nations, head(nations, root=b"\x01" * 32))
    good = nations["AU"].evidence_file(1)
    assert proofs_of_wrong.decode(good).kind == "two-roots"
    twice = good.replace(b'"gokei": 1,', b'"gokei": 1, "nation": "US",')
    swollen = json.dumps({f"{number:x}": 0 for number in range(MANY)}).encode()
    nested = b'{"documents": ' + b"[" * MANY + b"]" * MANY + b"}"
    listed = b'{"documents": [' + b"0," * MANY + b"0]}"
    for wrong in (twice, swollen, nested, listed):
        tracemalloc.start()
        with pytest.raises(BadInput):
            proofs_of_wrong.decode(wrong)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < MOST_MEMORY
