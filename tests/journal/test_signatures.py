"""Signatures and keys that some libraries take and Gokei must not: refused at each of its own doors.

Every vector is computed here, from keys of our own: what the checks of a good library leave to its caller (a key of
small or mixed order) as well as what they do (S not reduced, points that are not canonical).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nacl.signing import SigningKey, VerifyKey

from gokei.journal import envelopes
from gokei.journal.checkpoints import Checkpoint, cosign, cosigned_at, node_name, read_checkpoint, sign_checkpoint
from gokei.journal.door import LogHead, Refusal
from gokei.journal.envelopes import CARD, DOCUMENT, REFUSAL, WANT, Envelope, Signature, pre_authentication_encoding
from gokei.journal.keys import read_card
from gokei.journal.notes import ED25519, Line, Note, key_id
from gokei.journal.signers import SoftwareSigner
from gokei.journal.writing import sign_refusal
from gokei.terms.problems import BadInput, Problem, Refused
from tests.journal import curve
from tests.nations import Nations, to_operation

from .makers import TIME, Nation, after, enter, seed, statement

AUSTRALIA = Nation("AU")
OTHER = SigningKey(b"\x07" * 32)
STRANGER = SoftwareSigner(b"\x07" * 32)


def bare(name: str) -> SigningKey:
    """The maker's key of that name, with its secret in reach of the forger."""
    return SigningKey(hashlib.sha256(f"AU{name}".encode()).digest())


def reduced(number: int) -> bytes:
    return (number % curve.L).to_bytes(32, "little")


def wrong_signatures(key: SigningKey, message: bytes) -> dict[str, bytes]:
    """Sixty-four bytes each, none of them that key's signature of the message."""
    good = key.sign(message).signature
    r, s = good[:32], int.from_bytes(good[32:], "little")
    public, secret = bytes(key.verify_key), curve.secret_of(bytes(key))
    found = {
        "zero": bytes(64),
        "ones": b"\xff" * 64,
        "swapped": good[32:] + r,
        "r-zero": bytes(32) + good[32:],
        "s-zero": r + bytes(32),
        "s-changed": r + reduced(s + 1),
        "s-negated": r + reduced(-s),
        "s-top-bit": r + good[32:63] + bytes([good[63] | 0x80]),
        "r-sign": r[:31] + bytes([r[31] ^ 0x80]) + good[32:],
        "other-message": key.sign(message + b" ").signature,
        "other-key": OTHER.sign(message).signature,
        "prehashed": key.sign(hashlib.sha512(message).digest()).signature,
    }
    for many in range(1, 16):
        found[f"s-plus-{many}-l"] = r + (s + many * curve.L).to_bytes(32, "little")
    for name, low in curve.low_order_encodings().items():
        # S = h·a fits R of order 1 exactly, and any R of small order where the cofactor is multiplied away.
        found[f"r-{name}"] = low + reduced(curve.challenge(low, public, message) * secret)
    for number, small in enumerate(curve.SMALL[1:], start=1):
        mixed = curve.encoded(curve.add(curve.times(12345, curve.BASE), small))
        found[f"r-mixed-{number}"] = mixed + reduced(12345 + curve.challenge(mixed, public, message) * secret)
    return found


NAMES = sorted(wrong_signatures(bare("node"), b"names"))


def forged(raw: bytes, kind: str, key: SigningKey, index: int = 0) -> Iterator[tuple[str, bytes]]:
    """An envelope again and again, each time with another wrong signature of the key at `index`."""
    envelope = Envelope.decode(raw, kind)
    message = pre_authentication_encoding(kind, envelope.payload)
    for name, value in wrong_signatures(key, message).items():
        signatures = [*envelope.signatures]
        signatures[index] = Signature(signatures[index].keyid, value)
        yield name, envelope._replace(signatures=tuple(signatures)).encode()


def lengths(raw: bytes) -> Iterator[bytes]:
    """The envelope with signatures that are not 64 bytes, or too few or too many of them."""
    found = json.loads(raw)
    first = base64.b64decode(found["signatures"][0]["sig"])
    for value in (b"", first[:32], first[:63], first + b"\x00", first + first):
        told = {"keyid": found["signatures"][0]["keyid"], "sig": base64.b64encode(value).decode()}
        yield json.dumps(found | {"signatures": [told]}).encode()
    for many in (0, 3, 1000):
        yield json.dumps(found | {"signatures": found["signatures"][:1] * many}).encode()


def refuses(door: Callable[[bytes], object], raw: bytes, what: str) -> Problem:
    try:
        door(raw)
    except (Refused, Refusal, BadInput) as problem:
        return problem
    raise AssertionError(f"let in: {what}")


# What the doors are given


def document() -> bytes:
    return AUSTRALIA.document("JP", LogHead()).raw


def at_the_door(raw: bytes) -> object:
    return enter(raw, LogHead(), AUSTRALIA, "JP")


def test_the_vectors_are_wrong_for_the_reason_that_they_name() -> None:
    """The curve of the tests is the curve, and its forgeries fit the equation that they are meant to fit."""
    key, message = bare("node"), b"a message"
    public, secret = bytes(key.verify_key), curve.secret_of(bytes(key))
    assert curve.encoded(curve.times(secret, curve.BASE)) == public
    assert curve.times(curve.L, curve.BASE) == curve.IDENTITY
    assert len(set(curve.low_order_encodings().values())) == 14
    assert len(NAMES) > 40
    good = key.sign(message).signature
    assert all(value != good and len(value) == 64 for value in wrong_signatures(key, message).values())
    r, s = curve.SMALL[0], curve.challenge(curve.encoded(curve.SMALL[0]), public, message) * secret
    left = curve.times(s % curve.L, curve.BASE)
    point = curve.times(secret, curve.BASE)
    assert left == curve.add(r, curve.times(curve.challenge(curve.encoded(r), public, message), point))


def test_no_wrong_signature_verifies() -> None:
    envelope = Envelope.decode(document(), DOCUMENT)
    key = bare("logistics")
    assert envelopes.verifies(envelope, 0, key.verify_key)
    for name, raw in forged(document(), DOCUMENT, key):
        assert not envelopes.verifies(Envelope.decode(raw, DOCUMENT), 0, key.verify_key), name


def test_a_document_with_a_wrong_signature_never_enters() -> None:
    assert at_the_door(document())
    for name, raw in forged(document(), DOCUMENT, bare("logistics")):
        assert refuses(at_the_door, raw, name).check == "door-3-signature", name
    for raw in lengths(document()):
        assert refuses(at_the_door, raw, "length").check == "door-2-envelope"


def test_the_second_signature_is_held_as_strictly_as_the_first() -> None:
    written = AUSTRALIA.document("JP", LogHead(), offices=("logistics", "finance"), type_name="pair")
    for index, office in enumerate(("logistics", "finance")):
        for name, raw in forged(written.raw, DOCUMENT, bare(office), index):
            assert refuses(at_the_door, raw, name).check == "door-3-signature", name


def test_two_signatures_stand_in_the_order_of_the_offices_and_none_stands_twice() -> None:
    envelope = AUSTRALIA.document("JP", LogHead(), offices=("logistics", "finance"), type_name="pair").envelope
    one, other = envelope.signatures
    for signatures in ((other, one), (one, one), (other, other), (one,), (other,)):
        raw = envelope._replace(signatures=signatures).encode()
        assert refuses(at_the_door, raw, str(signatures)).check.startswith("door-4-office")
    crossed = (Signature(one.keyid, other.value), Signature(other.keyid, one.value))
    raw = envelope._replace(signatures=crossed).encode()
    assert refuses(at_the_door, raw, "crossed").check == "door-3-signature"


def test_a_signature_of_another_type_or_document_signs_nothing_here() -> None:
    envelope = Envelope.decode(document(), DOCUMENT)
    key = AUSTRALIA.key("logistics")
    for kind in (CARD, WANT, REFUSAL, "application/vnd.gokei.head+json", "", DOCUMENT + " "):
        elsewhere = envelopes.sign(kind, envelope.payload, [key])
        raw = elsewhere._replace(payload_type=DOCUMENT).encode()
        assert refuses(at_the_door, raw, kind).check == "door-3-signature"
        if kind:
            assert refuses(at_the_door, elsewhere.encode(), kind).check == "door-2-envelope"
    plain = Signature(envelope.signatures[0].keyid, bare("logistics").sign(envelope.payload).signature)
    assert refuses(at_the_door, envelope._replace(signatures=(plain,)).encode(), "plain").check == "door-3-signature"
    entered = enter(document(), LogHead(), AUSTRALIA, "JP")
    following = AUSTRALIA.document("JP", after(entered), body={"word": "more"}).envelope
    raw = following._replace(signatures=envelope.signatures).encode()
    assert refuses(lambda one: enter(one, after(entered), AUSTRALIA, "JP"), raw, "moved").check == "door-3-signature"


@pytest.mark.parametrize("signer", ["node", "stranger"])
def test_only_an_office_signs_documents(signer: str) -> None:
    """The node's key carries orders of the root, and signs nothing else."""
    key = AUSTRALIA.node if signer == "node" else STRANGER
    envelope = Envelope.decode(document(), DOCUMENT)
    theirs = envelopes.sign(DOCUMENT, envelope.payload, [key])
    check = "door-4-office" if signer == "node" else "door-3-signature"
    assert refuses(at_the_door, theirs.encode(), signer).check == check
    claimed = Signature(envelope.signatures[0].keyid, theirs.signatures[0].value)
    raw = envelope._replace(signatures=(claimed,)).encode()
    assert refuses(at_the_door, raw, signer).check == "door-3-signature"


# Cards


def resigned(change: Callable[[str], str]) -> bytes:
    """The card with its text changed, and truly signed by the root."""
    envelope = Envelope.decode(AUSTRALIA.card(), CARD)
    return envelopes.sign(CARD, change(envelope.payload.decode()).encode(), [AUSTRALIA.root]).encode()


def bad_keys() -> dict[str, bytes]:
    """Keys that no nation can be held to: of small order, of mixed order, not canonical, or no point at all."""
    found = curve.low_order_encodings()
    own = curve.times(curve.secret_of(bytes(bare("node"))), curve.BASE)
    for number, small in enumerate(curve.SMALL[1:], start=1):
        found[f"mixed-{number}"] = curve.encoded(curve.add(own, small))
    off = next(y for y in range(2, 100) if curve.root_of(y, 0) is None)
    found["off-the-curve"] = off.to_bytes(32, "little")
    small_y = next(y for y in range(2, 19) if curve.root_of(y, 0) is not None)
    found["beyond"] = (small_y + curve.P).to_bytes(32, "little")
    found["ones"] = b"\xff" * 32
    return found


def test_a_card_is_signed_by_its_root_and_by_nothing_like_it() -> None:
    card = AUSTRALIA.card()
    assert read_card(card)
    for name, raw in forged(card, CARD, bare("root")):
        assert refuses(read_card, raw, name).check == "card-signature", name
    *short, thrice, many = lengths(card)
    for raw in (*short, many):
        assert refuses(read_card, raw, "length").check.startswith(("envelope-", "card-"))
    # Several keys of a root may sign a card, in any number; one of them thrice counts once.
    assert read_card(thrice)
    two = statement("AU", 2, AUSTRALIA.root, seed("AU other root"))
    asked = AUSTRALIA.card(statement=two)
    found = json.loads(asked)
    for many_times in (1, 2, 3):
        raw = json.dumps(found | {"signatures": found["signatures"] * many_times}).encode()
        assert refuses(read_card, raw, "one key for two").check == "card-signature"
    envelope = Envelope.decode(card, CARD)
    for key in (AUSTRALIA.node, AUSTRALIA.key("logistics"), STRANGER):
        raw = envelopes.sign(CARD, envelope.payload, [key]).encode()
        assert refuses(read_card, raw, "another key").check == "card-signature"
    for kind in (DOCUMENT, WANT, REFUSAL):
        raw = envelopes.sign(kind, envelope.payload, [AUSTRALIA.root])._replace(payload_type=CARD).encode()
        assert refuses(read_card, raw, kind).check == "card-signature"


@pytest.mark.parametrize("whose", ["root", "node", "logistics"])
def test_a_card_with_a_key_of_small_or_mixed_order_is_refused(whose: str) -> None:
    good = bytes(bare(whose).verify_key).hex()
    for name, bad in bad_keys().items():
        raw = resigned(lambda text, bad=bad: text.replace(good, bad.hex()))  # type: ignore[misc]
        assert refuses(read_card, raw, name).check.startswith("card-"), name
        if whose != "root":
            assert refuses(read_card, raw, name).check == "card-key", name


def test_a_key_of_mixed_order_would_pass_the_library_alone() -> None:
    """Why the card's check is there: one message in eight is signed by a key that is not what it seems."""
    secret = curve.secret_of(bytes(bare("node")))
    public = curve.encoded(curve.add(curve.times(secret, curve.BASE), curve.EIGHT))
    r = curve.encoded(curve.times(777, curve.BASE))
    for number in range(200):
        envelope = Envelope(DOCUMENT, b"%d" % number, ())
        message = pre_authentication_encoding(DOCUMENT, envelope.payload)
        answer = curve.challenge(r, public, message)
        if answer % 8 == 0:
            signed = envelope._replace(signatures=(Signature("", r + reduced(777 + answer * secret)),))
            assert envelopes.verifies(signed, 0, VerifyKey(public))
            return
    raise AssertionError("one challenge in eight is a multiple of eight")


def test_each_key_of_a_card_proves_itself_for_its_own_office() -> None:
    found = json.loads(Envelope.decode(AUSTRALIA.card(), CARD).payload)
    first, second = found["offices"][0]["proof"], found["offices"][1]["proof"]
    for proof, other in ((first, second), (found["node"]["proof"], first), (first, found["node"]["proof"])):
        raw = resigned(lambda text, proof=proof, other=other: text.replace(proof, other))  # type: ignore[misc]
        assert refuses(read_card, raw, "another's proof").check == "card-proof"
    for name in ("zero", "s-plus-1-l", "r-low-order-0", "r-mixed-1"):
        wrong = wrong_signatures(bare("logistics"), b"anything")[name].hex()
        raw = resigned(lambda text, wrong=wrong: text.replace(first, wrong))  # type: ignore[misc]
        assert refuses(read_card, raw, name).check == "card-proof"


# What nodes say to each other


class Heard:
    """Two nodes whose words are kept, so that a forger can say them again."""

    def __init__(self, folder: Path) -> None:
        self.nations = Nations(folder, "AU", "JP")
        self.said: dict[str, bytes] = {}
        post = self.nations.wires.post

        def heard(address: str, path: str, body: bytes) -> tuple[int, bytes]:
            if address == "JP":
                self.said[path] = body
            return post(address, path, body)

        self.nations.wires.post = heard  # type: ignore[method-assign]
        to_operation(self.nations)
        self.nations.wires.post = post  # type: ignore[method-assign]
        core = self.nations["AU"].core
        self.node = core.node_signer
        self.offices = [core.folder.keys.signer(one.key) for one in core.folder.keys.holds()]

    def secret(self) -> SigningKey:
        """The node's key, with its secret in reach of the forger."""
        assert isinstance(self.node, SoftwareSigner)
        return self.node._key


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Heard]:
    found = Heard(tmp_path)
    yield found
    found.nations.close()


def signed_wants(heard: Heard) -> dict[str, bytes]:
    return {path: body for path, body in heard.said.items() if WANT.encode() in body}


def test_a_request_to_read_a_log_is_signed_by_the_node_alone(heard: Heard) -> None:
    wants = signed_wants(heard)
    assert "/exchange/AU/pull" in wants
    for path, body in wants.items():
        assert heard.nations.wires.post("JP", path, body)[0] == 200
        for name, raw in forged(body, WANT, heard.secret()):
            assert heard.nations.wires.post("JP", path, raw)[0] in {409, 422}, (path, name)
        for raw in lengths(body):
            assert heard.nations.wires.post("JP", path, raw)[0] in {409, 422}
        payload = Envelope.decode(body, WANT).payload
        assert len(heard.offices) > 6
        for key in (one for one in heard.offices if one.verify_key != heard.node.verify_key):
            raw = envelopes.sign(WANT, payload, [key]).encode()
            assert heard.nations.wires.post("JP", path, raw)[0] == 409
        for kind in (DOCUMENT, CARD, REFUSAL):
            raw = envelopes.sign(kind, payload, [heard.node])._replace(payload_type=WANT).encode()
            assert heard.nations.wires.post("JP", path, raw)[0] == 409


def test_a_refusal_is_signed_by_the_node_and_by_nothing_like_it() -> None:
    raw = sign_refusal(b"x", 3, BadInput(check="x", detail="x"), "AU", TIME, AUSTRALIA.node)
    key = AUSTRALIA.node.verify_key
    assert envelopes.verifies(Envelope.decode(raw, REFUSAL), 0, key)
    for name, wrong in forged(raw, REFUSAL, bare("node")):
        assert not envelopes.verifies(Envelope.decode(wrong, REFUSAL), 0, key), name
    for short in lengths(raw):
        with pytest.raises(BadInput):
            Envelope.decode(short, REFUSAL)


# What a node signs of both logs


def checkpoint() -> bytes:
    found = Checkpoint("exercise", "AU", "JP", 3, b"\x01" * 32, 2, b"\x02" * 32, TIME)
    return sign_checkpoint(found, AUSTRALIA.node)


def with_value(raw: bytes, place: int, value: bytes) -> bytes:
    note = Note.decode(raw)
    lines = [*note.lines]
    lines[place] = lines[place]._replace(value=value)
    return Note(note.text, tuple(lines)).encode()


def by_node(raw: bytes) -> object:
    return read_checkpoint(raw, AUSTRALIA.node.verify_key)


def test_a_checkpoint_is_signed_by_the_node_and_by_nothing_like_it() -> None:
    raw = checkpoint()
    assert by_node(raw)
    text = Note.decode(raw).text
    good = Note.decode(raw).lines[0].value
    for name, value in wrong_signatures(bare("node"), text.encode()).items():
        assert refuses(by_node, with_value(raw, 0, value), name).check == "checkpoint-signature", name
    for value in (good[:63], good[:32], good + b"\x00", good + good):
        assert refuses(by_node, with_value(raw, 0, value), "length").check == "checkpoint-signature"
    origin, right = Note.decode(raw).lines[0][:2]
    for key in (bare("root"), bare("logistics"), OTHER):
        for identity in (right, key_id(origin, ED25519, bytes(key.verify_key))):
            line = Line(origin, identity, key.sign(text.encode()).signature)
            assert refuses(by_node, Note(text, (line,)).encode(), "another key").check == "checkpoint-signature"
    name = node_name("exercise", "AU")
    line = Line(name, right, good)
    assert refuses(by_node, Note(text, (line,)).encode(), "another name").check == "checkpoint-signature"


def test_a_cosignature_is_no_signature_and_a_signature_no_cosignature() -> None:
    witness, name = SigningKey(b"\x09" * 32), node_name("exercise", "JP")
    raw = cosign(checkpoint(), name, SoftwareSigner(bytes(witness)), 1_700_000_000)
    assert cosigned_at(raw, name, witness.verify_key) == 1_700_000_000
    note = Note.decode(raw)
    stamp = note.lines[1].value[:8]
    message = f"cosignature/v1\ntime 1700000000\n{note.text}".encode()
    for what, value in wrong_signatures(witness, message).items():
        assert cosigned_at(with_value(raw, 1, stamp + value), name, witness.verify_key) is None, what
    plain = witness.sign(note.text.encode()).signature
    assert cosigned_at(with_value(raw, 1, stamp + plain), name, witness.verify_key) is None
    later = (1_700_000_001).to_bytes(8, "big") + note.lines[1].value[8:]
    assert cosigned_at(with_value(raw, 1, later), name, witness.verify_key) is None
