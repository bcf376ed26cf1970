"""How many signed documents a second a node takes in, alone and in windows: `python -m tests.bench.bench_ingest`.

Each is checked at the door (every signature), appended, folded, judged by the node's own law, committed with
fsync, and acknowledged, from the body of the HTTP request to the answer. Printed beside the rate at which SQLite alone
commits one row of the same size, with the same settings, on the same disk, and at which the library alone checks such
a signature, in the same run. The best of three rounds counts: other programs only ever make a round slower.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import ssl
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from gokei.faces import exercise
from gokei.faces.serving import settle_memory
from gokei.node.node import Node
from gokei.node.routes import Exchange
from gokei.node.tls import Credentials
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from tests.bench.signed import commits, copied, requests, shown, verifications
from tests.field import context
from tests.nations import law

COUNT = int(os.environ.get("GOKEI_BENCH_DOCUMENTS", "3000"))
WINDOWS = 4
"""In windows so many times more documents are sent than alone."""
ROUNDS = 3
BARS: JsonObject = {"one_by_one_a_second": 2000, "in_windows_a_second": 7000}


async def _answered(application: Exchange, tls: dict[str, Any], verb: str, body: bytes) -> bytes:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": f"/exchange/AU/{verb}", "headers": [], "extensions": tls}
    await application(scope, receive, send)
    return bytes(sent[1]["body"])


def inside_rate(folder: Path, verb: str, bodies: list[bytes]) -> float:
    """Documents a second from the body of the request to the acknowledgement, inside the server's process."""
    node = Node.open(folder, law())
    expected = sum(body.count(b"\n") + 1 for body in bodies)

    async def run() -> float:
        credentials = Credentials(node.core)
        shown = ssl.DER_cert_to_PEM_cert(credentials.of_partner("AU"))
        tls = {"tls": {"client_cert_chain": [shown]}}
        application = Exchange(node, credentials)
        settle_memory()
        node.core.store.grow_log()
        start = time.perf_counter()
        acknowledged = 0
        for body in bodies:
            acknowledged += (await _answered(application, tls, verb, body)).count(b'"accepted"')
        taken = time.perf_counter() - start
        if acknowledged != expected:
            raise SystemExit("a document was not acknowledged")
        return expected / taken

    try:
        return asyncio.run(run())
    finally:
        node.close()


def socket_rate(folder: Path, bodies: list[bytes]) -> float:
    """One by one over a real socket, one connection, each answer waited for; the server is a process of its own."""
    process = exercise.start(folder, 0)
    try:
        address = exercise.served(folder, process).exchange.removeprefix("https://")
        connection = http.client.HTTPSConnection(address, context=context(folder.parent / "AU", "JP"))
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


def windows(envelopes: list[bytes]) -> list[bytes]:
    """The bodies that a push makes of them."""
    size = limits.DOCUMENTS_PER_WINDOW
    return [b"\n".join(envelopes[start : start + size]) for start in range(0, len(envelopes), size)]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="gokei-bench-", dir=os.environ.get("GOKEI_BENCH_DIR")) as temporary:
        folder = Path(temporary)
        made = [written.raw for _, written in islice(requests(folder), COUNT * WINDOWS)]
        alone: list[float] = []
        together: list[float] = []
        raw: list[float] = []
        for number in range(ROUNDS):
            alone.append(inside_rate(copied(folder / "JP", folder / f"alone-{number}"), "documents", made[:COUNT]))
            together.append(inside_rate(copied(folder / "JP", folder / f"many-{number}"), "batch", windows(made)))
            raw.append(commits(folder, len(made[0])))
        over = socket_rate(copied(folder / "JP", folder / "socket"), made[:COUNT])
        checked = verifications(made[0][: len(made[0]) * 3 // 4])
    return shown(
        BARS,
        {
            "documents": len(made),
            "bytes_each": len(made[0]),
            "raw_commits_a_second": round(max(raw)),
            "raw_verifications_a_second": round(checked),
            "one_by_one_a_second": round(max(alone)),
            "one_by_one_all_rounds": [round(one) for one in alone],
            "one_by_one_to_raw_commits": f"{max(alone) / max(raw):.2f}",
            "over_a_socket_a_second": round(over),
            "in_windows_a_second": round(max(together)),
            "in_windows_all_rounds": [round(one) for one in together],
            "in_windows_to_raw_verifications": f"{max(together) / checked:.2f}",
        },
    )


if __name__ == "__main__":
    sys.exit(main())
