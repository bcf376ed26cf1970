"""SIGKILL at random moments of the story, over real sockets: it completes, nothing is lost, nothing happens twice."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

from gokei.faces import exercise
from gokei.faces.story.playing import Player, check_ending
from gokei.faces.story.stages import OverHttp
from gokei.faces.story.steps import CHAPTERS, NATIONS, PAIRS, Chapter, Step
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.field import Field
from tests.nations import law
from tests.nightly import examples

KILLS = examples(50)
WAIT_SECONDS = 120.0
SEED = 20170906
LONGEST_BREATH_SECONDS = 0.25


def four_nodes(folder: Path) -> Field:
    exercise.prepare(folder)
    exercise.enrol(folder)
    return Field(folder, NATIONS)


class Acknowledged:
    """Keeps every document that a node acknowledged."""

    def __init__(self) -> None:
        self.hashes: dict[str, str] = {}
        self.going = threading.Event()

    def chapter(self, chapter: Chapter) -> None:
        self.going.set()

    def step(self, step: Step, found: JsonObject) -> None:
        if step.ends == "issued":
            self.hashes[step.name] = str(found["hash"])

    def agreed(self, nations: tuple[str, str], digests: JsonObject) -> None:
        pass


def test_killed_at_fifty_random_moments_the_story_completes_and_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    """Told again from the beginning, on new nodes, until fifty kills fell into the story while it was played."""
    chance = random.Random(SEED)
    killed = told = 0
    while killed < KILLS:
        field = four_nodes(tmp_path / f"field-{told}")
        try:
            killed += play_and_kill(field, chance, KILLS - killed)
        finally:
            field.stop()
        told += 1
        assert told < KILLS


def play_and_kill(field: Field, chance: random.Random, most: int) -> int:
    """One telling of the story with kills at random moments; how many fell before its end."""
    stage = OverHttp(field.nodes, wait_seconds=WAIT_SECONDS)
    audience = Acknowledged()
    ended = threading.Event()
    failures: list[BaseException] = []

    def play() -> None:
        try:
            Player(stage, audience, "kill").play()
        except BaseException as error:
            failures.append(error)
        finally:
            ended.set()

    player = threading.Thread(target=play)
    player.start()
    killed = 0
    audience.going.wait(WAIT_SECONDS)
    while killed < most and not ended.wait(chance.random() * LONGEST_BREATH_SECONDS):
        field.kill(chance.choice(("JP", "AU", "KR", "JP", "AU")))
        killed += 1
    player.join(WAIT_SECONDS)
    assert not failures, failures
    assert ended.is_set()
    check_ending(stage)
    stage.close()
    field.stop()
    check_books(field, audience)
    return killed


def check_books(field: Field, audience: Acknowledged) -> None:
    nodes = {nation: Node.open(field.folder / nation, law()) for nation in NATIONS}
    issued = [step.name for chapter in CHAPTERS for step in chapter.steps if step.ends == "issued"]
    assert sorted(audience.hashes) == sorted(issued)
    for nation, node in nodes.items():
        before = node.state()
        node.verify()
        assert node.rebuild() == before, nation
    for pair in PAIRS:
        one, other = (nodes[nation].state()["channels"] for nation in pair)
        channel = "-".join(sorted(pair))
        assert one[channel] == other[channel]  # type: ignore[index, call-overload]
    held: list[Any] = [row["hash"] for node in nodes.values() for row in node.list("documents")]
    assert sorted(set(held)) == sorted(audience.hashes.values())
    assert len(held) == 2 * len(set(held))
    for node in nodes.values():
        node.close()
