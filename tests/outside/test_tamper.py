"""A stored journal changed behind its node's back: what `gokei verify` says to each change, alone and with a partner's
courier file.

docs/concepts/what-can-be-detected.md says in words what is shown here.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.merkle import Frontier, leaf_hash
from gokei.node.folder import JOURNAL
from gokei.node.node import Node
from tests.nations import Clock, Nations, Seeded, law, line, to_claim, to_order
from tests.nightly import TIMES
from tests.node.forging import Pen, operation
from tests.node.test_evidence import reopened, restored
from tests.outside.tampering import Verdict, clean, differences, edited, pages, rows, snapshot, verify
from tests.outside.tracing import ROOT

SAMPLE = 240
SEED = 20170906
PAGE_BYTES = 4096

# What verify does not look at, because nothing that it says rests on it; see docs/concepts/what-can-be-detected.md.
NOT_LOOKED_AT = {
    "partners.address", "partners.skew", "acts", "drafts", "waiting", "refusals", "refusals.bytes", "sqlite_sequence",
    "evidence.time", "set_aside.time",
    # A cosignature that no longer fits counts as none.
    "checkpoints.note", "cuts.own_checkpoint", "cuts.partner_checkpoint",
}  # fmt: skip


class Ground(NamedTuple):
    """Australia's folder early and late, Japan's courier file of the late day, and Australia's of another history."""

    early: Path
    late: Path
    bundle: Path
    other: Path
    empty: Path


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    base = tmp_path_factory.mktemp("tamper")
    told = Nations(base / "told", "AU", "JP")
    empty = snapshot(base / "told" / "AU", base / "empty")
    to_order(told)
    early = snapshot(base / "told" / "AU", base / "early")
    given = told.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12")])
    told.meet()
    told.act("AU", type="receipt", to="JP", order="AU-1", delivery=str(given["hash"]), lines=[line("12")])
    told.meet()
    late = snapshot(base / "told" / "AU", base / "late")
    bundle = base / "jp.courier"
    told["JP"].courier_pack("AU", bundle, whole=True)
    told.close()
    # The same keys, another history: what their holders could have signed instead.
    else_ = Nations(base / "else", "AU", "JP")
    else_.clock.instant = "2026-11-24T07:00:00Z"
    to_claim(else_, received="3")
    other = snapshot(base / "else" / "AU", base / "other")
    else_.close()
    return Ground(early, late, bundle, other, empty)


@pytest.fixture
def folder(ground: Ground, tmp_path: Path) -> Path:
    """A copy of Australia's late folder, to be spoilt."""
    return snapshot(ground.late, tmp_path / "AU")


def with_journal_of(folder: Path, source: Path) -> Path:
    """The folder with another journal in it, and whatever lies beside a journal."""
    for file in source.iterdir():
        if file.is_file() and file.name != "card.json":
            (folder / file.name).write_bytes(file.read_bytes())
    clean(folder)
    return folder


def ours_and_theirs(database: sqlite3.Connection) -> list[tuple[str, int]]:
    return [
        (str(author), int(sequence))
        for author, sequence in database.execute("SELECT author, sequence FROM documents ORDER BY author, sequence")
    ]


# Untouched


def test_what_nobody_touched_verifies_alone_and_with_the_partner(ground: Ground) -> None:
    assert verify(ground.late).code == 0
    assert verify(ground.late, ground.bundle).code == 0


# Bytes


def chosen(file: Path) -> list[int]:
    """Places in the file: all by night, else so many of each kind of page of each table, by a seed."""
    whole = file.stat().st_size
    if TIMES > 1:
        return [*range(whole)]
    groups = itertools.groupby(sorted(pages(file), key=lambda one: one[1:]), key=lambda one: one[1:])
    kinds = [[page.number for page in group] for _, group in groups]
    chance = random.Random(SEED)
    return sorted(
        (chance.choice(kinds[count % len(kinds)]) - 1) * PAGE_BYTES + chance.randrange(PAGE_BYTES)
        for count in range(SAMPLE)
    )


def test_a_word_of_a_table_s_declaration_that_is_flipped_is_named(folder: Path) -> None:
    """Every row reads as before, and nothing can be written any more (seed 7157)."""
    file = folder / JOURNAL
    whole = file.read_bytes()
    places = [found.start() for found in re.finditer(b"written INTEGER|CREATE INDEX document_by_case", whole)]
    assert len(places) == 2
    for place in places:
        spoilt = bytearray(whole)
        spoilt[place + 2] ^= 1
        file.write_bytes(spoilt)
        assert verify(folder).check in {"verify-file", "store-unavailable"}
        clean(folder)


def test_a_byte_that_is_flipped_is_named_or_is_nothing_that_the_books_rest_on(folder: Path) -> None:
    """Never a traceback; never `verified` where a document, a view, a log or an answer of the law reads otherwise."""
    file = folder / JOURNAL
    before, whole = rows(file), file.read_bytes()
    chance = random.Random(SEED)
    codes: dict[int, int] = {}
    for place in chosen(file):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << chance.randrange(8)
        file.write_bytes(spoilt)
        found = verify(folder)
        clean(folder)
        codes[found.code] = codes.get(found.code, 0) + 1
        if found.code == 0:
            changed = differences(before, rows(file), file)
            assert {one for one in changed if one.partition(".")[0] not in NOT_LOOKED_AT} <= NOT_LOOKED_AT, place
    assert codes[3] > SAMPLE // 20, codes
    assert codes[0] > SAMPLE // 20, codes


def test_every_byte_of_a_stored_document_is_held(folder: Path) -> None:
    """Each envelope's bytes, a few of each by day and all by night: changed in place, and named."""
    with edited(folder) as database:
        stored = database.execute("SELECT rowid, author, sequence, envelope FROM documents").fetchall()
    chance = random.Random(SEED)
    for row, author, sequence, envelope in stored:
        for place in range(len(envelope)) if TIMES > 1 else chance.sample(range(len(envelope)), 3):
            spoilt = bytearray(envelope)
            spoilt[place] ^= 1 << chance.randrange(8)
            with edited(folder) as database:
                database.execute("UPDATE documents SET envelope=? WHERE rowid=?", (bytes(spoilt), row))
            found = verify(folder)
            # The key documents are read before the logs are walked: then the envelope itself is named.
            assert found.code in {3, 4}, (author, sequence, place)
            assert found.check.startswith(("door-", "verify-", "envelope-", "json-")), found
        with edited(folder) as database:
            database.execute("UPDATE documents SET envelope=? WHERE rowid=?", (envelope, row))
    assert verify(folder).code == 0


@pytest.mark.parametrize("size", [0, 1, 99, 100, 4096, 40_000])
def test_a_file_that_is_cut_short_is_no_journal(folder: Path, size: int) -> None:
    file = folder / JOURNAL
    file.write_bytes(file.read_bytes()[:size])
    assert verify(folder).code in {3, 4, 5}


# Documents


def test_every_document_that_is_deleted_is_missed(folder: Path, ground: Ground) -> None:
    with edited(folder) as database:
        listed = ours_and_theirs(database)
    assert len(listed) > 5
    for author, sequence in listed:
        with edited(folder) as database:
            database.execute("DELETE FROM documents WHERE author=? AND sequence=?", (author, sequence))
        found = verify(folder)
        assert found.code == 3, (author, sequence)
        assert found.check in {"door-5-gap", "verify-log"}, found
        assert author in found.detail
        with_journal_of(folder, ground.late)


def test_every_document_that_changes_places_with_its_neighbour_is_missed(folder: Path, ground: Ground) -> None:
    with edited(folder) as database:
        listed = ours_and_theirs(database)
    for (author, sequence), (same, following) in itertools.pairwise(listed):
        if author != same:
            continue
        with edited(folder) as database:
            move = "UPDATE documents SET sequence=? WHERE author=? AND sequence=?"
            database.execute(move, (0, author, sequence))
            database.execute(move, (sequence, author, following))
            database.execute(move, (following, author, 0))
        found = verify(folder)
        assert (found.code, found.check) == (3, "door-5-gap"), (author, sequence, found)
        assert f"Document {sequence} of {author}" in found.detail
        with_journal_of(folder, ground.late)


@pytest.mark.parametrize("column", ["hash", "document", "case_name", "type", "time"])
def test_a_copy_of_a_documents_words_that_says_otherwise_is_named(folder: Path, column: str) -> None:
    """The columns for looking up, the clock's time among them, are held against the signed bytes."""
    with edited(folder) as database:
        database.execute(f"UPDATE documents SET {column}={column} || 'x' WHERE author='JP' AND sequence=2")
    found = verify(folder)
    assert (found.code, found.check) == (3, "verify-row")
    assert "Document 2 of JP" in found.detail


def cut_off(folder: Path, author: str, keep: int) -> None:
    """The author's documents after `keep` are gone, and the log says that it ends there, as a careful forger does."""
    with edited(folder) as database:
        database.execute("DELETE FROM documents WHERE author=? AND sequence>?", (author, keep))
        tree, last, seen = Frontier(), "sha256:" + "0" * 64, 0
        for (raw,) in database.execute("SELECT envelope FROM documents WHERE author=? ORDER BY sequence", (author,)):
            envelope = Envelope.decode(raw, DOCUMENT)
            tree, last = tree.append(leaf_hash(envelope.payload)), envelope.hash
            seen = json.loads(envelope.payload)["seen"]
        database.execute(
            "UPDATE logs SET size=?, last=?, seen=?, peaks=? WHERE author=?", (keep, last, seen, tree.encode(), author)
        )


@pytest.mark.parametrize("author", ["AU", "JP"])
def test_a_tail_that_is_cut_off_is_missed_by_the_checkpoints_that_are_kept(folder: Path, author: str) -> None:
    cut_off(folder, author, 1)
    assert verify(folder).code == 3


def test_views_that_are_edited_are_named_and_made_again(folder: Path) -> None:
    with edited(folder) as database:
        edits = [
            "UPDATE views SET view=replace(view, '72000', '27000')", "UPDATE views SET digest='sha256:0'",
            "UPDATE views SET void='{\"x\":1}'", "UPDATE views SET family='claim'", "DELETE FROM views",
            "UPDATE views SET view='no json'", "UPDATE views SET void='no json'",
            "INSERT INTO views SELECT channel, wing, 'order:X', family, digest, view, void FROM views LIMIT 1",
        ]  # fmt: skip
    for edit in edits:
        with edited(folder) as database:
            assert database.execute(edit).rowcount > 0, edit
        found = verify(folder)
        assert (found.code, found.check) == (3, "verify-view"), (edit, found)
        node = Node.open(folder, law())
        node.rebuild()
        node.close()
        assert verify(folder).code == 0, edit


def test_an_answer_of_the_law_that_is_edited_is_named(folder: Path) -> None:
    with edited(folder) as database:
        database.execute("UPDATE answers SET answer=replace(answer, 'permitted', 'forbidden')")
    assert verify(folder).check == "verify-answer"


def test_rows_of_no_channel_are_named(folder: Path) -> None:
    with edited(folder) as database:
        database.execute("UPDATE documents SET channel='AU-KR' WHERE author='JP' AND sequence=3")
    assert verify(folder)[:2] == (3, "verify-stray")


# Beside the logs: evidence, and documents that were put aside


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Japan's folder with one evidence against Australia in it, and one document of its own that was put aside."""
    base = tmp_path_factory.mktemp("kept")
    told = Nations(base / "told", "AU", "JP")
    to_order(told)
    backup = restored(told, "backup")
    told.act("JP", type="delivery", to="AU", order="AU-1", delivered_on="2017-09-08", lines=[line("12")])
    told.meet()
    japan = reopened(told, backup)
    japan.confirm_place()
    told.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="WRONG"))
    assert japan.set_aside("AU", "AU")["set_aside"]
    pen = Pen(told.folder / "AU", "JP")
    assert japan.receive("AU", pen.write("operation", "operation:FORK", operation(), ["logistics"])).problem
    assert [one["kind"] for one in japan.evidence()] == ["two-documents"]
    found = snapshot(told.folder / "JP", base / "kept")
    told.close()
    return found


def test_evidence_and_what_was_put_aside_are_held_byte_by_byte(kept: Path, tmp_path: Path) -> None:
    """All by night, some by day. The signature of what was put aside counts for nothing here: it is not looked at."""
    folder = snapshot(kept, tmp_path / "JP")
    assert verify(folder).code == 0
    chance = random.Random(SEED)
    for table, column, check in (
        ("evidence", "evidence", "verify-evidence"),
        ("set_aside", "envelope", "verify-set-aside"),
    ):
        with edited(folder) as database:
            ((whole,),) = database.execute(f"SELECT {column} FROM {table}").fetchall()
        end = whole.index(b'"signatures"') if table == "set_aside" else len(whole)
        for place in range(end) if TIMES > 1 else chance.sample(range(end), 12):
            spoilt = bytearray(whole)
            spoilt[place] ^= 1 << chance.randrange(8)
            with edited(folder) as database:
                database.execute(f"UPDATE {table} SET {column}=?", (bytes(spoilt),))
            found = verify(folder)
            assert (found.code, found.check) == (3, check), (table, place, found)
        with edited(folder) as database:
            database.execute(f"UPDATE {table} SET {column}=?", (whole,))
    assert verify(folder).code == 0


@pytest.mark.parametrize(
    ("edit", "check"),
    [
        ("UPDATE evidence SET nation='US'", "verify-evidence"),
        ("UPDATE evidence SET kind='two-roots'", "verify-evidence"),
        ("UPDATE evidence SET digest='sha256:' || digest", "verify-evidence"),
        ("UPDATE evidence SET channel='JP-US'", "verify-stray"),
        ("UPDATE set_aside SET channel='JP-US'", "verify-stray"),
        ("UPDATE set_aside SET sequence=sequence+1", "verify-set-aside"),
        ("UPDATE set_aside SET hash='sha256:' || hash", "verify-set-aside"),
        (
            "UPDATE set_aside SET envelope=(SELECT envelope FROM documents WHERE author='AU' LIMIT 1)",
            "verify-set-aside",
        ),
    ],
)
def test_a_row_beside_the_logs_that_says_otherwise_is_named(kept: Path, tmp_path: Path, edit: str, check: str) -> None:
    folder = snapshot(kept, tmp_path / "JP")
    with edited(folder) as database:
        assert database.execute(edit).rowcount == 1
    assert verify(folder)[:2] == (3, check)


def test_a_journal_that_was_put_back_alone_is_older_than_what_was_signed(folder: Path, ground: Ground) -> None:
    """The file that says what was signed last lies beside the journal, and stays."""
    (folder / JOURNAL).write_bytes((ground.early / JOURNAL).read_bytes())
    clean(folder)
    assert verify(folder)[:2] == (3, "verify-behind")


# What a journal alone cannot show


def against(folder: Path, ground: Ground, alone: bool = True) -> Verdict:
    """Verified alone, where the forger took care of everything in the folder; then with the partner's courier file."""
    if alone:
        assert verify(folder).code == 0
    return verify(folder, ground.bundle)


def test_an_older_snapshot_shows_only_with_the_partners_checkpoint(folder: Path, ground: Ground) -> None:
    with_journal_of(folder, ground.early)
    assert against(folder, ground).code == 3


def test_a_journal_without_a_document_shows_only_with_the_partners_checkpoint(folder: Path, ground: Ground) -> None:
    with_journal_of(folder, ground.empty)
    node = Node.open(folder, law(), Clock(), Seeded("again"))
    if not node.partners():
        node.add_partner((ground.late.parent / "told" / "JP" / "card.json").read_bytes())
    node.close()
    assert against(folder, ground).code == 3


def test_another_history_with_the_same_keys_shows_only_with_the_partners_checkpoint(
    folder: Path, ground: Ground
) -> None:
    with_journal_of(folder, ground.other)
    assert against(folder, ground).code == 3


def test_a_tail_cut_off_and_written_on_shows_only_with_the_partners_checkpoint(folder: Path, ground: Ground) -> None:
    """The older snapshot, made longer by its own keys than it ever was."""
    with_journal_of(folder, ground.early)
    node = Node.open(folder, law(), Clock(), Seeded("on"))
    node.confirm_place()
    for number in range(1, 9):
        node.act(
            {"type": "request", "to": "JP", "order": f"AU-9{number}", "operation": "DARWIN", "on": "2017-09-07",
             "lines": [line("1", supply="fuel", description="F-76")]}
        )  # fmt: skip
    node.close()
    assert against(folder, ground).code == 3


# The page that says so


def test_the_page_names_tests_that_are_here() -> None:
    """Each line of docs/concepts/what-can-be-detected.md is shown by a test or a file that there is."""
    text = (ROOT / "docs" / "concepts" / "what-can-be-detected.md").read_text()
    named = set(re.findall(r"`(test_[a-z_]+)`", text))
    assert len(named) > 12
    assert named <= {name for name in globals() if name.startswith("test_")}
    for file in re.findall(r"`(tests/[a-z_/.]+)`", text):
        assert (ROOT / file).exists(), file
