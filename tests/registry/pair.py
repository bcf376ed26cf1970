"""Two nations that write documents of one wing, each knowing what it has read so far, before a law made for tests."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from gokei.journal.causal import causal_order
from gokei.journal.door import read_body
from gokei.journal.entries import Entry, Void
from gokei.journal.frames import GENESIS, Frame
from gokei.journal.kinds import CaseView, Draft, Kinds, Wing
from gokei.terms.json_types import JsonObject

Law = Callable[[JsonObject], JsonObject]
AGREEMENT = "gsomia-jp-kr-2016"


def answer(verdict: str, ground: str, provision: str, missing: tuple[str, ...] = ()) -> JsonObject:
    truth = {"permitted": "true", "not_permitted": "false", "undetermined": "unknown"}[verdict]
    cited: JsonObject = {"instrument": AGREEMENT, "provision": provision}
    return {
        "verdict": verdict, "ground": ground, "basis": [] if verdict == "undetermined" else [cited],
        "because": [cited | {"truth": truth, "says": {}, "source": {}}], "missing": [*missing], "ask_next": None,
        "undecided": [], "obligations": [], "assumed": [], "weakest_source": "verified", "law": GENESIS,
    }  # fmt: skip


def small_law(question: JsonObject) -> JsonObject:
    """Commercial channels are prohibited; access is by need and clearance, for the purpose or with consent."""
    if question["action"] == "provide":
        if question["channel"] == "commercial":
            return answer("not_permitted", "condition_not_met", "9")
        return answer("permitted", "granted", "4")
    if question["need_to_know"] is False:
        return answer("not_permitted", "condition_not_met", "7(1)")
    if "clearance" not in question:
        return answer("undetermined", "facts_missing", "7(2)", ("clearance",))
    if question["purpose"] != question["provided_purpose"] and not question.get("owner_consents"):
        return answer("not_permitted", "condition_not_met", "6(c)")
    return answer("permitted", "granted", "7(2)")


@dataclass
class Pair:
    """The channel of JP and KR. `seen[N]` is how many of the partner's documents N has read."""

    wing: Wing
    law: Law = small_law
    logs: dict[str, list[Entry]] = field(default_factory=lambda: {"JP": [], "KR": []})
    seen: dict[str, int] = field(default_factory=lambda: {"JP": 0, "KR": 0})
    asked: list[JsonObject] = field(default_factory=list)

    def act(self, author: str, type_name: str, **fields: object) -> Entry:
        """One document, prepared, signed without keys and appended; the fold may judge it void."""
        reader = partner(author)
        draft = Draft(author, reader, type_name, dict(fields), (), datetime.date(2017, 6, 1))  # type: ignore[arg-type]
        prepared = self.wing.prepare[type_name](draft, PairDesk(self, author))
        return self.append(author, type_name, prepared.case, prepared.body, prepared.agreement)

    def append(self, author: str, type_name: str, case: str, body: JsonObject, agreement: str = AGREEMENT) -> Entry:
        """A document with that very body, whatever an honest node would have made of it."""
        kind = Kinds(self.wing.kinds).get(type_name)
        assert kind is not None
        read, void = read_body(kind, body)
        log = self.logs[author]
        frame = Frame(
            gokei=1, environment="exercise", author=author, reader=partner(author), offices=("security",),
            agreement=agreement, sequence=len(log) + 1, previous=GENESIS, time="2017-06-01T00:00:00Z",
            document="0" * 32, case=case, seen=self.seen[author], re=(), type=type_name, body=body,
        )  # fmt: skip
        name = hashlib.sha256(f"{author}{len(log)}".encode()).hexdigest()
        log.append(Entry(frame, read, f"sha256:{name}", b"", b"", void))
        return log[-1]

    def read(self, *nations: str) -> None:
        """Those nations (both, when none is named) read all that the partner wrote."""
        for nation in nations or ("JP", "KR"):
            self.seen[nation] = len(self.logs[partner(nation)])

    def known(self, nation: str) -> list[Entry]:
        """What a nation holds: all its own documents, and those it has read."""
        other = partner(nation)
        return [*self.logs[nation], *self.logs[other][: self.seen[nation]]]

    def entries(self) -> list[Entry]:
        return [*self.logs["JP"], *self.logs["KR"]]

    def fold(self, case: str, entries: list[Entry] | None = None) -> CaseView:
        """The case over those documents, or over all."""
        ranks = Kinds(self.wing.kinds)
        found = [one for one in (self.entries() if entries is None else entries) if one.frame.case == case]
        return self.wing.folds[case.partition(":")[0]](case, causal_order(found, ranks.rank))

    def void(self, entry: Entry) -> Void | None:
        return self.fold(entry.frame.case).void.get(entry.hash)


class PairDesk:
    """What one nation of the pair may look at."""

    def __init__(self, pair: Pair, nation: str) -> None:
        self.pair = pair
        self.nation = nation

    def view(self, wing: str, case: str) -> JsonObject | None:
        assert wing == self.pair.wing.name
        known = self.pair.known(self.nation)
        return self.pair.fold(case, known).view if any(one.frame.case == case for one in known) else None

    def views(self, wing: str) -> list[JsonObject]:
        cases = sorted({one.frame.case for one in self.pair.known(self.nation)})
        return [view for case in cases if (view := self.view(wing, case)) is not None]

    def settled(self) -> bool:
        return False

    def hashes(self, case: str) -> tuple[str, ...]:
        view = self.view(self.pair.wing.name, case)
        return tuple(str(one["hash"]) for one in view["documents"]) if view else ()  # type: ignore[index,union-attr,call-overload]

    def determine(self, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        self.pair.asked.append(question)
        return self.pair.law(question)

    def number(self, family: str) -> str:
        cases = {one.frame.case for one in self.pair.known(self.nation)}
        return f"{self.nation}-{len(cases) + 1:04d}"

    def cut(self) -> tuple[int, int] | None:
        return None

    def counted(self) -> int:
        return 0

    def equivalents(self, agreement: str, level: str, nation: str, on: str) -> tuple[str, ...]:
        table = {"JP:gokuhi": ("KR:2",), "JP:hi": ("KR:3",), "KR:2": ("JP:gokuhi", "JP:tokutei_himitsu")}
        return tuple(one for one in table.get(level, ()) if one.startswith(nation)) if agreement == AGREEMENT else ()


def partner(nation: str) -> str:
    return "KR" if nation == "JP" else "JP"
