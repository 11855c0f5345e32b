"""The lead's day: how far each sheet has come, and which may be accepted unread (R065, DESIGN §1).

The stages are counted one behind the other: what was received was visited, what was entered was
received. `RETURNED` and `ACCEPTED` are where a sheet stands now.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.inspections import SheetState


class Stage(StrEnum):
    """In the order in which a day goes."""

    PLANNED = "planned"
    VISITED = "visited"
    RECEIVED = "received"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ENTERED = "entered"


class Hindrance(StrEnum):
    """Why a sheet is looked at on its own before it is accepted."""

    STATE = "state"
    FINDING = "finding"
    OUTCOME = "outcome"
    CONFLICT = "conflict"
    UNSIGNED = "unsigned"
    PHOTOS = "photos"
    RECORDS = "records"
    PHONE = "phone"
    INCOMPLETE = "incomplete"


# What stands there for itself, or is what the acceptance brings.
_TOLD_ELSEWHERE: Final = {
    "entry.not_accepted",
    "entry.conflict",
    "entry.photo_not_received",
    "entry.result",
}


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One department's sheet on that day. `findings` failed items, `conflicts` items with two
    versions, `waiting_photos` declared and not here, `held` operations that wait for earlier ones,
    `is_on_phone` that a phone of the team last said it holds something, `lacks` the codes of unmet
    entry preconditions, `has_outcome` that nothing could be checked, `is_unsigned` that the firm
    has not signed again."""

    state: SheetState
    is_started: bool = False
    findings: int = 0
    conflicts: int = 0
    waiting_photos: int = 0
    held: int = 0
    is_on_phone: bool = False
    lacks: Collection[str] = ()
    has_outcome: bool = False
    is_unsigned: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether something of this very sheet is known to be under way."""
        return bool(self.waiting_photos or self.held)


def stages_of(sheet: DaySheet) -> frozenset[Stage]:
    """Every stage this sheet counts in."""
    state = sheet.state
    is_handed_in = not state.takes_answers
    found = {Stage.PLANNED}
    if sheet.is_started or is_handed_in:
        found.add(Stage.VISITED)
    if is_handed_in and not sheet.is_waiting:
        found.add(Stage.RECEIVED)
    if state.is_locked:
        found.add(Stage.ENTERED)
    elif state is not SheetState.OPEN:
        found.add(Stage(state.value))
    return frozenset(found)


def count_stages(sheets: Iterable[DaySheet]) -> dict[Stage, int]:
    """All stages in order, those of no sheet with 0."""
    counted = Counter(stage for one in sheets for stage in stages_of(one))
    return {stage: counted[stage] for stage in Stage}


def hindrances_of(sheet: DaySheet) -> list[Hindrance]:
    """Why it is not accepted together with others; empty for a clean one."""
    told = {
        Hindrance.STATE: sheet.state is not SheetState.SUBMITTED,
        Hindrance.FINDING: sheet.findings > 0,
        Hindrance.OUTCOME: sheet.has_outcome,
        Hindrance.CONFLICT: sheet.conflicts > 0,
        Hindrance.UNSIGNED: sheet.is_unsigned,
        Hindrance.PHOTOS: sheet.waiting_photos > 0,
        Hindrance.RECORDS: sheet.held > 0,
        Hindrance.PHONE: sheet.is_on_phone,
        Hindrance.INCOMPLETE: bool(set(sheet.lacks) - _TOLD_ELSEWHERE),
    }
    return [one for one, holds in told.items() if holds]
