"""An exercise on one machine: four nations' nodes as four processes, enrolled with each other, playing the story."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from gokei.faces import accounts
from gokei.faces.story.stages import Served
from gokei.faces.story.steps import NATIONS, PAIRS
from gokei.node import lock
from gokei.node.folder import IDENTITY
from gokei.node.node import Node
from gokei.node.packs import LawOnDemand
from gokei.terms.problems import Refused, Unavailable
from gokei.terms.words import N_

MARK: Final = "exercise.json"
MARK_TEXT: Final = '{"gokei": "an exercise: it may be cleared away"}\n'
STOP_IT: Final = N_("Stop that process, or name another folder: --dir DIR")
FIRST_PORT: Final = 8801
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
STEP_SECONDS: Final = 0.05


@contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """An empty folder for an exercise, kept from every other exercise until the end.

    An older exercise in it is cleared away, unless it is still running; anything else is left alone. Raises Refused
    (`exercise-folder`, `exercise-running`, `node-served`).
    """
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise Refused(
            check="exercise-folder",
            detail=N_("{folder} holds something that is no exercise."),
            next_step=N_("Name an empty or a new folder: --dir DIR. Or remove {folder} yourself, if all in it may go."),
            params={"folder": str(folder)},
        )
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as until_the_end:
        try:
            until_the_end.enter_context(lock.held(folder / MARK, MARK_TEXT))
        except lock.Taken as taken:
            raise Refused(
                check="exercise-running",
                detail=N_("Another exercise is running in {folder}."),
                next_step=N_("Stop it with Ctrl-C where it runs, or name another folder: --dir DIR"),
                params={"folder": str(folder)},
                who="operator",
            ) from taken
        with ExitStack() as while_clearing:
            for node in folder.iterdir():
                if (node / IDENTITY).is_file():
                    while_clearing.enter_context(lock.serving(node, STOP_IT))
            clear(folder)
        yield


def prepare(folder: Path) -> None:
    """An empty folder for an exercise, as `prepared` makes it."""
    with prepared(folder):
        pass


def clear(folder: Path) -> None:
    """Remove everything but the mark, so that what is half removed is still known as an exercise."""
    for one in folder.iterdir():
        if one.name == MARK:
            continue
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


def enrol(folder: Path) -> None:
    """A node for each nation, and every pair that has agreements enrolled with each other's cards."""
    law = LawOnDemand()
    for nation in NATIONS:
        Node.create(folder / nation, nation, "exercise")
    for pair in PAIRS:
        one, other = (Node.open(folder / nation, law) for nation in pair)
        try:
            one.add_partner(other.card())
            other.add_partner(one.card())
        finally:
            one.close()
            other.close()


@contextmanager
def serving(folder: Path, first_port: int) -> Iterator[Mapping[str, Served]]:
    """The four nodes served, each by a process of its own; all stopped at the end. Raises Unavailable."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for number, nation in enumerate(NATIONS):
            running[nation] = start(folder / nation, _free(first_port + number) if first_port else 0)
        yield {nation: served(folder / nation, process) for nation, process in running.items()}
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            _ended(process)


def start(folder: Path, port: int, exchange_port: int = 0) -> subprocess.Popen[bytes]:
    """A node's process; its address is told by `served`."""
    command = [
        sys.executable,
        "-m",
        "gokei.faces.cli.main",
        "node",
        "serve",
        str(folder),
        "--port",
        str(port),
        "--exchange-port",
        str(exchange_port),
        "--json",
    ]
    told = folder / "serving.json"
    told.unlink(missing_ok=True)
    with told.open("wb") as out, (folder / "serving.log").open("ab") as log:
        return subprocess.Popen(command, stdout=out, stderr=log, stdin=subprocess.DEVNULL)


def served(folder: Path, process: subprocess.Popen[bytes]) -> Served:
    """Where a started node answers, with its offices' tokens. Raises Unavailable (`node-start`) where it ended."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        text = (folder / "serving.json").read_bytes()
        if text.endswith(b"}\n") and b'"address"' in text:
            node = Node.open(folder, LawOnDemand())
            offices = [str(one["office"]) for one in node.offices()]
            node.close()
            said = json.loads(text)
            return Served(str(said["address"]), accounts.load(folder, offices).tokens, str(said["exchange"]))
        time.sleep(STEP_SECONDS)
    raise Unavailable(
        check="node-start",
        detail=N_("The node in {folder} did not start."),
        next_step=N_("Look at {log}."),
        params={"folder": str(folder), "log": str(folder / "serving.log")},
    )


def _free(port: int) -> int:
    """The port, or 0 (any that is free) where another program has it."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
