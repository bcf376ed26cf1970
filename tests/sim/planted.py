"""Bugs planted in a copy of the package, one at a time: the simulation must find each within its number of seeds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# ruff: noqa: E501 - the texts are those of the files

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "gokei"
SECONDS = 900


class Planted(NamedTuple):
    """A bug: in which file which text becomes which; what finds it; the first seed from 0 on that did, so that it takes
    one seed more than that; and within how many it must be found, from `first` on.

    `first` is not 0 where it takes more seeds than are run by night: then a window around the seed is hunted.
    """

    name: str
    file: str
    old: str
    new: str
    found_by: tuple[str, ...]
    seed: int
    seeds: int
    first: int = 0


BUGS = (
    Planted(
        "commits are not flushed", "node/store.py", 'f"PRAGMA cache_size=-{limits.STORE_CACHE_KIBIBYTES}"',
        '"PRAGMA synchronous=OFF"', ("INV-2", "INV-5", "LIVENESS"), 0, 60,
    ),
    Planted(
        "what was refused is not taken back", "node/store.py", 'self._database.execute("ROLLBACK")',
        'self._database.execute("COMMIT")', ("INV-10", "INV-2"), 0, 60,
    ),
    Planted(
        "a failed flush is passed over", "node/store.py", "            self._broken = True\n            raise\n",
        "            return\n", ("INV-2", "INV-5", "OperationalError", "LIVENESS"), 0, 60,
    ),
    Planted("the previous hash is not looked at", "journal/door.py", "if frame.previous != log.last:", "if False:",
            ("INV-5", "INV-9"), 8, 60),
    Planted("seen may go back", "journal/door.py", "if not log.seen <= frame.seen <= written:",
            "if not frame.seen <= written:", ("INV-5", "INV-9"), 8, 60),
    Planted("exercise and real are one", "journal/door.py", "if frame.environment != environment:", "if False:",
            ("INV-5", "INV-9"), 7, 60),
    Planted("a second signature is not checked", "journal/door.py", "if not verifies(envelope, index, office.key):",
            "if index == 0 and not verifies(envelope, index, office.key):", ("INV-5",), 7, 60),
    Planted("no signature is checked", "journal/door.py", "if not verifies(envelope, index, office.key):",
            "if not office.key:", ("INV-5", "INV-4"), 7, 60),
    Planted("a document is known by its id", "node/receiving.py", "row = core.store.find(channel.name, name)",
            "row = core.store.find(channel.name, (__import__('re').findall(rb'.document.:.([0-9a-f]{32}).', "
            "Envelope.decode(raw, DOCUMENT).payload) or [b''])[0].decode())", ("INV-3", "INV-9"), 25, 120),
    Planted("a duplicate is refused", "node/receiving.py", "            if held is None:\n                raise\n",
            "            if held is None or held:\n                raise\n", ("INV-3",), 0, 60),
    Planted("views are left for later", "node/receiving.py", "            self._channel.fold_entries(entry for entry, _ in self._new)\n", "",
            ("INV-11",), 0, 60),
    Planted("a refusal moves the log", "node/receiving.py",
            "    kept = raw[: limits.QUARANTINE_BYTES]\n    with core.store.writing():\n",
            "    kept = raw[: limits.QUARANTINE_BYTES]\n    with core.store.writing():\n"
            "        core.store.run('UPDATE logs SET size=size+1 WHERE author=?', (author,))\n",
            ("INV-10", "INV-3", "ValueError"), 1, 60),
    Planted("each folds its own documents first", "node/channels.py",
            "        return causal_order(\n            (self._overlaid(self._as_it_came(row), rings[row.author]) for row "
            "in rows), self._kinds.rank\n        )",
            "        found = [self._overlaid(self._as_it_came(row), rings[row.author]) for row in rows]\n"
            "        return sorted(found, key=lambda one: (one.author != self.own, one.sequence))",
            ("LIVENESS",), 1, 60),
    Planted("money goes to nobody", "ledger/account.py", "            for account, commodity, amount in entries\n",
            "            for account, commodity, amount in entries[:1]\n", ("INV-1",), 1, 60),
    Planted("a restored node signs at once", "node/signed.py", "    if nation in unheard(core):\n", "    if False:\n",
            ("INV-5", "INV-4", "LIVENESS", "INV-2"), 35, 120),
    Planted("a checkpoint's time goes back with the clock", "node/checkpoints.py",
            "now = now._replace(time=max(now.time, before[0].time))", "pass", ("INV-9", "INV-5", "LIVENESS"), 3, 120),
    Planted("evidence is not kept", "node/evidence.py", "    raw = proofs.encode(evidence)\n",
            "    return\n    raw = proofs.encode(evidence)\n", ("INV-9",), 7, 60),
    Planted("requests are believed unsigned", "node/messages.py",
            "    envelope = envelopes.Envelope.decode(raw, envelopes.WANT)\n    if len(envelope.signatures) != 1 or not "
            "envelopes.verifies(envelope, 0, core.node_key(nation)):",
            "    envelope = envelopes.Envelope.decode(raw, envelopes.WANT)\n    if len(envelope.signatures) != 1:",
            ("INV-8",), 6, 60),
    Planted("what counts differently makes a cut", "journal/checkpoints.py",
            "    if one.written != other.seen or other.written != one.seen:\n        return None\n", "",
            ("INV-9", "INV-10"), 0, 60),
    Planted("one fact that is not known is passed over", "law/determinations.py",
            "        if not essential:\n            allowed = Truth.of(diagram.root == 1)\n    if allowed is Truth.TRUE:",
            "        if essential in ((), ('on_register',)):\n            allowed = Truth.of(diagram.root != 0)\n    if allowed is Truth.TRUE:",
            ("INV-6",), 5, 60),
    Planted("a low clearance reaches a high level", "law/roles.py", "if rank <= least}", "if rank >= least}", ("INV-7",), 0, 60),
    Planted("documents go to whoever is met", "node/exchange.py", "core.store.each(core.channel_of(nation), log, after)",
            "core.store.each(core.channels()[0].name, log, after)", ("INV-8",), 1, 60),
    Planted("two roots over one count are no matter", "node/checkpoints.py",
            "    evidence.hold_against(core, nation, (checkpoint, raw), before)\n", "", ("INV-9",), 8, 60),
    Planted("a refused checkpoint is kept", "node/checkpoints.py",
            "    evidence.hold_against(core, nation, (checkpoint, raw), before)\n",
            "    try:\n        evidence.hold_against(core, nation, (checkpoint, raw), before)\n    except Refused:\n"
            "        with core.store.writing():\n            _keep(core, nation, nation, 'newest', checkpoint, raw)\n"
            "        raise\n", ("INV-10",), 8, 60),
    Planted("only the newest key of the node is tried", "node/core.py", "[: limits.NODE_KEYS_TRIED]", "[:1]",
            ("LIVENESS",), 36, 120),
    Planted("what a copy unsaw is passed over", "node/signed.py", "        return frame.seen < mine.seen\n",
            "        return False\n", ("LIVENESS", "INV-9"), 135, 200),
    Planted("a copy signs beside what its asker holds", "node/answering.py",
            "_own(core, nation) if want.agrees(core) else None", "_own(core, nation)", ("INV-9",), 80, 200),
    Planted("a branch that was left counts", "node/signed.py",
            " or (_apart(mine, found[0]) and behind(core, nation, mine))", "", ("INV-9",), 776, 60, 760),
    Planted("a signature that a copy gave in vain stands", "node/setting_aside.py",
            "    if place is None and _signed_in_vain(core, nation, offer):\n", "    if False:\n",
            ("LIVENESS",), 724, 60, 700),
    Planted("mandates are not verified", "node/verifying.py", "    check_mandates(core)\n", "",
            ("INV-2", "LIVENESS"), 1903, 60, 1880),
)  # fmt: skip


class Result(NamedTuple):
    """What broke first, or None where nothing did, and all that was printed."""

    broken: str | None
    said: str


def plant(bug: Planted, folder: Path) -> Path:
    """A copy of the package with the bug in it; the folder to put before all others on the path."""
    source = folder / "src"
    shutil.copytree(PACKAGE, source / "gokei", ignore=shutil.ignore_patterns("__pycache__", "static", "faces.locale"))
    (folder / "agreements").symlink_to(ROOT / "agreements")
    file = source / "gokei" / bug.file
    text = file.read_text("utf-8")
    assert text.count(bug.old) == 1, f"{bug.name}: the text stands {text.count(bug.old)} times in {bug.file}"
    file.write_text(text.replace(bug.old, bug.new), "utf-8")
    return source


def hunt(bug: Planted, folder: Path) -> Result:
    """Plant a bug and run its seeds until something breaks."""
    source = plant(bug, folder)
    words = ["-m", "tests.sim", "--from", str(bug.first), "--seeds", str(bug.seeds), "--stop", "--plain"]
    path = os.pathsep.join((str(source), str(ROOT)))
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip
    broken = [word.partition("=")[2] for word in done.stdout.split() if word.startswith("BROKEN=")]
    return Result(broken[0] if broken else None, done.stdout + done.stderr)
