"""Opening a node's folder for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gokei.node.node import Node
from gokei.node.packs import LawOnDemand


@contextmanager
def opened(folder: str) -> Iterator[Node]:
    """The node in a folder, closed afterwards. Raises BadInput (`node-folder`) or Unavailable (`store-…`)."""
    node = Node.open(Path(folder), LawOnDemand())
    try:
        yield node
    finally:
        node.close()
