"""The whole story, on four real nodes in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from gokei.faces.story.playing import Player, check_ending, same_books
from gokei.faces.story.steps import CHAPTERS, NATIONS, SECOND, Chapter, Step
from gokei.node.reading import FIELDS, KINDS
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, OurBug, Problem
from tests.nations import Nations


class Silent:
    def __init__(self) -> None:
        self.steps: list[str] = []

    def chapter(self, chapter: Chapter) -> None:
        pass

    def step(self, step: Step, found: JsonObject) -> None:
        self.steps.append(step.name)

    def agreed(self, nations: tuple[str, str], digests: JsonObject) -> None:
        pass


def test_the_story_ends_as_it_must_and_every_node_verifies(tmp_path: Path) -> None:
    nations = Nations(tmp_path, *NATIONS)
    audience = Silent()
    Player(nations.stage(), audience, "test").play()
    assert audience.steps == [step.name for chapter in CHAPTERS for step in chapter.steps]
    for nation in NATIONS:
        before = nations[nation].state()
        nations[nation].verify()
        assert nations[nation].rebuild() == before
    same_books(nations.stage(), ("AU", "JP"))
    nations.close()


def test_every_list_can_be_narrowed_by_the_fields_of_its_rows_and_by_no_other(tmp_path: Path) -> None:
    nations = Nations(tmp_path, *NATIONS)
    Player(nations.stage(), Silent(), "test").play()
    for kind in KINDS:
        rows = [row for nation in NATIONS for row in nations[nation].list(kind)]
        assert {*FIELDS[kind]} == {name for row in rows for name in row}, kind
        assert len(nations["JP"].list(kind, {"channel": str(rows[0]["channel"])})) <= len(rows)
        with pytest.raises(BadInput):
            nations["JP"].list(kind, {"chanel": "AU-JP"})
    nations.close()


def test_a_step_asked_again_with_its_key_gives_its_first_answer_and_nothing_happens_twice(tmp_path: Path) -> None:
    nations = Nations(tmp_path, *NATIONS)
    player = Player(nations.stage(), Silent(), "test")
    player.play()
    before = [nations[nation].state() for nation in NATIONS]
    for step in (step for chapter in CHAPTERS for step in chapter.steps if step.ends == "issued"):
        first = player.given[step.name]
        assert player.play_step(step) == first
    assert [nations[nation].state() for nation in NATIONS] == before
    nations.close()


def test_a_story_that_goes_otherwise_says_where(tmp_path: Path) -> None:
    nations = Nations(tmp_path, *NATIONS)
    player = Player(nations.stage(), Silent(), "test")
    wrong = Step("wrong", "AU", "", dict(SECOND.steps[0].body), ends="refused")
    assert player.play_step(wrong)["check"] == "operation-unknown"
    player.play_step(CHAPTERS[0].steps[0])
    with pytest.raises(OurBug):
        player.play_step(wrong)
    with pytest.raises(Problem):
        check_ending(nations.stage())
    nations.close()
