"""`gokei sync` and `gokei courier`: carry documents to a partner, by wire or by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from gokei.faces.cli.ending import language, put, put_json, translate
from gokei.faces.cli.inputs import json_option
from gokei.faces.cli.opening import opened
from gokei.faces.clocks import CLOCKS_DIFFER, clock_off
from gokei.faces.manifest import page
from gokei.node import disk
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, JsonValue, object_of, objects_of
from gokei.terms.problems import filled
from gokei.terms.words import N_, Translate, one_line


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
    put("\n".join(_synced(found)))


def _synced(found: JsonObject) -> Iterator[str]:
    words = translate()
    yield words(N_("Sent {sent}, received {received}.")).format(**found)
    if found["taken_back"]:
        yield words(N_("Documents of our own log that came back: {new_back}")).format(new_back=found["taken_back"])
    for one in objects_of(found["refused"]):
        said = _why(object_of(one["refusal"]), words)
        sentence = words(N_("{nation} did not let our document {sequence} in, and those after it wait: {reason}"))
        yield sentence.format(nation=found["partner"], sequence=one["sequence"], reason=said)
    if off := clock_off(found):
        yield words(CLOCKS_DIFFER).format(minutes=off)
    yield words(N_("Everything is final on both sides.")) if found["cut"] else words(N_("Some documents are pending."))


def _why(refusal: JsonObject, words: Translate) -> str:
    """The partner's reason in the reader's language: as one bounded line, since the partner wrote it."""
    params = {name: str(value) for name, value in object_of(refusal.get("params")).items()}
    said = filled(str(refusal.get("says") or refusal.get("detail")), params, words)
    return one_line(said, limits.PARTNER_TEXT_CHARACTERS)


@click.group()
def courier() -> None:
    """Carry documents by hand between networks that never touch."""


@courier.command()
@click.argument("folder", metavar="DIR")
@click.option("--to", "partner", required=True, metavar="PARTNER", help="Who will open the file.")
@click.option("--whole", is_flag=True, help="All documents of the channel, not only what the partner lacks.")
@click.option(
    "--split", type=click.IntRange(1), metavar="SIZE", help="Parts OUT.001, OUT.002 … of at most SIZE bytes each."
)
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
    """Write a sealed file OUT with what the partner has not seen. The folder of OUT must be there."""
    if manifest is not None:
        _check_manifest(Path(manifest), Path(out), split is not None)
    with opened(folder) as node:
        found = node.courier_pack(partner, Path(out), whole, split, give_back)
    if manifest is not None:
        disk.write_new(Path(manifest), page(found, language(), translate()).encode())
        found = found | {"manifest": manifest}
    if as_json:
        put_json(found)
    else:
        put("\n".join(_packed(found)))


def _check_manifest(manifest: Path, out: Path, in_parts: bool) -> None:
    """Before anything is packed. Raises Refused (`file-exists`), also for the name of a file that will be packed."""
    disk.check_new(manifest)
    suffix = r"\.[0-9]{3,}" if in_parts else ""
    same_folder = manifest.parent.resolve() == out.parent.resolve()
    if same_folder and re.fullmatch(re.escape(out.name) + suffix, manifest.name):
        raise disk.exists(manifest)


def _packed(found: JsonObject) -> Iterator[str]:
    words = translate()
    if found["documents"] or found["back"]:
        yield words(N_("Packed for {to}, courier {courier}. Documents: {documents}")).format(**found)
    else:
        yield words(N_("Packed for {to}, courier {courier}. No document, our checkpoint alone.")).format(**found)
    if found["back"]:
        yield "  " + words(N_("Documents of its own log that it gets back: {back}")).format(**found)
    for part in objects_of(found["parts"]):
        yield "  " + words(N_("{file}: {bytes} bytes, SHA-256 {sha256}")).format(**part)
    if "manifest" in found:
        yield "  " + words(N_("To print, sign and send along: {manifest}")).format(**found)


@courier.command("open")
@click.argument("folder", metavar="DIR")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@json_option
def open_(folder: str, files: tuple[str, ...], as_json: bool) -> None:
    """Take in a partner's file, or its parts in any order. It may be repeated; nothing happens twice."""
    with opened(folder) as node:
        found = node.courier_open(*(Path(one) for one in files))
    if as_json:
        put_json(found)
    else:
        put("\n".join(_opened(found)))


def _opened(found: JsonObject) -> Iterator[str]:
    """Each courier by itself, and after the last of a nation what is to be done."""
    rows = objects_of(found["couriers"])
    for nation in dict.fromkeys(str(row["from"]) for row in rows):
        own = [row for row in rows if row["from"] == nation]
        for row in own:
            yield from _courier(row)
        yield from _standing(own[-1])
        if any(row["former_key"] for row in own):
            said = N_("It was sealed to an older sealing key. Give {nation} the newest card: gokei node card DIR")
            yield translate()(said).format(nation=nation)


def _courier(row: JsonObject) -> Iterator[str]:
    words = translate()
    parts = {"opened": _listed(row["opened"]), "parts": str(row["parts"])}
    head = words(N_("From {nation}, courier {courier}, part {opened} of {parts}. New documents: {new}"))
    yield head.format(nation=row["from"], new=row["new"], courier=row["courier"], **parts)
    if row["new_back"]:
        yield "  " + words(N_("Documents of our own log that came back: {new_back}")).format(**row)


def _standing(row: JsonObject) -> Iterator[str]:
    """How things stand with a nation after the last of its couriers."""
    words, nation = translate(), row["from"]
    if row["waiting"]:
        yield "  " + words(N_("Documents that wait for those before them: {waiting}")).format(**row)
    if row["missing"]:
        said = words(N_("Still missing of the log of {nation}: documents {missing}"))
        yield "  " + said.format(nation=nation, missing=_stretches(row["missing"]))
    if row["missing_back"]:
        said = words(N_("Still missing of our own log: documents {missing}"))
        yield "  " + said.format(missing=_stretches(row["missing_back"]))
    yield words(_next(row)).format(nation=nation)


def _next(row: JsonObject) -> str:
    if row["cut"]:
        return N_("All of it is in, and all that lies between us is final.")
    lacks = row["missing"] or row["missing_back"]
    opened = row["opened"]
    if isinstance(opened, list) and len(opened) != row["parts"]:
        if not row["offer"]:
            return N_("The partner's new key comes with a part that is not here yet. Open the other parts.")
        if lacks:
            return N_("Open the other parts, or ask the partner for them.")
    elif row["missing_back"]:
        return N_("Ask {nation} for a file that gives our own documents back: it packs with --whole --give-back.")
    elif lacks or not row["offer"]:
        return N_("Open the files that came before, or ask {nation} for one with everything: it packs with --whole.")
    return N_("All of it is in. Pack a file for {nation}, and open its answer: then it is final.")


def _listed(rows: JsonValue) -> str:
    return ", ".join(str(one) for one in rows) if isinstance(rows, list) else ""


def _stretches(rows: JsonValue) -> str:
    found = [one for one in rows if isinstance(one, list)] if isinstance(rows, list) else []
    return ", ".join(str(first) if first == last else f"{first}\N{EN DASH}{last}" for first, last in found)
