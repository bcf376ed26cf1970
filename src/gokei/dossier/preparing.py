"""From what an officer typed to a whole document about an instrument's public record. No law is asked."""

from __future__ import annotations

from collections.abc import Callable

from gokei.dossier.bodies import Answer, Report
from gokei.dossier.record import FAMILY
from gokei.journal.bodies import read_fields
from gokei.journal.kinds import Desk, Draft, Prepared
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.problems import BadInput, Refused
from gokei.terms.words import N_


def prepare_report(draft: Draft, _desk: Desk) -> Prepared:
    """A report, in the case of the instrument that it is about. Raises BadInput."""
    body = read_fields(Report, draft.fields)
    return _prepared(draft, body.model_dump(mode="json"), ())


def answering(model: type[Answer]) -> Callable[[Draft, Desk], Prepared]:
    """A document about a report: the report's hash gives its instrument, and for a correction its publisher."""

    def prepare(draft: Draft, desk: Desk) -> Prepared:
        report, instrument = _report(desk, draft.fields.get("of"))
        given: JsonObject = {"instrument": instrument}
        if "publisher" in model.model_fields:
            given["publisher"] = report["publisher"]
        body = read_fields(model, given | draft.fields)
        if body.instrument != instrument:
            raise _unknown(body.of)
        return _prepared(draft, body.model_dump(mode="json"), (body.of,))

    return prepare


def _report(desk: Desk, name: JsonValue) -> tuple[JsonObject, str]:
    """The report of that hash in this channel, and the instrument that it is about. Raises BadInput or Refused."""
    if not isinstance(name, str):
        raise BadInput(
            check="document-field",
            detail=N_("The document needs {field}, a text."),
            next_step=N_("Name the report by its hash."),
            params={"field": "of"},
            field="of",
        )
    for view in desk.views("dossier"):
        reports = view["reports"]
        for one in reports if isinstance(reports, list) else []:
            if isinstance(one, dict) and one["hash"] == name:
                return one, str(view["instrument"])
    raise _unknown(name)


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
