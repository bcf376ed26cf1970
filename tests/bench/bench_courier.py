"""Memory and time of a courier over a long log: `python -m tests.bench.bench_courier`.

Australia's log is packed for Japan, whole, in one file and in parts; a Japan that holds nothing of it opens it; each in
a process of its own, whose largest memory is the measure. The bars: 200 MiB, the program and its law included.
`GOKEI_BENCH_DOCUMENTS=1000` makes it short.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from gokei.node.node import Node
from tests.bench.signed import child, copied, most_memory, shown, write_log
from tests.nations import law

COUNT = int(os.environ.get("GOKEI_BENCH_DOCUMENTS", "100000"))
BAR = 200
SPLIT = 20_000_000


def measured(*words: str) -> Any:
    """One step in another process: what it answered."""
    done = subprocess.run(child("tests.bench.bench_courier", *words), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def step(words: list[str]) -> dict[str, object]:
    """Pack or open, with the seconds of processor time and the mebibytes that it took at most."""
    verb, folder, *files = words
    node = Node.open(Path(folder), law())
    before, began = most_memory(), time.process_time()
    said: Any = {}
    if verb == "pack":
        said = node.courier_pack("JP", Path(files[0]), whole=True, split=int(files[1]) or None)
    else:
        said = node.courier_open(*(Path(one) for one in files))
    taken = time.process_time() - began
    node.close()
    return {"seconds": round(taken, 1), "before": before, "most": most_memory(), "said": said}


def main() -> int:
    if len(sys.argv) > 1 and sys.argv[1] in {"pack", "open"}:
        sys.stdout.write(json.dumps(step(sys.argv[1:])))
        return 0
    with tempfile.TemporaryDirectory(prefix="gokei-bench-", dir=os.environ.get("GOKEI_BENCH_DIR")) as temporary:
        place = Path(temporary)
        empty = place / "empty"
        write_log(place / "told", COUNT)
        # Japan holds what the story before the log gave it: the first two documents.
        copied(place / "told" / "JP", empty)
        Node.open(empty, law()).confirm_place()
        packed = measured("pack", str(place / "told" / "AU"), str(place / "whole"), "0")
        parts = measured("pack", str(place / "told" / "AU"), str(place / "part"), str(SPLIT))
        files = [one["file"] for one in parts["said"]["parts"]]
        opened = measured("open", str(copied(empty, place / "one")), str(place / "whole"))
        shutil.rmtree(place / "one")
        reverse = measured("open", str(copied(empty, place / "two")), *reversed(files))
        return shown(
            {"mebibytes_pack": BAR, "mebibytes_open": BAR, "mebibytes_open_parts_in_reverse": BAR},
            {
                "documents": opened["said"]["new"],
                "file_mebibytes": packed["said"]["bytes"] // 1024 // 1024,
                "parts": len(files),
                "mebibytes_before": opened["before"],
                "mebibytes_pack": packed["most"],
                "mebibytes_open": opened["most"],
                "mebibytes_open_parts_in_reverse": reverse["most"],
                "new_in_reverse": reverse["said"]["new"],
                "seconds_pack": packed["seconds"],
                "seconds_open": opened["seconds"],
                "seconds_open_parts_in_reverse": reverse["seconds"],
            },
        )


if __name__ == "__main__":
    sys.exit(main())
