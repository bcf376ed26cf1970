"""`gokei keys root`, `mandate` and `card`: the root's tool, for a machine that never touches a network."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import click

from gokei.faces.cli import telling
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option, read_bounded
from gokei.faces.cli.opening import asking, opened, passphrase_option
from gokei.journal.mandates import ChangeRoot, Limit, Revoke
from gokei.journal.roots import RootStatement
from gokei.node import ceremony, disk, passphrases, vault
from gokei.node.edges import SystemClock, SystemRandom
from gokei.node.folder import load
from gokei.terms import limits
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadCall
from gokei.terms.question import check_nation
from gokei.terms.words import N_

statement_option = click.option(
    "--statement", required=True, metavar="FILE", help="The statement of the root that orders it, or a card with it."
)
serial_option = click.option(
    "--serial", type=click.IntRange(1), metavar="N", help="The mandate's number: one more than the newest has."
)


@click.group()
def root() -> None:
    """Make a nation's root."""


@root.command()
@click.argument("out", metavar="OUT_DIR")
@click.option("--nation", required=True, help="The nation's code, such as JP.")
@click.option(
    "--environment", required=True, type=click.Choice(["exercise", "real"]), help="What its documents are worth."
)
@click.option("--threshold", type=click.IntRange(1), default=2, show_default=True, help="How many keys must sign.")
@click.option("--keys", "count", type=click.IntRange(1), default=3, show_default=True, help="How many keys there are.")
@click.option(
    "--passphrase-file", "files", multiple=True, metavar="FILE", help="A holder's passphrase; once for each holder."
)
@json_option
def new(
    out: str, nation: str, environment: str, threshold: int, count: int, files: tuple[str, ...], as_json: bool
) -> None:
    """Make a root in OUT_DIR: its statement, and one sealed key file for each holder.

    Do this on a machine that never touches a network. Each holder types a passphrase, or has it in a file.
    """
    check_nation("nation", nation)
    asked = [_holder_passphrase(number, files, count) for number in range(1, count + 1)]
    for one in asked:
        passphrases.check_long(one)
    named = cast("Literal['exercise', 'real']", environment)
    made = ceremony.make_root(Path(out), nation, named, threshold, asked, SystemRandom())
    if as_json:
        put_json(made)
        return
    words = translate()
    put(
        words(N_("A root of {nation} was made: {threshold} of {count} keys sign.")).format(
            count=count, nation=nation, **made
        )
    )
    put("  " + words(N_("Root:")) + f" {made['root']}")
    put("  " + words(N_("Give each holder one file, and keep no copy of the others beside it.")))


def _holder_passphrase(number: int, files: tuple[str, ...], count: int) -> bytes:
    if files:
        if len(files) != count:
            raise BadCall(
                check="passphrase-count",
                detail=N_("There are {count} holders, and {files} files with passphrases."),
                params={"count": str(count), "files": str(len(files))},
                next_step=N_("Name one for each holder, in their order."),
            )
        return passphrases.read(Path(files[number - 1]))
    ask = asking(confirm=True, prompt=translate()(N_("Passphrase of holder {number}")).format(number=number))
    if ask is None:
        raise passphrases.missing()
    return ask().encode()


@click.group()
def mandate() -> None:
    """Write what the root orders, and sign it."""


@mandate.command()
@click.argument("request", metavar="REQUEST")
@click.argument("out", metavar="OUT")
@statement_option
@click.option("--power", "powers", multiple=True, metavar="POWER", help="A power that it gets; may be repeated.")
@click.option("--limit", nargs=2, metavar="AMOUNT CURRENCY", help="The highest value that it may sign for.")
@click.option("--valid-from", metavar="INSTANT", help="When its term begins, in UTC; now unless given.")
@click.option("--valid-until", metavar="INSTANT", help="When its term ends, in UTC.")
@serial_option
@json_option
def grant(
    request: str,
    out: str,
    statement: str,
    powers: tuple[str, ...],
    limit: tuple[str, str] | None,
    valid_from: str | None,
    valid_until: str | None,
    serial: int | None,
    as_json: bool,
) -> None:
    """Grant an office the key that its node requests in REQUEST; powers and limit as requested unless given here."""
    from gokei.faces.cli.keys import read_limit

    granted: Limit | None = read_limit(limit)
    terms = ceremony.Terms(powers, granted, valid_from, valid_until)
    raw = read_bounded(request, limits.MANDATE_BYTES)
    _write(out, ceremony.grant(raw, _statement(statement), terms, serial, SystemClock(), request), as_json)


@mandate.command()
@click.argument("out", metavar="OUT")
@statement_option
@click.option("--office", required=True, metavar="OFFICE", help="Whose key it is.")
@click.option("--key", required=True, metavar="KEY", help="The public key, 64 hexadecimal digits (gokei keys list).")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the partners to read.")
@click.option("--compromised-since", metavar="INSTANT", help="Since when a stranger may have had it, in UTC.")
@serial_option
@json_option
def revoke(
    out: str,
    statement: str,
    office: str,
    key: str,
    reason: str,
    compromised_since: str | None,
    serial: int | None,
    as_json: bool,
) -> None:
    """Take a key out of use. With --compromised-since, what it signed and is not final yet becomes void."""
    change = ceremony.checked(
        Revoke, kind="revoke", office=office, key=key, reason=reason, compromised_since=compromised_since
    )
    _write(out, ceremony.write(_statement(statement), _needed(serial), change, SystemClock()), as_json)


@mandate.command("node-key")
@click.argument("request", metavar="REQUEST")
@click.argument("out", metavar="OUT")
@statement_option
@serial_option
@json_option
def node_key(request: str, out: str, statement: str, serial: int | None, as_json: bool) -> None:
    """Give the node the key that it requests in REQUEST (gokei keys request DIR node)."""
    raw = read_bounded(request, limits.MANDATE_BYTES)
    _write(out, ceremony.grant(raw, _statement(statement), ceremony.Terms(), serial, SystemClock(), request), as_json)


@mandate.command("root")
@click.argument("out", metavar="OUT")
@statement_option
@click.option("--to", "new_statement", required=True, metavar="FILE", help="The statement of the new root.")
@serial_option
@json_option
def root_(out: str, statement: str, new_statement: str, serial: int | None, as_json: bool) -> None:
    """Replace the root by another; enough holders of the old one and of the new one sign."""
    change = ChangeRoot(kind="root", statement=_statement(new_statement))
    _write(out, ceremony.write(_statement(statement), _needed(serial), change, SystemClock()), as_json)


@mandate.command("sign")
@click.argument("file", metavar="MANDATE")
@click.argument("holder", metavar="ROOTKEY")
@passphrase_option
@json_option
def sign_mandate(file: str, holder: str, passphrase_file: str | None, as_json: bool) -> None:
    """Add one holder's signature to a mandate. Read what it says before you type your passphrase.

    ROOTKEY is the holder's key file; for an exercise the folder of its node, which holds the root's only key.
    """
    _sign(file, holder, passphrase_file, as_json)


@click.group()
def card() -> None:
    """Write a node's card anew, and sign it."""


@card.command("write")
@click.argument("folder", metavar="DIR")
@click.argument("out", metavar="OUT")
@click.option("--address", metavar="URL", help="Where partners reach this node.")
@click.option("--new-certificate", is_flag=True, help="With a new key and certificate for the exchange.")
@click.option("--post-quantum", is_flag=True, help="With a key (ML-DSA-44) for a second signature on checkpoints.")
@click.option("--new-sealing-key", is_flag=True, help="With a new key for partners to seal courier files to.")
@passphrase_option
@json_option
def write_card(
    folder: str,
    out: str,
    address: str | None,
    new_certificate: bool,
    post_quantum: bool,
    new_sealing_key: bool,
    passphrase_file: str | None,
    as_json: bool,
) -> None:
    """Write the node's card as its keys stand now, for the root to sign."""
    # Before any key is made for it.
    disk.check_new(Path(out))
    with opened(folder, passphrase_file) as node:
        raw = node.unsigned_card(address, new_certificate, post_quantum, new_sealing_key)
    _write(out, raw + b"\n", as_json)


@card.command("sign")
@click.argument("file", metavar="CARD")
@click.argument("holder", metavar="ROOTKEY")
@passphrase_option
@json_option
def sign_card(file: str, holder: str, passphrase_file: str | None, as_json: bool) -> None:
    """Add one holder's signature to a card. Read what it says before you type your passphrase."""
    _sign(file, holder, passphrase_file, as_json)


def _sign(file: str, holder: str, passphrase_file: str | None, as_json: bool) -> None:
    raw = read_bounded(file, limits.CARD_BYTES).strip()
    said = ceremony.contents(raw, file)
    if not as_json:
        put("\n".join(telling.outline(said, translate())))
    named = None if passphrase_file is None else Path(passphrase_file)
    if Path(holder).is_dir():
        signed, counted = ceremony.sign_by_exercise(raw, load(Path(holder), named, asking()), file)
    else:
        key = ceremony.read_holder(Path(holder))
        passphrase = passphrases.given(named, asking())
        if passphrase is None:
            raise passphrases.missing()
        signed, counted = ceremony.sign(raw, key, passphrase, Path(holder), file)
    vault.write_private(Path(file), signed)
    if as_json:
        put_json(counted)
        return
    words = translate()
    for row in cast("list[JsonObject]", counted["roots"]):
        put(words(N_("{signed} of {threshold} signatures of the root {root} are there.")).format(**row))


def _write(out: str, raw: bytes, as_json: bool) -> None:
    vault.write_private(Path(out), raw, new=True)
    said = ceremony.contents(raw, out)
    if as_json:
        put_json({"file": out, "contents": said})
        return
    put(translate()(N_("Written, and not signed yet: {file}")).format(file=out))


def _statement(file: str) -> RootStatement:
    return ceremony.statement_in(read_bounded(file, limits.CARD_BYTES).strip(), file)


def _needed(serial: int | None) -> int:
    if serial is None:
        raise BadCall(
            check="serial-missing",
            detail=N_("Say which number the mandate has: one more than the newest mandate of this nation."),
            next_step=N_("gokei keys list DIR --json shows it; then add --serial N"),
        )
    return serial
