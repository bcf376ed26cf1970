"""The corpus, out of real documents of our own making: the story played, and what two nodes said to each other."""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

from gokei.faces.story.playing import Player
from gokei.faces.story.steps import NATIONS
from gokei.journal import envelopes
from gokei.journal.checkpoints import read_checkpoint
from gokei.journal.evidence import Evidence, encode
from gokei.journal.keys import read_card
from gokei.journal.mandates import Mandate
from gokei.journal.notes import Note, hash_lines
from gokei.journal.proofs import decode
from gokei.journal.writing import sign_refusal
from gokei.node.messages import write_want
from gokei.node.reading import channel_state
from gokei.node.trees import LogTree
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import BadInput
from tests.fuzz import cards, carried
from tests.fuzz.holding import CORPUS
from tests.fuzz.signed import signed_document, signed_mandate, signed_note
from tests.fuzz.targets import TARGETS
from tests.fuzz.world import POWERS, world
from tests.nations import Nations

MOST_BYTES = 20_000
SMALL = {
    "json": [b'{"a":[1,-2.50,"\\u00e9\xe4\xba\x92",null,true,{}]}', b"[]", b'"x"', b"1e5", b'{"a":1,"a":2}', b"[" * 70],
    "question": [
        b'{"kind":"support","on":"2017-09-07","provider":"JP","recipient":"AU","supply":"fuel","activity":"joint_exercise"}',
        b'{"kind":"information","on":"2024-01-01","action":"access","owner":"US","holder":"JP","level":"US:S","actor":"JP"}',
        b'{"kind":"support","on":"2017-09-07","provider":"JP","recipient":"AU","nsn":"9140-00-273-2377"}',
    ],
    "marking": [b"JP:gokuhi", b"US:TS", b"NATO:NS", b"FR:TSD"],
    "amount": [b"0", b"11.4", b"999999999999999999.999999", b"-1", b"1e9"],
    "quantity": [b"11.4 kL", b"1 each", b"5 US_gal", b"0 kL", b"1 kl"],
    "money": [b"72000 JPY", b"1.10 USD", b"1.5 JPY", b"3.125 KWD"],
    "date": [b"2017-09-07", b"2016-02-29", b"0001-01-01", b"9999-12-31"],
    "instant": [b"2017-09-07T00:00:00Z", b"2017-09-07T09:00:00.5+09:00", b"2017-09-07T23:59:60Z"],
    "nsn": [b"9140-00-273-2377", b"9140002732377", b"1005-01-000-0000"],
}


class Silent:
    def chapter(self, chapter: object) -> None:
        pass

    def step(self, step: object, found: object) -> None:
        pass

    def agreed(self, nations: object, digests: object) -> None:
        pass


def put(name: str, label: str, data: bytes) -> None:
    if len(data) <= MOST_BYTES and name in TARGETS:
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        (CORPUS / name / label).write_bytes(data)


def write_corpus() -> None:
    """Write every seed of the targets that there are anew; what was found, and what a search kept, stays."""
    for old in (file for name in TARGETS for file in CORPUS.glob(f"{name}/*")):
        if not old.name.startswith(("found-", "new-")):
            old.unlink()
    for name, seeds in SMALL.items():
        for number, data in enumerate(seeds):
            put(name, f"small-{number}", data)
    of_the_story()
    of_the_wire()


def of_the_story() -> None:
    """One document of each type: its envelope, its frame, its body."""
    with tempfile.TemporaryDirectory() as folder:
        nations = Nations(Path(folder), *NATIONS)
        Player(nations.stage(), Silent(), "corpus").play()  # type: ignore[arg-type]
        seen: set[str] = set()
        for nation in NATIONS:
            for row in nations[nation].list("documents"):
                kind = str(row["type"])
                if kind in seen:
                    continue
                seen.add(kind)
                raw = nations[nation].envelope(str(row["hash"]))
                payload = envelopes.Envelope.decode(raw, envelopes.DOCUMENT).payload
                frame: dict[str, Any] = json.loads(payload)
                if len(seen) % 8 == 1:
                    put("envelope", kind, raw)
                    put("door", kind, raw)
                put("frame", kind, payload)
                office = next((one for one in frame["offices"] if one in POWERS), "logistics")
                put("fold", kind, f"{kind} {frame['case']} {office}\n".encode() + json.dumps(frame["body"]).encode())
        put("card", "jp", nations["JP"].card())
        put("card-payload", "jp", envelopes.Envelope.decode(nations["JP"].card(), envelopes.CARD).payload)
        nations.close()


def of_the_wire() -> None:
    """What two nodes say to each other."""
    there = world()
    put("card", "au", there.au.card())
    for target in ("card-payload", "card-added"):
        put(target, "au", cards.plain_card())
    pending = there.au.envelope(str(there.au.list("documents")[-1]["hash"]))
    put("door", "pending", pending)
    put("door", "no-number", b'{"payload":NaN,"payloadType":"x","signatures":[]}')
    put("frame", "no-number", b'{"gokei":1e999999}')
    put("frame", "first", payload_of(there.au.envelope(str(first_of("AU")["hash"]))))
    with there.answering(heard):
        there.au.sync("JP", "JP")
    with there.undone(there.au):
        asked = write_want(there.au.core, "JP", "comparison", "books")
        put("want-compare", "books", envelopes.Envelope.decode(asked, envelopes.WANT).payload)
        asked = write_want(there.au.core, "JP", "comparison", "AU", 0, 1)
        put("want-compare", "hash", envelopes.Envelope.decode(asked, envelopes.WANT).payload)
    refusal = sign_refusal(
        pending, 3, BadInput(check="door-3", detail="{reason}", params={"reason": "x"}), "JP", "2026-11-24T06:00:00Z",
        there.jp.core.node_signer,
    )  # fmt: skip
    put("answer-batch", "refusal", b"A" + refusal)
    put("answer-refusal", "refusal", envelopes.Envelope.decode(refusal, envelopes.REFUSAL).payload)
    put("answer-batch", "problem", b'A{"check":"door-2-envelope","detail":"no"}')
    put("answer-batch", "none", b"A")
    put("answer-pull", "document", b"0" + pending)
    of_couriers(pending)
    of_cards()
    of_proofs()
    of_mandates()
    of_comparisons(pending)


def heard(address: str, path: str, body: bytes) -> tuple[int, bytes]:
    """The honest answer; both it and the request are seeds."""
    verb = path.rpartition("/")[2]
    status, answered = world().post(address, path, body)
    put(f"answer-{verb}", "answered" if answered else "nothing", b"0" + answered)
    put(f"said-{verb}", "said", body)
    if verb in {"standing", "pull"}:
        put(f"want-{verb}", "said" if answered else "nothing", envelopes.Envelope.decode(body, envelopes.WANT).payload)
    elif verb == "checkpoint":
        payload = envelopes.Envelope.decode(body, envelopes.OFFER).payload
        note = json.loads(payload)["checkpoint"]
        put("offer", "said", payload)
        put("note", "said", note.encode())
        put("checkpoint", "said", note.encode())
        put("checkpoint-text", "said", note.partition("\n\n")[0].encode() + b"\n")
        put("second-line", "truly", note.partition("\n\n")[0].encode() + b"\n")
    if verb in {"standing", "checkpoint"}:
        put(f"offered-{verb}", "answered", envelopes.Envelope.decode(answered, envelopes.OFFER).payload)
    return status, answered


def of_couriers(pending: bytes) -> None:
    """A file, what is in it, the same with our own given back, and documents that come too early."""
    there = world()
    with there.undone(there.au):
        sealed = there.folder / "seed.courier"
        there.au.courier_pack("JP", sealed, whole=True)
        both = there.folder / "both.courier"
        there.au.courier_pack("JP", both, whole=True, give_back=True)
    put("courier-sealed", "sealed", sealed.read_bytes())
    put("courier", "content", carried.content_of(sealed))
    for target in ("courier", "courier-back"):
        put(target, "both", carried.content_of(both))
    head = json.loads(carried.content_of(sealed).partition(b"\n")[0])
    early = there.payload("request", "order:AU-9", sequence=2**70)
    stranger = envelopes.sign(envelopes.DOCUMENT, early, [there.root]).encode()
    put("courier", "stranger", json.dumps(head | {"documents": 1}).encode() + b"\n" + stranger + b"\n")
    put("courier", "early", json.dumps(head | {"documents": 1}).encode() + b"\n" + pending + b"\n")
    second = there.payload("request", "order:AU-9")
    follows = sign_again(second)
    third = there.payload("request", "order:AU-9", sequence=3, previous=follows.hash)
    put("courier-waiting", "early", third + b"\0" + second)
    put("courier-waiting", "together", second + b"\n" + third)
    put("courier-waiting", "two", third + b"\0" + third.replace(b"AU-9", b"AU-8") + b"\0" + second)


def of_cards() -> None:
    """A certificate, a second key, and a second signature."""
    card = read_card(world().au.card())[0]
    certificate = base64.b64decode(str(card.tls))
    put("certificate", "au", certificate)
    stated = cards.SECOND.stated("AU", "exercise")
    put("second-key", "stated", f"{stated.key}\n{stated.proof}".encode())
    for target in ("card-payload", "card-added"):
        put(target, "promising", payload_of(cards.promising_card(), envelopes.CARD))
    text = (CORPUS / "second-line" / "truly").read_bytes()
    put("second-line", "value", text + b"\0" + cards.second_value(text))


def of_comparisons(pending: bytes) -> None:
    """Other digests over the same counts, a hash of a range, a wing that differs; and a log that is cut back."""
    core = world().au.core
    same: dict[str, Any] = dict(channel_state(core.store, core.channel("JP")))
    counts, short = same["documents"], {"AU": 1, "JP": 1}
    answers = [same | {"books": "other"}, {"hash": "00" * 32}, same | {"orders": "other"}]
    digests, wrong, wing = (json.dumps(one).encode() for one in answers)
    put("answer-compare", "digests", digests)
    put("answer-compare", "halves", b"\n".join((digests, wrong, b"=", b"=", pending)))
    root = LogTree(core.store, core.channel("JP").name, "AU").range(0, counts["AU"]).hex()
    found = ({"hash": root}, {"cases": 1}, {"hash": "00" * 32}, {"hash": "00" * 32, "case": ["operation:A", "other"]})
    honest, number, differs, case = (json.dumps(one).encode() for one in found)
    put("answer-compare", "case", b"\n".join((wing, honest, b"=", number, differs, case)))
    put("answer-compare", "negative", json.dumps(same | {"documents": counts | {"AU": -5}}).encode())
    lost = json.dumps(same | {"documents": short}).encode()
    put("answer-set-aside", "fork", b"\n".join((b"=", lost, wrong)))
    with world().answering(world().post):
        request = write_want(core, "JP", "standing", "AU")
        offered = world().post("JP", "/exchange/AU/standing", request)[1]
    put("answer-set-aside", "offer", b"\n".join((payload_of(offered, envelopes.OFFER), lost, wrong)))
    put("given-back", "first", world().au.envelope(str(first_of("AU")["hash"])))
    put("given-back", "both", b"\n".join((world().au.envelope(str(first_of("AU")["hash"])), pending)))


def first_of(nation: str) -> JsonObject:
    """The first document of a nation's log between the two."""
    return next(row for row in world().au.list("documents") if row["author"] == nation and row["sequence"] == 1)


def payload_of(raw: bytes, kind: str = envelopes.DOCUMENT) -> bytes:
    return envelopes.Envelope.decode(raw, kind).payload


def sign_again(payload: bytes) -> envelopes.Envelope:
    return envelopes.Envelope.decode(signed_document(payload), envelopes.DOCUMENT)


def of_proofs() -> None:
    """A proof that is good, and evidence of each kind, as it is written out and as parts to sign."""
    there = world()
    core = there.au.core
    proof = there.au.proof(str(there.au.list("documents")[0]["hash"]))
    put("proof", "first", proof)
    read = decode(proof)
    said = Note.decode(read.checkpoint).text
    payload = envelopes.Envelope.decode(read.envelope, envelopes.DOCUMENT).payload
    put(
        "proof-signed",
        "first",
        f"{read.place}\n{hash_lines(read.hashes)}".rstrip().encode() + b"\0" + said.encode() + b"\0" + payload,
    )
    mine = read_checkpoint(read.checkpoint, *core.node_keys("AU"))
    put("checkpoint-taken", "again", b"0\n\n" + said.encode())
    later = mine._replace(written=mine.written + 1, time="2026-11-24T07:00:00Z")
    put("checkpoint-taken", "grown", f"{mine.written}\n{hash_lines([bytes(32)])}\n{later.text()}".encode())
    for target, files in (("first", [proof, there.au.card(), there.jp.card()]), ("one-card", [proof, there.au.card()])):
        put("bundle", target, b"\0".join(files))
    parts: dict[str, list[str]] = {
        "two-roots": [said, mine._replace(root=bytes(32)).text()],
        "rollback": [said, mine._replace(written=0, time="2027-01-01T00:00:00Z").text()],
        "two-documents": [payload.decode(), payload.decode().replace("Exercise", "Other")],
        "broken-chain": [payload.decode(), payload.decode().replace('"sequence":1', '"sequence":2')],
        "other-document": [said, payload.decode(), "#" + base64.b64encode(bytes(32)).decode()],
        "other-log": [said, payload.decode()],
    }
    for kind, statements in parts.items():
        put("evidence-signed", kind, "\0".join([kind, *statements]).encode())
    for kind in ("two-roots", "two-documents"):
        notes = tuple(signed_note(one.encode()) for one in parts[kind] if one.startswith("gokei/"))
        documents = tuple(signed_document(one.encode()) for one in parts[kind] if one.startswith("{"))
        shown = encode(Evidence(kind, "AU", notes, documents))
        put("evidence", kind, shown)
        put("bundle", kind, b"\0".join((shown, there.au.card())))


def of_mandates() -> None:
    """One mandate of each kind, as it is signed and as it is carried."""
    core = world().au.core
    ring, card = core.own_ring(), read_card(core.own_card())[0]
    plain = json.loads(card.model_dump_json())
    office = plain["offices"][0]
    changes = {
        "office_grant": {"kind": "grant", "office": office | {"valid_from": "2000-01-02T00:00:00Z"}},
        "office_revocation": {"kind": "revoke", "office": office["office"], "key": office["key"], "reason": "lost"},
        "node_key_change": {"kind": "node_key", "node": plain["node"]},
        "root_change": {"kind": "root", "statement": plain["statement"]},
    }
    for kind, change in changes.items():
        values = {
            "gokei": 1, "nation": "AU", "environment": "exercise", "root": ring.root.fingerprint, "serial": 1,
            "issued": "2026-11-24T06:00:00Z", "change": change,
        }  # fmt: skip
        payload = Mandate.model_validate_json(json.dumps(values)).encode()
        put("mandate", kind, signed_mandate(payload))
        put("mandate-applied", kind, payload)
        put("mandate-carried", kind, kind.encode() + b"\n" + payload)
