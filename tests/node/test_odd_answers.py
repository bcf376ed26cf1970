"""A partner's node answers what no honest one does: a problem with a name comes of it, or nothing at all."""

from __future__ import annotations

import gzip
import json
import ssl
import time
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from gokei.journal import proofs
from gokei.journal.checkpoints import read_checkpoint, sign_checkpoint
from gokei.journal.envelopes import DOCUMENT, sign
from gokei.journal.evidence import Evidence, check, encode
from gokei.journal.keys import read_card
from gokei.journal.notes import Line as NoteLine
from gokei.journal.notes import Note
from gokei.node.answering import VERBS
from gokei.node.checkpoints import own_checkpoint
from gokei.node.courier_file import Header, write
from gokei.node.edges import Line
from gokei.node.messages import write_offer
from gokei.node.proving import verify_bundle
from gokei.node.reading import channel_state
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem, Refused
from tests.nations import Nations, to_operation, to_request
from tests.node.forging import Pen


def answering(nations: Nations, monkeypatch: pytest.MonkeyPatch, verb: str, *answers: bytes | None) -> None:
    """Japan answers the first calls of a verb so, and honestly after them, and where there is None."""
    assert verb in VERBS
    left, honest = iter(answers), nations.wires.post

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        found = next(left, None) if path.endswith("/" + verb) else None
        return honest(address, path, body) if found is None else (200, found)

    monkeypatch.setattr(nations.wires, "post", post)


@pytest.mark.parametrize("count", [-5, -(2**70), "1", None, [1]])
def test_a_count_that_is_none_counts_no_documents(
    nations: Nations, monkeypatch: pytest.MonkeyPatch, count: object
) -> None:
    to_operation(nations)
    core = nations["AU"].core
    said = {**channel_state(core.store, core.channel("JP")), "documents": {"AU": count, "JP": 0}}
    answering(nations, monkeypatch, "compare", json.dumps(said).encode())
    assert nations["AU"].compare_books("JP", "JP")["difference"] == {"lacking": {"AU": 1}}


def test_a_digest_that_is_no_text_is_shown_as_text(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fraction in its place could not be written out again as JSON."""
    to_operation(nations)
    core = nations["AU"].core
    state = {**channel_state(core.store, core.channel("JP")), "orders": "other"}
    case = {"hash": "00" * 32, "case": ["operation:DARWIN", 1.5]}
    first, *others = (json.dumps(one).encode() for one in (state, {"cases": 1}, {"hash": "00" * 32}, case))
    answering(nations, monkeypatch, "compare", first, None, *others)
    found: Any = nations["AU"].compare_books("JP", "JP")
    assert found["difference"]["theirs"] == "1.5"
    json.dumps(found)


@pytest.mark.parametrize("cases", [True, -1, "1"])
def test_a_number_of_cases_that_is_none_is_no_number(
    nations: Nations, monkeypatch: pytest.MonkeyPatch, cases: object
) -> None:
    to_operation(nations)
    core = nations["AU"].core
    state = {**channel_state(core.store, core.channel("JP")), "orders": "other"}
    first, second = (json.dumps(one).encode() for one in (state, {"cases": cases}))
    answering(nations, monkeypatch, "compare", first, None, second)
    assert nations["AU"].compare_books("JP", "JP")["equal"] is False


@pytest.mark.parametrize("sequence", [2**53 + 1, 2**63, 2**70])
@pytest.mark.parametrize("field", ["sequence", "seen"])
def test_a_place_that_no_log_has_does_not_wait_in_a_courier_file(
    nations: Nations, tmp_path: Path, sequence: int, field: str
) -> None:
    """By a key that is not known: a document that is still missing could tell of it."""
    to_operation(nations)
    pen, core = Pen(nations.folder / "AU", "JP"), nations["AU"].core
    frame: dict[str, Any] = {"sequence": 9} | {field: sequence}
    stranger = sign(DOCUMENT, pen.payload("request", "order:AU-1", {}, ["logistics"], **frame), [pen.key("root")])
    offer = write_offer(core, "JP", None).decode()
    header = Header.model_validate(
        {"gokei": 1, "from": "AU", "to": "JP", "courier": "0" * 16, "part": 1, "parts": 1, "offer": offer,
         "back": 0, "documents": 1}
    )  # fmt: skip
    sealing = read_card(nations["JP"].card())[0].sealing
    assert sealing is not None
    write(tmp_path / "file", header, [stranger.encode()], sealing)
    if field == "seen":
        assert nations["JP"].courier_open(tmp_path / "file")["waiting"] == 1
    else:
        with pytest.raises(Problem) as found:
            nations["JP"].courier_open(tmp_path / "file")
        assert found.value.check == "door-3-signature"


def test_an_answer_of_empty_lines_is_not_cut_into_all_of_them(
    nations: Nations, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_request(nations)
    lines = b"\n" * limits.EXCHANGE_ANSWER_BYTES
    for verb in ("pull", "batch"):
        answering(nations, monkeypatch, verb, lines)
        tracemalloc.start()
        try:
            nations["AU"].sync("JP", "JP")
            assert tracemalloc.get_traced_memory()[1] < 4 * limits.EXCHANGE_ANSWER_BYTES
        finally:
            tracemalloc.stop()


def test_a_proof_beyond_its_bound_is_not_cut_into_lines() -> None:
    swollen = proofs.MARK + b"a\n" * limits.EVIDENCE_BYTES
    tracemalloc.start()
    with pytest.raises(BadInput):
        proofs.decode(swollen)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < limits.PROOF_BYTES


def test_evidence_of_two_statements_has_two(nations: Nations) -> None:
    """Else every pair of them would be looked at: of ten thousand, fifty million."""
    to_operation(nations)
    pen = Pen(nations.folder / "AU", "JP")
    one, other = (pen.write("request", f"order:AU-{number}", {}, ["logistics"]) for number in range(2))
    ring = read_card(nations["AU"].card())[1]
    check(Evidence("two-documents", "AU", (), (one, other)), ring)
    many = encode(Evidence("two-documents", "AU", (), (*[one] * 2000, other)))
    began = time.process_time()
    with pytest.raises(Refused) as found:
        verify_bundle(many, [nations["AU"].card()])
    assert found.value.check == "evidence-nothing"
    assert time.process_time() - began < 2


def test_an_answer_that_is_packed_is_not_unpacked(nations: Nations) -> None:
    """A thousandth of its size would come over the wire, and all of it be held before anyone counted it."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(packed))

    packed = gzip.compress(bytes(limits.EXCHANGE_ANSWER_BYTES * 4))
    line = Line("JP", b"", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    headers = line._client.headers
    line._client = httpx.Client(transport=httpx.MockTransport(answer), headers=headers)
    assert line.post("https://jp.example", "/exchange/AU/pull", canonical({})) == (200, packed)
    assert asked[0].headers["accept-encoding"] == "identity"


def test_what_a_stranger_wrote_below_a_checkpoint_hides_no_evidence(nations: Nations) -> None:
    """A note may have lines of other keys: marks of JSON in their names are no parts of the file."""
    to_operation(nations)
    core = nations["AU"].core
    honest = read_checkpoint(own_checkpoint(core, "JP"), *core.node_keys("AU"))
    stranger = NoteLine('",[{' * 25_000, b"abcd", b"value")
    signed = (sign_checkpoint(one, core.node_signer) for one in (honest, honest._replace(root=bytes(32))))
    both = tuple(Note.decode(one).with_line(stranger).encode() for one in signed)
    raw = encode(Evidence("two-roots", "AU", both))
    assert verify_bundle(raw, [nations["AU"].card()])["evidence"] == "two-roots"


def test_evidence_against_a_log_without_a_checkpoint_shows_nothing(nations: Nations) -> None:
    to_operation(nations)
    one = Pen(nations.folder / "AU", "JP").write("request", "order:AU-1", {}, ["logistics"])
    with pytest.raises(Refused) as found:
        verify_bundle(encode(Evidence("other-log", "AU", (), (one,))), [nations["AU"].card()])
    assert found.value.check == "evidence-nothing"
