"""The editor's schema: it takes every shipped pack, and what the loader refuses for its shape it refuses as well."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.faces.cli.main import main
from gokei.law.loader import compose, load, shapes
from gokei.law.loader.schema import pack_schema
from gokei.terms.facts import FACTS
from gokei.terms.problems import Problems
from tests.law.schemas import Schema
from tests.law.test_loader import SHIPPED, TREATY
from tests.nightly import examples

SCHEMA: Any = pack_schema()
DRAFT = next(text.decode() for path, text in SHIPPED if path.endswith("acsa-jp-kr.yaml"))

NEEDED = ("acsa-jp-au-2010.yaml", "law-au-assumed.yaml", "law-jp-pko-act.yaml")
BESIDE = [(path, data) for path, data in SHIPPED if path.endswith(NEEDED)]


class EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it by version 1.2: no days, and true and false are the only truth values."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def refused(text: str) -> list[str]:
    """Where the schema refuses a pack."""
    return [*Schema(SCHEMA).faults(yaml.load(text, Loader=EditorLoader))]


def faulty(text: str) -> list[str]:
    """The checks by which the loader refuses a pack among those that it needs."""
    try:
        load(compose([*BESIDE, ("acsa-jp-au-2017.yaml", text.encode())]))
    except Problems as found:
        return [one.check for one in found.problems]
    return []


@pytest.mark.parametrize(("path", "data"), SHIPPED, ids=[path.rpartition("/")[2] for path, _ in SHIPPED])
def test_every_shipped_pack_is_taken(path: str, data: bytes) -> None:
    assert refused(data.decode()) == []


PROVISION = "- id: 1(1)(a)\n"
WRONG = [
    ("effect: permit", "effect: allow"),
    ("activity: [joint_exercise]", "activity: [joint_exercize]"),
    ("activity: [joint_exercise]", "activty: [joint_exercise]"),
    ("activity: [joint_exercise]", "activity: []"),
    ("activity: [joint_exercise]", "activity: {not: [joint_exercise], before: '2017-01-01'}"),
    ("activity: [joint_exercise]", "activity: {same_as: supply}"),
    ("activity: [joint_exercise]", "nsn: '9140002732377'"),
    ("activity: [joint_exercise]", "all: []"),
    ("both_participate: true", "both_participate: 'yes'"),
    ("kind: support", "kind: supprot"),
    ("kind: support", "kind: law"),
    ("'2017-01-14'", "'2017-02-30'"),
    ("'2017-01-14'", "'14.1.2017'"),
    ("quality: verified", "quality: sure"),
    ("parties: [JP, AU]", "parties: [JP, Australia]"),
    ("parties: [JP, AU]", "parties: [JP, JP]"),
    ("parties: [JP, AU]", "parties: [JP]"),
    ("parties: [JP, AU]", "parties: []"),
    ("titles:", "titels:"),
    ("instrument: acsa-jp-au-2017", "instrument: ACSA"),
    ("due: P12M", "due: twelve months"),
    ("methods: [return", "methods: [refund"),
    ("obligation:", "variants:"),
    (PROVISION, PROVISION + "  law_of: JP\n"),
    (PROVISION, PROVISION + "  that: {requested: true}\n"),
    (PROVISION, PROVISION + "  side: giver\n"),
    (PROVISION, PROVISION + "  in_force: {since: '2017-01-01'}\n"),
    (PROVISION, PROVISION + "  lint: {allow: [unreachable]}\n"),
    (PROVISION, PROVISION + "  lint: {allow: [unreachible], because: It is so.}\n"),
    (PROVISION, "- id: ''\n"),
    ("    en: ", "    eng: "),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong"), WRONG)
def test_what_the_loader_refuses_for_its_shape_the_schema_refuses_too(right: str, wrong: str) -> None:
    text = TREATY.replace(right, wrong, 1)
    assert text != TREATY
    assert faulty(text)
    assert refused(text)


def test_a_draft_alone_may_stand_for_laws_and_undecided_has_two_variants() -> None:
    assert refused(DRAFT) == []
    assert refused(DRAFT.replace("draft: true", "draft: false"))
    assert refused(re.sub(r"variants: \{[^}]*\}", "variants: {included: permit}", DRAFT))
    assert refused(re.sub(r"variants: \{[^}]*\}", "variants: {included: permit, excluded: maybe}", DRAFT))


def parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for one in value.values():
            yield from parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from parts(one)


@settings(max_examples=examples(80), deadline=None)
@given(st.data())
def test_a_pack_that_lost_or_gained_a_field_is_refused_by_both_or_by_neither(data: st.DataObject) -> None:
    pack = yaml.load(TREATY, Loader=EditorLoader)
    place = data.draw(st.sampled_from([one for one in parts(pack) if isinstance(one, dict) and one]))
    name = data.draw(st.sampled_from([*place]))
    if data.draw(st.booleans()):
        del place[name]
    else:
        place[data.draw(st.sampled_from(["sorce", "note", "from", "side", "when"]))] = copy.deepcopy(place[name])
    text = yaml.safe_dump(pack, allow_unicode=True, sort_keys=False)
    by_the_folder = {"pack-overlap", "pack-supersedes", "pack-law"}
    assert bool(refused(text)) == bool({*faulty(text)} - by_the_folder), (refused(text), faulty(text))


def test_an_editor_can_complete_facts_and_codes_and_shows_what_a_field_is_for() -> None:
    facts = SCHEMA["$defs"]["condition"]["properties"]
    assert {*facts} == {*FACTS} - {"kind", "on", "nsn"} | {"all", "any", "not"}
    assert "fuel" in facts["supply"]["anyOf"][0]["enum"]
    assert "recipient" in SCHEMA["$defs"]["value_nation"]["enum"]
    for name, shape in shapes.SHAPES.items():
        found = SCHEMA if name == "instrument" else SCHEMA["$defs"][name]
        assert all(found["properties"][field]["description"].endswith(".") for field in shape.fields)


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
