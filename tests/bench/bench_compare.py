"""How long it takes to compare two states of the law, over all packs: `python -m tests.bench.bench_compare`.

Every pair of nations with an agreement, every instrument with itself and with its like, in the first and the last state
and around every change between; all facts open, with and without grounds. The slowest must stay under two seconds of
the processor (the clock on the wall is printed beside it: a busy machine has another).
"""

from __future__ import annotations

import datetime
import json
import sys
import time
from itertools import combinations, pairwise, permutations

from gokei.faces.differences import spoken
from gokei.law.comparison.comparing import compare
from gokei.law.library import Library
from gokei.law.status import change_days
from gokei.node.packs import open_library

MOST_SECONDS = 2
DAY = datetime.timedelta(days=1)


def comparisons(library: Library) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    agreements = [one for one in library.instruments.values() if one.kind != "law"]
    days = sorted({day for one in library.instruments.values() for day in change_days(one)})
    states = [days[0], *(day for change in days for day in (change - DAY, change)), days[-1] + DAY]
    pairs = {pair for one in agreements if one.kind == "support" for pair in permutations(one.parties, 2)}
    for provider, recipient in sorted(pairs):
        sides = [f"{provider}>{recipient}@{day}" for day in states]
        found += [(sides[0], sides[-1]), *pairwise(sides)]
    found += [(f"{a[0]}>{a[1]}@{days[-1]}", f"{b[0]}>{b[1]}@{days[-1]}") for a, b in combinations(sorted(pairs), 2)]
    for one, other in combinations(agreements, 2):
        if one.kind == other.kind and {*one.parties} & {*other.parties}:
            found.append((one.id, other.id))
    found += [(one.id, f"{one.id}@{day}") for one in agreements for day in change_days(one)]
    return found


def main() -> int:
    library = open_library()
    rows = []
    for a, b in comparisons(library):
        for grounds in (False, True):
            wall, cpu = time.perf_counter(), time.process_time()
            found = spoken(compare(library, a, b, grounds=grounds))
            rows.append((time.process_time() - cpu, time.perf_counter() - wall, a, b, grounds, found["counts"]))
    rows.sort(key=lambda row: row[0], reverse=True)
    result = {
        "comparisons": len(rows),
        "p50_s": round(rows[len(rows) // 2][0], 3),
        "slowest_s": round(rows[0][0], 3),
        "slowest_on_the_wall_s": round(max(row[1] for row in rows), 3),
        "slowest": [f"{a} {b}{' --grounds' if grounds else ''}: {cpu:.2f}" for cpu, _, a, b, grounds, _ in rows[:5]],
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    return 0 if rows[0][0] <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
