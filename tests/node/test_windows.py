"""Documents that come many at a time: each as if it had come alone, all of a window on disk or none of it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gokei.journal import envelopes
from gokei.journal.entries import Entry
from gokei.journal.keys import sign_card
from gokei.journal.kinds import CaseView
from gokei.node import background
from gokei.node.answering import answer
from gokei.node.channels import Channel
from gokei.node.node import Node
from gokei.node.receiving import receive, receive_all
from gokei.node.trees import LogTree
from gokei.terms import limits
from gokei.terms.problems import BadInput, Refused, Unavailable
from tests.nations import Nations, change, law, to_claim, to_operation
from tests.node.forging import Pen, operation
from tests.node.test_mandates import granted, key_of, report, revoked

CHANNEL = "AU-JP"


def written_by(node: Node, author: str) -> list[bytes]:
    return [row.envelope for row in node.core.store.each(CHANNEL, author)]


def unread(nations: Nations, name: str) -> Node:
    """Japan's node as it would be, had it written all it did and never read a document of Australia's."""
    folder = nations.folder / name
    shutil.copytree(nations.folder / "JP", folder)
    node = Node.open(folder, law(), nations.clock)
    with node.core.store.writing():
        for table in ("documents", "logs"):
            change(node.core.store, f"DELETE FROM {table} WHERE author='AU'")
        for table in ("checkpoints", "cuts"):
            change(node.core.store, f"DELETE FROM {table}")
    node.rebuild()
    return node


def books(node: Node) -> Any:
    return node.state(), node.list("documents")


def story(nations: Nations) -> list[bytes]:
    """All that Australia wrote to Japan up to a claim, and then three documents that have no effect."""
    to_claim(nations)
    found = written_by(nations["AU"], "AU")
    pen = Pen(nations.folder / "AU", "JP")
    pen.sent(found[-1])
    seen = nations["JP"].core.store.log(CHANNEL, "JP")[0].size
    for type_name, body in (
        ("nonsense", {}),
        ("receipt", {"order": 5}),
        ("cancellation", {"order": "AU-1", "reason": "-"}),
    ):
        found.append(pen.write(type_name, "order:AU-1", body, ["logistics"], seen=seen))
        pen.sent(found[-1])
    return found


@pytest.mark.parametrize("size", [2, 3, 100])
def test_documents_together_give_the_same_answers_and_books_as_one_by_one(nations: Nations, size: int) -> None:
    envelopes_ = story(nations)
    alone, together = unread(nations, "alone"), unread(nations, "together")
    first = [receive(alone.core, "AU", raw) for raw in envelopes_]
    assert [one.problem for one in first] == [None] * len(envelopes_)
    assert [bool(one.answer["void"]) for one in first].count(True) >= 2
    windows = [envelopes_[start : start + size] for start in range(0, len(envelopes_), size)]
    assert [one for window in windows for one in receive_all(together.core, "AU", window)] == first
    assert books(together) == books(alone)
    again = [one for window in windows for one in receive_all(together.core, "AU", window)]
    assert again == first, "a window that is held already gets its first answers"
    assert books(together) == books(alone)
    together.verify()
    for node in (alone, together):
        node.close()


def test_keys_that_come_and_go_within_a_window_count_from_their_place_in_it(nations: Nations) -> None:
    old = key_of(nations["AU"], "logistics")
    written = [report(nations, "AU", f"OP{number}") for number in range(limits.VERIFYING_FEWEST)]
    nations["AU"].apply(granted(nations["AU"], valid_from="2020-01-01T00:00:00Z"))
    written.append(report(nations, "AU", "NEW"))
    nations["AU"].apply(revoked(nations["AU"], old))
    written.append(report(nations, "AU", "AFTER"))
    window = written_by(nations["AU"], "AU")
    found = receive_all(nations["JP"].core, "AU", window)
    assert [one.problem for one in found] == [None] * len(window)
    assert len(window) == len(written) + 2
    assert books(nations["JP"])[0]["channels"] == books(nations["AU"])[0]["channels"]
    pen = Pen(nations.folder / "AU", "JP")
    pen.sent(window[-1])
    late = pen.write("operation", "operation:LATE", operation(operation="LATE"), ["logistics"])
    (refused,) = receive_all(nations["JP"].core, "AU", [late])
    assert refused.problem is not None
    assert refused.problem.check == "door-3-signature"


def test_what_came_before_a_refused_document_is_in_and_what_follows_is_not_looked_at(nations: Nations) -> None:
    window = many(nations, 20)
    changed = window[7].replace(b'"keyid":"', b'"keyid":"0', 1)
    found = receive_all(nations["JP"].core, "AU", [*window[:7], changed, *window[8:]])
    assert len(found) == 8
    assert found[-1].refusal is not None
    assert nations["JP"].core.store.log(CHANNEL, "AU")[0].size == 7
    assert len(nations["JP"].refusals()) == 1
    nations["JP"].verify()
    after = receive_all(nations["JP"].core, "AU", window)
    assert after[:7] == found[:7]
    assert [one.problem for one in after] == [None] * 20


def test_a_window_is_answered_line_by_line_and_no_further_than_its_bound(
    nations: Nations, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = many(nations, 6)
    monkeypatch.setattr(limits, "DOCUMENTS_PER_WINDOW", 4)
    lines = answer(nations["JP"].core, "AU", "batch", b"\n".join(window)).body.split(b"\n")
    assert [b'"accepted"' in line for line in lines] == [True] * 4
    assert nations["JP"].core.store.log(CHANNEL, "AU")[0].size == 4
    assert answer(nations["JP"].core, "AU", "batch", b"").body == b""
    lines = answer(nations["JP"].core, "AU", "batch", window[4] + b"\nnothing\n" + window[5]).body.split(b"\n")
    assert [b'"accepted"' in line for line in lines] == [True, False]
    envelopes.Envelope.decode(lines[1], envelopes.REFUSAL)


def many(nations: Nations, count: int) -> list[bytes]:
    """Australia's next operations, signed with its keys and not yet in any log."""
    pen = Pen(nations.folder / "AU", "JP")
    found: list[bytes] = []
    for number in range(count):
        name = f"OP{number}"
        found.append(pen.write("operation", f"operation:{name}", operation(operation=name), ["logistics"]))
        pen.sent(found[-1])
    return found


def test_another_process_may_write_between_two_documents(nations: Nations) -> None:
    """What one keeps in memory of a log is not believed once the other has written to the same store."""
    window = many(nations, 6)
    japan = nations["JP"]
    other = Node.open(nations.folder / "JP", law(), nations.clock)
    for number, raw in enumerate(window):
        assert receive((japan, other)[number % 2].core, "AU", raw).problem is None
    assert receive(japan.core, "AU", window[2]).answer["sequence"] == 3
    other.act({"type": "operation", "to": "AU", "agreement": "acsa-jp-au-2017", **operation(operation="JP-OP")})
    pen = Pen(nations.folder / "AU", "JP")
    pen.sent(window[-1])
    seeing = pen.write("operation", "operation:X", operation(operation="X"), ["logistics"], seen=1)
    assert receive(japan.core, "AU", seeing).problem is None
    japan.verify()
    other.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from gokei.node.node import Node
from gokei.node.receiving import receive_all
from gokei.node.store import Store
from tests.nations import law

folder, bundle, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
calls = 0

def dying(name):
    real = getattr(Store, name)
    def call(self, *words):
        global calls
        calls += 1
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *words)
    setattr(Store, name, call)

node = Node.open(folder, law())
for name in ("run", "run_many", "_commit"):
    dying(name)
found = receive_all(node.core, "AU", bundle.read_bytes().split(b"\\n"))
assert [one.problem for one in found] == [None] * 100
"""


def test_killed_at_any_write_of_a_window_all_of_it_is_there_or_none(nations: Nations, tmp_path: Path) -> None:
    window = many(nations, 100)
    bundle = tmp_path / "window"
    bundle.write_bytes(b"\n".join(window))
    sizes = []
    for last in range(1, 50):
        folder = tmp_path / f"JP-{last}"
        shutil.copytree(nations.folder / "JP", folder)
        ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(bundle), str(last)], check=False)
        node = Node.open(folder, law(), nations.clock)
        sizes.append(node.core.store.log(CHANNEL, "AU")[0].size)
        node.verify()
        assert [one.problem for one in receive_all(node.core, "AU", window)] == [None] * 100
        node.verify()
        node.close()
        if ended.returncode != -signal.SIGKILL:
            break
    assert ended.returncode == 0
    assert set(sizes[:-1]) == {0}
    assert sizes[-1] == 100
    assert len(sizes) > 4


class Counted:
    """Wires that count calls, keep the bodies of windows, and break before or after one call."""

    def __init__(self, wires: Any, lost: int = 0, sent: bool = False) -> None:
        self._wires = wires
        self._lost = lost
        self._sent = sent
        self.calls = 0
        self.windows: list[bytes] = []

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        self.calls += 1
        if path.endswith("/batch"):
            self.windows.append(body)
        if self.calls == self._lost and not self._sent:
            raise Unavailable(check="partner-unreachable", detail="The line broke.")
        answer: tuple[int, bytes] = self._wires.post(address, path, body)
        if self.calls == self._lost:
            raise Unavailable(check="partner-unreachable", detail="The line broke.")
        return answer


def write_many(nations: Nations, count: int) -> None:
    for number in range(count):
        document = operation(operation=f"OP{number}")
        nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **document)


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("lost", range(1, 9))
def test_windows_go_on_from_where_a_broken_line_left_them(
    nations: Nations, monkeypatch: pytest.MonkeyPatch, lost: int, sent: bool
) -> None:
    monkeypatch.setattr(limits, "DOCUMENTS_PER_WINDOW", 2)
    monkeypatch.setattr(limits, "DOCUMENTS_PER_READ", 3)
    write_many(nations, 7)
    wires = Counted(nations.wires, lost, sent)
    nations["AU"].core.network = wires
    try:
        nations["AU"].sync("JP", "JP")
    except Unavailable:
        assert wires.calls == lost
    else:
        assert wires.calls < lost
    again = Counted(nations.wires)
    nations["AU"].core.network = again
    found: Any = nations["AU"].sync("JP", "JP")
    assert found["cut"] is True
    assert all(body.count(b"\n") < 2 for body in wires.windows + again.windows)
    held = nations["JP"].core.store.log(CHANNEL, "AU")[0].size
    assert held == 7
    assert len(again.windows) <= 4
    assert books(nations["AU"])[0]["channels"] == books(nations["JP"])[0]["channels"]


def test_a_window_is_bounded_in_bytes_but_never_empty(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(nations, 5)
    size = len(written_by(nations["AU"], "AU")[0])
    for most, expected in ((1, 1), (size * 2 + size // 2, 2)):
        monkeypatch.setattr(limits, "PUSH_BYTES", most)
        wires = Counted(nations.wires)
        nations["AU"].core.network = wires
        nations["AU"].sync("JP", "JP")
        assert {body.count(b"\n") + 1 for body in wires.windows} <= {expected, 5 % expected}
        write_many_more(nations)


def write_many_more(nations: Nations) -> None:
    for number in range(5):
        document = operation(operation=f"MORE{number}")
        nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **document)


def test_a_long_log_is_read_a_few_documents_at_a_time(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DOCUMENTS_PER_READ", 2)
    monkeypatch.setattr(limits, "CASES_PER_READ", 2)
    monkeypatch.setattr(limits, "ENTRY_BYTES_IN_MEMORY", 3000)
    write_many(nations, 7)
    nations.meet()
    most = 0
    real = nations["JP"].core.store.rows

    def rows(text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        nonlocal most
        found = real(text, values)
        if "sqlite_master" not in text:
            # How many tables there are does not grow with the log.
            most = max(most, len(found))
        return found

    monkeypatch.setattr(nations["JP"].core.store, "rows", rows)
    found: Any = nations["JP"].verify()
    assert found["documents"] == {CHANNEL: 7}
    before = nations["JP"].state()
    assert nations["JP"].rebuild() == before
    assert most <= 2


def poisoned(nations: Nations) -> bytes:
    """Japan has Australia's card without the office that signs; Australia's own card, to put it right."""
    own = nations["AU"].core.folder
    offices = tuple(one for one in own.card.offices if one.office != "logistics")
    reduced = own.card.model_copy(update={"offices": offices})
    nations["JP"].add_partner(sign_card(reduced, [Pen(nations.folder / "AU", "JP").key("root")]))
    return nations["AU"].card()


def test_a_document_that_the_partner_refuses_is_shown_once_and_holds_up_nothing_else(nations: Nations) -> None:
    card = poisoned(nations)
    write_many(nations, 3)
    nations.act("JP", type="operation", to="AU", agreement="acsa-jp-au-2017", **operation(operation="JP-OP"))
    nations["AU"].core.network = nations.wires
    for _ in range(3):
        found: Any = nations["AU"].sync("JP", "JP")
        assert found["sent"] == 0
        assert [one["refusal"]["check"] for one in found["refused"]] == ["door-3-signature"]
        assert nations["AU"].core.store.log(CHANNEL, "JP")[0].size == 1, "Japan's own documents come all the same"
    shown: Any = nations["AU"].refusals()
    assert [(row["author"], row["refusal"]["by"], row["refusal"]["check"]) for row in shown] == [
        ("AU", "JP", "door-3-signature")
    ]
    nations["JP"].add_partner(card)
    found = nations["AU"].sync("JP", "JP")
    assert (found["sent"], found["refused"]) == (3, [])


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"accepted":"sha256:0"}', b"<html>", b'{"payload":"e30="}', b"[1]"])
def test_an_answer_that_is_neither_acknowledgement_nor_refusal_is_the_partners_fault(
    nations: Nations, answer: bytes
) -> None:
    write_many(nations, 2)

    class Odd:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            return (200, answer) if path.endswith("/batch") else nations.wires.post(address, path, body)

    nations["AU"].core.network = Odd()
    with pytest.raises(Refused) as caught:
        nations["AU"].sync("JP", "JP")
    assert caught.value.check == "partner-answer"
    assert nations["AU"].refusals() == []


def test_a_refusal_of_other_bytes_is_no_refusal_of_ours(nations: Nations) -> None:
    """What was changed on its way is refused for what it became: our document itself was never judged."""
    write_many(nations, 2)

    class Changing:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            changed = body.replace(b'"keyid":"', b'"keyid":"0', 1) if path.endswith("/batch") else body
            return nations.wires.post(address, path, changed)

    nations["AU"].core.network = Changing()
    with pytest.raises(Refused) as caught:
        nations["AU"].sync("JP", "JP")
    assert caught.value.check == "partner-answer"
    assert nations["AU"].refusals() == []


class Visited:
    """A node with two partners, as the thread that serves sees it: one refuses a document, one takes all."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {"JP": 0, "US": 0}

    def settled_with(self, partner: str) -> bool:
        return False

    def sync(self, partner: str) -> dict[str, Any]:
        self.times[partner] += 1
        return {"refused": [{"sequence": 1}] if partner == "JP" else []}


def test_a_refused_document_is_offered_later_and_later_and_other_partners_are_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node: Any = Visited()
    moment = 1000.0
    monkeypatch.setattr(background.time, "monotonic", lambda: moment)
    standing = dict.fromkeys(("JP", "US"), (0.0, background.STEP_SECONDS))
    steps = int(10 * background.LONGEST_WAIT_SECONDS / background.STEP_SECONDS)
    for _ in range(steps):
        moment += background.STEP_SECONDS
        for partner in standing:
            standing[partner] = background.visit(node, partner, *standing[partner])
    assert 10 < node.times["JP"] < 25
    assert node.times["US"] == steps


def test_a_window_of_an_unknown_nation_is_refused_once(nations: Nations) -> None:
    to_operation(nations)
    found = receive_all(nations["JP"].core, "XX", written_by(nations["AU"], "AU") * 3)
    assert len(found) == 1
    assert found[0].problem is not None
    assert found[0].problem.check == "partner-unknown"
    assert len(nations["JP"].refusals()) == 1


def test_a_document_that_cannot_be_folded_is_refused_alone(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    window = many(nations, 6)
    real = Channel.fold

    def fold(self: Channel, case: str, entries: Sequence[Entry]) -> list[CaseView]:
        if case == "operation:OP3" and self.own == "JP":
            raise BadInput(check="fold", detail="It cannot be folded.")
        return real(self, case, entries)

    monkeypatch.setattr(Channel, "fold", fold)
    found = receive_all(nations["JP"].core, "AU", window)
    assert [one.problem is None for one in found] == [True, True, True, False]
    assert nations["JP"].core.store.log(CHANNEL, "AU")[0].size == 3
    assert nations["JP"].core.store.row("SELECT count(*) FROM views") == (3,)
    monkeypatch.undo()
    assert [one.problem for one in receive_all(nations["JP"].core, "AU", window)] == [None] * 6
    nations["JP"].verify()


@pytest.mark.parametrize("where", [1, 4, 7])
def test_a_row_that_is_gone_or_too_many_is_found(nations: Nations, where: int) -> None:
    receive_all(nations["JP"].core, "AU", many(nations, 7))
    store = nations["JP"].core.store
    nations["JP"].verify()
    change(store, "DELETE FROM documents WHERE sequence=?", (where,))
    with pytest.raises(Refused):
        nations["JP"].verify()


def test_a_document_beyond_the_end_of_its_log_is_found(nations: Nations) -> None:
    receive_all(nations["JP"].core, "AU", many(nations, 2))
    change(
        nations["JP"].core.store,
        "INSERT INTO documents SELECT channel, author, 3, 'x', 'x', case_name, type, time, envelope, answer "
        "FROM documents WHERE sequence=2",
    )
    with pytest.raises(Refused) as caught:
        nations["JP"].verify()
    assert caught.value.check == "verify-log"


def test_a_log_that_was_given_its_length_changes_nothing_else(
    nations: Nations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHECKPOINT_PAGES", 500)
    node = nations["JP"]
    log = nations.folder / "JP" / "journal.sqlite-wal"
    before, tables = books(node), node.core.store.rows("SELECT name FROM sqlite_schema ORDER BY name")
    node.core.store.grow_log()
    assert log.stat().st_size >= 500 * 4096
    assert books(node) == before
    assert node.core.store.rows("SELECT name FROM sqlite_schema ORDER BY name") == tables
    assert node.core.store.rows("PRAGMA cache_size") == [(-limits.STORE_CACHE_KIBIBYTES,)]
    assert node.core.store.rows("PRAGMA freelist_count") == [(0,)]
    touched = log.stat().st_mtime_ns
    node.core.store.grow_log()
    assert log.stat().st_mtime_ns == touched, "once is enough"
    window = many(nations, 3)
    assert [one.problem for one in receive_all(node.core, "AU", window)] == [None] * 3
    assert log.stat().st_size < 600 * 4096, "documents go where the room is"
    node.verify()


def test_a_log_that_cannot_have_its_length_now_grows_as_it_must(
    nations: Nations, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = nations["JP"]
    pages = node.core.store.rows("PRAGMA page_count")[0][0]
    monkeypatch.setattr(limits, "CHECKPOINT_PAGES", 500)
    node.core.store.rows(f"PRAGMA max_page_count={pages + 100}")
    node.core.store.grow_log()
    assert not node.core.store.is_writing
    window = many(nations, 3)
    assert [one.problem for one in receive_all(node.core, "AU", window)] == [None] * 3
    node.verify()


def test_nothing_goes_on_in_a_transaction_that_sqlite_took_back(nations: Nations) -> None:
    """An error of the disk while reading ends the transaction; what would follow stands outside of it."""
    store = nations["AU"].core.store

    def taken_back() -> None:
        with store.writing():
            store.run("INSERT INTO acts (key, request, answer) VALUES ('before', '', '')")
            store._database.rollback()
            store.run("INSERT INTO acts (key, request, answer) VALUES ('after', '', '')")

    with pytest.raises(Unavailable):
        taken_back()
    assert store.rows("SELECT key FROM acts WHERE key IN ('before', 'after')") == []
    with store.writing():
        store.run("INSERT INTO acts (key, request, answer) VALUES ('again', '', '')")
    assert store.rows("SELECT key FROM acts WHERE key = 'again'") == [("again",)]


def test_a_long_log_that_arrived_keeps_the_parts_of_its_tree_as_it_grows(nations: Nations) -> None:
    """However it came, alone or in windows: a checkpoint over all of it reads none of its documents again."""
    pen = Pen(nations.folder / "JP", "AU")
    store = nations["AU"].core.store
    sizes = [1, 3, 200, 1, 150, 200, 7, 200, 1, 1, 4]
    for count, size in enumerate(sizes):
        window = []
        for number in range(size):
            body = operation(operation=f"N{count}-{number}")
            window.append(pen.write("operation", f"operation:N{count}-{number}", body, ["logistics"]))
            pen.sent(window[-1])
        assert all(found.problem is None for found in receive_all(nations["AU"].core, "JP", window))
        if count == 4:
            nations["AU"].core.arrivals.clear()
    kept = store.rows("SELECT number FROM subtrees WHERE author='JP' AND level=0 ORDER BY number")
    assert [number for (number,) in kept] == [*range(sum(sizes) // 256)]
    log, tree = store.log("AU-JP", "JP")
    assert LogTree(store, "AU-JP", "JP").root(log.size) == tree.root()
    nations["AU"].verify()
