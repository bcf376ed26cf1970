"""The manifest of a courier as it comes out of a printer: nothing cut off or torn, and a code that readers can read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page

from gokei.faces.locale import translator
from gokei.faces.manifest import code_text
from gokei.faces.manifest import page as manifest
from tests.nations import Nations, line, to_operation

MILLIMETRE = 96 / 25.4
PRINTED_WIDTH = int(174 * MILLIMETRE)

# The picture drawn large, and at the middle of each module whether it is dark.
MODULES = """async ([modules]) => {
  const drawn = new Image(), picture = document.querySelector("svg");
  picture.setAttribute("width", 800); picture.setAttribute("height", 800);
  drawn.src = "data:image/svg+xml," + encodeURIComponent(picture.outerHTML);
  await drawn.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 800;
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; context.fillRect(0, 0, 800, 800); context.drawImage(drawn, 0, 0, 800, 800);
  const size = 800 / (modules + 4), rows = [];
  for (let y = 0; y < modules; y++) {
    let row = "";
    for (let x = 0; x < modules; x++)
      row += context.getImageData((x + 2.5) * size, (y + 2.5) * size, 1, 1).data[0] < 128 ? "1" : "0";
    rows.push(row);
  }
  return rows;
}"""


CUT_OFF = """[...document.querySelectorAll("td, th")].filter(one => one.scrollWidth > one.clientWidth)
  .map(one => one.textContent)"""
KEPT_TOGETHER = """[[".sign", "breakInside"], [".code", "breakInside"], [".parts tbody tr", "breakInside"],
  [".parts thead", "display"]].map(([one, what]) => getComputedStyle(document.querySelector(one))[what])"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What packing into five parts or more answers, with names that people choose."""
    folder = tmp_path_factory.mktemp("manifest")
    nations = Nations(folder, "AU", "JP")
    to_operation(nations)
    for number in range(5):
        nations.act(
            "AU", type="request", to="JP", order=f"AU-{number}", operation="DARWIN", on="2017-09-07",
            lines=[line("1", supply="fuel", description="F-76")],
        )  # fmt: skip
    found = nations["AU"].courier_pack("JP", folder / "to-japan-2026-11-25", whole=True, split=5600)
    nations.close()
    return found


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Any:
    context = browser.new_context(viewport={"width": PRINTED_WIDTH, "height": 900}, offline=True)
    found = context.new_page()
    found.emulate_media(media="print")
    yield found
    context.close()


def sheets(paper: Page) -> int:
    pdf = paper.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95" in pdf, "no A4"
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_five_parts_are_one_sheet_of_which_nothing_is_cut_off(paper: Page, packed: Any, language: str) -> None:
    assert len(packed["parts"]) >= 5
    paper.set_content(manifest(packed | {"parts": packed["parts"][:5]}, language, translator(language)))
    assert paper.evaluate("document.documentElement.scrollWidth") <= PRINTED_WIDTH
    assert paper.evaluate(CUT_OFF) == []
    assert sheets(paper) == 1


def test_many_parts_repeat_the_heads_and_never_tear_the_lines_to_sign(paper: Page, packed: Any) -> None:
    rows = packed["parts"] * 8
    for count in range(6, 13):
        paper.set_content(manifest(packed | {"parts": rows[:count]}, "ja", translator("ja")))
        assert paper.evaluate(KEPT_TOGETHER) == ["avoid"] * 3 + ["table-header-group"]
    assert sheets(paper) == 2
    paper.set_content(manifest(packed | {"parts": rows}, "ja", translator("ja")))
    assert sheets(paper) >= 3


def test_the_code_has_the_modules_of_its_text_and_is_large_enough_to_be_read(paper: Page, packed: Any) -> None:
    paper.set_content(manifest(packed, "en", translator("en")))
    matrix = segno.make(code_text(packed), error="m", micro=False).matrix
    assert paper.evaluate(MODULES, [len(matrix)]) == ["".join(str(one & 1) for one in row) for row in matrix]
    width = paper.evaluate("document.querySelector('svg').getBoundingClientRect().width") / MILLIMETRE
    # Readers of codes want modules of a third of a millimetre and more.
    assert width / (len(matrix) + 4) > 0.33
    assert Path(packed["parts"][0]["file"]).name in paper.inner_text("table.parts")
