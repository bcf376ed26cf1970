"""Whether a journal's tables say what its documents say: the file itself, and every copy that is for looking up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import Final

from pydantic import ValidationError

from gokei.journal.envelopes import DOCUMENT, Envelope
from gokei.journal.evidence import decode
from gokei.journal.frames import Frame
from gokei.journal.kinds import CaseView
from gokei.journal.mandates import read_mandate
from gokei.node import signed
from gokei.node.channels import Channel, channel_name
from gokei.node.core import Core
from gokei.terms import limits
from gokei.terms.canonical import canonical, sha256_name
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_

_NEXT: Final = N_("Stop using this folder. Restore it, or ask the partner for its copy of the log.")
# Every table that is kept by channel, and its column of authors where it has one.
_TABLES: Final = (
    "SELECT name, (SELECT name FROM pragma_table_info(tables.name) WHERE name='author') FROM sqlite_master AS tables "
    "WHERE type='table' AND EXISTS (SELECT 1 FROM pragma_table_info(tables.name) WHERE name='channel')"
)
_NEXT_VIEW: Final = N_("Make the views again from the documents: gokei rebuild DIR")


def check_file(core: Core) -> None:
    """The database's own check of its pages, tables and indices. Raises Refused (`verify-file`), or Unavailable where
    an index cannot be read: some versions of SQLite pass over the page of an empty index that is another's."""
    row = core.store.row("PRAGMA integrity_check(1)")
    said = "" if row is None else str(row[0])
    if said != "ok":
        raise _damaged(N_("The journal's file is damaged: {reason}."), reason=said[:200])
    if not core.store.is_whole():
        raise _damaged(N_("The journal's file is damaged: a table or an index is not declared as this version does."))
    for index, table in core.store.rows("SELECT name, tbl_name FROM sqlite_master WHERE type='index' AND rootpage > 0"):
        core.store.row(f'SELECT count(*) FROM "{table}" INDEXED BY "{index}"')  # noqa: S608


def check_strays(core: Core) -> None:
    """Every row is of a channel and a nation of this node, and every answer is the one of its digest.

    Raises Refused (`verify-stray`, `verify-answer`).
    """
    known = {channel.name: (core.nation, channel.partner) for channel in core.channels()}
    for table, column in core.store.rows(_TABLES):
        for channel, author in core.store.rows(f'SELECT DISTINCT channel, {column or "NULL"} FROM "{table}"'):  # noqa: S608
            if channel not in known or (column and author not in known[channel]):
                raise _stray(str(channel), str(author or ""))
    for name, answer in core.store.rows("SELECT digest, answer FROM answers"):
        if sha256_name(str(answer).encode()) != name:
            raise _answer(str(name))
    lost = core.store.row(
        "SELECT documents.answer FROM documents LEFT JOIN answers ON answers.digest=documents.answer "
        "WHERE documents.answer IS NOT NULL AND answers.digest IS NULL LIMIT 1"
    )
    if lost is not None:
        raise _answer(str(lost[0]))


def check_kept(core: Core) -> None:
    """What stands beside the logs for others to see, evidence and documents that were put aside, is as it was kept.

    Raises Refused (`verify-evidence`, `verify-set-aside`). Both prove themselves elsewhere; here they rest on hashes.
    """
    for (number,) in core.store.rows("SELECT number FROM evidence ORDER BY number"):
        row = core.store.row("SELECT digest, nation, kind, evidence FROM evidence WHERE number=?", (number,))
        if row is not None and not _is_evidence(*row):
            raise Refused(
                check="verify-evidence",
                detail=N_("Evidence {number} is not what was kept under that number."),
                params={"number": str(number)},
                next_step=_NEXT,
                who="operator",
            )
    for channel, name in core.store.rows("SELECT channel, hash FROM set_aside ORDER BY channel, hash"):
        row = core.store.row("SELECT sequence, envelope FROM set_aside WHERE channel=? AND hash=?", (channel, name))
        if row is not None and not _is_document(core.nation, str(channel), str(name), *row):
            raise Refused(
                check="verify-set-aside",
                detail=N_("The document {name} that was put aside is not what was kept under that name."),
                params={"name": str(name)[:80]},
                next_step=_NEXT,
                who="operator",
            )


def check_mandates(core: Core) -> None:
    """Every mandate of our own root is as it was taken in, and all of them give our keys as they stand.

    Raises Refused (`verify-mandate`).
    """
    for serial, name, raw in core.store.rows("SELECT serial, hash, envelope FROM mandates ORDER BY serial"):
        try:
            found = read_mandate(bytes(raw))
            is_right = (found.mandate.serial, found.hash) == (serial, name)
        except BadInput:
            is_right = False
        if not is_right:
            raise _mandate(str(serial))
    try:
        core.ring_after_mandates()
    except Refused as problem:
        raise _mandate(problem.detail_text()) from problem


def _is_evidence(digest: str, nation: str, kind: str, raw: bytes) -> bool:
    try:
        found = decode(raw)
    except BadInput:
        return False
    return (sha256_name(raw), found.nation, found.kind) == (digest, nation, kind)


def _is_document(author: str, channel: str, name: str, sequence: int, raw: bytes) -> bool:
    try:
        envelope = Envelope.decode(raw, DOCUMENT)
        frame = Frame.model_validate_json(envelope.payload)
    except (BadInput, ValidationError):
        return False
    found = (frame.author, channel_name(frame.author, frame.reader), envelope.hash, frame.sequence)
    return found == (author, channel, name, sequence)


def check_views(core: Core, channel: Channel) -> None:
    """Every stored view, with its family, digest and voids, is what its documents give, and there is no other.

    Raises Refused (`verify-view`).
    """
    count = 0
    cases = iter(channel.cases())
    while names := [*islice(cases, limits.CASES_PER_READ)]:
        held = _kept(core, channel, names)
        for case in names:
            for view in channel.fold(case, channel.entries(case)):
                count += 1
                if not _same(held.get((view.wing, case)), view):
                    raise _wrong_view(channel, case, view.wing)
    total = core.store.row("SELECT count(*) FROM views WHERE channel=?", (channel.name,))
    if total is not None and total[0] != count:
        raise _wrong_view(channel, *_beyond(core, channel))


def _kept(core: Core, channel: Channel, names: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The stored views of these cases, by wing and case: family, digest, view and voids."""
    places = ",".join("?" * len(names))
    rows = core.store.rows(
        "SELECT wing, case_name, family, digest, view, void FROM views "  # noqa: S608 - only as many question marks
        f"WHERE channel=? AND case_name IN ({places})",
        (channel.name, *names),
    )
    return {(wing, case): (*rest,) for wing, case, *rest in rows}


def _beyond(core: Core, channel: Channel) -> tuple[str, str]:
    """A stored view that no document of its case gives: its case and wing."""
    for case, wing in core.store.rows("SELECT case_name, wing FROM views WHERE channel=?", (channel.name,)):
        if wing not in {view.wing for view in channel.fold(case, channel.entries(case))} or not channel.entries(case):
            return str(case), str(wing)
    return "", ""


def check_not_behind(core: Core, nation: str, seen: int) -> None:
    """Our log holds as many documents as a partner's node signed to have seen. Raises Refused (`verify-behind`)."""
    held, _ = core.store.log(core.channel_of(nation), core.nation)
    if seen > held.size:
        raise Refused(
            check="verify-behind",
            detail=N_("{nation} signed to have seen {seen} of our documents; our journal holds {held}."),
            params={"nation": nation, "seen": str(seen), "held": str(held.size)},
            next_step=N_("The journal is older than it was. Restore a newer copy, or exchange: gokei sync DIR PARTNER"),
            who="operator",
        )


def check_signed(core: Core, nation: str) -> None:
    """The journal holds what our own newest checkpoint to a partner counts, as the file beside the journal has it.

    Raises Refused (`verify-behind`): a journal that was put back alone, to an earlier day.
    """
    found = signed.last(core, nation)
    if found is not None and signed.behind(core, nation, found[0]):
        raise Refused(
            check="verify-behind",
            detail=N_(
                "This node signed for {nation} that it had written {written} documents and seen {seen}; "
                "its journal does not hold those. It is an older copy."
            ),
            params={"nation": nation, "written": str(found[0].written), "seen": str(found[0].seen)},
            next_step=N_("Let the partner give them back: gokei sync DIR PARTNER"),
            who="operator",
        )


def _mandate(which: str) -> Refused:
    return Refused(
        check="verify-mandate",
        detail=N_("A mandate of our own root is not what was taken in: {which}."),
        params={"which": which},
        next_step=_NEXT,
        who="operator",
    )


def _damaged(detail: str, **params: str) -> Refused:
    return Refused(check="verify-file", detail=detail, params=dict(params), next_step=_NEXT, who="operator")


def _same(row: tuple[str, ...] | None, view: CaseView) -> bool:
    if row is None:
        return False
    spelt = canonical(view.view)
    if row[:3] != (view.family, sha256_name(spelt), spelt.decode()):
        return False
    try:
        return bool(json.loads(row[3]) == {name: reason.as_json() for name, reason in view.void.items()})
    except ValueError:
        return False


def _wrong_view(channel: Channel, case: str, wing: str) -> Refused:
    return Refused(
        check="verify-view",
        detail=N_("The stored view of {case} ({wing}) is not what its documents give."),
        params={"case": case[:120], "wing": wing[:40], "channel": channel.name},
        next_step=_NEXT_VIEW,
        who="operator",
    )


def _stray(channel: str, author: str) -> Refused:
    return Refused(
        check="verify-stray",
        detail=N_("The journal holds rows of {channel} {author}, which is no channel of this node."),
        params={"channel": channel[:20], "author": author[:20]},
        next_step=_NEXT,
        who="operator",
    )


def _answer(name: str) -> Refused:
    return Refused(
        check="verify-answer",
        detail=N_("The kept answer of the law {name} is not what was kept under that name."),
        params={"name": name[:80]},
        next_step=_NEXT,
        who="operator",
    )
