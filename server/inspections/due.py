"""Lookup: until when an inspection's sheet must be entered, and how that stands today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.deadlines import DueDate, deadline_state, working_days_left
from server.accounts.service import get_jurisdiction
from server.deadlines.calendar import load_calendar
from server.deadlines.service import (
    as_met,
    due_of,
    map_kept_days,
    map_met_days,
    map_visit_times,
)
from server.deadlines.terms import NO_PAUSE
from server.inspections.models import Inspection
from server.runtime import today


@dataclass(frozen=True, slots=True)
class SheetDue:
    """``state`` a word of ``domain.deadlines.DeadlineState``, empty while the visit has not ended;
    ``days_left`` are working days, negative when past; ``counted`` is how ``due`` came about."""

    due: date | None
    state: str
    days_left: int | None
    is_provisional: bool
    counted: DueDate | None = None


def due_of_sheets(inspections: Iterable[Inspection]) -> dict[int, SheetDue]:
    """By sheet id; the calendar is read once."""
    calendar, day = load_calendar(), today()
    found: dict[int, SheetDue] = {}
    inspections = list(inspections)
    if not inspections:
        return found
    # held, or the session would forget the county and ask for it again at each sheet
    _county = get_jurisdiction(inspections[0].jurisdiction_id)
    entered = {sheet.id: sheet.entered_at for one in inspections for sheet in one.sheets}
    met, kept = map_met_days(inspections[0].jurisdiction_id, entered), map_kept_days(entered)
    times = map_visit_times(inspections[0].jurisdiction_id, [one.id for one in inspections])
    for inspection in inspections:
        time = times.get(inspection.id, NO_PAUSE)
        codes = [sheet.code for sheet in inspection.sheets]
        for sheet in inspection.sheets:
            ended = sheet.ended_on or inspection.ended_on
            due = due_of(ended, codes, inspection.jurisdiction_id, calendar, time)
            due = as_met(due, met[sheet.id], kept.get(sheet.id))
            if due is None:
                found[sheet.id] = SheetDue(None, "", None, False)
                continue
            state = deadline_state(due.due, day, met[sheet.id], calendar)
            left = working_days_left(due.due, day, calendar)
            found[sheet.id] = SheetDue(due.due, str(state), left, due.provisional, due)
    return found
