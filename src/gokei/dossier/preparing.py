"""From what an officer typed to a whole document about an instrument's public record. No law is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gokei.dossier.bodies import Answer, Correction, OfficialStatement, Recorded
from gokei.dossier.record import FAMILY, LISTS
from gokei.journal.bodies import read_fields
from gokei.journal.kinds import Desk, Draft, Prepared
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_


def recording(model: type[Recorded]) -> Callable[[Draft, Desk], Prepared]:
    """A new entry of the record, in the case of the instrument that it is about."""

    def prepare(draft: Draft, _desk: Desk) -> Prepared:
        fields = draft.fields
        if model is OfficialStatement and fields.get("publisher") is None and "by" in fields:
            # What an office says itself, it publishes itself unless somebody else is named.
            fields = {**fields, "publisher": fields["by"]}
        return _prepared(draft, read_fields(model, fields).model_dump(mode="json"), ())

    return prepare


def answering(model: type[Answer]) -> Callable[[Draft, Desk], Prepared]:
    """A document about an entry: its hash or name gives the instrument, and for a correction the publisher."""

    def prepare(draft: Draft, desk: Desk) -> Prepared:
        entry, instrument = _entry(desk, draft.fields.get("of"), draft.fields.get("instrument"))
        given: JsonObject = {"instrument": instrument}
        if model is Correction:
            given["publisher"] = entry["publisher"]
        stated = {name: value for name, value in draft.fields.items() if value is not None}
        body = read_fields(model, given | stated | {"of": entry["hash"]})
        if body.instrument != instrument:
            raise _unknown(body.of)
        return _prepared(draft, body.model_dump(mode="json"), (body.of,))

    return prepare


def _entry(desk: Desk, name: JsonValue, about: JsonValue) -> tuple[JsonObject, str]:
    """The entry of that hash, or else of that name, in this channel, and its instrument. Raises BadInput or Refused."""
    if not isinstance(name, str):
        raise BadInput(
            check="document-field",
            detail=N_("The document needs {field}, a text."),
            next_step=N_("Name the report by its hash."),
            params={"field": "of"},
            field="of",
        )
    named: list[tuple[JsonObject, str]] = []
    for one, instrument in _entries(desk):
        if one["hash"] == name:
            return one, instrument
        if one["name"] == name and about in {None, instrument}:
            named.append((one, instrument))
    if len(named) == 1:
        return named[0]
    if named:
        raise Refused(
            check="report-name-shared",
            detail=N_("Several entries of the record are called {of}."),
            next_step=N_("Name the report by its hash."),
            params={"of": name[:80]},
            field="of",
        )
    raise _unknown(name)


def _entries(desk: Desk) -> Iterator[tuple[JsonObject, str]]:
    for view in desk.views("dossier"):
        for listed in LISTS.values():
            entries = view[listed]
            for one in entries if isinstance(entries, list) else []:
                if isinstance(one, dict):
                    yield one, str(view["instrument"])


def _prepared(draft: Draft, body: JsonObject, re: tuple[str, ...]) -> Prepared:
    instrument = str(body["instrument"])
    return Prepared(f"{FAMILY}:{instrument}", draft.agreement or instrument, body, re)


def _unknown(name: str) -> Refused:
    return Refused(
        check="report-unknown",
        detail=N_("There is no such report about this instrument."),
        next_step=N_("List the instruments' records: gokei list DIR instruments"),
        params={"of": name[:80]},
        field="of",
    )
