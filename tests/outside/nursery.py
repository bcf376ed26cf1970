"""Children that are ready at once: a process that has loaded everything, and forks one for each piece of work.

Run as `python -m tests.outside.nursery`; it is spoken to in lines of JSON. A child waits for the word `go`, so that
strace can take hold of it first; then it works, and says how it ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.outside.tracing import ROOT, attached


class Nursery:
    """The caller's side."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.outside.nursery"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)

    def work(self, folder: Path, inbox: Path, told: Path, words: list[str]) -> int:
        """The child's end under strace with these words (none where empty): its exit code, or minus the signal."""
        born = self._say({"folder": str(folder), "inbox": str(inbox), "told": str(told)})
        if not words:
            return int(self._say({"go": True})["ended"])
        with attached(int(born["process"]), words):
            return int(self._say({"go": True})["ended"])

    def _say(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(what), file=self._process.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


def main() -> None:
    """The nursery's side."""
    from tests.nations import law
    from tests.outside import work

    law().answer({"kind": "support", "on": "2017-09-07", "provider": "AU", "recipient": "JP", "supply": "fuel"}, ())
    for line in sys.stdin:
        asked = json.loads(line)
        gate, opener = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)
            work.work(Path(asked["folder"]), Path(asked["inbox"]), Path(asked["told"]))
            os._exit(0)
        os.close(gate)
        print(json.dumps({"process": child}), flush=True)
        sys.stdin.readline()
        os.write(opener, b"g")
        os.close(opener)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
