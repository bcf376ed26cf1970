"""Real nodes in one process, for tests: their own stores, keys and law; a clock that the test sets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from gokei.faces.story.stages import InProcess, Wires
from gokei.node.node import Node
from gokei.node.packs import LawOnDemand
from gokei.node.store import Store
from gokei.terms.json_types import JsonObject

FACTS: Mapping[str, bool | str] = {
    "requested": True,
    "hinders_mission": False,
    "both_participate": True,
    "un_charter_consistent": True,
    "un_sofa_force": False,
    "retransfer_to": "none",
}
F76 = "9140-00-273-2377"


@cache
def law() -> LawOnDemand:
    return LawOnDemand()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.instant = "2026-11-24T06:00:00Z"

    def now(self) -> str:
        return self.instant


class Seeded:
    """Bytes that a seed gives, so that a failing history can be played again."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def bytes(self, count: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(self._seed + self._count.to_bytes(8, "big")).digest(count)


class Nations:
    """Nodes by nation, all enrolled with each other, on wires that answer at once."""

    def __init__(self, folder: Path, *nations: str) -> None:
        self.folder = folder
        self.wires = Wires()
        self.clock = Clock()
        for nation in nations:
            Node.create(folder / nation, nation, "exercise", self.clock, Seeded(nation))
            self.wires.nodes[nation] = self.open(nation)
        for one in nations:
            for other in nations:
                if one != other:
                    self[one].add_partner(self[other].card())

    def open(self, nation: str) -> Node:
        return Node.open(self.folder / nation, law(), self.clock, Seeded(f"{nation} again"), self.wires)

    def __getitem__(self, nation: str) -> Node:
        return self.wires.nodes[nation]

    def stage(self) -> InProcess:
        return InProcess(self.wires.nodes)

    def act(self, nation: str, **document: Any) -> JsonObject:
        return self[nation].act(document)

    def meet(self, one: str = "AU", other: str = "JP") -> None:
        self.stage().meet(one, other)

    def close(self) -> None:
        for node in self.wires.nodes.values():
            node.close()


def line(quantity: str, unit: str = "kL", number: int = 1, **more: Any) -> dict[str, Any]:
    return {"line": number, "quantity": quantity, "unit": unit, **more}


def to_operation(nations: Nations) -> None:
    nations.act(
        "AU", type="operation", to="JP", agreement="acsa-jp-au-2017", operation="DARWIN", name="Exercise",
        activity="joint_exercise", place="AU", starts="2017-09-01", ends="2017-09-30", forces=["AU", "JP"],
        facts=dict(FACTS),
    )  # fmt: skip
    nations.meet()


def to_request(nations: Nations, *lines: dict[str, Any]) -> None:
    to_operation(nations)
    asked = lines or (line("12", supply="fuel", nsn=F76, description="F-76"),)
    nations.act("AU", type="request", to="JP", order="AU-1", operation="DARWIN", on="2017-09-07", lines=list(asked))
    nations.meet()


def to_order(
    nations: Nations,
    *lines: dict[str, Any],
    methods: tuple[str, ...] = ("replacement_in_kind", "payment"),
    price: str = "72000",
) -> None:
    to_request(nations, *lines)
    offered = [
        line(one["quantity"], one["unit"], one["line"], unit_price=price, currency="JPY")
        for one in (lines or (line("12"),))
    ]
    nations.act(
        "JP", type="offer", to="AU", order="AU-1", methods=list(methods), valid_until="2017-09-30", lines=offered
    )
    nations.act("JP", type="order", to="AU", order="AU-1")
    nations.meet()
    nations.act("AU", type="countersignature", to="JP", order="AU-1")
    nations.meet()


def to_delivery(nations: Nations, quantity: str = "12") -> str:
    to_order(nations)
    found = nations.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line(quantity)])
    nations.meet()
    return str(found["hash"])


def to_claim(nations: Nations, received: str = "11.4") -> str:
    delivery = to_delivery(nations)
    short: dict[str, Any] = {"discrepancy": {"reason": "metered on board", "code": "short"}}
    nations.act("AU", type="receipt", to="JP", order="AU-1", delivery=delivery, lines=[line(received, **short)])
    nations.meet()
    nations.act("JP", type="claim", to="AU", order="AU-1")
    nations.meet()
    return str(nations["AU"].list("claims")[0]["claim"])


def change(store: Store, text: str, values: Sequence[Any] = ()) -> None:
    """Change rows of a journal as somebody could who has its file."""
    with store.writing():
        store.run(text, values)
