"""Partners' certificates are believed side by side: one that is none, or bears another's name, keeps nobody out."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from gokei.journal.keys import read_card, sign_card
from gokei.node.certificates import make_certificate
from gokei.node.tls import Credentials
from gokei.terms.problems import BadInput
from tests.nations import Nations

VERSION = bytes.fromhex("a003020102")


@pytest.fixture
def nations(tmp_path: Path) -> Iterator[Nations]:
    """Australia attacks: its code comes first, and so does its certificate. Japan serves the United States."""
    found = Nations(tmp_path, "AU", "JP", "US")
    yield found
    found.close()


def held(nations: Nations, nation: str) -> bytes:
    card, _ = read_card(nations[nation].card())
    return base64.b64decode(str(card.tls))


def made(
    subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> bytes:
    own = x509.load_der_x509_certificate(base64.b64decode(make_certificate(bytes(32), "AU", bytes(16))))
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(7).not_valid_before(own.not_valid_before_utc).not_valid_after(own.not_valid_after_utc)
        .sign(key, None if isinstance(key, Ed25519PrivateKey) else SHA256())
        .public_bytes(Encoding.DER)
    )  # fmt: skip


def named(*organisations: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, one) for one in organisations])


def of_version_six(nations: Nations) -> bytes:
    return held(nations, "AU").replace(VERSION, VERSION[:-1] + b"\x05")


def of_a_name_that_is_no_text(nations: Nations) -> bytes:
    return held(nations, "AU").replace(b"gokei ", b"\xffokei ")


def of_the_name_of_another(nations: Nations) -> bytes:
    name = x509.load_der_x509_certificate(held(nations, "US")).subject
    return made(name, name, Ed25519PrivateKey.generate())


def of_two_names(nations: Nations) -> bytes:
    return made(named("US", "AU"), named("US", "AU"), Ed25519PrivateKey.generate())


def of_another_issuer(nations: Nations) -> bytes:
    return made(named("AU"), named("US"), Ed25519PrivateKey.generate())


def of_an_elliptic_curve(nations: Nations) -> bytes:
    return made(named("AU"), named("AU"), ec.generate_private_key(ec.SECP256R1()))


def of_rsa(nations: Nations) -> bytes:
    return made(named("AU"), named("AU"), rsa.generate_private_key(65537, 2048))


def cut_short(nations: Nations) -> bytes:
    return held(nations, "AU")[:-1]


def with_more_behind_it(nations: Nations) -> bytes:
    return held(nations, "AU") + held(nations, "US")


def empty(nations: Nations) -> bytes:
    return b""


WRONG = (
    of_version_six, of_a_name_that_is_no_text, of_the_name_of_another, of_two_names, of_another_issuer,
    of_an_elliptic_curve, of_rsa, cut_short, with_more_behind_it, empty,
)  # fmt: skip


def card_with(nations: Nations, certificate: bytes) -> bytes:
    """Australia's card, truly signed by its root, that carries these bytes as its certificate."""
    keyring = nations["AU"].core.folder.keyring
    card, _ = read_card(nations["AU"].card())
    root = next(one.key for one in keyring.holds() if one.office == "root")
    text = base64.b64encode(certificate).decode()
    return sign_card(card.model_copy(update={"tls": text, "issued": "2099-01-01T00:00:00Z"}), [keyring.signer(root)])


def shaken(server: ssl.SSLContext, caller: ssl.SSLContext) -> bool:
    """Whether the two come to speak with each other."""
    to_server, to_caller = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (caller.wrap_bio(to_caller, to_server), server.wrap_bio(to_server, to_caller, server_side=True))
    done = 0
    for _ in range(4):
        done = 0
        for end in ends:
            try:
                end.do_handshake()
                done += 1
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return done == len(ends)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_card_with_such_a_certificate_is_refused_and_names_the_field(
    nations: Nations, wrong: Callable[[Nations], bytes]
) -> None:
    before = nations["JP"].core.card_of("AU")
    with pytest.raises(BadInput) as found:
        nations["JP"].add_partner(card_with(nations, wrong(nations)), path="au.card")
    assert (found.value.check, found.value.field, found.value.path) == ("card-tls", "tls", "au.card")
    assert nations["JP"].core.card_of("AU") == before


@pytest.mark.parametrize("wrong", WRONG)
def test_one_that_is_on_record_already_keeps_nobody_else_out(
    nations: Nations, wrong: Callable[[Nations], bytes]
) -> None:
    """An older folder may hold such a card: a server that runs, and one that starts, serve the others."""
    core = nations["JP"].core
    caller = Credentials(nations["US"].core).to_call("JP")[1]
    running = Credentials(core).to_serve()
    assert shaken(running, caller)
    with core.store.writing():
        core.store.run("UPDATE partners SET card=? WHERE partner='AU'", (card_with(nations, wrong(nations)),))
    assert shaken(running, caller)
    assert shaken(Credentials(core).to_serve(), caller)
    assert not Credentials(core).is_of("AU", held(nations, "AU"))
