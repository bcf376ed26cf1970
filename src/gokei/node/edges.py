"""The real clock, randomness, network and files of a node that is not simulated."""

from __future__ import annotations

import datetime
import fcntl
import os
import re
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

import httpx

from gokei.node import disk, tls
from gokei.node.tls import Credentials
from gokei.terms import limits
from gokei.terms.problems import OurBug, Unavailable
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


class HttpsNetwork:
    """HTTPS to each partner by its own certificate, with bounded time and bounded answers; connections are kept."""

    def __init__(self) -> None:
        self._credentials: Credentials | None = None
        self._lock = threading.Lock()
        self._lines: dict[str, Line] = {}

    def show(self, credentials: Credentials) -> None:
        """What to show partners and to accept of them, before the first call."""
        self._credentials = credentials

    def to(self, nation: str) -> Line:
        """The way to a partner's node, by the certificate that its card has now. Raises Refused (`tls-none`)."""
        if self._credentials is None:
            raise OurBug(check="network-bare", detail=N_("The network has no certificate to show."))
        certificate, context = self._credentials.to_call(nation)
        with self._lock:
            held = self._lines.get(nation)
            if held is None or held.certificate != certificate:
                if held is not None:
                    held.close()
                held = self._lines[nation] = Line(nation, certificate, context)
            return held

    def close(self) -> None:
        """Let all connections go."""
        with self._lock:
            for line in self._lines.values():
                line.close()
            self._lines.clear()


# The system's own number of an error, before its words.
_NUMBER: Final = re.compile(r"^\[Errno -?[0-9]+\] ")


class Line:
    """HTTPS to the node of one partner, that shows the one certificate."""

    def __init__(self, nation: str, certificate: bytes, context: ssl.SSLContext) -> None:
        self.certificate = certificate
        self._nation = nation
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._client = httpx.Client(
            verify=context,
            timeout=limits.NETWORK_SECONDS,
            follow_redirects=False,
            trust_env=False,
            # What is packed may be a thousand times as large unpacked, before anyone has counted it.
            headers={"accept-encoding": "identity"},
        )

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Post to the partner's node. Raises Unavailable: `partner-unreachable`, `tls-address`, `tls-certificate`."""
        if not address.lower().startswith("https://"):
            raise _not_https(self._nation, address)
        until = time.monotonic() + limits.EXCHANGE_SECONDS
        # Each read has an end of its own, and a head that comes byte by byte would have none.
        cut = threading.Timer(limits.EXCHANGE_SECONDS, self._cut)
        cut.daemon = True
        cut.start()
        try:
            with self._client.stream(
                "POST", address.rstrip("/") + path, content=body, extensions={"trace": self._traced}
            ) as answer:
                found = bytearray()
                for part in answer.iter_raw():
                    found += part
                    if len(found) > limits.EXCHANGE_ANSWER_BYTES:
                        raise _unreachable(address, "the answer is too long")
                    if time.monotonic() > until:
                        raise _unreachable(address, "the answer takes too long")
                return answer.status_code, bytes(found)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            said = tls.reason(error)
            raise (_unreachable(address, str(error)) if said is None else _not_pinned(self._nation, said)) from error
        finally:
            cut.cancel()

    def _traced(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by httpcore of what it does: the sockets that it opens are known from here on."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._sockets.add(info["return_value"].get_extra_info("socket"))

    def _cut(self) -> None:
        """End all wires to this partner, whoever waits for one: what waits hears the end at once."""
        for one in [*self._sockets]:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def _unreachable(address: str, reason: str) -> Unavailable:
    return Unavailable(
        check="partner-unreachable",
        detail=N_("The partner's node at {address} cannot be reached: {reason}."),
        # A node that does not know our certificate hangs up, and what it says of it often gets lost.
        next_step=N_(
            "Try again later, or carry a courier file. Nothing is lost meanwhile. "
            "Where the partner's node answers others, it may lack this node's newest card."
        ),
        params={"address": address, "reason": _NUMBER.sub("", reason) or "no answer"},
    )


def _not_https(nation: str, address: str) -> Unavailable:
    return Unavailable(
        check="tls-address",
        detail=N_("{address} is no address of HTTPS, and nodes speak with each other over nothing else."),
        next_step=N_("Name where the exchange of {nation} answers: gokei sync DIR PARTNER --address https://…"),
        params={"nation": nation, "address": address[: limits.TEXT_CHARACTERS]},
    )


def _not_pinned(nation: str, said: str) -> Unavailable:
    return Unavailable(
        check="tls-certificate",
        detail=N_("The wire to {nation} was not made: {reason}. One end does not know the certificate of the other."),
        next_step=N_(
            "Give each other the newest cards, and add them: gokei partner add DIR FILE. "
            "Where they are the newest, something else answers at that address."
        ),
        params={"nation": nation, "reason": said},
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
