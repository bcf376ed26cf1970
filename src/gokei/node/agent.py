"""Signing by another process: a node asks an agent on a Unix socket, and holds no secret key itself.

One request and one answer a connection: a line of JSON each. `{"ask": "keys"}` gives the keys that are held, `{"ask":
"sign", "key": …, "message": …}` (base64) a signature, `{"ask": "tls", "key": …}` the secret of a certificate's
key, which signs no document, and which the library that speaks TLS must have. What an agent answers is believed no
further than it can be checked: a signature that does not fit is refused here, before it is in anyone's log.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from pathlib import Path
from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from gokei.journal.publickeys import ED25519, verify_key
from gokei.journal.signers import Signer, SoftwareSigner
from gokei.node import disk
from gokei.node.signing import Held, not_held
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadCall, BadInput, Problem, Refused, Unavailable
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

VARIABLE: Final = "GOKEI_SIGNER"
_SCHEME: Final = "unix:"


def configured() -> AgentKeys | None:
    """The agent that the setting names, or None. Raises BadCall (`signer-setting`)."""
    found = os.environ.get(VARIABLE, "")
    if not found:
        return None
    if not found.startswith(_SCHEME + "/"):
        raise BadCall(
            check="signer-setting",
            detail=N_("GOKEI_SIGNER is not an address of an agent."),
            next_step=N_("Write it as unix:/path/to/socket, or take it away to sign with the keys in the folder."),
        )
    return AgentKeys(Path(found.removeprefix(_SCHEME)))


class AgentKeys:
    """Keys that an agent holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: tuple[Held, ...] | None = None

    def holds(self) -> tuple[Held, ...]:
        """The keys that the agent holds; asked once. Raises Unavailable (`signer-…`)."""
        if self._held is None:
            self._held = _keys(self._path, ask(self._path, {"ask": "keys"}))
        return self._held

    def signer(self, key: str) -> Signer:
        """The signer of a public key. Raises Refused (`key-not-held`), Unavailable (`signer-…`)."""
        if all(one.key != key for one in self.holds()):
            # It may have got one more key since.
            self._held = None
            if all(one.key != key for one in self.holds()):
                raise not_held(key)
        return AgentSigner(self._path, verify_key(ED25519, key))

    def tls(self, key: str) -> bytes:
        """The secret seed of a certificate's key: TLS needs it here. Raises Refused (`key-not-held`), Unavailable."""
        answer = ask(self._path, {"ask": "tls", "key": key})
        if answer.get("refused") is not None:
            raise not_held(key)
        try:
            seed = bytes.fromhex(str(answer.get("seed")))
            if bytes(SoftwareSigner(seed).verify_key).hex() != key:
                raise _garbage(self._path)
        except ValueError as error:
            raise _garbage(self._path) from error
        return seed


class AgentSigner:
    """One key that an agent holds."""

    __slots__ = ("_path", "verify_key")

    def __init__(self, path: Path, key: VerifyKey) -> None:
        self._path = path
        self.verify_key: VerifyKey = key

    def sign(self, message: bytes) -> bytes:
        """The signature, checked. Raises Refused (`signer-refused`), Unavailable (`signer-away`, `signer-answer`)."""
        request: JsonObject = {
            "ask": "sign",
            "key": bytes(self.verify_key).hex(),
            "message": base64.b64encode(message).decode(),
        }
        answer = ask(self._path, request)
        if answer.get("refused") is not None:
            raise Refused(
                check="signer-refused",
                detail=N_("The agent that holds the keys refuses to sign this."),
                next_step=N_("It signs only documents of this program, each by the office that it names."),
                who="operator",
            )
        try:
            signature = bytes.fromhex(str(answer.get("signature")))
            self.verify_key.verify(message, signature)
        except (ValueError, BadSignatureError) as error:
            raise _garbage(self._path) from error
        return signature


def ask(path: Path, request: JsonObject) -> JsonObject:
    """One request to an agent. Raises Unavailable (`signer-away`, `signer-slow`, `signer-answer`)."""
    line = json.dumps(request, separators=(",", ":")).encode() + b"\n"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(limits.AGENT_SECONDS)
            connection.connect(str(path))
            connection.sendall(line)
            answer = read_line(connection)
    except TimeoutError as error:
        raise Unavailable(
            check="signer-slow",
            detail=N_("The agent that holds the keys does not answer in time."),
            next_step=N_("Look after that process, then try again. Nothing was signed."),
            path=str(path),
        ) from error
    except OSError as error:
        raise Unavailable(
            check="signer-away",
            detail=N_("The agent that holds the keys is not there: {reason}."),
            params={"reason": disk.reason(error)},
            next_step=N_("Start it, then try again: gokei keys agent DIR --socket PATH. Nothing was signed."),
            path=str(path),
        ) from error
    try:
        return parse_object(answer, max_bytes=limits.AGENT_BYTES, max_string=limits.AGENT_BYTES)
    except BadInput as error:
        raise _garbage(path) from error


def read_line(connection: socket.socket) -> bytes:
    """A line from a connection, bounded in size and in time; its end may be the connection's. Raises OSError."""
    until = time.monotonic() + limits.AGENT_SECONDS
    found = bytearray()
    while not found.endswith(b"\n") and len(found) <= limits.AGENT_BYTES:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(65536)
        if not part:
            break
        found += part
    return bytes(found).rstrip(b"\n")


def _keys(path: Path, answer: JsonObject) -> tuple[Held, ...]:
    rows = answer.get("keys")
    found = []
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, dict):
            raise _garbage(path)
        try:
            key = str(row.get("key"))
            verify_key(str(row.get("algorithm")), key)
        except (ValueError, Problem) as error:
            raise _garbage(path) from error
        found.append(Held(str(row.get("office")), key))
    return tuple(found)


def _garbage(path: Path) -> Unavailable:
    return Unavailable(
        check="signer-answer",
        detail=N_("The agent that holds the keys gives an answer that is none."),
        next_step=N_("See which program answers there, and start the agent again. Nothing was signed."),
        path=str(path),
    )
