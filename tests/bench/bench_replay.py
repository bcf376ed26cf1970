"""How fast a log is verified again from its bytes: `python -m tests.bench.bench_replay`.

Every signature, hash, sequence, previous hash and the tree, on one core, by processor time; printed beside the rate at
which the library alone checks such a signature in the same run. The whole of `gokei verify`, which also folds every
case again, is printed with it. A process of its own does it, so that its memory is its own. The best of three rounds
counts: other programs only ever make a round slower.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gokei.faces.serving import settle_memory
from gokei.node import verifying
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.bench.signed import child, most_memory, shown, verifications, write_log
from tests.nations import law

COUNT = int(os.environ.get("GOKEI_BENCH_DOCUMENTS", "100000"))
ROUNDS = 3
BARS: JsonObject = {"replayed_a_second": 15000, "mebibytes_at_most": 200}


def replayed(folder: Path) -> JsonObject:
    """Rates of the log alone and of everything, and the most memory that it took."""
    node = Node.open(folder, law())
    settle_memory()
    channel = node.core.channel("JP")
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        count = verifying._verify_log(node.core, channel, "AU")
        rounds.append(count / (time.process_time() - start))
    log = max(rounds)
    memory = most_memory()
    start = time.process_time()
    node.verify()
    everything = count / (time.process_time() - start)
    row = node.core.store.after(channel.name, "AU", count - 1, 1)[0]
    raw = verifications(row.envelope[: len(row.envelope) * 3 // 4])
    node.close()
    return {
        "documents": count,
        "raw_verifications_a_second": round(raw),
        "replayed_a_second": round(log),
        "replayed_all_rounds": [round(one) for one in rounds],
        "replayed_to_raw_verifications": f"{log / raw:.2f}",
        "verified_with_every_fold_a_second": round(everything),
        "mebibytes_after_the_log": memory,
        "mebibytes_at_most": most_memory(),
    }


def main() -> int:
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(replayed(Path(sys.argv[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="gokei-bench-", dir=os.environ.get("GOKEI_BENCH_DIR")) as temporary:
        folder = Path(temporary)
        write_log(folder, COUNT)
        told = subprocess.run(child("tests.bench.bench_replay", str(folder / "AU")), check=True, capture_output=True)
    return shown(BARS, json.loads(told.stdout))


if __name__ == "__main__":
    sys.exit(main())
