"""A node's folder: who it is, its keys, its card. Made whole or not at all.

`node.json` says nation and environment; `keys/` holds secret keys (mode 0600); `journal.sqlite` is the journal.
The root's key is made here for an exercise; a real root belongs on a machine that never touches a network.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyrage
from nacl.signing import SigningKey

from gokei.journal.frames import Strict
from gokei.journal.keys import Card, NodeKey, Office, prove, read_card, sign_card
from gokei.node import disk
from gokei.node.ports import Clock, Random
from gokei.node.store import Store
from gokei.terms.nations import NATIONS
from gokei.terms.problems import BadCall, BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

IDENTITY: Final = "node.json"
CARD: Final = "card.json"
KEYS: Final = "keys"
JOURNAL: Final = "journal.sqlite"
AGE_MARK: Final = b"age-encryption.org/"
_PIECE_BYTES: Final = 1024 * 1024

OFFICES: Final[tuple[tuple[str, dict[str, str], tuple[str, ...]], ...]] = (
    ("logistics", {"en": "Logistics (J4)", "ja": "後方補給", "ko": "군수"}, ("request", "order", "deliver", "receive")),
    ("finance", {"en": "Finance", "ja": "会計", "ko": "재정"}, ("approve", "claim", "settle", "state")),
    ("supply", {"en": "Supply ship", "ja": "補給艦", "ko": "보급함"}, ("deliver", "receive")),
    ("legal", {"en": "Treaty and legal", "ja": "条約・法務", "ko": "조약·법무"}, ("publish", "approve")),
    ("security", {"en": "Security", "ja": "保全", "ko": "보안"}, ("release", "custody")),
    ("registrar", {"en": "Registry", "ja": "登録簿管理", "ko": "등록부 관리"}, ("release", "custody")),
)


class Identity(Strict):
    """What `node.json` holds."""

    gokei: int
    nation: str
    environment: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A node's folder as the node uses it."""

    path: Path
    nation: str
    environment: str
    card: Card
    node_key: SigningKey
    office_keys: dict[str, SigningKey]
    root_key: SigningKey | None
    sealing: str

    @property
    def journal(self) -> Path:
        """The database's file."""
        return self.path / JOURNAL


def create(path: Path, nation: str, environment: str, clock: Clock, random: Random) -> Folder:
    """Make a new node's folder. Raises Refused (`node-exists`) over what is there, BadCall otherwise."""
    if nation not in NATIONS:
        raise BadCall(
            check="nation-unknown",
            detail=N_("{nation} is not a nation code (ISO 3166-1 alpha-2, or UN, NATO, EU)."),
            params={"nation": nation[:20]},
            field="nation",
        )
    if path.exists() and not path.is_dir():
        raise Refused(
            check="node-exists",
            detail=N_("{path} is a file. A node is never made over something else."),
            next_step=N_("Name a new folder."),
            params={"path": str(path)},
            path=str(path),
        )
    if path.exists() and any(path.iterdir()):
        raise Refused(
            check="node-exists",
            detail=N_("{path} is not empty. A node is never made over something else."),
            next_step=N_("Name a new folder."),
            params={"path": str(path)},
            path=str(path),
        )
    draft = path.with_name(path.name + ".new-" + random.bytes(4).hex())
    try:
        with disk.named(path):
            (draft / KEYS).mkdir(parents=True, mode=0o700)
            _fill(draft, nation, environment, clock, random)
            if path.exists():
                path.rmdir()
            draft.rename(path)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not isinstance(error, OSError) or not disk.wrong_path(error):
            raise
        raise BadInput(
            check="node-folder",
            detail=N_("The folder {path} cannot be made: {reason}."),
            params={"path": str(path), "reason": disk.reason(error)},
            path=str(path),
            who="operator",
        ) from error
    return load(path)


def load(path: Path) -> Folder:
    """Open a node's folder. Raises BadInput (`node-folder`) where it is none."""
    try:
        identity = Identity.model_validate(parse_object((path / IDENTITY).read_bytes(), path=str(path / IDENTITY)))
        card, _ = read_card((path / CARD).read_bytes(), str(path / CARD))
        keys = {file.stem: SigningKey(bytes.fromhex(file.read_text().strip())) for file in (path / KEYS).glob("*.key")}
        sealing = (path / KEYS / "sealing.age").read_text().strip()
        node_key = keys.pop("node")
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(
            check="node-folder",
            detail=N_("{path} is not a node's folder."),
            next_step=N_("Make one with: gokei node init DIR --nation XX --environment exercise"),
            params={"path": str(path)},
            path=str(path),
            who="operator",
        ) from error
    root = keys.pop("root", None)
    return Folder(path, identity.nation, identity.environment, card, node_key, keys, root, sealing)


def card_with_address(folder: Folder, address: str | None, clock: Clock) -> bytes:
    """The node's card as it stands, or signed anew with an address where the root's key is at hand."""
    if address is None or address == folder.card.address:
        return (folder.path / CARD).read_bytes()
    if folder.root_key is None:
        raise Refused(
            check="root-offline",
            detail=N_("The root's key is not here, so that the card cannot be signed with a new address."),
            next_step=N_("Let the partner give the address itself: gokei partner add DIR FILE --address URL"),
        )
    return sign_card(folder.card.model_copy(update={"address": address, "issued": clock.now()}), folder.root_key)


def partner_card(raw: bytes, path: str | None) -> Card:
    """A partner's card. Raises Refused (`card-…`) where it proves nothing, BadInput (`card-none`) where it is none."""
    if raw.startswith(AGE_MARK):
        raise BadInput(
            check="card-none",
            detail=N_("This is no identity card: it is a sealed file, such as a courier file."),
            next_step=N_("Open it where it belongs: gokei courier open DIR FILE"),
            path=path,
        )
    try:
        card, _ = read_card(raw, path)
    except BadInput as problem:
        if problem.check.startswith("card-"):
            raise
        raise BadInput(
            check="card-none",
            detail=N_("This is no identity card of a node."),
            next_step=N_("Let the partner make one: gokei node card DIR > FILE"),
            path=path,
            line=problem.line,
            column=problem.column,
        ) from problem
    return card


def _fill(draft: Path, nation: str, environment: str, clock: Clock, random: Random) -> None:
    root, node = SigningKey(random.bytes(32)), SigningKey(random.bytes(32))
    public = bytes(root.verify_key).hex()
    sealing = pyrage.x25519.Identity.generate()
    offices = []
    for name, title, powers in OFFICES:
        key = SigningKey(random.bytes(32))
        _secret(draft / KEYS / f"{name}.key", bytes(key).hex())
        offices.append(
            Office(
                office=name,
                title=title,
                key=bytes(key.verify_key).hex(),
                powers=powers,
                valid_from="1990-01-01T00:00:00Z" if environment == "exercise" else clock.now(),
                proof=prove(key, nation, environment, public, name),
            )
        )
    card = Card(
        gokei=1,
        environment="exercise" if environment == "exercise" else "real",
        nation=nation,
        root=public,
        issued=clock.now(),
        node=NodeKey(key=bytes(node.verify_key).hex(), proof=prove(node, nation, environment, public, "node")),
        sealing=str(sealing.to_public()),
        offices=tuple(offices),
    )
    _secret(draft / KEYS / "root.key", bytes(root).hex())
    _secret(draft / KEYS / "node.key", bytes(node).hex())
    _secret(draft / KEYS / "sealing.age", str(sealing))
    (draft / CARD).write_bytes(sign_card(card, root))
    (draft / IDENTITY).write_text(json.dumps({"gokei": 1, "nation": nation, "environment": environment}) + "\n")
    Store.make(draft / JOURNAL)


def _secret(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_bounded(path: Path, limit: int) -> bytes:
    """A file's bytes, when it is no larger than `limit`. Raises BadInput (`file-missing`, `file-size`)."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise BadInput(
                check="file-size",
                detail=N_("{path} is {size} bytes; at most {limit} are taken."),
                params={"path": str(path), "size": str(size), "limit": str(limit)},
                path=str(path),
            )
        data = bytearray()
        with path.open("rb") as file:
            # Piece by piece: to ask for `limit` bytes at once is to take that much memory for a file of any size.
            while len(data) <= limit and (piece := file.read(min(_PIECE_BYTES, limit + 1 - len(data)))):
                data += piece
    except OSError as error:
        if not disk.wrong_path(error):
            raise
        raise BadInput(
            check="file-missing",
            detail=N_("{path} cannot be read: {reason}."),
            next_step=N_("Check the name of the file."),
            params={"path": str(path), "reason": disk.reason(error)},
            path=str(path),
        ) from error
    if len(data) > limit:
        raise BadInput(
            check="file-size",
            detail=N_("{path} is larger than {limit} bytes."),
            params={"path": str(path), "limit": str(limit)},
            path=str(path),
        )
    return bytes(data)
