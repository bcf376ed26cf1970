"""The served node with less patience, so that a test need not wait a minute: `python -m tests.outside.impatient …`."""

from __future__ import annotations

import sys

from gokei.faces.cli.main import main
from gokei.terms import limits

SECONDS = 2

if __name__ == "__main__":
    limits.REQUEST_SECONDS = SECONDS  # type: ignore[misc]
    sys.exit(main())
