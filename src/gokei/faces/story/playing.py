"""Playing the story on a stage: each step acted, its outcome checked, and after each chapter the books compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from gokei.faces.story.steps import CHAPTERS, Chapter, Step
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import OurBug, Problem
from gokei.terms.words import N_

BOOKS: Final = ("orders", "ledger", "registry", "dossier", "keys", "documents", "roots")


class Stage(Protocol):
    """Where the story is played: nodes in this process, or served ones. Refusals come as Problem."""

    def act(self, nation: str, document: JsonObject, key: str, offices: tuple[str, ...]) -> JsonObject:
        """Issue one document, signed by these offices, once for each key."""

    def ask(self, nation: str, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        """Ask a nation's law."""

    def meet(self, one: str, other: str) -> None:
        """Let two nodes exchange everything, until a cut covers it."""

    def show(self, nation: str, kind: str, name: str) -> JsonObject:
        """One thing as a nation sees it."""

    def state(self, nation: str) -> JsonObject:
        """A nation's digests."""

    def balances(self, nation: str) -> JsonObject:
        """What a nation's ledger says is owed."""


class Audience(Protocol):
    """Who follows the story as it goes."""

    def chapter(self, chapter: Chapter) -> None:
        """A chapter begins."""

    def step(self, step: Step, found: JsonObject) -> None:
        """A step is over; `found` is its answer, or its problem."""

    def agreed(self, nations: tuple[str, str], digests: JsonObject) -> None:
        """Two nations hold the same books."""


class Player:
    """Plays the chapters; keeps what every step gave, for the steps that refer to it."""

    def __init__(self, stage: Stage, audience: Audience, run: str) -> None:
        self._stage = stage
        self._audience = audience
        self._run = run
        self.given: dict[str, JsonObject] = {}

    def play(self) -> None:
        """The whole story. Raises OurBug (`story`) where something comes out otherwise than it must."""
        for chapter in CHAPTERS:
            self.play_chapter(chapter)
        check_ending(self._stage)

    def play_chapter(self, chapter: Chapter) -> None:
        """One chapter, step by step; the two nations meet after each, and hold the same books at its end."""
        self._audience.chapter(chapter)
        for step in chapter.steps:
            found = self.play_step(step)
            self._audience.step(step, found)
            if step.ends == "issued":
                self._stage.meet(*chapter.nations)
        self._stage.meet(*chapter.nations)
        self._audience.agreed(chapter.nations, same_books(self._stage, chapter.nations))

    def play_step(self, step: Step) -> JsonObject:
        """One step; what it gave."""
        body = self._filled(dict(step.body))
        if not isinstance(body, dict):
            raise _otherwise(step.name, "body", "an object", str(body))
        asked = step.ends == "answered"
        found = self._stage.ask(step.nation, body, step.assume) if asked else self._acted(step, body)
        for path, wanted in step.expect.items():
            self._check(step, found, path, wanted)
        self.given[step.name] = found
        return found

    def _acted(self, step: Step, body: JsonObject) -> JsonObject:
        try:
            found = self._stage.act(step.nation, body, f"{self._run}-{step.name}", step.offices)
        except Problem as problem:
            if step.ends == "refused":
                return problem.as_json()
            raise
        if step.ends == "refused":
            raise _otherwise(step.name, "ends", "refused", "issued")
        return found

    def _check(self, step: Step, found: JsonObject, path: str, wanted: JsonValue) -> None:
        if path == "same_as":
            if found != self.given[str(wanted)]:
                raise _otherwise(step.name, "answer", f"as of {wanted}", "another")
        elif value_at(found, path) != wanted:
            raise _otherwise(step.name, path, str(wanted), str(value_at(found, path)))

    def _filled(self, value: JsonValue) -> JsonValue:
        """The value with every `$step.field` replaced by what that step gave."""
        if isinstance(value, dict):
            return {name: self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if isinstance(value, str) and value.startswith("$"):
            step, _, path = value[1:].partition(".")
            return value_at(self.given[step], path)
        return value


def value_at(value: JsonValue, path: str) -> JsonValue:
    """What stands at a dotted path, or None."""
    for part in path.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def same_books(stage: Stage, nations: tuple[str, str]) -> JsonObject:
    """The digests of the channel of two nations, equal on both. Raises OurBug (`story`) where they are not."""
    channel = "-".join(sorted(nations))
    mine, theirs = (value_at(stage.state(nation), f"channels.{channel}") for nation in nations)
    if not isinstance(mine, dict) or mine != theirs:
        raise _otherwise(channel, "state", str(mine), str(theirs))
    return {name: mine[name] for name in BOOKS}


def check_ending(stage: Stage) -> None:
    """What must be so at the end. Raises OurBug (`story`)."""
    endings: Mapping[str, tuple[Callable[[], JsonValue], JsonValue]] = {
        "order of Japan": (lambda: stage.show("JP", "order", "AU-0076")["state"], "settled"),
        "order of Australia": (lambda: stage.show("AU", "order", "AU-0076")["state"], "settled"),
        "owed by Japan's ledger": (lambda: value_at(stage.balances("JP"), "AU-JP.owed"), []),
        "owed by Australia's ledger": (lambda: value_at(stage.balances("AU"), "AU-JP.owed"), []),
        "statement": (lambda: stage.show("AU", "statement", "AU-2017")["state"], "accepted"),
        "request by the draft": (lambda: stage.show("KR", "order", "KR-0001")["state"], "refused"),
        "holding as its owner sees it": (lambda: stage.show("JP", "holding", "JP-0001")["state"], "destroyed"),
        "report": (
            lambda: value_at(stage.show("KR", "instrument", "acsa-jp-kr"), "reports.0.standing"),
            "correction_requested",
        ),
    }
    for name, (look, wanted) in endings.items():
        found = look()
        if found != wanted:
            raise _otherwise(name, "state", str(wanted), str(found))


def _otherwise(step: str, what: str, wanted: str, found: str) -> OurBug:
    return OurBug(
        check="story",
        detail=N_("The story went otherwise at {step}: {what} should be {wanted}, and is {found}."),
        params={"step": step, "what": what, "wanted": wanted[:200], "found": found[:200]},
    )
