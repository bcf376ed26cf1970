"""The dossier wing: an instrument's public record. It has no determination, and none reads it."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from gokei.dossier import bodies, preparing
from gokei.dossier.record import FAMILY, fold_record
from gokei.journal.kinds import Kind, Wing


def _kind(name: str, body: type[BaseModel], rank: int) -> Kind:
    return Kind(name, "dossier", FAMILY, body, rank, ("publish",))


WING: Final = Wing(
    name="dossier",
    kinds=(
        _kind("report", bodies.Report, 10),
        _kind("official_statement", bodies.OfficialStatement, 12),
        _kind("expected_event", bodies.ExpectedEvent, 14),
        _kind("position", bodies.Position, 16),
        _kind("denial", bodies.Denial, 20),
        _kind("confirmation", bodies.Confirmation, 30),
        _kind("correction_request", bodies.CorrectionRequest, 40),
        _kind("correction", bodies.Correction, 50),
        _kind("event_outcome", bodies.EventOutcome, 60),
    ),
    folds={FAMILY: fold_record},
    prepare={
        "report": preparing.recording(bodies.Report),
        "official_statement": preparing.recording(bodies.OfficialStatement),
        "expected_event": preparing.recording(bodies.ExpectedEvent),
        "position": preparing.recording(bodies.Position),
        "denial": preparing.answering(bodies.Denial),
        "confirmation": preparing.answering(bodies.Confirmation),
        "correction_request": preparing.answering(bodies.CorrectionRequest),
        "correction": preparing.answering(bodies.Correction),
        "event_outcome": preparing.answering(bodies.EventOutcome),
    },
    judge={},
)
