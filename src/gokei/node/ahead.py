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

THREADS: Final = min(os.cpu_count() or 1, limits.VERIFYING_THREADS)
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
    others = [_POOL.submit(_good, part) for part in parts[1:]]
    good = _good(parts[0])
    for other in others:
        good += other.result()
    # The jobs hold on to envelope and key, so that neither's identity can become another's.
    known = {(id(job.envelope), job.number): job for job in good}

    def verifies(envelope: envelopes.Envelope, index: int, key: VerifyKey) -> bool:
        job = known.get((id(envelope), index))
        return (job is not None and job.key is key) or envelopes.verifies(envelope, index, key)

    return verifies


def _good(jobs: Sequence[_Job]) -> list[_Job]:
    """Those whose signature is good."""
    return [job for job in jobs if envelopes.verifies(*job)]
