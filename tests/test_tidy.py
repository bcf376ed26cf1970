"""The house rules, held against the whole tree; each rule is also shown a text that breaks it, so that it can fail."""

from __future__ import annotations

import importlib
import os
import statistics
from itertools import chain
from pathlib import Path
from typing import Any, cast

import click
import pytest

from .tidy import bans, documented, floors, kept, shape, words
from .tidy.tree import PACKAGE, ROOT, committed, modules

SHOWN = 40

# Where a rule does not hold, and why. An exception that nothing needs any more fails as well.
WHOLE = "numpy holds whole numbers alone here: codes, days and places in tables"
MAY_SAY_FLOAT = {
    "terms/nearest.py": "how alike two words are is no amount",
    "law/columns/answers.py": WHOLE,
    "law/columns/codes.py": WHOLE,
    "law/columns/levels.py": WHOLE,
    "law/columns/machine.py": WHOLE,
    "law/columns/starts.py": WHOLE,
    "law/columns/symbols.py": WHOLE,
}

PURE = [module for module in modules() if module.wing in bans.PURE]
EXACT = [module for module in modules() if module.wing in bans.EXACT]
PYTHON = [path for path in committed() if path.suffix == ".py"]
TEMPLATES = sorted((PACKAGE / "faces" / "web" / "templates").rglob("*.html"))


def none(faults: list[str]) -> None:
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:SHOWN]])


# Floors and bans


def test_imports_only_go_down() -> None:
    none([*chain.from_iterable(floors.floor_faults(module.name, module.text) for module in modules())])


def test_every_package_has_a_floor() -> None:
    none(sorted({module.wing for module in modules()} - {*floors.FLOORS, ""}))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terms/x.py", "import gokei.law"),
        ("terms/x.py", "from gokei import journal"),
        ("law/x.py", "from gokei.journal.frames import Frame"),
        ("law/loader/x.py", "from ...node import core"),
        ("journal/x.py", "def f():\n    from gokei.support import order"),
        ("registry/x.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from gokei.support import order"),
        ("formats/x.py", "import gokei.node.store as store"),
        ("law/x.py", "from gokei.unheard import of"),
        ("strays.py", "from gokei.terms import dates"),
    ],
)
def test_an_import_that_does_not_go_down_is_found(name: str, text: str) -> None:
    assert len(floors.floor_faults(name, text)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("law/loader/x.py", "from .nodes import walk\nfrom ..walks import cubes\nfrom gokei.terms import dates"),
        ("faces/x.py", "from gokei import __version__\nfrom gokei.node import node"),
        ("ledger/x.py", "from gokei.support.order import OrderState"),
    ],
)
def test_an_import_that_goes_down_is_not(name: str, text: str) -> None:
    assert floors.floor_faults(name, text) == []


def test_the_pure_floors_never_touch_the_world() -> None:
    none([*chain.from_iterable(bans.world_faults(module.name, module.text) for module in PURE)])


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from time import monotonic",
        "import random",
        "import secrets as s",
        "from uuid import uuid4",
        "from nacl.utils import random",
        "import os.path",
        "from os import environ",
        "import socket",
        "import sqlite3",
        "import httpx",
        "from urllib.request import urlopen",
        "from pathlib import Path",
        "import pathlib",
        "import asyncio",
        "import threading",
        "x = datetime.datetime.now(datetime.UTC)",
        "x = date.today()",
        "x = datetime.utcnow()",
        "key = SigningKey.generate()",
        "text = open('a').read()",
        "def f(p):\n    return p.read_bytes()",
        "print('here')",
        "eval('1')",
    ],
)
def test_a_reach_for_the_world_is_found(text: str) -> None:
    assert len(bans.world_faults("law/x.py", text)) == 1


def test_what_only_sounds_like_the_world_is_not() -> None:
    text = "from pathlib import PurePosixPath\nimport datetime\nfrom urllib.parse import quote\nx = archive.open('a')\n"
    assert bans.world_faults("formats/x.py", text) == []


def test_no_floats_where_amounts_are() -> None:
    faults = {module.name: bans.float_faults(module.name, module.text) for module in EXACT}
    assert {name for name, found in faults.items() if found} >= {*MAY_SAY_FLOAT}, "an exception is no longer needed"
    none([*chain.from_iterable(found for name, found in faults.items() if name not in MAY_SAY_FLOAT)])


@pytest.mark.parametrize(
    "text", ["x = 0.1", "x = 1e3", "x = float('1')", "def f(x: float): ...", "import math", "x = 2j"]
)
def test_a_float_is_found(text: str) -> None:
    assert len(bans.float_faults("ledger/x.py", text)) == 1


def test_the_pure_floors_keep_no_state() -> None:
    none([*chain.from_iterable(bans.state_faults(module.name, module.text) for module in PURE)])


@pytest.mark.parametrize(
    "text",
    [
        "seen = []",
        "seen: dict[str, int] = {}",
        "seen = set()",
        "seen = defaultdict(list)",
        "seen = {x: 1 for x in 'ab'}",
        "SEEN: Final = 1\nSEEN += 1",
        "def f():\n    global seen",
    ],
)
def test_state_of_a_module_is_found(text: str) -> None:
    assert len(bans.state_faults("law/x.py", text)) == 1


def test_what_never_changes_is_no_state() -> None:
    assert bans.state_faults("law/x.py", "__all__ = ['a']\nA: Final = {'a': 1}\nB = (1, 2)\nC = frozenset()") == []


# Sizes and docstrings


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_are_short(path: Path) -> None:
    none(shape.size_faults(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))


def test_a_module_is_usually_much_shorter() -> None:
    assert statistics.median(shape.lines(module.text) for module in modules()) <= shape.FILE_LINES_MEDIAN


def test_what_is_too_long_is_found() -> None:
    long_function = "def f():\n" + "    x = 1\n" * shape.FUNCTION_LINES
    assert len(shape.size_faults("x.py", long_function)) == 1
    assert len(shape.size_faults("x.py", "# a\n" * (shape.FILE_LINES + 1))) == 1
    assert shape.size_faults("x.py", "# a\n" * shape.FILE_LINES) == []


def test_everything_public_says_what_it_is() -> None:
    none([*chain.from_iterable(shape.docstring_faults(module.name, module.text) for module in modules())])


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        '"""A module."""\ndef shown(): ...',
        '"""A module."""\nclass Shown:\n    """A class."""\n    def shown(self): ...',
        '"""A module."""\ndef shown():\n    """Returns the"""',
    ],
)
def test_what_says_nothing_of_itself_is_found(text: str) -> None:
    assert len(shape.docstring_faults("law/x.py", text)) == 1


# Documented


def test_every_command_is_documented() -> None:
    command = importlib.import_module("gokei.faces.cli.main").gokei
    none(documented.undocumented_commands(command, documented.reference("cli.md")))


def test_an_undocumented_command_is_found() -> None:
    @click.group()
    def gokei() -> None: ...

    @gokei.command()
    @click.option("--on")
    def show(on: str) -> None: ...

    assert documented.undocumented_commands(gokei, "gokei shows --once") == ["gokei show", "gokei show --on"]
    assert documented.undocumented_commands(gokei, "## gokei show\n`--on DATE`") == []


def test_every_call_of_the_api_is_documented() -> None:
    create_api = importlib.import_module("gokei.faces.api.app").create_api
    none(
        documented.undocumented_calls(
            create_api(cast(Any, None), cast(Any, None), cast(Any, None), cast(Any, None)).openapi(),
            documented.reference("api.md"),
        )
    )


def test_an_undocumented_call_is_found() -> None:
    openapi: dict[str, Any] = {"paths": {"/act": {"post": {}}, "/law/{instrument}": {"get": {}}}}
    assert documented.undocumented_calls(openapi, "POST /acts, GET /law/{instrument}/status") == [
        "POST /act",
        "GET /law/{instrument}",
    ]
    assert documented.undocumented_calls(openapi, "POST /api/v1/act and `GET /law/{instrument}`") == []


def test_every_setting_is_documented() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "run", ROOT / "test", *(ROOT / "tools").iterdir())]
    found = set().union(*(documented.settings(text) for text in (*texts, *(module.text for module in modules()))))
    assert found, "no setting found at all"
    none(documented.undocumented(found, documented.reference("settings.md")))


def test_every_type_of_document_is_documented() -> None:
    wings = importlib.import_module("gokei.node.wings").WINGS
    types = {kind.type for wing in wings for kind in wing.kinds}
    none(documented.undocumented(types, documented.reference("documents*.md")))


def test_every_fact_is_documented() -> None:
    facts = {*importlib.import_module("gokei.terms.facts").FACTS}
    none(documented.undocumented(facts, documented.reference("*.md")))


def test_an_undocumented_name_is_found() -> None:
    assert documented.settings('environ["GOKEI_TRACE"]') == {"GOKEI_TRACE"}
    assert documented.undocumented({"co_located", "on"}, "`on` and co_located") == ["co_located"]


# Translated


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_every_sentence_is_translated(language: str) -> None:
    none(importlib.import_module("gokei.faces.locale.__main__").gaps(language))
    none(words.placeholder_faults(language, importlib.import_module("gokei.faces.locale").messages(language)))


def test_a_lost_placeholder_is_found() -> None:
    assert len(words.placeholder_faults("ja", {"No {x}.": "{y} がない。"})) == 1
    assert words.placeholder_faults("ja", {"No {x} in {y}.": "{y} に {x} がない。"}) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    none(words.template_faults(path.name, path.read_text("utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "<p>Due today</p>",
        '<p title="Due today">{{ _("Due") }}</p>',
        '<img alt="The order">',
        '{% if x %}<b>{{ _("Due") }} soon</b>{% endif %}',
    ],
)
def test_words_outside_the_catalogues_are_found(text: str) -> None:
    assert len(words.template_faults("x.html", text)) >= 1


def test_words_inside_the_catalogues_are_not() -> None:
    text = '{# A note #}<p class="due" title="{{ _(\'Due\') }}">{{ _("Due today") }} &nbsp; Gokei 互恵 日本語</p>'
    assert words.template_faults("x.html", text) == []


def test_sentences_of_problems_are_marked() -> None:
    none([*chain.from_iterable(words.unspoken_faults(module.name, module.text) for module in modules())])


def test_an_unmarked_sentence_is_found() -> None:
    assert len(words.unspoken_faults("x.py", "raise Refused(check='a', detail='No.', next_step=f'Ask {x}.')")) == 2
    assert words.unspoken_faults("x.py", "raise Refused(check='a', detail=N_('No.'), next_step=step)") == []


# Problems


def test_checks_are_written_out_in_kebab_case() -> None:
    none([*chain.from_iterable(words.check_faults(module.name, module.text) for module in modules())])


def test_a_check_means_one_thing() -> None:
    none(words.clashing_checks({module.name: module.text for module in modules()}))


def test_a_wrong_check_is_found() -> None:
    assert len(words.check_faults("x.py", "raise Refused(check=f'door-{n}', detail=d)")) == 1
    assert len(words.check_faults("x.py", "x = Void('door_8', d)")) == 1
    assert words.check_faults("x.py", "raise Refused(check=void.check, detail=d)") == []
    clash = {"a.py": "class Late(Unavailable): ...\nraise Late(check='late')", "b.py": "raise Refused(check='late')"}
    assert words.clashing_checks(clash) == ["the check late is made by Refused, Unavailable"]


# What is committed


def test_nothing_unfinished_and_no_package_host_is_committed() -> None:
    texts = {path: path.read_bytes() for path in committed()}
    none([
        fault
        for path, raw in texts.items()
        if b"\0" not in raw
        for fault in kept.text_faults(path.relative_to(ROOT).as_posix(), raw.decode("utf-8", "replace"))
    ])  # fmt: skip


def test_no_large_file_is_committed() -> None:
    none([str(path) for path in committed() if path.stat().st_size > kept.FILE_BYTES])


def test_what_should_not_be_committed_is_found() -> None:
    assert len(kept.text_faults("x.py", "# TO" + "DO: later")) == 1
    assert len(kept.text_faults("x.txt", "https://files.python" + "hosted.org/x")) == 1


def test_every_link_of_a_page_leads_somewhere(tmp_path: Path) -> None:
    pages = [path for path in committed() if path.suffix == ".md"]
    faults = [
        kept.link_faults(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"), path.parent) for path in pages
    ]
    none([*chain.from_iterable(faults)])
    assert len(kept.link_faults("x.md", "[a](b.md#c) [d](https://example.org)", tmp_path)) == 1


def test_locks_pin_and_hash_everything() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        none(kept.lock_faults(path.name, path.read_text("utf-8")))
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_a_loose_requirement_is_found() -> None:
    assert len(kept.lock_faults("x.txt", "click>=8 \\\n    --hash=sha256:00")) == 1
    assert len(kept.lock_faults("x.txt", "click==8.5.1 \\\n    # via gokei")) == 1
    assert kept.lock_faults("x.txt", "click==8.5.1 ; sys_platform != 'win32' \\\n    --hash=sha256:00") == []


def test_the_commands_can_be_run() -> None:
    for name in ("run", "test", ".ci/run", "tools/set-up", "tools/lock"):
        assert os.access(ROOT / name, os.X_OK), name
    assert "../test" in (ROOT / ".ci" / "run").read_text("utf-8")
