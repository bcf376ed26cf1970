"""A sealing key is made anew, stated by a card of the root, given to the partner, and the old one destroyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gokei.faces.cli.main import main
from gokei.terms import limits
from tests.nations import FACTS

OPERATION = {
    "type": "operation", "to": "JP", "agreement": "acsa-jp-au-2017", "name": "Exercise", "activity": "joint_exercise",
    "place": "AU", "starts": "2017-09-01", "ends": "2017-09-30", "forces": ["AU", "JP"], "facts": dict(FACTS),
}  # fmt: skip


class Two:
    """Two nations' folders, and commands as people type them."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd
        self.issued = 0
        for nation in ("AU", "JP"):
            self("node", "init", nation, "--nation", nation, "--environment", "exercise")
            self.write_card(nation, f"{nation}.card")
        self("partner", "add", "AU", "JP.card")
        self("partner", "add", "JP", "AU.card")

    def __call__(self, *words: str, exit_code: int = 0) -> Any:
        found = main([*words, "--json"])
        out, err = self.capfd.readouterr()
        assert found == exit_code, (words, out, err)
        return json.loads(out)

    def text(self, *words: str) -> str:
        assert main([*words]) == 0
        return self.capfd.readouterr().out

    def write_card(self, nation: str, file: str) -> None:
        Path(file).write_text(self.text("node", "card", nation), "utf-8")

    def pack(self, file: str) -> str:
        """A file of Australia's with one document more; the key that it is sealed to."""
        self.issued += 1
        Path("operation.json").write_text(json.dumps(OPERATION | {"operation": f"DARWIN-{self.issued}"}), "utf-8")
        self("act", "AU", "operation.json")
        return str(self("courier", "pack", "AU", "--to", "JP", file)["sealing"])

    def sealing(self) -> list[tuple[str, str]]:
        return [(row["key"], row["state"]) for row in self("keys", "sealing", "list", "JP")["keys"]]

    def renew(self, file: str = "new.card") -> None:
        """Japan makes a new sealing key, and its root signs a card that states it."""
        self("keys", "card", "write", "JP", file, "--new-sealing-key")
        self("keys", "card", "sign", file, "JP")
        self("keys", "apply", "JP", file)


@pytest.fixture
def two(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Two:
    monkeypatch.chdir(tmp_path)
    return Two(capfd)


def test_a_new_key_is_sealed_to_once_the_partner_has_the_card_and_the_old_one_opens_until_it_is_destroyed(
    two: Two,
) -> None:
    [(old, state)] = two.sealing()
    assert state == "in_force"
    assert two.pack("before") == old
    two("keys", "card", "write", "JP", "new.card", "--new-sealing-key")
    assert [state for _, state in two.sealing()] == ["requested", "in_force"]
    two("keys", "card", "sign", "new.card", "JP")
    two("keys", "apply", "JP", "new.card")
    (new, _), (former, _) = two.sealing()
    assert [state for _, state in two.sealing()] == ["in_force", "former"]
    assert (former, new != old) == (old, True)
    # Australia does not know yet: it seals to the old key, and Japan opens that and says so.
    assert two.pack("between") == old
    said = two("courier", "open", "JP", "before", "between")
    assert (said["new"], said["former_key"]) == (2, True)
    two.write_card("JP", "given.card")
    two("partner", "add", "AU", "given.card")
    assert two.pack("after") == new
    said = two("courier", "open", "JP", "after")
    assert (said["new"], said["former_key"]) == (1, False)
    # The end of the old one.
    two("keys", "sealing", "destroy", "JP", old)
    assert two.sealing() == [(new, "in_force")]
    assert two("courier", "open", "JP", "before", exit_code=4)["check"] == "courier-sealed"
    assert two("courier", "open", "JP", "after")["missing"] == []
    assert two("verify", "JP", "--against", "after")["verified"] is True


def test_the_key_that_the_card_states_is_not_destroyed_nor_one_that_is_not_there(two: Two) -> None:
    [(old, _)] = two.sealing()
    assert two("keys", "sealing", "destroy", "JP", old, exit_code=3)["check"] == "sealing-key-in-force"
    assert two("keys", "sealing", "destroy", "JP", "age1x", exit_code=3)["check"] == "sealing-key-unknown"
    assert two.sealing() == [(old, "in_force")]


def test_a_card_that_states_a_destroyed_key_is_not_put_in_its_place(two: Two) -> None:
    two("keys", "card", "write", "JP", "new.card", "--new-sealing-key")
    two("keys", "card", "sign", "new.card", "JP")
    two("keys", "sealing", "destroy", "JP", two.sealing()[0][0])
    assert two("keys", "apply", "JP", "new.card", exit_code=3)["check"] == "card-sealing"
    assert len(two.sealing()) == 1


def test_no_key_is_made_for_a_card_that_cannot_be_written(two: Two) -> None:
    before = two.sealing()
    refused = two("keys", "card", "write", "JP", "AU.card", "--new-sealing-key", exit_code=3)
    assert refused["check"] == "file-exists"
    assert two.sealing() == before


def test_an_old_card_found_again_does_not_bring_the_old_key_back(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr("gokei.node.edges.SystemClock.now", lambda _: "2099-01-01T00:00:00Z")
        two.renew()
    two.write_card("JP", "given.card")
    two("partner", "add", "AU", "given.card")
    refused = two("partner", "add", "AU", "JP.card", exit_code=3)
    assert refused["check"] == "card-older"
    assert two("partner", "add", "AU", "given.card")["partner"] == "JP"


def test_only_so_many_sealing_keys_are_held(two: Two) -> None:
    for number in range(limits.SEALING_KEYS_PER_NODE - 1):
        two("keys", "card", "write", "JP", f"card-{number}", "--new-sealing-key")
    refused = two("keys", "card", "write", "JP", "one-more", "--new-sealing-key", exit_code=3)
    assert refused["check"] == "sealing-keys-full"
    assert len(two.sealing()) == limits.SEALING_KEYS_PER_NODE
    two("keys", "sealing", "destroy", "JP", two.sealing()[0][0])
    two("keys", "card", "write", "JP", "one-more", "--new-sealing-key")


def test_a_card_whose_sealing_key_is_none_is_refused(two: Two) -> None:
    """Right in form, wrong in its own check: nothing can be sealed to it, and that is said."""
    from gokei.node.courier_file import Header, write
    from gokei.terms.problems import Refused

    [(key, _)] = two.sealing()
    wrong = key[:-1] + ("q" if key[-1] != "q" else "p")
    header = Header.model_validate({"gokei": 1, "from": "AU", "to": "JP", "courier": "00" * 8, "part": 1, "parts": 1,
                                    "offer": "", "back": 0, "documents": 0})  # fmt: skip
    with pytest.raises(Refused) as found:
        write(Path("out"), header, (), wrong)
    assert found.value.check == "courier-sealing"
    assert not Path("out").exists()
