"""The wire between two nodes: mutual TLS 1.3, by the certificates on the cards on record, and nothing else."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gokei.node.ceremony import sign_by_exercise
from gokei.node.edges import HttpsNetwork
from gokei.node.folder import install_card
from gokei.node.node import Node
from gokei.node.tls import Credentials
from gokei.terms import limits
from gokei.terms.problems import Problem, Unavailable
from tests.field import Field, context, wire
from tests.nations import Nations, law


class Stage:
    def __init__(self, folder: Path) -> None:
        Nations(folder, "AU", "GB", "JP").close()
        self.folder = folder
        self.field = Field(folder, ("JP",))
        self.exchange = self.field.nodes["JP"].exchange
        parts = urlsplit(self.exchange)
        self.place = (str(parts.hostname), int(parts.port or 0))

    def said(self, client: httpx.Client, author: str) -> tuple[int, str]:
        answer = client.post(f"{self.exchange}/exchange/{author}/documents", content=b"{}")
        return answer.status_code, str(answer.json().get("check", "signed refusal"))

    def turned_away(self, shown: ssl.SSLContext) -> bool:
        """Whether the node ends the wire without a word of HTTP. In TLS 1.3 the caller hears so at its first read."""
        try:
            with socket.create_connection(self.place, 10) as raw, shown.wrap_socket(raw) as line:
                line.sendall(b"POST /exchange/AU/documents HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                return line.recv(100) == b""
        except OSError:
            return True


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    found = Stage(tmp_path_factory.mktemp("tls"))
    yield found
    found.field.stop()


def stranger(folder: Path, days: int) -> ssl.SSLContext:
    """Someone with a certificate of its own that nobody has on record; it ends in so many days."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gokei")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - datetime.timedelta(days=100))
        .not_valid_after(now + datetime.timedelta(days=days)).sign(key, None)
    )  # fmt: skip
    file = folder / f"stranger-{days}.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    shown = anyone()
    shown.load_cert_chain(file)
    return shown


def anyone() -> ssl.SSLContext:
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    shown.check_hostname = False
    shown.verify_mode = ssl.CERT_NONE
    return shown


def test_a_partner_that_shows_the_certificate_on_its_card_is_answered(stage: Stage) -> None:
    for author in ("AU", "GB"):
        with wire(stage.folder / author, "JP") as client:
            status, check = stage.said(client, author)
        assert (status, check) == (409, "signed refusal")


def test_another_nations_certificate_speaks_for_that_nation_alone(stage: Stage) -> None:
    with wire(stage.folder / "GB", "JP") as client:
        assert stage.said(client, "AU") == (403, "tls-nation")
        assert stage.said(client, "US") == (403, "tls-nation")


def test_without_a_certificate_on_record_not_a_word_is_said(stage: Stage, tmp_path: Path) -> None:
    assert stage.turned_away(anyone())
    assert stage.turned_away(stranger(tmp_path, 100))
    assert stage.turned_away(stranger(tmp_path, -1))
    assert not stage.turned_away(context(stage.folder / "AU", "JP"))


def test_older_tls_and_plain_http_are_refused(stage: Stage) -> None:
    shown = context(stage.folder / "AU", "JP")
    shown.minimum_version = ssl.TLSVersion.TLSv1_2
    shown.maximum_version = ssl.TLSVersion.TLSv1_2
    assert stage.turned_away(shown)
    with pytest.raises(httpx.HTTPError):
        httpx.post(f"http://{stage.place[0]}:{stage.place[1]}/exchange/AU/documents", content=b"{}", trust_env=False)
    pages = httpx.post(f"{stage.field.nodes['JP'].address}/exchange/AU/documents", content=b"{}", trust_env=False)
    assert pages.status_code == 404


def test_a_caller_accepts_the_certificate_of_the_partner_alone(stage: Stage) -> None:
    """Japan's node at the address where Britain is thought to answer is not taken for Britain's."""
    node = Node.open(stage.folder / "AU", law())
    try:
        for partner, address, check in (
            ("GB", stage.exchange, "tls-certificate"),
            ("JP", stage.exchange.replace("https", "http"), "tls-address"),
            ("JP", stage.field.nodes["JP"].address.replace("http", "https"), "tls-certificate"),
        ):
            with pytest.raises(Unavailable) as found:
                node.sync(partner, address)
            assert found.value.check == check
            assert found.value.next_text()
        assert node.sync("JP", stage.exchange)["refused"] == []
    finally:
        node.close()


def test_a_new_partner_counts_at_once_and_one_that_is_off_the_record_no_more(stage: Stage) -> None:
    Node.create(stage.folder / "US", "US", "exercise")
    american, japanese = (Node.open(stage.folder / nation, law()) for nation in ("US", "JP"))
    try:
        american.add_partner(japanese.card())
        assert stage.turned_away(context(stage.folder / "US", "JP"))
        japanese.add_partner(american.card())
        with wire(stage.folder / "US", "JP") as client:
            assert stage.said(client, "US")[0] == 409
            with japanese.core.store.writing():
                japanese.core.store.run("DELETE FROM partners WHERE partner='US'")
            assert stage.said(client, "US") == (403, "tls-nation")
    finally:
        american.close()
        japanese.close()


def test_the_secret_key_lies_on_disk_sealed_alone(stage: Stage) -> None:
    node = Node.open(stage.folder / "AU", law())
    seed = node.core.folder.keyring._open().inside.tls[0]
    Credentials(node.core).to_call("JP")
    node.close()
    for file in stage.folder.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert seed.encode() not in raw
            assert bytes.fromhex(seed) not in raw
            assert b"PRIVATE KEY" not in raw


def test_one_partners_flood_is_told_to_wait_and_another_is_served(stage: Stage) -> None:
    """Requests whose bodies do not end take Australia's places; Britain has its own."""
    shown = context(stage.folder / "AU", "JP")
    head = b"POST /exchange/AU/documents HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
    held: list[ssl.SSLSocket] = []

    def hold() -> None:
        held.append(shown.wrap_socket(socket.create_connection(stage.place, 10)))
        held[-1].sendall(head)

    try:
        for _ in range(limits.REQUESTS_OF_A_PARTNER):
            hold()
        with wire(stage.folder / "AU", "JP") as client:
            answer = client.post(f"{stage.exchange}/exchange/AU/documents", content=b"{}")
            until = time.monotonic() + 10
            while answer.status_code != 503 and time.monotonic() < until:
                # One of them found its place taken yet by a request of before, and is answered.
                hold()
                answer = client.post(f"{stage.exchange}/exchange/AU/documents", content=b"{}")
            assert answer.status_code == 503
            assert answer.json()["check"] == "exchange-busy"
            assert int(answer.headers["retry-after"]) == limits.RETRY_AFTER_SECONDS
        with wire(stage.folder / "GB", "JP") as client:
            assert stage.said(client, "GB")[0] == 409
    finally:
        for line in held:
            line.close()
    with wire(stage.folder / "AU", "JP") as client:
        until = time.monotonic() + 10
        while stage.said(client, "AU")[0] == 503:
            assert time.monotonic() < until


def test_while_one_partner_sends_without_rest_another_waits_little(stage: Stage) -> None:
    stop = threading.Event()

    def flood() -> None:
        with wire(stage.folder / "AU", "JP") as client:
            while not stop.is_set():
                client.post(f"{stage.exchange}/exchange/AU/batch", content=b"{}\n" * 100)

    with ThreadPoolExecutor(4) as pool:
        try:
            for _ in range(4):
                pool.submit(flood)
            with wire(stage.folder / "GB", "JP") as client:
                for _ in range(5):
                    began = time.monotonic()
                    assert stage.said(client, "GB")[0] == 409
                    assert time.monotonic() - began < 5
        finally:
            stop.set()


def test_an_answer_whose_head_never_ends_is_waited_for_no_longer_than_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte comes soon after the one before it, and the head has no end."""
    nations = Nations(tmp_path, "AU", "JP")
    monkeypatch.setattr(limits, "EXCHANGE_SECONDS", 1)
    calling, answering = Credentials(nations["AU"].core), Credentials(nations["JP"].core).to_serve()
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def trickle() -> None:
        with suppress(OSError), listening.accept()[0] as raw, answering.wrap_socket(raw, server_side=True) as wire:
            wire.recv(1000)
            wire.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not done.wait(0.05):
                wire.sendall(b"a")

    server = threading.Thread(target=trickle)
    server.start()
    network = HttpsNetwork()
    network.show(calling)
    began = time.monotonic()
    try:
        with pytest.raises(Unavailable) as found:
            network.to("JP").post(f"https://127.0.0.1:{listening.getsockname()[1]}", "/x", b"")
    finally:
        done.set()
        server.join()
        listening.close()
        network.close()
        nations.close()
    assert found.value.check == "partner-unreachable"
    assert time.monotonic() - began < 5


def test_a_new_certificate_counts_once_the_partner_has_the_new_card(tmp_path: Path) -> None:
    Nations(tmp_path, "AU", "JP").close()
    field = Field(tmp_path, ("JP",))
    where = field.nodes["JP"].exchange
    australia, japan = (Node.open(tmp_path / nation, law()) for nation in ("AU", "JP"))
    try:
        australia.sync("JP", where)
        card, _ = sign_by_exercise(australia.unsigned_card(new_certificate=True), australia.core.folder, "card")
        install_card(tmp_path / "AU", card.strip(), "card")
        australia.close()
        australia = Node.open(tmp_path / "AU", law())
        with pytest.raises(Problem) as found:
            australia.sync("JP", where)
        # Over a wire that was open before, the node says which; a new one it hangs up.
        assert found.value.check in {"tls-certificate", "tls-nation", "partner-unreachable"}
        assert "card" in found.value.next_text() + found.value.detail_text()
        japan.add_partner(card.strip())
        assert australia.sync("JP", where)["cut"] is True
    finally:
        australia.close()
        japan.close()
        field.stop()
