"""Keys at rest: sealed, replaced whole, readable by nobody else, and silent about themselves."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gokei.node import folder, keyring, passphrases, vault
from gokei.node.edges import SystemRandom
from gokei.node.folder import Making
from gokei.node.keyring import Keyring
from gokei.node.node import Node, Unlock
from gokei.node.vault import LIGHT, Strength
from gokei.terms import limits
from gokei.terms.problems import BadCall, BadInput, Problem, Refused
from tests.journal.makers import seed, statement
from tests.nations import law

PASSPHRASE = b"correct horse battery staple"
OTHER = b"another long passphrase"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (passphrases.VARIABLE, passphrases.CREDENTIALS, "GOKEI_SIGNER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """An exercise node's keys under a passphrase that lies elsewhere."""
    Node.create(tmp_path / "JP", "JP", "exercise", making=Making(PASSPHRASE, strength=LIGHT))
    return tmp_path / "JP" / folder.KEYS


def ring(keys: Path, passphrase: bytes = PASSPHRASE) -> Keyring:
    return Keyring(keys / "keyring.json", lambda: passphrase)


def kept(path: Path, passphrase: bytes = PASSPHRASE) -> Path:
    path.write_bytes(passphrase + b"\n")
    path.chmod(0o600)
    return path


# Who may read


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_nobody_else_reads_a_key_file_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        Node.create(tmp_path / "JP", "JP", "exercise")
        Node.create(tmp_path / "AU", "AU", "exercise", making=Making(PASSPHRASE, strength=LIGHT))
        ring(tmp_path / "AU" / folder.KEYS).add("tanker", SystemRandom())
    finally:
        os.umask(before)
    for nation in ("JP", "AU"):
        place = tmp_path / nation / folder.KEYS
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()}
        assert set(modes.values()) == {0o600}, modes
    assert {file.name for file in (tmp_path / "AU" / folder.KEYS).iterdir()} == {"keyring.json"}


def test_keys_that_others_may_read_are_not_used(keys: Path) -> None:
    (keys / "keyring.json").chmod(0o640)
    with pytest.raises(Refused) as found:
        folder.load(keys.parent)
    assert found.value.check == "keys-readable"
    assert "chmod 600" in found.value.next_text()


def test_no_secret_is_in_the_file_in_clear(keys: Path) -> None:
    raw = (keys / "keyring.json").read_bytes()
    opened = ring(keys)._open()
    secrets = [one.seed for one in opened.inside.keys] + [opened.inside.sealing]
    assert len(secrets) == 9
    assert not [one for one in secrets if one.encode() in raw or one.lower().encode() in raw.lower()]
    assert PASSPHRASE not in raw
    said = json.loads(raw)
    assert (said["box"]["derivation"], said["box"]["cipher"]) == ("argon2id", "xsalsa20-poly1305")


# The passphrase


def test_the_wrong_passphrase_is_refused_and_says_nothing(keys: Path) -> None:
    with pytest.raises(Refused) as found:
        ring(keys, OTHER).open()
    assert found.value.check == "passphrase-wrong"
    told = json.dumps(found.value.as_json()) + str(found.value) + repr(found.value)
    assert OTHER.decode() not in told
    assert found.value.__cause__ is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_a_changed_file_never_opens_as_something_else(keys: Path, place: float, bit: int) -> None:
    raw = (keys / "keyring.json").read_bytes()
    whole = ring(keys)._open().inside
    changed = bytearray(raw)
    changed[int(place * len(raw))] ^= 1 << bit
    (keys / "keyring.json").write_bytes(bytes(changed))
    found: object = None
    try:
        found = ring(keys)._open().inside
    except (Refused, BadInput) as problem:
        found = problem.check
    finally:
        (keys / "keyring.json").write_bytes(raw)
    assert found in [whole, "passphrase-wrong", "keyring-damaged"]


def test_a_file_cannot_ask_for_more_memory_than_is_allowed(keys: Path) -> None:
    said = json.loads((keys / "keyring.json").read_bytes())
    for change in ({"memory": 2**50}, {"operations": 10**9}):
        (keys / "keyring.json").write_text(json.dumps(said | {"box": said["box"] | change}), "ascii")
        with pytest.raises(BadInput) as found:
            ring(keys)
        assert found.value.check == "keyring-damaged"


def test_the_passphrase_comes_from_a_file_a_setting_or_the_service_manager(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = keys.parent
    with pytest.raises(BadCall) as found:
        folder.load(place).keyring.open()
    assert found.value.check == "passphrase-missing"
    folder.load(place, kept(tmp_path / "named")).keyring.open()
    folder.load(place, None, PASSPHRASE.decode).keyring.open()
    monkeypatch.setenv(passphrases.CREDENTIALS, str(tmp_path))
    kept(tmp_path / passphrases.CREDENTIAL)
    folder.load(place).keyring.open()
    monkeypatch.setenv(passphrases.VARIABLE, str(kept(tmp_path / "set", OTHER)))
    with pytest.raises(Refused):
        folder.load(place).keyring.open()
    # What is named in the call comes before every setting.
    folder.load(place, tmp_path / "named").keyring.open()


@pytest.mark.parametrize("text", [b"", b"\n", b"x" * 1025])
def test_an_empty_or_endless_passphrase_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "file").write_bytes(text)
    with pytest.raises(BadInput) as found:
        passphrases.read(tmp_path / "file")
    assert found.value.check == "passphrase-empty"


def test_reading_needs_no_passphrase_and_signing_does(keys: Path) -> None:
    node = Node.open(keys.parent, law())
    assert node.partners() == []
    assert {row["office"] for row in node.offices()} >= {"logistics", "finance"}
    assert node.keys()["serial"] == 0
    assert node.verify()["verified"]
    with pytest.raises(BadCall) as found:
        node.unlock()
    assert found.value.check == "passphrase-missing"
    node.close()
    asked = []
    node = Node.open(keys.parent, law(), unlock=Unlock(None, lambda: asked.append(1) or PASSPHRASE.decode()))
    node.unlock()
    node.unlock()
    assert asked == [1]
    node.close()


def test_a_changed_passphrase_opens_and_the_old_one_does_not(keys: Path) -> None:
    held = ring(keys).holds()
    changed = ring(keys)
    changed.change_passphrase(OTHER, LIGHT, SystemRandom())
    changed.open()
    assert ring(keys, OTHER).holds() == held
    ring(keys, OTHER).open()
    with pytest.raises(Refused):
        ring(keys).open()


def test_a_crash_while_the_file_is_replaced_leaves_the_old_one(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (keys / "keyring.json").read_bytes()

    def fails(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vault.os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        ring(keys).change_passphrase(OTHER, LIGHT, SystemRandom())
    monkeypatch.undo()
    assert (keys / "keyring.json").read_bytes() == before
    ring(keys).open()


def test_a_key_that_another_process_added_is_found(keys: Path) -> None:
    one, other = ring(keys), ring(keys)
    one.open()
    added = bytes(other.add("tanker", SystemRandom()).verify_key).hex()
    assert one.signer(added).sign(b"x") == other.signer(added).sign(b"x")
    with pytest.raises(Refused) as found:
        one.signer("00" * 32)
    assert found.value.check == "key-not-held"


def test_a_full_keyring_takes_no_key_and_still_opens(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(len(ring(keys).holds()), 12):
        ring(keys).add(f"office-{number}", SystemRandom())
    monkeypatch.setattr(limits, "KEYS_PER_NODE", 12)
    with pytest.raises(Refused) as found:
        ring(keys).add("one-more", SystemRandom())
    assert found.value.check == "keyring-full"
    assert len(ring(keys).holds()) == 12


def test_the_largest_keyring_fits_its_file(tmp_path: Path) -> None:
    keys = [("o" * 64, number.to_bytes(32, "big")) for number in range(limits.KEYS_PER_NODE)]
    sealing = str(pyrage.x25519.Identity.generate())
    keyring.make(tmp_path / "keyring.json", keys, sealing, PASSPHRASE, LIGHT, SystemRandom())
    opened = Keyring(tmp_path / "keyring.json", lambda: PASSPHRASE)
    opened.open()
    while len(opened.sealing_keys()) < limits.SEALING_KEYS_PER_NODE:
        opened.add_sealing(SystemRandom())
    for _ in range(limits.TLS_KEYS_PER_NODE):
        opened.add_tls(SystemRandom())
    assert len(opened.holds()) == limits.KEYS_PER_NODE


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_medium_without_links_takes_new_files_and_replaces_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuses(one: object, other: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(vault.os, "link", refuses)
    vault.write_private(tmp_path / "file", b"first", new=True)
    with pytest.raises(Refused) as found:
        vault.write_private(tmp_path / "file", b"second", new=True)
    assert found.value.check == "file-exists"
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file", b"first")]


# Real nodes and exercises


def real_root() -> Any:
    return statement("JP", 2, *(seed(f"root {number}") for number in range(3)), environment="real")


def test_a_real_node_is_not_made_without_a_passphrase_or_a_root(tmp_path: Path) -> None:
    for making, check in (
        (Making(), "passphrase-missing"),
        (Making(root=real_root()), "passphrase-missing"),
        (Making(PASSPHRASE), "root-missing"),
        (Making(b"short", real_root()), "passphrase-short"),
        (Making(PASSPHRASE, statement("JP", 1, seed("x"))), "root-other"),
    ):
        with pytest.raises(Problem) as found:
            Node.create(tmp_path / "JP", "JP", "real", making=making)
        assert found.value.check == check
        assert [*tmp_path.iterdir()] == []


def test_a_real_node_does_nothing_before_its_root_has_signed(tmp_path: Path) -> None:
    made = Node.create(tmp_path / "JP", "JP", "real", making=Making(PASSPHRASE, real_root(), LIGHT))
    assert made["unsigned_card"] == str(tmp_path / "JP" / "card.unsigned.json")
    assert made["protected"] is True
    with pytest.raises(Refused) as found:
        Node.open(tmp_path / "JP", law())
    assert found.value.check == "card-unsigned"


def test_an_exercise_says_that_its_keys_are_not_protected_and_opens_fast(tmp_path: Path) -> None:
    made = Node.create(tmp_path / "JP", "JP", "exercise")
    assert made["protected"] is False
    began = time.process_time()
    for _ in range(20):
        folder.load(tmp_path / "JP").keyring.open()
    assert (time.process_time() - began) / 20 < 0.05


def test_what_protects_a_real_node_costs_a_guess_memory_and_time() -> None:
    assert vault.STRONG.memory >= 256 * 1024 * 1024
    assert vault.STRONG.operations >= 3
    assert isinstance(vault.STRONG, Strength)


# What is said of keys


def test_signers_and_keyrings_do_not_say_their_secrets(keys: Path) -> None:
    opened = ring(keys)
    opened.open()
    inside = opened._open()
    told = f"{opened!r} {inside!r} {inside.inside!r} {inside.inside.keys[0]!r} {opened.signer(opened.holds()[0].key)!r}"
    for one in inside.inside.keys:
        assert one.seed not in told
    assert inside.inside.sealing not in told
    assert PASSPHRASE.decode() not in told
