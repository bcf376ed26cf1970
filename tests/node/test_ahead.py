"""The helper that checks a window's signatures beside the node: the same verdicts, whatever becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nacl.signing import VerifyKey

from gokei.journal import envelopes
from gokei.journal.door import Opened, Verifies, opened
from gokei.journal.keys import KeyRing
from gokei.node import verifier
from gokei.node.ahead import AHEAD, COMMAND, Ahead
from gokei.terms import limits
from tests.nations import Nations
from tests.node.test_windows import many

WAIT_SECONDS = 30.0


@pytest.fixture
def ahead() -> Iterator[Ahead]:
    found = Ahead(COMMAND)
    yield found
    found.end()


@pytest.fixture
def window(nations: Nations) -> list[Opened]:
    """Enough documents that a pipe does not hold them all, every seventh with a signature that is not good."""
    raws = many(nations, 20) * 10
    return [_spoilt(opened(raw)) if number % 7 == 3 else opened(raw) for number, raw in enumerate(raws)]


@pytest.fixture
def ring(window: list[Opened], nations: Nations) -> KeyRing:
    return nations["JP"].core.channel("AU").ring("AU")


def _spoilt(one: Opened) -> Opened:
    (signature,) = one.envelope.signatures
    value = signature.value[:40] + bytes((signature.value[40] ^ 1,)) + signature.value[41:]
    return Opened(one.raw, one.envelope._replace(signatures=(signature._replace(value=value),)))


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def key(one: Opened, ring: KeyRing) -> VerifyKey:
    office = ring.by_name(one.envelope.signatures[0].keyid)
    assert office is not None
    return office.key


def asked(ahead: Ahead, window: list[Opened], ring: KeyRing) -> Verifies:
    """A window whose signatures the helper was asked for, once it is ready."""
    found = envelopes.verifies

    def taken() -> bool:
        nonlocal found
        found = ahead.checked(window, ring)
        return found is not envelopes.verifies

    until(taken)
    return found


def right(verifies: Verifies, window: list[Opened], ring: KeyRing) -> None:
    """The verdicts are those of the library."""
    verdicts = [verifies(one.envelope, 0, key(one, ring)) for one in window]
    assert verdicts == [number % 7 != 3 for number in range(len(window))]


def gone(process: int) -> bool:
    """Whether nothing is left of it, but for a parent that did not ask."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_what_the_helper_says_is_what_the_library_says(
    ahead: Ahead, window: list[Opened], ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifies = asked(ahead, window, ring)
    right(verifies, window, ring)
    verifies = asked(ahead, window, ring)
    with monkeypatch.context() as patch:
        # Whatever is good now, the helper has said.
        patch.setattr(envelopes, "verifies", lambda *_: False)
        until(lambda: verifies(window[-2].envelope, 0, key(window[-2], ring)))
        right(verifies, window, ring)
        other = VerifyKey(bytes(key(window[0], ring)))
        assert not verifies(window[0].envelope, 0, other), "by another key it was never asked"
    right(verifies, window, ring)


def test_one_that_is_killed_meanwhile_is_missed_by_nobody(ahead: Ahead, window: list[Opened], ring: KeyRing) -> None:
    verifies = asked(ahead, window, ring)
    assert ahead.helper is not None
    process = ahead.helper.process
    os.kill(process, signal.SIGKILL)
    right(verifies, window, ring)
    right(ahead.checked(window, ring), window, ring)
    until(lambda: ahead.checked(window, ring) is envelopes.verifies and ahead.helper is None)
    assert not Path(f"/proc/{process}").exists(), "no zombie is left"


def test_nobody_waits_for_one_that_stands_still(
    ahead: Ahead, window: list[Opened], ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(ahead, window, ring)
    assert ahead.helper is not None
    process = ahead.helper.process
    os.kill(process, signal.SIGSTOP)
    for _ in range(3):
        right(ahead.checked(window, ring), window, ring)
    assert ahead.helper is not None, "it may yet come back"
    monkeypatch.setattr(limits, "VERIFYING_SECONDS", 0.01)
    time.sleep(0.02)
    assert ahead.checked(window, ring) is envelopes.verifies
    assert ahead.helper is None
    until(lambda: gone(process))


def test_one_that_stood_still_for_a_moment_helps_again(ahead: Ahead, window: list[Opened], ring: KeyRing) -> None:
    asked(ahead, window, ring)
    assert ahead.helper is not None
    os.kill(ahead.helper.process, signal.SIGSTOP)
    right(ahead.checked(window, ring), window, ring)
    os.kill(ahead.helper.process, signal.SIGCONT)
    right(asked(ahead, window, ring), window, ring)


@pytest.mark.parametrize(
    "said",
    [
        "b''",
        "b'yes' * 100",
        "bytes([255]) + bytes([1]) * 400",
        "bytes([255] * 1000)",
        "bytes([255]) + bytes(number % 64 * 2 + 1 for number in range(1000))",
    ],
)
def test_one_that_says_what_it_was_not_asked_is_let_go(said: str, window: list[Opened], ring: KeyRing) -> None:
    text = f"import sys, time; sys.stdout.buffer.write({said}); sys.stdout.flush(); time.sleep({bool(said[3:]) * 60})"
    ahead = Ahead((sys.executable, "-c", text))
    try:

        def let_go() -> bool:
            right(ahead.checked(window, ring), window, ring)
            return ahead.helper is None

        until(let_go)
        assert ahead.checked(window, ring) is envelopes.verifies, "once and for all"
    finally:
        ahead.end()


def test_where_none_can_be_started_the_node_does_without(window: list[Opened], ring: KeyRing, tmp_path: Path) -> None:
    ahead = Ahead((str(tmp_path / "nothing"),))
    right(ahead.checked(window, ring), window, ring)
    assert ahead.helper is None


def test_a_small_window_starts_none(ahead: Ahead, window: list[Opened], ring: KeyRing) -> None:
    assert ahead.checked(window[: limits.VERIFYING_FEWEST - 1], ring) is envelopes.verifies
    assert ahead.helper is None


def test_a_process_that_is_forked_leaves_the_helper_to_its_owner(window: list[Opened], ring: KeyRing) -> None:
    asked(AHEAD, window, ring)
    helper = AHEAD.helper
    assert helper is not None
    child = os.fork()
    if child == 0:
        os._exit(0 if AHEAD.helper is None else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert AHEAD.helper is helper
    right(asked(AHEAD, window, ring), window, ring)


@pytest.mark.parametrize("end", ["os._exit(0)", "sys.exit(0)", "os.kill(os.getpid(), 9)"])
def test_it_ends_with_the_node_however_that_ends(end: str) -> None:
    text = (
        "import os, sys; from gokei.node import ahead; "
        f"print(ahead.Helper(ahead.COMMAND).process, flush=True); sys.stdout.close(); {end}"
    )
    found = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    until(lambda: gone(int(found.stdout)))


def test_the_helper_loads_nothing_of_the_node() -> None:
    text = f"import sys, {verifier.__name__}; print(*(name for name in sys.modules if name.startswith('gokei')))"
    found = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) == {"gokei", "gokei.node", verifier.__name__}
