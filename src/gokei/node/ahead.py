"""The signatures of a window of documents, checked ahead by a process beside the node: a third of what one costs.

The node asks for a window's signatures at once, and goes on with the first document while the later ones are still
being checked. It never waits: what is not answered when it is needed, the node checks itself. A "no" it asks again
itself, so that a refusal never rests on the helper. A "yes" is believed: it is the same library in the same file, run
by the same user on the same machine, and nobody else holds its pipes.

A helper that died, that fell silent or that says what it was not asked is let go, for good; the node does without.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from nacl.signing import VerifyKey

from gokei.journal import envelopes
from gokei.journal.door import Opened, Verifies
from gokei.journal.keys import KeyRing
from gokei.node import verifier
from gokei.terms import limits


class _Job:
    """A signature to check. It holds on to envelope and key, so that neither's identity can become another's."""

    __slots__ = ("envelope", "good", "key", "number")

    def __init__(self, envelope: envelopes.Envelope, number: int, key: VerifyKey) -> None:
        self.envelope = envelope
        self.number = number
        self.key = key
        self.good = False

    def request(self) -> bytes:
        """What the helper is asked."""
        signature = self.envelope.signatures[self.number].value
        return verifier.request(
            bytes(self.key),
            signature,
            envelopes.pre_authentication_encoding(self.envelope.payload_type, self.envelope.payload),
        )


class _GoneError(Exception):
    """The helper does not answer, or not as it should."""


class Helper:
    """A process of `gokei.node.verifier`, asked without ever waiting for it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._pipes = [pipe for pipe in (self._process.stdin, self._process.stdout) if pipe is not None]
        self._requests, self._answers = (pipe.fileno() for pipe in self._pipes)
        for pipe in (self._requests, self._answers):
            os.set_blocking(pipe, False)
        _widen(self._requests)
        self._ready = False
        self._unsent: deque[_Job] = deque()
        self._sending = memoryview(b"")
        self._asked: deque[_Job] = deque()
        self._answered = 0
        self._heard = time.monotonic()

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def ask(self, jobs: Sequence[_Job]) -> bool:
        """Have these checked, instead of what was not asked yet; False while it is busy with what was asked before.

        Raises _GoneError.
        """
        self._unsent.clear()
        self.go_on()
        if not self._ready or self._asked:
            if time.monotonic() - self._heard > limits.VERIFYING_SECONDS:
                raise _GoneError
            return False
        self._heard = time.monotonic()
        self._unsent.extend(jobs)
        self.go_on()
        return True

    def go_on(self) -> None:
        """Take the answers that are there, and ask on while there is room. Raises _GoneError."""
        try:
            self._take()
            self._send()
        except OSError as error:
            raise _GoneError from error

    def _take(self) -> None:
        try:
            found = os.read(self._answers, limits.VERIFYING_ANSWERS)
        except BlockingIOError:
            return
        if not found:
            raise _GoneError
        self._heard = time.monotonic()
        for byte in found:
            if not self._ready:
                self._ready = byte == verifier.READY
                good = self._ready
            else:
                good = self._answer(byte)
            if not good:
                raise _GoneError

    def _answer(self, byte: int) -> bool:
        """Take an answer; whether it is one to what was asked."""
        if not self._asked or byte // 2 != self._answered % verifier.NUMBERS:
            return False
        self._asked.popleft().good = bool(byte & 1)
        self._answered += 1
        return True

    def _send(self) -> None:
        while self._sending or self._unsent:
            if not self._sending:
                some = [self._unsent.popleft() for _ in range(min(len(self._unsent), limits.VERIFYING_TOGETHER))]
                self._asked.extend(some)
                self._sending = memoryview(b"".join(job.request() for job in some))
            try:
                self._sending = self._sending[os.write(self._requests, self._sending) :]
            except BlockingIOError:
                return
            self._heard = time.monotonic()

    def end(self) -> None:
        """Let it go; nothing of it is left."""
        self._close()
        with suppress(OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait(limits.VERIFYING_SECONDS)

    def forget(self) -> None:
        """In a process that was forked from ours: it is not that one's child, and ends with us alone."""
        self._close()
        self._process.returncode = 0

    def _close(self) -> None:
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()


def _widen(pipe: int) -> None:
    """Let a pipe hold a whole window, where the system can: one writing of it instead of many, and one waking."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, limits.VERIFYING_PIPE_BYTES)


class Ahead:
    """At most one helper, begun when it is first of use, and shared by all nodes and threads of a process."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._helper: Helper | None = None
        self._without = (os.cpu_count() or 1) == 1

    @property
    def helper(self) -> Helper | None:
        """The helper, while there is one."""
        return self._helper

    def checked(self, window: Sequence[Opened], ring: KeyRing) -> Verifies:
        """A check of signatures that comes to know those of the window, by the keys that the ring has now."""
        jobs = [
            _Job(one.envelope, index, office.key)
            for one in window
            for index, signature in enumerate(one.envelope.signatures)
            if (office := ring.by_name(signature.keyid)) is not None
        ]
        if len(jobs) < limits.VERIFYING_FEWEST or not self._asks(jobs):
            return envelopes.verifies
        known = {(id(job.envelope), job.number): job for job in jobs}

        def verifies(envelope: envelopes.Envelope, index: int, key: VerifyKey) -> bool:
            job = known.get((id(envelope), index))
            if job is not None and job.key is key and self._found_good(job):
                return True
            return envelopes.verifies(envelope, index, key)

        return verifies

    def end(self) -> None:
        """Let the helper go; without it from now on."""
        with self._lock:
            self._let_go()

    def forget(self) -> None:
        """In a process that was forked: the helper is the other's."""
        self._lock = threading.Lock()
        if self._helper is not None:
            self._helper.forget()
            self._helper = None

    def _asks(self, jobs: Sequence[_Job]) -> bool:
        with self._lock:
            try:
                if self._helper is None and not self._without:
                    self._helper = Helper(self._command)
                return self._helper is not None and self._helper.ask(jobs)
            except (_GoneError, OSError):
                self._let_go()
                return False

    def _found_good(self, job: _Job) -> bool:
        if not job.good and self._helper is not None:
            with self._lock:
                try:
                    if self._helper is not None:
                        self._helper.go_on()
                except _GoneError:
                    self._let_go()
        return job.good

    def _let_go(self) -> None:
        self._without = True
        if self._helper is not None:
            self._helper.end()
            self._helper = None


# What lies in the folder where the node was started is none of the helper's business: -P.
COMMAND: Final = (sys.executable, "-P", "-m", verifier.__name__)
AHEAD: Final = Ahead(COMMAND)
atexit.register(AHEAD.end)
os.register_at_fork(after_in_child=AHEAD.forget)
