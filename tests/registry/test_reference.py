"""The examples of the reference are a story that can be played, and its tables name every field and check."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gokei.dossier import preparing as dossier_preparing
from gokei.dossier import record
from gokei.dossier.wing import WING as DOSSIER
from gokei.journal.kinds import Wing
from gokei.registry import holding
from gokei.registry.wing import WING as REGISTRY

from .pair import Pair, partner

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGES = [("documents-registry.md", REGISTRY), ("documents-dossier.md", DOSSIER)]


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def examples(text: str) -> list[dict[str, Any]]:
    return [json.loads(one) for one in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize(("name", "wing"), PAGES)
def test_every_example_has_effect(name: str, wing: Wing) -> None:
    pair = Pair(wing)
    found = examples(page(name))
    assert {one["type"] for one in found} == {kind.type for kind in wing.kinds}
    for example in found:
        fields = {field: value for field, value in example.items() if field not in {"type", "to"}}
        if fields.get("of", "").startswith("sha256:"):
            fields["of"] = pair.entries()[0].hash
        entry = pair.act(partner(example["to"]), example["type"], **fields)
        assert pair.void(entry) is None
        pair.read()


@pytest.mark.parametrize(("name", "wing"), PAGES)
def test_the_page_names_every_power_and_every_field(name: str, wing: Wing) -> None:
    text = page(name)
    never_typed = {"determination", "grounds", "decision", "provided_purpose"}
    for kind in wing.kinds:
        names = {field.alias or own for own, field in kind.body.model_fields.items()} - never_typed
        for word in {*names, *kind.powers}:
            assert f"`{word}`" in text, (kind.type, word)


@pytest.mark.parametrize(
    ("name", "modules"), [("documents-registry.md", [holding]), ("documents-dossier.md", [record, dossier_preparing])]
)
def test_the_page_names_every_reason_of_a_void(name: str, modules: list[Any]) -> None:
    source = "".join(Path(module.__file__).read_text("utf-8") for module in modules)
    checks = set(re.findall(r'Void\(\s*"([a-z-]+)"', source))
    assert len(checks) >= 4
    assert [check for check in sorted(checks) if f"`{check}`" not in page(name)] == []
