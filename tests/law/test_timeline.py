"""The timeline: the replay of an instrument's status, told step by step."""

from __future__ import annotations

import datetime
import json

import pytest

from gokei.faces.cli.main import main
from gokei.faces.locale import LANGUAGES, translator
from gokei.law.instruments import Event, Instrument, Source
from gokei.law.status import history, replay
from gokei.law.views import timeline, ways
from tests.packs.asking import packs

SOURCE = Source("https://example.org", "derived")
FAR = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


def on(day: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC)


def noticed(*more: Event) -> Instrument:
    events = (
        Event("in_force", on("2010-01-01"), ("JP", "KR"), SOURCE),
        Event("notice_of_termination", on("2019-08-23"), ("KR",), SOURCE, takes_effect=datetime.date(2019, 11, 23)),
        *more,
    )
    titles = {"en": "a", "ja": "b", "ko": "c"}
    return Instrument("x", "support", titles, ("JP", "KR"), False, events, (), (), "sha256:0")


@pytest.mark.parametrize("name", packs().instruments)
def test_the_steps_lead_where_the_replay_does(name: str) -> None:
    instrument = packs().instruments[name]
    for moment in history(instrument):
        told: dict[str, str] = {}
        for one in history(instrument):
            if one.at <= moment.at:
                told |= {move.party: move.after for move in one.moves}
        assert told == {row.party: row.status for row in replay(instrument, moment.at)}
    assert len([one for one in history(instrument) if not one.lapses]) == len(instrument.events)


def test_a_notice_that_nobody_took_back_ends_it_on_its_day() -> None:
    last = history(noticed())[-1]
    assert last.lapses
    assert last.at == on("2019-11-23")
    assert [(move.party, move.before, move.after) for move in last.moves] == [
        (party, "notice_given", "terminated") for party in ("JP", "KR")
    ]
    assert ways(noticed(), FAR)["KR"][-1] == ("2019-11-23", "terminated")


def test_a_notice_that_is_withdrawn_never_takes_effect() -> None:
    found = history(noticed(Event("withdrawal_of_notice", on("2019-10-01"), ("KR",), SOURCE)))
    assert not any(one.lapses for one in found)
    assert [(move.party, move.after) for move in found[-1].moves] == [("JP", "in_force"), ("KR", "in_force")]


def test_each_party_moves_as_it_reads_it() -> None:
    found = timeline(packs().instruments["gsomia-jp-kr-2016"])["moments"]
    assert isinstance(found, list)
    moves = [(one["at"], one["moves"]) for one in found if isinstance(one, dict)]
    assert moves[3:5] == [
        ("2019-11-22T09:00:00Z", [{"party": "KR", "from": "notice_given", "to": "notice_suspended"}]),
        ("2019-11-22T09:00:00Z", [{"party": "JP", "from": "notice_given", "to": "in_force"}]),
    ]


def test_days_on_which_only_provisions_change_are_told_too() -> None:
    found = timeline(packs().instruments["law-jp-sdf-act"])["moments"]
    assert isinstance(found, list)
    days = [one for one in found if isinstance(one, dict)]
    assert all(one["event"] is None and (one["begins"] or one["ends"]) for one in days)
    assert [one["at"] for one in days] == sorted(str(one["at"]) for one in days)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_tells_it_in_the_reader_s_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("GOKEI_LANGUAGE", language)
    words = translator(language)
    assert main(["law", "timeline", "gsomia-jp-kr-2016"]) == 0
    text = capsys.readouterr().out
    arrow = words("In force, notice of termination given") + " → " + words("In force, notice suspended")
    assert f"KR: {arrow}" in text
    assert main(["law", "timeline", "gsomia-jp-kr-2016", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == timeline(packs().instruments["gsomia-jp-kr-2016"])
    assert main(["law", "status", "gsomia-jp-kr-2016", "--at", "2019-11-23"]) == 0
    assert "2019-08-23 notice_given → 2019-11-22T09:00:00Z notice_suspended" in capsys.readouterr().out
