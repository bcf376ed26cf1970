"""A copy of a node that the system cannot tell from the original signs and shows nothing against itself."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gokei.node import signed
from gokei.node.answering import answer
from gokei.node.catching_up import take_back
from gokei.node.checkpoints import own_checkpoint
from gokei.node.messages import write_want
from gokei.node.node import Node
from gokei.terms.problems import Refused
from tests.nations import Nations, to_order
from tests.node.forging import operation
from tests.node.test_evidence import reopened, restored, to_claim_from_order
from tests.node.test_mandates import granted


@pytest.fixture
def nations(nations: Nations) -> Nations:
    to_order(nations)
    return nations


def imaged(nations: Nations, backup: Path) -> Node:
    """Japan's whole disk is put back: every file has its old bytes, and the system cannot tell."""
    nations["JP"].close()
    folder = nations.folder / "JP"
    kept = {file.relative_to(backup): file.read_bytes() for file in backup.rglob("*") if file.is_file()}
    for file in [one for one in folder.rglob("*") if one.is_file() and one.relative_to(folder) not in kept]:
        file.unlink()
    for name, old in kept.items():
        if name.suffix != ".sqlite-shm":
            with (folder / name).open("r+b" if (folder / name).exists() else "wb") as file:
                file.write(old)
                file.truncate()
    nations.wires.nodes["JP"] = nations.open("JP")
    return nations["JP"]


def reopened_as_it_is(nations: Nations) -> Node:
    nations["JP"].close()
    return nations.open("JP")


def settled_again(nations: Nations) -> None:
    """Both nations go on, with equal books and nothing held against anyone."""
    nations.meet()
    mine: Any = nations["JP"].state()["channels"]
    theirs: Any = nations["AU"].state()["channels"]
    assert mine == theirs
    nations["JP"].verify()
    assert nations["AU"].evidence() == nations["JP"].evidence() == []
    assert nations["JP"].settled_with("AU")


def test_a_copy_that_has_seen_less_than_its_checkpoint_says_signs_in_vain_and_is_put_aside(nations: Nations) -> None:
    """The copy holds all that it wrote, and has forgotten what it had seen: what it writes next unsees that."""
    backup = restored(nations, "backup")
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="SEEN"))
    nations.meet()
    japan = imaged(nations, backup)
    assert signed.unheard(japan.core) == ()
    wrong = nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "node-forked"
    with pytest.raises(Refused) as again:
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="MORE"))
    assert again.value.check == "node-forked"
    said: Any = japan.set_aside("AU", "AU")
    assert [one["hash"] for one in said["set_aside"]] == [wrong["hash"]]
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="AGAIN"))
    settled_again(nations)


@pytest.mark.parametrize("put_back", ["files", "disk"])
def test_a_copy_of_a_branch_that_was_left_gives_nothing_of_it(nations: Nations, put_back: str) -> None:
    """It had written more than what counts now, and seen less: neither checkpoint is newer than the other (seed
    163)."""
    early = restored(nations, "early")
    for number in range(3):
        nations.act(
            "JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation=f"LOST-{number}")
        )
    own_checkpoint(nations["JP"].core, "AU")
    branch = restored(nations, "branch")
    imaged(nations, early)
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="SEEN"))
    nations.meet()
    japan = imaged(nations, branch) if put_back == "disk" else reopened(nations, branch)
    held = nations["AU"].core.store.log("AU-JP", "JP")[0].size
    asked = write_want(nations["AU"].core, "JP", "documents", "JP", held)
    assert answer(japan.core, "AU", "pull", asked).body == b""
    with suppress(Refused):
        nations["AU"].sync("JP", "JP")
    assert nations["AU"].evidence() == []
    japan.set_aside("AU", "AU")
    settled_again(nations)


@pytest.mark.parametrize("writes", [False, True], ids=["silent", "writing"])
def test_a_copy_that_is_asked_before_it_asks_signs_nothing_against_itself(nations: Nations, writes: bool) -> None:
    """The partner's request brings what the copy has signed; the first contact ends it, whoever makes it."""
    backup = restored(nations, "backup")
    to_claim_from_order(nations)
    japan = imaged(nations, backup)
    if writes:
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    with pytest.raises(Refused) as told:
        nations["AU"].sync("JP", "JP")
    assert told.value.check == ("fork" if writes else "checkpoint-seen")
    assert nations["AU"].evidence() == []
    if not writes:
        japan.sync("AU", "AU")
    else:
        with pytest.raises(Refused) as found:
            japan.sync("AU", "AU")
        assert found.value.check == "node-forked"
        japan.set_aside("AU", "AU")
    settled_again(nations)


def test_a_signature_that_a_copy_gave_to_an_old_request_is_put_aside_alone(nations: Nations) -> None:
    """Nobody has it, and all documents stand: but what came back has seen less than it says (seed 3990)."""
    japan = nations["JP"]
    old = write_want(nations["AU"].core, "JP", "standing", "JP")
    backup = restored(nations, "backup")
    lost = nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LOST"))
    late = nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="LATE"))
    own_checkpoint(japan.core, "AU")
    assert nations["AU"].receive("JP", japan.envelope(str(lost["hash"]))).problem is None
    japan = imaged(nations, backup)
    assert japan.receive("AU", nations["AU"].envelope(str(late["hash"]))).problem is None
    assert answer(japan.core, "AU", "standing", old).status == 200
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "node-forked"
    said: Any = japan.set_aside("AU", "AU")
    assert said["set_aside"] == []
    settled_again(nations)
    with pytest.raises(Refused) as nothing:
        japan.set_aside("AU", "AU")
    assert nothing.value.check == "node-not-forked"


def test_a_copy_that_forgot_what_it_had_seen_is_told_by_who_asks_it(nations: Nations) -> None:
    """It holds all that the asker holds of it; only its checkpoint, which the asker brings, says that it saw more."""
    backup = restored(nations, "backup")
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="SEEN"))
    nations.meet()
    japan = imaged(nations, backup)
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    nations["AU"].sync("JP", "JP")
    assert nations["AU"].evidence() == []
    japan.set_aside("AU", "AU")
    settled_again(nations)


def test_a_copy_that_is_asked_for_documents_first_gives_none_that_it_wrote_on(nations: Nations) -> None:
    """A request that was under way while the disk was put back: it asks for what follows, not how it stands."""
    backup = restored(nations, "backup")
    to_claim_from_order(nations)
    held = nations["AU"].core.store.log("AU-JP", "JP")[0].size
    japan = imaged(nations, backup)
    while japan.core.store.log("AU-JP", "JP")[0].size <= held:
        number = japan.core.store.log("AU-JP", "JP")[0].size
        nations.act(
            "JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation=f"WRONG-{number}")
        )
    asked = write_want(nations["AU"].core, "JP", "documents", "JP", held)
    assert answer(japan.core, "AU", "pull", asked).body == b""
    japan.set_aside("AU", "AU")
    settled_again(nations)


def test_a_node_that_was_shown_another_branch_signs_nothing_more_until_it_is_put_aside(nations: Nations) -> None:
    """Also where the copy had signed a checkpoint of its own over as many documents, and whatever the operator says."""
    backup = restored(nations, "backup")
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="RIGHT"))
    nations.meet()
    japan = reopened(nations, backup)
    japan.confirm_place()
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    own_checkpoint(japan.core, "AU")
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "node-forked"
    assert japan.confirm_place() == {"confirmed": [], "forked": ["AU"]}
    for _ in range(2):
        with pytest.raises(Refused) as found:
            nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="MORE"))
        assert found.value.check == "node-forked"
        with pytest.raises(Refused) as found:
            own_checkpoint(japan.core, "AU")
        assert found.value.check == "node-forked"
        japan = nations.wires.nodes["JP"] = reopened_as_it_is(nations)
    assert [one["type"] for one in japan.set_aside("AU", "AU")["set_aside"]] == ["operation"]
    settled_again(nations)


def test_a_courier_file_that_shows_another_branch_stops_the_node_too(nations: Nations, tmp_path: Path) -> None:
    backup = restored(nations, "backup")
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="RIGHT"))
    nations.meet()
    nations["AU"].courier_pack("JP", tmp_path / "au")
    nations["AU"].courier_pack("JP", tmp_path / "au-whole", whole=True, give_back=True)
    for file in ("au", "au-whole"):
        japan = reopened(nations, backup)
        japan.confirm_place()
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
        own_checkpoint(japan.core, "AU")
        with pytest.raises(Refused) as found:
            japan.courier_open(tmp_path / file)
        assert found.value.check == "node-forked"
        with pytest.raises(Refused) as found:
            nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="MORE"))
        assert found.value.check == "node-forked"
    japan.set_aside("AU", "AU")
    settled_again(nations)


def test_what_a_partner_gives_back_wrongly_is_its_fault_and_stops_nothing(nations: Nations) -> None:
    """Only our own offices' signatures show another branch; an old answer, a gap and a stranger's words do not."""
    backup = restored(nations, "backup")
    for name in ("ONE", "TWO"):
        nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation=name))
    nations.meet()
    ours = [row.envelope for row in nations["JP"].core.store.each("AU-JP", "JP")]
    theirs = [row.envelope for row in nations["AU"].core.store.each("AU-JP", "AU")]
    japan = reopened(nations, backup)
    before = japan.state()
    for wrong in ([b"{}"], [b"x" * 100], [theirs[0]], [ours[-1]], [ours[0][:-9]]):
        with pytest.raises(Refused) as found:
            take_back(japan.core, "AU", wrong)
        assert found.value.check == "partner-back"
        assert japan.state() == before
    take_back(japan.core, "AU", ours[:1])
    assert japan.state() == before
    take_back(japan.core, "AU", ours)
    assert [row.envelope for row in japan.core.store.each("AU-JP", "JP")] == ours
    assert signed.branches(japan.core) == ()
    settled_again(nations)


def test_a_branch_that_the_partner_shows_no_more_is_forgotten_by_the_next_exchange(nations: Nations) -> None:
    signed.went_on_from_a_copy(nations["JP"].core, "AU")
    with pytest.raises(Refused) as found:
        nations["JP"].set_aside("AU", "AU")
    assert found.value.check == "node-not-forked"
    assert signed.branches(nations["JP"].core) == ()
    signed.went_on_from_a_copy(nations["JP"].core, "AU")
    nations.meet()
    assert signed.branches(nations["JP"].core) == ()
    settled_again(nations)


def test_another_branch_is_known_by_keys_that_this_one_does_not_tell_of(nations: Nations) -> None:
    """What the partner gives back first is signed by a key that was granted on the other branch."""
    backup = restored(nations, "backup")
    grant = granted(nations["JP"])
    nations["JP"].apply(grant)
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="RIGHT"))
    nations.meet()
    japan = reopened(nations, backup)
    japan.confirm_place()
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "partner-back", "nobody here knows the key"
    japan.apply(grant)
    with pytest.raises(Refused) as found:
        japan.sync("AU", "AU")
    assert found.value.check == "node-forked"
    japan.set_aside("AU", "AU")
    settled_again(nations)


def test_a_copy_that_was_left_does_not_show_what_it_signed_before_less_was_signed_again(nations: Nations) -> None:
    """The partner never had the copy's last document, and holds a later signature of ours over less."""
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="KEPT"))
    first = restored(nations, "first")
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="LEFT"))
    nations.clock.instant = "2026-11-24T07:00:00Z"
    own_checkpoint(nations["JP"].core, "AU")
    left = restored(nations, "left")
    japan = imaged(nations, first)
    nations.clock.instant = "2026-11-24T08:00:00Z"
    japan.sync("AU", "AU")
    japan = imaged(nations, left)
    nations.clock.instant = "2026-11-24T09:00:00Z"
    for _ in range(2):
        with suppress(Refused):
            japan.sync("AU", "AU")
    assert nations["AU"].evidence() == []
    with suppress(Refused):
        japan.set_aside("AU", "AU")
    settled_again(nations)
