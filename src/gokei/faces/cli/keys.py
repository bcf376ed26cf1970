"""`gokei keys`: the keys of a node and of its nation's root: list, request, apply, seal, and an agent that signs."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import cast

import click

from gokei.faces.cli import telling
from gokei.faces.cli.ceremony import card, mandate, root
from gokei.faces.cli.ending import put, put_bytes, put_json, translate
from gokei.faces.cli.inputs import json_option, read_bounded
from gokei.faces.cli.opening import asking, opened, passphrase_option, unlock
from gokei.faces.labels import label
from gokei.journal.mandates import Limit
from gokei.node import agent_server, ceremony, folder, mandating, passphrases, vault
from gokei.node.edges import SystemRandom
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadCall
from gokei.terms.words import N_


@click.group()
def keys() -> None:
    """Keep the keys of a node, and those of its nation's root."""


keys.add_command(root)
keys.add_command(mandate)
keys.add_command(card)


@keys.command("list")
@click.argument("folder_", metavar="DIR")
@click.argument("nation", required=False)
@json_option
def list_(folder_: str, nation: str | None, as_json: bool) -> None:
    """List the keys of the node's nation, or of a partner, with powers, limit, term and state."""
    with opened(folder_) as node:
        found = node.keys(nation)
    if as_json:
        put_json(found)
        return
    words = translate()
    head = words(N_("Root {root} ({threshold} of {count} keys sign), newest mandate {serial}"))
    rows = cast("list[JsonObject]", found["keys"])
    put(head.format(count=len(cast("list[str]", found["roots"])), **found))
    for row in rows:
        powers = row.get("powers")
        limit = row.get("limit")
        told = [
            str(row["office"]),
            str(row["key"]),
            words(label("key_state", str(row["state"]))),
            ", ".join(str(one) for one in powers) if isinstance(powers, list) else "",
            f"≤ {limit['amount']} {limit['currency']}" if isinstance(limit, dict) else "",
            f"{row.get('valid_from') or ''}–{row.get('valid_until') or ''}".strip("–"),
        ]
        put("  ".join(part for part in told if part))


@keys.command()
@click.argument("folder_", metavar="DIR")
@click.argument("office")
@click.option("--power", "powers", multiple=True, metavar="POWER", help="A power that it asks for; may be repeated.")
@click.option("--limit", nargs=2, metavar="AMOUNT CURRENCY", help="The highest value that it may sign for.")
@passphrase_option
@click.option("--json", "as_json", is_flag=True, help="The request is JSON already.")
def request(
    folder_: str,
    office: str,
    powers: tuple[str, ...],
    limit: tuple[str, str] | None,
    passphrase_file: str | None,
    as_json: bool,
) -> None:
    """Make a new key for OFFICE (`node` for the node itself), and print the request for the root to grant it."""
    with opened(folder_, passphrase_file) as node:
        found = node.request_key(office, powers, read_limit(limit))
    put_bytes(mandating.spelt(found) if not as_json else mandating.spelt(found).rstrip(b"\n"))


@keys.command()
@click.argument("folder_", metavar="DIR")
@click.argument("file", metavar="FILE|-")
@passphrase_option
@json_option
def apply(folder_: str, file: str, passphrase_file: str | None, as_json: bool) -> None:
    """Take a mandate of the root and tell every partner; or take the node's card, signed by the root.

    A mandate that lacks signatures is refused, and the answer says how many there are. Again is harmless.
    """
    raw = read_bounded(file, limits.CARD_BYTES).strip()
    if ceremony.is_card(raw, file):
        installed = folder.install_card(Path(folder_), raw, file)
        done: JsonObject = {"card": installed.root, "serial": installed.serial}
    else:
        with opened(folder_, passphrase_file) as node:
            done = node.apply(raw, file)
    if as_json:
        put_json(done)
        return
    words = translate()
    if "card" in done:
        put(words(N_("The card is in its place; its root is {root}.")).format(root=done["card"]))
        return
    channels = done["channels"]
    put(words(N_("The mandate {serial} counts from here on.")).format(serial=done["serial"]))
    for nation, documents in (channels if isinstance(channels, dict) else {}).items():
        told = telling.told(documents, words) if documents else words(N_("told before"))
        put(f"  {nation}: {told}")
    waiting = done["waiting"]
    for one in waiting if isinstance(waiting, list) else ():
        put("  " + words(N_("{nation}: as soon as this journal has caught up (gokei sync)")).format(nation=one))
    if done["without_key"]:
        said = N_("The office {without_key} has no key now, and signs nothing until the root grants it one.")
        put(words(said).format(**done))


@keys.group()
def sealing() -> None:
    """Keep the keys that partners seal courier files to."""


@sealing.command("list")
@click.argument("folder_", metavar="DIR")
@json_option
def list_sealing(folder_: str, as_json: bool) -> None:
    """List the sealing keys that the node holds, the newest first, with their state."""
    with opened(folder_) as node:
        found = node.sealing_keys()
    _put_sealing(found, as_json)


@sealing.command()
@click.argument("folder_", metavar="DIR")
@click.argument("key", metavar="KEY")
@passphrase_option
@json_option
def destroy(folder_: str, key: str, passphrase_file: str | None, as_json: bool) -> None:
    """Destroy a sealing key for good: a courier file that is sealed to it cannot be opened any more.

    First open every file that was sealed to it, and see that each partner has the new card.
    """
    with opened(folder_, passphrase_file) as node:
        found = node.destroy_sealing_key(key)
    if not as_json:
        put(translate()(N_("Destroyed. Copies of the keyring that were made before still hold it: destroy them too.")))
    _put_sealing(found, as_json)


def _put_sealing(found: JsonObject, as_json: bool) -> None:
    if as_json:
        put_json(found)
        return
    words = translate()
    for row in cast("list[JsonObject]", found["keys"]):
        put(f"{row['key']}  {words(label('key_state', str(row['state'])))}")


@keys.command()
@click.argument("folder_", metavar="DIR")
@passphrase_option
@click.option("--new-passphrase-file", metavar="FILE", help="The file that holds the new passphrase.")
@json_option
def passphrase(folder_: str, passphrase_file: str | None, new_passphrase_file: str | None, as_json: bool) -> None:
    """Change the passphrase of a node's keys."""
    ring = folder.opened_keyring(Path(folder_), *unlock(passphrase_file))
    if new_passphrase_file is not None:
        new: bytes | None = passphrases.read(Path(new_passphrase_file))
    else:
        ask = asking(confirm=True, prompt=N_("New passphrase"))
        new = None if ask is None else ask().encode()
    if new is None:
        raise BadCall(
            check="passphrase-missing",
            detail=N_("No new passphrase was given."),
            next_step=N_("Write it into a file that you alone may read, and name it: --new-passphrase-file FILE"),
        )
    passphrases.check_long(new)
    ring.change_passphrase(new, vault.STRONG, SystemRandom())
    passphrases.forget_own(Path(folder_) / folder.KEYS)
    done: JsonObject = {"folder": folder_, "keys": len(ring.holds()), "protected": True}
    if as_json:
        put_json(done)
    else:
        put(translate()(N_("The keys are sealed with the new passphrase. Older copies still open with the old one.")))


@keys.command()
@click.argument("folder_", metavar="DIR")
@click.option("--socket", "path", required=True, metavar="PATH", help="Where the agent answers; it makes the socket.")
@passphrase_option
@json_option
def agent(folder_: str, path: str, passphrase_file: str | None, as_json: bool) -> None:
    """Hold a node's keys, and sign for the node that asks on the socket, until stopped.

    The node itself runs with GOKEI_SIGNER=unix:PATH and needs no passphrase.
    """
    ring = folder.opened_keyring(Path(folder_), *unlock(passphrase_file))
    ring.open()
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)

    def ready() -> None:
        if as_json:
            put_json({"socket": path, "keys": len(ring.holds())})
        else:
            put(translate()(N_("The agent answers at {socket} (stop it with Ctrl-C).")).format(socket=path))
        sys.stdout.flush()

    agent_server.serve(ring, Path(path).absolute(), ready, stop)


def read_limit(limit: tuple[str, str] | None) -> Limit | None:
    """A limit as it was typed. Raises BadCall (`limit`)."""
    if not limit:
        return None
    try:
        return Limit(amount=limit[0], currency=limit[1])
    except ValueError as error:
        raise BadCall(
            check="limit",
            detail=N_("This is no limit: it is an amount and the code of a currency, such as 1000000 JPY."),
            next_step=N_("See gokei --help, or --help after the command."),
            field="limit",
        ) from error
