"""A folder of packs read as one body of law, with every problem in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gokei.law.instruments import Instrument
from gokei.law.loader.instruments import read_instrument
from gokei.law.loader.nodes import Node, parse_yaml
from gokei.law.loader.places import Notes, Place
from gokei.terms.canonical import sha256_name
from gokei.terms.problems import BadInput, Problems
from gokei.terms.words import N_


class PackFile(NamedTuple):
    """One pack file: its path, as problems show it, the digest of its bytes, and its nodes."""

    path: str
    content: str
    node: Node


def compose(files: Iterable[tuple[str, bytes]]) -> list[PackFile]:
    """The nodes of pack files. Raises Problems with every file that is not YAML."""
    found: list[PackFile] = []
    notes = Notes()
    for path, data in files:
        try:
            found.append(PackFile(path, sha256_name(data), parse_yaml(data, path)))
        except BadInput as problem:
            notes.add(problem)
            # The other files are still read, so that one round of corrections is enough.
            found.append(PackFile(path, sha256_name(data), Node("scalar", "", (), 1, 1)))
    if notes.problems:
        broken = {problem.path for problem in notes.problems}
        _read([file for file in found if file.path not in broken], notes)
        raise Problems(notes.problems)
    return found


def load(files: Sequence[PackFile]) -> tuple[Instrument, ...]:
    """The instruments of composed packs, by id. Raises Problems with all that is wrong."""
    notes = Notes()
    instruments = _read(files, notes)
    if notes.problems:
        raise Problems(notes.problems)
    return instruments


def _read(files: Sequence[PackFile], notes: Notes) -> tuple[Instrument, ...]:
    found: dict[str, Instrument] = {}
    places: dict[str, Place] = {}
    for file in files:
        place = Place(file.node, file.path, notes)
        instrument = read_instrument(place, file.content)
        if instrument is None:
            continue
        if instrument.id in found:
            place.note("pack-id", N_("The instrument {text} stands in two files."), text=instrument.id)
            continue
        found[instrument.id], places[instrument.id] = instrument, place
    _check_together(found, places)
    return tuple(found[name] for name in sorted(found))


def _check_together(found: dict[str, Instrument], places: dict[str, Place]) -> None:
    laws = {party for one in found.values() if one.kind == "law" and one.about == "support" for party in one.parties}
    for name, instrument in found.items():
        if instrument.supersedes and instrument.supersedes not in found:
            places[name].note(
                "pack-supersedes", N_("It supersedes {text}, which no pack states."), text=instrument.supersedes
            )
        if instrument.kind != "support" or instrument.draft:
            continue
        for party in instrument.parties:
            if party not in laws:
                places[name].note(
                    "pack-law", N_("No pack states the law of {text}, a party to this agreement."), text=party
                )
