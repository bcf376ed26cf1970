"""`gokei state`, `verify`, `rebuild` and `ledger`: what the books say, and whether they are right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from gokei.faces.cli import telling
from gokei.faces.cli.ending import put, put_json, translate
from gokei.faces.cli.inputs import json_option, read_bounded
from gokei.faces.cli.opening import opened
from gokei.journal.evidence import SAYS
from gokei.node.folder import partner_card
from gokei.node.proving import verify_bundle
from gokei.terms import limits
from gokei.terms.json_types import JsonObject, object_of, objects_of
from gokei.terms.words import N_, Translate

PENDING: Final = N_("Not yet final on both sides: {count} documents.")


@click.command()
@click.argument("folder", metavar="DIR")
@json_option
def state(folder: str, as_json: bool) -> None:
    """Print the digests of orders, ledger, registry and dossier, by channel: equal on both sides."""
    with opened(folder) as node:
        found = node.state()
    _put_digests(found, as_json)


@click.command()
@click.argument("folder", metavar="DIR")
@json_option
def rebuild(folder: str, as_json: bool) -> None:
    """Make all views again from the journal, and print their digests."""
    with opened(folder) as node:
        found = node.rebuild()
    _put_digests(found, as_json)


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--against", metavar="BUNDLE", help="Also hold the journal against a courier file of the partner.")
@click.option("--bundle", metavar="FILE", help="Check a proof or evidence from its file alone, without DIR.")
@click.option("--card", "cards", metavar="FILE", multiple=True, help="With --bundle: the identity card of a nation.")
@click.option("--mandate", "mandates", metavar="FILE", multiple=True, help="With --bundle: a mandate since that card.")
@json_option
def verify(
    folder: str | None,
    against: str | None,
    bundle: str | None,
    cards: tuple[str, ...],
    mandates: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check every signature, hash, sequence, checkpoint and fold again; say the first thing wrong.

    With --bundle, check what somebody handed you, without a network: a proof (gokei proof) or evidence
    (gokei evidence export), by the cards of the nations that signed. Compare the printed roots with those nations.
    """
    if bundle is not None:
        if folder is not None or against is not None:
            # What was handed over proves itself: no journal has a part in it.
            raise click.UsageError(
                translate()(N_("A file is checked by itself: name --bundle without DIR and --against."))
            )
        read = [_card(card) for card in cards]
        ordered = [read_bounded(one, limits.MANDATE_BYTES) for one in mandates]
        found = verify_bundle(read_bounded(bundle, limits.EVIDENCE_BYTES), read, bundle, ordered)
    elif folder is None or cards or mandates:
        raise click.UsageError(translate()(N_("Name the node's folder, or a file with --bundle and its --card.")))
    else:
        with opened(folder) as node:
            found = node.verify(Path(against) if against else None)
    if as_json:
        put_json(found)
        return
    words = translate()
    void = object_of(found.get("void"))
    if void:
        put(words(N_("The document stands in the log, and is void: it has no effect.")))
    else:
        put(words(N_("All right.")))
    for line in telling.lines(_shown(found, words), words):
        put(f"  {line}")


def _card(path: str) -> bytes:
    """A card's bytes. One that is none, or does not prove itself, is named by its file."""
    raw = read_bounded(path, limits.CARD_BYTES)
    partner_card(raw, path)
    return raw


def _shown(found: JsonObject, words: Translate) -> JsonObject:
    """What is not said by the head of the answer already."""
    shown = {name: value for name, value in found.items() if name != "verified"}
    if "against" in shown:
        shown["against"] = {name: value for name, value in object_of(shown["against"]).items() if name != "equal"}
    if "says" in shown:
        shown["says"] = words(SAYS[str(shown.pop("evidence"))]).format(nation=found["nation"])
    if "cosigned" in shown and shown["cosigned"] is None:
        absent = N_("not looked at: the card of {nation} was not given")
        if not shown["cosignatures"]:
            absent = N_("not yet by {nation}")
        shown["cosigned"] = words(absent).format(nation=found["reader"])
    shown.pop("cosignatures", None)
    if shown.get("void"):
        void = object_of(shown["void"])
        shown["void"] = words(str(void["detail"])).format(**object_of(void["params"]))
    for number, one in enumerate(objects_of(shown.pop("statements", [])), 1):
        shown[words(N_("Statement {number}")).format(number=number)] = one
    return shown


@click.group()
def ledger() -> None:
    """Look at what is owed."""


@ledger.command()
@click.argument("folder", metavar="DIR")
@json_option
def balances(folder: str, as_json: bool) -> None:
    """Print every account of every channel, and what is owed by whom."""
    with opened(folder) as node:
        found = node.balances()
    if as_json:
        put_json(found)
        return
    words = translate()
    for channel, one in found.items():
        put(channel)
        whole = object_of(one)
        final = object_of(object_of(whole.get("final")).get("accounts"))
        for account, amounts in object_of(whole.get("accounts")).items():
            for commodity, amount in object_of(amounts).items():
                settled = object_of(final.get(account)).get(commodity, "0")
                beside = "" if settled == amount else "  " + words(N_("of it final: {amount}")).format(amount=settled)
                put(f"  {account:<14} {amount!s:>20} {commodity}{beside}")
        owed = whole.get("owed")
        for row in owed if isinstance(owed, list) else []:
            if isinstance(row, dict):
                put("  " + words(N_("{debtor} owes {creditor} {amount} {commodity}")).format(**row))
        if not owed:
            put("  " + words(N_("Nothing is owed.")))
        if whole.get("pending"):
            put("  " + words(PENDING).format(count=whole["pending"]))


def _put_digests(found: JsonObject, as_json: bool) -> None:
    if as_json:
        put_json(found)
        return
    words = translate()
    for channel, digests in object_of(found["channels"]).items():
        put(channel)
        for name, value in object_of(digests).items():
            put(f"  {name:<10} {telling.told(value, words)}")
