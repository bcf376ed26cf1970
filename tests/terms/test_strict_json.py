"""JSON that comes in: the public suite case by case, and any bytes at all."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.terms import strict_json
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse, plain_object
from tests.nightly import examples
from tests.terms.vectors import cases, folder

# The grammar allows these; RFC 7493 and docs/decisions/0002 do not: a name stands once in an object.
Y_REFUSED = {
    "y_object_duplicated_key.json": "json-duplicate",
    "y_object_duplicated_key_and_value.json": "json-duplicate",
}

EXACT = ("accepted", "an integer of up to 128 characters is exact, however large")
FAR = ("refused", "json-number", "an exponent beyond 400 is no amount of anything, and costs more than its text")
LONG = ("refused", "json-number", "a number is at most 128 characters long")
HALF = ("refused", "json-encoding", "a lone surrogate is half of a character, and no UTF-8 can hold it")
NOT_UTF8 = ("refused", "json-encoding", "RFC 8259 knows UTF-8 alone; nothing is guessed or replaced")
DEEP = ("refused", "json-depth", "64 levels are taken, fewer where a document has fewer")
MARKED = ("refused", "json-encoding", "RFC 8259 lets no writer add a byte order mark, and it would change the digest")

# What the grammar leaves open: our choice, and why.
I_CHOICES: Mapping[str, tuple[str, ...]] = {
    "i_number_double_huge_neg_exp.json": FAR,
    "i_number_huge_exp.json": LONG,
    "i_number_neg_int_huge_exp.json": FAR,
    "i_number_pos_double_huge_exp.json": FAR,
    "i_number_real_neg_overflow.json": FAR,
    "i_number_real_pos_overflow.json": FAR,
    "i_number_real_underflow.json": FAR,
    "i_number_too_big_neg_int.json": EXACT,
    "i_number_too_big_pos_int.json": EXACT,
    "i_number_very_big_negative_int.json": EXACT,
    "i_object_key_lone_2nd_surrogate.json": HALF,
    "i_string_1st_surrogate_but_2nd_missing.json": HALF,
    "i_string_1st_valid_surrogate_2nd_invalid.json": HALF,
    "i_string_UTF-16LE_with_BOM.json": NOT_UTF8,
    "i_string_UTF-8_invalid_sequence.json": NOT_UTF8,
    "i_string_UTF8_surrogate_U+D800.json": NOT_UTF8,
    "i_string_incomplete_surrogate_and_escape_valid.json": HALF,
    "i_string_incomplete_surrogate_pair.json": HALF,
    "i_string_incomplete_surrogates_escape_valid.json": HALF,
    "i_string_invalid_lonely_surrogate.json": HALF,
    "i_string_invalid_surrogate.json": HALF,
    "i_string_invalid_utf-8.json": NOT_UTF8,
    "i_string_inverted_surrogates_U+1D11E.json": HALF,
    "i_string_iso_latin_1.json": NOT_UTF8,
    "i_string_lone_second_surrogate.json": HALF,
    "i_string_lone_utf8_continuation_byte.json": NOT_UTF8,
    "i_string_not_in_unicode_range.json": NOT_UTF8,
    "i_string_overlong_sequence_2_bytes.json": NOT_UTF8,
    "i_string_overlong_sequence_6_bytes.json": NOT_UTF8,
    "i_string_overlong_sequence_6_bytes_null.json": NOT_UTF8,
    "i_string_truncated-utf-8.json": NOT_UTF8,
    "i_string_utf16BE_no_BOM.json": NOT_UTF8,
    "i_string_utf16LE_no_BOM.json": NOT_UTF8,
    "i_structure_500_nested_arrays.json": DEEP,
    "i_structure_UTF-8_BOM_empty_object.json": MARKED,
}

# Pieces that texts close to JSON are made of.
PIECES = [
    b"[", b"]", b"{", b"}", b":", b",", b'"', b'"a"', b'"a":', b'"b":', b"1", b"0", b"-", b".", b"e", b"E", b"+", b"9",
    b"null", b"true", b"false", b"NaN", b"-Infinity", b" ", b"\n", b"\t", b"\x0c", b"\x00", b"\\", b"\\u", b"\\ud83d",
    b"\\ude00", b"\\u0061", b"\\n", b"/", b"\xef\xbb\xbf", b"\xc3\xa9", b"\xed\xa0\x80", b"\xff", b"1e9", b"1E-999",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=4), below, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A JSON text in which a few bytes went wrong."""
    text = bytearray(json.dumps(draw(VALUES), ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        text[start : start + draw(st.integers(0, 2))] = draw(st.sampled_from(PIECES) | st.binary(max_size=2))
    return bytes(text)


ANYTHING = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join) | damaged()
# What we refuse in texts that other readers take.
OURS = {"json-duplicate", "json-number", "json-depth"}
CHECKS = {*OURS, "json-syntax", "json-encoding"}
MEBIBYTE = 1024 * 1024


def problem_of(data: bytes) -> BadInput | None:
    """Why the bytes are refused; None where they are taken."""
    try:
        parse(data)
    except BadInput as problem:
        return problem
    return None


def check_of(data: bytes) -> str | None:
    problem = problem_of(data)
    return problem.check if problem else None


@pytest.mark.parametrize("path", cases("json", "y_*.json"))
def test_what_must_parse_parses_but_for_names_given_twice(path: Path) -> None:
    data = path.read_bytes()
    assert check_of(data) == Y_REFUSED.get(path.name)
    if path.name not in Y_REFUSED:
        assert parse(data) == json.loads(data, parse_float=Decimal)


@pytest.mark.parametrize("path", cases("json", "n_*.json"))
def test_what_must_not_parse_is_refused(path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        parse(path.read_bytes(), path=path.name)
    assert caught.value.path == path.name
    assert caught.value.check in {"json-syntax", "json-encoding", "json-depth", "json-number"}


@pytest.mark.parametrize("path", cases("json", "i_*.json"))
def test_what_the_grammar_leaves_open_is_as_documented(path: Path) -> None:
    choice, *check, why = I_CHOICES[path.name]
    assert check_of(path.read_bytes()) == (None if choice == "accepted" else check[0]), why


@pytest.mark.parametrize("path", cases("json", "y_object_duplicated_key.json"))
def test_the_tables_name_what_is_in_the_suite_and_nothing_else(path: Path) -> None:
    place = folder("json")
    assert place is not None
    found = {one.name for one in place.iterdir()}
    assert {one for one in found if one.startswith("i_")} == {*I_CHOICES}
    assert {*Y_REFUSED} <= found
    assert len(found) > 300


@settings(deadline=None, max_examples=examples(1500))
@given(ANYTHING)
def test_any_bytes_give_a_value_or_bad_input(data: bytes) -> None:
    problem = problem_of(data)
    if problem is not None:
        assert problem.check in CHECKS
        assert problem.detail_text()
        assert problem.next_text()


@settings(deadline=None, max_examples=examples(1500))
@given(ANYTHING)
def test_another_reader_takes_the_same_texts_but_for_our_own_refusals(data: bytes) -> None:
    found = check_of(data)
    try:
        other = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        # That reader makes floats of all numbers with an exponent, and of integers beyond 64 bits.
        taken = found is None and "infinity" not in str(error)
    else:
        taken = found not in {None, *OURS}
        if found is None:
            assert json.loads(data, parse_int=float) == json.loads(orjson.dumps(other), parse_int=float)
    assert not taken


@pytest.mark.parametrize(
    "data",
    [
        b"[" * MEBIBYTE,
        b"[]," * (MEBIBYTE // 3),
        b'{"a":' * (MEBIBYTE // 5),
        b'["' + b'\\"' * (MEBIBYTE // 2 - 1),
        b'["' + b'",["' * (MEBIBYTE // 4 - 1),
        b'"' * MEBIBYTE,
        b'"' + b"\\" * (MEBIBYTE - 1),
        b'"' + b"\\ud800" * (MEBIBYTE // 6 - 1) + b'"',
        b'"' + b"a" * (MEBIBYTE - 2) + b'"',
        b"9" * MEBIBYTE,
        b"-0." + b"0" * (MEBIBYTE - 3),
        b"1e" + b"9" * (MEBIBYTE - 2),
        b" " * (MEBIBYTE - 1) + b"1",
        b"\n" * MEBIBYTE,
        b"[" + b"0," * (MEBIBYTE // 2 - 2) + b"0]",
        b"[" + b"{}," * (MEBIBYTE // 3 - 1) + b"0]",
        b"[" + b"[[[[]]]]," * (MEBIBYTE // 9 - 1) + b"0]",
        b"{" + b",".join(b'"%06x":0' % number for number in range(MEBIBYTE // 12)) + b"}",
        b"{" + b",".join(b'"a":0' for _ in range(MEBIBYTE // 7)) + b"}",
        b"\xf0\x9f\x98\x80" * (MEBIBYTE // 4),
    ],
    ids=lambda data: f"{data[:12]!r}",
)
def test_no_text_takes_long(data: bytes) -> None:
    assert len(data) <= MEBIBYTE
    began = time.process_time()
    check_of(data)
    assert time.process_time() - began < 10


# Texts as Gokei spells them, and texts that look so: whole, with a number beyond the bounds, or a name spelled twice.
SPELT = VALUES.map(lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
NEARLY_SPELT = [
    b'{"a":1.5}', b"[1e9]", b"1.5", b"-0", b"[-0.0]", b"1e16", b'{"a":1,"\\u0061":2}', b'{"b":1,"a":2}', b'["\\u001f"]',
    b'["\\ud800"]', b'{"":{"":{"":{}}}}', b"[[[[[[]]]]]]", b"18446744073709551616", b"-9223372036854775809", b"[" * 300,
    b"[" * 300 + b"]" * 300, b"[" * 3000 + b"]" * 3000, b'"' + b"x" * 60 + b'"', b'{"' + b"x" * 60 + b'":[]}', b"",
    b'["a.1e5",":1.5"]', b"null", b"[true]", b"9" * 200, b'["\xed\xa0\x80"]', b'["\xc3"]', b'["\\/"]', b'["\x7f"]',
]  # fmt: skip


def told(data: bytes, max_depth: int, max_string: int) -> object:
    """What the reader says of a text: the value and its types, or the whole problem."""
    try:
        return repr(parse(data, max_depth=max_depth, max_string=max_string))
    except BadInput as problem:
        return problem.check, problem.detail, dict(problem.params), problem.line, problem.column


@settings(deadline=None, max_examples=examples(1500))
@given(
    SPELT.map(lambda text: text.encode("utf-8", "surrogatepass")) | ANYTHING | st.sampled_from(NEARLY_SPELT),
    st.integers(1, 6),
    st.integers(1, 60),
)
def test_the_quick_way_and_the_careful_way_say_the_same(data: bytes, max_depth: int, max_string: int) -> None:
    quickly = told(data, max_depth, max_string)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_quickly", lambda *_: strict_json._ODD)
        assert told(data, max_depth, max_string) == quickly


@pytest.mark.parametrize("data", NEARLY_SPELT)
def test_what_looks_like_our_spelling_is_judged_as_with_care(data: bytes) -> None:
    test_the_quick_way_and_the_careful_way_say_the_same.hypothesis.inner_test(data, 5, 50)  # type: ignore[attr-defined]


def test_what_gokei_writes_is_read_the_quick_way() -> None:
    spelt = b'{"a":[1,"11.4",{"b":null}],"c":"\xe4\xba\x92\xe6\x81\xb5"}'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_with_care", lambda *_: pytest.fail("read with care"))
        assert parse(spelt) == json.loads(spelt)


@settings(deadline=None, max_examples=examples(1500))
@given(
    SPELT.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(SPELT, max_size=3).map(lambda texts: b'{"a":[%s]}' % ",".join(texts).encode("utf-8", "surrogatepass"))
    | st.sampled_from(NEARLY_SPELT),
    st.integers(1, 6),
)
def test_a_plain_object_is_one_that_the_reader_takes_with_the_same_value(data: bytes, max_depth: int) -> None:
    found = plain_object(data, max_bytes=300, max_depth=max_depth)
    if found is not None:
        assert found == json.loads(data)
        assert len(data) <= 300
        assert told(data, max_depth, 300) == repr(json.loads(data, parse_float=Decimal))


def test_what_gokei_signs_is_a_plain_object() -> None:
    assert plain_object(b'{"a":[1,{"b":"\xe4\xba\x92"}],"c":1.5}', max_bytes=100, max_depth=4) is not None
    assert plain_object(b'{"a":[1,{"b":[2]}]}', max_bytes=100, max_depth=3) is None
    assert plain_object(b'{"a": 1}', max_bytes=100, max_depth=4) is None
