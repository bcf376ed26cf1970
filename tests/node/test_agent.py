"""An agent that signs: what it signs and for whom, and a node that has one, has none, or has something else there."""

from __future__ import annotations

import base64
import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.journal import envelopes
from gokei.journal.publickeys import claim
from gokei.journal.purposes import may_sign
from gokei.node import agent, agent_server, folder
from gokei.node.agent import AgentKeys
from gokei.node.node import Node
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadCall, Problem, Refused, Unavailable
from tests.journal.makers import Nation
from tests.nations import FACTS, Nations
from tests.node.test_keys import REPORT

JAPAN = Nation("JP")


@pytest.fixture
def japan(tmp_path: Path) -> Path:
    Node.create(tmp_path / "JP", "JP", "exercise")
    return tmp_path / "JP"


@contextmanager
def serving(place: Path, path: Path) -> Iterator[None]:
    ready, stop = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=agent_server.serve, args=(folder.open_keyring(place), path, ready.set, stop), daemon=True
    )
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
    assert not path.exists()


@contextmanager
def answering(path: Path, answer: Callable[[bytes], bytes | None]) -> Iterator[None]:
    """Something else at the agent's place; None is no answer at all, with the connection held open."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    listening.listen()
    held: list[socket.socket] = []

    def attend() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            held.append(connection)
            found = answer(agent.read_line(connection))
            if found is not None:
                connection.sendall(found)
                connection.close()

    thread = threading.Thread(target=attend, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
        for one in held:
            one.close()
        path.unlink()


def document(author: str = "JP", office: str = "logistics") -> bytes:
    from gokei.journal.door import LogHead

    raw = JAPAN.document("AU", LogHead(), offices=(office,)).raw
    payload = envelopes.Envelope.decode(raw, envelopes.DOCUMENT).payload
    return envelopes.pre_authentication_encoding(envelopes.DOCUMENT, payload)


# What is signed


def test_each_key_signs_what_is_its_own() -> None:
    assert may_sign(document(), "logistics")
    assert not may_sign(document(), "finance")
    assert not may_sign(document(), "node")
    assert may_sign(document(office="node"), "node")
    card = envelopes.Envelope.decode(JAPAN.card(), envelopes.CARD)
    spelt = envelopes.pre_authentication_encoding(envelopes.CARD, card.payload)
    assert may_sign(spelt, "root")
    assert not may_sign(spelt, "node")
    want = envelopes.pre_authentication_encoding(envelopes.WANT, b'{"gokei":1}')
    assert may_sign(want, "node")
    assert not may_sign(want, "logistics")
    assert may_sign(claim("JP", "real", "logistics"), "logistics")
    assert not may_sign(claim("JP", "real", "logistics"), "finance")


CHECKPOINT = (
    b"gokei/exercise/AU-JP/JP\n5\n" + base64.b64encode(b"r" * 32) + b"\nseen 3 " + base64.b64encode(b"s" * 32)
    + b"\ntime 2026-11-24T06:00:00Z\n"
)  # fmt: skip


def test_checkpoints_and_cosignatures_are_the_nodes() -> None:
    for text in (CHECKPOINT, b"cosignature/v1\ntime 1764054000\n" + CHECKPOINT):
        assert may_sign(text, "node")
        assert not may_sign(text, "logistics")
        assert not may_sign(text + b"more", "node")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"hello",
        b"\x00" * 32,
        b"DSSEv1 ",
        b"DSSEv1 36 application/vnd.gokei.document+json 2 {}",
        b'DSSEv1 32 application/vnd.gokei.want+json 11 {"gokei":1}',
        b'DSSEv1 33 application/vnd.gokei.want+json 12 {"gokei":1}',
        b'DSSEv1 33 application/vnd.gokei.want+json 11 {"gokei":1} ',
        b'DSSEv1 16 application/json 11 {"gokei":1}',
        b'{"gokei":"holds this key"}',
        b"gokei/exercise/AU-JP/JP\n5\n",
    ],
)
def test_nothing_else_is_signed(message: bytes) -> None:
    assert not [office for office in ("node", "logistics", "root") if may_sign(message, office)]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_not_signed(message: bytes) -> None:
    assert not may_sign(message, "node")


# A node that has an agent


def test_a_node_with_an_agent_signs_without_its_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nations = Nations(tmp_path, "AU", "JP")
    path = tmp_path / "agent"
    nations["AU"].close()
    with serving(tmp_path / "AU", path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        monkeypatch.setenv(agent.VARIABLE, f"unix:{path}")
        hidden = tmp_path / "AU" / folder.KEYS / "passphrase"
        hidden.rename(tmp_path / "away")
        nations.wires.nodes["AU"] = nations.open("AU")
        monkeypatch.delenv(agent.VARIABLE)
        (tmp_path / "away").rename(hidden)
        assert isinstance(nations["AU"].core.folder.keys, AgentKeys)
        nations["AU"].unlock()
        hidden.unlink()
        nations["AU"].act(REPORT | {"facts": dict(FACTS)})
        nations.meet()
        nations["JP"].verify()
        assert nations["AU"].state()["channels"] == nations["JP"].state()["channels"]
    before = nations["AU"].state()
    with pytest.raises(Unavailable) as found:
        nations["AU"].act(REPORT | {"operation": "LATER"})
    assert found.value.check == "signer-away"
    assert "gokei keys agent" in found.value.next_text()
    assert nations["AU"].state() == before
    nations.close()


def signer(path: Path, japan: Path) -> Any:
    """The node's key at an agent that was asked for its keys once, while it was the right one."""
    keys = AgentKeys(path)
    keys._held = folder.open_keyring(japan).holds()
    return keys.signer(next(one.key for one in keys._held if one.office == "node"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"signature": "00"}\n',
        b'{"signature": null}\n',
        b'{"signature": "' + b"00" * 64 + b'"}\n',
        b'{"signature": "' + b"zz" * 64 + b'"}\n',
        b"x" * (limits.AGENT_BYTES + 100),
    ],
)
def test_garbage_is_no_signature(japan: Path, tmp_path: Path, answer: bytes) -> None:
    with answering(tmp_path / "agent", lambda line: answer):
        with pytest.raises(Unavailable) as found:
            signer(tmp_path / "agent", japan).sign(claim("JP", "exercise", "node"))
        assert found.value.check in {"signer-answer", "signer-away"}
        with pytest.raises(Unavailable):
            AgentKeys(tmp_path / "agent").holds()


def test_a_signature_by_another_key_is_none(japan: Path, tmp_path: Path) -> None:
    def other(line: bytes) -> bytes:
        message = base64.b64decode(json.loads(line)["message"])
        return canonical({"signature": JAPAN.root.sign(message).hex()}) + b"\n"

    with answering(tmp_path / "agent", other), pytest.raises(Unavailable) as found:
        signer(tmp_path / "agent", japan).sign(claim("JP", "exercise", "node"))
    assert found.value.check == "signer-answer"


def test_an_agent_that_does_not_answer_is_given_up(japan: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "AGENT_SECONDS", 0.2)
    with answering(tmp_path / "agent", lambda line: None), pytest.raises(Unavailable) as found:
        signer(tmp_path / "agent", japan).sign(claim("JP", "exercise", "node"))
    assert found.value.check == "signer-slow"


def test_the_agent_refuses_what_no_key_signs(japan: Path, tmp_path: Path) -> None:
    path = tmp_path / "agent"
    with serving(japan, path):
        with pytest.raises(Refused) as found:
            signer(path, japan).sign(b"anything at all")
        assert found.value.check == "signer-refused"
        for line in (b"", b"{}", b"[1]", b'{"ask": "secrets"}', b'{"ask": "sign", "key": "00", "message": "!"}'):
            assert agent_answer(path, line) == {"refused": "request"}
        assert "keys" in agent_answer(path, b'{"ask": "keys"}')


def agent_answer(path: Path, line: bytes) -> Any:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        connection.connect(str(path))
        connection.sendall(line + b"\n")
        return json.loads(agent.read_line(connection))


def test_one_that_dawdles_does_not_keep_the_others_out(japan: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "AGENT_SECONDS", 0.5)
    path = tmp_path / "agent"
    with serving(japan, path):
        idle = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(5)]
        for one in idle:
            one.connect(str(path))
            one.sendall(b'{"ask"')
        assert "keys" in agent_answer(path, b'{"ask": "keys"}')
        idle[0].settimeout(5)
        # Its time is over: the agent hangs up, without an answer.
        assert idle[0].recv(10) == b""
        for one in idle:
            one.close()


def test_the_agent_makes_way_for_no_file_and_no_living_agent(japan: Path, tmp_path: Path) -> None:
    path = tmp_path / "agent"
    path.write_text("mine", "ascii")
    with pytest.raises(Problem) as found:
        agent_server.serve(folder.open_keyring(japan), path, lambda: None, threading.Event())
    assert found.value.check == "socket-taken"
    assert path.read_text("ascii") == "mine"
    path.unlink()
    with serving(japan, path):
        with pytest.raises(Problem) as found:
            agent_server.serve(folder.open_keyring(japan), path, lambda: None, threading.Event())
        assert found.value.check == "socket-taken"
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(path))
    left.close()
    with serving(japan, path):
        assert "keys" in agent_answer(path, b'{"ask": "keys"}')


@pytest.mark.parametrize("setting", ["/path", "tcp:1.2.3.4:5", "unix:relative", "nonsense"])
def test_a_setting_that_is_no_address_is_a_wrong_call(japan: Path, monkeypatch: Any, setting: str) -> None:
    monkeypatch.setenv(agent.VARIABLE, setting)
    with pytest.raises(BadCall) as found:
        folder.load(japan)
    assert found.value.check == "signer-setting"
    assert os.environ[agent.VARIABLE] == setting
