"""Whose act it is: an agreement on information is looked for between the owner and whoever else has to do with it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from gokei.law.library import Library
from gokei.law.loader import compose, load

SAID = "says: {en: a, ja: b, ko: c}, source: {url: 'https://example.org', quality: verified}"
TREATY = f"""
instrument: information-jp-au
kind: information
titles: {{en: a, ja: b, ko: c}}
parties: [JP, AU]
events: [{{date: '2010-01-01', event: in_force, source: {{url: 'https://example.org', quality: verified}}}}]
equivalences:
- {{rank: 2, JP: [gokuhi], AU: [S], provision: '4', source: {{url: 'https://example.org', quality: verified}}}}
provisions:
- {{id: '7', effect: permit, when: {{action: [access, use, destroy], actor: [holder]}}, {SAID}}}
- {{id: '8', effect: permit, when: {{action: [visit], holder: [owner], level: {{mapped: recipient}}}}, {SAID}}}
- {{id: '9', effect: permit, when: {{action: [visit], holder: {{not: [owner]}}, actor: [owner]}}, {SAID}}}
"""
VISIT = {"kind": "information", "on": "2020-06-01", "action": "visit"}
HOSTED = VISIT | {"owner": "JP", "holder": "JP", "actor": "AU", "level": "JP:gokuhi"}


@cache
def library() -> Library:
    return Library(load(compose([("information.yaml", TREATY.encode())])))


def asked(**change: Any) -> Any:
    return library().answer({name: value for name, value in (HOSTED | change).items() if value is not None})


def told(**change: Any) -> tuple[str, str]:
    answer = asked(**change)
    return answer["verdict"], answer["ground"]


@pytest.mark.parametrize(("owner", "visitor", "level"), [("JP", "AU", "JP:gokuhi"), ("AU", "JP", "AU:S")])
def test_a_visit_to_the_owner_is_between_owner_and_visitor(owner: str, visitor: str, level: str) -> None:
    answer = asked(owner=owner, holder=owner, actor=visitor, level=level)
    assert (answer["verdict"], [one["provision"] for one in answer["basis"]]) == ("permitted", ["8"])


def test_the_words_of_roles_are_those_of_the_visit() -> None:
    assert told(level="JP:hi") == ("not_permitted", "out_of_scope")
    assert asked(holder="AU", actor="JP")["basis"] == [{"instrument": "information-jp-au", "provision": "9"}]
    assert told(holder="AU") == ("not_permitted", "out_of_scope")


@pytest.mark.parametrize(
    "change",
    [{"actor": "US"}, {"actor": "JP"}, {"holder": "US"}, {"owner": "US", "level": "US:S", "holder": "US"}],
    ids=lambda change: " ".join(change.values()),
)
def test_a_visit_that_is_not_between_the_two_has_no_agreement(change: dict[str, str]) -> None:
    assert told(**change) == ("not_permitted", "no_agreement")


@pytest.mark.parametrize("action", ["access", "use", "destroy"])
def test_all_other_acts_stay_between_owner_and_holder(action: str) -> None:
    assert told(action=action) == ("not_permitted", "no_agreement")
    assert told(action=action, holder="AU") == ("permitted", "granted")


def test_an_unknown_host_or_visitor_is_missing_where_it_matters() -> None:
    assert (told(holder=None), asked(holder=None)["missing"]) == (("undetermined", "facts_missing"), ["holder"])
    assert asked(actor=None)["missing"] == ["actor"]
    assert told(holder=None, actor="US") == ("not_permitted", "out_of_scope")
