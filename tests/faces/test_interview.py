"""`gokei ask` without a file: the real command on a terminal of its own, in three languages."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gokei.faces.choices import Choice, Choices, word_of
from gokei.faces.columns import clipped, columns, folded
from gokei.faces.locale import LANGUAGES, translator
from gokei.law.interview import Asked, turn
from gokei.node.packs import open_library
from gokei.terms.nations import NATIONS
from gokei.terms.problems import BadInput
from gokei.terms.words import N_

SECONDS = 60
PROMPT = b"\n> "
FRAME = ["1", "2018-01-01", "JP", "AU"]


class Terminal:
    """The command on a pseudo-terminal: what it shows, and what is typed."""

    def __init__(self, language: str, arguments: Sequence[str], folder: Path) -> None:
        self._near, far = pty.openpty()
        environment = {**os.environ, "GOKEI_LANGUAGE": language, "PYTHONUTF8": "1", "COLUMNS": "80"}
        command = [sys.executable, "-m", "gokei.faces.cli.main", *arguments]
        self._process = subprocess.Popen(
            command, stdin=far, stdout=subprocess.PIPE, stderr=far, env=environment, cwd=folder, close_fds=True
        )
        os.close(far)
        self.shown = ""

    def prompt(self) -> str | None:
        """What is shown up to the next prompt; None where the command has ended."""
        found = b""
        while not found.endswith(PROMPT):
            assert select.select([self._near], [], [], SECONDS)[0], found.decode()
            try:
                part = os.read(self._near, 4096)
            except OSError:
                part = b""
            if not part:
                self.shown += found.decode()
                return None
            found = (found + part).replace(b"\r\n", b"\n")
        self.shown += found.decode()
        return found.decode()

    def type(self, text: str) -> None:
        os.write(self._near, f"{text}\n".encode())

    def end(self) -> tuple[str, int]:
        """What came on stdout, and the exit code."""
        out, _ = self._process.communicate(timeout=SECONDS)
        os.close(self._near)
        return out.decode(), self._process.returncode


def interview(
    folder: Path, language: str, typed: Sequence[str], then: Callable[[str], str], *arguments: str
) -> tuple[str, str, int]:
    """The interview with these lines, and then whatever `then` answers to what is shown: shown, stdout, exit code."""
    terminal = Terminal(language, ["ask", *arguments], folder)
    lines = [*typed]
    for _ in range(60):
        shown = terminal.prompt()
        if shown is None:
            break
        terminal.type(lines.pop(0) if lines else then(shown))
    out, code = terminal.end()
    return terminal.shown, out, code


def quit_it(_shown: str) -> str:
    return "q"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interview_to_its_end_can_be_kept_and_asked_again(tmp_path: Path, language: str) -> None:
    words = translator(language)
    shown, out, code = interview(tmp_path, language, [*FRAME, "1"], lambda _: "1", "--save", "q.json", "--json")
    assert code == 0, shown
    kept = json.loads((tmp_path / "q.json").read_text("utf-8"))
    assert kept["activity"] == "joint_exercise"
    answer = json.loads(out)
    assert answer == open_library().answer(kept)
    assert answer["verdict"] != "undetermined"
    assert words("Is it about support or about information?") in shown
    assert "AU " + word_of("place", "AU", language, words).split(" ", 1)[1] in shown
    assert words("The question is kept in {file}.").replace("{file}", "q.json") in shown
    again = subprocess.run(
        [sys.executable, "-m", "gokei.faces.cli.main", "ask", "q.json", "--json"],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(again.stdout) == answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_prefixes_typos_back_and_not_known(tmp_path: Path, language: str) -> None:
    words = translator(language)
    support, exercise = words("Mutual support"), words("Joint exercise and training")
    typed = [
        "b", "?", support, "yesterday", "2018-01-01", "US", "b", "JP", "jp", words("any other"), "australia",
        "jiont_exercise", exercise[:-1], words("Yes"), "b", "?",
    ]  # fmt: skip
    shown, out, code = interview(tmp_path, language, typed, quit_it)
    assert code == 0
    for said in (
        words("This is the first question."),
        words("Without this the law cannot be asked."),
        words("Which one? Type its word."),
        "joint_exercise",
    ):
        assert said in shown, shown
    assert words("Undetermined") in out
    kept = json.loads(shown[shown.rindex("{") :].strip())
    assert kept == {
        "kind": "support", "on": "2018-01-01", "provider": "JP", "recipient": "AU", "activity": "joint_exercise"
    }  # fmt: skip
    # What is not known is not asked again.
    asked = [line for line in shown.splitlines() if line.startswith(words("Has the receiving nation asked for it?"))]
    assert len(asked) == 2


def test_whoever_knows_nothing_more_is_asked_each_fact_once(tmp_path: Path) -> None:
    shown, out, code = interview(tmp_path, "en", FRAME, lambda _: "?")
    assert code == 0
    first = open_library().answer({"kind": "support", "on": "2018-01-01", "provider": "JP", "recipient": "AU"})
    asked = re.findall(r"^([^>\s].*\?)(?:  \(at most \d+ questions\))?$", shown, re.MULTILINE)
    assert len(asked) == len({*asked})
    assert isinstance(first["missing"], list)
    assert len(asked) == len(FRAME) + len(first["missing"])
    assert out.startswith("Undetermined")


def test_quitting_at_once_asks_nothing(tmp_path: Path) -> None:
    shown, out, code = interview(tmp_path, "en", [], quit_it, "--json")
    assert (json.loads(out), code) == (None, 0)
    assert "Too little is stated to ask the law." in shown


def test_a_file_that_is_there_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text("mine")
    shown, _, code = interview(tmp_path, "en", [], quit_it, "--save", "q.json")
    assert code == 4
    assert "there is such a file already" in shown
    assert (tmp_path / "q.json").read_text() == "mine"


@pytest.mark.parametrize("arguments", [[], ["--save", "q.json"], ["q.json", "--save", "r.json"]])
def test_without_a_terminal_the_call_is_wrong(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gokei.faces.cli.main", "ask", *arguments],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"FILE" in done.stderr
    assert [*tmp_path.iterdir()] == []


def typed(asked: Asked, choice: Choice) -> str:
    """A nation by its code, all else by its word."""
    return str(choice.value) if asked.type == "nation" and choice.value in NATIONS else choice.word


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_read_back_by_number_and_by_word(language: str) -> None:
    library, words = open_library(), translator(language)
    stated: dict[str, object] = {"kind": "support", "on": "2018-01-01", "provider": "JP", "recipient": "US"}
    while (asked := turn(library, stated).asked) is not None:
        choices = Choices(asked, language, words)
        for number, choice in enumerate(choices.shown, 1):
            assert choices.read(str(number)) == choice.value
            assert choices.read(typed(asked, choice)) == choice.value
        for value in asked.others[:30]:
            assert choices.read(str(value)) == value
        stated[asked.fact] = None


def test_a_beginning_of_several_and_a_wrong_word_are_said() -> None:
    choices = Choices(Asked("supply", "code", (("fuel", "food", "weapons"),)), "en", N_)
    assert choices.read("FUEL") == "fuel"
    assert choices.read("ｗｅａ") == "weapons"
    for typed, check in (("fo", None), ("f", "choice-several"), ("wepons", "fact-code"), ("9", "fact-code")):
        if check is None:
            assert choices.read(typed) == "food"
            continue
        with pytest.raises(BadInput) as refused:
            choices.read(typed)
        assert refused.value.check == check
    with pytest.raises(BadInput):
        Choices(Asked("purpose", "text"), "en", N_).read("x" * 1001)
    assert Choices(Asked("marked_on", "date"), "en", N_).read("2018-01-01") == "2018-01-01"


def test_texts_are_measured_in_columns() -> None:
    assert (columns("燃料ab"), clipped("燃料燃料", 6), clipped("fuel", 4)) == (6, "燃料..", "fuel")
    assert folded("aa bb cc", 6, 2, " ") == "aa\n bb cc"
