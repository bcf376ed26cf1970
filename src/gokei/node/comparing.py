"""Are our books the same? Equal ones say so in one round trip; unequal ones are searched by halves to what differs.

Logs are compared by the nodes of their Merkle trees; where the logs are equal and a digest still differs, the folded
cases of that wing are compared the same way, as a tree over their names and digests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gokei.journal.door import Refusal, signed_by
from gokei.journal.evidence import Evidence
from gokei.journal.keys import KeyRing
from gokei.journal.merkle import Hashed, leaf_hash, over, split_at
from gokei.node import evidence
from gokei.node.core import Core
from gokei.node.messages import Purpose, Want, read_want
from gokei.node.reading import channel_state
from gokei.node.trees import LogTree
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.json_types import JsonObject, JsonValue, object_of
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

BOOKS = "books"
WINGS = {"support": "orders", "ledger": "ledger", "registry": "registry", "dossier": "dossier", "journal": "keys"}

Asking = Callable[[Purpose, str, int, int], bytes]
"""Ask the partner's node: for what, of which log or wing, from where, up to where."""


class Tree(NamedTuple):
    """Something that both nodes can hash by ranges."""

    size: int
    hashed: Hashed


class Count:
    """What the comparison cost."""

    def __init__(self) -> None:
        self.round_trips = 0
        self.hashes = 0


def compare_books(core: Core, nation: str, ask: Asking) -> JsonObject:
    """Compare the books of a channel with a partner's node.

    `equal`, `round_trips` and `hashes` (how many were asked for); where they differ `difference` says in what:
    `log` and `sequence` with both documents, or `wing` and `case` with both digests, or `lacking`, how many documents
    of each log one side has more of. Raises Unavailable when the partner cannot be reached.
    """
    count = Count()

    def counted(want: Purpose, log: str, after: int, until: int) -> bytes:
        count.round_trips += 1
        return ask(want, log, after, until)

    ours = channel_state(core.store, core.channel(nation))
    theirs = _object(counted("comparison", BOOKS, 0, 0))
    difference = None if ours == theirs else _difference(core, nation, ours, theirs, counted, count)
    found: JsonObject = {
        "partner": nation,
        "equal": difference is None,
        "round_trips": count.round_trips,
        "hashes": count.hashes,
        "documents": ours["documents"],
    }
    return found if difference is None else found | {"difference": difference}


def answer(core: Core, nation: str, raw: bytes) -> bytes:
    """What a partner's node is told: our digests, how many cases a wing has, or the hash over a range of a tree.

    Raises Refused, BadInput.
    """
    want = read_want(core, nation, raw, "comparison")
    if want.log == BOOKS:
        return canonical(channel_state(core.store, core.channel(nation)))
    tree = _tree(core, nation, want.log)
    if want.log in WINGS and (want.after, want.until) == (0, 0):
        return canonical({"cases": tree.size})
    if not _cut_as_defined(want, tree.size):
        raise BadInput(
            check="comparison-range",
            detail=N_("The part to compare lies outside of what is held here: {after} to {until} of {size}."),
            params={"after": str(want.after), "until": str(want.until), "size": str(tree.size)},
            who="partner",
        )
    found: JsonObject = {"hash": tree.hashed(want.after, want.until).hex()}
    if want.log in WINGS and want.until == want.after + 1:
        found["case"] = [*_cases(core, nation, want.log)[want.after]]
    return canonical(found)


def _difference(
    core: Core, nation: str, ours: JsonObject, theirs: JsonObject, ask: Asking, count: Count
) -> JsonObject | None:
    for log in (core.nation, nation):
        size = min(_size(ours, log), _size(theirs, log))
        place = differs_at(Tree(size, LogTree(core.store, core.channel_of(nation), log).range), log, ask, count)
        if place is not None:
            return _documents(core, nation, log, place, ask)
    lacking: JsonObject = {
        log: _size(ours, log) - _size(theirs, log)
        for log in (core.nation, nation)
        if _size(ours, log) != _size(theirs, log)
    }
    if lacking:
        return {"lacking": lacking}
    for wing, name in WINGS.items():
        if ours.get(name) != theirs.get(name):
            return _case(core, nation, wing, ask, count)
    return None


def differing_index(core: Core, nation: str, log: str, ask: Asking) -> int | None:
    """The first index, from 0, at which a log between us differs at the partner's, as far as both hold it."""
    theirs = _object(ask("comparison", BOOKS, 0, 0))
    ours = LogTree(core.store, core.channel_of(nation), log)
    return differs_at(Tree(min(ours.size, _size(theirs, log)), ours.range), log, ask, Count())


def differs_at(tree: Tree, log: str, ask: Asking, count: Count) -> int | None:
    """The first index at which the two trees differ, by asking for the left half's hash at each step; None if none."""
    start, end = 0, tree.size
    if start == end or _same(tree, log, start, end, ask, count):
        return None
    while end - start > 1:
        middle = start + split_at(end - start)
        if _same(tree, log, start, middle, ask, count):
            start = middle
        else:
            end = middle
    return start


def _same(tree: Tree, log: str, start: int, end: int, ask: Asking, count: Count) -> bool:
    count.hashes += 1
    return tree.hashed(start, end).hex() == _object(ask("comparison", log, start, end)).get("hash")


def _documents(core: Core, nation: str, log: str, index: int, ask: Asking) -> JsonObject:
    """Both documents at the place, and what their signatures say; two good ones of one author are evidence."""
    held = core.store.after(core.channel_of(nation), log, index, 1)[0].envelope
    shown = ask("documents", log, index, index + 1).partition(b"\n")[0]
    ring = core.channel(nation).ring(log, index + 1)
    ours, theirs = _look(ring, held), _look(ring, shown)
    if log == nation and ours["authentic"] and theirs["authentic"] and ours["hash"] != theirs["hash"]:
        evidence.keep(core, nation, Evidence("two-documents", nation, (), (held, shown)))
    return {"log": log, "sequence": index + 1, "ours": ours, "theirs": theirs}


def _look(ring: KeyRing, raw: bytes) -> JsonObject:
    """A document as it was shown: its name, and whether it is signed by the keys that the log's author had there."""
    try:
        signed = signed_by(raw, ring)
        envelope, frame = signed.envelope, signed.frame
    except (Refusal, BadInput) as problem:
        return {"authentic": False, "reason": problem.detail_text(), "hash": None, "envelope": _text(raw)}
    return {
        "authentic": True,
        "hash": envelope.hash,
        "type": frame.type,
        "case": frame.case,
        "sequence": frame.sequence,
        "time": frame.time,
        "envelope": _text(raw),
    }


def _case(core: Core, nation: str, wing: str, ask: Asking, count: Count) -> JsonObject:
    """The first case of a wing that is folded otherwise, or that one side alone has folded."""
    cases, tree = _cases(core, nation, wing), _tree(core, nation, wing)
    theirs = _count(_object(ask("comparison", wing, 0, 0)).get("cases"))
    both = min(tree.size, theirs)
    place = differs_at(Tree(both, tree.hashed), wing, ask, count)
    if place is None:
        place = both
    ours = tuple(cases[place]) if place < len(cases) else None
    shown = _shown(ask, wing, place) if place < theirs else None
    # They stand by their names: of two names in one place, the later one's side lacks the earlier.
    case = min((one[0] for one in (ours, shown) if one is not None), default=None)
    if case is None:
        return {"wing": wing}
    digests = [one[1] if one is not None and one[0] == case else None for one in (ours, shown)]
    return {"wing": wing, "case": case, "ours": digests[0], "theirs": digests[1]}


def _shown(ask: Asking, wing: str, place: int) -> tuple[str, str] | None:
    """The partner's case there, with its digest."""
    found = _object(ask("comparison", wing, place, place + 1)).get("case")
    return (str(found[0]), str(found[1])) if isinstance(found, list) and len(found) == 2 else None


def _tree(core: Core, nation: str, log: str) -> Tree:
    if log in WINGS:
        leaves = [leaf_hash(canonical([*row])) for row in _cases(core, nation, log)]
        return Tree(len(leaves), over(leaves))
    if log not in {core.nation, nation}:
        raise Refused(
            check="want-refused", detail=N_("The request is of another channel, or for something else."), who="partner"
        )
    found = LogTree(core.store, core.channel_of(nation), log)
    return Tree(found.size, found.range)


def _cases(core: Core, nation: str, wing: str) -> list[list[str]]:
    """The folded cases of a wing, each with its digest, in the order of their names."""
    rows = core.store.rows(
        "SELECT case_name, digest FROM views WHERE channel=? AND wing=? ORDER BY case_name",
        (core.channel_of(nation), wing),
    )
    return [[str(case), str(digest)] for case, digest in rows]


def _cut_as_defined(want: Want, size: int) -> bool:
    """Whether the part lies in the tree as halving cuts it: it begins at a multiple of a power of two that holds it."""
    length = want.until - want.after
    return length > 0 and want.until <= size and want.after % (1 << (length - 1).bit_length()) == 0


def _size(state: JsonObject, log: str) -> int:
    return _count(object_of(state.get("documents")).get(log))


def _count(found: JsonValue) -> int:
    """A number that a partner says; 0 for what is none."""
    return found if type(found) is int and found > 0 else 0


def _object(raw: bytes) -> JsonObject:
    return parse_object(raw, max_bytes=limits.EXCHANGE_BODY_BYTES)


def _text(raw: bytes) -> str:
    return raw[: limits.ENVELOPE_BYTES].decode("utf-8", "replace")
