"""A key says: this is the same act. Asked again it gets its first answer; another act is refused, whatever it holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gokei.terms.problems import Refused
from tests.nations import Nations

REPORT: dict[str, Any] = {
    "type": "operation",
    "to": "JP",
    "operation": "DARWIN",
    "name": "Exercise off Darwin",
    "activity": "joint_exercise",
    "place": "AU",
    "starts": "2017-09-06",
    "ends": "2017-09-20",
    "forces": ["AU", "JP"],
    "facts": {},
}


def test_the_same_act_asked_twice_is_done_once(nations: Nations) -> None:
    first = nations["AU"].act(REPORT, key="one")
    assert nations["AU"].act(REPORT, key="one") == first
    state: Any = nations["AU"].state()
    assert state["channels"]["AU-JP"]["documents"]["AU"] == 1


@pytest.mark.parametrize("odd", ["other", Decimal("1.5"), 10**30, None, ["a", {"b": Decimal("0.1")}]])
def test_a_used_key_refuses_any_other_act(nations: Nations, odd: Any) -> None:
    nations["AU"].act(REPORT, key="one")
    before = nations["AU"].state()
    with pytest.raises(Refused) as found:
        nations["AU"].act(REPORT | {"name": odd}, key="one")
    assert found.value.check == "key-reused"
    assert nations["AU"].state() == before
