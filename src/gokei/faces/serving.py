"""A node on a port: exchange, API and pages in one process, and a thread that carries documents to partners."""

from __future__ import annotations

import errno
import gc
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gokei.faces.patience import PROTOCOL
from gokei.faces.web.app import Settings, create_app
from gokei.node import disk, lock, rendezvous
from gokei.node.background import Background
from gokei.node.node import Node, Unlock
from gokei.node.packs import LawOnDemand
from gokei.node.routes import Exchange
from gokei.terms.problems import Unavailable
from gokei.terms.words import N_

CONNECTIONS: Final = 512
KEEP_ALIVE_SECONDS: Final = 30
# What a shell says of a process that a signal ended: this and the signal's number.
SIGNALLED: Final = 128
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


def serve_node(folder: Path, host: str, port: int, ready: Callable[[str], None], unlock: Unlock | None = None) -> None:
    """Serve until stopped; `ready` is told the address. One process at a time serves a folder.

    The keys are opened at once, so that a wrong passphrase or an agent that is away shows before anybody relies on it.

    Raises Refused (`node-served`) and Unavailable (`port-taken`, `address-unusable`).
    """
    # The server ends by raising the signal that stopped it once more: what follows here must still be done.
    signal.signal(signal.SIGTERM, _terminated)
    law = LawOnDemand()
    with ExitStack() as ending:
        node = Node.open(folder, law, unlock=unlock)
        ending.callback(node.close)
        ending.enter_context(
            lock.serving(folder, N_("Use the node that answers, or stop that process, then serve again."))
        )
        node.unlock()
        listening = _listen(host, port)
        ending.callback(listening.close)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        server = uvicorn.Server(_config(node, Settings(folder, unlock=unlock)))
        background = Background(lambda: Node.open(folder, law, unlock=unlock))
        background.start()
        ending.callback(background.stop)
        ending.callback(rendezvous.withdraw, node.core.folder)
        rendezvous.announce(node.core.folder, address)
        settle_memory()
        ready(address)
        server.run(sockets=[listening])


def _config(node: Node, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        Front(Exchange(node), create_app(node, settings)),
        log_level="warning",
        access_log=False,
        server_header=False,
        http=PROTOCOL,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        lifespan="off",
    )


def _terminated(number: int, _frame: object) -> None:
    raise SystemExit(SIGNALLED + number)


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
        raise _no_port(host, port, error) from error
    return listening


def _no_port(host: str, port: int, error: OSError) -> Unavailable:
    if error.errno == errno.EADDRINUSE:
        return Unavailable(
            check="port-taken",
            detail=N_("Another program listens on port {port} already."),
            next_step=N_("Choose another port, or 0 for any that is free."),
            params={"port": str(port)},
        )
    if error.errno == errno.EACCES:
        return Unavailable(
            check="port-taken",
            detail=N_("Port {port} is not yours to listen on."),
            next_step=N_("Choose another port, or 0 for any that is free."),
            params={"port": str(port)},
        )
    return Unavailable(
        check="address-unusable",
        detail=N_("This machine has no address {host} to listen on: {reason}."),
        next_step=N_("Name an address of this machine: --host 127.0.0.1"),
        params={"host": host[:100], "reason": disk.reason(error)},
        field="host",
    )
