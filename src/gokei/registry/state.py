"""What a holding is after its documents so far: the item, where each copy is, who may see it, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from gokei.journal.causal import before
from gokei.journal.entries import Entry, Void
from gokei.registry.bodies import Item, ItemReceipt, Remarking
from gokei.terms.json_types import JsonObject, JsonValue

_SETTLED = frozenset({"returned", "destroyed", "lost"})


@dataclass(slots=True)
class Copy:
    """One numbered copy: `provided` (under way), `held`, `returning`, `returned`, `destroyed` or `lost`."""

    number: int
    state: str
    where: str
    document: str

    def move(self, state: str, where: str, document: str) -> None:
        """The copy after a document that moved it."""
        self.state, self.where, self.document = state, where, document

    def as_json(self) -> JsonObject:
        """The copy, the nation that answers for it, and the document that says so."""
        return {"copy": self.number, "state": self.state, "where": self.where, "document": self.document}


@dataclass(slots=True)
class HoldingState:
    """A holding's life so far. `item` is None until a valid item."""

    case: str
    holding: str
    item: Item | None = None
    owner: str = ""
    holder: str = ""
    agreement: str = ""
    levels: list[tuple[Entry, str]] = field(default_factory=list)
    marked: ItemReceipt | Remarking | None = None
    register_entries: list[JsonObject] = field(default_factory=list)
    copies: dict[int, Copy] = field(default_factory=dict)
    access: list[JsonObject] = field(default_factory=list)
    consents: list[JsonObject] = field(default_factory=list)
    granting: list[tuple[Entry, str, str]] = field(default_factory=list)
    incidents: dict[str, JsonObject] = field(default_factory=dict)
    determinations: dict[str, JsonObject] = field(default_factory=dict)
    documents: list[JsonObject] = field(default_factory=list)
    void: dict[str, Void] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """The owner's marking now."""
        return self.levels[-1][1] if self.levels else ""

    def level_known(self, entry: Entry) -> str:
        """The owner's marking as the author of `entry` knew it: a notice that it had not seen does not bind it."""
        return next((level for found, level in reversed(self.levels) if before(found, entry)), "")

    def consented_use(self, entry: Entry, purpose: str) -> bool:
        """Whether the author of `entry` knew of the owner's consent to use the item for `purpose`."""
        return any(
            action == "use" and found_purpose == purpose and before(found, entry)
            for found, action, found_purpose in self.granting
        )

    @property
    def to_remark(self) -> bool:
        """Whether the holder's marking was chosen for another level than the owner's present one."""
        return self.marked is not None and self.marked.level != self.level and not self._settled

    @property
    def _settled(self) -> bool:
        return all(one.state in _SETTLED for one in self.copies.values())

    @property
    def state(self) -> str:
        """The whole holding in a word: an open incident first, then where the copies are."""
        if self.item is None:
            return "void"
        if any(one["open"] for one in self.incidents.values()):
            return "incident"
        found = {one.state for one in self.copies.values()}
        if len(found) == 1:
            only = found.pop()
            return "receipted" if only == "held" else only
        if found <= _SETTLED:
            return "closed"
        for copy_state, name in (
            ("provided", "part_receipted"),
            ("returning", "returning"),
            ("returned", "part_returned"),
            ("destroyed", "part_destroyed"),
        ):
            if copy_state in found:
                return name
        return "receipted"

    def view(self) -> JsonObject:
        """The holding as plain JSON: a function of its documents, the same for both nations."""
        item: JsonObject = self.item.model_dump(mode="json") if self.item else {}
        stated = ("title", "marked_on", "on", "purpose", "assurances", "facts")
        documents: list[JsonValue] = [*self.documents]
        return {
            "case": self.case,
            "holding": self.holding,
            "state": self.state,
            "owner": self.owner,
            "holder": self.holder,
            "agreement": self.agreement,
            **{name: item.get(name) for name in stated},
            # Not "channel": that is the name of the pair of journals wherever a holding is shown.
            "sent_through": item.get("channel"),
            "level": self.level,
            "equivalent": self._equivalent(),
            "register": [*self.register_entries],
            "copies": [self.copies[number].as_json() for number in sorted(self.copies)],
            "access": [*self.access],
            "consents": [*self.consents],
            "incidents": [*self.incidents.values()],
            "determinations": dict(self.determinations),
            "documents": documents,
            "next": [*self._next()],
        }

    def _equivalent(self) -> JsonObject | None:
        if self.marked is None:
            return None
        return {**self.marked.equivalent.model_dump(mode="json"), "level": self.marked.level}

    def _next(self) -> list[JsonObject]:
        """What waits, and for whom."""
        if self.item is None:
            return []
        found: list[JsonObject] = []
        states = {one.state for one in self.copies.values()}
        if "provided" in states:
            found.append({"nation": self.holder, "type": "item_receipt", "holding": self.holding})
        if self.to_remark:
            found.append({"nation": self.holder, "type": "remarking", "holding": self.holding})
        if "returning" in states:
            found.append({"nation": self.owner, "type": "item_return_receipt", "holding": self.holding})
        found.extend(
            {"nation": self.holder, "type": "incident", "holding": self.holding, "follows": one["document"]}
            for one in self.incidents.values()
            if one["open"]
        )
        return found
