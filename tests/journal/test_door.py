"""The door lets in what is authentic, marks void what is authentic but wrong, and refuses the rest by number."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.journal.door import LogHead, Refusal, admit
from gokei.journal.entries import Entry
from gokei.journal.envelopes import DOCUMENT, Envelope, pre_authentication_encoding, sign
from gokei.journal.mandates import OfficeRevocation
from gokei.terms import limits
from gokei.terms.problems import BadInput
from tests.nightly import examples

from .makers import KINDS, Nation, after, enter, hexadecimal

AUSTRALIA = Nation("AU")
JAPAN = Nation("JP")


def refused(raw: bytes, log: LogHead = LogHead(), nation: Nation = AUSTRALIA, reader: str = "JP") -> Refusal:  # noqa: B008
    with pytest.raises(Refusal) as caught:
        enter(raw, log, nation, reader, written=3)
    assert caught.value.detail_text()
    assert "{" not in caught.value.detail_text()
    return caught.value


def test_the_encoding_that_is_signed_is_that_of_the_dsse_specification() -> None:
    encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_a_document_enters_with_its_exact_bytes() -> None:
    written = AUSTRALIA.document("JP", LogHead())
    entry = enter(written.raw, LogHead(), AUSTRALIA, "JP")
    assert entry.void is None
    assert entry.hash == written.hash
    assert entry.envelope == written.raw


@pytest.mark.parametrize("number", ["NaN", "1e999999", "9" * 200])
def test_a_number_that_json_does_not_have_is_refused_like_any_other_fault_of_a_frame(number: str) -> None:
    payload = json.dumps({"gokei": "?"}).replace('"?"', number).encode()
    assert refused(sign(DOCUMENT, payload, [AUSTRALIA.key("logistics")]).encode()).number == 6


def test_four_eyes_need_two_offices_that_hold_the_powers() -> None:
    both = AUSTRALIA.document("JP", LogHead(), offices=("logistics", "finance"), type_name="pair")
    assert enter(both.raw, LogHead(), AUSTRALIA, "JP").void is None
    turned = AUSTRALIA.document("JP", LogHead(), offices=("finance", "logistics"), type_name="pair")
    assert enter(turned.raw, LogHead(), AUSTRALIA, "JP").void is None
    for offices in (("logistics",), ("finance",), ("logistics", "security")):
        alone = AUSTRALIA.document("JP", LogHead(), offices=offices, type_name="pair")
        void = enter(alone.raw, LogHead(), AUSTRALIA, "JP").void
        assert void is not None
        assert void.check == "door-7-power"


def test_authentic_but_wrong_enters_void_and_the_log_goes_on() -> None:
    wrong = AUSTRALIA.document("JP", LogHead(), body={"word": 3, "other": True})
    entry = enter(wrong.raw, LogHead(), AUSTRALIA, "JP")
    assert entry.void is not None
    assert entry.void.check == "door-8-schema"
    following = AUSTRALIA.document("JP", after(entry))
    assert enter(following.raw, after(entry), AUSTRALIA, "JP").void is None
    unknown = AUSTRALIA.document("JP", after(entry), type_name="nonsense")
    void = enter(unknown.raw, after(entry), AUSTRALIA, "JP").void
    assert void is not None
    assert void.check == "door-8-schema"


def test_what_is_too_large_is_refused_by_its_size() -> None:
    assert refused(b"x" * (limits.ENVELOPE_BYTES + 1)).number == 1


def test_another_nations_key_is_no_key_of_this_nation() -> None:
    assert refused(JAPAN.document("JP", LogHead()).raw).check == "door-3-signature"


def test_a_frame_must_name_its_signers_its_reader_its_author_and_this_environment() -> None:
    forged = json.loads(Envelope.decode(AUSTRALIA.document("JP", LogHead()).raw, DOCUMENT).payload)
    for change, check in (
        ({"offices": ["finance"]}, "door-4-office"),
        ({"reader": "US"}, "door-6-reader"),
        ({"author": "JP"}, "door-6-author"),
        ({"environment": "real"}, "door-6-environment"),
        ({"time": "1999-01-01T00:00:00Z"}, "door-4-term"),
        ({"unknown": 1}, "door-6-frame"),
        ({"sequence": 0}, "door-6-frame"),
    ):
        payload = json.dumps(forged | change).encode()
        raw = sign(DOCUMENT, payload, [AUSTRALIA.offices["logistics"]]).encode()
        assert refused(raw).check == check, change


def test_the_log_is_a_chain_without_gaps_forks_or_foresight() -> None:
    first = AUSTRALIA.document("JP", LogHead())
    entry = enter(first.raw, LogHead(), AUSTRALIA, "JP")
    log = after(entry)
    assert refused(first.raw, log).check == "door-5-fork"
    assert refused(AUSTRALIA.document("JP", LogHead(5, entry.hash)).raw, log).check == "door-5-gap"
    assert refused(AUSTRALIA.document("JP", LogHead(1)).raw, log).check == "door-5-previous"
    assert refused(AUSTRALIA.document("JP", log, seen=4).raw, log).check == "door-5-seen"
    assert enter(AUSTRALIA.document("JP", log, seen=3).raw, log, AUSTRALIA, "JP", written=3).void is None


def test_a_revoked_key_signs_nothing_from_its_place_in_the_log_on() -> None:
    revocation = AUSTRALIA.document(
        "JP", LogHead(), offices=("node",), type_name="office_revocation",
        body={"mandate": AUSTRALIA.mandate({
            "kind": "revoke", "office": "logistics", "key": hexadecimal(AUSTRALIA.offices["logistics"]),
            "reason": "lost tablet",
        })},
    )  # fmt: skip
    entry = enter(revocation.raw, LogHead(), AUSTRALIA, "JP")
    assert isinstance(entry.body, OfficeRevocation)
    ring = AUSTRALIA.ring().with_document(entry)
    with pytest.raises(Refusal) as caught:
        admit(AUSTRALIA.document("JP", after(entry)).raw, after(entry), ring, KINDS, "exercise", "JP", 3)
    assert caught.value.check == "door-3-signature"
    office = AUSTRALIA.office("harbour", ("request",))

    def granting(name: str) -> Entry:
        change = {"kind": "grant", "office": office.model_copy(update={"office": name})}
        document = AUSTRALIA.document(
            "JP", LogHead(), offices=("node",), type_name="office_grant", body={"mandate": AUSTRALIA.mandate(change)}
        )
        return enter(document.raw, LogHead(), AUSTRALIA, "JP")

    granted = granting("harbour")
    assert granted.void is None
    assert len(AUSTRALIA.ring().with_document(granted).offices) == len(AUSTRALIA.ring().offices) + 1
    stolen = granting("another")
    assert stolen.void is not None
    assert stolen.void.check == "door-8-mandate"


@settings(deadline=None)
@given(st.data())
def test_no_changed_byte_of_an_envelope_enters_as_another_document(data: st.DataObject) -> None:
    written = AUSTRALIA.document("JP", LogHead())
    raw = bytearray(written.raw)
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    answer: str | int = ""
    try:
        answer = enter(bytes(raw), LogHead(), AUSTRALIA, "JP").hash
    except Refusal as refusal:
        answer = refusal.number
    assert answer in {2, 3, 6, written.hash}


@settings(deadline=None)
@given(st.integers(0, 2000))
def test_a_truncated_envelope_is_refused(length: int) -> None:
    raw = AUSTRALIA.document("JP", LogHead()).raw
    assert refused(raw[: min(length, len(raw) - 1)]).number == 2


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_answered(raw: bytes) -> None:
    assert refused(raw).number in {1, 2, 3, 6}


ODD = st.sampled_from([
    None, True, False, 0, 1, -1, 1.0, 1.5, 2**53, 2**53 + 1, 2**64, -(2**63), 1e300, "", "x", "1", "JP", "AU",
    "re\u0000al",
    "sha256:" + "0" * 64, "互恵", [], ["logistics"], ["finance"], ["logistics", 1], [[]], {}, {"word": "hello"},
    {"word": 1.5}, {"word": None}, {"word": 2**70}, {"deep": [[[[[[[[[[[[[]]]]]]]]]]]]]}, "2026-02-30T00:00:00Z",
])  # fmt: skip
FRAME = json.loads(Envelope.decode(AUSTRALIA.document("JP", LogHead()).raw, DOCUMENT).payload)


def outcome(payload: bytes) -> object:
    """All that the door says of a signed payload, but for what hangs on its spelling: its name and its leaf."""
    raw = sign(DOCUMENT, payload, [AUSTRALIA.offices["logistics"]]).encode()
    try:
        found = enter(raw, LogHead(), AUSTRALIA, "JP", written=3)
    except Refusal as refusal:
        return refusal.check, refusal.detail, {**refusal.params}
    return found.frame, repr(found.frame.body), found.body, found.void


@settings(deadline=None, max_examples=examples(600))
@given(
    st.dictionaries(st.sampled_from([*FRAME, "unknown"]), ODD, max_size=3),
    st.sets(st.sampled_from([*FRAME]), max_size=1),
    st.none() | st.dictionaries(st.sampled_from(["word", "other"]), ODD, max_size=2),
)
def test_a_document_is_judged_alike_however_its_json_is_spelled(
    changed: dict[str, object], left_out: set[str], body: dict[str, object] | None
) -> None:
    """Sorted and without spaces it is read by a quicker way; with spaces it is not."""
    values = {**FRAME, **changed} if body is None else {**FRAME, **changed, "body": body}
    kept = {name: value for name, value in values.items() if name not in left_out}
    plain = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert outcome(plain) == outcome(json.dumps(kept, sort_keys=True).encode())


ENVELOPES = st.fixed_dictionaries({
    "payload": st.sampled_from(["", "e30=", "e30", "e31=", "e30==", " e30=", "e3-=", 1, None, "AAAA" * 3]),
    "payloadType": st.sampled_from([DOCUMENT, "application/json", "", 5]),
    "signatures": st.lists(
        st.fixed_dictionaries({
            "keyid": st.sampled_from(["0123456789abcdef", "", 'a"b', "a\\b", "\u0000", "互", 3, None]),
            "sig": st.sampled_from(["A" * 86 + "==", "A" * 85 + "B==", "A" * 84, "", None]),
        }),
        max_size=3,
    ),
})  # fmt: skip


def read(raw: bytes) -> object:
    try:
        return Envelope.decode(raw, DOCUMENT)
    except BadInput as problem:
        return problem.check, problem.detail, {**problem.params}


@settings(deadline=None, max_examples=examples(600))
@given(ENVELOPES, st.booleans())
def test_an_envelope_is_read_alike_however_it_is_spelled(found: dict[str, object], escaped: bool) -> None:
    plain = json.dumps(found, separators=(",", ":"), ensure_ascii=escaped).encode()
    read_plainly = read(plain)
    assert read_plainly == read(json.dumps(found, indent=1).encode())
    if isinstance(read_plainly, Envelope):
        assert Envelope.decode(read_plainly.encode(), DOCUMENT) == read_plainly
