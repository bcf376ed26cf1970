"""Times and dates as readers of three languages expect them."""

from __future__ import annotations

import pytest

from gokei.faces.web.formats import day, listed, moment


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_a_moment_is_told_by_the_clock_of_24_hours(language: str) -> None:
    told = moment("2026-11-25T13:05:09Z", language)
    assert told.endswith(" 13:05:09 UTC")
    assert "PM" not in told


@pytest.mark.parametrize(("language", "told"), [("en", "6 Sept 2017"), ("ja", "2017/09/06"), ("ko", "2017. 9. 6.")])
def test_a_day_is_told_as_the_language_does(language: str, told: str) -> None:
    assert day("2017-09-06", language) == told


def test_what_is_no_day_is_shown_as_it_came() -> None:
    assert day("soon", "en") == "soon"
    assert moment("soon", "ja") == "soon"


def test_a_list_is_parted_as_the_language_does() -> None:
    assert (listed(["a", "b"], "ja"), listed(["a", "b"], "ko")) == ("a、b", "a, b")
