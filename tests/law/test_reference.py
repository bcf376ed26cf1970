"""The page of packs: its example is a pack that grants, and every word of the format stands on it."""

from __future__ import annotations

import re
from pathlib import Path

from gokei.law.instruments import EFFECTS, QUALITIES
from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.law.status import EVENTS
from gokei.node.packs import agreements_folder, read_files

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "packs.md").read_text("utf-8")
QUESTION = {
    "kind": "support", "provider": "AU", "recipient": "JP", "activity": "joint_exercise", "supply": "fuel",
    "both_participate": True, "requested": True,
}  # fmt: skip


def library() -> Library:
    example = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(example) == 1
    laws = [one for one in read_files(agreements_folder()) if "-assumed" in one[0]]
    japan = re.sub(rb"\bAU\b", b"JP", next(data for path, data in laws if path.endswith("law-au-assumed.yaml")))
    japan = japan.replace(b"law-au-assumed", b"law-jp-assumed")
    return Library(load(compose([("example.yaml", example[0].encode()), ("japan.yaml", japan), *laws])))


def test_the_example_grants_what_it_says_from_its_day_on() -> None:
    packs = library()
    before, after = (packs.answer(QUESTION | {"on": on}) for on in ("2030-03-31", "2030-04-01"))
    assert (before["verdict"], before["ground"]) == ("not_permitted", "not_in_force")
    assert after["verdict"] == "permitted"
    assert packs.answer(QUESTION | {"on": "2030-04-01", "requested": False})["ground"] == "condition_not_met"
    assert packs.answer(QUESTION | {"on": "2030-04-01", "supply": "weapons"})["ground"] == "out_of_scope"


def test_every_word_of_the_format_stands_on_the_page() -> None:
    assert [word for word in (*EFFECTS, *QUALITIES, *EVENTS) if f"`{word}`" not in PAGE] == []
