"""Each bound on what a partner sends, at its edge: the largest that is allowed is taken, one more is refused by name.

Where a bound is read when it is needed, the test makes it small; where it was read when a type was made, it is what it
is. Bounds that keep something small instead of refusing it are tried by what is kept.
"""

from __future__ import annotations

import asyncio
import base64
import datetime
import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from gokei.faces.cli.main import main
from gokei.journal import evidence as evidences
from gokei.journal import keys, notes, proofs
from gokei.journal.envelopes import CARD, OFFER, WANT, Envelope, Signature, sign
from gokei.journal.notes import Note
from gokei.journal.roots import read_root
from gokei.journal.writing import sign_refusal
from gokei.node import courier_waiting, evidence
from gokei.node.answering import answer
from gokei.node.checkpoints import own_checkpoint
from gokei.node.courier_file import Header, write
from gokei.node.edges import Line
from gokei.node.messages import read_offer, read_want, write_offer, write_want
from gokei.node.node import Node
from gokei.node.routes import Exchange
from gokei.node.tls import Credentials
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Problem, Refused, Unavailable
from tests.journal.makers import Nation, seed, statement
from tests.nations import Nations, to_operation, to_request
from tests.node.forging import Pen, operation

MAKER = Nation("AU")


def refused(check: str, kind: type[Problem], call: Callable[[], object]) -> None:
    with pytest.raises(kind) as found:
        call()
    assert found.value.check == check


def note(text_bytes: int = 0, lines: int = 1) -> bytes:
    one = notes.Line("name", b"abcd", b"value")
    found = Note("x\n", (one,) * lines).encode()
    return b"x" * max(0, text_bytes - len(found)) + found


def test_note_bytes() -> None:
    Note.decode(note(limits.NOTE_BYTES))
    refused("note-size", BadInput, lambda: Note.decode(note(limits.NOTE_BYTES + 1)))


def test_signatures_per_note() -> None:
    assert len(Note.decode(note(10, limits.SIGNATURES_PER_NOTE)).lines) == limits.SIGNATURES_PER_NOTE
    refused("note-signatures", BadInput, lambda: Note.decode(note(10, limits.SIGNATURES_PER_NOTE + 1)))


@pytest.mark.parametrize("more", [0, 1])
def test_note_bytes_in_requests_and_offers(nations: Nations, more: int) -> None:
    """One that is not too long is read, and found to be signed by nobody."""
    to_operation(nations)
    long = "x" * (limits.NOTE_BYTES + more)
    japan, australia = nations["JP"].core, nations["AU"].core
    raw = Envelope.decode(write_want(australia, "JP", "standing", "AU"), WANT)
    want = sign(raw.payload_type, canonical(json.loads(raw.payload) | {"yours": long}), [australia.node_signer])
    check = "want-refused" if more else "note-form"
    refused(check, Refused if more else BadInput, lambda: read_want(japan, "AU", want.encode(), "standing"))
    raw = Envelope.decode(write_offer(australia, "JP", None), OFFER)
    offer = sign(raw.payload_type, canonical(json.loads(raw.payload) | {"yours": long}), [australia.node_signer])
    if more:
        refused("offer-fields", BadInput, lambda: read_offer(japan, "AU", offer.encode()))
    else:
        assert read_offer(japan, "AU", offer.encode()).yours == long


def test_proof_bytes(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    to_operation(nations)
    raw = nations["AU"].proof(str(nations["AU"].list("documents")[0]["hash"]))
    monkeypatch.setattr(limits, "PROOF_BYTES", len(raw))
    proofs.decode(raw)
    monkeypatch.setattr(limits, "PROOF_BYTES", len(raw) - 1)
    refused("proof-form", BadInput, lambda: proofs.decode(raw))


def evidence_of(statements: int, hashes: int = 0) -> bytes:
    made = evidences.Evidence("other-log", "AU", (b"a", b"b"), (b"c",) * statements, (b"d",) * hashes)
    return evidences.encode(made)


def test_evidence_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = evidence_of(3)
    monkeypatch.setattr(limits, "EVIDENCE_BYTES", len(raw))
    evidences.decode(raw)
    refused("evidence-file", BadInput, lambda: evidences.decode(raw + b"\n"))


def test_evidence_statements() -> None:
    most = limits.EVIDENCE_STATEMENTS
    full = evidences.decode(evidence_of(most, limits.HASHES_PER_PROOF + 1))
    assert (len(full.documents), len(full.hashes)) == (most, limits.HASHES_PER_PROOF + 1)
    refused("evidence-file", BadInput, lambda: evidences.decode(evidence_of(most + 1)))


@pytest.mark.parametrize(
    "raw",
    [b"{" * 2, b"{" + b"[" * 4, b"[" + b"0," * limits.EVIDENCE_STATEMENTS * 2, b'"",' * limits.EVIDENCE_STATEMENTS * 2],
)
def test_evidence_has_no_more_parts_than_evidence_has(raw: bytes) -> None:
    refused("evidence-file", BadInput, lambda: evidences.decode(raw))


def test_evidence_rows(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of a kind against a nation are kept, and no more; another kind has its own."""
    monkeypatch.setattr(limits, "EVIDENCE_ROWS", 2)
    core = nations["AU"].core
    for number in range(4):
        evidence.keep(core, "JP", evidences.Evidence("two-roots", "JP", (b"%d" % number,)))
    evidence.keep(core, "JP", evidences.Evidence("rollback", "JP", (b"a",)))
    assert [one["kind"] for one in nations["AU"].evidence()] == ["two-roots", "two-roots", "rollback"]


def test_root_keys() -> None:
    roots = [seed(f"root {number}") for number in range(limits.ROOT_KEYS + 1)]
    full = statement("AU", 1, *roots[:-1])
    assert len(read_root(full.encode()).keys) == limits.ROOT_KEYS
    one_more = json.loads(full.encode())
    key = bytes(roots[-1].verify_key).hex()
    one_more["keys"] = sorted([*one_more["keys"], {"algorithm": "ed25519", "key": key}], key=lambda row: row["key"])
    refused("root-none", BadInput, lambda: read_root(canonical(one_more)))


def signed_by(count: int) -> bytes:
    """Australia's card, with signatures of so many: its root first."""
    card = Envelope.decode(MAKER.card(), CARD)
    others = [sign(CARD, card.payload, [seed(f"other {number}")]).signatures[0] for number in range(count - 1)]
    listed: tuple[Signature, ...] = (*card.signatures, *others)
    return Envelope(CARD, card.payload, listed).encode()


def test_signatures_per_mandate() -> None:
    keys.read_card(signed_by(limits.SIGNATURES_PER_MANDATE))
    refused("envelope-signatures", BadInput, lambda: keys.read_card(signed_by(limits.SIGNATURES_PER_MANDATE + 1)))


def test_offices_per_nation() -> None:
    offices = tuple(MAKER.office(f"office-{number}", ("request",)) for number in range(limits.OFFICES_PER_NATION))
    assert len(keys.read_card(MAKER.card(offices=offices))[0].offices) == limits.OFFICES_PER_NATION
    card = json.loads(Envelope.decode(MAKER.card(offices=offices), CARD).payload)
    card["offices"].append(json.loads(MAKER.office("one-more", ("request",)).model_dump_json()))
    more = sign(CARD, canonical(card), [MAKER.root]).encode()
    refused("card-schema", BadInput, lambda: keys.read_card(more))


def certificate(characters: int) -> str:
    """A certificate as Australia's node makes it, padded to that many characters of base64 (a multiple of four)."""
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "AU")])
    key, begins = Ed25519PrivateKey.from_private_bytes(b"c" * 32), datetime.datetime(2000, 1, 1)
    for pad in range(characters // 4 * 3 - 400, characters):
        extension = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.1"), bytes(pad))
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = made.serial_number(1).not_valid_before(begins).not_valid_after(begins.replace(year=9999))
        found = base64.b64encode(
            made.add_extension(extension, critical=False).sign(key, None).public_bytes(Encoding.DER)
        )
        if len(found) >= characters:
            assert len(found) == characters
            return found.decode()
    raise AssertionError(characters)


def test_certificate_characters(nations: Nations) -> None:
    most = limits.CERTIFICATE_CHARACTERS
    card = keys.read_card(nations["AU"].card())[0]
    root = Pen(nations.folder / "AU", "JP").key("root")
    nations["JP"].add_partner(keys.sign_card(card.model_copy(update={"tls": certificate(most)}), [root]))
    larger = keys.sign_card(card.model_copy(update={"tls": certificate(most + 4)}), [root])
    refused("card-schema", BadInput, lambda: nations["JP"].add_partner(larger))


@pytest.mark.parametrize("more", [0, 1])
def test_card_bytes(nations: Nations, tmp_path: Path, more: int) -> None:
    """A file of that many bytes; what is beyond is not read, so what is left is no card."""
    head, _, rest = nations["AU"].card().partition(b"{")
    file = tmp_path / "card"
    file.write_bytes(head + b"{" + b" " * (limits.CARD_BYTES - len(head + rest) - 1 + more) + rest)
    assert file.stat().st_size == limits.CARD_BYTES + more
    nations["JP"].close()
    ended = main(["partner", "add", str(nations.folder / "JP"), str(file)])
    nations.wires.nodes["JP"] = nations.open("JP")
    assert (ended == 0) == (more == 0)


def courier(nations: Nations, out: Path, *frames: dict[str, Any], back: int = 0) -> Path:
    """A file of Australia's for Japan, with these frames, truly signed."""
    pen, core = Pen(nations.folder / "AU", "JP"), nations["AU"].core
    raws = [pen.write("request", "order:AU-1", {}, ["logistics"], **frame) for frame in frames]
    header = Header.model_validate(
        {"gokei": 1, "from": "AU", "to": "JP", "courier": "0" * 16, "part": 1, "parts": 1, "back": back,
         "documents": len(raws) - back, "offer": write_offer(core, "JP", None).decode()}
    )  # fmt: skip
    sealing = keys.read_card(nations["JP"].card())[0].sealing
    assert sealing is not None
    write(out, header, raws, sealing)
    return out


def test_courier_bytes(nations: Nations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = courier(nations, tmp_path / "file")
    monkeypatch.setattr(limits, "COURIER_BYTES", file.stat().st_size)
    nations["JP"].courier_open(file)
    monkeypatch.setattr(limits, "COURIER_BYTES", file.stat().st_size - 1)
    refused("file-size", BadInput, lambda: nations["JP"].courier_open(file))


def test_waiting_documents(nations: Nations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WAITING_DOCUMENTS", 2)
    file = courier(nations, tmp_path / "file", {"sequence": 5}, {"sequence": 7})
    assert nations["JP"].courier_open(file)["waiting"] == 2
    more = courier(nations, tmp_path / "more", {"sequence": 9})
    refused("courier-waiting", Refused, lambda: nations["JP"].courier_open(more))
    assert nations["JP"].courier_open(file)["waiting"] == 2


def test_waiting_documents_in_bytes(nations: Nations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few they are, they hold no more than a file may."""
    files = [courier(nations, tmp_path / str(place), {"sequence": place}) for place in range(10, 20)]
    monkeypatch.setattr(limits, "COURIER_BYTES", max(file.stat().st_size for file in files))
    size = len(Pen(nations.folder / "AU", "JP").write("request", "order:AU-1", {}, ["logistics"], sequence=10))
    fit = limits.COURIER_BYTES // size
    assert 1 <= fit < len(files)
    for count, file in enumerate(files[:fit], 1):
        assert nations["JP"].courier_open(file)["waiting"] == count
    refused("courier-waiting", Refused, lambda: nations["JP"].courier_open(files[fit]))


def test_courier_window_bytes(nations: Nations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes in together is at most that much and one document more."""
    windows: list[int] = []
    real = courier_waiting.Incoming._keep

    def counted(self: Any, author: str, early: Any) -> None:
        windows.append(len(early))
        real(self, author, early)

    monkeypatch.setattr(courier_waiting.Incoming, "_keep", counted)
    file = courier(nations, tmp_path / "file", *({"sequence": place} for place in range(5, 14)))
    nations["JP"].courier_open(file)
    assert max(windows) == 9
    windows.clear()
    size = len(Pen(nations.folder / "AU", "JP").write("request", "order:AU-1", {}, ["logistics"], sequence=5))
    monkeypatch.setattr(limits, "COURIER_WINDOW_BYTES", 2 * size + size // 2)
    nations["JP"].courier_open(file)
    assert max(windows) == 3
    assert sum(windows) == 9


class Slow:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


def line(pieces: Callable[[], Iterator[bytes]]) -> Line:
    found = Line("JP", b"", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    class Body(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return pieces()

    found._client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=Body())))
    return found


def test_exchange_answer_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXCHANGE_ANSWER_BYTES", 1000)
    given: list[int] = []

    def pieces(count: int) -> Iterator[bytes]:
        for _ in range(count):
            given.append(1)
            yield b"x" * 100

    assert line(lambda: pieces(10)).post("https://jp", "/", b"") == (200, b"x" * 1000)
    given.clear()
    refused("partner-unreachable", Unavailable, lambda: line(lambda: pieces(10**6)).post("https://jp", "/", b""))
    assert len(given) == 11


def test_exchange_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Slow()
    monkeypatch.setattr("gokei.node.edges.time", clock)

    def pieces(each: float) -> Iterator[bytes]:
        for _ in range(6):
            clock.now += each
            yield b"x"

    assert line(lambda: pieces(limits.EXCHANGE_SECONDS / 6)).post("https://jp", "/", b"")[1] == b"x" * 6
    late = line(lambda: pieces(limits.EXCHANGE_SECONDS / 6 + 1))
    refused("partner-unreachable", Unavailable, lambda: late.post("https://jp", "/", b""))


def test_pull_bytes(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of our documents as go into it are answered, at least one; the partner asks again for what follows."""
    to_request(nations)
    rows = [nations["AU"].envelope(str(row["hash"])) for row in nations["AU"].list("documents")]
    own_checkpoint(nations["AU"].core, "JP")

    def pulled() -> list[bytes]:
        request = write_want(nations["JP"].core, "AU", "documents", "AU")
        return answer(nations["AU"].core, "JP", "pull", request).body.split(b"\n")

    sizes = [len(raw) + 1 for raw in pulled()]
    assert len(sizes) == len(rows) == 2
    for bound, count in ((sum(sizes), 2), (sum(sizes) - 1, 1), (1, 1)):
        monkeypatch.setattr(limits, "PULL_BYTES", bound)
        assert len(pulled()) == count


def test_requests_under_way(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    """All partners together; what each may have for itself is tried in tests/node/test_tls.py."""
    monkeypatch.setattr(limits, "REQUESTS_UNDER_WAY", 2)
    credentials = Credentials(nations["JP"].core)
    exchange = Exchange(nations["JP"], credentials)
    shown = ssl.DER_cert_to_PEM_cert(credentials.of_partner("AU"))
    scope = {
        "method": "POST", "path": "/exchange/AU/documents", "headers": [],
        "extensions": {"tls": {"client_cert_chain": [shown]}},
    }  # fmt: skip

    async def call(body: asyncio.Future[bytes]) -> int:
        said: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"body": await body}

        async def send(message: Any) -> None:
            said.append(message.get("status", 0))

        await exchange(scope, receive, send)
        return said[0]

    async def all_calls() -> tuple[int, int, list[int]]:
        never, now = asyncio.get_running_loop().create_future(), asyncio.get_running_loop().create_future()
        now.set_result(b"{}")
        held = [asyncio.create_task(call(never)) for _ in range(limits.REQUESTS_UNDER_WAY - 1)]
        await asyncio.sleep(0)
        last = await call(now)
        held.append(asyncio.create_task(call(never)))
        await asyncio.sleep(0)
        one_more = await call(now)
        never.set_result(b"{}")
        return last, one_more, [await one for one in held]

    last, one_more, held = asyncio.run(all_calls())
    assert (last, one_more, held) == (409, 503, [409, 409])


def kept(node: Node) -> list[bytes]:
    return [bytes(row[0]) for row in node.core.store.rows("SELECT bytes FROM refusals ORDER BY number")]


@pytest.mark.parametrize("more", [0, 1])
def test_quarantine_bytes(nations: Nations, more: int) -> None:
    """Of what is refused so much is kept, and no more."""
    raw = b"x" * (limits.QUARANTINE_BYTES + more)
    assert nations["JP"].receive("AU", raw).problem is not None
    assert kept(nations["JP"]) == [raw[: limits.QUARANTINE_BYTES]]


@pytest.mark.parametrize("more", [0, 1])
def test_quarantine_bytes_of_a_signed_refusal(nations: Nations, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    """A partner's refusal is kept whole, or counts for none."""
    nations.act("AU", type="operation", to="JP", agreement="acsa-jp-au-2017", **{**operation(), "facts": {}})
    problem, honest = BadInput(check="door-2-envelope", detail="no"), nations.wires.post

    def post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        if not path.endswith("/batch"):
            return honest(address, path, body)
        japan = nations["JP"].core
        made = sign_refusal(body.partition(b"\n")[0], 2, problem, "JP", japan.now(), japan.node_signer)
        monkeypatch.setattr(limits, "QUARANTINE_BYTES", len(made) - more)
        return 200, made

    monkeypatch.setattr(nations.wires, "post", post)
    if more:
        refused("partner-answer", Refused, lambda: nations["AU"].sync("JP", "JP"))
    else:
        assert len(nations["AU"].sync("JP", "JP")["refused"]) == 1  # type: ignore[arg-type]


def test_quarantine_rows(nations: Nations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUARANTINE_ROWS", 3)
    for number in range(5):
        nations["JP"].receive("AU", b"%d" % number)
    assert kept(nations["JP"]) == [b"2", b"3", b"4"]
