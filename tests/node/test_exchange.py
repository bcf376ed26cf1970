"""Two nations' nodes over real sockets: every document once, in order, whatever breaks on the way; equal books."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pyrage
import pytest

from gokei.journal import envelopes
from gokei.node.courier import read as read_bundle
from gokei.node.edges import HttpsNetwork
from gokei.node.exchange import sync
from gokei.node.node import Node
from gokei.node.ports import Network
from gokei.node.tls import Credentials
from gokei.terms.problems import BadInput, Refused, Unavailable
from tests.field import Field
from tests.nations import Clock, Nations, Seeded, change, law, line, to_claim, to_order
from tests.node.forging import Pen, operation

CHANNEL = "AU-JP"
CALLS = 4
"""How it stands, a window of documents, a pull, checkpoints."""


def channels(*nodes: Node) -> list[Any]:
    found: list[Any] = [node.state()["channels"] for node in nodes]
    return [one[CHANNEL] for one in found]


def equal(one: Node, other: Node) -> bool:
    here, there = channels(one, other)
    return bool(here == there)


class Breaking:
    """The real network, that loses the answer to (or never sends) every call whose number is named."""

    def __init__(self, real: Network, lost: int, sent: bool) -> None:
        self._real = real
        self._lost = lost
        self._sent = sent
        self.calls = 0

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        self.calls += 1
        if self.calls != self._lost:
            return self._real.post(address, path, body)
        if self._sent:
            self._real.post(address, path, body)
        raise Unavailable(check="partner-unreachable", detail="The line broke.")


def test_over_a_socket_a_line_that_breaks_anywhere_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Each call of the exchange is broken once, before it and after it; then all is said again, to its end."""
    made = Nations(tmp_path, "AU", "JP")
    made.close()
    field = Field(tmp_path, ("JP",))
    try:
        lost, broken = 0, True
        while broken:
            lost += 1
            for sent in (False, True):
                broken = told_with_a_break(tmp_path / "AU", field.nodes["JP"].exchange, f"OP-{lost}-{sent}", lost, sent)
        assert lost > CALLS
    finally:
        field.stop()
    australia, japan = Node.open(tmp_path / "AU", law()), Node.open(tmp_path / "JP", law())
    assert equal(australia, japan)
    hashes = [row["hash"] for row in japan.list("documents")]
    assert len(hashes) == len(set(hashes)) == 2 * lost
    for node in (australia, japan):
        node.verify()
        node.close()


def told_with_a_break(folder: Path, address: str, name: str, lost: int, sent: bool) -> bool:
    """One document written and carried; whether the exchange had a call of that number to break."""
    node = Node.open(folder, law())
    real = node.core.wire("JP")
    node.core.network = Breaking(real, lost, sent)
    node.act({
        "type": "operation", "to": "JP", "agreement": "acsa-jp-au-2017", "operation": name, "name": "Exercise",
        "activity": "joint_exercise", "place": "AU", "starts": "2017-09-01", "ends": "2017-09-30",
        "forces": ["AU", "JP"], "facts": {},
    })  # fmt: skip
    broken = False
    try:
        sync(node.core, "JP", address)
    except Unavailable:
        broken = True
    node.core.network = real
    found: Any = sync(node.core, "JP", address)
    assert found["cut"] is True
    assert found["refused"] == []
    assert node.settled_with("JP")
    node.close()
    return broken


def test_two_served_nodes_carry_everything_by_themselves(tmp_path: Path) -> None:
    made = Nations(tmp_path, "AU", "JP")
    to_claim(made)
    paid = {"method": "payment", "amount": "820800", "currency": "JPY", "reference": "BOJ-1", "line": 1}
    claim = str(made["AU"].list("claims")[0]["claim"])
    made.act("AU", type="settlement", to="JP", order="AU-1", claim=claim, parts=[paid])
    before = channels(made["AU"])[0]
    made.close()
    field = Field(tmp_path, ("AU", "JP"))
    try:
        wait_for_a_cut(tmp_path, "AU", "JP")
    finally:
        field.stop()
    nodes = [Node.open(tmp_path / nation, law()) for nation in ("AU", "JP")]
    assert equal(*nodes)
    assert channels(nodes[1])[0]["documents"] == before["documents"]
    for node in nodes:
        node.close()


def wait_for_a_cut(folder: Path, *nations: str) -> None:
    until = time.monotonic() + 30
    nodes = [Node.open(folder / nation, law()) for nation in nations]
    while not all(node.settled_with(other) for node, other in zip(nodes, reversed(nations), strict=True)):
        assert time.monotonic() < until, "no cut was reached"
        time.sleep(0.1)
    for node in nodes:
        node.close()


def test_a_partner_that_is_not_there_loses_nothing(nations: Nations) -> None:
    wires = HttpsNetwork()
    wires.show(Credentials(nations["AU"].core))
    nations["AU"].core.network = wires
    before = nations["AU"].state()
    with pytest.raises(Unavailable) as found:
        sync(nations["AU"].core, "JP", "https://127.0.0.1:9")
    assert found.value.check == "partner-unreachable"
    assert found.value.detail_text().endswith("cannot be reached: Connection refused.")
    assert nations["AU"].state() == before


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>busy</html>", b"[1]", b'{"payload":"!!"}', b'{"payload":"bm8="}', b'{"payload":"W10="}', b"\xff" * 9],
)
@pytest.mark.parametrize("status", [200, 301, 409, 500])
def test_whatever_a_partner_answers_is_a_problem_and_never_a_fault_of_ours(
    nations: Nations, status: int, answer: bytes
) -> None:
    class Odd:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            return status, answer

    before = nations["AU"].state()
    nations["AU"].core.network = Odd()
    with pytest.raises((Refused, BadInput)) as found:
        sync(nations["AU"].core, "JP", "http://partner")
    assert found.value.detail_text()
    assert nations["AU"].state() == before


def test_a_partner_that_gives_the_same_documents_for_ever_is_left_alone(nations: Nations) -> None:
    to_order(nations)
    wires = nations.wires
    held = nations["JP"].envelope(str(nations["JP"].list("documents")[0]["hash"]))

    class Again:
        calls = 0

        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            Again.calls += 1
            return (200, held) if path.endswith("pull") else wires.post(address, path, body)

    author = json.loads(envelopes.Envelope.decode(held, envelopes.DOCUMENT).payload)["author"]
    asker = "JP" if author == "AU" else "AU"
    nations[asker].core.network = Again()
    sync(nations[asker].core, author, author)
    assert Again.calls < 10


def test_an_old_answer_in_the_place_of_the_documents_is_no_exchange(nations: Nations) -> None:
    """The partner's signed checkpoint says that there are more; until they are here nothing is settled (seed 9981)."""
    to_order(nations)
    wires = nations.wires

    class Old:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            return (200, b"") if path.endswith("pull") else wires.post(address, path, body)

    nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12")])
    nations["AU"].core.network = Old()
    with pytest.raises(Refused) as found:
        sync(nations["AU"].core, "JP", "JP")
    assert found.value.check == "partner-short"
    nations["AU"].core.network = wires
    assert sync(nations["AU"].core, "JP", "JP")["cut"] is True


def test_by_courier_both_ways_and_opened_twice(nations: Nations, tmp_path: Path) -> None:
    to_order(nations)
    delivered = nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12")])
    first: Any = nations["JP"].courier_pack("AU", tmp_path / "one.courier")
    assert first["documents"] == 1
    opened: Any = nations["AU"].courier_open(tmp_path / "one.courier")
    assert (opened["new"], opened["cut"]) == (1, True), "Australia knows that Japan has seen all; Japan does not yet"
    assert nations["AU"].show("document", str(delivered["hash"]))["standing"] == "final"
    assert nations["JP"].show("document", str(delivered["hash"]))["standing"] == "pending"
    nations["AU"].courier_pack("JP", tmp_path / "two.courier")
    assert nations["JP"].courier_open(tmp_path / "two.courier")["cut"] is True
    assert nations["JP"].show("document", str(delivered["hash"]))["standing"] == "final"
    before = nations["AU"].state()
    again: Any = nations["AU"].courier_open(tmp_path / "one.courier")
    assert again["new"] == 0
    assert nations["AU"].state() == before
    assert equal(nations["AU"], nations["JP"])


def test_a_courier_file_is_for_its_reader_alone_and_whole(nations: Nations, tmp_path: Path) -> None:
    to_order(nations)
    file = tmp_path / "one.courier"
    nations["JP"].courier_pack("AU", file, whole=True)
    before = nations["JP"].state()
    with pytest.raises(BadInput) as found:
        nations["JP"].courier_open(file)
    assert found.value.check == "courier-sealed"
    whole = file.read_bytes()
    for broken in (b"", whole[:-1], whole[: len(whole) // 2], whole[:-9] + b"x" + whole[-8:], b"\x00" * 5000):
        file.write_bytes(broken)
        with pytest.raises(BadInput) as found:
            nations["AU"].courier_open(file)
        assert found.value.check in {"courier-sealed", "courier-content"}
    assert nations["JP"].state() == before


def test_held_against_the_partners_bundle_the_books_are_equal_and_a_fork_is_named(
    nations: Nations, tmp_path: Path
) -> None:
    to_order(nations)
    nations["JP"].courier_pack("AU", tmp_path / "whole.courier", whole=True)
    said: Any = nations["AU"].verify(tmp_path / "whole.courier")
    assert said["verified"] is True
    assert said["against"]["equal"] is True
    bundle = read_bundle(nations["AU"].core, tmp_path / "whole.courier")
    assert bundle.header.documents == said["against"]["held"]
    signed = envelopes.sign(
        envelopes.OFFER, bundle.offer(nations["AU"].core).model_dump_json().encode(), [nations["JP"].core.node_signer]
    )
    forge(nations, tmp_path, signed.encode().decode())
    with pytest.raises(Refused) as found:
        nations["AU"].verify(tmp_path / "forked.courier")
    assert found.value.check == "verify-against"
    assert "1" in found.value.detail_text()


def forge(nations: Nations, folder: Path, offer: str) -> None:
    """Japan's own bundle with another document in the place of its first."""
    other = Pen(nations.folder / "JP", "AU").write("operation", "operation:X", operation(operation="X"), ["logistics"])
    header = {"gokei": 1, "from": "JP", "to": "AU", "courier": "00" * 8, "part": 1, "parts": 1, "offer": offer,
              "back": 0, "documents": 1}  # fmt: skip
    sealing = nations["JP"].core.partner("AU").card.sealing
    content = json.dumps(header).encode() + b"\n" + other + b"\n"
    sealed = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(str(sealing))])
    (folder / "forked.courier").write_bytes(sealed)


def test_everything_again_from_the_bytes_gives_the_same_books(nations: Nations) -> None:
    to_claim(nations)
    for nation in ("AU", "JP"):
        before = nations[nation].state()
        change(nations[nation].core.store, "DELETE FROM views")
        with pytest.raises(Refused) as found:
            nations[nation].verify()
        assert found.value.check == "verify-view"
        assert nations[nation].rebuild() == before
        nations[nation].verify()


@pytest.mark.parametrize("what", ["envelope", "hash", "removed"])
def test_one_byte_changed_in_the_store_is_found(nations: Nations, what: str) -> None:
    to_order(nations)
    store = nations["AU"].core.store
    row = store.rows("SELECT rowid, envelope FROM documents WHERE author='JP' AND sequence=1")[0]
    if what == "envelope":
        changed = row[1][:200] + bytes([row[1][200] ^ 1]) + row[1][201:]
        change(store, "UPDATE documents SET envelope=? WHERE rowid=?", (changed, row[0]))
    elif what == "hash":
        change(store, "UPDATE documents SET hash=? WHERE rowid=?", ("sha256:" + "0" * 64, row[0]))
    else:
        change(store, "DELETE FROM documents WHERE rowid=?", (row[0],))
    with pytest.raises((Refused, BadInput)) as found:
        nations["AU"].verify()
    assert found.value.detail_text()


def test_clocks_that_differ_are_reported_and_order_nothing(tmp_path: Path) -> None:
    """By as much as the partner's clock is before ours; what the exchange itself takes is no difference."""
    nations = Nations(tmp_path, "AU", "JP")
    to_order(nations)
    later = Clock()
    later.instant = "2026-11-24T07:00:00Z"
    nations["JP"].close()
    nations.wires.nodes["JP"] = Node.open(tmp_path / "JP", law(), later, Seeded("later"), nations.wires)
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **operation(operation="X"))

    class Slow:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            answer = nations.wires.post(address, path, body)
            if path.endswith("/batch"):
                nations.clock.instant, later.instant = "2026-11-24T06:20:00Z", "2026-11-24T07:20:00Z"
            return answer

    nations["AU"].core.network = Slow()
    assert nations["AU"].sync("JP", "JP")["clock_skew"] == 3600
    assert nations["JP"].sync("AU", "AU")["clock_skew"] == -3600
    assert nations["AU"].state()["channels"] == nations["JP"].state()["channels"]
    nations.close()
