"""Many signed documents, made quickly, and the limits that the machine itself sets to taking them in."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from nacl.bindings import crypto_sign_open
from nacl.signing import SigningKey

from gokei.journal.door import Authentic, judge
from gokei.journal.frames import Frame
from gokei.journal.writing import Written, write
from gokei.node.node import Node
from gokei.terms.json_types import JsonObject
from tests.nations import F76, Nations, law, line, to_operation

TOGETHER = 500


def requests(folder: Path) -> Iterator[tuple[Frame, Written]]:
    """Australia's further requests to Japan, without end: each opens an order of its own, its law determined.

    The first was issued by the node itself; the others are that one again, with another number, in their own place.
    """
    nations = Nations(folder, "AU", "JP")
    to_operation(nations)
    asked = [line("12", supply="fuel", nsn=F76, description="F-76")]
    nations.act("AU", type="request", to="JP", order="AU-0", operation="DARWIN", on="2017-09-07", lines=asked)
    nations.meet()
    australia = nations["AU"]
    row = australia.list("documents", {"type": "request"})[0]
    channel = australia.core.channel("JP")
    frame = channel.entry(australia.core.store.after(channel.name, "AU", int(str(row["sequence"])) - 1, 1)[0]).frame
    ring = channel.ring("AU")
    keys = [key for office in frame.offices if (key := australia.core.signer(office, ring)) is not None]
    nations.close()
    previous = str(row["hash"])
    while True:
        number = frame.sequence + 1
        changed = {
            "sequence": number, "previous": previous, "case": f"order:AU-{number}",
            "document": hashlib.sha256(str(number).encode()).hexdigest()[:32],
            "body": frame.body | {"order": f"AU-{number}"},
        }  # fmt: skip
        frame = frame.model_copy(update=changed)
        written = write(frame, keys)
        previous = written.hash
        yield frame, written


def write_log(folder: Path, count: int) -> None:
    """A log of Australia's with so many documents more, folded and on disk, in its own node in the folder."""
    found = requests(folder)
    first = next(found)
    node = Node.open(folder / "AU", law())
    core = node.core
    channel = core.channel("JP")
    ring = channel.ring("AU")
    done, waiting = 0, [first]
    while done < count:
        waiting += islice(found, min(TOGETHER, count - done) - len(waiting))
        _, tree = core.store.log(channel.name, "AU")
        added = []
        for frame, written in waiting:
            signers = tuple(office for one in written.envelope.signatures if (office := ring.by_name(one.keyid)))
            entry = judge(Authentic(frame, written.envelope, written.raw, signers), ring, core.kinds)
            tree = tree.append(entry.leaf)
            added.append((entry, None))
        with core.store.writing():
            channel.append(added, tree)
            channel.fold_cases([entry.frame.case for entry, _ in added])
        done, waiting = done + len(waiting), []
    node.close()


def verifications(message: bytes, count: int = 5000) -> float:
    """Signatures of such a message that the library alone checks in a second, on one core."""
    key = SigningKey(hashlib.sha256(message).digest())
    signed, public = bytes(key.sign(message)), bytes(key.verify_key)
    start = time.process_time()
    for _ in range(count):
        crypto_sign_open(signed, public)
    return count / (time.process_time() - start)


def commits(folder: Path, size: int, count: int = 3000) -> float:
    """Commits a second of one row of that size each, by SQLite alone, in WAL with FULL synchronisation."""
    store = sqlite3.connect(folder / "raw.db", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE IF NOT EXISTS documents (number INTEGER PRIMARY KEY, envelope BLOB)")
    store.execute("DELETE FROM documents")
    blob = os.urandom(size)
    start = time.perf_counter()
    for number in range(count):
        store.execute("BEGIN IMMEDIATE")
        store.execute("INSERT INTO documents VALUES (?,?)", (number, blob))
        store.execute("COMMIT")
    rate = count / (time.perf_counter() - start)
    store.close()
    return rate


def copied(folder: Path, to: Path) -> Path:
    """The same folder once more."""
    subprocess.run(["cp", "-r", str(folder), str(to)], check=True)
    return to


def most_memory(process: int | str = "self") -> int:
    """The most memory that a process ever had resident, in MiB."""
    status = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return int(next(one for one in status if one.startswith("VmHWM")).split()[1]) // 1024


def children(process: int) -> list[int]:
    """The processes that a process began, whichever of its threads did."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text("ascii").split()]


def busy_seconds(process: int) -> float:
    """How long a process has had a processor so far, its children left out."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def child(module: str, *words: str) -> list[str]:
    """The command that runs a bench's own part in another process."""
    return [sys.executable, "-m", module, *words]


def shown(bars: JsonObject, figures: JsonObject) -> int:
    """Print bars and figures; the exit code, 1 where a figure is below its bar."""
    below = [name for name, bar in bars.items() if isinstance(bar, int) and not _reached(name, figures.get(name), bar)]
    sys.stdout.write(json.dumps({"bars": bars, "figures": figures, "below": below}, indent=1) + "\n")
    return 1 if below else 0


def _reached(name: str, figure: object, bar: int) -> bool:
    if not isinstance(figure, int):
        return False
    return figure <= bar if name.startswith("mebibytes") else figure >= bar
