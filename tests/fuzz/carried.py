"""Targets by courier file: any bytes, any content truly sealed, documents that wait, and our own given back."""

from __future__ import annotations

import json
from pathlib import Path

import pyrage

from gokei.journal.keys import read_card
from gokei.terms import limits
from tests.fuzz.signed import signed_document
from tests.fuzz.world import world


def sealed(data: bytes) -> object:
    file = world().folder / "raw.courier"
    file.write_bytes(data)
    with world().undone(world().jp):
        return world().jp.courier_open(file)


def content(data: bytes) -> object:
    """Any content, truly sealed to the node."""
    file = file_of(data, "content")
    with world().undone(world().jp):
        return world().jp.courier_open(file)


def back(data: bytes) -> object:
    """The same, to a journal that was put back from before it wrote anything: it takes its own documents back."""
    file = file_of(data, "back")
    with world().put_back(world().jp):
        return world().jp.courier_open(file)


def waiting(data: bytes) -> object:
    """Files with a zero byte between, opened one after the other; in each a frame a line, each truly signed.

    What stands too far on waits in the store until what comes before it is there, and is looked at again then.
    """
    files = [_of_frames(one, number) for number, one in enumerate(data.split(b"\0")[:3])]
    with world().undone(world().jp):
        return [world().jp.courier_open(file) for file in files]


def _of_frames(frames: bytes, number: int) -> Path:
    found = [signed_document(one) for one in frames.split(b"\n")[: limits.DOCUMENTS_PER_WINDOW]]
    first = json.dumps(world().bare_header | {"documents": len(found)})
    return file_of(b"\n".join((first.encode(), *found, b"")), f"waiting-{number}")


def file_of(data: bytes, name: str) -> Path:
    """A file of that content, sealed to Japan."""
    sealing = read_card(world().jp.card())[0].sealing
    assert sealing is not None
    file = world().folder / f"{name}.courier"
    file.write_bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(sealing)]))
    return file


def content_of(file: Path) -> bytes:
    """What is in a file that is sealed to Japan."""
    identity = pyrage.x25519.Identity.from_str(world().jp.core.folder.keyring.sealing()[0])
    return bytes(pyrage.decrypt(file.read_bytes(), [identity]))
