"""What a reader sees in place of codes: words of their own language, in sentences that a program told."""

from __future__ import annotations

from typing import get_args

import pytest

from gokei.faces.forms import FORMS
from gokei.faces.forms.fields import Field
from gokei.faces.labels import TABLES, label
from gokei.faces.locale import LANGUAGES, messages, translator
from gokei.faces.web import formats
from gokei.support.bodies import Method
from gokei.terms.problems import CODED, Refused
from gokei.terms.words import identity

STATE = Refused(
    check="state",
    detail="The order {order} is {state}: this cannot be done now.",
    params={"order": "AU-1", "state": "delivering"},
)
OPEN = Refused(
    check="law-undetermined",
    detail="The law cannot say yet whether it is permitted. It asks: {missing}",
    params={"missing": "co_located requested"},
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_is_told_in_the_readers_words(language: str) -> None:
    told = STATE.detail_text(translator(language))
    word = messages(language).get("Delivery under way", "delivery under way")
    assert word in told
    assert "delivering" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_of_several_missing_facts_is_told_as_its_question(language: str) -> None:
    told = OPEN.detail_text(translator(language))
    for fact in ("co_located", "requested"):
        question = label("fact", fact)
        assert messages(language).get(question, question) in told


def test_a_signed_text_keeps_the_codes_themselves() -> None:
    assert STATE.detail_text(identity) == "The order AU-1 is delivering: this cannot be done now."


def test_every_coded_param_has_a_table_of_words() -> None:
    assert {table for table, _ in CODED.values()} <= set(TABLES)


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    odd = Refused(check="state", detail="{state}", params={"state": "no-such-state"})
    assert odd.detail_text(translator("ja")) == "no-such-state"


def _with_choices(fields: tuple[Field, ...]) -> list[Field]:
    return [one for field in fields for one in (field, *_with_choices(field.fields)) if one.choices]


def test_a_form_offers_no_way_to_settle_that_an_order_cannot_take() -> None:
    offered = {one.choices for form in FORMS.values() for one in _with_choices(form.fields) if "method" in one.name}
    assert offered == {"settling"}
    assert set(TABLES["settling"]) == set(get_args(Method))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("period", "count"), [("P1Y", "1"), ("P12M", "12"), ("P90D", "90")])
def test_a_period_is_told_in_words(language: str, period: str, count: str) -> None:
    told = formats.period(period, language)
    assert told.startswith(count)
    assert "duration" not in told
