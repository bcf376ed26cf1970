"""The dossier on the web: what is established and what was reported stand apart, each entry with its standing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gokei.faces.forms import FORMS
from gokei.faces.locale import LANGUAGES, messages
from gokei.faces.story.stages import Served
from tests.api.calling import Caller

FILE = Path(__file__).parents[2] / "examples" / "dossier-2011.jsonl"
PAGE = "/dossier/acsa-jp-au-2010"
OFFICE = {"office": "legal"}


@pytest.fixture(scope="module")
def reader(jp: Caller, served: dict[str, Served]) -> Iterator[httpx.Client]:
    """Japan's legal officer, who has put the report of 2011 on record towards Australia."""
    for row in FILE.read_text("utf-8").splitlines():
        document = json.loads(row) | {"instrument": "acsa-jp-au-2010", "to": "AU"}
        if document.get("name") == "similar" and "United States" in document["claim"]:
            document["name"] = "other"
        answer = jp.act("legal", document)
        assert answer.status_code == 201, answer.text
    with httpx.Client(base_url=served["JP"].address, timeout=30, trust_env=False) as client:
        assert client.post("/en/sign-in", data=OFFICE).status_code == 303
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_views_and_every_entry_stand_on_the_page(reader: httpx.Client, language: str) -> None:
    answer = reader.get(f"/{language}{PAGE}")
    assert answer.status_code == 200
    known = messages(language)
    shown = ["As established", "As reported", "Entered into force", "Position of an office", "Correction asked for",
             "in favour", "reluctant", "from a secondary source", "Expected", "Official statement"]  # fmt: skip
    assert [one for one in shown if known.get(one, one) not in answer.text] == []
    assert answer.text.index(known.get("As established", "As established")) < answer.text.index("Kitazawa")
    assert "Maehara" in answer.text
    assert reader.get(f"/{language}/dossier").status_code == 200


@pytest.mark.parametrize("name", [form.type for form in FORMS.values() if form.case == "instrument"])
def test_every_document_of_the_record_has_its_form(reader: httpx.Client, name: str) -> None:
    answer = reader.get(f"/en/new/{name}?to=AU&instrument=acsa-jp-au-2010")
    assert answer.status_code == 200
    if name == "event_outcome":
        assert "The plan for an agreement is conveyed" in answer.text
        assert "hopes for an alliance" not in answer.text
    if name == "denial":
        assert "No haste with an agreement." in answer.text
