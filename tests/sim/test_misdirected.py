"""A page in the place of another is named by the verification, also where the database's own check passes it over."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gokei.node.node import Node
from gokei.terms.problems import Problem
from tests.nations import Seeded, law
from tests.sim.clock import SkewedClock, Time
from tests.sim.disk import PAGE, VirtualDisk
from tests.sim.processes import template


def roots(image: bytes, folder: Path) -> dict[str, int]:
    """The first page of each table and index, from 0, by name."""
    file = folder / "copy.sqlite"
    file.write_bytes(image)
    found = sqlite3.connect(file).execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall()
    return {name: page - 1 for name, page in found}


@pytest.mark.parametrize("index", ["sqlite_autoindex_documents_1", "document_by_hash", "document_by_case"])
def test_a_tables_page_in_the_place_of_an_empty_index_is_named(index: str, tmp_path: Path) -> None:
    folder, images = template()
    image = images["JP"]["/journal.sqlite"]
    pages = roots(image, tmp_path)
    one, other = pages["refusals"], pages[index]
    bent = image[: other * PAGE] + image[one * PAGE : (one + 1) * PAGE] + image[(other + 1) * PAGE :]
    clock = SkewedClock(Time(), 0.0, lambda what: None)
    files = {"/journal.sqlite": bent, "/signed.json": b'{"gokei": 1, "place": "1"}'}
    disk = VirtualDisk(f"misdirected-{index}", files, lambda what: None)
    try:
        node = Node.open(folder / "JP", law(), clock, Seeded("any"), None, disk, disk)
        with pytest.raises(Problem):
            node.verify()
    finally:
        disk.let_go()
