"""The packs on this machine as a library: found, read, and kept composed under the digest of their bytes."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gokei.law.library import Library
from gokei.law.loader import PackFile, compose, load
from gokei.law.loader.nodes import from_plain
from gokei.node import disk
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

AGREEMENTS_VARIABLE: Final = "GOKEI_AGREEMENTS"
_CACHE_VERSION: Final = "1"


def agreements_folder() -> Path:
    """Where the packs are: the folder that GOKEI_AGREEMENTS names, else those that came with the program."""
    named = os.environ.get(AGREEMENTS_VARIABLE)
    if named:
        return Path(named)
    package = Path(__file__).resolve().parents[1]
    shipped = package / "agreements"
    return shipped if shipped.is_dir() else package.parents[1] / "agreements"


def open_library(folder: Path | None = None) -> Library:
    """The library of a folder's packs. Raises BadInput or Problems (`pack-…`)."""
    # Nothing made here is garbage: collecting in between would only cost the start a fifth of its time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Library(load(_composed(read_files(folder or agreements_folder()))))
    finally:
        if collecting:
            gc.enable()


def read_files(folder: Path) -> list[tuple[str, bytes]]:
    """Path and bytes of every `.yaml` file below a folder, in order. Raises BadInput (`pack-folder`, `pack-size`)."""
    if not folder.is_dir():
        raise BadInput(
            check="pack-folder",
            detail=N_("There is no folder of packs at {folder}."),
            next_step=N_("Name the folder that holds treaties, laws and drafts."),
            params={"folder": str(folder)},
            path=str(folder),
        )
    paths = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    if not paths or len(paths) > limits.PACK_FILES:
        raise BadInput(
            check="pack-folder",
            detail=N_("The folder {folder} holds {count} packs; from 1 to {limit} are read."),
            params={"folder": str(folder), "count": str(len(paths)), "limit": str(limits.PACK_FILES)},
            path=str(folder),
        )
    found: list[tuple[str, bytes]] = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                found.append((str(path), stream.read(limits.PACK_BYTES + 1)))
        except OSError as error:
            if not disk.wrong_path(error):
                raise
            raise BadInput(
                check="pack-unreadable",
                detail=N_("The pack cannot be read: {reason}."),
                params={"reason": disk.reason(error)},
                path=str(path),
            ) from error
    return found


def _composed(files: Sequence[tuple[str, bytes]]) -> list[PackFile]:
    """The files' nodes, from the cache where the same bytes were composed before."""
    name = hashlib.sha256(_CACHE_VERSION.encode())
    for path, data in files:
        name.update(path.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(data).digest())
    cache = _cache_folder() / f"packs-{name.hexdigest()}.json"
    kept = _kept(cache)
    if kept is not None:
        return kept
    composed = compose(files)
    _keep(cache, composed)
    return composed


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gokei"


def _kept(cache: Path) -> list[PackFile] | None:
    """What the cache holds; nothing where it was never written, or is not whole."""
    try:
        text = cache.read_bytes()
        told, _, body = text.partition(b"\n")
        if told.decode("ascii") != hashlib.sha256(body).hexdigest():
            return None
        return [PackFile(path, content, from_plain(node)) for path, content, node in json.loads(body)]
    except (OSError, ValueError, TypeError):
        return None


def _keep(cache: Path, composed: Sequence[PackFile]) -> None:
    """Write the cache whole or not at all. A machine without a place for it does without."""
    body = json.dumps([[file.path, file.content, file.node.plain()] for file in composed]).encode()
    with contextlib.suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=cache.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        Path(temporary).replace(cache)
        kept = sorted(cache.parent.glob("packs-*.json"), key=lambda path: path.stat().st_mtime)
        for other in kept[: -limits.PACK_CACHES]:
            other.unlink(missing_ok=True)


class LawOnDemand:
    """The library of this machine's packs, read when the law is first asked: most acts on a node ask nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._library: Library | None = None

    @property
    def library(self) -> Library:
        """The whole library. Raises BadInput or Problems (`pack-…`)."""
        if self._library is None:
            self._library = open_library(self._folder)
        return self._library

    def answer(self, question: JsonObject, assume: Sequence[str]) -> JsonObject:
        """The determination of a question (machine contract, section 1)."""
        return self.library.answer(question, assume)

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        """The marking codes of `nation` that the agreement makes equal to `level` on that day."""
        return self.library.equivalents(agreement, level, nation, on)
