"""Acknowledged means flushed: between a request's last byte read and its 200 sent, the log's write was flushed.

Seen from outside, in a trace of the served node's calls. The same walk over a node that does not flush must fail.
"""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest

from gokei.node.node import Node
from tests.field import context, free_port, wire
from tests.nations import Nations, law, line, to_operation
from tests.outside import tracing
from tests.outside.tracing import ROOT, Call

DOCUMENTS = 6
TRACED = "read,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,fdatasync,fsync"
READS = frozenset({"read", "recvfrom", "recvmsg"})
SENDS = frozenset({"write", "writev", "sendto", "sendmsg"})
START_SECONDS = 60.0


RECORD = r"\27\3\3"
"""How strace shows the beginning of a record of application data; a caller's first comes with its handshake's end."""


def waiting(folder: Path) -> list[bytes]:
    """Australia's next documents, that Japan does not have yet."""
    made = Nations(folder, "AU", "JP")
    to_operation(made)
    for number in range(DOCUMENTS):
        made.act(
            "AU", type="request", to="JP", order=f"AU-{number}", operation="DARWIN", on="2017-09-07",
            lines=[line("1", supply="fuel", description="F-76")],
        )  # fmt: skip
    listed = [str(one["hash"]) for one in made["AU"].list("documents")][-DOCUMENTS:]
    found = [made["AU"].envelope(name) for name in listed]
    made.close()
    return found


def traced(folder: Path, module: str, client: Callable[[str], None]) -> list[Call]:
    """All calls of a served node while `client` speaks with it."""
    port, trace = free_port(), folder / "trace"
    serve = [sys.executable, "-m", module, "node", "serve", str(folder / "JP"), "--port", "0"]
    serve += ["--exchange-port", str(port), "--json"]
    shown = context(folder / "AU", "JP")
    command = ["strace", "-f", "-yy", "-s", "200", "--seccomp-bpf", "-o", str(trace), "-e", f"trace={TRACED}", *serve]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_for(f"https://127.0.0.1:{port}", process, shown)
        client(f"https://127.0.0.1:{port}")
    finally:
        # strace takes no notice of SIGTERM until its child ends: the child is told.
        for child in children(process.pid):
            subprocess.run(["kill", str(child)], check=False)
        process.wait(30)
    return tracing.calls(trace.read_text(errors="replace"))


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def wait_for(address: str, process: subprocess.Popen[bytes], shown: ssl.SSLContext) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(address, verify=shown, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the node did not start")


def post_all(folder: Path, documents: Sequence[bytes]) -> Callable[[str], None]:
    def client(address: str) -> None:
        with wire(folder / "AU", "JP") as http:
            for raw in documents:
                assert http.post(f"{address}/exchange/AU/documents", content=raw).status_code == 200

    return client


def unflushed(calls: Sequence[Call]) -> tuple[int, list[str]]:
    """How many acknowledgements a trace shows, and those that came before the log's write was flushed.

    TLS hides what is said, not when: what a socket sends answers the record of application data (RFC 8446, 5.1) that
    was read there last. Since that read the journal's log must have been written, and flushed after the last of these
    writes had ended and before the answer began. The connection that found out whether the node is there has one answer
    and is left out.
    """
    asked: dict[str, int] = {}
    written = flushed = -1
    answered: dict[str, list[str | None]] = {}
    for call in calls:
        file = call.arguments.partition(",")[0]
        if call.name in READS and RECORD in call.arguments:
            asked[file] = call.number
        elif call.name.startswith("pwrite") and "journal.sqlite-wal" in file:
            written = call.number
        elif call.name in {"fdatasync", "fsync"} and "journal.sqlite-wal" in file and call.result.startswith("0"):
            flushed = call.began
        elif call.name in SENDS and file in asked and RECORD in call.arguments:
            start = asked.pop(file)
            late = not start < written < flushed < call.began
            said = f"asked {start}, written {written}, flushed {flushed}, acknowledged {call.began}"
            answered.setdefault(file, []).append(said if late else None)
    found = [one for answers in answered.values() if len(answers) > 1 for one in answers]
    return len(found), [one for one in found if one is not None]


@pytest.fixture
def documents(tmp_path: Path) -> list[bytes]:
    tracing.need()
    return waiting(tmp_path)


def test_the_log_is_flushed_before_every_acknowledgement(tmp_path: Path, documents: list[bytes]) -> None:
    calls = traced(tmp_path, "gokei.faces.cli.main", post_all(tmp_path, documents))
    acknowledged, faults = unflushed(calls)
    assert acknowledged == DOCUMENTS
    assert not faults
    node = Node.open(tmp_path / "JP", law())
    assert len(node.list("documents")) == 1 + DOCUMENTS
    node.close()


def test_the_same_walk_finds_a_node_that_acknowledges_before_it_flushes(tmp_path: Path, documents: list[bytes]) -> None:
    acknowledged, faults = unflushed(traced(tmp_path, "tests.outside.careless", post_all(tmp_path, documents)))
    assert acknowledged == DOCUMENTS
    assert len(faults) >= DOCUMENTS - 1
