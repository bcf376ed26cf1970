"""The served node with a fault planted: commits are not flushed. `python -m tests.outside.careless node serve …`.

It shows that the walk over the trace of a server can fail.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

from gokei.faces.cli.main import main


class Careless(sqlite3.Connection):
    """A connection to which FULL means NORMAL."""

    def execute(self, text: str, *values: Any) -> sqlite3.Cursor:
        return super().execute(text.replace("synchronous=FULL", "synchronous=NORMAL"), *values)


def connect(*words: Any, **more: Any) -> sqlite3.Connection:
    return honest(*words, **{"factory": Careless} | more)


honest = sqlite3.connect

if __name__ == "__main__":
    sqlite3.connect = connect  # type: ignore[assignment]
    sys.exit(main())
