"""Two nations' nodes, each a process of its own, called over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from gokei.faces.story.stages import Served
from gokei.node.node import Node
from gokei.node.packs import LawOnDemand
from tests.api.calling import Caller, operation
from tests.field import Field
from tests.nations import FACTS

PAIR = ("AU", "JP")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Both nodes, enrolled with each other; JP also knows GB, which nobody serves."""
    folder = tmp_path_factory.mktemp("pair")
    law = LawOnDemand()
    cards = {}
    for nation in (*PAIR, "GB"):
        Node.create(folder / nation, nation, "exercise")
        node = Node.open(folder / nation, law)
        cards[nation] = node.card()
        node.close()
    for nation, partners in {"AU": ("JP",), "JP": ("AU", "GB")}.items():
        node = Node.open(folder / nation, law)
        for partner in partners:
            node.add_partner(cards[partner])
        node.close()
    field = Field(folder, PAIR)
    yield field.nodes
    field.stop()


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, trust_env=False) as found:
        yield found


@pytest.fixture(scope="session")
def au(served: dict[str, Served], client: httpx.Client) -> Caller:
    """Australia, with one operation stated to Japan."""
    caller = Caller(served["AU"], client, "JP")
    assert caller.act("logistics", operation(FACTS)).status_code == 201
    caller.sync()
    return caller


@pytest.fixture(scope="session")
def jp(served: dict[str, Served], client: httpx.Client, au: Caller) -> Caller:
    """Japan, which has received it."""
    return Caller(served["JP"], client, "AU")
