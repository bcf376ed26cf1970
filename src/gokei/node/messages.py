"""What two nodes say to each other besides documents: signed requests, and offers of checkpoints."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import Hash, Instant, NationCode, Strict
from gokei.journal.notes import read_hash
from gokei.node.checkpoints import adopt, known_seen, newest, witness
from gokei.node.core import Core
from gokei.node.trees import LogTree
from gokei.terms import limits
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.problems import BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

Nonce = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Purpose = Literal["standing", "documents", "comparison"]


class Want(Strict):
    """A node's signed request: how it stands with the other, what follows `after` in a log between them, or a part of
    a tree to compare (`log` is a nation or a wing, `after` where the part begins, `until` where it ends).

    `yours` is the other's newest checkpoint as it is held, `held` how many documents of its log, and `root` the root
    over them: a node whose disk was put back learns from whoever asks it first what it has signed, before it signs
    anything else.
    """

    gokei: Literal[1]
    want: Purpose
    author: NationCode
    reader: NationCode
    environment: Literal["exercise", "real"]
    log: Annotated[str, Field(pattern=r"^([A-Z]{2,4}|[a-z]{1,20})$")]
    after: Annotated[int, Field(ge=0, le=2**53)]
    until: Annotated[int, Field(ge=0, le=2**53)]
    yours: Annotated[str, Field(max_length=limits.NOTE_BYTES)] | None
    held: Annotated[int, Field(ge=0, le=2**53)]
    root: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    time: Instant
    nonce: Nonce

    def agrees(self, core: Core) -> bool:
        """Whether our log begins with what the asker holds of it."""
        tree = LogTree(core.store, core.channel_of(self.author), core.nation)
        return tree.size >= self.held and tree.root(self.held) == read_hash(self.root)


class Offer(Strict):
    """A node's checkpoint, the proof that it goes on from `old` documents, and the other's checkpoint as it holds it.

    `checkpoint` is None from a node that must catch up before it signs; `time` is what its clock says. An offer that
    answers a request names it by the hash of its bytes, so that an answer to an earlier one is none to this.
    """

    gokei: Literal[1]
    author: NationCode
    reader: NationCode
    environment: Literal["exercise", "real"]
    answers: Hash | None
    checkpoint: Annotated[str, Field(max_length=limits.NOTE_BYTES)] | None
    old: Annotated[int, Field(ge=0, le=2**53)]
    proof: Annotated[tuple[str, ...], Field(max_length=limits.HASHES_PER_PROOF)]
    yours: Annotated[str, Field(max_length=limits.NOTE_BYTES)] | None
    time: Instant
    nonce: Nonce

    def hashes(self) -> tuple[bytes, ...]:
        """The proof's hashes. Raises BadInput (`note-hash`)."""
        return tuple(read_hash(one) for one in self.proof)


def write_want(core: Core, nation: str, want: Purpose, log: str, after: int = 0, until: int = 0) -> bytes:
    """A request to a partner's node, signed by ours."""
    held = newest(core, nation, nation)
    log_of_theirs, tree = core.store.log(core.channel_of(nation), nation)
    found = Want(
        gokei=1,
        want=want,
        author=core.nation,
        reader=nation,
        environment="exercise" if core.environment == "exercise" else "real",
        log=log,
        after=after,
        until=until,
        yours=None if held is None else held[1].decode(),
        held=log_of_theirs.size,
        root=base64.b64encode(tree.root()).decode(),
        time=core.now(),
        nonce=core.random.bytes(16).hex(),
    )
    return envelopes.sign(envelopes.WANT, canonical(found.model_dump(mode="json")), [core.speaker(nation)]).encode()


def read_want(core: Core, nation: str, raw: bytes, want: Purpose) -> Want:
    """A partner's request; what it shows that we have signed counts as signed.

    Raises BadInput for bad bytes, Refused for what its node did not sign (`want-refused`), and for a checkpoint in it
    that ours did not sign (`checkpoint-…`).
    """
    envelope = envelopes.Envelope.decode(raw, envelopes.WANT)
    if len(envelope.signatures) != 1 or not envelopes.verifies(envelope, 0, core.node_key(nation)):
        raise _refused(N_("The request is not signed by the partner's node."))
    try:
        parse_object(envelope.payload, max_string=limits.NOTE_BYTES)
        found = Want.model_validate_json(envelope.payload)
    except (ValidationError, BadInput) as error:
        raise _refused(N_("The request does not have the fields of one.")) from error
    if (found.author, found.reader, found.environment, found.want) != (nation, core.nation, core.environment, want):
        raise _refused(N_("The request is of another channel, or for something else."))
    adopt(core, nation, found.yours)
    return found


def write_offer(core: Core, nation: str, mine: bytes | None, request: bytes | None = None) -> bytes:
    """Our checkpoint (None while we may sign none) with its proof, and the partner's as we hold it, cosigned.

    `request` are the bytes that it answers, None where it answers nothing.
    """
    tree = LogTree(core.store, core.channel_of(nation), core.nation)
    old = min(known_seen(core, nation), tree.size)
    yours = witness(core, nation)
    proof = () if mine is None else tree.consistency(old, tree.size)
    found = Offer(
        gokei=1,
        author=core.nation,
        reader=nation,
        environment="exercise" if core.environment == "exercise" else "real",
        answers=None if request is None else sha256_name(request),
        checkpoint=None if mine is None else mine.decode(),
        old=old,
        proof=tuple(base64.b64encode(one).decode() for one in proof),
        yours=None if yours is None else yours.decode(),
        time=core.now(),
        nonce=core.random.bytes(16).hex(),
    )
    return envelopes.sign(envelopes.OFFER, canonical(found.model_dump(mode="json")), [core.speaker(nation)]).encode()


def read_offer(core: Core, nation: str, raw: bytes, request: bytes | None = None) -> Offer:
    """A partner's offer, signed by its node, that answers `request` where there is one.

    Raises BadInput (`envelope-…`, `offer-fields`) and Refused (`offer-signature`, `offer-answer`).
    """
    envelope = envelopes.Envelope.decode(raw, envelopes.OFFER)
    if len(envelope.signatures) != 1 or not envelopes.verifies(envelope, 0, core.node_key(nation)):
        raise Refused(
            check="offer-signature",
            detail=N_("What was said of the partner's checkpoint is not signed by the partner's node."),
            next_step=N_("Compare cards with the partner."),
            who="partner",
        )
    try:
        parse_object(envelope.payload, max_bytes=limits.EXCHANGE_BODY_BYTES, max_string=limits.NOTE_BYTES)
        found = Offer.model_validate_json(envelope.payload)
    except (ValidationError, BadInput) as error:
        raise BadInput(
            check="offer-fields",
            detail=N_("What the partner's node said of its checkpoint cannot be read."),
            next_step=N_("Ask the partner to look at its node, and at what stands between the two."),
            who="partner",
        ) from error
    wanted = (nation, core.nation, core.environment, None if request is None else sha256_name(request))
    if (found.author, found.reader, found.environment, found.answers) != wanted:
        raise Refused(
            check="offer-answer",
            detail=N_(
                "The partner's node answered something else than was asked, or somebody sent an old answer again."
            ),
            next_step=N_("Exchange again: gokei sync DIR PARTNER"),
            who="partner",
        )
    return found


def _refused(detail: str) -> Refused:
    return Refused(
        check="want-refused",
        detail=detail,
        next_step=N_("Compare cards with the partner."),
        who="partner",
    )
