"""One determination by Gokei and by other rule engines, the same policy, one run: `python -m tests.bench.bench_peers`.

The policy and the questions are those of tests/bench/policy.py: 1,000 distinct questions (300 permitted, 450 not, 250
undetermined), asked in blocks, every engine the whole block before the next block comes. Gokei gives the whole
determination (basis, what made it so, what is missing, what to ask next); its peers give what their two bounds tell,
the verdict and the agreement. Every verdict of every engine must be Gokei's, and the agreement that of the slow reading
(tests/bench/oracle.py); Gokei's answer must cite it.

Printed: the median in microseconds of each, how many times Gokei's it is, and Gokei's own from an empty library. Its
other figure is of new questions after 20,000 others of the same mix, as in bench_ask: it works an answer out when it is
first needed. Its peers compile before they are timed, and gain nothing by being asked.

All peers count. The bare expression of ZEN's evaluator is no rule engine (no rules, no trace: one formula made of this
policy), yet the fastest by far; `ratio_to_the_fastest_rule_engine` leaves it out. A block is long because a short one
measures what the engine before it left of the processor's caches. Needs the group `bench`: tools/set-up bench.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import polars

from gokei.law.library import Library
from gokei.terms.json_types import objects_of
from tests.bench import frames, policy
from tests.bench.oracle import bounds
from tests.bench.peers import cedar, handwritten, openfisca, regorus, zen

WANTED = {"permitted": 300, "not_permitted": 450, "undetermined": 250}
# Gokei was asked so many times as many others before, of the same mix.
BEFORE = 20
DRAWN = 1_000_000
BLOCK = 250
LEAST_RATIO = 10
PEERS = (regorus.Peer, cedar.Peer, zen.Table, zen.Expression, openfisca.Peer)
NO_RULE_ENGINE = zen.Expression.name


class Engine(NamedTuple):
    """Something that answers questions: its name, and how."""

    name: str
    answer: Callable[[policy.Question], Any]


def chosen(of: policy.Policy, times: int, seed: int) -> list[policy.Question]:
    """WANTED so many times, distinct, in an order at random; which verdict a question has the columns say."""
    frame = frames.drawn(DRAWN, seed).unique(maintain_order=True)
    verdict, _ = handwritten.batch(frame, of)
    parts = [frame.filter(verdict == word).head(times * count) for word, count in WANTED.items()]
    return frames.questions_of(polars.concat(parts).sample(fraction=1, shuffle=True, seed=seed))


def timed(engines: Iterable[Engine], questions: list[policy.Question]) -> dict[str, tuple[list[Any], list[int]]]:
    """Every engine's answers, and the nanoseconds of each."""
    found: dict[str, tuple[list[Any], list[int]]] = {one.name: ([], []) for one in engines}
    for start in range(0, len(questions), BLOCK):
        block = questions[start : start + BLOCK]
        for one in engines:
            answers, times = found[one.name]
            for question in block:
                begun = time.perf_counter_ns()
                answer = one.answer(question)
                times.append(time.perf_counter_ns() - begun)
                answers.append(answer)
    return found


def differing(of: policy.Policy, questions: list[policy.Question], answers: dict[str, list[Any]]) -> list[str]:
    """Every answer that is not as it has to be."""
    found: list[str] = []
    for place, question in enumerate(questions):
        wanted = bounds(of, question)
        determination = answers["gokei"][place]
        cited = {one["instrument"] for part in ("because", "undecided") for one in objects_of(determination[part])}
        right = determination["verdict"] == wanted[0]
        if not right or (wanted[1] is not None and of.agreements[wanted[1]].name not in cited):
            found.append(f"gokei: {json.dumps(question)}: {determination['verdict']}, not {wanted}")
        found += [
            f"{name}: {json.dumps(question)}: {given[place]}, not {wanted}"
            for name, given in answers.items()
            if name != "gokei" and given[place] != wanted
        ]
    return found


def median(times: list[int]) -> float:
    """In microseconds."""
    return sorted(times)[len(times) // 2] / 1000


def main() -> int:
    of = policy.drawn()
    questions = chosen(of, 1, seed=1)
    library = Library(policy.instruments(of))
    begun = timed([Engine("gokei", Library(policy.instruments(of)).answer)], questions)["gokei"][1]
    asked = {json.dumps(question) for question in questions}
    for question in chosen(of, BEFORE, seed=2):
        if json.dumps(question) not in asked:
            library.answer(question)
    peers = [one(of) for one in PEERS]
    engines = [Engine("gokei", library.answer), *(Engine(one.name, one.answer) for one in peers)]
    found = timed(engines, questions)
    faults = differing(of, questions, {name: answers for name, (answers, _) in found.items()})
    microseconds = {name: median(times) for name, (_, times) in found.items()}
    gokei = microseconds["gokei"]
    ratios = {name: round(value / gokei, 1) for name, value in microseconds.items() if name != "gokei"}
    fastest = min(ratios, key=lambda name: ratios[name])
    result = {
        "questions": len(questions),
        "p50_us": {name: round(value, 2) for name, value in microseconds.items()},
        "gokei_from_the_start_p50_us": round(median(begun), 2),
        "times_gokei": ratios,
        "fastest_peer": fastest,
        "ratio_to_the_fastest_peer": ratios[fastest],
        "ratio_to_the_fastest_rule_engine": min(value for name, value in ratios.items() if name != NO_RULE_ENGINE),
        "answers_that_differ": len(faults),
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    for fault in faults[:10]:
        sys.stderr.write(fault + "\n")
    enough = len(questions) == sum(WANTED.values()) and not faults
    return 0 if enough and ratios[fastest] >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
