"""The status of an instrument for each party, replayed from small lives of instruments."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from gokei.law.instruments import ALL_DAYS, Event, Instrument, Interval, Provision
from gokei.law.status import change_days, history, in_force_on, replay, written
from tests.law.worlds import SAYS, SOURCE

BOTH = ("JP", "KR")


def at(text: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(text)
    return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found


def happened(event: str, on: str, by: tuple[str, ...] = BOTH, **more: Any) -> Event:
    return Event(event, at(on), by, SOURCE, **more)


def instrument(*events: Event, kind: Any = "support", held: tuple[Interval, ...] = ()) -> Instrument:
    provisions = tuple(
        Provision("x", str(place), "permit", SAYS, SOURCE, in_force=interval) for place, interval in enumerate(held)
    )
    return Instrument("x", kind, SAYS, BOTH, False, events, provisions, (), "sha256:0")


def status(found: Instrument, on: str) -> dict[str, tuple[str, str]]:
    return {row.party: (row.status, written(row.since)) for row in replay(found, at(on))}


BEGAN = happened("in_force", "2010-01-01")
NOTICE = happened("notice_of_termination", "2019-08-23", ("KR",), takes_effect=datetime.date(2019, 11, 23))


def test_a_signature_moves_its_signer_alone() -> None:
    found = instrument(happened("signed", "2009-01-01", ("KR",)), happened("signed", "2009-02-01", ("JP",)))
    assert status(found, "2008-12-31") == {}
    assert status(found, "2009-01-01") == {"KR": ("signed", "2009-01-01")}
    assert status(found, "2009-02-01") == {"JP": ("signed", "2009-02-01"), "KR": ("signed", "2009-01-01")}


def test_an_event_that_one_party_reads_so_moves_that_party_alone() -> None:
    found = instrument(BEGAN, happened("suspended", "2015-01-01", read_by=("JP",)))
    assert status(found, "2015-01-01") == {"JP": ("suspended", "2015-01-01"), "KR": ("in_force", "2010-01-01")}
    assert not in_force_on(found, datetime.date(2015, 1, 1))


def test_an_amendment_moves_nothing() -> None:
    found = instrument(BEGAN, happened("amended", "2012-01-01"))
    assert status(found, "2013-01-01") == dict.fromkeys(BOTH, ("in_force", "2010-01-01"))
    assert history(found)[-1].moves == ()


@pytest.mark.parametrize(
    ("more", "then", "later"),
    [
        ((), "notice_given", ("terminated", "2019-11-23")),
        ((happened("suspension_of_notice", "2019-11-22"),), "notice_suspended", ("notice_suspended", "2019-11-22")),
        ((happened("withdrawal_of_notice", "2019-11-22"),), "in_force", ("in_force", "2019-11-22")),
    ],
)
def test_a_notice_ends_it_on_its_day_unless_it_is_taken_back(
    more: tuple[Event, ...], then: str, later: tuple[str, str]
) -> None:
    found = instrument(BEGAN, NOTICE, *more)
    assert {one for one, _ in status(found, "2019-11-22T23:59:59").values()} == {then}
    assert in_force_on(found, datetime.date(2019, 11, 22))
    assert status(found, "2019-11-23") == dict.fromkeys(BOTH, later)
    assert in_force_on(found, datetime.date(2019, 11, 23)) is (later[0] != "terminated")


def test_a_notice_without_a_day_ends_nothing_by_itself() -> None:
    found = instrument(BEGAN, happened("notice_of_termination", "2019-08-23", ("KR",)))
    assert status(found, "2100-01-01") == dict.fromkeys(BOTH, ("notice_given", "2019-08-23"))
    assert [one.lapses for one in history(found)] == [False, False]


def test_what_happens_after_a_notice_took_effect_finds_it_ended() -> None:
    again = happened("in_force", "2021-01-01")
    found = instrument(again, NOTICE, BEGAN)
    assert status(found, "2020-12-31") == dict.fromkeys(BOTH, ("terminated", "2019-11-23"))
    assert status(found, "2021-01-01") == dict.fromkeys(BOTH, ("in_force", "2021-01-01"))
    told = [
        (one.event.event, written(one.at), one.lapses, [(m.before, m.after) for m in one.moves])
        for one in history(found)
    ]
    assert told == [
        ("in_force", "2010-01-01", False, [(None, "in_force")] * 2),
        ("notice_of_termination", "2019-08-23", False, [("in_force", "notice_given")] * 2),
        ("notice_of_termination", "2019-11-23", True, [("notice_given", "terminated")] * 2),
        ("in_force", "2021-01-01", False, [("terminated", "in_force")] * 2),
    ]


def test_a_notice_that_takes_effect_when_the_next_event_happens_took_effect_before_it() -> None:
    found = instrument(BEGAN, NOTICE, happened("in_force", "2019-11-23"))
    assert status(found, "2019-11-23") == dict.fromkeys(BOTH, ("in_force", "2019-11-23"))
    assert [one.lapses for one in history(found)] == [False, False, True, False]


def test_the_row_says_what_survives_and_by_which_event() -> None:
    duties = {"en": ("Return what was provided.",), "ja": ("返す。",), "ko": ("반환한다.",)}
    ended = happened("terminated", "2020-01-01T09:30:00+09:00", duties=duties)
    noticed = happened(
        "notice_of_termination", "2019-08-23", ("KR",), takes_effect=datetime.date(2019, 11, 23), duties=duties
    )
    (row, _) = replay(instrument(BEGAN, ended), at("2020-06-01"))
    assert row.as_json() == {
        "party": "JP", "status": "terminated", "since": "2020-01-01T09:30:00+09:00", "event": "terminated",
        "duties": ["Return what was provided."],
    }  # fmt: skip
    (row, _) = replay(instrument(BEGAN, noticed), at("2020-06-01"))
    assert (row.as_json()["duties"], row.event) == (["Return what was provided."], "notice_of_termination")
    (row, _) = replay(instrument(BEGAN), at("2020-06-01"))
    assert row.as_json()["duties"] == []
    assert history(instrument(BEGAN))[0].moves[0].as_json() == {"party": "JP", "from": None, "to": "in_force"}


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2020-01-01", "2020-01-01"),
        ("2020-01-01T00:00:01", "2020-01-01T00:00:01Z"),
        ("2020-01-01T00:01:00", "2020-01-01T00:01:00Z"),
        ("2020-01-01T01:00:00", "2020-01-01T01:00:00Z"),
    ],
)
def test_an_event_of_unknown_hour_is_written_as_a_day(instant: str, text: str) -> None:
    assert written(at(instant)) == text


def test_an_instrument_counts_from_the_end_of_the_day_on_and_for_all_its_parties() -> None:
    evening = instrument(happened("in_force", "2010-01-01T23:59:59"))
    assert [in_force_on(evening, datetime.date(2010, 1, 1)), in_force_on(evening, datetime.date(2009, 12, 31))] == [
        True,
        False,
    ]
    assert not in_force_on(instrument(happened("in_force", "2010-01-01", read_by=("JP",))), datetime.date(2011, 1, 1))
    assert not in_force_on(instrument(), datetime.date(2011, 1, 1))
    assert in_force_on(instrument(kind="law"), datetime.date(2011, 1, 1))


def test_an_answer_can_change_on_the_days_of_events_notices_and_provisions() -> None:
    held = (Interval(datetime.date(2012, 2, 2), datetime.date(2013, 3, 3)), ALL_DAYS)
    found = {one.isoformat() for one in change_days(instrument(BEGAN, NOTICE, held=held))}
    assert found == {"2010-01-01", "2019-08-23", "2019-11-23", "2012-02-02", "2013-03-03"}


def test_notices_take_effect_each_on_its_day_and_in_order() -> None:
    days = {"JP": "2020-05-05", "KR": "2019-12-23", "US": "2021-01-01", "GB": "2020-01-01", "FR": "2020-03-03"}
    notices = [
        happened("notice_of_termination", "2019-08-23", read_by=(party,), takes_effect=datetime.date.fromisoformat(day))
        for party, day in days.items()
    ]
    for end in ((), (happened("amended", "2022-01-01"),)):
        began = happened("in_force", "2010-01-01", read_by=tuple(days))
        found = history(replace(instrument(began, *notices, *end), parties=tuple(days)))
        lapsed = [(written(one.at), [move.party for move in one.moves]) for one in found if one.lapses]
        assert lapsed == sorted((day, [party]) for party, day in days.items())
        assert [one.at for one in found] == sorted(one.at for one in found)
