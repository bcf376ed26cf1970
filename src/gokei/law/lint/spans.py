"""Days that a pack forgot: an instrument in force without a provision, and versions with a hole between them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence

from gokei.law.instruments import Interval, Provision
from gokei.law.lint.findings import Pack
from gokei.law.lint.regions import all_stretches
from gokei.law.status import change_days, in_force_on
from gokei.terms.words import N_

_Rule = tuple[str, str, str | None, str | None]


def check_gaps(pack: Pack) -> None:
    """Note days on which the instrument is in force and no provision of it is."""
    instrument = pack.instrument
    if instrument.draft:
        return
    bare: list[Interval] = []
    for stretch in all_stretches(change_days(instrument)):
        dated = stretch.since is not None or instrument.events
        if not dated or not in_force_on(instrument, stretch.day):
            continue
        if not any(one.in_force.covers(stretch.day) for one in instrument.provisions):
            bare.append(Interval(stretch.since, stretch.until))
    for gap in _joined(bare):
        pack.warn(
            pack.file.node,
            check="gap",
            detail=N_("It is in force, and no provision of it is: {days}."),
            next_step=N_("Write which provisions were in force then, or the event that ended it."),
            days=_days(gap),
        )


def check_versions(pack: Pack) -> None:
    """Note a provision whose versions leave days between them on which none is in force."""
    instrument = pack.instrument
    if instrument.draft:
        return
    chains: dict[_Rule, list[int]] = {}
    for number, one in enumerate(instrument.provisions):
        chains.setdefault((one.id, one.effect, one.side, one.law_of), []).append(number)
    for chain in chains.values():
        for hole, later in _holes([(number, instrument.provisions[number]) for number in chain]):
            if not any(in_force_on(instrument, day) for day in _tried(hole)):
                continue
            pack.warn(
                pack.node_of(later, "in_force"),
                later,
                check="version-gap",
                detail=N_("No version of {name} is in force between the earlier one and this: {days}."),
                next_step=N_("Let this begin where the earlier one ends: in_force: {from: '{day}'}"),
                name=instrument.provisions[later].id,
                days=_days(hole),
                day=hole.since.isoformat() if hole.since else "",
            )


def _holes(chain: Sequence[tuple[int, Provision]]) -> Iterator[tuple[Interval, int]]:
    """The days between versions that no version covers, each with the version that comes after them."""
    dated = sorted(chain, key=lambda one: one[1].in_force.since or datetime.date.min)
    ends: datetime.date | None = dated[0][1].in_force.until
    for number, one in dated[1:]:
        if ends is None:
            return
        since = one.in_force.since
        if since is not None and since > ends:
            yield Interval(ends, since), number
        ends = None if one.in_force.until is None else max(ends, one.in_force.until)


def _tried(hole: Interval) -> Iterable[datetime.date]:
    return [day for day in (hole.since, hole.until - datetime.timedelta(days=1) if hole.until else None) if day]


def _joined(found: Sequence[Interval]) -> Iterator[Interval]:
    """Intervals that follow each other without a day between them as one."""
    held: Interval | None = None
    for one in found:
        if held is not None and held.until == one.since:
            held = Interval(held.since, one.until)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def _days(interval: Interval) -> str:
    since, until = (day.isoformat() if day else "" for day in interval)
    return f"{since} – {until}".strip()
