"""A node on a port: exchange, API and pages in one process, and a thread that carries documents to partners."""

from __future__ import annotations

import errno
import gc
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gokei.faces.web.app import Settings, create_app
from gokei.node import rendezvous
from gokei.node.background import Background
from gokei.node.node import Node
from gokei.node.packs import LawOnDemand
from gokei.node.routes import Exchange
from gokei.terms.problems import Unavailable
from gokei.terms.words import N_

CONNECTIONS: Final = 512
KEEP_ALIVE_SECONDS: Final = 30
# Documents make few cycles; looking for them at every 700 objects costs a tenth of the time that a document takes.
COLLECT_AFTER: Final = (50_000, 20, 100)


class Front:
    """What answers on the port: partners go straight to the exchange, everyone else to the pages and the API."""

    def __init__(self, exchange: ASGIApp, pages: ASGIApp) -> None:
        self._exchange = exchange
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        partner = scope["type"] == "http" and scope["path"].startswith("/exchange/")
        await (self._exchange if partner else self._pages)(scope, receive, send)


def serve_node(folder: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until stopped; `ready` is told the address. Raises Unavailable (`port-taken`)."""
    law = LawOnDemand()
    node = Node.open(folder, law)
    listening = _listen(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        Front(Exchange(node), create_app(node, Settings(folder))),
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    background = Background(lambda: Node.open(folder, law))
    background.start()
    rendezvous.announce(node.core.folder, address)
    settle_memory()
    try:
        ready(address)
        server.run(sockets=[listening])
    finally:
        rendezvous.withdraw(node.core.folder)
        background.stop()
        node.close()


def settle_memory() -> None:
    """Take what was loaded for good out of the collector's sight, and let it look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        raise Unavailable(
            check="port-taken",
            detail=N_("Another program listens on port {port} already.")
            if taken
            else N_("Port {port} cannot be listened on."),
            next_step=N_("Choose another port, or 0 for any that is free."),
            params={"port": str(port)},
        ) from error
    return listening
