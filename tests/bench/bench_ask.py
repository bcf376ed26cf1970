"""How long a determination takes inside a process, explained, over all packs: `python -m tests.bench.bench_ask`.

Questions are random: pairs of nations, days of thirty years, every fact stated, left out or turned, so that most ask
something new. Printed beside the plain tree evaluation of one provision's condition, the smallest work there is; and
beside the same questions to the same packs with 200 agreements of 60 other nations more, in turns.
"""

from __future__ import annotations

import json
import random
import sys
import time
from typing import Any

from gokei.law.conditions import truth_of
from gokei.law.library import Library
from gokei.node.packs import open_library
from gokei.terms.facts import ACTIVITIES, FACTS, SUPPLIES
from tests.bench import generated

PAIRS = (("JP", "AU"), ("AU", "JP"), ("JP", "US"), ("US", "JP"), ("JP", "KR"), ("JP", "GB"))
BOOLEANS = tuple(name for name, fact in FACTS.items() if fact.type == "boolean")
COUNT = 20_000
MOST_MICROSECONDS = 10


def question(chance: random.Random, stated: float) -> dict[str, Any]:
    provider, recipient = chance.choice(PAIRS)
    found: dict[str, Any] = {
        "kind": "support",
        "on": f"{chance.randint(1997, 2026)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "provider": provider,
        "recipient": recipient,
        "activity": chance.choice(ACTIVITIES),
        "supply": chance.choice(SUPPLIES),
        "place": chance.choice(("JP", "AU", "US", "high_seas")),
        "retransfer_to": chance.choice(("none", "none", "none", "GB")),
    }
    return found | {name: chance.random() < 0.7 for name in BOOLEANS if chance.random() < stated}


def timed(library: Library, questions: list[dict[str, Any]]) -> list[int]:
    found = []
    for one in questions:
        start = time.perf_counter_ns()
        library.answer(one)
        found.append(time.perf_counter_ns() - start)
    return found


def microseconds(times: list[int], share: float) -> float:
    return sorted(times)[int(len(times) * share)] / 1000


def with_more(library: Library, chance: random.Random) -> float:
    """How many times as long the median question takes when there are 200 agreements more."""
    larger = Library([*library.instruments.values(), *generated.agreements(200)])
    questions = [question(chance, 0.85) for _ in range(COUNT)]
    timed(library, questions)
    timed(larger, questions)
    took: dict[int, list[int]] = {0: [], 1: []}
    for start in range(0, COUNT, 1000):
        for place, one in enumerate((library, larger)):
            took[place] += timed(one, questions[start : start + 1000])
    return microseconds(took[1], 0.5) / microseconds(took[0], 0.5)


def main() -> int:
    library = open_library()
    chance = random.Random(7)
    result: dict[str, float] = {}
    for name, stated in (("all_facts_stated", 1.0), ("some_facts_left_out", 0.85)):
        begun = timed(library, [question(chance, stated) for _ in range(COUNT)])
        running = timed(library, [question(chance, stated) for _ in range(COUNT)])
        result |= {
            f"{name}_from_the_start_p50_us": microseconds(begun, 0.5),
            f"{name}_from_the_start_p99_us": microseconds(begun, 0.99),
            f"{name}_new_questions_p50_us": microseconds(running, 0.5),
            f"{name}_new_questions_p99_us": microseconds(running, 0.99),
        }
    result["times_with_200_agreements_more"] = with_more(library, chance)
    condition = library.instruments["acsa-jp-au-2017"].provisions[0].when
    facts = question(chance, 1.0)
    start = time.perf_counter_ns()
    for _ in range(COUNT):
        truth_of(condition, facts)
    result["one_condition_as_a_tree_us"] = (time.perf_counter_ns() - start) / COUNT / 1000
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in result.items()}, indent=1) + "\n")
    return (
        0
        if max(result["all_facts_stated_new_questions_p50_us"], result["some_facts_left_out_new_questions_p50_us"])
        <= MOST_MICROSECONDS
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
