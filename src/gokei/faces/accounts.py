"""Local exercise accounts: one for each office of a node, kept in the node's directory.

An account is an office and a token. The token signs in a person to the web and is the bearer token of the API.
What an office may do is not decided here: the node checks the office's powers at every act.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gokei.node import disk
from gokei.terms.problems import BadInput
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

FILE_NAME: Final = "accounts.json"
TOKEN_BYTES: Final = 24
SESSION_SECONDS: Final = 12 * 60 * 60


@dataclass(frozen=True, slots=True)
class Accounts:
    """The offices that may sign in, and the secret that seals their sessions."""

    secret: bytes
    tokens: Mapping[str, str]

    @property
    def cookie(self) -> str:
        """The session cookie's name; its own for each node, because browsers share cookies between ports."""
        return "gokei-" + hashlib.sha256(b"cookie" + self.secret).hexdigest()[:12]

    def office_of_token(self, token: str) -> str | None:
        """The office that `token` belongs to; compared in constant time."""
        found = None
        for office, known in self.tokens.items():
            if hmac.compare_digest(known.encode(), token.encode()):
                found = office
        return found

    def session(self, office: str, now: int) -> str:
        """A sealed session for `office`, which ends after SESSION_SECONDS; `now` in seconds since 1970."""
        body = f"{office}|{now + SESSION_SECONDS}"
        return f"{body}|{self._seal(body)}"

    def office_of_session(self, session: str, now: int) -> str | None:
        """The office of a session that we sealed and that has not ended; else None."""
        body, _, seal = session.rpartition("|")
        if not hmac.compare_digest(self._seal(body).encode(), seal.encode()):
            return None
        office, _, until = body.partition("|")
        return office if office in self.tokens and now < int(until) else None

    def _seal(self, body: str) -> str:
        return hmac.new(self.secret, body.encode(), hashlib.sha256).hexdigest()


def load(directory: Path, offices: Sequence[str]) -> Accounts:
    """The accounts of the node in `directory`; made (mode 0600) for offices that have none yet.

    Raises BadInput when the accounts file cannot be read as what it should be.
    """
    path = directory / FILE_NAME
    secret, tokens = _read(path) if path.exists() else (secrets.token_hex(TOKEN_BYTES), {})
    wanted = {office: tokens.get(office) or secrets.token_urlsafe(TOKEN_BYTES) for office in offices}
    if wanted != tokens or not path.exists():
        _write(path, secret, wanted)
    return Accounts(secret.encode(), wanted)


def _read(path: Path) -> tuple[str, dict[str, str]]:
    value = parse_object(path.read_bytes(), path=str(path))
    secret, rows = value.get("secret"), value.get("accounts")
    tokens: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(row.get("office"), str) and isinstance(row.get("token"), str):
            tokens[str(row["office"])] = str(row["token"])
    if (
        not isinstance(secret, str)
        or len(secret) < TOKEN_BYTES
        or not isinstance(rows, list)
        or len(tokens) != len(rows)
    ):
        raise BadInput(
            check="accounts-file",
            detail=N_("The accounts file is not a list of offices and tokens."),
            next_step=N_("Move the file away; the node makes a new one when it starts, with new tokens."),
            path=str(path),
            who="operator",
        )
    return secret, tokens


def _write(path: Path, secret: str, tokens: Mapping[str, str]) -> None:
    rows = [{"office": office, "token": token} for office, token in sorted(tokens.items())]
    text = json.dumps({"secret": secret, "accounts": rows}, indent=1)
    draft = path.with_suffix(".new")
    with (
        disk.named(path),
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file,
    ):
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
