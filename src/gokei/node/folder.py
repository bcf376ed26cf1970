"""A node's folder: who it is, its keys, its card. Made whole or not at all.

`node.json` says nation and environment; `keys/keyring.json` holds the secret keys, sealed; `journal.sqlite` is the
journal; `card.json` is the identity card. For an exercise the root's key is made here and signs the card at once. A
real root is made elsewhere, and until it has signed `card.unsigned.json` the node does nothing.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

import pyrage

from gokei.journal.frames import Strict
from gokei.journal.keys import NODE_OFFICE, Card, KeyRing, open_card, read_card, ring_of, sign_card
from gokei.journal.mandates import NodeKey, Office
from gokei.journal.publickeys import ED25519, NamedKey, prove
from gokei.journal.roots import RootStatement
from gokei.journal.signers import SoftwareSigner
from gokei.node import agent, disk, keyring, passphrases, vault
from gokei.node.certificates import make_certificate
from gokei.node.keyring import Keyring
from gokei.node.ports import Clock, Random
from gokei.node.signing import KeyHolder
from gokei.node.store import Store
from gokei.terms import limits
from gokei.terms.nations import NATIONS
from gokei.terms.problems import BadCall, BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

IDENTITY: Final = "node.json"
CARD: Final = "card.json"
UNSIGNED_CARD: Final = "card.unsigned.json"
ROOT_OFFICE: Final = "root"
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
    """A node's folder as the node uses it; `keys` signs, which is the keyring itself unless an agent holds it."""

    path: Path
    nation: str
    environment: str
    card: Card
    keyring: Keyring
    keys: KeyHolder

    @property
    def journal(self) -> Path:
        """The database's file."""
        return self.path / JOURNAL


class Making(NamedTuple):
    """What a new node is made with: the passphrase of its keyring, and the root that will sign its card.

    An exercise node needs neither: it gets a passphrase in its own folder, and a root of one key.
    """

    passphrase: bytes | None = None
    root: RootStatement | None = None
    strength: vault.Strength = vault.STRONG


def create(
    path: Path, nation: str, environment: str, clock: Clock, random: Random, making: Making | None = None
) -> Card:
    """Make a new node's folder. Returns the card, which the root still has to sign where it is not made here.

    Raises Refused (`node-exists`) over what is there, BadCall (`passphrase-missing`, `root-missing`) where a real
    node lacks what it needs, BadInput (`node-folder`).
    """
    making = making or Making()
    _check_making(path, nation, environment, making)
    draft = path.with_name(path.name + ".new-" + random.bytes(4).hex())
    try:
        with disk.named(path):
            (draft / KEYS).mkdir(parents=True, mode=0o700)
            card = _fill(draft, nation, environment, clock, random, making)
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
    return card


def _check_making(path: Path, nation: str, environment: str, making: Making) -> None:
    if nation not in NATIONS:
        raise BadCall(
            check="nation-unknown",
            detail=N_("{nation} is not a nation code (ISO 3166-1 alpha-2, or UN, NATO, EU)."),
            params={"nation": nation[:20]},
            field="nation",
        )
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Refused(
            check="node-exists",
            detail=N_("{path} is not empty. A node is never made over something else.")
            if path.is_dir()
            else N_("{path} is a file. A node is never made over something else."),
            next_step=N_("Name a new folder."),
            params={"path": str(path)},
            path=str(path),
        )
    if environment != "exercise":
        if making.passphrase is None:
            raise passphrases.missing()
        if making.root is None:
            raise BadCall(
                check="root-missing",
                detail=N_("A real node needs the statement of its nation's root, which is made on another machine."),
                next_step=N_("Make one there with: gokei keys root new OUT_DIR. Then name it here: --root STATEMENT"),
            )
        passphrases.check_long(making.passphrase)
    root = making.root
    if root is not None and (root.nation, root.environment) != (nation, environment):
        raise Refused(
            check="root-other",
            detail=N_("The root is of {nation}, {environment}."),
            params={"nation": root.nation, "environment": root.environment},
            next_step=N_("Name the statement of the root of this nation and environment."),
        )


def load(path: Path, passphrase: Path | None = None, ask: passphrases.Ask | None = None) -> Folder:
    """Open a node's folder. Raises BadInput (`node-folder`), Refused (`card-unsigned`) before the root signed.

    The passphrase is looked for when something is signed: in the file that is named, else as gokei.node.passphrases
    says.
    """
    if (path / UNSIGNED_CARD).is_file() and not (path / CARD).exists():
        raise Refused(
            check="card-unsigned",
            detail=N_("The root has not signed this node's card yet."),
            next_step=N_(
                "Carry {card} to the root's holders; each signs it with: gokei keys card sign CARD ROOTKEY. "
                "Then: gokei keys apply DIR CARD"
            ),
            params={"card": str(path / UNSIGNED_CARD)},
            who="operator",
        )
    try:
        identity = Identity.model_validate(parse_object((path / IDENTITY).read_bytes(), path=str(path / IDENTITY)))
        card, _ = read_card((path / CARD).read_bytes(), str(path / CARD))
        ring = open_keyring(path, passphrase, ask)
    except (OSError, ValueError) as error:
        raise no_node(path) from error
    return Folder(path, identity.nation, identity.environment, card, ring, agent.configured() or ring)


def open_keyring(path: Path, passphrase: Path | None = None, ask: passphrases.Ask | None = None) -> Keyring:
    """The keyring in a node's folder, still sealed. Raises OSError where there is none."""
    keys = path / KEYS
    return Keyring(keys / keyring.FILE, lambda: passphrases.of_folder(keys, passphrase, ask))


def opened_keyring(path: Path, passphrase: Path | None = None, ask: passphrases.Ask | None = None) -> Keyring:
    """As `open_keyring`. Raises BadInput (`node-folder`) where there is none."""
    try:
        return open_keyring(path, passphrase, ask)
    except OSError as error:
        raise no_node(path) from error


def no_node(path: Path) -> BadInput:
    """The problem that a folder is no node's."""
    return BadInput(
        check="node-folder",
        detail=N_("{path} is not a node's folder."),
        next_step=N_("Make one with: gokei node init DIR --nation XX --environment exercise"),
        params={"path": str(path)},
        path=str(path),
        who="operator",
    )


def current_card(folder: Folder, ring: KeyRing, clock: Clock, address: str | None) -> Card:
    """The card as the nation's keys stand now, for its root to sign; keys whose term has ended are left out."""
    now = clock.now()
    live = [one for one in ring.offices.values() if one.valid_until is None or now < one.valid_until]
    offices = [one.stated for one in live if one.stated is not None]
    return folder.card.model_copy(
        update={
            "statement": ring.root,
            "serial": ring.serial,
            "issued": now,
            "node": ring.node_key,
            "address": address or folder.card.address,
            "offices": tuple(offices),
        }
    )


def card_with_address(folder: Folder, ring: KeyRing, address: str | None, clock: Clock) -> bytes:
    """The node's card as it stands, or signed anew with an address where the root's key is at hand."""
    if address is None or address == folder.card.address:
        return (folder.path / CARD).read_bytes()
    roots = [one for one in folder.keys.holds() if one.office == ROOT_OFFICE]
    mine = [one for one in roots if NamedKey(algorithm=ED25519, key=one.key) in ring.root.keys]
    if len(mine) < ring.root.threshold:
        raise Refused(
            check="root-offline",
            detail=N_("The root's key is not here, so that the card cannot be signed with a new address."),
            next_step=N_("Let the partner give the address itself: gokei partner add DIR FILE --address URL"),
        )
    return sign_card(current_card(folder, ring, clock, address), [folder.keys.signer(one.key) for one in mine])


def install_card(path: Path, raw: bytes, name: str) -> Card:
    """Put a card that the root has signed in its place. Raises Refused (`card-…`) where it is not this node's.

    It may not take back what the card before it said, and must name the node's own key and nation.
    """
    card, _ = read_card(raw, name)
    try:
        identity = Identity.model_validate(parse_object((path / IDENTITY).read_bytes(), path=str(path / IDENTITY)))
        ring = open_keyring(path)
        held, sealing = {one.key for one in ring.holds()}, ring.sealing_keys()
        place = path / CARD if (path / CARD).exists() else path / UNSIGNED_CARD
        before, _ = open_card(place.read_bytes(), str(place))
    except (OSError, ValueError) as error:
        raise no_node(path) from error
    same = (card.nation, card.environment) == (identity.nation, identity.environment)
    if not same or card.node.key not in held or card.serial < before.serial:
        raise Refused(
            check="card-other",
            detail=N_("This card is of another node, or older than the one that is here."),
            next_step=N_("Let the root sign the card that this node wrote: gokei keys card write DIR FILE"),
            path=name,
        )
    if card.serial == before.serial and card.statement != before.statement:
        raise Refused(
            check="card-other",
            detail=N_("The card names another root than this node was made with."),
            next_step=N_("Let the root sign the card that this node wrote: gokei keys card write DIR FILE"),
            path=name,
        )
    if card.sealing is not None and sealing and card.sealing not in sealing:
        raise Refused(
            check="card-sealing",
            detail=N_("The card states a sealing key that this node does not hold: it was destroyed, or is another's."),
            next_step=N_("Write the card anew: gokei keys card write DIR FILE. Then let the root sign that one."),
            path=name,
        )
    vault.write_private(path / CARD, raw)
    (path / CARD).chmod(disk.usual_mode())
    (path / UNSIGNED_CARD).unlink(missing_ok=True)
    return card


def partner_card(raw: bytes, path: str | None) -> Card:
    """A partner's card. Raises Refused (`card-…`) where it proves nothing, BadInput (`card-none`) where it is none, and
    (`file-size`) where it is larger than a card may be."""
    if len(raw) > limits.CARD_BYTES:
        raise BadInput(
            check="file-size",
            detail=N_("{path} is {size} bytes; at most {limit} are taken."),
            params={"path": path or "-", "size": str(len(raw)), "limit": str(limits.CARD_BYTES)},
            next_step=N_("Let the partner make one: gokei node card DIR > FILE"),
            path=path,
        )
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


def _fill(draft: Path, nation: str, environment: str, clock: Clock, random: Random, making: Making) -> Card:
    exercise: Literal["exercise", "real"] = "exercise" if environment == "exercise" else "real"
    seeds = [(name, random.bytes(32)) for name in (NODE_OFFICE, *(name for name, _, _ in OFFICES))]
    signers = {name: SoftwareSigner(seed) for name, seed in seeds}
    root = making.root
    own_root = None
    if root is None:
        seed = random.bytes(32)
        seeds.append((ROOT_OFFICE, seed))
        own_root = SoftwareSigner(seed)
        named = NamedKey(algorithm=ED25519, key=bytes(own_root.verify_key).hex())
        root = RootStatement(gokei=1, nation=nation, environment=exercise, threshold=1, keys=(named,))
    sealing = pyrage.x25519.Identity.generate()
    tls = random.bytes(32)
    card = Card(
        gokei=1,
        environment=exercise,
        nation=nation,
        statement=root,
        serial=0,
        issued=clock.now(),
        node=node_key(signers[NODE_OFFICE], nation, environment),
        sealing=str(sealing.to_public()),
        tls=make_certificate(tls, nation, random.bytes(16)),
        offices=_offices(signers, nation, environment, clock),
    )
    ring_of(card)
    passphrase, strength = making.passphrase, making.strength
    if passphrase is None:
        passphrase, strength = random.bytes(24).hex().encode(), vault.LIGHT
        vault.write_private(draft / KEYS / passphrases.OWN_FILE, passphrase + b"\n")
    keyring.make(draft / KEYS / keyring.FILE, seeds, str(sealing), passphrase, strength, random, tls)
    if own_root is not None:
        (draft / CARD).write_bytes(sign_card(card, [own_root]))
    else:
        (draft / UNSIGNED_CARD).write_bytes(sign_card(card, []))
    (draft / IDENTITY).write_text(json.dumps({"gokei": 1, "nation": nation, "environment": environment}) + "\n")
    Store.make(draft / JOURNAL)
    return card


def node_key(signer: SoftwareSigner, nation: str, environment: str) -> NodeKey:
    """The node's key as a card or a mandate names it."""
    return NodeKey(
        algorithm=ED25519,
        key=bytes(signer.verify_key).hex(),
        proof=prove(signer, nation, environment, NODE_OFFICE),
    )


def _offices(signers: dict[str, SoftwareSigner], nation: str, environment: str, clock: Clock) -> tuple[Office, ...]:
    return tuple(
        Office(
            office=name,
            title=title,
            algorithm=ED25519,
            key=bytes(signers[name].verify_key).hex(),
            powers=powers,
            valid_from="1990-01-01T00:00:00Z" if environment == "exercise" else clock.now(),
            proof=prove(signers[name], nation, environment, name),
        )
        for name, title, powers in OFFICES
    )


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
