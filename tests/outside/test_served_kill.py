"""A served node, killed as it sends its n-th answer: what it answered it holds, and what is sent again is held once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest

from gokei.faces import exercise
from gokei.node.node import Node
from tests.field import free_port, wire
from tests.nations import law
from tests.nightly import TIMES
from tests.outside import tracing
from tests.outside.test_acknowledged_after_flush import DOCUMENTS, waiting

ANSWERS = range(1, DOCUMENTS + 1) if TIMES > 1 else (1, 4)
SENDS = "write,writev,sendto,sendmsg"


def post(folder: Path, address: str, documents: list[bytes]) -> int:
    """How many were acknowledged before the node was gone."""
    with wire(folder / "AU", "JP") as http:
        for count, raw in enumerate(documents):
            try:
                answer = http.post(f"{address}/exchange/AU/documents", content=raw)
            except httpx.HTTPError:
                return count
            assert answer.status_code == 200, answer.text
    return len(documents)


def held(folder: Path) -> int:
    node = Node.open(folder, law())
    node.verify()
    found = [str(one["hash"]) for one in node.list("documents")]
    node.close()
    assert len(set(found)) == len(found)
    return len(found)


@pytest.mark.parametrize("answer", ANSWERS)
def test_killed_as_it_sends_an_answer_it_holds_all_that_it_answered(tmp_path: Path, answer: int) -> None:
    tracing.need()
    documents = waiting(tmp_path)
    before = held(tmp_path / "JP")
    process = exercise.start(tmp_path / "JP", free_port())
    try:
        address = exercise.served(tmp_path / "JP", process).exchange
        words = ["-o", "/dev/null", "-e", f"trace={SENDS}", "-e", f"inject={SENDS}:signal=KILL:when={answer}"]
        with tracing.attached(process.pid, words):
            acknowledged = post(tmp_path, address, documents)
        assert acknowledged < DOCUMENTS
        assert process.wait(20) == -signal.SIGKILL
        assert acknowledged <= held(tmp_path / "JP") - before <= acknowledged + 1
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    process = exercise.start(tmp_path / "JP", free_port())
    try:
        assert post(tmp_path, exercise.served(tmp_path / "JP", process).exchange, documents) == DOCUMENTS
    finally:
        process.terminate()
        process.wait(20)
    assert held(tmp_path / "JP") == before + DOCUMENTS
