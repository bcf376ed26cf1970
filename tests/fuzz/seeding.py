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
from gokei.node.courier import read as read_bundle
from gokei.node.reading import channel_state
from gokei.terms.problems import BadInput
from tests.fuzz.holding import CORPUS
from tests.fuzz.signed import signed_document, signed_mandate, signed_note
from tests.fuzz.targets import TARGETS
from tests.fuzz.world import POWERS, world
from tests.nations import Nations

MOST_BYTES = 12_000
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
    """Write every seed of the targets that there are anew; what was found stays."""
    for old in (file for name in TARGETS for file in CORPUS.glob(f"{name}/*")):
        if not old.name.startswith("found-"):
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
    """What two nodes say to each other, and a courier file's content."""
    there = world()
    put("card", "au", there.au.card())
    put("card-payload", "au", envelopes.Envelope.decode(there.au.card(), envelopes.CARD).payload)
    pending = there.au.envelope(str(there.au.list("documents")[-1]["hash"]))
    put("door", "pending", pending)
    put("door", "no-number", b'{"payload":NaN,"payloadType":"x","signatures":[]}')
    put("frame", "no-number", b'{"gokei":1e999999}')

    def heard(address: str, path: str, body: bytes) -> tuple[int, bytes]:
        verb = path.rpartition("/")[2]
        status, answered = there.post(address, path, body)
        put(f"answer-{verb}", "answered", b"0" + answered)
        put(f"said-{verb}", "said", body)
        if verb == "standing":
            said = envelopes.Envelope.decode(body, envelopes.WANT).payload
            put("want-compare", "said", said.replace(b'"standing"', b'"comparison"'))
        if envelopes.WANT.encode() in body:
            put(f"want-{verb}", "said", envelopes.Envelope.decode(body, envelopes.WANT).payload)
        elif verb == "checkpoint":
            payload = envelopes.Envelope.decode(body, envelopes.OFFER).payload
            offer = json.loads(payload)
            put("offer", "said", payload)
            put("note", "said", offer["checkpoint"].encode())
            put("checkpoint", "said", offer["checkpoint"].encode())
            put("checkpoint-text", "said", offer["checkpoint"].partition("\n\n")[0].encode() + b"\n")
        if verb in {"standing", "checkpoint"}:
            put(f"offered-{verb}", "answered", envelopes.Envelope.decode(answered, envelopes.OFFER).payload)
        return status, answered

    file = there.folder / "seed.courier"
    there.au.courier_pack("JP", file, whole=True)
    put("courier-sealed", "sealed", file.read_bytes())
    bundle = content_of(file)
    put("courier", "content", bundle)
    there.nations.wires.post = heard  # type: ignore[method-assign]
    there.au.sync("JP", "JP")
    there.nations.wires.post = there.post  # type: ignore[method-assign]
    refusal = sign_refusal(
        pending, 3, BadInput(check="door-3", detail="x"), "JP", "2026-11-24T06:00:00Z", there.node_key
    )
    put("answer-batch", "refusal", b"A" + refusal)
    put("answer-batch", "problem", b'A{"check":"door-2-envelope","detail":"no"}')
    put("answer-batch", "none", b"A")
    put("answer-pull", "document", b"0" + pending)
    of_proofs()
    of_mandates()
    comparisons = [json.dumps(one).encode() for one in answers_of_a_comparison()]
    put("answer-compare", "digests", comparisons[0])
    put("answer-compare", "halves", b"\n".join((*comparisons, b"=", b"=", pending)))
    put("answer-compare", "case", b"\n".join((comparisons[2], b"=", comparisons[1])))
    assert read_bundle(there.jp.core, file).author == "AU"


def content_of(file: Path) -> bytes:
    import pyrage

    identity = pyrage.x25519.Identity.from_str(world().jp.core.folder.keyring.sealing()[0])
    return bytes(pyrage.decrypt(file.read_bytes(), [identity]))


def answers_of_a_comparison() -> list[dict[str, Any]]:
    """Other digests over the same counts; a hash of a range; and a wing that differs."""
    same = dict(channel_state(world().jp.core.store, world().jp.core.channel("AU")))
    return [same | {"documents": {"AU": 2, "JP": 0}, "books": "other"}, {"hash": "00" * 32}, same | {"orders": "other"}]


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
        put("evidence", kind, encode(Evidence(kind, "AU", notes, documents)))


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
