"""The keyring of a node: one file with all its secret keys, sealed; which keys they are stands outside in clear.

So lists and checks need no passphrase; signing does. What stands outside is held against the inside when it opens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

import pyrage
from pydantic import Field, ValidationError

from gokei.journal.frames import OfficeName, Strict
from gokei.journal.keys import SEALING
from gokei.journal.postquantum import PostQuantumSigner
from gokei.journal.publickeys import Algorithm, PublicKey
from gokei.journal.signers import SoftwareSigner
from gokei.node import vault
from gokei.node.ports import Random
from gokei.node.signing import Held, not_held
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

FILE: Final = "keyring.json"


# A public key of age, for X25519, as a card states it.
_Sealing = Annotated[str, Field(pattern=SEALING)]


class _Outside(Strict):
    office: OfficeName
    algorithm: Algorithm
    key: PublicKey


class _File(Strict):
    gokei: Literal[1]
    holds: Annotated[tuple[_Outside, ...], Field(max_length=limits.KEYS_PER_NODE)]
    sealing: Annotated[tuple[_Sealing, ...], Field(max_length=limits.SEALING_KEYS_PER_NODE)] = ()
    box: vault.Box


class _Secret(Strict):
    office: OfficeName
    seed: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", repr=False)]


_Seed = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Inside(Strict):
    keys: Annotated[tuple[_Secret, ...], Field(max_length=limits.KEYS_PER_NODE, repr=False)]
    sealing: Annotated[str, Field(max_length=200, repr=False)]
    sealing_before: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=limits.SEALING_KEYS_PER_NODE, repr=False)
    ] = ()
    post_quantum: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$", repr=False)] = None
    tls: Annotated[tuple[_Seed, ...], Field(max_length=limits.KEYS_PER_NODE, repr=False)] = ()


@dataclass(frozen=True, slots=True)
class _Opened:
    passphrase: bytes = field(repr=False)
    inside: _Inside = field(repr=False)
    signers: dict[str, SoftwareSigner]


class Keyring:
    """A node's keys in its folder. The passphrase is asked for once, when something is first signed."""

    def __init__(self, path: Path, passphrase: Callable[[], bytes]) -> None:
        """Raises BadInput (`keyring-damaged`) and Refused (`keys-readable`)."""
        self._path = path
        self._passphrase = passphrase
        self._lock = threading.RLock()
        self._opened: _Opened | None = None
        self._file, self._stamp = _read(path)

    def __repr__(self) -> str:
        return f"Keyring({str(self._path)!r})"

    def holds(self) -> tuple[Held, ...]:
        """The keys that are held, by their public parts. Opens nothing."""
        with self._lock:
            self._follow()
            return tuple(Held(one.office, one.key) for one in self._file.holds)

    def signer(self, key: str) -> SoftwareSigner:
        """The signer of a public key. Raises Refused (`passphrase-wrong`, `key-not-held`), BadCall (no passphrase)."""
        with self._lock:
            self._follow()
            found = self._open().signers.get(key)
        if found is None:
            raise not_held(key)
        return found

    def sealing(self) -> tuple[str, ...]:
        """The age identities that open courier files, the newest first. Raises as `signer` does."""
        with self._lock:
            self._follow()
            return _identities(self._open().inside)

    def sealing_keys(self) -> tuple[str, ...]:
        """Their public keys, as cards state them, the newest first. Opens nothing."""
        with self._lock:
            self._follow()
            return self._file.sealing

    def add_sealing(self, random: Random) -> str:
        """One more key to seal to, made here and on disk; its public key. Those before it still open what they opened.

        Raises Refused (`sealing-keys-full`).
        """
        with self._lock:
            self._follow()
            opened = self._open()
            before = _identities(opened.inside)
            if len(before) >= limits.SEALING_KEYS_PER_NODE:
                raise Refused(
                    check="sealing-keys-full",
                    detail=N_("The keyring holds {limit} sealing keys already, and takes no more."),
                    params={"limit": str(limits.SEALING_KEYS_PER_NODE)},
                    next_step=N_("Destroy one that no partner seals to any more: gokei keys sealing destroy DIR KEY"),
                    who="operator",
                )
            made = pyrage.x25519.Identity.generate()
            changed = opened.inside.model_copy(update={"sealing": str(made), "sealing_before": before})
            self._keep(changed, opened.passphrase, random)
            return str(made.to_public())

    def destroy_sealing(self, key: str, random: Random) -> None:
        """Forget the secret of a public key: what is sealed to it is not opened here any more.

        Raises Refused (`sealing-key-unknown`, `sealing-key-last`).
        """
        with self._lock:
            self._follow()
            opened = self._open()
            before = _identities(opened.inside)
            left = [one for one in before if _public(one) != key]
            if len(left) == len(before):
                raise Refused(
                    check="sealing-key-unknown",
                    detail=N_("The keyring holds no such sealing key."),
                    next_step=N_("List those that it holds: gokei keys sealing list DIR"),
                    who="operator",
                )
            if not left:
                raise Refused(
                    check="sealing-key-last",
                    detail=N_("This is the only sealing key: without it no courier file could be opened."),
                    next_step=N_("Make a new one first: gokei keys card write DIR FILE --new-sealing-key"),
                    who="operator",
                )
            changed = opened.inside.model_copy(update={"sealing": left[0], "sealing_before": tuple(left[1:])})
            self._keep(changed, opened.passphrase, random)

    def tls(self, key: str) -> bytes:
        """The secret seed of a certificate's public key. Raises as `signer` does."""
        with self._lock:
            self._follow()
            seeds = [bytes.fromhex(one) for one in self._open().inside.tls]
        found = next((seed for seed in seeds if bytes(SoftwareSigner(seed).verify_key).hex() == key), None)
        if found is None:
            raise not_held(key)
        return found

    def post_quantum(self) -> PostQuantumSigner | None:
        """What signs checkpoints a second time, or None where there is no such key. Raises as `signer` does."""
        with self._lock:
            self._follow()
            seed = self._open().inside.post_quantum
            return None if seed is None else PostQuantumSigner(bytes.fromhex(seed))

    def add_post_quantum(self, random: Random) -> PostQuantumSigner:
        """That key, made now where there is none, and on disk before it is used."""
        with self._lock:
            self._follow()
            opened = self._open()
            if opened.inside.post_quantum is None:
                changed = opened.inside.model_copy(update={"post_quantum": random.bytes(32).hex()})
                self._keep(changed, opened.passphrase, random)
            return PostQuantumSigner(bytes.fromhex(str(self._open().inside.post_quantum)))

    def add_tls(self, random: Random) -> bytes:
        """The seed of one more key for TLS, on disk before it is used; those before it stay."""
        with self._lock:
            self._follow()
            opened = self._open()
            seed = random.bytes(32)
            # Of those of long ago none is on a card that anyone still has.
            seeds = (*opened.inside.tls, seed.hex())[-limits.TLS_KEYS_PER_NODE :]
            self._keep(opened.inside.model_copy(update={"tls": seeds}), opened.passphrase, random)
            return seed

    def open(self) -> None:
        """Open it now rather than at the first signature. Raises as `signer` does."""
        with self._lock:
            self._open()

    def add(self, office: str, random: Random) -> SoftwareSigner:
        """One more key for an office, made here and on disk before it is used. Raises Refused (`keyring-full`)."""
        with self._lock:
            self._follow()
            opened = self._open()
            if len(opened.inside.keys) >= limits.KEYS_PER_NODE:
                raise Refused(
                    check="keyring-full",
                    detail=N_("The keyring holds {limit} keys already, and takes no more."),
                    params={"limit": str(limits.KEYS_PER_NODE)},
                    next_step=N_("Look for requests that nobody granted: gokei keys list DIR"),
                    who="operator",
                )
            seed = random.bytes(32)
            secrets = (*opened.inside.keys, _Secret(office=office, seed=seed.hex()))
            self._keep(opened.inside.model_copy(update={"keys": secrets}), opened.passphrase, random)
            return SoftwareSigner(seed)

    def change_passphrase(self, new: bytes, strength: vault.Strength, random: Random) -> None:
        """Seal everything anew. The old file is replaced whole; copies of it still open with the old passphrase."""
        with self._lock:
            self._follow()
            self._keep(self._open().inside, new, random, strength)

    def _open(self) -> _Opened:
        if self._opened is None:
            passphrase = self._passphrase()
            plain = vault.unseal(self._file.box, passphrase, self._path)
            try:
                inside = _Inside.model_validate_json(plain)
            except ValidationError:
                raise _damaged(self._path) from None
            signers = {}
            for one in inside.keys:
                signer = SoftwareSigner(bytes.fromhex(one.seed))
                signers[bytes(signer.verify_key).hex()] = signer
            said = {(one.office, one.key) for one in self._file.holds}
            if said != {(one.office, key) for one, key in zip(inside.keys, signers, strict=False)}:
                raise _damaged(self._path)
            # A keyring of before does not name them outside.
            if self._file.sealing and self._file.sealing != tuple(_public(one) for one in _identities(inside)):
                raise _damaged(self._path)
            self._opened = _Opened(passphrase, inside, signers)
        return self._opened

    def _keep(self, inside: _Inside, passphrase: bytes, random: Random, strength: vault.Strength | None = None) -> None:
        box = self._file.box
        write(self._path, inside, passphrase, strength or vault.Strength(box.operations, box.memory), random)
        self._passphrase = lambda: passphrase
        self._opened = None
        self._file, self._stamp = _read(self._path)

    def _follow(self) -> None:
        """Read the file again where another process replaced it."""
        if _stamp(self._path) == self._stamp:
            return
        before = self._opened
        self._file, self._stamp = _read(self._path)
        self._opened = None
        if before is not None:
            given = self._passphrase
            self._passphrase = lambda: before.passphrase
            try:
                self._open()
            except Refused:
                self._passphrase = given


def make(
    path: Path,
    keys: list[tuple[str, bytes]],
    sealing: str,
    passphrase: bytes,
    strength: vault.Strength,
    random: Random,
    tls: bytes | None = None,
) -> None:
    """A new keyring's file: keys as (office, seed of 32 bytes), the age identity, the seed of the key for TLS."""
    secrets = tuple(_Secret(office=office, seed=seed.hex()) for office, seed in keys)
    write(
        path,
        _Inside(keys=secrets, sealing=sealing, tls=() if tls is None else (tls.hex(),)),
        passphrase,
        strength,
        random,
    )


def write(path: Path, inside: _Inside, passphrase: bytes, strength: vault.Strength, random: Random) -> None:
    """The keyring's file, whole or not at all."""
    holds = tuple(
        _Outside(
            office=one.office,
            algorithm="ed25519",
            key=bytes(SoftwareSigner(bytes.fromhex(one.seed)).verify_key).hex(),
        )
        for one in inside.keys
    )
    sealing = tuple(_public(one) for one in _identities(inside))
    box = vault.seal(canonical(inside.model_dump(mode="json")), passphrase, strength, random)
    vault.write_private(
        path, canonical(_File(gokei=1, holds=holds, sealing=sealing, box=box).model_dump(mode="json")) + b"\n"
    )


def _identities(inside: _Inside) -> tuple[str, ...]:
    return (inside.sealing, *inside.sealing_before)


def _public(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def _read(path: Path) -> tuple[_File, tuple[int, int, int]]:
    stamp = _stamp(path)
    vault.check_private(path)
    try:
        with path.open("rb") as file:
            return _File.model_validate_json(file.read(limits.KEY_FILE_BYTES + 1)), stamp
    except ValidationError:
        raise _damaged(path) from None


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _damaged(path: Path) -> BadInput:
    return BadInput(
        check="keyring-damaged",
        detail=N_("The node's keyring cannot be read, or does not hold the keys that it names."),
        next_step=N_("Put it back from a copy."),
        path=str(path),
        who="operator",
    )
