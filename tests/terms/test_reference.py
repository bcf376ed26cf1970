"""The page of facts has every fact with its type, every code, and every group that settles a supply."""

from __future__ import annotations

import re
from pathlib import Path

from gokei.terms import facts, nsn
from gokei.terms.markings import MARKINGS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "facts.md").read_text("utf-8")
TYPES = {"nsn": "stock number"}


def rows() -> dict[str, str]:
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))


def test_every_fact_stands_with_its_type() -> None:
    for fact in facts.FACTS.values():
        assert rows()[fact.name].startswith(TYPES.get(fact.type, fact.type)), fact.name


def test_every_code_stands_on_the_page() -> None:
    codes = {code for fact in facts.FACTS.values() for code in fact.codes} | {*MARKINGS}
    assert [code for code in sorted(codes) if f"`{code}`" not in PAGE] == []


def test_every_group_that_settles_a_supply_stands_beside_it() -> None:
    beside = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (\d\d)(?:;| \|)", PAGE, re.MULTILINE))
    assert beside == {supply: group for group, supply in nsn.GROUPS.items()}
    assert all(f"class {one}" in PAGE for one in nsn.OPEN_CLASSES)
