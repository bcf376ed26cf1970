"""Packs that are wrong: every fault at once, each at its line and column; and the cache is no law."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.law.loader import compose, load
from gokei.node import packs
from gokei.terms.problems import BadInput, Problems
from tests.nations import law
from tests.nightly import examples

SHIPPED = packs.read_files(packs.agreements_folder())
TREATY = next(text.decode() for path, text in SHIPPED if path.endswith("acsa-jp-au-2017.yaml"))
QUESTION = {"kind": "support", "on": "2017-09-05", "provider": "JP", "recipient": "AU", "activity": "joint_exercise",
            "supply": "ammunition"}  # fmt: skip


def faults(text: str) -> list[BadInput]:
    """Every fault of the shipped packs with the treaty of 2017 in this wording."""
    files = [(path, text.encode() if path.endswith("acsa-jp-au-2017.yaml") else data) for path, data in SHIPPED]
    try:
        load(compose(files))
    except Problems as found:
        return list(found.problems)
    return []


def place(text: str, word: str) -> tuple[int, int]:
    """Line and column, from 1, where a word first stands."""
    before = text[: text.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(
    ("right", "wrong", "check"),
    [
        ("effect: permit", "effect: allow", "pack-word"),
        ("activity: [joint_exercise]", "activity: [joint_exercize]", "pack-word"),
        ("kind: support", "kind: supprot", "pack-word"),
        ("'2017-01-14'", "'2017-02-30'", "pack-date"),
        ("quality: verified", "quality: sure", "pack-word"),
        ("parties: [JP, AU]", "parties: [JP, Australia]", "pack-word"),
        ("supersedes: acsa-jp-au-2010", "supersedes: acsa-jp-au-1910", "pack-supersedes"),
        ("titles:", "titels:", "pack-field"),
    ],
)
def test_a_wrong_word_is_named_at_its_line_and_column(right: str, wrong: str, check: str) -> None:
    text = TREATY.replace(right, wrong, 1)
    found = faults(text)
    assert found
    line, column = place(text, wrong)
    last = column + len(wrong)
    near = [one for one in found if one.line == line and column <= (one.column or 0) <= last]
    whole = [one for one in found if one.check in {"pack-supersedes", "pack-field"}]
    assert near or whole, [str(one) for one in found]
    assert all(one.path and one.path.endswith("acsa-jp-au-2017.yaml") for one in found)
    assert all("{" not in one.detail_text() for one in found)


def test_all_faults_are_told_at_once() -> None:
    text = TREATY.replace("effect: permit", "effect: allow").replace("'2017-01-14'", "'2017-13-01'")
    text = text.replace("quality: verified", "quality: sure")
    found = faults(text)
    assert len(found) >= text.count("effect: allow") + 1 + text.count("quality: sure")
    assert len({(one.line, one.column) for one in found}) == len(found)


def test_a_name_that_stands_twice_is_refused() -> None:
    assert faults(TREATY.replace("kind: support\n", "kind: support\nkind: support\n"))


@pytest.mark.parametrize(
    "text", ["", "[1", "a: &a [1]\nb: *a", "!!python/object:os.system {}", "\t", "a: b: c", "- " * 100 + "1", "\ufeff"]
)
def test_what_is_no_pack_is_told_with_its_place(text: str) -> None:
    found = faults(text)
    assert found
    assert all((one.line or 0) >= 1 and (one.column or 0) >= 1 for one in found)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_pack_with_a_spoilt_stretch_loads_or_says_where_it_is_wrong(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TREATY) - 1))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.text(max_size=20))
    text = TREATY[:start] + put + TREATY[start + length :]
    lines = text.count("\n") + 2
    for one in faults(text.encode("utf-8", "replace").decode()):
        assert one.path
        assert 1 <= (one.line or 0) <= max(lines, len(text.splitlines()) + 1)
        assert (one.column or 0) >= 1


@settings(max_examples=examples(60), deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_answered(raw: bytes) -> None:
    with pytest.raises(BadInput):
        load(compose([("any.yaml", raw)]))


def test_a_spoilt_cache_changes_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache only saves time: cut short, or written by somebody else, it is made anew from the packs."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = packs.open_library().answer(QUESTION, ())
    (cache,) = (tmp_path / "gokei").glob("packs-*.json")
    whole = cache.read_bytes()
    assert packs.open_library().answer(QUESTION, ()) == first
    for spoilt in (b"", whole[: len(whole) // 2], whole.replace(b"ammunition", b"ammunitiom"), b"\xff" * 100):
        cache.write_bytes(spoilt)
        assert packs.open_library().answer(QUESTION, ()) == first
        assert cache.read_bytes() == whole
    changed = tmp_path / "other"
    changed.mkdir()
    for path, data in SHIPPED:
        (changed / Path(path).name).write_bytes(data.replace(b"'2017-09-06'", b"'2017-09-05'"))
    assert packs.open_library(changed).answer(QUESTION, ()) != first


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("acsa-jp-au", "acsa-jp-au-2017"),
        ("ACSA-JP-AU", "acsa-jp-au-2017"),
        ("acsa-jp-au-2018", "acsa-jp-au-2017"),
        ("gsomia-jp-kr", "gsomia-jp-kr-2016"),
        ("acs-jp-kr", "acsa-jp-kr"),
    ],
)
def test_an_instrument_without_its_year_is_the_newest_of_that_name(name: str, meant: str) -> None:
    with pytest.raises(BadInput) as found:
        law().library.instrument(name)
    assert found.value.check == "instrument-unknown"
    assert found.value.params["nearest"] == meant
