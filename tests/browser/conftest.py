"""One browser and one exercise for all tests of the pages; the story is played in it once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gokei.faces import exercise
from gokei.faces.story.playing import Player
from gokei.faces.story.stages import OverHttp, Served
from tests.browser.looking import Desk, Look
from tests.browser.stage import InBrowser, Quiet

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as GOKEI_BROWSER names it or as it stands on the PATH."""
    named = os.environ.get("GOKEI_BROWSER")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("No Chromium: install it (Debian: apt-get install chromium), or name one by GOKEI_BROWSER.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The checker of accessibility."""
    if not AXE.is_file():
        pytest.fail("No axe-core: npm ci --ignore-scripts (tools/set-up test does it).")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Four nations' nodes, each a process of its own."""
    folder = tmp_path_factory.mktemp("exercise") / "nodes"
    exercise.prepare(folder)
    exercise.enrol(folder)
    with exercise.serving(folder, 0) as serving:
        yield dict(serving)


@pytest.fixture(scope="session")
def wire(nodes: dict[str, Served]) -> Iterator[OverHttp]:
    """The same nodes by their API."""
    found = OverHttp(nodes)
    yield found
    found.close()


@pytest.fixture(scope="session")
def played(browser: Browser, nodes: dict[str, Served], wire: OverHttp) -> InBrowser:
    """The story, played in the browser from its first step to its last; and one more order, still on its way."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    stage = InBrowser(Desk(context.new_page(), nodes), wire)
    Player(stage, Quiet(), "browser").play()
    stage.leave_work_waiting()
    context.close()
    return stage


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def desk(page: Page, nodes: dict[str, Served]) -> Desk:
    return Desk(page, nodes)


@pytest.fixture(scope="session")
def watched(browser: Browser, nodes: dict[str, Served], axe: str) -> Iterator[Look]:
    """One page for all that is only looked at: signing in once saves most of the time."""
    context = browser.new_context(locale="en-GB")
    yield Look(context.new_page(), nodes, axe)
    context.close()


@pytest.fixture
def look(watched: Look) -> Look:
    watched.faults.clear()
    watched.page.emulate_media(color_scheme="light")
    return watched
