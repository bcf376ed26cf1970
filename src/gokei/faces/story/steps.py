"""The story as data: who does what, and what must come of it. Every player plays these very steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.words import N_

# A national stock number of naval distillate fuel, F-76, supply class 9140.
F76: Final = "9140-00-273-2377"
JOINT_FACTS: Final[Mapping[str, JsonValue]] = {
    "requested": True,
    "hinders_mission": False,
    "both_participate": True,
    "un_charter_consistent": True,
    "un_sofa_force": False,
    "retransfer_to": "none",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One act or question of one nation.

    `body` is the document as `gokei act` takes it (texts like `$delivery.hash` stand for what an earlier step gave),
    or a question. `ends` says what must come of it; `expect` names values of the answer by dotted paths.
    """

    name: str
    nation: str
    tells: str
    body: Mapping[str, JsonValue]
    offices: tuple[str, ...] = ()
    ends: Literal["issued", "refused", "answered"] = "issued"
    expect: Mapping[str, JsonValue] = field(default_factory=dict)
    assume: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Steps between two nations, after which both hold the same books."""

    title: str
    nations: tuple[str, str]
    steps: tuple[Step, ...]


def _lines(supply: str, description: str, quantity: str, unit: str, nsn: str | None = None) -> list[JsonValue]:
    line: JsonObject = {"line": 1, "supply": supply, "description": description, "quantity": quantity, "unit": unit}
    return [line | ({"nsn": nsn} if nsn else {})]


AMMUNITION: Final[JsonObject] = {
    "type": "request",
    "to": "JP",
    "operation": "DARWIN-17",
    "lines": _lines("ammunition", "5.56 mm ball", "1000", "EA"),
}

FIRST: Final = Chapter(
    N_("Ammunition, the day before and the day after"),
    ("AU", "JP"),
    (
        Step(
            "operation",
            "AU",
            N_("Australia states the joint exercise off Darwin once; every order in it inherits its facts."),
            {
                "type": "operation",
                "to": "JP",
                "agreement": "acsa-jp-au-2017",
                "operation": "DARWIN-17",
                "name": "Joint exercise off Darwin",
                "activity": "joint_exercise",
                "place": "AU",
                "starts": "2017-09-05",
                "ends": "2017-09-20",
                "forces": ["AU", "JP"],
                "facts": dict(JOINT_FACTS),
            },
            ("logistics",),
        ),
        Step(
            "ammunition-before",
            "AU",
            N_("5 September 2017: Australia asks Japan for ammunition. The agreement of 2010 excludes it: refused."),
            {**AMMUNITION, "on": "2017-09-05"},
            ("logistics",),
            ends="refused",
            expect={"check": "law-not-permitted", "instrument": "acsa-jp-au-2010"},
        ),
        Step(
            "ammunition-after",
            "AU",
            N_("6 September 2017: the new agreement is in force, and Japan's law has changed with it: permitted."),
            {**AMMUNITION, "on": "2017-09-06", "order": "AU-5556"},
            ("logistics",),
            expect={"determination.verdict": "permitted", "determination.basis.0.instrument": "acsa-jp-au-2017"},
        ),
        Step(
            "ammunition-cancelled",
            "AU",
            N_("Australia only wanted to know; it cancels before anything moves."),
            {
                "type": "cancellation",
                "to": "JP",
                "order": "AU-5556",
                "reason": "Asked to learn the answer; not needed.",
            },
            ("logistics",),
        ),
    ),
)

SECOND: Final = Chapter(
    N_("Fuel at sea, from request to settled account"),
    ("AU", "JP"),
    (
        Step(
            "request",
            "AU",
            N_("An Australian frigate asks a Japanese replenishment ship for 12 kL of F-76."),
            {
                "type": "request",
                "to": "JP",
                "order": "AU-0076",
                "operation": "DARWIN-17",
                "on": "2017-09-07",
                "lines": _lines("fuel", "F-76 naval distillate", "12", "kL", F76),
            },
            ("logistics",),
            expect={"determination.verdict": "permitted", "determination.basis.0.provision": "1(1)(a)"},
        ),
        Step(
            "offer",
            "JP",
            N_("Japan's node has determined for itself; Japan offers 12 kL at 72,000 yen a kilolitre."),
            {
                "type": "offer",
                "to": "AU",
                "order": "AU-0076",
                "methods": ["replacement_in_kind", "payment"],
                "valid_until": "2017-09-30",
                "lines": [{"line": 1, "quantity": "12", "unit": "kL", "unit_price": "72000", "currency": "JPY"}],
            },
            ("logistics",),
        ),
        Step(
            "order",
            "JP",
            N_("Two Japanese officers sign the order: four eyes."),
            {"type": "order", "to": "AU", "order": "AU-0076"},
            ("logistics", "finance"),
            expect={"determination.verdict": "permitted"},
        ),
        Step(
            "countersignature",
            "AU",
            N_("Two Australian officers countersign it, by Australia's own determination."),
            {"type": "countersignature", "to": "JP", "order": "AU-0076"},
            ("logistics", "finance"),
            expect={"determination.verdict": "permitted"},
        ),
        Step(
            "delivery",
            "JP",
            N_("The ships meet. Japan states that 12 kL were pumped."),
            {
                "type": "delivery",
                "to": "AU",
                "order": "AU-0076",
                "delivered_on": "2017-09-08",
                "place": "Timor Sea",
                "lines": [{"line": 1, "quantity": "12", "unit": "kL"}],
            },
            ("supply",),
        ),
        Step(
            "receipt-too-much",
            "AU",
            N_("A receipt for more than was delivered is refused before it is signed."),
            {
                "type": "receipt",
                "to": "JP",
                "order": "AU-0076",
                "delivery": "$delivery.hash",
                "lines": [{"line": 1, "quantity": "12.5", "unit": "kL"}],
            },
            ("supply",),
            ends="refused",
            expect={"check": "receipt-exceeds-delivery"},
        ),
        Step(
            "receipt",
            "AU",
            N_("11.4 kL arrived; the receipt says so, with the reason."),
            {
                "type": "receipt",
                "to": "JP",
                "order": "AU-0076",
                "delivery": "$delivery.hash",
                "lines": [
                    {
                        "line": 1,
                        "quantity": "11.4",
                        "unit": "kL",
                        "discrepancy": {"reason": "The hose parted in the swell; metered on board.", "code": "short"},
                    }
                ],
            },
            ("supply",),
        ),
        Step(
            "claim",
            "JP",
            N_("Japan claims what the receipt says: 11.4 kL, due twelve months after delivery."),
            {"type": "claim", "to": "AU", "order": "AU-0076", "delivery": "$delivery.hash"},
            ("finance",),
        ),
        Step(
            "settlement",
            "AU",
            N_("Australia replaces half in kind and pays for the rest."),
            {
                "type": "settlement",
                "to": "JP",
                "order": "AU-0076",
                "claim": "AU-0076-C1",
                "parts": [
                    {
                        "method": "replacement_in_kind",
                        "line": 1,
                        "quantity": "5.7",
                        "unit": "kL",
                        "delivered_on": "2017-11-20",
                    },
                    {
                        "method": "payment",
                        "line": 1,
                        "quantity": "5.7",
                        "unit": "kL",
                        "paid_on": "2017-11-20",
                        "reference": "RBA 2017-1120",
                    },
                ],
            },
            ("finance",),
        ),
        Step(
            "acceptance",
            "JP",
            N_("Japan has both: the claim is closed, and both ledgers show nothing owed."),
            {
                "type": "settlement_acceptance",
                "to": "AU",
                "order": "AU-0076",
                "settlement": "$settlement.hash",
            },
            ("finance",),
        ),
    ),
)

STATEMENT: Final = Chapter(
    N_("The account that both sign"),
    ("AU", "JP"),
    (
        Step(
            "statement",
            "AU",
            N_("Australia states the account as its own ledger gives it."),
            {"type": "statement", "to": "JP", "statement": "AU-2017", "as_of": "2017-12-31"},
            ("finance",),
        ),
    ),
)

STATEMENT_ACCEPTED: Final = Chapter(
    N_("The account that both sign"),
    ("AU", "JP"),
    (
        Step(
            "statement-accepted",
            "JP",
            N_("Japan's ledger gives the same digest, so Japan accepts."),
            {"type": "statement_acceptance", "to": "AU", "statement": "AU-2017"},
            ("finance",),
        ),
    ),
)

PERIPHERY: Final[JsonObject] = {
    "kind": "support",
    "on": "2011-01-10",
    "provider": "JP",
    "recipient": "KR",
    "activity": "important_influence_situation",
    "supply": "fuel",
    "place": "high_seas",
    "requested": True,
}

THIRD: Final = Chapter(
    N_("A draft that has not decided"),
    ("JP", "KR"),
    (
        Step(
            "periphery",
            "KR",
            N_("Korea asks by the draft of 2011 in an emergency on the periphery: undetermined, as the draft is."),
            PERIPHERY,
            ends="answered",
            assume=("acsa-jp-kr",),
            expect={
                "verdict": "undetermined",
                "ground": "undecided",
                "undecided": [{"instrument": "acsa-jp-kr", "provision": "1(c)"}],
                "missing": [],
            },
        ),
        Step(
            "periphery-operation",
            "KR",
            N_("Korea states the operation, so that the request can be made for the record."),
            {
                "type": "operation",
                "to": "JP",
                "agreement": "acsa-jp-kr",
                "operation": "PERIPHERY-11",
                "name": "Emergency on the periphery",
                "activity": "important_influence_situation",
                "place": "high_seas",
                "starts": "2011-01-10",
                "ends": "2011-01-31",
                "forces": ["KR", "JP"],
                "facts": {"requested": True},
                "assume": ["acsa-jp-kr"],
            },
            ("logistics",),
        ),
        Step(
            "periphery-request",
            "KR",
            N_("The request carries its open answer: nobody pretends to know."),
            {
                "type": "request",
                "to": "JP",
                "order": "KR-0001",
                "operation": "PERIPHERY-11",
                "on": "2011-01-10",
                "lines": _lines("fuel", "F-76 naval distillate", "50", "kL", F76),
                "assume": ["acsa-jp-kr"],
            },
            ("logistics",),
            expect={"determination.verdict": "undetermined", "determination.undecided.0.provision": "1(c)"},
        ),
        Step(
            "periphery-refusal",
            "JP",
            N_("Japan refuses: a draft binds nobody."),
            {
                "type": "refusal",
                "to": "KR",
                "order": "KR-0001",
                "reason": "The agreement is a draft, and whether it covers the periphery is undecided.",
            },
            ("logistics",),
        ),
    ),
)

FOURTH: Final = Chapter(
    N_("A secret that stays its owner's"),
    ("JP", "KR"),
    (
        Step(
            "item",
            "JP",
            N_("Japan provides Korea an item marked Hi under the agreement of 2016; it stays Japan's."),
            {
                "type": "item",
                "to": "KR",
                "agreement": "gsomia-jp-kr-2016",
                "holding": "JP-0001",
                "title": "Radar tracks of a missile launch",
                "level": "JP:hi",
                "on": "2024-05-01",
                "purpose": "Analysis of missile launches",
                "copies": [1],
                "channel": "government_to_government",
                "assurances": {"given_on": "2024-04-22", "reference": "Note 31/2024"},
            },
            ("security",),
            expect={"determination.verdict": "permitted"},
        ),
        Step(
            "item-receipt",
            "KR",
            N_("Korea signs for it; a named officer chooses the equal marking, Korea's level III."),
            {
                "type": "item_receipt",
                "to": "JP",
                "holding": "JP-0001",
                "equivalent": {"code": "KR:3", "chosen_by": "Maj. Han Ji-woo"},
                "register": "KR-REG-2024-118",
                "received_on": "2024-05-02",
                "copies": [1],
            },
            ("registrar",),
        ),
        Step(
            "access-refused",
            "KR",
            N_("A colonel with a high clearance but no need to know is refused: rank alone opens nothing (7(1))."),
            {
                "type": "access_decision",
                "to": "JP",
                "holding": "JP-0001",
                "copy": 1,
                "person": "Col. Park Min-ho",
                "rank": "Colonel",
                "clearance": "KR:2",
                "clearance_until": "2026-01-01",
                "need_to_know": False,
                "purpose": "Analysis of missile launches",
                "on": "2024-05-03",
            },
            ("registrar",),
            expect={"determination.verdict": "not_permitted", "determination.basis.0.provision": "7(1)"},
        ),
        Step(
            "access-granted",
            "KR",
            N_("An analyst who needs it for her duties, and is cleared for it, sees it."),
            {
                "type": "access_decision",
                "to": "JP",
                "holding": "JP-0001",
                "copy": 1,
                "person": "Lt. Seo Yuna",
                "rank": "Lieutenant",
                "clearance": "KR:3",
                "clearance_until": "2026-01-01",
                "need_to_know": True,
                "purpose": "Analysis of missile launches",
                "on": "2024-05-03",
            },
            ("registrar",),
            expect={"determination.verdict": "permitted"},
        ),
        Step(
            "destruction",
            "KR",
            N_("The need is over: two Korean offices sign that it was destroyed, and its owner knows."),
            {
                "type": "destruction",
                "to": "JP",
                "holding": "JP-0001",
                "copies": [1],
                "on": "2024-06-28",
                "method": "Shredded and pulped",
                "certificate": "KR-DC-2024-031",
                "destroying_officer": "Maj. Han Ji-woo",
                "witness": "Capt. Oh Se-jin",
            },
            ("registrar", "security"),
        ),
    ),
)

FIFTH: Final = Chapter(
    N_("A report, denied"),
    ("JP", "KR"),
    (
        Step(
            "report",
            "JP",
            N_("A newspaper reports that the minister hopes for an alliance. The report is recorded as a report."),
            {
                "type": "report",
                "to": "KR",
                "instrument": "acsa-jp-kr",
                "publisher": "A South Korean economic daily",
                "published_on": "2011-01-04",
                "claim": "Japan hopes for an alliance with South Korea",
                "says": "The foreign minister is quoted as hoping for an alliance in security too.",
            },
            ("legal",),
        ),
        Step(
            "denial",
            "JP",
            N_("The ministry states that he never spoke of an alliance."),
            {
                "type": "denial",
                "to": "KR",
                "instrument": "acsa-jp-kr",
                "of": "$report.hash",
                "on": "2011-01-04",
                "by": "Ministry of Foreign Affairs of Japan",
                "says": "He never spoke of an alliance, but of an atmosphere for serious dialogue.",
            },
            ("legal",),
        ),
        Step(
            "correction-request",
            "JP",
            N_("It asks the newspaper for a correction; the report stays on record with its standing."),
            {
                "type": "correction_request",
                "to": "KR",
                "instrument": "acsa-jp-kr",
                "of": "$report.hash",
                "on": "2011-01-04",
                "asked_of": "A South Korean economic daily",
                "asks": "A correction of the quotation.",
            },
            ("legal",),
        ),
        Step(
            "nothing-moved",
            "KR",
            N_("The same question gives the same answer: what the press says moves no determination."),
            PERIPHERY,
            ends="answered",
            assume=("acsa-jp-kr",),
            expect={"verdict": "undetermined", "ground": "undecided", "same_as": "periphery"},
        ),
    ),
)

CHAPTERS: Final = (FIRST, SECOND, STATEMENT, STATEMENT_ACCEPTED, THIRD, FOURTH, FIFTH)
NATIONS: Final = ("JP", "AU", "US", "KR")
PAIRS: Final = (("AU", "JP"), ("JP", "US"), ("AU", "US"), ("JP", "KR"))
