"""The real clock, randomness and network of a node that is not simulated."""

from __future__ import annotations

import datetime
import secrets
import time

import httpx

from gokei.terms import limits
from gokei.terms.problems import Unavailable
from gokei.terms.words import N_


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> str:
        """This instant, to the second."""
        return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SystemRandom:
    """The operating system's randomness."""

    def bytes(self, count: int) -> bytes:
        """So many bytes that nobody can guess."""
        return secrets.token_bytes(count)


class HttpNetwork:
    """HTTP with bounded time and bounded answers; one connection is kept for each address."""

    def __init__(self) -> None:
        self._client = httpx.Client(timeout=limits.NETWORK_SECONDS, follow_redirects=False, trust_env=False)

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Post to a partner's node. Raises Unavailable when it cannot be reached or answers without end."""
        until = time.monotonic() + limits.EXCHANGE_SECONDS
        try:
            with self._client.stream("POST", address.rstrip("/") + path, content=body) as answer:
                found = bytearray()
                for part in answer.iter_bytes():
                    found += part
                    if len(found) > limits.EXCHANGE_ANSWER_BYTES:
                        raise _unreachable(address, "the answer is too long")
                    if time.monotonic() > until:
                        raise _unreachable(address, "the answer takes too long")
                return answer.status_code, bytes(found)
        except httpx.HTTPError as error:
            raise _unreachable(address, str(error)) from error
        except httpx.InvalidURL as error:
            raise _unreachable(address, str(error)) from error

    def close(self) -> None:
        """Let all connections go."""
        self._client.close()


def _unreachable(address: str, reason: str) -> Unavailable:
    return Unavailable(
        check="partner-unreachable",
        detail=N_("The partner's node at {address} cannot be reached: {reason}."),
        next_step=N_("Try again later, or carry a courier file. Nothing is lost meanwhile."),
        params={"address": address, "reason": reason or "no answer"},
    )
