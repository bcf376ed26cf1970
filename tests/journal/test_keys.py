"""What a card must prove before its keys are believed."""

from __future__ import annotations

import pytest

from gokei.journal import keys
from gokei.journal.envelopes import CARD, Envelope, sign
from gokei.journal.publickeys import prove
from gokei.terms.problems import BadInput, Problem, Refused

from .makers import Nation

JAPAN = Nation("JP")
SMALL_ORDER_POINTS = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
)


def test_a_card_gives_back_its_offices_and_root() -> None:
    card, ring = keys.read_card(JAPAN.card())
    assert card.nation == "JP"
    assert {office.office for office in ring.offices.values()} == {"node", "logistics", "finance", "security"}


@pytest.mark.parametrize("point", SMALL_ORDER_POINTS)
def test_a_key_of_small_order_is_never_enrolled(point: str) -> None:
    office = JAPAN.office("logistics", ("request",)).model_copy(update={"key": point})
    with pytest.raises(Refused) as caught:
        keys.read_card(JAPAN.card(offices=(office,)))
    assert caught.value.check == "card-key"


def test_an_office_that_cannot_prove_its_key_is_refused() -> None:
    stranger = Nation("KR").office("logistics", ("request",))
    with pytest.raises(Refused) as caught:
        keys.read_card(JAPAN.card(offices=(stranger,)))
    assert caught.value.check == "card-proof"


def test_no_office_takes_the_powers_of_the_root_or_one_it_does_not_know() -> None:
    for powers in (("root",), ("everything",)):
        with pytest.raises(Refused) as caught:
            keys.read_card(JAPAN.card(offices=(JAPAN.office("logistics", powers),)))
        assert caught.value.check == "card-power"


def test_two_offices_do_not_share_a_key_nor_a_name() -> None:
    one = JAPAN.office("logistics", ("request",))
    proof = prove(JAPAN.offices["logistics"], "JP", "exercise", "other")
    twin = one.model_copy(update={"office": "other", "proof": proof})
    with pytest.raises(Refused) as caught:
        keys.read_card(JAPAN.card(offices=(one, twin)))
    assert caught.value.check == "card-key-twice"


def test_a_card_signed_by_another_root_is_refused() -> None:
    payload = Envelope.decode(JAPAN.card(), CARD).payload
    with pytest.raises(Refused) as caught:
        keys.read_card(sign(CARD, payload, [Nation("KR").root]).encode())
    assert caught.value.check == "card-signature"


def test_a_card_with_an_unknown_field_or_broken_bytes_is_bad_input() -> None:
    with pytest.raises(BadInput):
        keys.read_card(sign(CARD, b'{"gokei":1}', [JAPAN.root]).encode())
    raw = JAPAN.card()
    for place in range(0, len(raw), 37):
        changed = bytearray(raw)
        changed[place] ^= 4
        with pytest.raises(Problem):
            keys.read_card(bytes(changed))
