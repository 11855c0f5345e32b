"""What is recorded after the entry, as far as this installation records it: the one place that
asks. What nobody records yet stands as not done, so that a file is never called complete for it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.archive import Step
from server.inspections.models import Sheet


@dataclass(frozen=True, slots=True)
class LaterSteps:
    """Of one department's sheet."""

    follow_up: Step = Step.NONE
    receipt: Step = Step.NONE
    publication: Step = Step.NONE


def read_later(sheet: Sheet) -> LaterSteps:
    """Publication is on record with its instant."""
    return LaterSteps(publication=Step.DONE if sheet.published_at is not None else Step.NONE)
