"""`gokei exercise`: watch four nations' nodes play the story, and stay to look around."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from gokei.faces import exercise as field
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option
from gokei.faces.story.playing import Player
from gokei.faces.story.stages import OverHttp, Served
from gokei.faces.story.steps import CHAPTERS, Chapter, Step
from gokei.node.packs import open_library
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.words import N_

DEFAULT_FOLDER: Final = "exercise"
STEP_PAUSE_SECONDS: Final = 0.9
DIGEST_CHARACTERS: Final = 19
BOOK_CHARACTERS: Final = 8
SHOWN_BOOKS: Final = ("orders", "ledger", "registry", "dossier")


class Teller:
    """Tells the story on a terminal, as slowly as it is asked to."""

    def __init__(self, pause: float, quiet: bool) -> None:
        self._pause = pause
        self._quiet = quiet
        self._words = translate()
        self.told: list[tuple[Chapter, list[tuple[Step, JsonObject]]]] = []
        self.agreed_on: dict[str, JsonValue] = {}

    @property
    def steps(self) -> int:
        """How many steps were played."""
        return sum(len(steps) for _, steps in self.told)

    def line(self, text: str = "") -> None:
        """A line, unless nobody listens."""
        if not self._quiet:
            click.echo(text)
            sys.stdout.flush()

    def chapter(self, chapter: Chapter) -> None:
        """A chapter begins; one of the same title goes on."""
        goes_on = bool(self.told) and self.told[-1][0].title == chapter.title
        self.told.append((chapter, []))
        if not goes_on:
            self.line()
            self.line(click.style(self._words(chapter.title), bold=True))

    def step(self, step: Step, found: JsonObject) -> None:
        """A step is over."""
        self.told[-1][1].append((step, found))
        self.line(f"  {step.nation}  {self._words(step.tells)}")
        for text in _outcome(found):
            self.line(click.style(f"        {text}", dim=True))
        time.sleep(self._pause)

    def agreed(self, nations: tuple[str, str], digests: JsonObject) -> None:
        """Two nations hold the same books."""
        self.agreed_on["-".join(sorted(nations))] = digests
        books = self._words(N_("Both hold the same books:"))
        shown = " ".join(f"{name} {str(digests[name]).partition(':')[2][:BOOK_CHARACTERS]}…" for name in SHOWN_BOOKS)
        self.line(f"  {'-'.join(sorted(nations))}  {books} {shown}")


def _outcome(found: JsonObject) -> list[str]:
    """What came of a step, in one or two lines: verdict with its basis, or the refusal with its provision."""
    determination = found.get("determination") or found
    lines: list[str] = []
    if isinstance(determination, dict) and "verdict" in determination:
        basis = _cited(determination.get("undecided")) or _cited(determination.get("basis"))
        lines.append(f"{determination['verdict']} ({determination['ground']})  {basis}".rstrip())
    if "check" in found:
        cited = " ".join(str(found[name]) for name in ("instrument", "provision") if found.get(name))
        lines.append(f"{found['check']}  {cited}".rstrip())
    if "hash" in found:
        lines.append(f"{str(found['hash'])[:DIGEST_CHARACTERS]}…")
    return lines


def _cited(rows: JsonValue) -> str:
    found = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    return ", ".join(f"{one['instrument']} {one['provision']}" for one in found)


@click.command()
@click.option("--check", is_flag=True, help="Play the story as fast as it goes, print one screen, stop the nodes.")
@click.option("--dir", "folder", default=DEFAULT_FOLDER, show_default=True, help="Where the nodes live.")
@click.option(
    "--port",
    type=click.IntRange(0, 65000),
    default=field.FIRST_PORT,
    show_default=True,
    help="The first of four ports.",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@json_option
def exercise(check: bool, folder: str, port: int, no_browser: bool, as_json: bool) -> None:
    """Play the story between the nodes of Japan, Australia, the United States and Korea, on this machine.

    Four processes that trust each other with nothing carry a fuel order from request to settled account, see
    ammunition refused on one day and permitted on the next, lend a secret, and record a denied report. The nodes then
    serve until Ctrl-C.
    """
    signal.signal(signal.SIGTERM, _interrupted)
    if check:
        with tempfile.TemporaryDirectory(prefix="gokei-") as temporary:
            _run(Path(temporary) / "exercise", 0, Teller(0, quiet=True), as_json, stay=False)
        return
    teller = Teller(STEP_PAUSE_SECONDS, quiet=as_json)
    _run(Path(folder), port, teller, as_json, stay=True, browser=not no_browser)


def _run(folder: Path, port: int, teller: Teller, as_json: bool, stay: bool, browser: bool = False) -> None:
    began = time.monotonic()
    words = translate()
    # Four nodes would each stumble over a wrong pack, far from its cause.
    open_library()
    with field.prepared(folder):
        teller.line(words(N_("Making four nodes: each has its own root, keys, law and journal.")))
        field.enrol(folder)
        with field.serving(folder, port) as nodes:
            for nation, node in nodes.items():
                teller.line(f"  {nation}  {node.address}")
            stage = OverHttp(nodes)
            try:
                Player(stage, teller, "story").play()
            finally:
                stage.close()
            _summary(teller, time.monotonic() - began, as_json)
            if stay:
                _stay(nodes, browser, as_json)


def _summary(teller: Teller, seconds: float, as_json: bool) -> None:
    """What came of the story, on one screen: what the law said, and the digests that both nations hold."""
    words = translate()
    if as_json:
        books = teller.agreed_on
        put_json({"chapters": len(CHAPTERS), "steps": teller.steps, "books": books, "seconds": round(seconds)})
        return
    click.echo()
    click.echo(click.style(words(N_("The story ends as it must.")), bold=True))
    for _, steps in teller.told:
        for step, found in steps:
            outcome = _outcome(found)
            if step.expect and outcome:
                click.echo(f"  {step.nation}  {step.name:<22} {outcome[0]}")
    ending = N_("{steps} steps in {seconds} seconds: the order is settled, nothing is owed, the secret is destroyed.")
    click.echo("  " + words(ending).format(steps=teller.steps, seconds=round(seconds)))
    for channel, digests in teller.agreed_on.items():
        if isinstance(digests, dict):
            for name in SHOWN_BOOKS:
                click.echo(f"  {channel}  {name:<9}{digests[name]}")


def _stay(nodes: Mapping[str, Served], browser: bool, as_json: bool) -> None:
    """Tell where to look, open a browser where there is one, and serve until stopped."""
    words = translate()
    if not as_json:
        put("")
        click.echo(
            click.style(
                words(N_("The nodes keep serving. Pages here ask for no code; the API takes an office's token:")),
                bold=True,
            )
        )
        for nation, node in nodes.items():
            put(f"  {nation}  {node.address}")
            for office, token in node.tokens.items():
                put(f"        {office:<10} {token}")
        put(words(N_("Ctrl-C stops them.")))
    if browser and (sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY")):
        webbrowser.open(nodes["JP"].address)
    sys.stdout.flush()
    try:
        signal.pause()
    except KeyboardInterrupt:
        put("")


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
