"""The agent: it opens a node's keyring once, and signs for whoever may open its socket, by the rules of purposes.py.

Only its own user reaches it: the socket has the mode 0600, and the kernel says whose process is at the other end.
Requests are bounded in size, number and time. It writes no log; what it refuses it names to the caller alone.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import socket
import stat
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gokei.journal.publickeys import ED25519
from gokei.journal.purposes import may_sign
from gokei.node import agent, disk
from gokei.node.signing import KeyHolder
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Problem, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

_WAIT_SECONDS: Final = 0.2


def answer(keys: KeyHolder, line: bytes) -> JsonObject:
    """What the agent says to one request; never why in more words than a check's name, and never a secret."""
    try:
        request = parse_object(line, max_bytes=limits.AGENT_BYTES, max_string=limits.AGENT_BYTES)
        if request.get("ask") == "keys":
            return {"keys": [{"office": one.office, "algorithm": ED25519, "key": one.key} for one in keys.holds()]}
        if request.get("ask") == "tls":
            return {"seed": keys.tls(str(request.get("key"))).hex()}
        held = next((one for one in keys.holds() if one.key == request.get("key")), None)
        message = base64.b64decode(str(request.get("message")), validate=True)
        if request.get("ask") != "sign" or held is None:
            return {"refused": "request"}
        if not may_sign(message, held.office):
            return {"refused": "purpose"}
        return {"signature": keys.signer(held.key).sign(message).hex()}
    except (BadInput, binascii.Error, ValueError):
        return {"refused": "request"}
    except Problem as problem:
        return {"refused": problem.check}


def serve(keys: KeyHolder, path: Path, ready: Callable[[], None], stop: threading.Event) -> None:
    """Answer on the socket until `stop`. Raises Refused (`socket-taken`), BadInput (`socket-path`)."""
    listening = _listen(path)
    places = threading.BoundedSemaphore(limits.AGENT_CONNECTIONS)
    try:
        listening.settimeout(_WAIT_SECONDS)
        ready()
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            if not places.acquire(blocking=False):
                connection.close()
                continue
            threading.Thread(target=_attend, args=(keys, connection, places), daemon=True).start()
    finally:
        listening.close()
        path.unlink(missing_ok=True)


def _attend(keys: KeyHolder, connection: socket.socket, places: threading.BoundedSemaphore) -> None:
    try:
        with connection:
            connection.settimeout(limits.AGENT_SECONDS)
            if _caller(connection) == os.getuid():
                said = answer(keys, agent.read_line(connection))
                connection.sendall(json.dumps(said, separators=(",", ":")).encode() + b"\n")
    except OSError:
        # Whoever asked is gone, or took too long: there is nobody to tell.
        pass
    finally:
        places.release()


def _caller(connection: socket.socket) -> int:
    """The user whose process is at the other end, as the kernel says."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getuid()
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", found)[1])


def _listen(path: Path) -> socket.socket:
    _make_way(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listening.bind(str(path))
        listening.listen(limits.AGENT_CONNECTIONS)
    except OSError as error:
        listening.close()
        raise BadInput(
            check="socket-path",
            detail=N_("No socket can be made here: {reason}."),
            params={"reason": disk.reason(error) if error.strerror else str(error)},
            next_step=N_("Name a short path in a folder of your own."),
            path=str(path),
            who="operator",
        ) from error
    finally:
        os.umask(mask)
    return listening


def _make_way(path: Path) -> None:
    """A socket that a killed agent left goes; anything else stays. Raises Refused (`socket-taken`)."""
    if not os.path.lexists(path):
        return
    if stat.S_ISSOCK(path.lstat().st_mode):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
            try:
                trial.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
                return
            except OSError:
                pass
    raise Refused(
        check="socket-taken",
        detail=N_("Something is at {path} already."),
        params={"path": str(path)},
        next_step=N_("Stop the agent that answers there, or name another path."),
        path=str(path),
        who="operator",
    )
