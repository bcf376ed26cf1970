"""The real clock, randomness, network and files of a node that is not simulated."""

from __future__ import annotations

import datetime
import fcntl
import os
import secrets
import time
from pathlib import Path
from typing import Final

import httpx

from gokei.node import disk
from gokei.terms import limits
from gokei.terms.problems import Unavailable
from gokei.terms.words import N_

# FS_IOC_GETVERSION of Linux: the generation of an inode, which changes when its number is used again.
_GET_VERSION: Final = 0x80087601


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> str:
        """This instant, to the second."""
        return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SystemRandom:
    """The operating system's randomness."""

    def bytes(self, count: int) -> bytes:
        """So many bytes that nobody can guess."""
        return secrets.token_bytes(count)


class HttpNetwork:
    """HTTP with bounded time and bounded answers; one connection is kept for each address."""

    def __init__(self) -> None:
        self._client = httpx.Client(timeout=limits.NETWORK_SECONDS, follow_redirects=False, trust_env=False)

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Post to a partner's node. Raises Unavailable when it cannot be reached or answers without end."""
        until = time.monotonic() + limits.EXCHANGE_SECONDS
        try:
            with self._client.stream("POST", address.rstrip("/") + path, content=body) as answer:
                found = bytearray()
                for part in answer.iter_bytes():
                    found += part
                    if len(found) > limits.EXCHANGE_ANSWER_BYTES:
                        raise _unreachable(address, "the answer is too long")
                    if time.monotonic() > until:
                        raise _unreachable(address, "the answer takes too long")
                return answer.status_code, bytes(found)
        except httpx.HTTPError as error:
            raise _unreachable(address, str(error)) from error
        except httpx.InvalidURL as error:
            raise _unreachable(address, str(error)) from error

    def close(self) -> None:
        """Let all connections go."""
        self._client.close()


def _unreachable(address: str, reason: str) -> Unavailable:
    return Unavailable(
        check="partner-unreachable",
        detail=N_("The partner's node at {address} cannot be reached: {reason}."),
        next_step=N_("Try again later, or carry a courier file. Nothing is lost meanwhile."),
        params={"address": address, "reason": reason or "no answer"},
    )


class FolderFiles:
    """The files of a node's own folder, whose `journal` and `mark` (never written again) tell it from a copy."""

    def __init__(self, folder: Path, journal: Path, mark: Path) -> None:
        self._folder = folder
        self._journal = journal
        self._mark = mark

    def read(self, name: str) -> bytes | None:
        """A file's bytes, or None where there is none."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def replace(self, name: str, data: bytes) -> None:
        """The file holds these bytes, all or none of them, and they are on disk."""
        disk.replace(self._folder / name, data)

    def place(self) -> str:
        """Inodes of the journal and of the folder's mark, and the mark's generation: what is restored has others.

        The journal is only looked at: whoever opens a database of SQLite beside SQLite takes its locks away.
        """
        inode = self._journal.stat().st_ino
        with self._mark.open("rb") as file:
            mark = os.fstat(file.fileno()).st_ino
            try:
                answer = fcntl.ioctl(file.fileno(), _GET_VERSION, b"\x00" * 8)
            except OSError:
                return f"{inode}-{mark}"
        return f"{inode}-{mark}-{int.from_bytes(answer[:4], 'little')}"
