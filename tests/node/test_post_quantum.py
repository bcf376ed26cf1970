"""A second signature on checkpoints, by ML-DSA-44: stated on the card, made by the node, required by the partner."""

from __future__ import annotations

import base64

import pytest

from gokei.journal.checkpoints import node_name
from gokei.journal.notes import ML_DSA_44, Note, key_id
from gokei.journal.postquantum import (
    KEY_BYTES,
    PostQuantumSigner,
    check_key,
    second_line_at,
    verifies,
    with_second_line,
)
from gokei.node import ceremony, folder
from gokei.node.checkpoints import newest, own_checkpoint, take_checkpoint
from gokei.terms.problems import Refused
from tests.nations import Nations, to_order

NAME = node_name("exercise", "JP")


@pytest.fixture
def nations(nations: Nations) -> Nations:
    to_order(nations)
    return nations


def promised(nations: Nations) -> bytes:
    """Japan's card with the second key, signed by its root, in its place at Japan and at Australia."""
    raw = nations["JP"].unsigned_card(post_quantum=True)
    signed, _ = ceremony.sign_by_exercise(raw, nations["JP"].core.folder, "card")
    nations["JP"].close()
    folder.install_card(nations.folder / "JP", signed, "card")
    nations.wires.nodes["JP"] = nations.open("JP")
    nations["AU"].add_partner(signed)
    return signed


def test_from_the_card_on_every_checkpoint_is_signed_twice_and_witnessed(nations: Nations) -> None:
    promised(nations)
    nations["JP"].act({"type": "operation", "to": "AU", "agreement": "acsa-jp-au-2017", "operation": "X", "name": "X",
                       "activity": "joint_exercise", "place": "AU", "starts": "2017-09-01", "ends": "2017-09-30",
                       "forces": ["AU", "JP"], "facts": {}})  # fmt: skip
    nations.meet()
    stated = nations["AU"].core.partner("JP").card.post_quantum
    assert stated is not None
    public = check_key(stated, "JP", "exercise")
    held = newest(nations["AU"].core, "JP", "JP", "cosigned")
    assert held is not None
    assert second_line_at(held[1], NAME, public) is not None
    assert nations["AU"].settled_with("JP")
    mine = newest(nations["AU"].core, "JP", "AU", "cosigned")
    assert mine is not None
    assert second_line_at(mine[1], NAME, public) is not None, "as a witness Japan signs twice too"
    for node in (nations["AU"], nations["JP"]):
        node.verify()


def test_a_promised_signature_that_is_left_away_or_wrong_is_refused(nations: Nations) -> None:
    promised(nations)
    nations["JP"].act({"type": "operation", "to": "AU", "agreement": "acsa-jp-au-2017", "operation": "X", "name": "X",
                       "activity": "joint_exercise", "place": "AU", "starts": "2017-09-01", "ends": "2017-09-30",
                       "forces": ["AU", "JP"], "facts": {}})  # fmt: skip
    good = own_checkpoint(nations["JP"].core, "AU")
    note = Note.decode(good)
    second = next(line for line in note.lines if len(line.value) > 1000)
    bare = Note(note.text, tuple(line for line in note.lines if line is not second))
    stranger = PostQuantumSigner(b"s" * 32)
    flipped = second._replace(value=second.value[:-1] + bytes([second.value[-1] ^ 1]))
    later = second._replace(value=b"\x00" * 7 + b"\x09" + second.value[8:])
    for wrong in (
        bare.encode(), with_second_line(bare.encode(), NAME, stranger, 1_700_000_000), bare.with_line(flipped).encode(),
        bare.with_line(later).encode(), bare.with_line(second._replace(value=second.value[:-1])).encode(),
    ):  # fmt: skip
        with pytest.raises(Refused) as found:
            take_checkpoint(nations["AU"].core, "JP", wrong)
        assert found.value.check == "checkpoint-post-quantum"


def test_the_signed_structure_is_that_of_c2sp() -> None:
    """Built here by hand from tlog-cosignature, and verified by the library alone."""
    signer = PostQuantumSigner(b"k" * 32)
    assert len(signer.public) == KEY_BYTES
    root = bytes(range(32))
    text = f"example.com/log\n7\n{base64.b64encode(root).decode()}\n"
    raw = with_second_line(Note(text, ()).encode() + "\u2014 other AAAAAAA=\n".encode(), "w.example/1", signer, 5)
    line = Note.decode(raw).by("w.example/1", key_id("w.example/1", ML_DSA_44, signer.public))
    assert line is not None
    message = (b"subtree/v1\n\x00" + b"\x0b" + b"w.example/1" + (5).to_bytes(8, "big") + b"\x0f" + b"example.com/log"
               + (0).to_bytes(8, "big") + (7).to_bytes(8, "big") + root)  # fmt: skip
    assert line.value[:8] == (5).to_bytes(8, "big")
    assert verifies(signer.public, message, line.value[8:])


def test_a_key_that_does_not_prove_itself_is_on_no_card() -> None:
    stated = PostQuantumSigner(b"k" * 32).stated("JP", "exercise")
    other = PostQuantumSigner(b"o" * 32).stated("JP", "exercise")
    assert check_key(stated, "JP", "exercise")
    for wrong, nation in ((stated, "AU"), (stated.model_copy(update={"proof": other.proof}), "JP"),
                          (stated.model_copy(update={"key": "A" * 1752}), "JP")):  # fmt: skip
        with pytest.raises(Refused):
            check_key(wrong, nation, "exercise")
