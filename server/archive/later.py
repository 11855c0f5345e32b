"""What is recorded after the entry, as far as this installation records it: the one place that
asks. What nobody records yet stands as not done, so that a file is never called complete for it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.archive import Step
from domain.followup import CaseState
from server.followup import service as followup
from server.inspections.models import Sheet


@dataclass(frozen=True, slots=True)
class LaterSteps:
    """Of one department's sheet."""

    follow_up: Step = Step.NONE
    receipt: Step = Step.NONE
    publication: Step = Step.NONE


def read_later(sheet: Sheet) -> LaterSteps:
    """Publication is on record with its instant, follow-up with its cases."""
    return LaterSteps(
        follow_up=_follow_up(sheet),
        publication=Step.DONE if sheet.published_at is not None else Step.NONE,
    )


def _follow_up(sheet: Sheet) -> Step:
    """Nothing without a case, done once none of them is open any more."""
    states = {one.state for one in followup.list_of_sheets([sheet.id])}
    if not states:
        return Step.NONE
    return Step.OPEN if states & {CaseState.OPEN, CaseState.DECIDED} else Step.DONE
