"""What this node signed last, in a file beside the journal: so that a journal restored from a backup signs nothing.

A log that goes on from an older copy would be forked: partners hold documents and checkpoints that the copy has
forgotten. So every checkpoint is on disk here before anyone sees it, no document leaves before a checkpoint counts
it, and before the node signs anything its journal is held against the file (a compare-and-swap on the signed head).

A copy of the whole folder brings an old file with it. Where the system can tell the copy from the original, the node
signs nothing for a partner until that partner was heard and has given back what the copy lacks. Where a partner shows
that the log went on from a copy, the node signs nothing more for it until the operator has put that aside.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from gokei.journal.checkpoints import Checkpoint, parse_checkpoint
from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.frames import Frame, Instant, NationCode, Strict
from gokei.journal.notes import Note
from gokei.node import disk
from gokei.node.core import Core
from gokei.node.trees import LogTree
from gokei.terms import limits
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

FILE: Final = "signed.json"


class Signed(Strict):
    """The file: where the journal lay, the newest checkpoint to each partner, and who must be heard, since when.

    `forked` are the partners that hold another branch of our log than the journal does, and when each showed it.
    """

    gokei: Literal[1]
    place: str
    checkpoints: dict[NationCode, str] = Field(default_factory=dict)
    unheard: Annotated[tuple[NationCode, ...], Field(max_length=1000)] = ()
    forked: dict[NationCode, Instant] = Field(default_factory=dict)
    since: Instant | None = None


def begin(core: Core) -> None:
    """Look at the file when the node opens: a journal at another place than it says was restored, or copied."""
    place = core.files.place()
    held = _read(core)
    if held is not None and held.place == place:
        return
    with core.store.writing():
        held = _read(core)
        if held is None:
            written = core.store.row("SELECT 1 FROM documents LIMIT 1") is not None
            held = Signed(gokei=1, place=place)
            _write(core, held.model_copy(update=_to_hear(core)) if written else held)
        elif held.place != place:
            _write(core, held.model_copy(update={"place": place, **_to_hear(core)}))


def last(core: Core, nation: str) -> tuple[Checkpoint, bytes] | None:
    """The newest checkpoint that this node signed for a partner, and its note; None before the first."""
    text = _held(core).checkpoints.get(nation)
    return None if text is None else (parse_checkpoint(Note.decode(text.encode()).text), text.encode())


def left(core: Core, nation: str) -> int:
    """How many of our documents may have left for the partner: none leaves before a checkpoint counts it."""
    found = last(core, nation)
    return 0 if found is None else found[0].written


def unheard(core: Core) -> tuple[str, ...]:
    """The partners that must be heard before this node signs anything for them."""
    return _held(core).unheard


def branches(core: Core) -> tuple[str, ...]:
    """The partners that hold another branch of our log than the journal does."""
    return tuple(_held(core).forked)


def is_unsure(core: Core, nation: str) -> bool:
    """Whether only the partner can say if our journal is the newest copy, and no other branch of our log."""
    held = _held(core)
    return nation in held.unheard or nation in held.forked


def check(core: Core, nation: str) -> None:
    """Hold the journal against what was signed. Raises Refused (`node-forked`, `node-restored`, `node-behind`): sign
    nothing."""
    if nation in _held(core).forked:
        raise forked(nation)
    if nation in unheard(core):
        raise Refused(
            check="node-restored",
            detail=N_(
                "This node's journal was restored or copied, and may lack what was signed before. "
                "It signs nothing for {nation} until that partner was heard."
            ),
            next_step=N_(
                "Exchange with the partner: gokei sync DIR PARTNER, or open a courier file of it. "
                "If there is no other copy that signed anything: gokei node confirm DIR"
            ),
            params={"nation": nation},
            who="operator",
        )
    found = last(core, nation)
    if found is not None and behind(core, nation, found[0]):
        raise Refused(
            check="node-behind",
            detail=N_(
                "This node signed for {nation} that it had written {written} documents and seen {seen}; "
                "its journal does not hold those. It is an older copy."
            ),
            next_step=N_("Let the partner give them back: gokei sync DIR PARTNER"),
            params={"nation": nation, "written": str(found[0].written), "seen": str(found[0].seen)},
            who="operator",
        )


def forked(nation: str) -> Refused:
    """The problem that a partner holds another branch of our log than our journal does."""
    return Refused(
        check="node-forked",
        detail=N_(
            "Our own log to {nation} went on from an older copy: the partner holds other documents of ours than we do."
        ),
        next_step=N_(
            "Put what was signed since aside, and take the partner's copy: gokei node set-aside DIR PARTNER. "
            "Then issue again what was put aside."
        ),
        params={"nation": nation},
        who="operator",
    )


def may_sign(core: Core, nation: str) -> bool:
    """Whether the journal is the newest copy, as far as anyone can tell."""
    try:
        check(core, nation)
    except Refused:
        return False
    return True


def behind(core: Core, nation: str, mine: Checkpoint) -> bool:
    """Whether the journal lacks what our own checkpoint counts, or holds what contradicts it."""
    channel = core.channel_of(nation)
    for author, size, root in ((core.nation, mine.written, mine.root), (nation, mine.seen, mine.seen_root)):
        tree = LogTree(core.store, channel, author)
        if tree.size < size or tree.root(size) != root:
            return True
    return unsees(core, nation, mine)


def contradicts(core: Core, nation: str, mine: Checkpoint) -> bool:
    """Whether the journal holds all that our own checkpoint counts of our log, and holds it otherwise."""
    tree = LogTree(core.store, core.channel_of(nation), core.nation)
    return tree.size >= mine.written and tree.root(mine.written) != mine.root


def unsees(core: Core, nation: str, mine: Checkpoint) -> bool:
    """Whether what we wrote after our own checkpoint has seen less than it says: then it is a copy's."""
    for row in core.store.after(core.channel_of(nation), core.nation, mine.written, 1):
        frame = Frame.model_validate_json(Envelope.decode(row.envelope, DOCUMENT).payload)
        return frame.seen < mine.seen
    return False


def shown(core: Core, nation: str) -> int:
    """How many of our documents a node that may sign nothing still gives back: none that contradict what it signed."""
    if nation in _held(core).forked:
        return 0
    found = last(core, nation)
    if found is None:
        return limits.DOCUMENTS_OF_A_LOG
    tree = LogTree(core.store, core.channel_of(nation), core.nation)
    if tree.size < found[0].written:
        return tree.size
    return found[0].written if tree.root(found[0].written) == found[0].root else 0


def keep(core: Core, nation: str, note: bytes) -> None:
    """Put a checkpoint on disk before anyone sees it; call it inside a transaction that appends nothing."""
    held = _held(core)
    _write(core, held.model_copy(update={"checkpoints": held.checkpoints | {nation: note.decode()}}))


def replace(core: Core, nation: str, note: str | None) -> None:
    """Our own checkpoint as a partner holds it (None: it holds none) counts as signed, whatever the file says: ours was
    over a fork. Call it inside a transaction."""
    held = _held(core)
    left = {name: one for name, one in held.checkpoints.items() if name != nation}
    _write(core, held.model_copy(update={"checkpoints": left if note is None else left | {nation: note}}))
    core.store.run("DELETE FROM checkpoints WHERE channel=? AND author=?", (core.channel_of(nation), core.nation))
    if note is not None:
        mine = parse_checkpoint(Note.decode(note.encode()).text)
        core.store.run(
            "INSERT INTO checkpoints (channel, author, kind, written, seen, note) VALUES (?,?,?,?,?,?)",
            (core.channel_of(nation), core.nation, "newest", mine.written, mine.seen, note.encode()),
        )


def adopt(core: Core, nation: str, mine: Checkpoint, note: bytes) -> None:
    """Our own checkpoint as a partner holds it counts as signed, where it is newer than what the file says, or where
    file and journal are a copy of a branch that was left: they have more of the one log, and less of the other, or we
    signed that we had less after what the file says."""
    with core.store.writing():
        found = last(core, nation)
        if (
            found is None
            or _newer(mine, found[0])
            or _went_back(found[0], mine)
            or (_apart(mine, found[0]) and behind(core, nation, mine))
        ):
            keep(core, nation, note)


def _newer(one: Checkpoint, other: Checkpoint) -> bool:
    return (one.written, one.seen, one.time) > (other.written, other.seen, other.time)


def _went_back(before: Checkpoint, after: Checkpoint) -> bool:
    """Whether what was signed later counts less: only a copy that had forgotten the first signs the second."""
    return before.time < after.time and (before.written > after.written or before.seen > after.seen)


def _apart(one: Checkpoint, other: Checkpoint) -> bool:
    """Whether one counts more of what was written, and the other more of what was seen."""
    return (one.written - other.written) * (one.seen - other.seen) < 0


def went_on_from_a_copy(core: Core, nation: str) -> None:
    """A partner showed that it holds another branch of our log. Call it outside of a transaction, which may fail."""
    with core.store.writing():
        held = _held(core)
        if nation not in held.forked:
            _write(core, held.model_copy(update={"forked": held.forked | {nation: core.now()}}))


def heard(core: Core, nation: str, signed_at: Instant | None = None) -> None:
    """The partner said that it holds nothing that the journal lacks, and no other branch of our log: just now, or by a
    file, which counts where it was signed after our journal was put in its place, and after a branch was shown."""
    with core.store.writing():
        held = _held(core)
        noticed = held.forked.get(nation)
        left: dict[str, object] = {}
        if nation in held.unheard and (signed_at is None or held.since is None or signed_at > held.since):
            left["unheard"] = tuple(one for one in held.unheard if one != nation)
        if noticed is not None and (signed_at is None or signed_at > noticed):
            left["forked"] = {one: when for one, when in held.forked.items() if one != nation}
        if left:
            _write(core, held.model_copy(update=left))


def confirm(core: Core) -> tuple[str, ...]:
    """The operator says that no other copy of this journal signed anything; the partners for whom that is news. Where
    one has shown another branch, it is not so: the log stays forked."""
    with core.store.writing():
        held = _held(core)
        if held.unheard:
            _write(core, held.model_copy(update={"unheard": ()}))
        return tuple(one for one in held.unheard if one not in held.forked)


def _to_hear(core: Core) -> dict[str, object]:
    return {"unheard": tuple(core.partners()), "since": core.now()}


def _held(core: Core) -> Signed:
    found = _read(core)
    if found is None:
        begin(core)
        found = _read(core)
    if found is None:
        raise _bad()
    return found


def _read(core: Core) -> Signed | None:
    try:
        raw = core.files.read(FILE)
    except OSError as error:
        raise disk.unavailable(error, FILE) from error
    if raw is None:
        return None
    try:
        return Signed.model_validate_json(raw)
    except ValidationError as error:
        raise _bad() from error


def _write(core: Core, held: Signed) -> None:
    try:
        core.files.replace(FILE, (json.dumps(held.model_dump(mode="json"), indent=1) + "\n").encode())
    except OSError as error:
        raise disk.unavailable(error, FILE) from error


def _bad() -> BadInput:
    return BadInput(
        check="signed-file",
        detail=N_("The file that says what this node signed last cannot be read."),
        next_step=N_("Move it away; the node then hears every partner before it signs again."),
        path=FILE,
        who="operator",
    )
