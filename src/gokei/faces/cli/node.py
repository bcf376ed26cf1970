"""`gokei node` and `gokei partner`: make a node, serve it, and enrol the nations that it works with."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from gokei.faces.cli.ending import language, put, put_bytes, put_json, translate
from gokei.faces.cli.inputs import json_option, read_bounded
from gokei.faces.cli.opening import asking, opened, passphrase_option, unlock
from gokei.faces.cli.telling import told
from gokei.faces.clocks import CLOCKS_DIFFER, clock_off
from gokei.journal.roots import read_root
from gokei.node import disk, fingerprints
from gokei.node.fingerprints import LISTS
from gokei.node.folder import Making
from gokei.node.node import Node
from gokei.node.passphrases import given
from gokei.terms import limits
from gokei.terms.json_types import objects_of
from gokei.terms.question import check_nation
from gokei.terms.words import N_


@click.group()
def node() -> None:
    """Make and serve the node of one nation."""


@node.command()
@click.argument("folder", metavar="DIR")
@click.option("--nation", required=True, help="The nation's code, such as JP.")
@click.option(
    "--environment", required=True, type=click.Choice(["exercise", "real"]), help="What its documents are worth."
)
@passphrase_option
@click.option(
    "--root", metavar="STATEMENT", help="The statement of the nation's root; for an exercise one is made here."
)
@json_option
def init(
    folder: str, nation: str, environment: str, passphrase_file: str | None, root: str | None, as_json: bool
) -> None:
    """Make a new node in DIR: its offices with their keys, its journal, and for an exercise its root.

    A real node needs a passphrase and the statement of a root that was made elsewhere (gokei keys root new).
    """
    check_nation("nation", nation)
    named = None if passphrase_file is None else Path(passphrase_file)
    passphrase = given(named, asking(confirm=True) if environment == "real" else None)
    statement = None if root is None else read_root(read_bounded(root, limits.CARD_BYTES), root)
    made = Node.create(Path(folder), nation, environment, making=Making(passphrase, statement))
    if as_json:
        put_json(made)
        return
    words = translate()
    put(words(N_("A node of {nation} was made in {folder}.")).format(nation=nation, folder=folder))
    put("  " + words(N_("Root:")) + f" {made['root']}")
    offices = made["offices"] if isinstance(made["offices"], list) else []
    put("  " + words(N_("Offices:")) + f" {', '.join(str(one) for one in offices)}")
    if not made["protected"]:
        put("  " + words(N_("Its keys are not protected: their passphrase lies beside them. Enough for an exercise.")))
    if made["unsigned_card"] is not None:
        put("  " + words(N_("The root still has to sign {card}.")).format(card=made["unsigned_card"]))


@node.command()
@click.argument("folder", metavar="DIR")
@click.option("--address", metavar="URL", help="Where partners reach this node; left out, where it serves now.")
@click.option("--fingerprint", is_flag=True, help="Print the root's fingerprint instead, for a partner to compare.")
@click.option("--words", "language_", type=click.Choice([*LISTS]), help="The language of the fingerprint's words.")
@click.option("--svg", metavar="FILE", help="Also write the fingerprint's QR code as a picture.")
@click.option("--json", "as_json", is_flag=True, help="The card is JSON already; the fingerprint becomes so.")
def card(
    folder: str, address: str | None, fingerprint: bool, language_: str | None, svg: str | None, as_json: bool
) -> None:
    """Print the node's identity card, for a partner to add; or the fingerprint, for the partner to compare.

    The fingerprint is shown as hexadecimal groups, as twelve words, and as a QR code.
    """
    with opened(folder) as found:
        if not (fingerprint or language_ or svg):
            put_bytes(found.card(address) + (b"" if as_json else b"\n"))
            return
        shown, nation, environment = found.fingerprint(), found.nation, found.environment
    put_fingerprint(shown, nation, environment, language_ or language(), svg, as_json)


def put_fingerprint(
    fingerprint: str, nation: str, environment: str, language_: str, svg: str | None, as_json: bool
) -> None:
    """A root's fingerprint in every form in which people compare it."""
    import segno

    held = fingerprints.code(nation, environment, fingerprint)
    picture = segno.make(held, error="m", micro=False)
    if svg is not None:
        drawn = io.BytesIO()
        picture.save(drawn, kind="svg", scale=4, title=held)
        disk.write_new(Path(svg), drawn.getvalue())
    said = fingerprints.words(fingerprint, language_)
    if as_json:
        put_json(
            {
                "nation": nation,
                "environment": environment,
                "root": fingerprint,
                "groups": fingerprints.groups(fingerprint),
                "words": [*said.split()],
                "language": language_,
                "code": held,
                "svg": svg,
            }
        )
        return
    put(fingerprints.groups(fingerprint))
    put(said)
    lines = io.StringIO()
    picture.terminal(lines, compact=True)
    put(lines.getvalue().rstrip("\n"))


@node.command()
@click.argument("folder", metavar="DIR")
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="The port; 0 takes a free one.")
@click.option(
    "--exchange-port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="E",
    help="The port where partners' nodes come, over HTTPS; left out, any that is free.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@passphrase_option
@json_option
def serve(folder: str, port: int, exchange_port: int, host: str, passphrase_file: str | None, as_json: bool) -> None:
    """Serve the node: the exchange with partners, the API, and the pages."""
    from gokei.faces.serving import Doors, serve_node

    def ready(address: str, exchange: str) -> None:
        if as_json:
            put_json({"address": address, "exchange": exchange})
        else:
            words = translate()
            put(words(N_("The node answers at {address} (stop it with Ctrl-C).")).format(address=address))
            put(words(N_("Partners' nodes reach it at {address}.")).format(address=exchange))
        sys.stdout.flush()

    serve_node(Path(folder), Doors(host, port, exchange_port), ready, unlock(passphrase_file))


@node.command()
@click.argument("folder", metavar="DIR")
@json_option
def confirm(folder: str, as_json: bool) -> None:
    """Say that no other copy of this journal signed anything since it was restored or moved."""
    with opened(folder) as found:
        said = found.confirm_place()
    if as_json:
        put_json(said)
        return
    words = translate()
    forked = said["forked"]
    if not isinstance(forked, list) or not forked:
        put(words(N_("The node signs again for all its partners.")))
        return
    put(words(N_("The node signs again for its partners, except {nations}.")).format(nations=told(forked, words)))
    put("  " + words(N_("They hold other documents of ours than we do: gokei node set-aside DIR PARTNER")))


@node.command("set-aside")
@click.argument("folder", metavar="DIR")
@click.argument("partner", metavar="PARTNER")
@click.option("--address", metavar="URL", help="Where the partner's node is reached, this time.")
@json_option
def set_aside(folder: str, partner: str, address: str | None, as_json: bool) -> None:
    """Put aside what was signed on an older copy of the journal, and take back the partner's copy of our log.

    What is listed counts for nothing any more: issue it again where it is still wanted.
    """
    with opened(folder) as found:
        said = found.set_aside(partner, address)
    if as_json:
        put_json(said)
        return
    words = translate()
    for one in objects_of(said["set_aside"]):
        put(words(N_("Put aside: document {sequence}, {type}, of {case}.")).format(**one))
    put(words(N_("Taken back from {partner}: {taken_back} documents.")).format(**said))


@click.group()
def partner() -> None:
    """Enrol the nations that this node works with."""


@partner.command()
@click.argument("folder", metavar="DIR")
@click.argument("file", metavar="FILE|-")
@click.option("--address", metavar="URL", help="Where the partner's node is reached, if not where its card says.")
@click.option(
    "--fingerprint",
    metavar="WORDS|HEX",
    help="What the partner read out over another way: twelve words, or 64 hexadecimal digits.",
)
@json_option
def add(folder: str, file: str, address: str | None, fingerprint: str | None, as_json: bool) -> None:
    """Add a partner by its identity card. Compare its root with the partner over another way."""
    raw = read_bounded(file, limits.CARD_BYTES).strip()
    with opened(folder) as found:
        added = found.add_partner(raw, address, file, fingerprint)
    if as_json:
        put_json(added)
        return
    words = translate()
    if added["known"]:
        put(words(N_("{partner} was a partner before; this card counts now. Its root is {root}.")).format(**added))
    else:
        put(words(N_("{partner} is a partner now; its root is {root}.")).format(**added))
    if added["compared"]:
        put("  " + words(N_("Its fingerprint was compared.")))
    else:
        put("  " + words(N_("Compare the root with the partner by telephone or in person before you rely on it.")))


@partner.command("list")
@click.argument("folder", metavar="DIR")
@json_option
def list_(folder: str, as_json: bool) -> None:
    """List the partners on record."""
    with opened(folder) as found:
        partners = found.partners()
    if as_json:
        put_json([*partners])
        return
    for one in partners:
        put(f"{one['partner']}  {one['root']}  {one['address'] or '-'}")
        if off := clock_off(one):
            put("  " + translate()(CLOCKS_DIFFER).format(minutes=off))
