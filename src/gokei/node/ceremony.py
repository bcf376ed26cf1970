"""The root's own tool, for a machine that never touches a network: make the root, write mandates, sign them.

Each holder's key lies in a file of its own, sealed with the holder's passphrase. Nothing here opens a node.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

from pydantic import Field, ValidationError

from gokei.journal import envelopes
from gokei.journal.frames import Instant, OfficeName, Strict
from gokei.journal.keys import open_card
from gokei.journal.mandates import (
    ChangeNodeKey,
    ChangeRoot,
    Grant,
    Limit,
    Mandate,
    NodeKey,
    Office,
    Revoke,
    read_mandate,
    unsigned,
)
from gokei.journal.publickeys import ED25519, Algorithm, NamedKey, Proof, PublicKey
from gokei.journal.roots import RootStatement, check_root, read_root, signers_of
from gokei.journal.signers import Signer, SoftwareSigner
from gokei.node import disk, vault
from gokei.node.folder import ROOT_OFFICE, Folder, read_bounded
from gokei.node.ports import Clock, Random
from gokei.terms import limits
from gokei.terms.canonical import canonical
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadCall, BadInput, Refused
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

Model = TypeVar("Model", bound=Strict)
STATEMENT: Final = "root.json"


class HolderFile(Strict):
    """One holder's key of a root: the root's statement, which of its keys this is, and the sealed secret."""

    gokei: Literal[1]
    statement: RootStatement
    algorithm: Algorithm
    key: PublicKey
    box: vault.Box


class KeyRequest(Strict):
    """What a node writes when it has made a key: what the root needs to know to grant it."""

    gokei: Literal[1]
    nation: str
    environment: Literal["exercise", "real"]
    root: str
    serial: Annotated[int, Field(ge=1, le=2**53)]
    office: OfficeName
    algorithm: Algorithm
    key: PublicKey
    proof: Proof
    title: dict[str, str] | None = None
    powers: tuple[str, ...] = ()
    limit: Limit | None = None


class Terms(NamedTuple):
    """What the root grants other than what was requested."""

    powers: tuple[str, ...] = ()
    limit: Limit | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None


def make_root(
    out: Path,
    nation: str,
    environment: Literal["exercise", "real"],
    threshold: int,
    passphrases: Sequence[bytes],
    random: Random,
    strength: vault.Strength = vault.STRONG,
) -> JsonObject:
    """A root of as many keys as there are passphrases, in a new folder: its statement, and a file for each holder.

    Raises BadCall (`root-threshold`), Refused (`file-exists`).
    """
    if not 1 <= threshold <= len(passphrases) <= limits.ROOT_KEYS:
        raise BadCall(
            check="root-threshold",
            detail=N_("A root has 1 to {most} keys, and no more of them must sign than there are."),
            params={"most": str(limits.ROOT_KEYS)},
            next_step=N_("Two of three is usual: --threshold 2 --keys 3"),
        )
    if out.exists():
        raise Refused(
            check="file-exists",
            detail=N_("There is something of this name already, and it is left as it is."),
            next_step=N_("Name a new folder."),
            path=str(out),
        )
    seeds = sorted((random.bytes(32) for _ in passphrases), key=lambda seed: bytes(SoftwareSigner(seed).verify_key))
    keys = tuple(NamedKey(algorithm=ED25519, key=bytes(SoftwareSigner(seed).verify_key).hex()) for seed in seeds)
    statement = RootStatement(gokei=1, nation=nation, environment=environment, threshold=threshold, keys=keys)
    check_root(statement)
    draft = out.with_name(out.name + ".new-" + random.bytes(4).hex())
    with disk.named(out):
        draft.mkdir(mode=0o700)
        try:
            names = _holders(draft, statement, list(zip(seeds, passphrases, strict=True)), strength, random)
            vault.write_private(draft / STATEMENT, statement.encode() + b"\n")
            draft.rename(out)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return {
        "root": statement.fingerprint,
        "threshold": threshold,
        "statement": str(out / STATEMENT),
        "holders": [str(out / name) for name in names],
    }


def _holders(
    out: Path, statement: RootStatement, keys: list[tuple[bytes, bytes]], strength: vault.Strength, random: Random
) -> list[str]:
    names = []
    for number, ((seed, passphrase), named) in enumerate(zip(keys, statement.keys, strict=True), 1):
        box = vault.seal(seed, passphrase, strength, random)
        holder = HolderFile(gokei=1, statement=statement, algorithm=ED25519, key=named.key, box=box)
        names.append(f"holder-{number}.json")
        vault.write_private(out / names[-1], canonical(holder.model_dump(mode="json")) + b"\n")
    return names


def grant(raw: bytes, statement: RootStatement, terms: Terms, serial: int | None, clock: Clock, path: str) -> bytes:
    """The mandate that grants what a node requested: a key of an office, or the node's own. Nobody has signed it yet.

    Raises BadInput (`request-none`), Refused (`request-root`).
    """
    found = read_request(raw, path)
    if (found.nation, found.environment, found.root) != (
        statement.nation,
        statement.environment,
        statement.fingerprint,
    ):
        raise Refused(
            check="request-root",
            detail=N_("The request is for another root than the statement's."),
            next_step=N_("Name the statement of the root that the node's card names."),
            path=path,
        )
    change: Grant | ChangeNodeKey
    if found.title is None:
        node = NodeKey(algorithm=found.algorithm, key=found.key, proof=found.proof)
        change = ChangeNodeKey(kind="node_key", node=node)
    else:
        office = checked(
            Office,
            office=found.office,
            title=found.title,
            algorithm=found.algorithm,
            key=found.key,
            powers=terms.powers or found.powers,
            limit=terms.limit or found.limit,
            valid_from=terms.valid_from or clock.now(),
            valid_until=terms.valid_until,
            proof=found.proof,
        )
        change = Grant(kind="grant", office=office)
    return write(statement, found.serial if serial is None else serial, change, clock)


def write(
    statement: RootStatement, serial: int, change: Grant | Revoke | ChangeNodeKey | ChangeRoot, clock: Clock
) -> bytes:
    """A mandate of a root, for its holders to sign."""
    mandate = Mandate(
        gokei=1,
        nation=statement.nation,
        environment=statement.environment,
        root=statement.fingerprint,
        serial=serial,
        issued=clock.now(),
        change=change,
    )
    return unsigned(mandate).encode() + b"\n"


def checked(model: type[Model], **fields: object) -> Model:
    """A change as it was typed. Raises BadCall (`mandate-word`) that names the wrong field."""
    try:
        return model(**fields)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadCall(
            check="mandate-word",
            detail=N_("The mandate's field {field} is not right."),
            params={"field": place},
            next_step=N_("See gokei --help, or --help after the command."),
            field=place,
        ) from error


def read_request(raw: bytes, path: str) -> KeyRequest:
    """A node's request for a key. Raises BadInput (`request-none`)."""
    try:
        parse_object(raw, path=path)
        return KeyRequest.model_validate_json(raw)
    except (BadInput, ValidationError) as error:
        raise BadInput(
            check="request-none",
            detail=N_("This is no request for a key."),
            next_step=N_("Let the node write one: gokei keys request DIR OFFICE > FILE"),
            path=path,
        ) from error


def read_holder(path: Path) -> HolderFile:
    """A holder's file, still sealed. Raises BadInput (`holder-none`).

    Its mode is not looked at: media that are carried by hand often have file systems that know none.
    """
    raw = read_bounded(path, limits.KEY_FILE_BYTES)
    try:
        return HolderFile.model_validate_json(raw)
    except ValidationError:
        raise BadInput(
            check="holder-none",
            detail=N_("This is no file of a root's holder."),
            next_step=N_("Name the file that was made for you: holder-1.json or another number."),
            path=str(path),
        ) from None


def sign(raw: bytes, holder: HolderFile, passphrase: bytes, holder_path: Path, path: str) -> tuple[bytes, JsonObject]:
    """A mandate or a card with one holder's signature more, and how many there are now.

    Signing twice changes nothing. Raises Refused (`signing-root`) for another root's, and as `unseal` does.
    """

    def opened() -> Signer:
        return SoftwareSigner(vault.unseal(holder.box, passphrase, holder_path))

    return _signed(raw, holder.statement, holder.key, opened, path)


def sign_by_exercise(raw: bytes, found: Folder, path: str) -> tuple[bytes, JsonObject]:
    """A mandate or a card signed by the root of an exercise, whose key lies in the node's own keyring.

    Raises Refused (`root-offline`, `signing-root`) and what opening the keys raises.
    """
    statement = found.card.statement
    key = next((one.key for one in found.keyring.holds() if one.office == ROOT_OFFICE), None)
    if key is None:
        raise Refused(
            check="root-offline",
            detail=N_("This node does not hold its root's key."),
            next_step=N_("Name a holder's key file: holder-1.json or another number."),
            path=str(found.path),
        )
    return _signed(raw, statement, key, lambda: found.keyring.signer(key), path)


def _signed(
    raw: bytes, statement: RootStatement, key: str, signer: Callable[[], Signer], path: str
) -> tuple[bytes, JsonObject]:
    envelope, roots = _to_sign(raw, statement, path)
    if not any(one.key == key for root in roots for one in root.keys):
        raise Refused(
            check="signing-root",
            detail=N_("This holder's key is not one of the root that orders this."),
            next_step=N_("Take the key file of this root."),
            path=path,
        )
    added = envelopes.sign(envelope.payload_type, envelope.payload, [signer()]).signatures[0]
    kept = [one for one in envelope.signatures if one.keyid != added.keyid]
    signed = envelope._replace(signatures=(*kept, added))
    found: list[JsonValue] = [
        {"root": root.fingerprint, "signed": len(signers_of(signed, root)), "threshold": root.threshold}
        for root in roots
    ]
    return signed.encode() + b"\n", {"hash": signed.hash, "roots": found}


def statement_in(raw: bytes, path: str) -> RootStatement:
    """The root's statement in a file of its own, or the one that a card names. Raises as `read_root` does."""
    try:
        if is_card(raw, path):
            return open_card(raw, path)[0].statement
    except BadInput:
        # What is no card is read as a statement, whose problem then says what it should be.
        pass
    return read_root(raw, path)


def contents(raw: bytes, path: str) -> JsonObject:
    """What a mandate or a card says, for a holder to read before signing. Raises BadInput where it is neither."""
    envelope, _ = _to_sign(raw, None, path)
    return parse_object(envelope.payload, path=path)


def is_card(raw: bytes, path: str) -> bool:
    """Whether a file holds a card rather than a mandate."""
    found = parse_object(raw, path=path, max_bytes=limits.ENVELOPE_BYTES, max_string=limits.ENVELOPE_BYTES)
    return found.get("payloadType") == envelopes.CARD


def _to_sign(raw: bytes, own: RootStatement | None, path: str) -> tuple[envelopes.Envelope, list[RootStatement]]:
    """The envelope, and those roots that must sign it whose statements are known: in it, or with the holder's key."""
    if is_card(raw, path):
        card, envelope = open_card(raw, path)
        return envelope, [card.statement]
    found = read_mandate(raw, path)
    change = found.mandate.change
    roots = [change.statement] if isinstance(change, ChangeRoot) else []
    if own is not None and own.fingerprint == found.mandate.root:
        roots.insert(0, own)
    return found.envelope, roots
