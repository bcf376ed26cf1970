"""Callers that say nothing, say it slowly, or never end: each is bounded, and everyone else is served meanwhile."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from gokei.faces.serving import CONNECTIONS
from gokei.terms import limits
from tests.field import context, free_port
from tests.nations import Nations
from tests.outside.impatient import SECONDS
from tests.outside.test_acknowledged_after_flush import wait_for
from tests.outside.tracing import ROOT

SLOW = 100


class Server:
    def __init__(self, folder: Path) -> None:
        Nations(folder, "AU", "GB", "JP").close()
        self.port = free_port()
        self.context = context(folder / "AU", "JP")
        self.honest = context(folder / "GB", "JP")
        command = [sys.executable, "-m", "tests.outside.impatient", "node", "serve", str(folder / "JP"), "--port", "0"]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--exchange-port", str(self.port)], cwd=ROOT, stdout=log, stderr=log
            )
        wait_for(self.address, self.process, self.context)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def caller(self, said: bytes = b"") -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        found = self.context.wrap_socket(found)
        found.sendall(said)
        return found

    def served(self) -> float:
        """How long an honest call takes."""
        began = time.monotonic()
        where = f"{self.address}/exchange/GB/documents"
        answer = httpx.post(where, content=b"{}", verify=self.honest, trust_env=False, timeout=20)
        assert answer.status_code in {409, 422}
        return time.monotonic() - began

    def resident(self) -> int:
        """The most memory that the server held so far, in bytes."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("slow"))
    yield found
    found.process.terminate()
    found.process.wait(30)


def closed_after(caller: socket.socket, most: float) -> float:
    """How long it takes until the server has closed the connection."""
    began = time.monotonic()
    caller.settimeout(most)
    try:
        while caller.recv(65_536):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - began


def cut_off(caller: socket.socket, piece: bytes, times: int) -> bool:
    """Whether the server ended it before all was said."""
    try:
        for _ in range(times):
            caller.sendall(piece)
    except OSError:
        return True
    return False


HEAD = b"POST /exchange/AU/documents HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"POST /exch",
        HEAD,
        HEAD + b"Content-Length: 1000\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["nothing", "half-a-line", "half-a-head", "half-a-body", "half-a-piece"],
)
def test_who_does_not_end_a_request_is_let_go_and_holds_up_nobody(server: Server, said: bytes) -> None:
    with ExitStack() as calls:
        slow = [calls.enter_context(server.caller(said)) for _ in range(SLOW)]
        assert server.served() < 2
        assert closed_after(slow[0], SECONDS * 4) < SECONDS * 3
        assert server.served() < 2


def test_who_says_a_byte_now_and_then_is_let_go_as_well(server: Server) -> None:
    """The time counts for the whole request, so that bytes that trickle in win none."""
    with server.caller(HEAD) as slow:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < SECONDS * 5:
                slow.sendall(b"a")
                time.sleep(0.2)
        assert time.monotonic() - began < SECONDS * 3


def test_as_many_silent_callers_as_there_are_places_are_gone_in_time(server: Server) -> None:
    with ExitStack() as calls:
        for _ in range(CONNECTIONS + 20):
            calls.enter_context(server.caller())
        time.sleep(SECONDS * 1.5)
        assert server.served() < 2


def test_a_head_that_never_ends_costs_no_memory(server: Server) -> None:
    before = server.resident()
    for start, piece in (
        (HEAD, b"X-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000),
        (b"GET /", b"a" * 50_000),
    ):
        with server.caller(start) as caller:
            assert cut_off(caller, piece, 2000)
    assert server.resident() - before < 32 * 1024 * 1024
    assert server.served() < 2


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_never_ends_costs_its_bound(server: Server, chunked: bool) -> None:
    before = server.resident()
    head = HEAD + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 99999999999\r\n\r\n")
    piece = b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n" if chunked else b"a" * 0xFFFF
    with server.caller(head) as caller:
        cut_off(caller, piece, 500)
    assert server.resident() - before < 8 * limits.EXCHANGE_BODY_BYTES
    assert server.served() < 2


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(server: Server) -> None:
    with server.caller(HEAD + b"Content-Length: 10000000\r\n\r\n") as caller:
        caller.settimeout(5)
        assert b" 422 " in caller.recv(65_536).partition(b"\r\n")[0]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [1, 64_000, 65_536, 100_000, limits.EXCHANGE_BODY_BYTES])
def test_a_body_that_comes_in_one_piece_with_its_head_is_no_head(server: Server, size: int, chunked: bool) -> None:
    body = b"[" * size
    said = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    if chunked:
        pieces = (body[at : at + 30_000] for at in range(0, len(body), 30_000))
        said = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        said += b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces) + b"0\r\nX: y\r\n\r\n"
    with server.caller() as caller:
        for _ in range(3):
            caller.sendall(said)
            answer = b""
            while not answer.endswith(b"}"):
                more = caller.recv(65_536)
                assert more, answer
                answer += more
            assert b" 409 " in answer.partition(b"\r\n")[0], answer[:300]


def test_a_head_that_never_ends_after_a_request_costs_no_memory(server: Server) -> None:
    """The bytes that end one request are not counted as the next one's head; all that follow are."""
    before = server.resident()
    with server.caller(HEAD + b"Content-Length: 2\r\n\r\n{}" + HEAD) as caller:
        assert cut_off(caller, b"X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000, 2000)
    assert server.resident() - before < 32 * 1024 * 1024


def test_trailers_that_never_end_cost_no_memory(server: Server) -> None:
    before = server.resident()
    with server.caller(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n") as caller:
        assert cut_off(caller, b"X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000, 2000)
    assert server.resident() - before < 32 * 1024 * 1024
