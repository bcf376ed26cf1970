"""A disk that does not give back what it holds: the node says so by name, and signs nothing meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from gokei.node.checkpoints import own_checkpoint
from gokei.node.node import Node
from gokei.node.ports import Files
from gokei.terms.problems import Unavailable
from tests.nations import Nations, law


class Failing:
    """Files that fail to be read once they are told to."""

    def __init__(self, real: Files) -> None:
        self._real = real
        self.fails = False

    def read(self, name: str) -> bytes | None:
        if self.fails:
            raise OSError(5, "Input/output error")
        return self._real.read(name)

    def replace(self, name: str, data: bytes) -> None:
        self._real.replace(name, data)

    def place(self) -> str:
        return self._real.place()


def test_what_was_signed_last_cannot_be_read(tmp_path: Path) -> None:
    nations = Nations(tmp_path, "AU", "JP")
    files = Failing(nations["AU"].core.files)
    nations.close()
    node = Node.open(tmp_path / "AU", law(), files=files)
    before = node.state()
    files.fails = True
    with pytest.raises(Unavailable) as raised:
        own_checkpoint(node.core, "JP")
    with pytest.raises(Unavailable):
        Node.open(tmp_path / "AU", law(), files=files)
    files.fails = False
    assert raised.value.check == "system-unavailable"
    assert node.state() == before
    node.close()
