"""Two served nodes, each in a network of its own: cut, one way lost, slow, half dead. Then the books are equal."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.nations import Nations, law, line, to_operation
from tests.nightly import TIMES
from tests.outside import networks
from tests.outside.networks import ADDRESS

DOCUMENTS = 30
CUTS = 10 if TIMES > 1 else 2
PORT, LINE = 8800, 8900
WAIT_SECONDS = 90.0


def until(happens: Callable[[], bool], seconds: float = WAIT_SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.1)
    return False


class Two:
    """Australia's and Japan's nodes in their networks; Australia reaches Japan by the line that misbehaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.weather = folder / "weather.json"
        self.say()
        made = Nations(folder, "AU", "JP")
        to_operation(made)
        made["AU"].add_partner(made["JP"].card(), f"https://{ADDRESS['JP']}:{LINE}")
        for number in range(DOCUMENTS):
            made.act(
                "AU", type="request", to="JP", order=f"AU-{number}", operation="DARWIN", on="2017-09-07",
                lines=[line("1", supply="fuel", description="F-76")],
            )  # fmt: skip
        made.close()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.readers = {nation: Node.open(folder / nation, law()) for nation in ADDRESS}
        words = (str(LINE), ADDRESS["JP"], str(PORT), str(self.weather))
        self.processes.append(networks.start("JP", folder / "JP", "tests.outside.proxy", *words))
        self.serve("JP")

    def say(self, **weather: Any) -> None:
        """The weather from now on."""
        draft = self.weather.with_suffix(".new")
        draft.write_text(json.dumps(weather))
        draft.replace(self.weather)

    def serve(self, nation: str) -> None:
        words = ("node", "serve", str(self.folder / nation), "--host", ADDRESS[nation], "--port", "0")
        words = (*words, "--exchange-port", str(PORT))
        self.processes.append(networks.start(nation, self.folder / nation, "gokei.faces.cli.main", *words))

    def held(self, nation: str) -> int:
        return len(self.readers[nation].list("documents"))

    def log(self, nation: str) -> list[str]:
        """The hashes of Australia's documents as a nation holds them, in their order."""
        return [row.hash for row in self.readers[nation].core.store.each("AU-JP", "AU")]

    def books(self, nation: str) -> JsonObject:
        found: Any = self.readers[nation].state()["channels"]
        return {"AU-JP": found["AU-JP"]}

    def meet(self) -> None:
        """Wait until both hold everything, once, under one cut, in equal books."""
        whole = 1 + DOCUMENTS
        assert until(lambda: self.held("JP") == whole), self.held("JP")
        assert until(lambda: all(one.settled_with(other) for one, other in self.pairs()))
        assert self.books("AU") == self.books("JP")
        for node in self.readers.values():
            hashes = [str(one["hash"]) for one in node.list("documents")]
            assert len(set(hashes)) == len(hashes) == whole
            node.verify()

    def pairs(self) -> list[tuple[Node, str]]:
        return [(self.readers["AU"], "JP"), (self.readers["JP"], "AU")]

    def close(self) -> None:
        networks.stop(self.processes)
        for node in self.readers.values():
            node.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    networks.need()
    with networks.cable():
        found = Two(tmp_path)
        try:
            yield found
        finally:
            found.close()


def test_a_cable_that_is_pulled_while_documents_cross_loses_and_doubles_none(two: Two) -> None:
    two.say(delay=0.05)
    two.serve("AU")
    for number in range(CUTS):
        before = two.held("JP")
        if not until(lambda before=before: two.held("JP") >= min(before + 2, 1 + DOCUMENTS)):  # type: ignore[misc]
            break
        end = ("JP", "AU")[number % 2]
        networks.plug(end, "down")
        time.sleep(0.7)
        held = two.held("JP")
        time.sleep(0.3)
        assert two.held("JP") == held
        networks.plug(end, "up")
    two.say()
    two.meet()


def test_answers_that_are_lost_one_way_make_nothing_happen_twice(two: Two) -> None:
    """Japan gets the documents and answers, and Australia never hears it; then it does."""
    two.say(lose="back", after=4500)
    two.serve("AU")
    assert until(lambda: two.held("JP") > 1)
    assert not two.readers["AU"].settled_with("JP")
    # Sent again and again, Australia's log stands there as it was written.
    written, arrived = two.log("AU"), two.log("JP")
    assert arrived == written[: len(arrived)]
    two.say()
    two.meet()


def test_a_caller_that_vanished_with_its_cable_holds_up_nobody(two: Two) -> None:
    """Half-open connections: their other end went away and could not say so."""
    half_open = (
        "import socket, time\nfrom pathlib import Path\nfrom tests.field import context\n"
        f"shown = context(Path({str(two.folder / 'AU')!r}), 'JP')\n"
        f"calls = [socket.create_connection(('{ADDRESS['JP']}', {PORT})) for _ in range(50)]\n"
        "calls = [shown.wrap_socket(one) for one in calls]\n"
        "head = b'POST /exchange/AU/documents HTTP/1.1\\r\\nContent-Length: 100\\r\\n\\r\\n{'\n"
        "for one in calls:\n    one.sendall(head)\n"
        "print('open', flush=True)\ntime.sleep(60)\n"
    )
    assert until(lambda: call("AU", two) == 0, 30)
    command = ["ip", "netns", "exec", networks.name("AU"), sys.executable, "-c", half_open]
    caller = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"open\n"
        networks.plug("AU", "down")
    finally:
        caller.kill()
        caller.wait()
        caller.stdout.close()  # type: ignore[union-attr]
    networks.plug("AU", "up")
    began = time.monotonic()
    assert until(lambda: call("AU", two) == 0, 10)
    assert time.monotonic() - began < 10
    two.serve("AU")
    two.meet()


def call(nation: str, two: Two) -> int:
    """Whether Japan's node answers a call from that network: 0 where it does."""
    speak = (
        "import sys\nfrom pathlib import Path\nfrom tests.field import wire\n"
        f"line = wire(Path({str(two.folder / 'AU')!r}), 'JP')\n"
        f"where = 'https://{ADDRESS['JP']}:{PORT}/exchange/AU/documents'\n"
        "answer = line.post(where, content=b'x', timeout=3)\n"
        "sys.exit(0 if answer.status_code in (409, 422) else 1)\n"
    )
    command = ["ip", "netns", "exec", networks.name(nation), sys.executable, "-c", speak]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_namespaces_of_runs_that_were_killed_are_cleared_away() -> None:
    networks.need()
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = [f"gokei-{nation}-{gone.pid}" for nation in ("au", "jp")]
    for one in names:
        networks.ip("netns", "add", one)
    with networks.cable():
        listed = subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, text=True).stdout
        assert networks.name("AU") in listed
        assert not [one for one in names if one in listed]


def test_only_what_is_ours_and_left_behind_is_cleared() -> None:
    listed = "gokei-au-12 (id: 3)\ngokei-jp-12\ngokei-au-13\nother-au-12\ngokei-kr-12\n"
    assert networks.left_behind(listed, lambda process: process == 13) == ["gokei-au-12", "gokei-jp-12"]
