"""The installed command, ready at once: a process that has loaded what it loads, and forks one for each call.

Each call is a process of its own, with its own standard input, output and exit code, and runs the installed script from
its first line; only what loading would read from disk once more is there already. Nothing was called before the fork.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

GOKEI = str(Path(sys.executable).parent / "gokei")
SECONDS = 120


class Ready:
    """The caller's side."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)

    def call(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """The same as `subprocess.run` of the installed command."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as temporary:
            files = [Path(temporary) / name for name in ("in", "out", "err")]
            files[0].write_bytes(stdin)
            asked = {"arguments": arguments, "files": [str(one) for one in files], "folder": str(Path.cwd())}
            print(json.dumps(asked), file=self._process.stdin, flush=True)
            ended = int(self._process.stdout.readline())
            return subprocess.CompletedProcess([GOKEI, *arguments], ended, files[1].read_bytes(), files[2].read_bytes())


def main() -> None:
    """The side that is ready."""
    import gokei.faces.cli.acts
    import gokei.faces.cli.carrying
    import gokei.faces.cli.node
    import gokei.law.library
    import gokei.node.node  # noqa: F401

    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked["arguments"], asked["files"], asked["folder"])
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(arguments: list[str], files: list[str], folder: str) -> None:
    os.chdir(folder)
    for number, (name, how) in enumerate(zip(files, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)):
        handle = os.open(name, how, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    # As the interpreter makes them; what was read ahead for the one before the fork is not this one's.
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    signal.alarm(SECONDS)
    sys.argv = [GOKEI, *arguments]
    code = 70
    try:
        runpy.run_path(GOKEI, run_name="__main__")
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
