"""How a command ends: what it found on stdout, what went wrong as a problem, and the exit code."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from gokei.faces.locale import LANGUAGES, translator
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadCall, OurBug, Problem, Problems
from gokei.terms.words import N_, Translate

TRACE_VARIABLE = "GOKEI_TRACE"
LANGUAGE_VARIABLE = "GOKEI_LANGUAGE"
STDOUT: Final = "stdout"
# All control characters but tab and line feed; line and paragraph separators; what turns the direction of writing.
_STEERS: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")


def language() -> str:
    """The reader's language: GOKEI_LANGUAGE, else that of the terminal where we have it, else English."""
    for name in (LANGUAGE_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(name, "")[:2].lower()
        if code:
            return code if code in LANGUAGES else "en"
    return "en"


def translate() -> Translate:
    """The words of the reader's language."""
    return translator(language())


def visible(text: str) -> str:
    """A text whose characters that steer a terminal are spelt out, as JSON does it: a partner may have written it."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def put_json(value: JsonValue) -> None:
    """One JSON value on stdout."""
    put(json.dumps(value, ensure_ascii=False, indent=1))


def put(text: str) -> None:
    """A line on stdout."""
    with _stdout():
        sys.stdout.write(visible(text) + "\n")


def put_bytes(data: bytes) -> None:
    """Bytes on stdout, as they are."""
    with _stdout():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def flush() -> None:
    """Everything that was put is written, or a problem tells why not."""
    with _stdout():
        sys.stdout.flush()


@contextmanager
def _stdout() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        error.filename = error.filename or STDOUT
        raise


def end_with_problem(problem: Problem, as_json: bool) -> int:
    """Show a problem where the caller looks for it."""
    words = translate()
    if as_json:
        try:
            put_json(problem.as_json(words))
            flush()
            return problem.exit_code
        except OSError:
            give_up_stdout()
    several = problem.problems if isinstance(problem, Problems) else (problem,)
    with contextlib.suppress(OSError):
        for one in several:
            click.echo(visible(_lines(one, words)), err=True)
            if one.determination is not None:
                from gokei.faces.cli.ask import written

                click.echo(visible(written(one.determination, words)), err=True)
    return problem.exit_code


def give_up_stdout() -> None:
    """Nothing can be written there: what waits is dropped, so that the interpreter does not try it again at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        sys.stdout = io.StringIO()


def end_with_usage(error: click.ClickException, as_json: bool) -> int:
    """The words of the call are wrong: say how the command is called."""
    if as_json:
        problem = BadCall(
            check="call",
            detail=N_("{reason}"),
            next_step=N_("See gokei --help, or --help after the command."),
            params={"reason": error.format_message()},
        )
        put_json(problem.as_json(translate()))
    else:
        error.show()
    return BadCall.exit_code


def end_with_bug(error: Exception, as_json: bool) -> int:
    """Something of ours broke: no traceback unless asked for, and nothing hidden."""
    problem = OurBug(
        check="bug",
        detail=N_("Gokei made a mistake of its own: {error}."),
        next_step=N_("Nothing half-done was kept. Set GOKEI_TRACE=1, try again, and report what is printed."),
        params={"error": f"{type(error).__name__}: {error}"[:300]},
    )
    if os.environ.get(TRACE_VARIABLE):
        traceback.print_exception(error)
    return end_with_problem(problem, as_json)


def _lines(problem: Problem, words: Translate) -> str:
    place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part is not None)
    cited = " ".join(part for part in (problem.instrument, problem.provision) if part)
    found = [f"{place}: {problem.detail_text(words)}" if place else problem.detail_text(words)]
    if cited:
        found.append(f"  {words(N_('Provision'))}: {cited}")
    if problem.next_step:
        found.append(f"  {problem.next_text(words)}")
    return "\n".join(found)


def text_of(value: JsonObject) -> str:
    """The word of the reader's language out of `{en, ja, ko}`."""
    return str(value.get(language()) or value.get("en") or "")
