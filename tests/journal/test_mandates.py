"""A root of m of n: which signatures count, what a mandate may do, and which keys nobody is granted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gokei.journal import changes, keys
from gokei.journal.envelopes import CARD, MANDATE, Envelope, sign
from gokei.journal.keys import Card, KeyRing, read_card, sign_card
from gokei.journal.mandates import Mandate, SignedMandate, read_mandate
from gokei.journal.publickeys import name_of, prove, verify_key
from gokei.journal.roots import RootStatement, check_root, enough, read_root
from gokei.terms.problems import BadInput, Problem, Refused

from .makers import TIME, Nation, hexadecimal, seed, statement
from .points import BAD

JAPAN = Nation("JP")
HOLDERS = [seed(f"holder {number}") for number in range(6)]
LOGISTICS = hexadecimal(JAPAN.offices["logistics"])


def card_of(root: RootStatement) -> Card:
    return Card.model_validate_json(Envelope.decode(JAPAN.card(), CARD).payload).model_copy(update={"statement": root})


def ring_of(root: RootStatement) -> KeyRing:
    return keys.ring_of(card_of(root))


def ordered(change: dict[str, Any], root: RootStatement, *signers: int, serial: int = 1, **more: Any) -> SignedMandate:
    values = {
        "gokei": 1, "nation": "JP", "environment": "exercise", "root": root.fingerprint, "serial": serial,
        "issued": TIME, "change": change,
    }  # fmt: skip
    mandate = Mandate.model_validate(values | more)
    return SignedMandate(mandate, sign(MANDATE, mandate.encode(), [HOLDERS[one] for one in signers]))


def granting(office: str = "tanker", key: str = "tanker", **more: Any) -> dict[str, Any]:
    signer = seed(key)
    return {
        "kind": "grant",
        "office": {
            "office": office, "title": {"en": office}, "algorithm": "ed25519", "key": hexadecimal(signer),
            "powers": ("deliver",), "valid_from": "2000-01-01T00:00:00Z",
            "proof": prove(signer, "JP", "exercise", office), **more,
        },
    }  # fmt: skip


def revoking(**more: Any) -> dict[str, Any]:
    return {"kind": "revoke", "office": "logistics", "key": LOGISTICS, "reason": "lost", **more}


def refusal(ring: KeyRing, signed: SignedMandate, sequence: int = 1, stands: int | None = None) -> str:
    with pytest.raises(Refused) as found:
        changes.changed(ring, signed, sequence, stands)
    assert "{" not in found.value.detail_text()
    return found.value.check


# How many must sign


@st.composite
def roots_and_signers(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    count = draw(st.integers(1, 5))
    threshold = draw(st.integers(1, count))
    # The last holder is a stranger to every root; any holder may sign more than once.
    signers = draw(st.lists(st.sampled_from([*range(count), 5]), max_size=12))
    return count, threshold, signers


@settings(deadline=None, max_examples=60)
@given(roots_and_signers())
def test_as_many_different_keys_as_the_threshold_says_and_no_fewer(drawn: tuple[int, int, list[int]]) -> None:
    count, threshold, signers = drawn
    root = statement("JP", threshold, *HOLDERS[:count])
    signed = ordered(granting(), root, *signers)
    good = len({one for one in signers if one < count}) >= threshold
    assert enough(signed.envelope, root) is good
    if good:
        assert changes.changed(ring_of(root), signed, 1, None).by_name(name_of(hexadecimal(seed("tanker"))))
    else:
        assert refusal(ring_of(root), signed) == "mandate-signatures"


def test_a_card_needs_the_threshold_too() -> None:
    root = statement("JP", 2, *HOLDERS[:3])
    for signers in ([], [0], [0, 0], [1, 5]):
        with pytest.raises(Refused) as found:
            read_card(sign_card(card_of(root), [HOLDERS[one] for one in signers]))
        assert found.value.check == "card-signature"
    card, ring = read_card(sign_card(card_of(root), [HOLDERS[2], HOLDERS[0]]))
    assert card.root == ring.root.fingerprint == root.fingerprint


def test_a_signature_over_another_type_is_none() -> None:
    root = statement("JP", 1, HOLDERS[0])
    mandate = ordered(granting(), root)
    other = sign("application/vnd.gokei.document+json", mandate.envelope.payload, [HOLDERS[0]])
    swapped = SignedMandate(mandate.mandate, mandate.envelope._replace(signatures=other.signatures))
    assert refusal(ring_of(root), swapped) == "mandate-signatures"


# A root's statement


def test_a_fingerprint_is_of_the_keys_not_of_their_order_and_of_everything_else() -> None:
    root = statement("JP", 2, *HOLDERS[:3])
    assert root.fingerprint == statement("JP", 2, *reversed(HOLDERS[:3])).fingerprint
    others = [statement("JP", 1, *HOLDERS[:3]), statement("AU", 2, *HOLDERS[:3]), statement("JP", 2, *HOLDERS[1:4]),
              statement("JP", 2, *HOLDERS[:3], environment="real")]  # fmt: skip
    assert len({one.fingerprint for one in [root, *others]}) == 5


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda said: said | {"keys": said["keys"][::-1]}, "root-statement"),
        (lambda said: said | {"keys": [said["keys"][0], said["keys"][0]]}, "root-statement"),
        (lambda said: said | {"threshold": 4}, "root-statement"),
        (lambda said: said | {"threshold": 0}, "root-none"),
        (lambda said: said | {"keys": []}, "root-none"),
        (lambda said: said | {"keys": [{"algorithm": "ml-dsa-44", "key": "00" * 32}]}, "root-none"),
        (lambda said: said | {"keys": [{"algorithm": "ed25519", "key": BAD[0]}], "threshold": 1}, "card-key"),
        (lambda said: said | {"more": 1}, "root-none"),
    ],
)
def test_a_statement_that_is_not_in_order_is_none(change: Any, check: str) -> None:
    said = json.loads(statement("JP", 2, *HOLDERS[:3]).encode())
    with pytest.raises(Problem) as found:
        read_root(json.dumps(change(said)).encode())
    assert found.value.check == check


# Keys that nobody is granted


@pytest.mark.parametrize("point", BAD)
def test_a_bad_point_enters_nowhere(point: str) -> None:
    """At the card (an office, the node, the root), at a mandate (grant, node key, root): nowhere."""
    office = JAPAN.office("logistics", ("request",)).model_copy(update={"key": point})
    named = json.loads(JAPAN.statement().encode())["keys"][0] | {"key": point}
    bad_root = RootStatement.model_validate_json(
        json.dumps({"gokei": 1, "nation": "JP", "environment": "exercise", "threshold": 1, "keys": [named]})
    )
    node = Card.model_validate_json(Envelope.decode(JAPAN.card(), CARD).payload).node
    for card in (
        JAPAN.card(offices=(office,)),
        JAPAN.card(node=node.model_copy(update={"key": point})),
        JAPAN.card(statement=bad_root),
    ):
        with pytest.raises(Refused) as found:
            read_card(card)
        assert found.value.check == "card-key"
    root = statement("JP", 1, HOLDERS[0])
    for change in (
        granting(key="tanker") | {"office": granting()["office"] | {"key": point}},
        {"kind": "node_key", "node": {"algorithm": "ed25519", "key": point, "proof": node.proof}},
        {"kind": "root", "statement": bad_root},
    ):
        assert refusal(ring_of(root), ordered(change, root, 0)) == "card-key"
    with pytest.raises(Refused):
        check_root(bad_root)


@pytest.mark.parametrize("algorithm", ["ed448", "ml-dsa-44", "ED25519", "none", ""])
def test_one_algorithm_is_allowed_and_no_other(algorithm: str) -> None:
    with pytest.raises(Refused) as found:
        verify_key(algorithm, LOGISTICS)
    assert found.value.check == "key-algorithm"
    payload = json.loads(Envelope.decode(JAPAN.card(), CARD).payload)
    payload["offices"][0]["algorithm"] = algorithm
    with pytest.raises(Refused) as found:
        read_card(sign(CARD, json.dumps(payload).encode(), [JAPAN.root]).encode())
    assert found.value.check == "key-algorithm"
    change = granting()
    change["office"]["algorithm"] = algorithm
    with pytest.raises(ValidationError):
        ordered(change, statement("JP", 1, HOLDERS[0]), 0)
    del payload["offices"][0]["algorithm"]
    with pytest.raises(BadInput):
        read_card(sign(CARD, json.dumps(payload).encode(), [JAPAN.root]).encode())


def test_a_grant_needs_a_proof_a_free_name_powers_that_there_are_and_a_key_of_its_own() -> None:
    root = statement("JP", 1, HOLDERS[0])
    ring = ring_of(root)
    stranger = prove(seed("stranger"), "JP", "exercise", "tanker")
    assert refusal(ring, ordered(granting(proof=stranger), root, 0)) == "card-proof"
    elsewhere = prove(seed("tanker"), "JP", "real", "tanker")
    assert refusal(ring, ordered(granting(proof=elsewhere), root, 0)) == "card-proof"
    for powers in (("keys",), ("root",), ("everything",)):
        assert refusal(ring, ordered(granting(powers=powers), root, 0)) == "card-power"
    for name in ("node", "root"):
        assert refusal(ring, ordered(granting(office=name), root, 0)) == "card-power"
    assert refusal(ring, ordered(granting(key="JPlogistics"), root, 0)) == "card-key-twice"
    assert refusal(ring, ordered(granting(key="JPnode"), root, 0)) == "card-key-twice"


# What counts, and when


def test_serials_only_grow_and_the_same_mandate_again_changes_nothing() -> None:
    root = statement("JP", 1, HOLDERS[0])
    first = ordered(granting(), root, 0, serial=5)
    ring = changes.changed(ring_of(root), first, 1, None)
    assert ring.serial == 5
    assert changes.changed(ring, first, 2, None) is ring
    for serial in (1, 4, 5):
        assert refusal(ring, ordered(granting("second", "second"), root, 0, serial=serial)) == "mandate-serial"
    assert changes.changed(ring, ordered(granting("second", "second"), root, 0, serial=6), 2, None).serial == 6


def test_what_the_card_shows_already_is_no_fault() -> None:
    root = statement("JP", 1, HOLDERS[0])
    ring = keys.ring_of(card_of(root).model_copy(update={"serial": 3}))
    assert changes.changed(ring, ordered(granting(), root, serial=3), 1, None) is ring


def test_a_mandate_is_of_one_nation_one_environment_and_one_root() -> None:
    root = statement("JP", 1, HOLDERS[0])
    ring = ring_of(root)
    assert refusal(ring, ordered(granting(), root, 0, nation="AU")) == "mandate-nation"
    assert refusal(ring, ordered(granting(), root, 0, environment="real")) == "mandate-nation"
    assert refusal(ring, ordered(granting(), statement("JP", 1, *HOLDERS[:2]), 0)) == "mandate-root"


def test_a_revoked_key_is_gone_and_never_granted_again() -> None:
    root = statement("JP", 1, HOLDERS[0])
    ring = changes.changed(ring_of(root), ordered(revoking(), root, 0), 4, None)
    assert ring.by_name(name_of(LOGISTICS)) is None
    assert ring.revoked[name_of(LOGISTICS)].sequence == 4
    again = granting("logistics", "JPlogistics")
    assert refusal(ring, ordered(again, root, 0, serial=2)) == "card-key-twice"
    assert refusal(ring, ordered(revoking(), root, 0, serial=2)) == "key-already-revoked"
    unknown = revoking(key=hexadecimal(seed("nobody")))
    assert refusal(ring, ordered(unknown, root, 0, serial=2)) == "key-unknown"
    assert refusal(ring_of(root), ordered(revoking(office="finance"), root, 0)) == "key-unknown"


def test_what_stands_is_said_exactly_when_the_key_was_in_a_strangers_hands() -> None:
    root = statement("JP", 1, HOLDERS[0])
    stolen = ordered(revoking(compromised_since=TIME), root, 0)
    assert refusal(ring_of(root), stolen) == "mandate-stands"
    assert refusal(ring_of(root), ordered(revoking(), root, 0), stands=0) == "mandate-stands"
    retired = changes.changed(ring_of(root), ordered(revoking(), root, 0), 9, None)
    later = ordered(revoking(compromised_since=TIME), root, 0, serial=2)
    found = changes.changed(retired, later, 12, 3).revoked[name_of(LOGISTICS)]
    assert (found.sequence, found.stands_through) == (9, 3)


def test_both_roots_sign_a_change_of_root() -> None:
    old = statement("JP", 2, *HOLDERS[:3])
    new = statement("JP", 2, *HOLDERS[2:5])
    change = {"kind": "root", "statement": new}
    ring = ring_of(old)
    for signers in ((0, 1), (3, 4), (0, 3, 4), (0, 1, 3), (1, 2)):
        assert refusal(ring, ordered(change, old, *signers)) == "mandate-signatures", signers
    # The holder of a key in both signs once for both.
    found = changes.changed(ring, ordered(change, old, 0, 2, 3), 1, None)
    assert found.root.fingerprint == new.fingerprint
    assert refusal(found, ordered(granting(), old, 0, 1, serial=2)) == "mandate-root"
    assert changes.changed(found, ordered(granting(), new, 3, 4, serial=2), 2, None).serial == 2


def test_a_mandate_out_of_changed_bytes_is_bad_input_or_is_not_signed() -> None:
    root = statement("JP", 1, HOLDERS[0])
    raw = ordered(granting(), root, 0).envelope.encode()
    assert read_mandate(raw).mandate.serial == 1
    for place in range(0, len(raw), 23):
        changed = bytearray(raw)
        changed[place] ^= 4
        try:
            found = read_mandate(bytes(changed))
        except BadInput:
            continue
        with pytest.raises(Refused):
            changes.changed(ring_of(root), found, 1, None)
