"""How long the port waits for a request, and how much of its head it keeps: whoever connects, known or not.

uvicorn bounds neither; without this a few hundred connections that say nothing, or one that never ends its head,
would keep everyone else from being served.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

from gokei.terms import limits

_CLOSING_SECONDS: Final = 0.05

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # where httptools is not built, h11 bounds the head itself
    PROTOCOL: Any = "auto"
else:

    class PatientProtocol(HttpToolsProtocol):
        """A connection that is closed where a request is not whole in time, or its head is too long."""

        _late: asyncio.TimerHandle | None = None
        _head_bytes: int = 0
        _in_head: bool = True
        _moved: bool = False

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """The first request is awaited from now on."""
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            """Nothing is awaited any more."""
            self._stop()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            """Bytes of a request; the first of them begin to count its time."""
            if self._late is None:
                self._wait()
            self._moved = False
            super().data_received(data)
            # Bytes that ended a body or began its trailers were not all of a head: it is counted from the next bytes.
            self._head_bytes = self._head_bytes + len(data) if self._in_head and not self._moved else 0
            if self._head_bytes > limits.REQUEST_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The head of the request is too long.")
                # Over TLS a close waits for the caller's own, and reads on meanwhile: who does not stop is cut off.
                with contextlib.suppress(RuntimeError):
                    self.transport.pause_reading()
                self.loop.call_later(_CLOSING_SECONDS, self.transport.abort)

        def on_headers_complete(self) -> None:
            """The head is whole."""
            self._in_head = False
            super().on_headers_complete()

        def on_chunk_header(self) -> None:
            """A piece of the body follows, or else trailers, which are bounded as a head is."""
            self._in_head, self._moved = True, True

        def on_body(self, body: bytes) -> None:
            """It was a piece of the body."""
            self._in_head = False
            super().on_body(body)

        def on_message_complete(self) -> None:
            """The request is whole: what follows is another one."""
            self._in_head, self._moved = True, True
            self._stop()
            super().on_message_complete()

        def _wait(self) -> None:
            self._late = self.loop.call_later(limits.REQUEST_SECONDS, self._give_up)

        def _stop(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

        def _give_up(self) -> None:
            self._late = None
            self.transport.abort()

    PROTOCOL = PatientProtocol
