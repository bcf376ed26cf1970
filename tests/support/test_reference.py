"""The examples of support and ledger are one story that two real nodes can play; the tables name fields and checks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gokei.journal.kinds import Wing
from gokei.ledger import account, statements
from gokei.ledger import preparing as ledger_preparing
from gokei.ledger.wing import WING as LEDGER
from gokei.support import determining, operation, order, preparing
from gokei.support.wing import WING as SUPPORT
from gokei.terms.money import CURRENCIES
from gokei.terms.quantities import UNITS
from tests.nations import Nations

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGES = [
    ("documents-support.md", SUPPORT, [operation, order, preparing, determining]),
    ("documents-ledger.md", LEDGER, [account, statements, ledger_preparing]),
]
# Worked out by the node, or another wing's word for the same.
NEVER_TYPED = {"determination"}
CHECK = re.compile(r'(?:(?:Void|_exceeds)\(\s*|check=)"([a-z-]+)"')


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def examples(name: str) -> list[dict[str, Any]]:
    return [json.loads(one) for one in re.findall(r"```json\n(.*?)```", page(name), re.DOTALL)]


def named(nations: Nations, example: dict[str, Any]) -> dict[str, Any]:
    """The example with the newest document of that type wherever it says to name one by hash."""

    def newest(type_name: str) -> str:
        found = nations["AU"].list("documents", {"type": type_name})
        return str(max(found, key=lambda one: int(str(one["sequence"])))["hash"])

    return {name: newest(name) if value == "sha256:…" else value for name, value in example.items()}


def test_the_examples_are_a_story_that_ends_with_equal_accounts(nations: Nations) -> None:
    for name, wing, _ in PAGES:
        found = examples(name)
        assert {one["type"] for one in found} == {kind.type for kind in wing.kinds}
        for example in found:
            author = "JP" if example["to"] == "AU" else "AU"
            nations.act(author, **named(nations, example))
            nations.meet()
    documents = nations["JP"].list("documents")
    assert [one["type"] for one in documents if one["void"]] == []
    states = {str(one["order"]): one["state"] for one in nations["AU"].list("orders")}
    assert states == {"AU-0001": "settled", "AU-0002": "refused", "JP-0002": "cancelled"}
    assert nations["AU"].show("statement", "AU-2017")["state"] == "accepted"


@pytest.mark.parametrize(("name", "wing"), [row[:2] for row in PAGES])
def test_the_page_names_every_power_and_every_field(name: str, wing: Wing) -> None:
    text = page(name)
    for kind in wing.kinds:
        for word in {*kind.body.model_fields, *kind.powers} - NEVER_TYPED:
            assert f"`{word}`" in text, (kind.type, word)


@pytest.mark.parametrize(("name", "modules"), [(row[0], row[2]) for row in PAGES])
def test_the_page_names_every_check(name: str, modules: list[Any]) -> None:
    source = "".join(Path(module.__file__).read_text("utf-8") for module in modules)
    checks = set(CHECK.findall(source))
    assert len(checks) >= 10
    assert [check for check in sorted(checks) if f"`{check}`" not in page(name)] == []


def test_units_and_currencies_are_named() -> None:
    text = page("documents.md")
    assert [one for one in (*UNITS, *CURRENCIES) if f"`{one}`" not in text] == []
