"""Opening a node's folder for one command, and asking a person for the passphrase of its keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import click

from gokei.faces.cli.ending import translate
from gokei.node.node import Node, Unlock
from gokei.node.packs import LawOnDemand
from gokei.node.passphrases import Ask
from gokei.terms.words import N_


def asking(confirm: bool = False, prompt: str = N_("Passphrase")) -> Ask | None:
    """Whom to ask for a passphrase: the person at the terminal, once; None where nobody is there."""
    if not sys.stdin.isatty():
        return None

    @cache
    def ask() -> str:
        words = translate()
        again = words(N_("Once more")) if confirm else False
        return str(click.prompt(words(prompt), hide_input=True, confirmation_prompt=again, err=True))

    return ask


def unlock(passphrase_file: str | None = None) -> Unlock:
    """Where the passphrase of a node's keys is found: the file that was named, the settings, or a person."""
    return Unlock(None if passphrase_file is None else Path(passphrase_file), asking())


passphrase_option = click.option(
    "--passphrase-file", metavar="FILE", help="The file that holds the passphrase of the keys, and nothing else."
)


@contextmanager
def opened(folder: str, passphrase_file: str | None = None) -> Iterator[Node]:
    """The node in a folder, closed afterwards. Raises BadInput (`node-folder`) or Unavailable (`store-…`)."""
    node = Node.open(Path(folder), LawOnDemand(), unlock=unlock(passphrase_file))
    try:
        yield node
    finally:
        node.close()
