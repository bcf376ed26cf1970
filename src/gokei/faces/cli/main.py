"""`gokei`: the command line. Each command's module is imported only when it is called, so that a start is short."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

import click

from gokei import __version__
from gokei.faces.cli.ending import (
    STDOUT,
    end_with_bug,
    end_with_problem,
    end_with_usage,
    flush,
    give_up_stdout,
)
from gokei.node.disk import problem_of
from gokei.terms.problems import Problem

COMMANDS: Final[Mapping[str, str]] = {
    "ask": "gokei.faces.cli.ask:ask",
    "law": "gokei.faces.cli.law:law",
    "node": "gokei.faces.cli.node:node",
    "partner": "gokei.faces.cli.node:partner",
    "keys": "gokei.faces.cli.keys:keys",
    "act": "gokei.faces.cli.acts:act",
    "show": "gokei.faces.cli.acts:show",
    "list": "gokei.faces.cli.acts:list_",
    "sync": "gokei.faces.cli.carrying:sync",
    "compare-books": "gokei.faces.cli.proofs:compare_books",
    "proof": "gokei.faces.cli.proofs:proof",
    "evidence": "gokei.faces.cli.proofs:evidence",
    "courier": "gokei.faces.cli.carrying:courier",
    "verify": "gokei.faces.cli.books:verify",
    "rebuild": "gokei.faces.cli.books:rebuild",
    "state": "gokei.faces.cli.books:state",
    "ledger": "gokei.faces.cli.books:ledger",
    "exercise": "gokei.faces.cli.exercise:exercise",
}
INTERRUPTED: Final = 130


class Commands(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """The names of all commands, in the order of a day's work."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """The command of that name, imported now."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        found = getattr(importlib.import_module(module), name)
        return found if isinstance(found, click.Command) else None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gokei")
def gokei() -> None:
    """Run the mutual support and the shared secrets of two nations.

    Gokei asks the law of agreements and answers with the articles; it keeps a nation's node: its signed journal,
    its orders, its ledger, its register.

    Set GOKEI_LANGUAGE to en, ja or ko for the language of the answers.

    Exit codes: 0 done, 2 the words of the call are wrong, 3 refused, 4 bad input, 5 try again later, 70 our bug,
    130 stopped by Ctrl-C.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of the machine contract."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    # A caller who closed them wants to hear nothing.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    try:
        ended = _run(words)
        flush()
    except click.ClickException as error:
        return end_with_usage(error, as_json)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has read enough.
        give_up_stdout()
        return 0
    except Problem as problem:
        return end_with_problem(problem, as_json)
    except OSError as error:
        told = error.filename not in {None, STDOUT}
        if not told:
            give_up_stdout()
        return end_with_problem(problem_of(error), as_json and told)
    except Exception as error:
        return end_with_bug(error, as_json)
    return ended


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _run(words: Sequence[str]) -> int:
    out, err = sys.stdout, sys.stderr
    try:
        return gokei.main(args=[*words], prog_name="gokei", standalone_mode=False) or 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except SystemExit:
        if sys.stdout is out:
            raise
        # Where its reader is gone click puts another stdout and stderr in place and ends with 1.
        sys.stdout, sys.stderr = out, err
        raise BrokenPipeError from None


if __name__ == "__main__":
    sys.exit(main())
