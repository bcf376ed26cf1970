"""The signatures of a window of documents, checked ahead and side by side: they are a third of what a document costs.

The library lets go of the interpreter while it checks one, so that a second core can check another. What is found here
is what the door would find; it asks again where it wants another key.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from nacl.signing import VerifyKey

from gokei.journal import envelopes
from gokei.journal.door import Opened, Verifies
from gokei.journal.keys import KeyRing
from gokei.terms import limits

THREADS: Final = min(len(os.sched_getaffinity(0)), limits.VERIFYING_THREADS)
_POOL: Final = ThreadPoolExecutor(max(THREADS - 1, 1), thread_name_prefix="gokei-verify")


class _Job(NamedTuple):
    envelope: envelopes.Envelope
    number: int
    key: VerifyKey


def checked_ahead(window: Sequence[Opened], ring: KeyRing) -> Verifies:
    """A check of signatures that knows those of the window already, by the keys that the ring has now."""
    jobs = [
        _Job(one.envelope, index, office.key)
        for one in window
        for index, signature in enumerate(one.envelope.signatures)
        if (office := ring.by_name(signature.keyid)) is not None
    ]
    if THREADS == 1 or len(jobs) < limits.VERIFYING_FEWEST:
        return envelopes.verifies
    parts = [jobs[start::THREADS] for start in range(THREADS)]
    others = [_POOL.submit(_check, part) for part in parts[1:]]
    good = _check(parts[0])
    for other in others:
        good |= other.result()

    def verifies(envelope: envelopes.Envelope, index: int, key: VerifyKey) -> bool:
        return (id(envelope), index, id(key)) in good or envelopes.verifies(envelope, index, key)

    return verifies


def _check(jobs: Sequence[_Job]) -> set[tuple[int, int, int]]:
    """The jobs whose signature is good, by the identity of envelope and key, which their window and ring keep alive."""
    return {(id(job.envelope), job.number, id(job.key)) for job in jobs if envelopes.verifies(*job)}
