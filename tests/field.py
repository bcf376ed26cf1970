"""Served nodes, each a process of its own on a port that it keeps, so that one may be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import httpx

from gokei.faces import exercise
from gokei.faces.story.stages import Served
from gokei.node.node import Node
from gokei.node.packs import LawOnDemand
from gokei.node.tls import Credentials

STOP_SECONDS = 20


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def context(folder: Path, reader: str) -> ssl.SSLContext:
    """What the node of a folder calls a partner's with: its own certificate, and trust in the partner's alone."""
    node = Node.open(folder, LawOnDemand())
    try:
        return Credentials(node.core).to_call(reader)[1]
    finally:
        node.close()


def wire(folder: Path, reader: str) -> httpx.Client:
    """HTTPS as the node of a folder speaks it with a partner's."""
    return httpx.Client(verify=context(folder, reader), timeout=30, trust_env=False)


class Field:
    """The nodes of nations whose folders lie in `folder`, all started."""

    def __init__(self, folder: Path, nations: Sequence[str]) -> None:
        self.folder = folder
        self.ports = {nation: (free_port(), free_port()) for nation in nations}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.nodes: dict[str, Served] = {}
        for nation in nations:
            self.processes[nation] = exercise.start(folder / nation, *self.ports[nation])
        for nation in nations:
            self.nodes[nation] = exercise.served(folder / nation, self.processes[nation])

    def kill(self, nation: str) -> None:
        """SIGKILL, and a new process on the same folder and port."""
        os.kill(self.processes[nation].pid, signal.SIGKILL)
        self.processes[nation].wait()
        self.start(nation)

    def start(self, nation: str) -> None:
        self.processes[nation] = exercise.start(self.folder / nation, *self.ports[nation])
        exercise.served(self.folder / nation, self.processes[nation])

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(STOP_SECONDS)
