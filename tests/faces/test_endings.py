"""How commands end where folders, files, disk or reader are not what they should be: never as our mistake."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from gokei.node.disk import problem_of
from gokei.node.node import Node
from tests.faces.calling import call, in_shell


@pytest.fixture(scope="module")
def japan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("endings") / "JP"
    Node.create(found, "JP", "exercise")
    return found


@pytest.mark.parametrize(
    ("number", "exit_code"),
    [
        (errno.ENOENT, 4), (errno.ENOTDIR, 4), (errno.EISDIR, 4), (errno.EACCES, 4), (errno.ENAMETOOLONG, 4),
        (errno.ENOSPC, 5), (errno.EROFS, 5), (errno.EIO, 5), (errno.EDQUOT, 5), (errno.EMFILE, 5), (errno.ENOLCK, 5),
    ],
)  # fmt: skip
def test_an_error_of_the_system_says_whose_it_is_and_where(number: int, exit_code: int) -> None:
    problem = problem_of(OSError(number, "as the system says", "some/path"))
    assert (problem.exit_code, problem.path) == (exit_code, "some/path")
    assert "as the system says" in problem.detail_text()
    assert problem.next_step


@pytest.mark.parametrize("folder", ["README.md", "README.md/below", "/proc/gokei", "/dev/null"])
def test_an_exercise_where_no_folder_can_be(tmp_path: Path, folder: str) -> None:
    (tmp_path / "README.md").write_text("mine", "ascii")
    done = call("exercise", "--dir", folder, "--no-browser", "--json", cwd=tmp_path)
    problem = json.loads(done.stdout)
    assert done.returncode == 4, problem
    assert problem["path"].startswith(folder.partition("/below")[0])
    assert (tmp_path / "README.md").read_text("ascii") == "mine"


@pytest.mark.parametrize(
    "command",
    ["gokei law list", "gokei law list --json", "gokei --help", "gokei list JP orders", "gokei node card JP"],
)
def test_output_to_a_full_disk(japan: Path, command: str) -> None:
    done = in_shell(f"{command} > /dev/full", japan.parent)
    assert done.returncode == 5, done
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize(
    "command", ["gokei law list", "gokei law list --json", "gokei law show acsa-jp-au-2017", "gokei -h"]
)
def test_a_reader_that_has_read_enough(japan: Path, command: str) -> None:
    done = in_shell(f"{command} | true", japan.parent)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["gokei law list", "gokei node card JP", "gokei list JP orders --json"])
def test_output_that_nobody_wants(japan: Path, command: str) -> None:
    done = in_shell(f"{command} >&-", japan.parent)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_node_in_a_path_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "afile").write_text("mine", "ascii")
    done = call("node", "init", "afile/JP", "--nation", "JP", "--environment", "exercise", cwd=tmp_path)
    assert done.returncode == 4
    assert b"Not a directory" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["verify"], ["state"], ["rebuild"], ["list", "orders"], ["show", "order", "X"], ["sync", "AU"],
        ["ledger", "balances"], ["node", "serve", "--port", "0"], ["node", "card"], ["partner", "list"],
        ["courier", "pack", "--to", "AU", "out"],
    ],
)  # fmt: skip
def test_no_command_goes_on_without_the_journal(tmp_path: Path, words: list[str]) -> None:
    Node.create(tmp_path / "JP", "JP", "exercise")
    (tmp_path / "JP" / "journal.sqlite").unlink()
    at = 2 if words[0] in {"ledger", "node", "partner", "courier"} else 1
    done = call(*words[:at], "JP", *words[at:], cwd=tmp_path)
    assert done.returncode == 4, done
    assert b"JP/journal.sqlite" in done.stderr
    assert b"Restore" in done.stderr
    assert not (tmp_path / "JP" / "journal.sqlite").exists()


def test_an_address_that_is_not_of_this_machine_is_named(japan: Path) -> None:
    done = call("node", "serve", str(japan), "--port", "0", "--host", "192.0.2.1")
    assert done.returncode == 5
    assert b"192.0.2.1" in done.stderr
    assert b"--host" in done.stderr
    assert b"Port 0" not in done.stderr


@pytest.mark.parametrize("words", [["exercise", "--check"], ["exercise", "--dir", "new"]])
def test_an_exercise_ends_with_the_problem_of_a_wrong_pack(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "wrong.yaml").write_text("instrument: wrong\nkind: suport\n", "ascii")
    done = call(*words, "--json", cwd=tmp_path, more={"GOKEI_AGREEMENTS": "packs"})
    problem = json.loads(done.stdout)
    assert done.returncode == 4
    assert problem["path"] == "packs/wrong.yaml"
    assert not (tmp_path / "new").exists()
    done = call(*words, cwd=tmp_path, more={"GOKEI_AGREEMENTS": "nowhere"})
    assert done.returncode == 4
    assert b"nowhere" in done.stderr


@pytest.mark.parametrize(
    ("kind", "where", "told"),
    [
        ("orders", "sate=requested", "Did you mean state?"),
        ("documents", "typ=receipt", "Did you mean type?"),
        ("claims", "xyzzy=1", "There is no field xyzzy here."),
    ],
)
def test_a_list_is_not_narrowed_by_a_field_that_is_none(japan: Path, kind: str, where: str, told: str) -> None:
    done = call("list", str(japan), kind, "--where", where)
    assert done.returncode == 4
    assert told in done.stderr.decode()
    assert "state" in done.stderr.decode() or kind == "documents"


def test_the_nation_that_is_meant_is_named(tmp_path: Path) -> None:
    for word, told in {"UK": "Did you mean GB?", "Korea": "Did you mean KR?", "japan": "Did you mean JP?"}.items():
        done = call("node", "init", str(tmp_path / "X"), "--nation", word, "--environment", "exercise")
        assert done.returncode == 4
        assert told in done.stderr.decode()
    done = call("law", "coverage", "UK", "JP", "--on", "2017-09-06")
    assert "Did you mean GB?" in done.stderr.decode()
    done = call("node", "init", str(tmp_path / "X"), "--nation", "XX", "--environment", "exercise")
    assert b"XX is not a valid word." in done.stderr
    assert b"Name the nation by its two letters" in done.stderr
    assert b"Did you mean" not in done.stderr
