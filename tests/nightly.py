"""How much a run tries: as `./test` does within its minutes, or as `./test --nightly` does while people sleep."""

from __future__ import annotations

import os
from typing import Final

TIMES: Final = 20 if os.environ.get("GOKEI_NIGHTLY") else 1


def examples(usual: int) -> int:
    """So many examples, kills or histories; many more of them by night."""
    return usual * TIMES
