"""What no partner and no caller should send, at a served node: its own clear answer each, and nothing changed or lost.

The documents are signed with the partner's real keys, so that the door cannot turn them away for a poor signature.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gokei.journal import envelopes
from gokei.journal.writing import SignedRefusal
from gokei.node.answering import VERBS
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.field import Field, context, wire
from tests.nations import FACTS, law
from tests.node.forging import Pen, operation

NATIONS = ("AU", "GB", "JP")
GIGABYTE = 1_000_000_000
MEBIBYTES_MORE = 100


class Door:
    """Japan's served node, and Australia's and Britain's pens."""

    def __init__(self, folder: Path, field: Field) -> None:
        self.address = field.nodes["JP"].address
        self.process = field.processes["JP"].pid
        self.token = field.nodes["JP"].tokens["logistics"]
        self.pen = Pen(folder / "AU", "JP")
        self.british = Pen(folder / "GB", "JP")
        self.key = Pen(folder / "JP", "AU").key("node").verify_key
        self.client = httpx.Client(timeout=30, trust_env=False)
        self.exchange = field.nodes["JP"].exchange
        self.context = context(folder / "AU", "JP")
        self.wires = {nation: wire(folder / nation, "JP") for nation in ("AU", "GB")}

    def send(self, raw: bytes, author: str = "AU") -> httpx.Response:
        return self.wires[author].post(f"{self.exchange}/exchange/{author}/documents", content=raw)

    def get(self, path: str) -> Any:
        return self.client.get(f"{self.address}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"}).json()

    def memory(self) -> int:
        """The most memory that the node's process has held so far, in MiB."""
        lines = Path(f"/proc/{self.process}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

    def state(self) -> JsonObject:
        found: JsonObject = self.get("/state")
        return found

    def refused(self, raw: bytes, check: str, author: str = "AU") -> str:
        """The bytes are refused by this check, with Japan's signature under it, and no state changes."""
        before = self.state()
        answer = self.send(raw, author)
        assert answer.status_code in {409, 413, 422}, answer.text
        envelope = envelopes.Envelope.decode(answer.content, envelopes.REFUSAL)
        assert envelopes.verifies(envelope, 0, self.key)
        refusal = SignedRefusal.model_validate_json(envelope.payload)
        assert refusal.check == check, refusal
        assert "{" not in refusal.detail
        assert self.state() == before
        return refusal.detail

    def taken(self, raw: bytes) -> JsonObject:
        answer = self.send(raw)
        assert answer.status_code == 200, answer.text
        found: JsonObject = answer.json()
        self.pen.sent(raw)
        return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nations; Japan and Australia are partners, and Japan and Britain."""
    found = tmp_path_factory.mktemp("bad")
    for nation in NATIONS:
        Node.create(found / nation, nation, "exercise")
    nodes = {nation: Node.open(found / nation, law()) for nation in NATIONS}
    for partner in ("AU", "GB"):
        nodes["JP"].add_partner(nodes[partner].card())
        nodes[partner].add_partner(nodes["JP"].card())
    for node in nodes.values():
        node.close()
    return found


@pytest.fixture(scope="module")
def door(folder: Path) -> Iterator[Door]:
    field = Field(folder, ("JP",))
    found = Door(folder, field)
    yield found
    found.client.close()
    field.stop()
    node = Node.open(folder / "JP", law())
    node.verify()
    before = node.state()
    assert node.rebuild() == before
    node.close()


@pytest.fixture
def good(door: Door) -> Iterator[bytes]:
    """The next document, which is right. After the test one that is right is let in: nothing before it did harm."""
    yield right(door)
    assert door.taken(right(door))["void"] is None


def right(door: Door) -> bytes:
    name = f"OP-{door.pen.size}"
    return door.pen.write("operation", f"operation:{name}", operation(operation=name), ["logistics"])


def test_a_truncated_envelope(door: Door, good: bytes) -> None:
    for length in range(0, len(good), 97):
        door.refused(good[:length], "door-2-envelope")


def test_a_replayed_document_gets_its_first_answer_and_happens_once(door: Door, good: bytes) -> None:
    first = door.taken(good)
    before = door.state()
    again = door.send(good)
    assert (again.status_code, again.json()) == (200, first)
    assert door.state() == before
    later = door.pen.write("operation", "operation:LATER", operation(operation="LATER"), ["logistics"])
    door.taken(later)
    assert door.send(good).json() == first
    assert door.send(good).json()["void"] is None


def test_a_document_under_another_nations_key(door: Door, good: bytes) -> None:
    payload = envelopes.Envelope.decode(good, envelopes.DOCUMENT).payload
    assert "GB" not in door.refused(door.british.sign(payload, ["logistics"]), "door-3-signature")


def test_another_nations_document_in_this_nations_name(door: Door, good: bytes) -> None:
    theirs = door.british.write("operation", "operation:OP", operation(), ["logistics"])
    door.refused(theirs, "door-3-signature")
    named = door.pen.write("operation", "operation:OP", operation(), ["logistics"], author="GB")
    door.refused(named, "door-6-author")


def test_a_document_of_an_unknown_nation(door: Door, good: bytes) -> None:
    before = door.state()
    answer = door.wires["AU"].post(f"{door.exchange}/exchange/KR/documents", content=good)
    assert (answer.status_code, answer.json()["check"]) == (403, "tls-nation")
    assert door.state() == before


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"environment": "real"}, "door-6-environment"),
        ({"reader": "US"}, "door-6-reader"),
        ({"seen": 99}, "door-5-seen"),
        ({"sequence": 10_000}, "door-5-gap"),
        ({"previous": "sha256:" + "f" * 64}, "door-5-previous"),
        ({"sequence": 0}, "door-6-frame"),
        ({"sequence": 1.5}, "door-6-frame"),
        ({"time": "yesterday"}, "door-6-frame"),
        ({"time": "2026-02-30T00:00:00Z"}, "door-6-frame"),
        ({"time": "2026-02-28T24:01:00Z"}, "door-6-frame"),
        ({"time": "1989-12-31T00:00:00Z"}, "door-4-term"),
        ({"offices": ["finance"]}, "door-4-office"),
        ({"colour": "blue"}, "door-6-frame"),
        ({"case": "operation:<script>"}, "door-6-frame"),
        ({"gokei": 2}, "door-6-frame"),
    ],
)
def test_a_frame_that_is_not_right(door: Door, good: bytes, change: dict[str, Any], check: str) -> None:
    payload = door.pen.payload("operation", "operation:OP", operation(), ["logistics"], **change)
    door.refused(door.pen.sign(payload, ["logistics"]), check)


def test_a_fork_of_the_log_is_refused_and_both_are_kept(door: Door, good: bytes) -> None:
    first = door.pen.write("operation", "operation:FORK", operation(operation="FORK"), ["logistics"])
    door.taken(first)
    door.refused(good, "door-5-fork")
    assert door.send(first).json()["void"] is None


VOID: list[tuple[str, Callable[[], dict[str, Any]], list[str], str]] = [
    ("without the power", operation, ["supply"], "door-7-power"),
    ("a date that does not exist", lambda: operation(starts="2017-02-30"), ["logistics"], "door-8-schema"),
    ("a date in other digits", lambda: operation(starts="２０１７-09-01"), ["logistics"], "door-8-schema"),
    ("an unknown field", lambda: operation(colour="blue"), ["logistics"], "door-8-schema"),
    ("no body at all", dict, ["logistics"], "door-8-schema"),
    ("a number for a text", lambda: operation(name=7), ["logistics"], "door-8-schema"),
]


@pytest.mark.parametrize(("body", "offices", "check"), [row[1:] for row in VOID], ids=[row[0] for row in VOID])
def test_authentic_but_wrong_enters_without_effect(
    door: Door, body: Callable[[], dict[str, Any]], offices: list[str], check: str
) -> None:
    """What its author truly signed stays on record: the log has no hole, and the case says why it is void."""
    case = f"operation:VOID-{door.pen.size}"
    found: Any = door.taken(door.pen.write("operation", case, body() | {"operation": case[10:]}, offices))
    assert found["void"]["check"] == check
    assert door.get(f"/operations/{case[10:]}")["state"] == "void"


ORDER = {"order": "AU-9", "operation": "OP", "provider": "JP", "recipient": "AU", "on": "2017-09-07",
         "activity": "joint_exercise", "place": "AU", "facts": dict(FACTS), "determination": {}}  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        {"quantity": "１２"},
        {"quantity": "1" + "0" * 400},
        {"quantity": "12,5"},
        {"quantity": "1e3"},
        {"quantity": "-1"},
        {"quantity": "NaN"},
        {"quantity": 12},
        {"unit": "<b>kL</b>"},
        {"unit": "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"},
        {"supply": "<img src=x onerror=alert(1)>"},
        {"line": 0},
    ],
)
def test_a_line_that_is_none_has_no_effect(door: Door, odd: dict[str, Any]) -> None:
    line = {"line": 1, "supply": "fuel", "description": "F-76", "quantity": "12", "unit": "kL", **odd}
    found: Any = door.taken(door.pen.write("request", "order:AU-9", ORDER | {"lines": [line]}, ["logistics"]))
    assert found["void"]["check"] == "door-8-schema"
    assert door.get("/orders/AU-9")["state"] == "void"


def test_a_document_larger_than_any(door: Door, good: bytes) -> None:
    large = door.pen.write("operation", "operation:OP", operation(name="x" * 400_000), ["logistics"])
    door.refused(large, "door-1-size")


@pytest.mark.parametrize("path", [*(f"/exchange/AU/{verb}" for verb in VERBS), "/api/v1/act"])
def test_a_body_of_one_gigabyte_is_refused_by_its_length(door: Door, good: bytes, path: str) -> None:
    """Before any of it is sent: the node answers and lets go."""
    before = door.state()
    partner = path.startswith("/exchange")
    parts = urlsplit(door.exchange if partner else door.address)
    with ExitStack() as ending:
        line = ending.enter_context(socket.create_connection((str(parts.hostname), parts.port), timeout=10))
        if partner:
            line = ending.enter_context(door.context.wrap_socket(line))
        head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {GIGABYTE}\r\n"
        head += (
            f"Authorization: Bearer {door.token}\r\nIdempotency-Key: large\r\nContent-Type: application/json\r\n\r\n"
        )
        line.sendall(head.encode())
        answer = b""
        while b'"type"' not in answer and (more := line.recv(65_536)):
            answer += more
    assert answer.startswith((b"HTTP/1.1 413", b"HTTP/1.1 422")), answer
    assert b"bytes" in answer or b"larger" in answer
    assert door.state() == before


def test_a_body_of_one_gigabyte_in_pieces_is_never_held(door: Door, good: bytes) -> None:
    """A sender that never says how much will come: what it sends is dropped, and it is told why."""
    before, memory = door.state(), door.memory()
    pieces = (b" " * 65_536 for _ in range(GIGABYTE // 65_536))
    answer = door.wires["AU"].post(f"{door.exchange}/exchange/AU/documents", content=pieces)
    assert answer.json()["check"] == "door-1-size"
    assert door.memory() - memory < MEBIBYTES_MORE
    assert door.state() == before


@pytest.mark.parametrize("verb", ["standing", "pull", "compare"])
def test_a_want_of_somebody_else(door: Door, good: bytes, verb: str) -> None:
    """Reading a log is for its reader: what Britain's node signs opens nothing of Australia's."""
    before = door.state()
    for raw in (b"", b"{}", good, b"\xff" * 100, b"[" * 100_000):
        answer = door.wires["AU"].post(f"{door.exchange}/exchange/AU/{verb}", content=raw)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert door.state() == before


@pytest.mark.parametrize("path", ["/exchange/AU", "/exchange/AU/delete", "/exchange/AU/documents/1"])
def test_a_path_that_is_none(door: Door, path: str) -> None:
    answer = door.wires["AU"].post(f"{door.exchange}{path}", content=b"{}")
    assert answer.json()["check"] == "exchange-path"
    assert door.wires["AU"].get(f"{door.exchange}/exchange/AU/documents").json()["check"] == "exchange-path"


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_the_pages_open_with_all_that_was_sent_on_record(door: Door, good: bytes, language: str) -> None:
    form = {"office": "logistics", "_next": "/"}
    assert door.client.post(f"{door.address}/{language}/sign-in", data=form).status_code == 303
    operations = [f"/operations/{row['operation']}?with=AU" for row in door.get("/operations")["items"]]
    documents = [f"/documents/{row['hash']}" for row in door.get("/documents?limit=500")["items"]]
    assert len(documents) > len(operations) > 1
    for path in ("/", "/orders", "/orders/AU-9?with=AU", "/new/request?to=AU", "/ledger", *operations, *documents):
        answer = door.client.get(f"{door.address}/{language}{path}")
        assert answer.status_code == 200, (path, answer.text[:500])
        assert not any(tag in answer.text for tag in ("<b>kL", "<img src=x", "<!DOCTYPE x")), path
    door.client.cookies.clear()
