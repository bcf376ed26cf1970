"""Courier files in parts: whatever the order, whatever comes twice or is lost and sent again, the books are equal."""

from __future__ import annotations

import errno
import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.node import disk
from gokei.node.checkpoints import own_checkpoint
from gokei.node.courier_file import Header, read, write
from gokei.node.messages import write_offer
from gokei.node.node import Node
from gokei.terms import limits
from gokei.terms.problems import BadCall, BadInput, Problem
from tests.fuzz.holding import resident
from tests.nations import Nations, Seeded, law, line, to_operation
from tests.node.forging import Pen, operation
from tests.outside.tracing import ROOT

DOCUMENTS = 6


class Packed:
    """Australia's parts for Japan, and Japan's folder as it is before any is opened."""

    def __init__(self, folder: Path) -> None:
        self.made = Nations(folder, "AU", "JP")
        to_operation(self.made)
        for number in range(DOCUMENTS):
            self.made.act(
                "AU", type="request", to="JP", order=f"AU-{number}", operation="DARWIN", on="2017-09-07",
                lines=[line("1", supply="fuel", description="F-76")],
            )  # fmt: skip
        self.said: Any = self.made["AU"].courier_pack("JP", folder / "out", split=SIZE)
        self.parts = [Path(one["file"]) for one in self.said["parts"]]
        self.made.close()
        self.folder = folder


SIZE = 7000


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    return Packed(tmp_path_factory.mktemp("courier"))


def japan(folder: Path) -> Node:
    found = Node.open(folder, law(), random=Seeded("JP again"))
    # The folder was copied, and no other copy signs anything.
    found.confirm_place()
    return found


def test_each_part_is_within_the_size_and_there_are_several(packed: Packed) -> None:
    assert len(packed.parts) >= 3
    assert all(0 < part.stat().st_size <= SIZE for part in packed.parts)
    assert packed.said["documents"] == DOCUMENTS


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_in_any_order_with_repetitions_and_losses_the_books_are_equal(packed: Packed, data: st.DataObject) -> None:
    count = len(packed.parts)
    first = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=2 * count))
    lost = [number for number in range(count) if number not in first]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "JP"
        shutil.copytree(packed.folder / "JP", folder)
        node, other = japan(folder), Node.open(packed.folder / "AU", law())
        found: Any = {}
        for number in first:
            found = node.courier_open(packed.parts[number])
        assert bool(found["missing"]) == bool(lost)
        assert found["cut"] is False or not lost
        for number in data.draw(st.permutations(lost)):
            found = node.courier_open(packed.parts[number])
        assert (found["missing"], found["waiting"]) == ([], 0)
        assert len(node.list("documents")) == len(other.list("documents"))
        books: Any = [one.state()["channels"] for one in (node, other)]
        assert books[0]["AU-JP"] == books[1]["AU-JP"]
        node.verify()
        node.close()
        other.close()


def test_what_is_missing_is_named_until_it_comes(packed: Packed, tmp_path: Path) -> None:
    shutil.copytree(packed.folder / "JP", tmp_path / "JP")
    node = japan(tmp_path / "JP")
    said: Any = node.courier_open(packed.parts[-1])
    assert said["new"] == 0
    assert said["waiting"] > 0
    assert said["missing"][0][0] == 2
    assert (said["opened"], said["parts"]) == ([len(packed.parts)], len(packed.parts))
    said = node.courier_open(*reversed(packed.parts[:-1]))
    assert (said["new"], said["waiting"], said["missing"]) == (DOCUMENTS, 0, [])
    node.close()


@pytest.mark.parametrize("harm", ["cut", "bent", "foreign", "none"])
def test_a_file_that_is_none_changes_nothing_even_beside_good_ones(packed: Packed, tmp_path: Path, harm: str) -> None:
    shutil.copytree(packed.folder / "JP", tmp_path / "JP")
    node = japan(tmp_path / "JP")
    raw = packed.parts[1].read_bytes()
    bad = tmp_path / "bad"
    if harm == "cut":
        bad.write_bytes(raw[: len(raw) // 2])
    elif harm == "bent":
        bad.write_bytes(raw[:-20] + bytes([raw[-20] ^ 1]) + raw[-19:])
    elif harm == "foreign":
        Nations(tmp_path / "else", "AU", "JP").close()
        other = Node.open(tmp_path / "else" / "AU", law())
        other.courier_pack("JP", bad)
        other.close()
    before = node.state()
    with pytest.raises(BadInput) as found:
        node.courier_open(packed.parts[0], bad)
    assert str(bad) in str(found.value)
    assert found.value.next_text()
    assert node.state() == before
    node.close()


def test_a_size_that_no_document_fits_into_is_refused(packed: Packed, tmp_path: Path) -> None:
    node = Node.open(packed.folder / "AU", law())
    with pytest.raises(BadCall) as found:
        node.courier_pack("JP", tmp_path / "small", split=100)
    assert found.value.check == "courier-split"
    assert not list(tmp_path.iterdir())
    node.close()


def test_a_file_whose_name_is_not_on_disk_is_no_file(
    packed: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said to be packed is there after a power failure; what failed is packed again under its name."""
    real, out = disk.sync_folder, tmp_path / "out"

    def fails(folder: Path) -> None:
        if folder == tmp_path:
            raise OSError(errno.EIO, "as a disk says")
        real(folder)

    node = Node.open(packed.folder / "AU", law())
    with monkeypatch.context() as patched:
        patched.setattr(disk, "sync_folder", fails)
        with pytest.raises(OSError, match="as a disk says"):
            node.courier_pack("JP", out)
    assert not list(tmp_path.iterdir())
    assert node.courier_pack("JP", out)["documents"] == DOCUMENTS
    node.close()


class Restored:
    """Japan's folder of yesterday, put back after a day on which both wrote: it signs nothing until it caught up."""

    def __init__(self, folder: Path, more: int = 1) -> None:
        made = self.made = Nations(folder, "AU", "JP")
        to_operation(made)
        made["JP"].close()
        shutil.copytree(folder / "JP", folder / "yesterday")
        made.wires.nodes["JP"] = made.open("JP")
        made.clock.instant = "2026-11-24T07:00:00Z"
        for number in range(more):
            made.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", operation=f"SASEBO-{number}",
                     name="Exercise", activity="joint_exercise", place="JP", starts="2017-10-01", ends="2017-10-30",
                     forces=["AU", "JP"], facts={})  # fmt: skip
            made.meet()
            made.act("AU", type="request", to="JP", order=f"AU-{number}", operation=f"SASEBO-{number}",
                     on="2017-10-07", lines=[line("1", supply="fuel", description="F-76")])  # fmt: skip
            made.meet()
        self.after = made["JP"].state()["channels"]
        made["JP"].close()
        self.folder = folder
        self.put_back(folder / "JP")
        made.clock.instant = "2026-11-24T08:00:00Z"
        made.wires.nodes["JP"] = made.open("JP")
        made.clock.instant = "2026-11-24T09:00:00Z"

    def put_back(self, place: Path) -> None:
        """Yesterday's folder at a place."""
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder / "yesterday", place)

    def another(self, place: Path) -> Node:
        """Another Japan of yesterday, put back at eight."""
        self.put_back(place)
        self.made.clock.instant = "2026-11-24T08:00:00Z"
        node = Node.open(place, law(), self.made.clock, Seeded("JP another"), self.made.wires)
        self.made.clock.instant = "2026-11-24T09:00:00Z"
        return node


def test_a_restored_node_without_an_address_is_healed_by_a_file(tmp_path: Path) -> None:
    """It signs nothing, until Australia's file gave back what it lacks."""
    restored = Restored(tmp_path)
    made = restored.made
    with pytest.raises(Problem) as found:
        made["JP"].courier_pack("AU", tmp_path / "none")
    assert found.value.check in {"node-restored", "node-behind"}
    made["AU"].courier_pack("JP", tmp_path / "back", whole=True, give_back=True)
    made["JP"].courier_open(tmp_path / "back")
    assert made["JP"].state()["channels"] == restored.after
    made["JP"].courier_pack("AU", tmp_path / "again")
    made.close()


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Restored, list[Path]]]:
    """Three parts that give Japan's log back, none of which holds all of it."""
    folder = tmp_path_factory.mktemp("torn")
    restored = Restored(folder, 3)
    said: Any = restored.made["AU"].courier_pack("JP", folder / "back", whole=True, split=6300, give_back=True)
    parts = [Path(one["file"]) for one in said["parts"]]
    assert (said["back"], said["documents"], len(parts)) == (3, 4, 3)
    yield restored, parts
    restored.made.close()


TWICE = sorted({*itertools.permutations((0, 0, 1, 1, 2, 2))})


@pytest.mark.parametrize("few", [TWICE[start::6] for start in range(6)])
def test_parts_that_give_back_are_taken_in_any_order_each_twice(
    torn: tuple[Restored, list[Path]], tmp_path: Path, few: list[tuple[int, ...]]
) -> None:
    restored, parts = torn
    for order in few:
        node = restored.another(tmp_path / "JP")
        said: Any = {}
        for place, number in enumerate(order):
            said = node.courier_open(parts[number])
            whole = len({*order[: place + 1]}) == len(parts)
            assert bool(said["missing"] or said["missing_back"]) != whole, order
            assert said["cut"] is whole, order
            # What had come is not needed again, whatever came before it.
            assert not whole or node.state()["channels"] == restored.after, order
        assert (said["waiting"], said["new"], said["new_back"]) == (0, 0, 0), order
        node.verify()
        # It signs again.
        node.courier_pack("AU", tmp_path / "again")
        (tmp_path / "again").unlink()
        node.close()


def test_what_is_missing_of_ones_own_log_is_named(torn: tuple[Restored, list[Path]], tmp_path: Path) -> None:
    restored, parts = torn
    node = restored.another(tmp_path / "JP")
    said: Any = node.courier_open(parts[1])
    assert (said["new"], said["new_back"]) == (0, 0)
    assert said["missing_back"]
    said = node.courier_open(parts[0])
    assert said["missing_back"] == []
    node.close()


def test_a_document_that_saw_more_than_was_ever_written_does_not_wait_but_is_refused(tmp_path: Path) -> None:
    """Only what our own signature counts can be on its way back to us."""
    made = Nations(tmp_path, "AU", "JP")
    to_operation(made)
    pen = Pen(tmp_path / "AU", "JP")
    pen.sent(made["AU"].envelope(str(made["AU"].list("documents")[0]["hash"])))
    lie = pen.write("operation", "operation:LIE", operation(operation="LIE"), ["logistics"], seen=7)
    core = made["AU"].core
    mine = own_checkpoint(core, "JP")
    header = Header.model_validate({"gokei": 1, "from": "AU", "to": "JP", "courier": "00" * 8, "part": 1, "parts": 1,
                                    "offer": write_offer(core, "JP", mine).decode(), "back": 0,
                                    "documents": 1})  # fmt: skip
    write(tmp_path / "lie", header, [lie], str(core.partner("JP").card.sealing))
    with pytest.raises(Problem) as found:
        made["JP"].courier_open(tmp_path / "lie")
    assert found.value.check == "door-5-seen"
    assert made["JP"].refusals()
    made.close()


class Counted:
    """Takes a file's lines and keeps none."""

    def __init__(self) -> None:
        self.lines = 0

    def begin(self, header: Header) -> None:
        pass

    def document(self, envelope: bytes) -> None:
        self.lines += 1

    back = document


LINES = 300


def large_file(folder: str) -> None:
    """Seal and open more than 100 MB; print their number of lines, and by how many bytes this process grew."""
    path, identity, counted = Path(folder) / "large", pyrage.x25519.Identity.generate(), Counted()
    header = Header.model_validate({"gokei": 1, "from": "AU", "to": "JP", "courier": "00" * 8, "part": 1, "parts": 1,
                                    "offer": "", "back": 0, "documents": LINES})  # fmt: skip
    lines = (bytes([97 + number % 26]) * limits.ENVELOPE_BYTES for number in range(LINES))
    before = resident()
    written = write(path, header, lines, str(identity.to_public()))
    assert written.size == path.stat().st_size > 100_000_000
    assert read(path, [str(identity)], counted) == 0
    sys.stdout.write(f"{counted.lines} {resident() - before}")


def test_a_file_costs_the_memory_of_a_line_whatever_its_size(tmp_path: Path) -> None:
    """What is held at a time is a piece of 64 KiB and a line, in a process of its own."""
    code = f"from tests.node.test_courier import large_file; large_file({str(tmp_path)!r})"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, timeout=60).stdout
    lines, grown = (int(one) for one in said.split())
    assert lines == LINES
    assert grown < 32 * 1024 * 1024


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"{}\n", b"x" * (limits.COURIER_HEADER_BYTES + 1), b"HEADER", b"HEADER\n", b"HEADER\none\n",
        b"HEADER\none\ntwo\nthree\n", b"HEADER\none\ntwo",
        b"HEADER\none\n" + b"x" * (limits.ENVELOPE_BYTES + 1) + b"\n",
    ],
)  # fmt: skip
def test_what_has_not_the_lines_that_it_says_is_no_courier_file(tmp_path: Path, content: bytes) -> None:
    identity = pyrage.x25519.Identity.generate()
    header = Header.model_validate({"gokei": 1, "from": "AU", "to": "JP", "courier": "00" * 8, "part": 1, "parts": 1,
                                    "offer": "", "back": 1, "documents": 1})  # fmt: skip
    content = content.replace(b"HEADER", header.encode().rstrip())
    (tmp_path / "file").write_bytes(pyrage.encrypt(content, [identity.to_public()]))
    with pytest.raises(BadInput) as found:
        read(tmp_path / "file", [str(identity)], Counted())
    assert found.value.check == "courier-content"
