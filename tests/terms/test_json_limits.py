"""The bounds of JSON that comes in, each held at its edge, and the places that refusals name."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from gokei.terms import limits
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse, parse_object


def refused(data: bytes, **bounds: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse(data, **bounds)
    return caught.value


def nested(depth: int) -> bytes:
    """Lists and objects in turn, so many deep."""
    pairs = [(b"[", b"]"), (b'{"a":', b"}")]
    opened = b"".join(pairs[number % 2][0] for number in range(depth - 1))
    closed = b"".join(pairs[number % 2][1] for number in reversed(range(depth - 1)))
    return opened + b"[]" + closed


def place(problem: BadInput) -> tuple[int | None, int | None]:
    return problem.line, problem.column


# Bounds


def test_size_counts_bytes_and_the_last_byte_is_taken() -> None:
    text = '"é"'.encode()
    assert parse(text, max_bytes=4) == "é"
    problem = refused(text + b" ", max_bytes=4)
    assert problem.check == "json-size"
    assert problem.detail_text() == "The JSON is 5 bytes; at most 4 are taken."
    assert parse(b" " * (limits.JSON_BYTES - 1) + b"1") == 1
    assert refused(b" " * limits.JSON_BYTES + b"1").check == "json-size"


def test_size_is_looked_at_before_anything_else() -> None:
    assert refused(b"\xef\xbb\xbf\xff[" * 9, max_bytes=10).check == "json-size"


@pytest.mark.parametrize("depth", [1, 2, limits.QUESTION_DEPTH, limits.DOCUMENT_DEPTH, limits.JSON_DEPTH])
def test_depth_is_counted_in_lists_and_objects_alike(depth: int) -> None:
    assert parse(nested(depth), max_depth=depth) is not None
    problem = refused(nested(depth + 1), max_depth=depth)
    assert (problem.check, problem.line) == ("json-depth", 1)
    assert str(depth) in problem.detail_text()
    assert problem.column == nested(depth + 1).index(b"[]") + 1


@pytest.mark.parametrize("depth", [65, 300, 900, 1100, 5000, 100_000])
def test_depth_is_refused_as_depth_however_deep(depth: int) -> None:
    problem = refused(b"[" * depth + b"]" * depth)
    assert (problem.check, place(problem)) == ("json-depth", (1, limits.JSON_DEPTH + 1))
    assert refused(nested(depth)).check == "json-depth"


def test_brackets_inside_of_texts_are_no_depth() -> None:
    text = json.dumps(["[{" * 500, '"[\\' * 50]).encode()
    assert parse(text, max_depth=1) == ["[{" * 500, '"[\\' * 50]
    assert refused(b'["[[[\\"[", [1]]', max_depth=1).column == 12


def test_siblings_are_no_depth() -> None:
    assert parse(b"[" + b"[]," * 999 + b"[]]", max_depth=2) == [[]] * 1000


def test_a_text_is_counted_in_characters_and_the_last_is_taken() -> None:
    assert parse('"𠮷é"'.encode(), max_string=2) == "𠮷é"
    assert parse(rb'"\ud842\udfb7\u00e9"', max_string=2) == "𠮷é"
    assert refused('"𠮷éa"'.encode(), max_string=2).check == "json-string"
    assert refused(rb'"\ud842\udfb7\u00e9a"', max_string=2).check == "json-string"


def test_the_names_of_an_object_are_texts_too() -> None:
    assert parse(b'{"abc": 1}', max_string=3) == {"abc": 1}
    assert refused(b'[{"abcd": 1}]', max_string=3).check == "json-string"


def test_an_integer_has_at_most_128_characters() -> None:
    longest = limits.JSON_NUMBER_CHARACTERS
    assert parse(b"9" * longest) == 10**longest - 1
    assert parse(b"-" + b"9" * (longest - 1)) == 1 - 10 ** (longest - 1)
    for data in (b"9" * (longest + 1), b"-" + b"9" * longest, b"9" * 5000):
        assert refused(data).check == "json-number"


def test_a_fraction_has_at_most_128_characters() -> None:
    longest = limits.JSON_NUMBER_CHARACTERS
    assert parse(b"0." + b"1" * (longest - 2)) == Decimal("0." + "1" * (longest - 2))
    assert refused(b"0." + b"1" * (longest - 1)).check == "json-number"
    assert refused(b"1e" + b"0" * longest).check == "json-number"


@pytest.mark.parametrize("sign", ["", "+", "-"])
def test_an_exponent_beyond_the_bound_is_refused(sign: str) -> None:
    bound = limits.JSON_EXPONENT
    assert parse(f"1e{sign}{bound - 1}".encode()) == Decimal(f"1e{sign}{bound - 1}")
    assert parse(f"1E{sign}000{bound - 1}".encode()) == Decimal(f"1e{sign}{bound - 1}")
    for beyond in (bound + 1, 10**9, 10**100):
        assert refused(f"1e{sign}{beyond}".encode()).check == "json-number"


def test_fractions_are_exact_and_never_floats() -> None:
    found = parse(b"[0.1, 1.10, 1e2, -0.0, 123456789012345678.123456]")
    assert isinstance(found, list)
    assert [str(one) for one in found] == ["0.1", "1.10", "1E+2", "-0.0", "123456789012345678.123456"]
    assert all(isinstance(one, Decimal) for one in found)


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_is_refused(word: bytes) -> None:
    assert refused(b"[" + word + b"]").check == "json-number"


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":2}', b'{"a":1,"a":1}', rb'{"a":1,"b":2,"\u0061":3}', b'[{"x":{"":1,"":1}}]']
)
def test_a_name_given_twice_is_refused_however_it_is_spelled(data: bytes) -> None:
    assert refused(data).check == "json-duplicate"


def test_a_name_may_stand_in_two_objects() -> None:
    assert parse(b'[{"a":{"a":1}},{"a":2}]') == [{"a": {"a": 1}}, {"a": 2}]


@pytest.mark.parametrize("data", [rb'"\ud800"', rb'"\udc00x"', rb'{"\ud800":1}', rb'["a",{"b":["\udfff\ud800"]}]'])
def test_a_lone_surrogate_is_refused_wherever_it_stands(data: bytes) -> None:
    assert refused(data).check == "json-encoding"


def test_an_escaped_pair_is_one_character() -> None:
    assert parse(rb'"\ud83d\ude00"') == "\U0001f600"
    assert parse(rb'"\\ud800"') == r"\ud800"


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf{}", b"\xef\xbb\xbf", "{}".encode("utf-16"), "{}".encode("utf-32")])
def test_a_byte_order_mark_is_refused(data: bytes) -> None:
    assert (refused(data).check, place(refused(data))) == ("json-encoding", (1, 1))


def test_an_object_is_asked_for_and_nothing_else_is_taken() -> None:
    assert parse_object(b' {"a": null} ') == {"a": None}
    for data in (b"[]", b"null", b'"{}"', b"1", b"true"):
        with pytest.raises(BadInput) as caught:
            parse_object(data, path="q.json")
        assert (caught.value.check, str(caught.value)) == ("json-object", "q.json:1:1: The JSON is not an object.")


# Places


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"", 1, 1),
        (b"[1,\n 2,\n x]", 3, 2),
        ('{\n  "é": "日本", y}'.encode(), 2, 14),
        (b'{"a": 1\r\n,}', 2, 2),
        (b"[1] [2]", 1, 5),
        (b'["a\nb"]', 1, 4),
    ],
)
def test_a_fault_of_grammar_has_its_line_and_its_column_in_characters(data: bytes, line: int, column: int) -> None:
    problem = refused(data, path="q.json")
    assert (problem.check, problem.path, place(problem)) == ("json-syntax", "q.json", (line, column))
    assert str(problem).startswith(f"q.json:{line}:{column}: ")


def test_a_byte_that_is_no_utf_8_has_its_place() -> None:
    assert place(refused('["日",\n"é'.encode() + b'\xff"]')) == (2, 3)


def test_a_level_too_deep_has_its_place() -> None:
    assert place(refused('["日[",\n{"é":\n  [1]}]'.encode(), max_depth=2)) == (3, 3)


def test_a_name_given_twice_has_the_place_of_its_second() -> None:
    """As docs/decisions/0002 says."""
    assert place(refused(b'{\n "a": 1,\n "a": 2}')) == (3, 2)


@pytest.mark.parametrize(
    "token", [b"NaN", b"1e999", b"9" * 129, rb'"\ud800"', b'"abcdefg"'], ids=lambda token: repr(token[:9])
)
def test_what_is_refused_inside_of_a_text_of_lines_has_its_line_and_column(token: bytes) -> None:
    """Bad input has line and column where there are lines (machine contract, exit code 4)."""
    problem = refused(b'{\n "a":\n  ' + token + b"\n}", max_string=6)
    assert place(problem) == (3, 3)


@pytest.mark.parametrize(
    "data",
    [
        rb'{"\ud800":1,"\ud800":2}',
        b'{"\xc3\xa9":1,"\xc3\xa9":2}',
        rb'["\ud800"]',
        b'["\xff"]',
        b'["\\\xc3\xa9"]',
        b"[\xc3\xa9]",
    ],
)
def test_every_refusal_can_be_written_out_as_utf_8(data: bytes) -> None:
    written = json.dumps(refused(data, path="q.json").as_json(), ensure_ascii=False).encode("utf-8")
    assert json.loads(written)["path"] == "q.json"
