"""What a pack says of itself: its sources, its words in each language, and whether a draft is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from gokei.law.instruments import Source
from gokei.law.lint.findings import Pack, has, part
from gokei.law.loader import shapes
from gokei.law.loader.nodes import MAPPING, Node
from gokei.law.status import IN_FORCE, MOVES
from gokei.terms.words import N_

_ADDRESS: Final = re.compile(r"https?://[^/?#\s]+(?P<page>[^\s]*)")


class Cited(NamedTuple):
    """A source where it stands: of which provision (by number), or of an event or a row of levels."""

    pack: Pack
    node: Node
    number: int | None
    source: Source

    @property
    def name(self) -> str:
        """What cites it, for a reader."""
        provision = "" if self.number is None else f" {self.pack.instrument.provisions[self.number].id}"
        return self.pack.instrument.id + provision


def check_sources(packs: Sequence[Pack]) -> None:
    """Note sources that name no page, and pages that one provision calls official and another secondary."""
    cited = [one for pack in packs for one in _cited(pack)]
    secondary: dict[str, Cited] = {}
    for one in cited:
        if one.number is not None and one.source.quality == "secondary":
            secondary.setdefault(_page(one.source.url), one)
    told: set[tuple[str, str]] = set()
    for one in cited:
        _check_address(one)
        other = secondary.get(_page(one.source.url))
        once = (one.pack.instrument.id, _page(one.source.url))
        if one.number is None or other is None or one.source.quality != "verified" or once in told:
            continue
        told.add(once)
        one.pack.warn(
            part(one.node, "quality"),
            one.number,
            check="source-quality",
            detail=N_("The page is verified here, and secondary for {other} (line {line})."),
            next_step=N_("Call a page the same everywhere: secondary unless it is an official one."),
            other=other.name,
            line=str(other.node.line),
        )


def _check_address(one: Cited) -> None:
    found = _ADDRESS.fullmatch(one.source.url)
    if found is None:
        one.pack.warn(
            part(one.node, "url"),
            one.number,
            check="source-missing",
            detail=N_("No address of a page stands here."),
            next_step=N_("Write where it was read: url: 'https://…'"),
        )
    elif found["page"] in {"", "/"}:
        one.pack.warn(
            part(one.node, "url"),
            one.number,
            check="source-host-only",
            detail=N_("{url} names a host, not the page on which it was read."),
            next_step=N_("Write the address of the page itself."),
            url=one.source.url[:200],
        )


def _cited(pack: Pack) -> Iterator[Cited]:
    root, instrument = pack.file.node, pack.instrument
    for number, provision in enumerate(instrument.provisions):
        yield Cited(pack, pack.node_of(number, "source"), number, provision.source)
    lists: Mapping[str, Sequence[Source]] = {
        "events": [one.source for one in instrument.events],
        "equivalences": [one.source for one in instrument.equivalences],
    }
    for name, sources in lists.items():
        if has(root, name):
            nodes = part(root, name).parts
            yield from (
                Cited(pack, part(node, "source"), None, source) for node, source in zip(nodes, sources, strict=True)
            )


def _page(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


def check_words(pack: Pack) -> None:
    """Note texts that are not in all languages."""
    root = pack.file.node
    _check_says(pack, root, None, shapes.INSTRUMENT)
    for node in part(root, "events").parts if has(root, "events") else ():
        _check_says(pack, node, None, shapes.EVENT)
    for number in range(len(pack.instrument.provisions)):
        _check_says(pack, pack.node_of(number), number, shapes.PROVISION)


def _check_says(pack: Pack, node: Node, number: int | None, shape: shapes.Shape) -> None:
    for name, field in shape.fields.items():
        if field.holds != "says" or not has(node, name):
            continue
        said = part(node, name)
        missing = [one for one in shapes.SAYS.fields if said.shape == MAPPING and not has(said, one)]
        if missing:
            pack.warn(
                said,
                number,
                check="translation-missing",
                detail=N_("{name} is not said in {languages}; the English words are shown there."),
                next_step=N_("Write the sentence in that language too."),
                name=name,
                languages=", ".join(missing),
            )


def check_draft(pack: Pack) -> None:
    """Note a draft that its events put in force."""
    if not pack.instrument.draft:
        return
    for node, event in zip(_events(pack), pack.instrument.events, strict=True):
        if MOVES.get(event.event) in IN_FORCE:
            pack.warn(
                part(node, "event"),
                check="draft-in-force",
                detail=N_("A draft counts only where it is assumed; this event says that it is in force."),
                next_step=N_("Leave draft: true out where it was concluded, or the event where it was not."),
            )


def _events(pack: Pack) -> Sequence[Node]:
    root = pack.file.node
    return part(root, "events").parts if has(root, "events") else ()
