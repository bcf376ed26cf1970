"""`gokei sync` and `gokei courier`: carry documents to a partner, by wire or by hand."""

from __future__ import annotations

from pathlib import Path

import click

from gokei.faces.cli.ending import language, put, put_json, translate
from gokei.faces.cli.inputs import json_option
from gokei.faces.cli.opening import opened
from gokei.faces.manifest import page
from gokei.node import disk
from gokei.terms.json_types import JsonObject
from gokei.terms.words import N_


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("partner", metavar="PARTNER")
@click.option("--address", metavar="URL", help="Where the partner's node is reached, this time.")
@json_option
def sync(folder: str, partner: str, address: str | None, as_json: bool) -> None:
    """Exchange everything with a partner's node. It may be repeated; nothing happens twice."""
    with opened(folder) as node:
        found = node.sync(partner, address)
    if as_json:
        put_json(found)
        return
    words = translate()
    put(words(N_("Sent {sent}, received {received}.")).format(**found))
    put(words(N_("Everything is final on both sides.")) if found["cut"] else words(N_("Some documents are pending.")))


@click.group()
def courier() -> None:
    """Carry documents by hand between networks that never touch."""


@courier.command()
@click.argument("folder", metavar="DIR")
@click.option("--to", "partner", required=True, metavar="PARTNER", help="Who will open the file.")
@click.option("--whole", is_flag=True, help="All documents of the channel, not only what the partner lacks.")
@click.option("--split", type=click.IntRange(1), metavar="SIZE", help="Parts OUT.001 … of at most so many bytes.")
@click.option("--give-back", is_flag=True, help="Also the partner's own log, for a partner that was restored.")
@click.option("--manifest", metavar="FILE", help="Also a page (HTML) to print, with hashes, a QR code and signatures.")
@click.argument("out", metavar="OUT")
@json_option
def pack(
    folder: str,
    partner: str,
    whole: bool,
    split: int | None,
    give_back: bool,
    manifest: str | None,
    out: str,
    as_json: bool,
) -> None:
    """Write a sealed file with what the partner has not seen."""
    with opened(folder) as node:
        found = node.courier_pack(partner, Path(out), whole, split, give_back)
    if manifest is not None:
        disk.replace(Path(manifest), page(found, language(), translate()).encode(), disk.usual_mode())
        found = found | {"manifest": manifest}
    _put(found, as_json)


@courier.command("open")
@click.argument("folder", metavar="DIR")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@json_option
def open_(folder: str, files: tuple[str, ...], as_json: bool) -> None:
    """Take in a partner's file, or its parts in any order. It may be repeated; nothing happens twice."""
    with opened(folder) as node:
        found = node.courier_open(*(Path(one) for one in files))
    _put(found, as_json)


def _put(found: JsonObject, as_json: bool) -> None:
    if as_json:
        put_json(found)
    else:
        put("\n".join(f"{name}: {value}" for name, value in found.items()))
