"""How a document comes to be: one spelling of the frame, at the moment of signing, and never again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from gokei.journal import envelopes
from gokei.journal.frames import Frame, Instant, Strict
from gokei.journal.signers import Signer
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.problems import Problem
from gokei.terms.words import Translate, identity


class Written(NamedTuple):
    """A signed document: its name, and the envelope's bytes as they will be stored and sent."""

    hash: str
    raw: bytes
    envelope: envelopes.Envelope


def write(frame: Frame, keys: Sequence[Signer]) -> Written:
    """Spell the frame once and sign those bytes with each office's key, in the frame's order of offices."""
    envelope = envelopes.sign(envelopes.DOCUMENT, canonical(frame.model_dump(mode="json")), keys)
    return Written(envelope.hash, envelope.encode(), envelope)


class SignedRefusal(Strict):
    """What a node answers for a document that it did not let in: which bytes, which check, and why.

    `says` is the sentence before `params` filled it, so that each reader has it in a language of their own.
    """

    gokei: Literal[1]
    by: str
    of: str
    number: int = Field(ge=1, le=8)
    check: str
    detail: str
    says: str = ""
    params: dict[str, str] = Field(default_factory=dict)
    time: Instant


def sign_refusal(
    raw: bytes, number: int, problem: Problem, by: str, time: str, key: Signer, translate: Translate = identity
) -> bytes:
    """A refusal over the SHA-256 of the refused bytes, signed by the node's key."""
    refusal = SignedRefusal(
        gokei=1,
        by=by,
        of=sha256_name(raw),
        number=number,
        check=problem.check,
        detail=problem.detail_text(translate),
        says=problem.detail,
        params=dict(problem.params),
        time=time,
    )
    return envelopes.sign(envelopes.REFUSAL, canonical(refusal.model_dump(mode="json")), [key]).encode()
