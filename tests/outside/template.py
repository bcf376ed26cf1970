"""A node's folder before the work that the sweeps cut off, and a copy of it for every cut."""

from __future__ import annotations

import shutil
from pathlib import Path

from gokei.node.node import Node
from tests.nations import Nations, law, line, to_operation

WAITING = 3


class Template:
    """Japan's node with an operation that both know, and Australia's next documents in files beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "template"
        self.inbox = folder / "inbox"
        self.inbox.mkdir(parents=True)
        made = Nations(self.folder, "AU", "JP")
        to_operation(made)
        for number in range(1, WAITING + 1):
            made.act(
                "AU", type="request", to="JP", order=f"AU-{number}", operation="DARWIN", on="2017-09-07",
                lines=[line(str(number), supply="fuel", description="F-76")],
            )  # fmt: skip
            name = str(made["AU"].list("documents")[-1]["hash"])
            (self.inbox / f"{number}").write_bytes(made["AU"].envelope(name))
        self.before = {str(one["hash"]) for one in made["JP"].list("documents")}
        made.close()
        shutil.rmtree(self.folder / "AU")

    def copy(self, place: Path) -> Path:
        """Japan's folder again, that its operator has put there on purpose."""
        shutil.copytree(self.folder / "JP", place / "JP")
        settle(place / "JP")
        return place / "JP"


def settle(folder: Path) -> None:
    """Say that a copied folder is in its place, where the node asks for that."""
    node = Node.open(folder, law())
    if hasattr(node, "confirm_place"):
        node.confirm_place()
    node.close()
