"""Days and instants that exist, and periods that end on a day of the calendar."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gokei.terms.dates import parse_date, parse_instant, shown
from gokei.terms.periods import due_date
from gokei.terms.problems import BadInput
from tests.nightly import examples

DAY = datetime.date
NO_DAYS = [
    "2017-02-29", "1900-02-29", "2100-02-29", "2017-02-30", "2017-04-31", "2017-06-31", "2017-01-32", "2017-01-00",
    "2017-00-01", "2017-13-01", "0000-01-01", "0000-12-31", "10000-01-01", "-2017-01-01", "+2017-01-01",
    "２０１７-09-06", "2017-０９-06", "2017-09-0６", "٢٠١٧-09-06", "2017‐09‐06", "2017－09－06", "2017年9月6日",
    "平成29-09-06", "20170906", "2017-9-6", "17-09-06", "2017/09/06", "06-09-2017", "09/06/2017", "2017-W36-3",
    "2017-249", "2017-09", "2017", "", " ", "2017-09-06 ", " 2017-09-06", "2017-09-06\n", "2017-09-06T00:00:00Z",
    "2017-09-06Z", "today", "2017-09-06\x00", "2017_09_06", "99999999999-01-01", "<b>2017-09-06</b>", "null", "None",
    "NaN", "1e3",
]  # fmt: skip
NO_TEXTS: list[Any] = [None, True, 20170906, 2017.5, b"2017-09-06", DAY(2017, 9, 6), ["2017-09-06"], {}]
NO_INSTANTS = [
    "2019-11-22", "2019-11-22T18:00:00", "2019-11-22T18:00:00.5", "2019-11-22 18:00:00Z", "2019-11-22T18:00Z",
    "2019-11-22T18Z", "20191122T180000Z", "2019-11-22T18:00:00+09", "2019-11-22T18:00:00+0900",
    "2019-11-22T18:00:00 Z", "2019-11-22T18:00:00+9:00", "2019-11-22T18:00:00−09:00", "2019-11-22T18:00:00JST",
    "2019-11-22T18:00:00+24:00", "2019-11-22T18:00:00-99:00", "2019-11-22T18:00:00ZZ", "2019-11-22T18:00:00+09:00Z",
    "2019-11-22T18:00:00+09:00:00", "2019-11-22T24:00:00Z", "2019-11-22T25:00:00Z", "2019-11-22T18:60:00Z",
    "2019-11-22T18:00:61Z", "2019-02-29T00:00:00Z", "2019-11-31T00:00:00Z", "0000-01-01T00:00:00Z",
    "2019-11-22T18:00:00.Z", "2019-11-22T18:00:00,5Z", "2019-11-22T18:00:00.1234567Z", "２０１９-11-22T18:00:00Z",
    "2019-11-22T1８:00:00Z", "2019-11-22T18:00:00Z\n", " 2019-11-22T18:00:00Z", "1574413200", "now", "",
    "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00",
]  # fmt: skip
LEAP_SECONDS = ["2016-12-31T23:59:60Z", "2017-01-01T08:59:60+09:00", "2015-06-30T23:59:60.5Z"]
NO_PERIODS = [
    "", "P", "P0D", "P0M", "P0Y", "P01Y", "P-1Y", "P+1Y", "-P1Y", "P1W", "PT1H", "PT24H", "P1DT1H", "P1Y2M", "P1Y6M1D",
    "p1y", "P1y", "1Y", "P1", "PY", "P 1Y", " P1Y", "P1Y ", "P1Y\n", "P1.5Y", "P1,5Y", "P1e2D", "P１Y", "P٣M", "Ｐ1Y",
    "P10000D", "P99999999999999999999Y", "P" + "9" * 10_000 + "D", "one year", "12 months", "<b>P1Y</b>",
]  # fmt: skip


def refused(call: Any, *words: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        call(*words)
    return caught.value


def month_end(year: int, month: int) -> int:
    """The last day of a month: the day before the first of the next, or 31 in December."""
    return 31 if month == 12 else (DAY(year, month + 1, 1) - datetime.timedelta(days=1)).day


# Days


@given(st.dates())
def test_every_day_of_the_calendar_is_a_day(day: datetime.date) -> None:
    assert parse_date(day.isoformat(), "on") == day


@pytest.mark.parametrize("text", ["2016-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
def test_the_edges_of_the_calendar_are_days(text: str) -> None:
    assert parse_date(text, "on").isoformat() == text


@pytest.mark.parametrize("text", NO_DAYS, ids=ascii)
def test_what_is_no_day_is_refused(text: str) -> None:
    problem = refused(parse_date, text, "on")
    assert (problem.check, problem.field) == ("date", "on")
    assert "2017-09-06" in problem.next_text()


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_a_day_and_an_instant_are_texts(value: Any) -> None:
    assert refused(parse_date, value, "on").check == "date"
    assert refused(parse_instant, value, "at").check == "instant"


@settings(max_examples=examples(500))
@given(st.text("0123456789-２/ T", max_size=11) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_a_text_is_a_day_or_is_refused(text: str) -> None:
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        year, month, day = map(int, text.split("-"))
        if year > 0 and 1 <= month <= 12 and 1 <= day <= month_end(year, month):
            assert parse_date(text, "on") == DAY(year, month, day)
            return
    assert refused(parse_date, text, "on").check == "date"


# Instants


@given(st.datetimes(datetime.datetime(1, 1, 3), datetime.datetime(9999, 12, 29)), st.integers(-1439, 1439))
def test_an_instant_is_read_into_utc(local: datetime.datetime, minutes: int) -> None:
    instant = local.replace(tzinfo=datetime.timezone(datetime.timedelta(minutes=minutes)))
    found = parse_instant(instant.isoformat(), "at")
    assert found == instant
    assert found.utcoffset() == datetime.timedelta(0)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2019-11-22T18:00:00+09:00", "2019-11-22T09:00:00+00:00"),
        ("2019-11-22T18:00:00Z", "2019-11-22T18:00:00+00:00"),
        ("2019-11-22t18:00:00z", "2019-11-22T18:00:00+00:00"),
        ("2019-11-22T18:00:00-00:00", "2019-11-22T18:00:00+00:00"),
        ("2019-11-22T18:00:00.5Z", "2019-11-22T18:00:00.500000+00:00"),
        ("2019-11-22T18:00:00.123456-23:59", "2019-11-23T17:59:00.123456+00:00"),
        ("2020-03-01T08:59:59+09:00", "2020-02-29T23:59:59+00:00"),
    ],
)
def test_an_instant_has_its_offset(text: str, utc: str) -> None:
    assert parse_instant(text, "at").isoformat() == utc


@pytest.mark.parametrize("text", NO_INSTANTS, ids=ascii)
def test_what_is_no_instant_is_refused(text: str) -> None:
    problem = refused(parse_instant, text, "at")
    assert (problem.check, problem.field) == ("instant", "at")
    assert "+09:00" in problem.next_text()


@pytest.mark.parametrize("text", LEAP_SECONDS)
def test_a_leap_second_is_refused_and_never_moved(text: str) -> None:
    """RFC 3339 allows it; which seconds leap no table of ours knows, so none is taken for another second."""
    assert refused(parse_instant, text, "at").check == "instant"


@pytest.mark.parametrize("offset", ["+09:60", "+09:99", "-00:60", "+23:99"])
def test_an_offset_has_no_more_than_59_minutes(offset: str) -> None:
    """RFC 3339, section 5.6: time-numoffset is time-hour and time-minute, 00 to 59."""
    assert refused(parse_instant, f"2019-11-22T18:00:00{offset}", "at").check == "instant"


@given(st.text(max_size=100) | st.integers() | st.lists(st.text(max_size=30), max_size=9) | st.floats())
@example("a\u2028b\u0085c\x1cd\r\ne")
def test_a_value_is_shown_in_one_short_line(value: object) -> None:
    assert len(shown(value)) <= 60
    assert len(shown(value).splitlines()) <= 1


# Periods


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2016-02-29", "P1Y", "2017-02-28"),
        ("2016-02-29", "P12M", "2017-02-28"),
        ("2016-02-29", "P4Y", "2020-02-29"),
        ("2016-02-29", "P48M", "2020-02-29"),
        ("2096-02-29", "P4Y", "2100-02-28"),
        ("2015-02-28", "P1Y", "2016-02-28"),
        ("2017-09-08", "P1Y", "2018-09-08"),
        ("2017-09-08", "P12M", "2018-09-08"),
        ("2017-09-08", "P90D", "2017-12-07"),
        ("2016-02-29", "P90D", "2016-05-29"),
        ("2016-12-31", "P90D", "2017-03-31"),
        ("2015-12-31", "P90D", "2016-03-30"),
        ("2017-01-31", "P1M", "2017-02-28"),
        ("2016-01-31", "P1M", "2016-02-29"),
        ("2017-01-31", "P2M", "2017-03-31"),
        ("2017-03-31", "P1M", "2017-04-30"),
        ("2017-12-31", "P2M", "2018-02-28"),
        ("2017-12-01", "P1M", "2018-01-01"),
        ("2016-02-28", "P1D", "2016-02-29"),
        ("2017-02-28", "P365D", "2018-02-28"),
        ("2016-02-28", "P365D", "2017-02-27"),
        ("0001-01-01", "P9998Y", "9999-01-01"),
        ("9998-12-31", "P12M", "9999-12-31"),
        ("9999-12-30", "P1D", "9999-12-31"),
    ],
)
def test_a_period_ends_on_the_same_day_or_the_last_of_its_month(start: str, period: str, end: str) -> None:
    assert due_date(DAY.fromisoformat(start), period).isoformat() == end


@given(st.dates(max_value=DAY(9899, 12, 31)), st.integers(1, 99))
def test_years_are_twelve_months_each(start: datetime.date, years: int) -> None:
    assert due_date(start, f"P{years}Y") == due_date(start, f"P{years * 12}M")


@given(st.dates(), st.integers(1, 9999))
def test_months_are_counted_one_by_one(start: datetime.date, count: int) -> None:
    year, month = start.year, start.month
    for _ in range(count):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    if year > 9999:
        assert refused(due_date, start, f"P{count}M").check == "period"
    else:
        assert due_date(start, f"P{count}M") == DAY(year, month, min(start.day, month_end(year, month)))


@given(st.dates(), st.integers(1, 9999))
def test_days_are_counted_one_by_one(start: datetime.date, count: int) -> None:
    if start.toordinal() + count > DAY.max.toordinal():
        assert refused(due_date, start, f"P{count}D").check == "period"
    else:
        assert due_date(start, f"P{count}D").toordinal() == start.toordinal() + count


@pytest.mark.parametrize("period", ["P1D", "P1M", "P1Y", "P9999D", "P9999M", "P9999Y"])
def test_a_period_beyond_the_calendar_is_refused(period: str) -> None:
    problem = refused(due_date, DAY.max, period)
    assert problem.check == "period"
    assert period in problem.detail_text()


@pytest.mark.parametrize("period", NO_PERIODS, ids=lambda text: ascii(text[:20]))
def test_what_is_no_period_is_refused(period: str) -> None:
    problem = refused(due_date, DAY(2017, 9, 8), period)
    assert problem.check == "period"
    assert len(problem.detail_text()) < 120
