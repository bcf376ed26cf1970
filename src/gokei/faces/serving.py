"""A node on its ports: API and pages on one, partners on another, and threads that carry documents to partners."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvicorn
from starlette.types import ASGIApp

from gokei.faces.certified import WithCertificate
from gokei.faces.patience import PROTOCOL
from gokei.faces.web.app import Settings, create_app
from gokei.node import disk, lock, rendezvous
from gokei.node.background import Background
from gokei.node.node import Node, Unlock
from gokei.node.packs import LawOnDemand
from gokei.node.routes import Exchange
from gokei.node.tls import Credentials
from gokei.terms.problems import Unavailable
from gokei.terms.words import N_

CONNECTIONS: Final = 512
KEEP_ALIVE_SECONDS: Final = 30
STOP_SECONDS: Final = 10.0
# What a shell says of a process that a signal ended: this and the signal's number.
SIGNALLED: Final = 128
# Documents make few cycles; looking for them at every 700 objects costs a tenth of the time that a document takes.
COLLECT_AFTER: Final = (50_000, 20, 100)


class Doors(NamedTuple):
    """Where a node is to listen: for people and their programs, and for partners' nodes; a port of 0 is any."""

    host: str
    port: int
    exchange_port: int = 0


def serve_node(folder: Path, doors: Doors, ready: Callable[[str, str], None], unlock: Unlock | None = None) -> None:
    """Serve until stopped; `ready` is told the address of the pages and of the exchange. One process serves a folder.

    The keys are opened at once, so that a wrong passphrase or an agent that is away shows before anybody relies on it.

    Raises Refused (`node-served`, `tls-none`) and Unavailable (`port-taken`, `address-unusable`).
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
        node.core.store.grow_log()
        pages, partners = (_listen(doors.host, port) for port in (doors.port, doors.exchange_port))
        ending.callback(pages.close)
        ending.callback(partners.close)
        address, exchange_address = _address("http", doors.host, pages), _address("https", doors.host, partners)
        server = uvicorn.Server(_config(create_app(node, Settings(folder, unlock=unlock)), PROTOCOL))
        exchange = _Exchange(node, partners)
        exchange.start()
        ending.callback(exchange.stop)
        background = Background(lambda: Node.open(folder, law, unlock=unlock))
        background.start()
        ending.callback(background.stop)
        ending.callback(rendezvous.withdraw, node.core.folder)
        rendezvous.announce(node.core.folder, exchange_address)
        settle_memory()
        ready(address, exchange_address)
        server.run(sockets=[pages])


class _Exchange:
    """The partners' door, in a thread of its own: what goes on at the pages does not hold it up."""

    def __init__(self, node: Node, listening: socket.socket) -> None:
        credentials = Credentials(node.core)
        config = _config(Exchange(node, credentials), WithCertificate)
        config.load()
        # uvicorn makes contexts of files alone; the key is in none.
        config.ssl = credentials.to_serve()
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="gokei-partners", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the requests under way."""
        self._server.should_exit = True
        self._thread.join(timeout=STOP_SECONDS)


def _address(scheme: str, host: str, listening: socket.socket) -> str:
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


def _config(application: ASGIApp, protocol: Any) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        http=protocol,
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
