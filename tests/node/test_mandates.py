"""Mandates of a root at real nodes: rotation, revocation and loss of keys, the same on both sides in any order."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.journal.envelopes import MANDATE, sign
from gokei.journal.keys import read_card
from gokei.journal.mandates import Mandate
from gokei.journal.merkle import EMPTY_ROOT
from gokei.journal.publickeys import NamedKey
from gokei.journal.roots import RootStatement
from gokei.journal.signers import SoftwareSigner
from gokei.node import signed
from gokei.node.answering import answer
from gokei.node.ceremony import sign_by_exercise
from gokei.node.folder import install_card
from gokei.node.node import Node
from gokei.node.proving import verify_bundle
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput, Problem, Refused, Unavailable
from tests.nations import F76, FACTS, Nations, Seeded, change, line, to_operation
from tests.node.test_keys import REPORT

TIME = "2026-11-24T06:00:00Z"
EMPTY = base64.b64encode(EMPTY_ROOT).decode()
SINCE = {"compromised_since": "2026-11-01T00:00:00Z"}


def mandated(node: Node, change: dict[str, Any], serial: int | None = None, **more: Any) -> bytes:
    """A mandate signed by the root of an exercise, which its node holds."""
    ring = node.core.own_ring()
    root = next(one.key for one in node.core.folder.keyring.holds() if one.office == "root")
    values = {
        "gokei": 1, "nation": node.nation, "environment": node.environment, "root": ring.root.fingerprint,
        "serial": serial or ring.serial + 1, "issued": TIME, "change": change,
    }  # fmt: skip
    mandate = Mandate.model_validate(values | more)
    return sign(MANDATE, mandate.encode(), [node.core.folder.keyring.signer(root)]).encode()


def granted(node: Node, office: str = "logistics", powers: tuple[str, ...] = (), **terms: Any) -> bytes:
    asked = node.request_key(office, powers)
    names = ("office", "title", "algorithm", "key", "proof")
    stated = {name: asked[name] for name in names} | {"powers": tuple(asked["powers"])}  # type: ignore[arg-type]
    return mandated(node, {"kind": "grant", "office": stated | {"valid_from": "2000-01-01T00:00:00Z"} | terms})


def key_of(node: Node, office: str) -> str:
    found: Any = node.keys()["keys"]
    return str(next(row["key"] for row in found if row["office"] == office and row["state"] == "in_force"))


def revoked(node: Node, key: str, office: str = "logistics", **more: Any) -> bytes:
    return mandated(node, {"kind": "revoke", "office": office, "key": key, "reason": "lost", **more})


def report(nations: Nations, nation: str, name: str) -> JsonObject:
    to = "JP" if nation == "AU" else "AU"
    return nations[nation].act(REPORT | {"to": to, "operation": name, "facts": dict(FACTS)})


def states(nations: Nations, nation: str) -> dict[str, str]:
    """What each key of Australia is, as a node sees it."""
    found: Any = nations[nation].keys("AU" if nation == "JP" else None)["keys"]
    return {row["key"]: row["state"] for row in found if row["state"] != "requested"}


def standing(nations: Nations, nation: str, document: JsonObject) -> str:
    found: Any = nations[nation].show("document", str(document["hash"]))
    return str(found["standing"])


def equal(nations: Nations) -> None:
    """Both books are the same, and every byte still verifies on both sides."""
    one, other = (channel(nations, nation) for nation in ("AU", "JP"))
    assert one == other
    for nation in ("AU", "JP"):
        nations[nation].verify()
        assert nations[nation].rebuild() == nations[nation].state()


def channel(nations: Nations, nation: str) -> Any:
    found: Any = nations[nation].state()["channels"]
    return found["AU-JP"]


def operations(nations: Nations, nation: str) -> list[Any]:
    """The operations that are in effect."""
    return [row["operation"] for row in nations[nation].list("operations") if row["state"] != "void"]


def push(nations: Nations, sender: str) -> None:
    """What a node has written reaches its partner, and nothing comes back: no head, no cut."""
    reader = "JP" if sender == "AU" else "AU"
    core = nations[sender].core
    for row in core.store.each(core.channel_of(reader), sender):
        found = nations[reader].receive(sender, row.envelope)
        assert found.problem is None, found.problem


def test_an_office_changes_its_key_while_both_keys_are_in_force(nations: Nations) -> None:
    old = key_of(nations["AU"], "logistics")
    first = report(nations, "AU", "FIRST")
    nations["AU"].apply(granted(nations["AU"], valid_from="2020-01-01T00:00:00Z"))
    second = report(nations, "AU", "SECOND")
    signed_by = [nations["AU"].core.channel("JP").entry(row).frame.type for row in rows(nations)]
    assert signed_by == ["operation", "office_grant", "operation"]
    assert keyids(nations)[0] != keyids(nations)[2]
    nations.meet()
    nations["AU"].apply(revoked(nations["AU"], old))
    third = report(nations, "AU", "THIRD")
    nations.meet()
    assert [standing(nations, "JP", one) for one in (first, second, third)] == ["final"] * 3
    assert states(nations, "JP")[old] == "revoked"
    assert states(nations, "JP") == states(nations, "AU")
    equal(nations)


def rows(nations: Nations) -> Any:
    core = nations["AU"].core
    return [*core.store.each(core.channel_of("JP"), "AU")]


def keyids(nations: Nations) -> list[str]:
    from gokei.journal.envelopes import DOCUMENT, Envelope

    return [Envelope.decode(row.envelope, DOCUMENT).signatures[0].keyid for row in rows(nations)]


def test_what_a_compromised_key_signed_is_void_unless_it_is_final(nations: Nations) -> None:
    old = key_of(nations["AU"], "logistics")
    before = report(nations, "AU", "BEFORE")
    nations.meet()
    after = [report(nations, "AU", "AFTER"), report(nations, "AU", "AGAIN")]
    push(nations, "AU")
    assert standing(nations, "JP", after[0]) == "pending"
    answer = nations["JP"].receive("AU", nations["AU"].envelope(str(after[0]["hash"]))).answer
    nations["AU"].apply(granted(nations["AU"]))
    nations["AU"].apply(revoked(nations["AU"], old, **SINCE))
    assert operations(nations, "AU") == ["BEFORE"]
    assert operations(nations, "JP") == ["AFTER", "AGAIN", "BEFORE"]
    nations.meet()
    for nation in ("AU", "JP"):
        assert standing(nations, nation, before) == "final"
        assert [standing(nations, nation, one) for one in after] == ["void", "void"]
        shown: Any = nations[nation].show("document", str(after[0]["hash"]))
        assert shown["void"]["check"] == "door-7-compromised"
        assert operations(nations, nation) == ["BEFORE"]
    # Asked again, a document gets the answer that it got when it came.
    assert nations["JP"].receive("AU", nations["AU"].envelope(str(after[0]["hash"]))).answer == answer
    report(nations, "AU", "AFTER")
    nations.meet()
    assert operations(nations, "JP") == ["AFTER", "BEFORE"]
    equal(nations)


def test_nothing_follows_a_request_that_a_stolen_key_made_void(nations: Nations) -> None:
    to_operation(nations)
    old = key_of(nations["AU"], "logistics")
    asked = line("12", supply="fuel", nsn=F76, description="F-76")
    nations.act("AU", type="request", to="JP", order="AU-1", operation="DARWIN", on="2017-09-07", lines=[asked])
    nations["AU"].apply(granted(nations["AU"]))
    nations["AU"].apply(revoked(nations["AU"], old, **SINCE))
    nations.meet()
    offered = {"lines": [line("12", unit_price="72000", currency="JPY")], "methods": ["payment"]}
    with pytest.raises(Refused) as found:
        nations.act("JP", type="offer", to="AU", order="AU-1", valid_until="2017-09-30", **offered)
    assert found.value.check == "order-void"


def test_a_served_node_learns_of_a_compromise_that_another_process_applied(nations: Nations) -> None:
    """What was folded before is folded again from the store, whatever this process remembers."""
    old = key_of(nations["AU"], "logistics")
    gone = report(nations, "AU", "GONE")
    assert standing(nations, "AU", gone) == "pending"
    other = nations.open("AU")
    other.apply(revoked(other, old, **SINCE))
    other.close()
    assert standing(nations, "AU", gone) == "void"
    nations["AU"].verify()


def test_a_revocation_below_a_cut_that_the_reader_holds_is_not_let_in(nations: Nations) -> None:
    old = key_of(nations["AU"], "logistics")
    final = report(nations, "AU", "FINAL")
    nations.meet()
    raw = revoked(nations["AU"], old, **SINCE)
    wanted = {"type": "office_revocation", "to": "JP", "mandate": raw.decode(), "stands_through": 0}
    with pytest.raises(Refused) as found:
        nations["AU"].act(wanted)
    assert found.value.check == "stands-final"
    # A node that lies to itself about the cut, with the same keys.
    change(nations["AU"].core.store, "DELETE FROM cuts")
    with nations["AU"].core.store.writing():
        signed.replace(nations["AU"].core, "JP", None)
    document = nations["AU"].act(wanted)
    before = nations["JP"].state()
    refused = nations["JP"].receive("AU", nations["AU"].envelope(str(document["hash"])))
    assert refused.problem is not None
    assert refused.problem.check == "door-7-final"
    assert nations["JP"].state() == before
    assert standing(nations, "JP", final) == "final"


def test_a_revocation_never_touches_what_may_be_final_where_an_answer_was_lost(nations: Nations) -> None:
    """Japan holds a cut that Australia has not heard of: Australia's revocation leaves what that covers standing."""
    old = key_of(nations["AU"], "logistics")
    gone = report(nations, "AU", "GONE")
    core, wires = nations["AU"].core, nations["AU"].core.network
    checkpoints = 0

    class Losing:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            nonlocal checkpoints
            answer = wires.post(address, path, body)
            checkpoints += path.endswith("/checkpoint")
            if checkpoints == 1:
                raise Unavailable(check="partner-unreachable", detail="lost")
            return answer

    core.network = Losing()
    with pytest.raises(Unavailable):
        nations["AU"].sync("JP", "JP")
    core.network = wires
    assert nations["AU"].core.channel("JP").cut() is None
    assert nations["JP"].core.channel("AU").cut() is not None
    nations["AU"].apply(granted(nations["AU"]))
    kept = report(nations, "AU", "KEPT")
    nations["AU"].apply(revoked(nations["AU"], old, **SINCE))
    nations.meet()
    nations.meet()
    assert standing(nations, "AU", gone) == standing(nations, "JP", gone) == "final"
    assert standing(nations, "JP", kept) == "final"
    equal(nations)


def test_what_never_left_is_not_spared(nations: Nations) -> None:
    old = key_of(nations["AU"], "logistics")
    gone = report(nations, "AU", "GONE")

    class Dead:
        def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
            raise Unavailable(check="partner-unreachable", detail="no way")

    core, wires = nations["AU"].core, nations["AU"].core.network
    core.network = Dead()
    with pytest.raises(Unavailable):
        nations["AU"].sync("JP", "JP")
    core.network = wires
    nations["AU"].apply(granted(nations["AU"]))
    nations["AU"].apply(revoked(nations["AU"], old, **SINCE))
    nations.meet()
    assert standing(nations, "AU", gone) == standing(nations, "JP", gone) == "void"
    equal(nations)


EVENTS = ("AU acts", "JP acts", "AU compromised", "AU retires", "AU to JP", "JP to AU", "meet")


@settings(deadline=None, max_examples=12)
@given(st.lists(st.sampled_from(EVENTS), min_size=3, max_size=14))
def test_any_order_of_arrival_gives_both_the_same_books(
    tmp_path_factory: pytest.TempPathFactory, events: list[str]
) -> None:
    nations = Nations(tmp_path_factory.mktemp("orders"), "AU", "JP")
    try:
        for number, event in enumerate(events):
            happen(nations, event, f"OP{number}")
        nations.meet()
        nations.meet()
        equal(nations)
        assert states(nations, "AU") == states(nations, "JP")
    finally:
        nations.close()


def happen(nations: Nations, event: str, name: str) -> None:
    if event == "meet":
        nations.meet()
    elif event.endswith(" acts"):
        report(nations, event[:2], name)
    elif event in {"AU compromised", "AU retires"}:
        old = key_of(nations["AU"], "logistics")
        nations["AU"].apply(granted(nations["AU"]))
        more = SINCE if event == "AU compromised" else {}
        nations["AU"].apply(revoked(nations["AU"], old, **more))
    else:
        push(nations, event[:2])


def test_a_nation_that_lost_its_node_key_speaks_with_a_new_one(nations: Nations) -> None:
    report(nations, "AU", "BEFORE")
    nations.meet()
    nations["AU"].apply(new_node_key(nations))
    after = report(nations, "AU", "AFTER")
    nations.meet()
    nations.meet()
    assert standing(nations, "JP", after) == "final"
    assert nations["JP"].core.node_key("AU") == nations["AU"].core.node_key("AU")
    nations["JP"].courier_pack("AU", nations.folder / "back.courier")
    assert nations["AU"].courier_open(nations.folder / "back.courier")["cut"] is True
    equal(nations)


def test_what_the_old_node_key_signed_stays_good_once_the_card_names_the_new_one(nations: Nations) -> None:
    """The card shows the mandate's effect and no key of before; journal and partner know of it by the log."""
    report(nations, "AU", "BEFORE")
    nations.meet()
    nations["AU"].apply(new_node_key(nations))
    for name in ("BETWEEN", "AFTER"):
        nations["AU"].verify()
        nations.meet()
        report(nations, "AU", name)
        raw, _ = sign_by_exercise(nations["AU"].unsigned_card(), nations["AU"].core.folder, "card")
        install_card(nations["AU"].core.folder.path, raw, "card")
        nations["AU"].close()
        nations.wires.nodes["AU"] = nations.open("AU")
        nations["JP"].add_partner(raw)
    nations.meet()
    for nation in ("AU", "JP"):
        nations[nation].verify()
    equal(nations)


def test_the_old_node_key_signs_nothing_more(nations: Nations) -> None:
    old = nations["AU"].core.node_signer
    asked = nations["AU"].request_key("node")
    node = {name: asked[name] for name in ("algorithm", "key", "proof")}
    nations["AU"].apply(mandated(nations["AU"], {"kind": "node_key", "node": node}))
    nations.meet()
    from gokei.journal import envelopes
    from gokei.terms.canonical import canonical

    want = {"gokei": 1, "want": "documents", "author": "AU", "reader": "JP", "environment": "exercise", "log": "JP",
            "after": 0, "until": 0, "yours": None, "held": 0, "root": EMPTY,
            "time": TIME, "nonce": "0" * 32}  # fmt: skip
    for signer, status in ((old, 409), (nations["AU"].core.node_signer, 200)):
        raw = envelopes.sign(envelopes.WANT, canonical(want), [signer]).encode()
        assert answer(nations["JP"].core, "AU", "pull", raw).status == status


def test_a_node_key_is_introduced_by_its_own_mandate_alone(nations: Nations) -> None:
    """Bytes that name an unknown key are refused unless that very document carries the root's mandate for it."""
    asked = nations["AU"].request_key("node")
    node = {name: asked[name] for name in ("algorithm", "key", "proof")}
    signed = mandated(nations["AU"], {"kind": "node_key", "node": node})
    stranger = SoftwareSigner(b"s" * 32)
    forged = {"kind": "node_key", "node": node | {"key": bytes(stranger.verify_key).hex()}}
    unsigned = mandated(nations["AU"], forged).replace(b'"sig":"', b'"sig":"AAAA')[:-1]
    for text in (unsigned, signed):
        document = {
            "gokei": 1, "environment": "exercise", "author": "AU", "reader": "JP", "offices": ["node"],
            "agreement": "identity", "sequence": 1, "previous": "sha256:" + "0" * 64, "time": TIME,
            "document": "0" * 32, "case": "channel:offices", "seen": 0, "re": [], "type": "node_key_change",
            "body": {"mandate": text.decode()},
        }  # fmt: skip
        from gokei.journal import envelopes
        from gokei.terms.canonical import canonical

        raw = envelopes.sign(envelopes.DOCUMENT, canonical(document), [stranger]).encode()  # type: ignore[arg-type]
        found = nations["JP"].receive("AU", raw)
        assert found.problem is not None
        assert found.problem.check == "door-3-signature"


def test_a_root_gives_way_to_another_and_the_old_one_orders_nothing_more(nations: Nations) -> None:
    new = SoftwareSigner(b"n" * 32)
    statement = RootStatement(
        gokei=1, nation="AU", environment="exercise", threshold=1,
        keys=(NamedKey(algorithm="ed25519", key=bytes(new.verify_key).hex()),),
    )  # fmt: skip
    raw = mandated(nations["AU"], {"kind": "root", "statement": statement})
    with pytest.raises(Refused) as found:
        nations["AU"].apply(raw)
    assert found.value.check == "mandate-signatures"
    assert "0 of 1" in found.value.detail_text()
    mandate = Mandate.model_validate_json(read(raw).payload)
    both = sign(MANDATE, mandate.encode(), [new])
    nations["AU"].apply(both._replace(signatures=(*both.signatures, *read(raw).signatures)).encode())
    nations.meet()
    partners: Any = nations["JP"].partners()
    assert partners[0]["root"] == statement.fingerprint == nations["AU"].fingerprint()
    with pytest.raises(Problem) as later:
        nations["AU"].apply(revoked(nations["AU"], key_of(nations["AU"], "finance"), "finance"))
    assert later.value.check == "mandate-signatures"
    equal(nations)


def read(raw: bytes) -> Any:
    from gokei.journal.mandates import read_mandate

    return read_mandate(raw).envelope


def test_a_mandate_reaches_every_channel_once_and_a_partner_that_comes_later(tmp_path: Path) -> None:
    nations = Nations(tmp_path, "AU", "JP", "US")
    raw = granted(nations["AU"], "tanker", ("deliver",))
    first: Any = nations["AU"].apply(raw)
    assert {nation: len(found) for nation, found in first["channels"].items()} == {"JP": 1, "US": 1}
    again: Any = nations["AU"].apply(raw)
    assert {nation: len(found) for nation, found in again["channels"].items()} == {"JP": 0, "US": 0}
    # Written a second time by hand, it is no fault and changes nothing.
    nations["AU"].act({"type": "office_grant", "to": "JP", "mandate": raw.decode()})
    nations.meet()
    Node.create(tmp_path / "KR", "KR", "exercise", nations.clock)
    nations.wires.nodes["KR"] = nations.open("KR")
    nations["KR"].add_partner(nations["AU"].card())
    nations["AU"].add_partner(nations["KR"].card())
    nations.meet("AU", "KR")
    for reader in ("JP", "KR"):
        offices = [row["office"] for row in nations[reader].offices("AU")]
        assert offices.count("tanker") == 1, reader
    nations["AU"].act(REPORT | {"to": "KR", "forces": ["AU", "KR"], "facts": dict(FACTS)})
    equal(nations)
    nations.close()


def test_a_newer_card_changes_the_address_and_no_keys_of_the_past(nations: Nations) -> None:
    old = key_of(nations["AU"], "logistics")
    report(nations, "AU", "FIRST")
    nations.meet()
    nations["AU"].apply(granted(nations["AU"]))
    nations["AU"].apply(revoked(nations["AU"], old))
    nations.meet()
    card = nations["AU"].card("http://192.0.2.1:8801")
    added = nations["JP"].add_partner(card)
    assert added["address"] == "http://192.0.2.1:8801"
    report(nations, "AU", "SECOND")
    nations.meet()
    equal(nations)


def test_a_new_card_shows_the_keys_that_are_in_force_and_no_more(nations: Nations) -> None:
    nations["AU"].apply(granted(nations["AU"], valid_until="2026-12-01T00:00:00Z"))
    nations["AU"].apply(revoked(nations["AU"], key_of(nations["AU"], "finance"), "finance"))
    before, _ = read_card(nations["AU"].card("http://192.0.2.1:1"))
    assert [one.office for one in before.offices].count("logistics") == 2
    assert "finance" not in [one.office for one in before.offices]
    assert before.serial == 2
    nations.clock.instant = "2026-12-02T00:00:00Z"
    after, _ = read_card(nations["AU"].card("http://192.0.2.1:2"))
    assert [one.office for one in after.offices].count("logistics") == 1


def test_a_mandate_that_is_not_what_was_taken_in_is_named(nations: Nations) -> None:
    """The node's keys stand on it, and no document here is signed by them yet (seed 8223)."""
    australia = nations["AU"]
    australia.apply(granted(australia))
    australia.verify()
    ((whole,),) = australia.core.store.rows("SELECT envelope FROM mandates")
    end = whole.index(b'"keyid"')
    for place in [*range(0, end, 97), len(whole) - 20]:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1
        change(australia.core.store, "UPDATE mandates SET envelope=?", (bytes(spoilt),))
        with pytest.raises(Refused) as found:
            australia.verify()
        assert found.value.check == "verify-mandate", place
    change(australia.core.store, "UPDATE mandates SET envelope=?", (whole,))
    for edit in ("UPDATE mandates SET serial=serial+1", "UPDATE mandates SET hash='sha256:' || hash"):
        change(australia.core.store, edit)
        with pytest.raises(Refused):
            australia.verify()


def test_a_mandate_for_a_key_that_is_elsewhere_is_refused_for_the_node_itself(nations: Nations) -> None:
    signer = SoftwareSigner(b"e" * 32)
    from gokei.journal.publickeys import prove

    node = {
        "algorithm": "ed25519", "key": bytes(signer.verify_key).hex(),
        "proof": prove(signer, "AU", "exercise", "node"),
    }  # fmt: skip
    before = nations["AU"].state()
    with pytest.raises(Refused) as found:
        nations["AU"].apply(mandated(nations["AU"], {"kind": "node_key", "node": node}))
    assert found.value.check == "key-not-held"
    assert nations["AU"].state() == before


def new_node_key(nations: Nations) -> bytes:
    """Australia's root says that its node has a new key."""
    asked = nations["AU"].request_key("node")
    node = {name: asked[name] for name in ("algorithm", "key", "proof")}
    return mandated(nations["AU"], {"kind": "node_key", "node": node})


def test_a_proof_over_years_takes_the_card_of_then_and_the_card_of_now(nations: Nations) -> None:
    """The document is signed by a key that went long ago, and the checkpoint over it by one that came since."""
    then, old = nations["AU"].card(), key_of(nations["AU"], "logistics")
    first = report(nations, "AU", "FIRST")
    nations.meet()
    nations["AU"].apply(granted(nations["AU"]))
    nations["AU"].apply(revoked(nations["AU"], old))
    nations["AU"].apply(new_node_key(nations))
    report(nations, "AU", "SECOND")
    nations.meet()
    nations.meet()
    now, raw = nations["AU"].card("https://192.0.2.1:1"), nations["JP"].proof(str(first["hash"]))
    theirs = nations["JP"].card()
    for cards in ([then, theirs], [now, theirs]):
        with pytest.raises(Problem):
            verify_bundle(raw, cards)
    for cards in ([then, now, theirs], [now, theirs, then]):
        assert verify_bundle(raw, cards)["verified"] is True
    stranger = mirrored(nations)
    with pytest.raises(BadInput) as found:
        verify_bundle(raw, [then, stranger])
    assert found.value.check == "card-roots"


def test_a_key_that_stands_on_no_card_is_known_by_the_mandates(nations: Nations) -> None:
    """It was granted after the one card, and revoked before the other."""
    then, old = nations["AU"].card(), key_of(nations["AU"], "logistics")
    grant = granted(nations["AU"])
    nations["AU"].apply(grant)
    given = [
        str(one["key"]) for one in nations["AU"].keys()["keys"] if one["office"] == "logistics" and one["key"] != old
    ]
    revoke = revoked(nations["AU"], old)
    nations["AU"].apply(revoke)
    made = report(nations, "AU", "BETWEEN")
    nations["AU"].apply(granted(nations["AU"]))
    retire = revoked(nations["AU"], given[0])
    nations["AU"].apply(retire)
    nations.meet()
    nations.meet()
    now, raw = nations["AU"].card("https://192.0.2.1:1"), nations["JP"].proof(str(made["hash"]))
    with pytest.raises(Problem):
        verify_bundle(raw, [then, now])
    assert verify_bundle(raw, [then, now], mandates=[revoke, grant])["verified"] is True
    stranger = mirrored(nations)
    with pytest.raises(Problem):
        verify_bundle(raw, [stranger, now], mandates=[grant])
    with pytest.raises(Problem):
        verify_bundle(raw, [then], mandates=[grant.replace(b"A", b"B", 1)])


def mirrored(nations: Nations) -> bytes:
    """A card of another root that says it is Australia's."""
    Node.create(nations.folder / "other", "AU", "exercise", nations.clock, Seeded("another"))
    return (nations.folder / "other" / "card.json").read_bytes()
