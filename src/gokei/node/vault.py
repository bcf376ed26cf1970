"""Secrets at rest: a passphrase, Argon2id (RFC 9106) and a secretbox (XSalsa20-Poly1305, NaCl), in one JSON file.

Files are replaced whole: a new file beside the old one, on disk, then renamed over it. Only their user reads them.
"""

from __future__ import annotations

import base64
import contextlib
import os
import stat
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from nacl import pwhash
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from pydantic import Field

from gokei.journal.frames import Strict
from gokei.node import disk
from gokei.node.ports import Random
from gokei.terms import limits
from gokei.terms.problems import Refused
from gokei.terms.words import N_

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Strength(NamedTuple):
    """What a guess of the passphrase costs: passes of Argon2id, and bytes of memory."""

    operations: int
    memory: int


# A fifth of a second to a second, and 256 MiB, for each guess.
STRONG: Final = Strength(pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE)
# For random passphrases that lie beside the box: they need no stretching, and an exercise opens thousands.
LIGHT: Final = Strength(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)


class Box(Strict):
    """A sealed secret and how it was sealed."""

    derivation: Literal["argon2id"]
    operations: Annotated[int, Field(ge=1, le=limits.KEY_DERIVATION_OPERATIONS)]
    memory: Annotated[int, Field(ge=8192, le=limits.KEY_DERIVATION_BYTES)]
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    cipher: Literal["xsalsa20-poly1305"]
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{48}$")]
    sealed: Annotated[str, Field(max_length=limits.KEY_FILE_BYTES)]


def seal(secret: bytes, passphrase: bytes, strength: Strength, random: Random) -> Box:
    """The secret in a box that the passphrase opens."""
    salt, nonce = random.bytes(16), random.bytes(SecretBox.NONCE_SIZE)
    sealed = SecretBox(_key(passphrase, salt, strength)).encrypt(secret, nonce).ciphertext
    return Box(
        derivation="argon2id",
        operations=strength.operations,
        memory=strength.memory,
        salt=salt.hex(),
        cipher="xsalsa20-poly1305",
        nonce=nonce.hex(),
        sealed=base64.b64encode(sealed).decode(),
    )


def unseal(box: Box, passphrase: bytes, path: Path) -> bytes:
    """The secret in the box. Raises Refused (`passphrase-wrong`), which says nothing of either."""
    key = _key(passphrase, bytes.fromhex(box.salt), Strength(box.operations, box.memory))
    try:
        return SecretBox(key).decrypt(base64.b64decode(box.sealed), bytes.fromhex(box.nonce))
    except (CryptoError, ValueError):
        # Not chained: nothing of what was tried may reach a traceback.
        raise Refused(
            check="passphrase-wrong",
            detail=N_("The passphrase does not open this file, or the file was changed."),
            next_step=N_("Give the right passphrase, or put the file back from a copy."),
            path=str(path),
            who="operator",
        ) from None


def _key(passphrase: bytes, salt: bytes, strength: Strength) -> bytes:
    return crypto_pwhash_alg(
        SecretBox.KEY_SIZE, passphrase, salt, strength.operations, strength.memory, crypto_pwhash_ALG_ARGON2ID13
    )


def write_private(path: Path, data: bytes, new: bool = False) -> None:
    """The file holds these bytes, all or none, on disk, and readable by its user alone.

    With `new` an older file is never replaced. Raises Refused (`file-exists`).
    """
    if new:
        disk.check_new(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with disk.named(path):
        draft.unlink(missing_ok=True)
        disk.write_through(draft, data, os.O_EXCL, 0o600)
        try:
            if new:
                disk.put_new(draft, path)
            else:
                draft.replace(path)
        except FileExistsError as error:
            raise disk.exists(path) from error
        finally:
            draft.unlink(missing_ok=True)
        # Not every file system flushes a folder.
        with contextlib.suppress(OSError):
            disk.sync_folder(path.parent)


def check_private(path: Path) -> None:
    """Raises Refused (`keys-readable`) where others than the file's user may read or change it."""
    if path.stat().st_mode & _OTHERS:
        raise Refused(
            check="keys-readable",
            detail=N_("Other users of this machine may read or change {path}."),
            params={"path": str(path)},
            next_step=N_("Take their rights away: chmod 600 {path}"),
            path=str(path),
            who="operator",
        )
