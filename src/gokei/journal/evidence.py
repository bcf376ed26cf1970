"""Evidence: what one author signed and cannot all have meant, so that anyone can see it, offline, from the bytes.

Two statements suffice: two checkpoints of one log, two documents, or one of each. Where a checkpoint's root does not
fit documents that the same author signed, the documents since an earlier checkpoint show it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, ValidationError

from gokei.journal.checkpoints import Checkpoint, read_checkpoint
from gokei.journal.door import signed_by
from gokei.journal.frames import Frame, NationCode, Strict
from gokei.journal.keys import KeyRing
from gokei.journal.merkle import Frontier, included, leaf_hash
from gokei.terms import limits
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

SAYS: Final = {
    "two-roots": N_("{nation} signed two different roots over the same number of documents: one log was forked."),
    "rollback": N_("{nation} signed that it had written or seen more, and later that it had less."),
    "unseen": N_("{nation} signed to have seen documents, and went on as if it had not."),
    "two-documents": N_("{nation} signed two different documents under one number."),
    "broken-chain": N_("{nation} signed a document that follows another than the one it had signed before it."),
    "other-document": N_("{nation} signed a root that holds another document in the place of one that it signed."),
    "other-log": N_("{nation} signed a root that is not the root of the documents that it signed."),
}


# Texts whole, so that what is inside of them counts for nothing. One that does not end goes on to the file's end: else
# every quote in it would be a beginning to look at.
_MARKS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{,]', re.DOTALL)
_PARTS: Final = limits.EVIDENCE_STATEMENTS + limits.HASHES_PER_PROOF + 16
_MOST: Final = {ord(b'"'): _PARTS, ord(b","): _PARTS, ord(b"["): 3, ord(b"{"): 1}


class Evidence(NamedTuple):
    """Statements of one author: notes of checkpoints, envelopes of documents, and hashes where the kind needs them.

    `other-document`: the leaf that the checkpoint holds, then its audit path. `other-log`: the peaks of the earlier
    checkpoint's tree, where there is an earlier one.
    """

    kind: str
    nation: str
    checkpoints: tuple[bytes, ...] = ()
    documents: tuple[bytes, ...] = ()
    hashes: tuple[bytes, ...] = ()


class _File(Strict):
    gokei: Literal[1]
    evidence: Literal["two-roots", "rollback", "unseen", "two-documents", "broken-chain", "other-document", "other-log"]
    nation: NationCode
    checkpoints: Annotated[tuple[str, ...], Field(max_length=2)]
    documents: Annotated[tuple[str, ...], Field(max_length=limits.EVIDENCE_STATEMENTS)]
    hashes: Annotated[tuple[str, ...], Field(max_length=limits.HASHES_PER_PROOF + 1)]


class Statement(NamedTuple):
    """A document as evidence uses it."""

    frame: Frame
    hash: str
    leaf: bytes


def encode(evidence: Evidence) -> bytes:
    """Evidence as a file that anyone can check."""
    plain = {
        "gokei": 1,
        "evidence": evidence.kind,
        "nation": evidence.nation,
        "checkpoints": [note.decode() for note in evidence.checkpoints],
        "documents": [base64.b64encode(one).decode() for one in evidence.documents],
        "hashes": [base64.b64encode(one).decode() for one in evidence.hashes],
    }
    return (json.dumps(plain, indent=1, ensure_ascii=False) + "\n").encode()


def decode(raw: bytes, path: str | None = None) -> Evidence:
    """Evidence out of its file. Raises BadInput (`evidence-file`, `json-…`)."""
    try:
        _check_size(raw)
        read = parse_object(
            raw, path=path, max_bytes=limits.EVIDENCE_BYTES, max_depth=2, max_string=limits.ENVELOPE_BYTES * 4 // 3 + 4
        )
        found = _File.model_validate({name: tuple(one) if isinstance(one, list) else one for name, one in read.items()})
        documents, hashes = (
            tuple(base64.b64decode(one, validate=True) for one in listed) for listed in (found.documents, found.hashes)
        )
    except (ValidationError, binascii.Error, ValueError) as error:
        raise BadInput(
            check="evidence-file",
            detail=N_("The file is no evidence of Gokei."),
            next_step=N_("Ask who sent it to write it again: gokei evidence export DIR NUMBER OUT"),
            path=path,
        ) from error
    return Evidence(found.evidence, found.nation, tuple(one.encode() for one in found.checkpoints), documents, hashes)


def _check_size(raw: bytes) -> None:
    """Raises ValueError for a file with more in it than evidence has, before any of its parts is made.

    To say what is wrong with each of a million parts would take a thousand times their size.
    """
    if len(raw) > limits.EVIDENCE_BYTES:
        raise ValueError(len(raw))
    left = dict(_MOST)
    for found in _MARKS.finditer(raw):
        mark = raw[found.start()]
        left[mark] -= 1
        if left[mark] < 0:
            raise ValueError(chr(mark))


def check(evidence: Evidence, ring: KeyRing) -> None:
    """Whether it shows what it says, by these keys. Raises Refused (`evidence-nothing`, or a signature's problem)."""
    checkpoints = [read_checkpoint(note, *ring.nodes) for note in evidence.checkpoints]
    documents = [_statement(raw, ring) for raw in evidence.documents]
    logs = {(one.environment, one.author, one.reader) for one in checkpoints}
    logs |= {(one.frame.environment, one.frame.author, one.frame.reader) for one in documents}
    if logs and len(logs) == 1 and evidence.nation == ring.nation and next(iter(logs))[1] == ring.nation:
        if evidence.kind == "other-document" and _other_document(checkpoints, documents, evidence.hashes):
            return
        if evidence.kind == "other-log" and _other_log(checkpoints, documents, evidence.hashes):
            return
        # Two statements contradict each other. Of more, every pair would have to be looked at.
        if len(checkpoints) + len(documents) == 2 and evidence.kind in contradictions(checkpoints, documents):
            return
    raise Refused(
        check="evidence-nothing",
        detail=N_("The file does not show what it says: these statements can all be true."),
        next_step=N_("Do not rely on it."),
        who="partner",
    )


def contradictions(checkpoints: Sequence[Checkpoint], documents: Sequence[Statement]) -> Iterator[str]:
    """The kinds of contradiction between statements of one author to one reader, two at a time."""
    for one, other in permutations(checkpoints, 2):
        if one.written == other.written and one.root != other.root:
            yield "two-roots"
        if one.seen == other.seen and one.seen_root != other.seen_root:
            yield "two-roots"
        if one.time < other.time and (one.written > other.written or one.seen > other.seen):
            yield "rollback"
        if one.written < other.written and one.seen > other.seen:
            yield "unseen"
    for first, second in permutations(documents, 2):
        if first.frame.sequence == second.frame.sequence and first.hash != second.hash:
            yield "two-documents"
        if first.frame.sequence + 1 == second.frame.sequence and second.frame.previous != first.hash:
            yield "broken-chain"
        if first.frame.sequence < second.frame.sequence and first.frame.seen > second.frame.seen:
            yield "unseen"
    for checkpoint in checkpoints:
        for document in documents:
            later = document.frame.sequence > checkpoint.written
            if document.frame.seen < checkpoint.seen if later else document.frame.seen > checkpoint.seen:
                yield "unseen"


def _other_document(checkpoints: Sequence[Checkpoint], documents: Sequence[Statement], hashes: Sequence[bytes]) -> bool:
    if len(checkpoints) != 1 or len(documents) != 1 or not hashes:
        return False
    leaf, *path = hashes
    index = documents[0].frame.sequence - 1
    return leaf != documents[0].leaf and included(leaf, index, checkpoints[0].written, path, checkpoints[0].root)


def _other_log(checkpoints: Sequence[Checkpoint], documents: Sequence[Statement], hashes: Sequence[bytes]) -> bool:
    """The documents from an earlier checkpoint (or the beginning) up to a later one do not give the later's root."""
    if not checkpoints:
        return False
    *earlier, later = sorted(checkpoints, key=lambda one: one.written)
    start = earlier[0].written if earlier else 0
    try:
        tree = Frontier.decode(start, b"".join(hashes))
    except ValueError:
        return False
    if earlier and tree.root() != earlier[0].root:
        return False
    for document in documents:
        if document.frame.sequence != tree.size + 1:
            return False
        tree = tree.append(document.leaf)
    return tree.size == later.written and tree.root() != later.root


def _statement(raw: bytes, ring: KeyRing) -> Statement:
    signed = signed_by(raw, ring)
    envelope, frame = signed.envelope, signed.frame
    return Statement(frame, envelope.hash, leaf_hash(envelope.payload))
