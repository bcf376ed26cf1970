"""How fast a node catches up with a long log over a real socket: `python -m tests.bench.bench_catchup`.

Two processes: Japan's node serves, Australia's holds a log that Japan has never seen, and synchronises once. Heads,
every window, its acknowledgement, heads again. Afterwards both hold the same books. Each side's most memory is
printed, the helper that checks signatures counted; `GOKEI_BENCH_DOCUMENTS=1000000` shows that it does not grow with
the log (allow half an hour).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gokei.faces import exercise
from gokei.node.exchange import sync
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.bench.signed import (
    busy_seconds,
    child,
    children,
    commits,
    most_memory,
    shown,
    verifications,
    write_log,
)
from tests.nations import law

COUNT = int(os.environ.get("GOKEI_BENCH_DOCUMENTS", "100000"))
BARS: JsonObject = {"caught_up_a_second": 5000, "mebibytes_of_the_sender": 200, "mebibytes_of_the_receiver": 200}


def sent(folder: Path, address: str) -> JsonObject:
    """What one synchronisation sent, in how many seconds, with how much memory."""
    node = Node.open(folder, law())
    start, busy = time.perf_counter(), time.process_time()
    found = sync(node.core, "JP", address)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    node.close()
    return {
        "sent": found["sent"],
        "cut": found["cut"],
        "thousandths": round(seconds * 1000),
        "busy": round(busy * 1000),
        "memory": most_memory(),
    }


def main() -> int:
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(sent(Path(sys.argv[1]), sys.argv[2])))
        return 0
    with tempfile.TemporaryDirectory(prefix="gokei-bench-", dir=os.environ.get("GOKEI_BENCH_DIR")) as temporary:
        folder = Path(temporary)
        write_log(folder, COUNT)
        process = exercise.start(folder / "JP", 0)
        try:
            address = exercise.served(folder / "JP", process).exchange
            command = child("tests.bench.bench_catchup", str(folder / "AU"), address)
            before = busy_seconds(process.pid)
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            busy = busy_seconds(process.pid) - before
            helpers = children(process.pid)
            receiver = sum(map(most_memory, [process.pid, *helpers]))
        finally:
            process.terminate()
            process.wait()
        nodes = [Node.open(folder / nation, law()) for nation in ("AU", "JP")]
        books = [node.state()["channels"] for node in nodes]
        envelope = nodes[0].core.store.after("AU-JP", "AU", COUNT, 1)[0].envelope
        for node in nodes:
            node.close()
        if books[0] != books[1] or found["cut"] is not True or found["sent"] < COUNT:
            raise SystemExit("the books differ")
        rate = found["sent"] * 1000 / found["thousandths"]
        raw = verifications(envelope[: len(envelope) * 3 // 4])
        return shown(
            BARS,
            {
                "documents": found["sent"],
                "bytes_each": len(envelope),
                "raw_commits_a_second": round(commits(folder, len(envelope))),
                "raw_verifications_a_second": round(raw),
                "caught_up_a_second": round(rate),
                "busy_of_the_sender_percent": round(100 * found["busy"] / found["thousandths"]),
                "busy_of_the_receiver_percent": round(100_000 * busy / found["thousandths"]),
                "helpers_of_the_receiver": len(helpers),
                "caught_up_to_raw_verifications": f"{rate / raw:.2f}",
                "mebibytes_of_the_sender": found["memory"],
                "mebibytes_of_the_receiver": receiver,
            },
        )


if __name__ == "__main__":
    sys.exit(main())
