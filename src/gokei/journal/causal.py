"""Before, after and concurrent are facts: each document says how many of the reader's documents its author had seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gokei.journal.entries import Entry


def before(one: Entry, other: Entry) -> bool:
    """Whether `one` was known to the author of `other` when that was signed."""
    if one.author == other.author:
        return one.sequence < other.sequence
    return one.sequence <= other.seen


def concurrent(one: Entry, other: Entry) -> bool:
    """Whether neither author had seen the other's document."""
    return one is not other and not before(one, other) and not before(other, one)


def causal_order(entries: Iterable[Entry], rank: Callable[[str], int]) -> list[Entry]:
    """One order of the documents of two authors, a function of the set alone.

    It extends `before`; where two are concurrent and both could come next, the lower rank of type comes first, then
    the nation's code, then the sequence. Arrival plays no part.
    """
    logs: dict[str, list[Entry]] = {}
    for entry in entries:
        logs.setdefault(entry.author, []).append(entry)
    queues = [sorted(log, key=lambda entry: entry.sequence, reverse=True) for _, log in sorted(logs.items())]
    if len(queues) == 1:
        return queues[0][::-1]
    ordered: list[Entry] = []
    while queues := [queue for queue in queues if queue]:
        heads = [queue[-1] for queue in queues]
        free = [
            index
            for index, head in enumerate(heads)
            if not any(before(other, head) for other in heads if other is not head)
        ]
        # Two documents that each claim to have seen the other cannot both be honest; rank alone decides then.
        chosen = min(free or range(len(heads)), key=lambda index: _priority(heads[index], rank))
        ordered.append(queues[chosen].pop())
    return ordered


def _priority(entry: Entry, rank: Callable[[str], int]) -> tuple[int, str, int]:
    return (rank(entry.frame.type), entry.author, entry.sequence)
