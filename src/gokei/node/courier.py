"""Courier files as they are opened: documents and checkpoints carried by hand, sealed with age (X25519).

A file is read twice, in little memory: once to know that all of it is there and for us, then to take it in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from gokei.journal.checkpoints import Checkpoint
from gokei.node import courier_file, sealing, signed
from gokei.node.catching_up import remembering_a_fork, take_carried
from gokei.node.checkpoints import read_theirs, take_cosigned
from gokei.node.core import Core
from gokei.node.courier_file import Header
from gokei.node.courier_waiting import Incoming
from gokei.node.desk import NodeDesk
from gokei.node.messages import Offer, read_offer
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

Take = Callable[[bytes], None]
_COUNTED: Final = ("documents", "back", "new", "new_back")


class Bundle(NamedTuple):
    """A courier file that was read through once: its first line, and by which of our sealing keys it was opened,
    counted from the newest."""

    path: Path
    header: Header
    opened_by: int

    def offer(self, core: Core) -> Offer:
        """What its writer's node says. Raises Refused (`offer-signature`) where a document tells of the node's key that
        is not here yet, and BadInput, Refused (`offer-…`)."""
        return read_offer(core, self.author, self.header.offer.encode())

    def known_offer(self, core: Core) -> Offer | None:
        """The same, or None where the key that signed it is not known here."""
        try:
            return self.offer(core)
        except Refused as problem:
            if problem.check != "offer-signature":
                raise
            return None

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self.header.author


def open_files(core: Core, paths: Sequence[Path]) -> JsonObject:
    """Take in courier files, parts in any order; opening one twice changes nothing more.

    `missing` are stretches of the partner's log that are neither in nor wait, `missing_back` those of our own that the
    partner holds; `offer` is false where the partner's node signed by a key that a document in another part tells of;
    `former_key` says that one was sealed to a key that our card states no more. All of it is said of the courier that
    was opened last; `documents`, `back`, `new` and `new_back` count all, and `couriers` has the same of each courier by
    itself, in the order in which they were opened last. Raises as the door does, and as `read`.
    """
    for path in paths:
        # A damaged or foreign file among them: before anything is taken in.
        read(core, path)
    couriers: dict[tuple[str, str], JsonObject] = {}
    for path in paths:
        bundle = read(core, path)
        name = (bundle.author, bundle.header.courier)
        before = couriers.pop(name, {})
        couriers[name] = _open(core, bundle, before)
    rows = [*couriers.values()]
    sums: JsonObject = {name: sum(_number(row, name) for row in rows) for name in _COUNTED}
    return (rows[-1] if rows else {}) | sums | {"couriers": [*rows]}


def read(core: Core, path: Path) -> Bundle:
    """A courier file sealed to this node, its lines counted. Raises BadInput (`courier-…`) for anything else."""
    reader = _Reading(core, path)
    number = courier_file.read(path, core.folder.keyring.sealing(), reader)
    if reader.found is None:
        raise courier_file.wrong(path)
    bundle = Bundle(path, reader.found, number)
    bundle.known_offer(core)
    return bundle


def each(core: Core, bundle: Bundle, document: Take, back: Take | None = None) -> None:
    """Read a file again, and give each document of its writer, and each that is given back, to be taken.

    Raises BadInput (`courier-content`) where it is another file than was read before.
    """
    courier_file.read(bundle.path, core.folder.keyring.sealing(), _Giving(bundle, document, back))


def _open(core: Core, bundle: Bundle, before: JsonObject) -> JsonObject:
    author, header = bundle.author, bundle.header
    channel = core.channel_of(author)
    had = _sizes(core, channel, author)
    offer = bundle.known_offer(core)
    mine = None if offer is None or offer.yours is None else take_cosigned(core, author, offer.yours.encode())
    incoming = Incoming(core, author, mine)
    waited = incoming.waiting()
    with remembering_a_fork(core, author):
        each(core, bundle, incoming.document, incoming.back)
        incoming.end()
    has = _sizes(core, channel, author)
    # Documents are believed by their own signatures, and one of them may tell of the key that signed the offer.
    offer = offer or (bundle.known_offer(core) if (has, incoming.waiting()) != (had, waited) else bundle.offer(core))
    theirs = None if offer is None or offer.checkpoint is None else read_theirs(core, author, offer.checkpoint.encode())
    written = 0 if theirs is None else theirs.written
    missing, lacking = incoming.missing(author, written), incoming.missing(core.nation, incoming.owed)
    if offer is not None and written <= has[0] and not (lacking and _is_ours(theirs, incoming.owed)):
        with remembering_a_fork(core, author):
            take_carried(core, author, offer)
    parts = _numbers(before.get("opened"))
    return {
        "from": author,
        "courier": header.courier,
        "opened": [*sorted(parts | {header.part})],
        "parts": header.parts,
        "documents": header.documents + _number(before, "documents"),
        "back": header.back + _number(before, "back"),
        "new": has[0] - had[0] + _number(before, "new"),
        "new_back": has[1] - had[1] + _number(before, "new_back"),
        "waiting": incoming.waiting(),
        "missing": _pairs(missing),
        "missing_back": _pairs(lacking),
        "cut": theirs is not None and not missing and not lacking and _is_final(core, author),
        "offer": offer is not None or bool(before.get("offer")),
        "former_key": bool(before.get("former_key")) or sealing.is_former(core, bundle.opened_by),
    }


def _is_final(core: Core, nation: str) -> bool:
    """Whether a cut covers all that lies between us: of this file, or of one that came before it."""
    return signed.may_sign(core, nation) and NodeDesk(core, core.channel(nation)).settled()


def _is_ours(theirs: Checkpoint | None, owed: int) -> bool:
    """Whether what the partner says to have seen of ours, and we do not hold, is what we ourselves signed once."""
    return theirs is None or theirs.seen <= owed


def _sizes(core: Core, channel: str, author: str) -> tuple[int, int]:
    """How many documents are in: the partner's, and ours."""
    return core.store.log(channel, author)[0].size, core.store.log(channel, core.nation)[0].size


def _pairs(stretches: Sequence[tuple[int, int]]) -> list[JsonValue]:
    return [[first, last] for first, last in stretches]


def _number(row: JsonObject, name: str) -> int:
    return int(str(row.get(name, 0)))


def _numbers(rows: JsonValue) -> set[int]:
    return {one for one in rows if isinstance(one, int)} if isinstance(rows, list) else set()


class _Reading:
    """A file read for what its first line says."""

    def __init__(self, core: Core, path: Path) -> None:
        self.found: Header | None = None
        self._core = core
        self._path = path

    def begin(self, header: Header) -> None:
        """Raises BadInput (`courier-reader`), Refused (`partner-unknown`)."""
        if header.reader != self._core.nation:
            raise BadInput(
                check="courier-reader",
                detail=N_("The file is for another nation."),
                path=str(self._path),
                next_step=N_("Ask the partner for a new courier file."),
            )
        self._core.partner(header.author)
        self.found = header

    def document(self, envelope: bytes) -> None:
        """Looked at when it is taken in."""

    def back(self, envelope: bytes) -> None:
        """Looked at when it is taken in."""


class _Giving:
    """A file read for its documents."""

    def __init__(self, bundle: Bundle, document: Take, back: Take | None) -> None:
        self._bundle = bundle
        self._document = document
        self._back = back

    def begin(self, header: Header) -> None:
        """Raises BadInput (`courier-content`) for another file than was read."""
        if header != self._bundle.header:
            raise courier_file.wrong(self._bundle.path)

    def document(self, envelope: bytes) -> None:
        """The writer's next."""
        self._document(envelope)

    def back(self, envelope: bytes) -> None:
        """The reader's own next."""
        if self._back is not None:
            self._back(envelope)
