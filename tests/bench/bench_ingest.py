"""How many signed documents a second a node takes in, one by one: `python -m tests.bench.bench_ingest`.

Each is checked at the door (every signature), appended, folded, judged by the node's own law, committed with
fsync, and acknowledged, from the body of the HTTP request to the answer. Printed beside the rate at which SQLite alone
commits one row of the same size, with the same settings, on the same disk, in the same run.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from gokei.faces import exercise
from gokei.faces.serving import settle_memory
from gokei.node.node import Node
from gokei.node.routes import Exchange
from tests.nations import F76, Nations, law, line, to_operation

COUNT = int(os.environ.get("GOKEI_BENCH_DOCUMENTS", "3000"))
WANTED = 1000


def envelopes(nations: Nations) -> list[bytes]:
    """Australia's requests: each opens an order of its own, its facts inherited, its law determined."""
    to_operation(nations)
    asked = [line("12", supply="fuel", nsn=F76, description="F-76")]
    for number in range(COUNT):
        nations.act(
            "AU", type="request", to="JP", order=f"AU-{number:05d}", operation="DARWIN", on="2017-09-07", lines=asked
        )
    australia = nations["AU"]
    rows = australia.list("documents", {"type": "request"})
    ordered = sorted(rows, key=lambda row: int(str(row["sequence"])))
    return [australia.envelope(str(row["hash"])) for row in ordered]


def sqlite_rate(folder: Path, size: int) -> float:
    """Commits a second of one row each, in WAL with FULL synchronisation."""
    store = sqlite3.connect(folder / "raw.db", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE documents (number INTEGER PRIMARY KEY, envelope BLOB)")
    blob = os.urandom(size)
    start = time.perf_counter()
    for number in range(COUNT):
        store.execute("BEGIN IMMEDIATE")
        store.execute("INSERT INTO documents VALUES (?,?)", (number, blob))
        store.execute("COMMIT")
    rate = COUNT / (time.perf_counter() - start)
    store.close()
    return rate


async def _answered(application: Exchange, body: bytes) -> int:
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": "/exchange/AU/documents", "headers": []}
    await application(scope, receive, send)
    return statuses[0]


def body_rate(node: Node, bodies: list[bytes]) -> float:
    """Documents a second from the body of the request to the acknowledgement, inside the server's process."""

    async def run() -> float:
        application = Exchange(node)
        settle_memory()
        start = time.perf_counter()
        for body in bodies:
            if await _answered(application, body) != 200:
                raise SystemExit("a document was not acknowledged")
        return len(bodies) / (time.perf_counter() - start)

    return asyncio.run(run())


def socket_rate(folder: Path, bodies: list[bytes]) -> float:
    """The same over a real socket, one connection, each answer waited for; the server is a process of its own."""
    process = exercise.start(folder, 0)
    try:
        address = exercise.served(folder, process).address.removeprefix("http://")
        connection = http.client.HTTPConnection(address)
        start = time.perf_counter()
        for body in bodies:
            connection.request("POST", "/exchange/AU/documents", body)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit("a document was not acknowledged")
        return len(bodies) / (time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait()


def copied(folder: Path, to: Path) -> None:
    subprocess.run(["cp", "-r", str(folder), str(to)], check=True)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="gokei-bench-", dir=os.environ.get("GOKEI_BENCH_DIR")) as temporary:
        folder = Path(temporary)
        nations = Nations(folder, "AU", "JP")
        bodies = envelopes(nations)
        nations.close()
        copied(folder / "JP", folder / "JP-socket")
        raw = sqlite_rate(folder, len(bodies[0]))
        node = Node.open(folder / "JP", law())
        inside = body_rate(node, bodies)
        node.close()
        over = socket_rate(folder / "JP-socket", bodies)
        found = {
            "documents": COUNT,
            "bytes_each": len(bodies[0]),
            "sqlite_commits_a_second": round(raw),
            "documents_a_second_from_body_to_acknowledgement": round(inside),
            "documents_a_second_over_a_socket": round(over),
            "ratio_to_raw_commits": round(inside / raw, 2),
        }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if inside >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
