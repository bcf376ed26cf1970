"""All checks over a folder of packs that has no errors, in the order of a reader's work."""

from __future__ import annotations

from collections.abc import Sequence

from gokei.law.instruments import Instrument
from gokei.law.lint.findings import Finding, Pack
from gokei.law.lint.papers import check_draft, check_sources, check_words
from gokei.law.lint.regions import Regions
from gokei.law.lint.rules import Rules
from gokei.law.lint.spans import check_gaps, check_versions
from gokei.law.lint.vocabulary import check_facts
from gokei.law.loader import PackFile
from gokei.terms.words import N_


def lint(files: Sequence[PackFile], instruments: Sequence[Instrument]) -> list[Finding]:
    """Every warning and information about packs that load without an error, by file and place."""
    by_content = {file.content: file for file in files}
    packs = [Pack(one, by_content[one.content]) for one in instruments]
    partners: dict[str, frozenset[str]] = {}
    for one in instruments:
        if one.kind == "support":
            partners |= {party: partners.get(party, frozenset()) | {*one.parties} for party in one.parties}
    asker = Regions()
    for pack in packs:
        Rules(pack, partners, asker).check()
        check_gaps(pack)
        check_versions(pack)
        check_words(pack)
        check_draft(pack)
    check_sources(packs)
    never = check_facts(packs)
    for pack in packs:
        _check_unused(pack)
    found = [one for pack in packs for one in pack.findings]
    return [*sorted(found, key=lambda one: (one.path or "", one.line or 0, one.column or 0)), *never]


def _check_unused(pack: Pack) -> None:
    for number, check in [*pack.unused()]:
        pack.warn(
            pack.file.node if number is None else pack.node_of(number, "lint"),
            number,
            check="allow-unused",
            detail=N_("Nothing was found here that {name} would say."),
            next_step=N_("Leave {name} out of allow."),
            name=check,
        )
