"""The guide to writing a pack: its example is that of the reference, and what it prints is what is printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from gokei.node.packs import agreements_folder
from tests.faces.calling import call

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "guides" / "write-a-pack.md").read_text("utf-8")
REFERENCE = (DOCS / "reference" / "packs.md").read_text("utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0]
CHECK = re.compile(r"\$ gokei law check my-agreements(?: \| tail -1)?\n")


def printed(page: str, at: int) -> str:
    """What stands below the command the `at`-th time that the page gives it."""
    return CHECK.split(page)[at].partition("```")[0]


def checked(folder: Path, example: str | None) -> str:
    mine = folder / "my-agreements"
    shutil.rmtree(mine, ignore_errors=True)
    shutil.copytree(agreements_folder(), mine)
    if example is not None:
        (mine / "treaties" / "example.yaml").write_text(example, "utf-8")
    done = call("law", "check", "my-agreements", cwd=folder)
    return (done.stdout + done.stderr).decode()


def last(text: str) -> str:
    return text.splitlines(keepends=True)[-1]


def test_the_guide_has_the_example_of_the_reference() -> None:
    assert f"```yaml\n{EXAMPLE}```" in REFERENCE


def test_what_the_guide_says_is_printed_is_printed(tmp_path: Path) -> None:
    lines = EXAMPLE.splitlines(keepends=True)
    lines[12] = lines[12].replace("source", "sorce")
    assert last(checked(tmp_path, None)) == printed(GUIDE, 1)
    assert last(checked(tmp_path, EXAMPLE)) == printed(GUIDE, 2)
    assert checked(tmp_path, "".join(lines)) == printed(GUIDE, 3)
    lines[10] = lines[10].replace("exercise", "excercise")
    assert checked(tmp_path, "".join(lines)) == printed(REFERENCE, 1)


def test_a_pack_without_the_laws_of_its_parties_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "example.yaml").write_text(EXAMPLE, "utf-8")
    told = call("law", "check", "packs", cwd=tmp_path).stderr.decode()
    assert "No pack states the law of JP, a party to this agreement." in told
    assert "`No pack states the law of JP, a party to this agreement.`" in GUIDE
