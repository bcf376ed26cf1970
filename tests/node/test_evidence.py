"""A partner that forks, rolls back or tells two stories is found out, and what it signed proves it to anyone."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gokei.journal import evidence as proofs
from gokei.journal.checkpoints import read_checkpoint, sign_checkpoint
from gokei.journal.envelopes import DOCUMENT, WANT, Envelope
from gokei.journal.merkle import Frontier, leaf_hash, node_hash, split_at
from gokei.node import signed
from gokei.node.answering import answer
from gokei.node.checkpoints import own_checkpoint, take_checkpoint
from gokei.node.comparing import Count, Tree, differs_at
from gokei.node.messages import read_offer, write_offer, write_want
from gokei.node.node import Node
from gokei.node.proving import verify_bundle
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem, Refused
from tests.nations import Nations, to_order
from tests.node.forging import Pen, operation


@pytest.fixture
def nations(nations: Nations) -> Nations:
    to_order(nations)
    return nations


def head(nations: Nations, **change: Any) -> bytes:
    """What Japan's node says to Australia's, with any of it changed, truly signed."""
    core = nations["JP"].core
    honest = read_checkpoint(own_checkpoint(core, "AU"), *core.node_keys("JP"))
    return sign_checkpoint(honest._replace(**change), core.node_signer)


def take(nations: Nations, raw: bytes) -> Problem | None:
    try:
        take_checkpoint(nations["AU"].core, "JP", raw)
    except Problem as problem:
        return problem
    return None


def proved(nations: Nations, kind: str) -> None:
    """Australia holds one evidence of the kind, and a stranger with Japan's card alone believes it."""
    (found,) = [one for one in nations["AU"].evidence() if one["kind"] == kind]
    raw = nations["AU"].evidence_file(int(str(found["number"])))
    said = verify_bundle(raw, [nations["JP"].card()])
    assert said["evidence"] == kind
    assert said["nation"] == "JP"
    with pytest.raises(Problem):
        verify_bundle(raw, [nations["AU"].card()])
    for at in range(0, len(raw), max(1, len(raw) // 97)):
        broken = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        try:
            again = verify_bundle(broken, [nations["JP"].card()])
        except Problem:
            continue
        assert again == said, "only what is no part of the proof may change"


def test_two_roots_over_the_same_documents(nations: Nations) -> None:
    nations.meet()
    before = nations["AU"].state()
    problem = take(nations, head(nations, root=b"\x01" * 32))
    assert problem is not None
    assert problem.check == "fork"
    proved(nations, "two-roots")
    assert nations["AU"].state() == before


def test_a_root_that_is_not_the_root_of_the_documents_it_signed(nations: Nations) -> None:
    core = nations["AU"].core
    with core.store.writing():
        core.store.run("DELETE FROM checkpoints WHERE author='JP'")
    problem = take(nations, head(nations, root=b"\x02" * 32))
    assert problem is not None
    assert problem.check == "fork"
    proved(nations, "other-log")


def test_a_root_over_what_came_since_the_last_checkpoint(nations: Nations) -> None:
    nations.meet()
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="SECOND"))
    nations["JP"].core.network = nations.wires
    row = list(nations["JP"].core.store.each("AU-JP", "JP"))[-1]
    assert nations["AU"].receive("JP", row.envelope).problem is None
    problem = take(nations, head(nations, root=b"\x03" * 32))
    assert problem is not None
    proved(nations, "other-log")
    found = proofs.decode(nations["AU"].evidence_file(1))
    assert len(found.documents) == 1, "what the last checkpoint counts need not be shown again"


def test_less_than_it_had_said_before_is_a_rollback(nations: Nations) -> None:
    nations.meet()
    honest = read_checkpoint(own_checkpoint(nations["JP"].core, "AU"), *nations["JP"].core.node_keys("JP"))
    tree = nations["AU"].core
    from gokei.node.trees import LogTree

    shorter = LogTree(tree.store, "AU-JP", "JP").root(honest.written - 1)
    problem = take(nations, head(nations, written=honest.written - 1, root=shorter, time="2026-11-30T00:00:00Z"))
    assert problem is not None
    assert problem.check == "rollback"
    proved(nations, "rollback")


def test_an_old_checkpoint_that_comes_late_is_no_rollback(nations: Nations) -> None:
    old = own_checkpoint(nations["JP"].core, "AU")
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="SECOND"))
    nations.meet()
    assert take(nations, old) is None
    assert nations["AU"].evidence() == []
    assert nations["AU"].settled_with("JP")


def test_two_documents_under_one_number(nations: Nations) -> None:
    pen = Pen(nations.folder / "JP", "AU")
    other = pen.write("operation", "operation:X", operation(operation="X"), ["logistics"])
    answered = nations["AU"].receive("JP", other)
    assert answered.problem is not None
    assert answered.problem.check == "door-5-fork"
    proved(nations, "two-documents")
    nations["AU"].receive("JP", other)
    assert len(nations["AU"].evidence()) == 1, "the same is kept once"


def test_a_document_that_follows_another_than_it_signed(nations: Nations) -> None:
    pen = Pen(nations.folder / "JP", "AU")
    pen.size = nations["JP"].core.store.log("AU-JP", "JP")[0].size
    pen.last = "sha256:" + "5" * 64
    seen = nations["AU"].core.store.log("AU-JP", "AU")[0].size
    answered = nations["AU"].receive("JP", pen.write("operation", "operation:X", operation(), ["logistics"], seen=seen))
    assert answered.problem is not None
    assert answered.problem.check == "door-5-previous"
    proved(nations, "broken-chain")


def test_a_document_that_has_not_seen_what_a_checkpoint_says_it_saw(nations: Nations) -> None:
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="SECOND"))
    nations.meet()
    log = nations["JP"].core.store.log("AU-JP", "JP")[0]
    pen = Pen(nations.folder / "JP", "AU")
    pen.size, pen.last = log.size, log.last
    answered = nations["AU"].receive(
        "JP", pen.write("operation", "operation:X", operation(), ["logistics"], seen=log.seen)
    )
    assert answered.problem is not None
    assert answered.problem.check == "door-5-seen"
    proved(nations, "unseen")


def test_evidence_that_shows_nothing_is_refused(nations: Nations) -> None:
    one = own_checkpoint(nations["JP"].core, "AU")
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="SECOND"))
    two = own_checkpoint(nations["JP"].core, "AU")
    for kind in proofs.SAYS:
        raw = proofs.encode(proofs.Evidence(kind, "JP", (one, two)))
        with pytest.raises(Refused) as found:
            verify_bundle(raw, [nations["JP"].card()])
        assert found.value.check == "evidence-nothing"
    with pytest.raises(BadInput) as missing:
        verify_bundle(proofs.encode(proofs.Evidence("two-roots", "JP", (one, two))), [])
    assert missing.value.check == "card-needed"


def test_what_a_partner_says_to_have_seen_and_we_never_wrote(nations: Nations) -> None:
    problem = take(nations, head(nations, seen=99))
    assert problem is not None
    assert problem.check == "checkpoint-seen"


def test_a_lead_that_does_not_go_on_from_what_is_held(nations: Nations) -> None:
    core = nations["JP"].core
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="SECOND"))
    honest = read_offer(nations["AU"].core, "JP", write_offer(core, "AU", own_checkpoint(core, "AU")))
    assert honest.checkpoint is not None
    note = honest.checkpoint.encode()
    take_checkpoint(nations["AU"].core, "JP", note, honest.old, honest.hashes())
    for old, proof in ((honest.old, (b"\x00" * 32,)), (honest.old + 1, honest.hashes()), (99, honest.hashes())):
        with pytest.raises(Refused):
            take_checkpoint(nations["AU"].core, "JP", note, old, proof)


def restored(nations: Nations, name: str) -> Path:
    """A backup of Japan's folder, taken now."""
    shutil.copytree(nations.folder / "JP", nations.folder / name)
    return nations.folder / name


def reopened(nations: Nations, backup: Path) -> Node:
    """Japan's node goes on from the backup."""
    nations["JP"].close()
    shutil.rmtree(nations.folder / "JP")
    shutil.copytree(backup, nations.folder / "JP")
    nations.wires.nodes["JP"] = nations.open("JP")
    return nations["JP"]


def test_a_restored_node_signs_nothing_until_the_partner_gave_back_what_it_lacks(nations: Nations) -> None:
    backup = restored(nations, "backup")
    to_claim_from_order(nations)
    nations.meet()
    books: Any = nations["AU"].state()["channels"]
    japan = reopened(nations, backup)
    assert signed.unheard(japan.core) == ("AU",)
    with pytest.raises(Refused) as found:
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LATER"))
    assert found.value.check == "node-restored"
    with pytest.raises(Refused):
        own_checkpoint(japan.core, "AU")
    assert answer(japan.core, "AU", "checkpoint", own_offer(nations)).status == 409
    asked = write_want(nations["AU"].core, "JP", "standing", "AU")
    said = answer(japan.core, "AU", "standing", asked).body
    assert read_offer(nations["AU"].core, "JP", said, asked).checkpoint is None
    with pytest.raises(Refused) as late:
        read_offer(nations["AU"].core, "JP", said, write_want(nations["AU"].core, "JP", "standing", "AU"))
    assert late.value.check == "offer-answer"
    said: Any = japan.sync("AU", "AU")
    assert said["cut"] is True
    assert signed.unheard(japan.core) == ()
    mine: Any = japan.state()["channels"]
    assert mine == books
    japan.verify()
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LATER"))
    nations.meet()
    assert nations["AU"].evidence() == japan.evidence() == []


@pytest.mark.parametrize("log", ["AU", "JP"])
def test_a_restored_node_does_not_take_an_old_answer_for_all_that_the_partner_holds(nations: Nations, log: str) -> None:
    """What it had acknowledged, and lost, is asked for until it is back: only then does it sign again."""
    backup = restored(nations, "backup")
    to_claim_from_order(nations)
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="LATE"))
    nations.meet()
    japan = reopened(nations, backup)
    wires = nations.wires

    class Old:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            status, said = wires.post(address, path, body)
            is_theirs = path.endswith("pull") and f'"log":"{log}"'.encode() in Envelope.decode(body, WANT).payload
            return status, b"" if is_theirs else said

    japan.core.network = Old()
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "partner-short"
    assert signed.unheard(japan.core) == ("AU",)
    japan.core.network = wires
    assert japan.sync("AU", "AU")["cut"] is True


def test_two_restored_nodes_give_each_other_what_each_still_holds(nations: Nations) -> None:
    """Neither may sign, so neither can say how much it holds of the other's log: each is asked for all of it."""
    nations.meet()
    early = nations.folder / "early"
    shutil.copytree(nations.folder / "AU", early)
    late = nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="LATE"))
    raw = nations["AU"].envelope(str(late["hash"]))
    assert nations["JP"].receive("AU", raw).problem is None
    japan = reopened(nations, restored(nations, "backup"))
    nations["AU"].close()
    shutil.rmtree(nations.folder / "AU")
    shutil.copytree(early, nations.folder / "AU")
    nations.wires.nodes["AU"] = nations.open("AU")
    assert signed.unheard(japan.core) == ("AU",)
    nations["AU"].sync("JP", "JP")
    again = nations["AU"].core.store.find("AU-JP", str(late["hash"]))
    assert again is not None
    nations.meet()
    mine: Any = japan.state()["channels"]
    theirs: Any = nations["AU"].state()["channels"]
    assert mine == theirs


def own_offer(nations: Nations) -> bytes:
    core = nations["AU"].core
    return write_offer(core, "JP", own_checkpoint(core, "JP"))


def to_claim_from_order(nations: Nations) -> None:
    from tests.nations import line

    nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12")])
    nations.meet()


def test_a_journal_restored_under_a_newer_file_of_what_was_signed(nations: Nations) -> None:
    """Only the database came from the backup, by the same name and place as far as anyone can tell."""
    backup = restored(nations, "backup")
    to_claim_from_order(nations)
    nations["JP"].close()
    (nations.folder / "JP" / "journal.sqlite-shm").unlink(missing_ok=True)
    for name in ("journal.sqlite", "journal.sqlite-wal"):
        shutil.copyfile(backup / name, nations.folder / "JP" / name)
    nations.wires.nodes["JP"] = nations.open("JP")
    with pytest.raises(Refused) as found:
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LATER"))
    assert found.value.check == "node-behind"
    nations["JP"].sync("AU", "AU")
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LATER"))


def test_an_operator_may_say_that_a_moved_folder_is_the_only_one(nations: Nations) -> None:
    japan = reopened(nations, restored(nations, "moved"))
    assert japan.confirm_place() == {"confirmed": ["AU"], "forked": []}
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LATER"))


def test_a_log_that_went_on_from_a_copy_is_put_aside_by_the_operator_alone(nations: Nations) -> None:
    backup = restored(nations, "backup")
    to_claim_from_order(nations)
    books: Any = nations["AU"].state()["channels"]
    japan = reopened(nations, backup)
    japan.confirm_place()
    wrong = nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "node-forked"
    said: Any = japan.set_aside("AU", "AU")
    assert [one["hash"] for one in said["set_aside"]] == [wrong["hash"]]
    japan.sync("AU", "AU")
    mine: Any = japan.state()["channels"]
    assert mine == books
    japan.verify()
    with pytest.raises(Refused) as nothing:
        japan.set_aside("AU", "AU")
    assert nothing.value.check == "node-not-forked"


def test_books_are_equal_in_one_round_trip_and_a_difference_is_found_by_halves(nations: Nations) -> None:
    for number in range(60):
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation=f"N{number}"))
    nations.meet()
    same: Any = nations["AU"].compare_books("JP", "JP")
    assert (same["equal"], same["round_trips"], same["hashes"]) == (True, 1, 0)
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="UNSENT"))
    more: Any = nations["AU"].compare_books("JP", "JP")
    assert more["difference"] == {"lacking": {"AU": 1}}
    nations.meet()
    rewrite(nations, 37)
    found: Any = nations["AU"].compare_books("JP", "JP")
    assert found["equal"] is False
    assert found["difference"]["log"] == "JP"
    assert found["difference"]["sequence"] == 37
    assert found["difference"]["ours"]["authentic"] is True
    assert found["difference"]["theirs"]["authentic"] is True
    assert found["difference"]["ours"]["hash"] != found["difference"]["theirs"]["hash"]
    assert found["hashes"] <= 8
    proved(nations, "two-documents")


@pytest.mark.parametrize("changed", [0, 1, 524_287, 524_288, 777_777, 999_999])
def test_among_a_million_documents_the_one_that_differs_costs_at_most_25_hashes(changed: int) -> None:
    size = 1_000_000
    ours, theirs = Levels(size, None), Levels(size, changed)
    count, asked = Count(), 0

    def ask(want: str, log: str, after: int, until: int) -> bytes:
        nonlocal asked
        asked += 1
        return canonical({"hash": theirs.hashed(after, until).hex()})

    assert differs_at(Tree(size, ours.hashed), "JP", ask, count) == changed  # type: ignore[arg-type]
    assert count.hashes == asked <= 25
    assert differs_at(Tree(size, theirs.hashed), "JP", ask, Count()) is None  # type: ignore[arg-type]


@cache
def level(size: int, height: int) -> list[bytes]:
    """The roots of the complete subtrees of that height over numbered leaves."""
    if height == 0:
        return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    below = level(size, height - 1)
    return [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]


class Levels:
    """A tree of numbered leaves, one of which may be another, that knows its complete subtrees."""

    def __init__(self, size: int, changed: int | None) -> None:
        self._size = size
        self._changed = changed

    def hashed(self, start: int, end: int) -> bytes:
        if end - start == 1:
            return leaf_hash(b"another") if start == self._changed else level(self._size, 0)[start]
        height = (end - start).bit_length() - 1
        whole = 1 << height == end - start and start % (end - start) == 0
        if whole and not (self._changed is not None and start <= self._changed < end):
            return level(self._size, height)[start >> height]
        middle = start + split_at(end - start)
        return node_hash(self.hashed(start, middle), self.hashed(middle, end))


def rewrite(nations: Nations, sequence: int) -> None:
    """Japan puts another document, truly signed, in the place of one that Australia holds; the rest is left."""
    store = nations["JP"].core.store
    rows = list(store.each("AU-JP", "JP"))
    pen = Pen(nations.folder / "JP", "AU")
    pen.size, pen.last = sequence - 1, rows[sequence - 2].hash
    raw = pen.write("operation", "operation:OTHER", operation(operation="OTHER"), ["logistics"])
    with store.writing():
        store.run("UPDATE documents SET envelope=? WHERE author='JP' AND sequence=?", (raw, sequence))
        store.run("DELETE FROM subtrees")
        tree = Frontier()
        for row in store.each("AU-JP", "JP"):
            tree = tree.append(leaf_hash(Envelope.decode(row.envelope, DOCUMENT).payload))
        store.run("UPDATE logs SET peaks=? WHERE author='JP'", (tree.encode(),))
        # An honest node would now find that it had signed something else.
        signed.replace(nations["JP"].core, "AU", None)


def test_a_case_that_is_folded_otherwise_is_found_too(nations: Nations) -> None:
    for number in range(20):
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation=f"N{number}"))
    nations.meet()
    store = nations["JP"].core.store
    with store.writing():
        store.run("UPDATE views SET digest='sha256:0' WHERE wing='support' AND case_name='operation:N7'")
    found: Any = nations["AU"].compare_books("JP", "JP")
    assert found["difference"]["case"] == "operation:N7"
    assert found["difference"]["wing"] == "support"
    assert found["difference"]["ours"] != found["difference"]["theirs"] == "sha256:0"


def test_a_document_is_proved_to_a_third_party_by_both_nations_cards(nations: Nations) -> None:
    nations.meet()
    cards = [nations["AU"].card(), nations["JP"].card()]
    for nation in ("AU", "JP"):
        for row in nations["AU"].list("documents"):
            raw = nations[nation].proof(str(row["hash"]))
            said: Any = verify_bundle(raw, cards)
            assert said["hash"] == row["hash"]
            assert said["cosigned"] is not None
            assert said["author"] == row["author"]
    raw = nations["AU"].proof(str(nations["AU"].list("documents")[0]["hash"]))
    said = verify_bundle(raw, cards)
    for at in range(0, len(raw), max(1, len(raw) // 211)):
        broken = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        try:
            again = verify_bundle(broken, cards)
        except Problem:
            continue
        assert again == said | {"cosigned": None, "cosignatures": 0}, "only the witness's line may be another's"
    with pytest.raises(BadInput):
        verify_bundle(raw, [])


def test_a_document_that_no_checkpoint_counts_is_not_proved(nations: Nations) -> None:
    done = nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="NEW"))
    with pytest.raises(Refused) as found:
        nations["AU"].proof(str(done["hash"]))
    assert found.value.check == "proof-early"
