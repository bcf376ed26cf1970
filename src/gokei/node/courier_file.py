"""The form of a courier file: lines, sealed with age (X25519), written and read in the same memory whatever its size.

The first line says whose the file is and how many documents follow. Then comes an envelope a line: first what is given
back of the reader's own log, then the writer's documents.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol

import pyrage
from pydantic import Field, ValidationError

from gokei.journal.frames import NationCode, Strict
from gokei.node import disk
from gokei.node.folder import AGE_MARK
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

_Count = Annotated[int, Field(ge=0, le=limits.COURIER_BYTES)]
_Part = Annotated[int, Field(ge=1, le=limits.COURIER_BYTES)]
# age's own header for one reader, and its 16 bytes for each 64 KiB.
SEAL_BYTES: Final = 512
SEALED_SHARE: Final = 4000


class Header(Strict):
    """The first line: who wrote to whom, which courier and part it is, the signed offer, and what follows it."""

    gokei: Literal[1]
    author: Annotated[NationCode, Field(alias="from")]
    reader: Annotated[NationCode, Field(alias="to")]
    courier: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    part: _Part
    parts: _Part
    offer: Annotated[str, Field(max_length=limits.COURIER_HEADER_BYTES)]
    back: _Count
    documents: _Count

    def encode(self) -> bytes:
        """The line."""
        return canonical(self.model_dump(mode="json", by_alias=True)) + b"\n"


class Written(NamedTuple):
    """A file that was written: its size in bytes and its SHA-256 (hexadecimal)."""

    size: int
    sha256: str


class Taker(Protocol):
    """Who takes a file in, line by line, in the order of the file."""

    def begin(self, header: Header) -> None:
        """The first line, before any document."""

    def document(self, envelope: bytes) -> None:
        """The writer's next document."""

    def back(self, envelope: bytes) -> None:
        """The next document of the reader's own log that is given back."""


def write(path: Path, header: Header, envelopes: Iterable[bytes], sealing: str) -> Written:
    """The file, whole or not at all, and on disk. Raises BadInput (`file-write`), Refused (`courier-sealing`)."""
    draft = path.with_name(path.name + ".new")
    source = _Source(header, envelopes)
    try:
        recipient = pyrage.x25519.Recipient.from_str(sealing)
    except pyrage.RecipientError as error:
        raise Refused(
            check="courier-sealing",
            detail=N_("The card of {nation} has a sealing key that is none."),
            next_step=N_("Ask the partner for a new card."),
            params={"nation": header.reader},
            who="partner",
        ) from error
    try:
        with disk.named(path), draft.open("wb") as file:
            sink = _Measured(file)
            try:
                pyrage.encrypt_io(source, sink, [recipient])
            except Exception as error:
                # The library says that it failed, in its own words; we know why.
                raise source.error or sink.error or error from None
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _keep_name(path)
    except BaseException as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if not isinstance(error, OSError) or not disk.wrong_path(error):
            raise
        raise BadInput(
            check="file-write",
            detail=N_("The file cannot be written: {reason}."),
            next_step=N_("Make its folder first, or name another file."),
            params={"reason": disk.reason(error)},
            path=str(path),
        ) from error
    return Written(sink.size, sink.digest.hexdigest())


def _keep_name(path: Path) -> None:
    """The file's name is on disk too, or there is no file: what was said to have failed is packed again."""
    try:
        with disk.named(path):
            disk.sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def read(path: Path, identities: Sequence[str], taker: Taker) -> int:
    """Give a file's lines to `taker`, and return which of the identities opened it; each is tried in its turn.

    A line is authentic for age as soon as it is given; that the file is whole is known when this returns. Raises
    BadInput (`courier-sealed`, `courier-content`, `file-missing`, `file-size`) and what the taker raises.
    """
    try:
        size = path.stat().st_size
        if size > limits.COURIER_BYTES:
            raise BadInput(
                check="file-size",
                detail=N_("{path} is {size} bytes; at most {limit} are taken."),
                params={"path": str(path), "size": str(size), "limit": str(limits.COURIER_BYTES)},
                next_step=N_("Ask the partner for parts: gokei courier pack DIR --to PARTNER OUT --split SIZE"),
                path=str(path),
            )
        with path.open("rb") as file:
            if not file.read(len(AGE_MARK)).startswith(AGE_MARK):
                raise BadInput(
                    check="courier-content",
                    detail=N_("The file is not a courier file of Gokei."),
                    next_step=N_("Name the files that the partner packed, and no others."),
                    path=str(path),
                )
            for number, identity in enumerate(identities):
                lines = _Lines(taker, path)
                file.seek(0)
                if _opened(_Bounded(file), identity, lines):
                    lines.end()
                    return number
    except OSError as error:
        if not disk.wrong_path(error):
            raise
        raise BadInput(
            check="file-missing",
            detail=N_("The file cannot be read: {reason}."),
            next_step=N_("Check the name of the file."),
            params={"reason": disk.reason(error)},
            path=str(path),
        ) from error
    raise _sealed(path)


def wrong(path: Path, detail: str = N_("The file is not a courier file of Gokei.")) -> BadInput:
    """The problem that what was sealed is not what it should be."""
    return _bad("courier-content", detail, path)


def _sealed(path: Path) -> BadInput:
    return BadInput(
        check="courier-sealed",
        detail=N_("The file is not sealed to a key that this node holds, or it was damaged on its way."),
        next_step=N_(
            "Your own files open at the partner alone. Else give the partner your newest card, and ask for a new file."
        ),
        path=str(path),
    )


def _bad(check: str, detail: str, path: Path) -> BadInput:
    return BadInput(check=check, detail=detail, path=str(path), next_step=N_("Ask the partner for a new courier file."))


def _opened(file: _Bounded, identity: str, lines: _Lines) -> bool:
    """Whether the identity opens the file. Raises BadInput (`courier-sealed`) for one that is damaged further on."""
    try:
        pyrage.decrypt_io(file, lines, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError:
        if file.error is not None:
            raise file.error from None
        return False
    except OSError as error:
        # What the library itself finds damaged has no number; the system's own errors do.
        if file.error is not None or error.errno is not None:
            raise
        raise _sealed(lines.path) from error
    return True


class _Source:
    """What is sealed, as a file to read from: the header and the envelopes, made as they are asked for."""

    def __init__(self, header: Header, envelopes: Iterable[bytes]) -> None:
        self.error: BaseException | None = None
        self._pieces = self._all(header, envelopes)
        self._rest = b""

    @staticmethod
    def _all(header: Header, envelopes: Iterable[bytes]) -> Iterator[bytes]:
        yield header.encode()
        for one in envelopes:
            yield one + b"\n"

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        try:
            pieces = [self._rest]
            held = len(self._rest)
            while held < size and (piece := next(self._pieces, b"")):
                pieces.append(piece)
                held += len(piece)
        except BaseException as error:
            self.error = error
            raise
        given = b"".join(pieces)
        self._rest = given[size:]
        return given[:size]


class _Measured:
    """A file to write to, that knows how much was written and its hash."""

    def __init__(self, file: Any) -> None:
        self.error: BaseException | None = None
        self.size = 0
        self.digest = hashlib.sha256()
        self._file = file

    def write(self, data: bytes) -> int:
        """Write all of it."""
        try:
            self._file.write(data)
        except BaseException as error:
            self.error = error
            raise
        self.size += len(data)
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""


class _Bounded:
    """A file to read from, no further than a courier file may be long."""

    def __init__(self, file: Any) -> None:
        self.error: BaseException | None = None
        self._file = file
        self._left = limits.COURIER_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        try:
            found: bytes = self._file.read(min(size, self._left) if size >= 0 else self._left)
        except BaseException as error:
            self.error = error
            raise
        self._left -= len(found)
        return found


class _Lines:
    """What was unsealed, as a file to write to: cut into lines, each given on as soon as it is whole."""

    def __init__(self, taker: Taker, path: Path) -> None:
        self.path = path
        self._taker = taker
        self._header: Header | None = None
        self._count = 0
        self._rest = b""

    def write(self, data: bytes) -> int:
        """Take the next bytes. Raises BadInput (`courier-content`) and what the taker raises."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self._line(line)
        if len(self._rest) > self._most():
            raise wrong(self.path)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def end(self) -> None:
        """Raises BadInput (`courier-content`) where lines are missing."""
        if self._header is None or self._rest or self._count != self._header.back + self._header.documents:
            raise wrong(self.path)

    def _most(self) -> int:
        return limits.COURIER_HEADER_BYTES if self._header is None else limits.ENVELOPE_BYTES

    def _line(self, line: bytes) -> None:
        if len(line) > self._most():
            raise wrong(self.path)
        if self._header is None:
            self._header = _header(line, self.path)
            self._taker.begin(self._header)
            return
        self._count += 1
        give: Callable[[bytes], None] = self._taker.back if self._count <= self._header.back else self._taker.document
        if self._count > self._header.back + self._header.documents:
            raise wrong(self.path)
        give(line)


def _header(line: bytes, path: Path) -> Header:
    try:
        parse_object(line, max_bytes=limits.COURIER_HEADER_BYTES, max_string=limits.COURIER_HEADER_BYTES)
        found = Header.model_validate_json(line)
    except (ValidationError, BadInput) as error:
        raise wrong(path) from error
    if found.part > found.parts:
        raise wrong(path)
    return found
