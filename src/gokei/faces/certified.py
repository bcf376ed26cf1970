"""Who is at the other end of a wire: the certificate that a caller showed, handed to the application that answers."""

from __future__ import annotations

import asyncio
import ssl

from gokei.faces.patience import PatientProtocol


class WithCertificate(PatientProtocol):
    """HTTP that gives the TLS extension of ASGI: `client_cert_chain` has the caller's certificate, in PEM."""

    _shown: tuple[str, ...] = ()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The handshake is over."""
        wire = transport.get_extra_info("ssl_object")
        found = None if wire is None else wire.getpeercert(binary_form=True)
        self._shown = () if found is None else (ssl.DER_cert_to_PEM_cert(found),)
        super().connection_made(transport)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {"tls": {"client_cert_chain": self._shown}}
