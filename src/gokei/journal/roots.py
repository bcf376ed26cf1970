"""A nation's root: n keys of which m sign together, on machines that never touch a network.

A root is known by its fingerprint, the SHA-256 of its statement. Signatures count by key: a key that signs twice
counts once, and signatures of strangers count for nothing (as in The Update Framework, section 6.1).
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from nacl.signing import VerifyKey
from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import NationCode, Strict
from gokei.journal.publickeys import NamedKey, key_refused, name_of, verify_key
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_


class RootStatement(Strict):
    """Which keys are a nation's root (sorted, each once), and how many of them must sign."""

    gokei: Literal[1]
    nation: NationCode
    environment: Literal["exercise", "real"]
    threshold: Annotated[int, Field(ge=1, le=limits.ROOT_KEYS)]
    keys: Annotated[tuple[NamedKey, ...], Field(min_length=1, max_length=limits.ROOT_KEYS)]

    def encode(self) -> bytes:
        """The statement's one spelling."""
        return canonical(self.model_dump(mode="json"))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the statement, 64 hexadecimal digits."""
        return hashlib.sha256(self.encode()).hexdigest()


def check_root(root: RootStatement, path: str | None = None) -> dict[str, VerifyKey]:
    """The root's keys by their names in envelopes. Raises Refused (`root-statement`, `card-key`)."""
    listed = [one.key for one in root.keys]
    if listed != sorted(set(listed)) or root.threshold > len(listed):
        raise key_refused(
            "root-statement",
            N_("The root's statement does not list its keys sorted and once each, with a threshold that they reach."),
            path,
        )
    return {name_of(one.key): verify_key(one.algorithm, one.key, path) for one in root.keys}


def read_root(raw: bytes, path: str | None = None) -> RootStatement:
    """A root's statement out of a file. Raises BadInput (`root-none`) and Refused as `check_root` does."""
    try:
        parse_object(raw, path=path)
        root = RootStatement.model_validate_json(raw)
    except (BadInput, ValidationError) as error:
        raise BadInput(
            check="root-none",
            detail=N_("This is no statement of a root."),
            next_step=N_("Make one with: gokei keys root new OUT_DIR --nation XX --environment real"),
            path=path,
        ) from error
    check_root(root, path)
    return root


def signers_of(envelope: envelopes.Envelope, root: RootStatement) -> set[str]:
    """The names of those keys of the root whose signatures over the envelope are good, each once."""
    keys = check_root(root)
    return {
        one.keyid
        for index, one in enumerate(envelope.signatures)
        if one.keyid in keys and envelopes.verifies(envelope, index, keys[one.keyid])
    }


def enough(envelope: envelopes.Envelope, root: RootStatement) -> bool:
    """Whether at least the threshold of different keys of the root signed the envelope."""
    return len(signers_of(envelope, root)) >= root.threshold
