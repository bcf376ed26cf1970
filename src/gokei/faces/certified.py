"""Who is at the other end of a wire: the certificate that a caller showed, handed to the application that answers."""

from __future__ import annotations

import asyncio
import ssl
from typing import Final

from gokei.faces.patience import PatientProtocol

PARTING_SECONDS: Final = 0.1


class WithCertificate(PatientProtocol):
    """HTTP that gives the TLS extension of ASGI: `client_cert_chain` has the caller's certificate, in PEM."""

    _shown: tuple[str, ...] = ()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The handshake is over."""
        wire = transport.get_extra_info("ssl_object")
        found = None if wire is None else wire.getpeercert(binary_form=True)
        self._shown = () if found is None else (ssl.DER_cert_to_PEM_cert(found),)
        super().connection_made(transport)

    def send_400_response(self, msg: str) -> None:
        """Say so, and hang up: TLS would otherwise go on reading what comes, to part politely."""
        super().send_400_response(msg)
        self.loop.call_later(PARTING_SECONDS, self.transport.abort)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {"tls": {"client_cert_chain": self._shown}}
