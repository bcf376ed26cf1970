"""Keys that change while journals are put back, and while files are the only way: each side comes to know them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gokei.node import signed
from gokei.node.node import Node
from gokei.terms.problems import Refused
from tests.nations import Nations
from tests.node.test_mandates import (
    SINCE,
    equal,
    granted,
    key_of,
    new_node_key,
    operations,
    report,
    revoked,
    standing,
)


def backed_up(nations: Nations, nation: str) -> bytes:
    """The journal alone, as it is now; the keys are kept elsewhere."""
    nations[nation].close()
    data = (nations.folder / nation / "journal.sqlite").read_bytes()
    nations.wires.nodes[nation] = nations.open(nation)
    return data


def put_back(nations: Nations, nation: str, data: bytes) -> Node:
    nations[nation].close()
    (nations.folder / nation / "journal.sqlite").write_bytes(data)
    nations.wires.nodes[nation] = nations.open(nation)
    return nations[nation]


def test_a_compromise_that_a_partner_gives_back_makes_void_again_what_it_had(nations: Nations) -> None:
    """The journal was put back from before the key was revoked; what the key had signed is in it, and stood there."""
    old = key_of(nations["AU"], "logistics")
    gone = report(nations, "AU", "GONE")
    back = backed_up(nations, "AU")
    nations["AU"].apply(granted(nations["AU"]))
    nations["AU"].apply(revoked(nations["AU"], old, **SINCE))
    nations.meet()
    australia = put_back(nations, "AU", back)
    assert standing(nations, "AU", gone) == "pending"
    australia.sync("JP", "JP")
    assert standing(nations, "AU", gone) == standing(nations, "JP", gone) == "void"
    equal(nations)


def test_what_a_revocation_made_void_stands_again_where_it_is_put_aside(nations: Nations) -> None:
    """A copy that went on revoked a key; the partner's copy of the log knows nothing of it."""
    old = key_of(nations["AU"], "logistics")
    report(nations, "AU", "FINAL")
    nations.meet()
    kept = report(nations, "AU", "KEPT")
    back = backed_up(nations, "AU")
    report(nations, "AU", "KNOWN")
    nations.meet()
    signed_file = (nations.folder / "AU" / "signed.json").read_bytes()
    australia = put_back(nations, "AU", back)
    with australia.core.store.writing():
        signed.replace(australia.core, "JP", None)
    australia.apply(granted(australia))
    australia.apply(revoked(australia, old, **SINCE))
    assert standing(nations, "AU", kept) == "void"
    (nations.folder / "AU" / "signed.json").write_bytes(signed_file)
    put: Any = australia.set_aside("JP", "JP")
    assert [one["type"] for one in put["set_aside"]] == ["office_grant", "office_revocation"]
    assert operations(nations, "AU") == ["FINAL", "KEPT", "KNOWN"]
    assert nations["AU"].rebuild() == nations["AU"].state()


def test_a_journal_from_before_the_partners_node_changed_its_key_learns_it_from_the_log(nations: Nations) -> None:
    report(nations, "AU", "BEFORE")
    nations.meet()
    back = backed_up(nations, "JP")
    nations["AU"].apply(new_node_key(nations))
    after = report(nations, "AU", "AFTER")
    nations.meet()
    japan = put_back(nations, "JP", back)
    japan.sync("AU", "AU")
    assert standing(nations, "JP", after) == "final"
    nations.meet()
    equal(nations)


def test_a_journal_from_before_the_nodes_key_changed_comes_back_by_the_mandate(nations: Nations) -> None:
    """The partner believes the new key alone, and the journal knows but the old one: the root's file says it again."""
    back = backed_up(nations, "AU")
    change = new_node_key(nations)
    nations["AU"].apply(change)
    key = nations["AU"].core.node_key("AU")
    grant = granted(nations["AU"])
    nations["AU"].apply(grant)
    kept = report(nations, "AU", "KEPT")
    nations.meet()
    australia = put_back(nations, "AU", back)
    with pytest.raises(Refused) as found:
        australia.sync("JP", "JP")
    assert found.value.params["detail"].startswith("The request is not signed")
    australia.apply(change)
    australia.sync("JP", "JP")
    assert standing(nations, "AU", kept) == "final"
    said: Any = australia.keys()
    assert said["serial"] == 2, "the grant came back with the log: nobody need apply it again"
    assert australia.core.node_key("AU") == key
    report(nations, "AU", "LATER")
    nations.meet()
    equal(nations)
    again: Any = australia.apply(grant)
    assert again["channels"] == {"JP": []}


def test_a_courier_file_brings_the_news_of_the_nodes_key_that_signed_it(nations: Nations, tmp_path: Path) -> None:
    """Between networks that never touch, the file is the only way; in parts, in any order, as ever."""
    report(nations, "AU", "BEFORE")
    nations.meet()
    nations["AU"].apply(new_node_key(nations))
    after = report(nations, "AU", "AFTER")
    nations["AU"].courier_pack("JP", tmp_path / "news")
    opened = nations["JP"].courier_open(tmp_path / "news")
    assert opened["new"] == 2
    assert nations["JP"].core.node_key("AU") == nations["AU"].core.node_key("AU")
    nations["JP"].courier_pack("AU", tmp_path / "back")
    assert nations["AU"].courier_open(tmp_path / "back")["cut"] is True
    nations["AU"].courier_pack("JP", tmp_path / "again")
    assert nations["JP"].courier_open(tmp_path / "again")["cut"] is True
    assert standing(nations, "JP", after) == "final"
    equal(nations)


def test_parts_that_come_before_the_news_of_the_key_wait_for_it(nations: Nations, tmp_path: Path) -> None:
    report(nations, "AU", "BEFORE")
    nations.meet()
    nations["AU"].apply(new_node_key(nations))
    after = [report(nations, "AU", f"AFTER-{number}") for number in range(9)]
    packed: Any = nations["AU"].courier_pack("JP", tmp_path / "news", split=8_000)
    parts = [Path(row["file"]) for row in packed["parts"]]
    assert len(parts) > 1
    for part in reversed(parts[1:]):
        opened: Any = nations["JP"].courier_open(part)
        assert (opened["offer"], opened["cut"], opened["new"]) == (False, False, 0)
        assert opened["waiting"] > 0
    with pytest.raises(Refused) as found:
        nations["JP"].courier_open(parts[-1])
    assert found.value.check == "offer-signature"
    opened = nations["JP"].courier_open(parts[0])
    assert (opened["offer"], opened["new"], opened["waiting"]) == (True, 10, 0)
    nations.meet()
    assert standing(nations, "JP", after[-1]) == "final"
    equal(nations)
