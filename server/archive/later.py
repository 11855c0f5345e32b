"""What is recorded after the entry, as far as this installation records it: the one place that
asks. What nobody records yet stands as not done, so that a file is never called complete for it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.archive import Step
from domain.followup import CaseState
from server.followup import service as followup
from server.inspections.models import Sheet
from server.publication.records import Standing, map_standing
from server.results.service import find_version


@dataclass(frozen=True, slots=True)
class LaterSteps:
    """Of one department's sheet."""

    follow_up: Step = Step.NONE
    receipt: Step = Step.NONE
    publication: Step = Step.NONE


def read_later(sheet: Sheet) -> LaterSteps:
    """Receipt and publication are done for the version in force, open while an earlier one has
    them: what the public reads must be what holds."""
    found = find_version(sheet.id)
    standing = map_standing([sheet.id]).get(sheet.id, Standing())
    version = found.version if found else 1
    return LaterSteps(
        follow_up=_follow_up(sheet),
        receipt=_step(standing.receipted, version),
        publication=_step(standing.published, version),
    )


def _step(reached: int, version: int) -> Step:
    if reached >= version:
        return Step.DONE
    return Step.OPEN if reached else Step.NONE


def _follow_up(sheet: Sheet) -> Step:
    """Nothing without a case, done once none of them is open any more."""
    states = {one.state for one in followup.list_of_sheets([sheet.id])}
    if not states:
        return Step.NONE
    return Step.OPEN if states & {CaseState.OPEN, CaseState.DECIDED} else Step.DONE
