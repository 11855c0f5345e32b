"""Use case: a setting is changed by which terms are counted. What was met keeps the day it was met
against, as after a notice on days off; the phones of what is open hear of the other day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import insert

from server.db import db
from server.deadlines.calendar import load_calendar
from server.deadlines.events import moving
from server.deadlines.models import KeptDueDate
from server.deadlines.service import due_of, map_kept_days, map_met_days
from server.deadlines.terms import NO_PAUSE, map_visit_times
from server.inspections.due_rows import publish_due_dates
from server.inspections.ended import EndedSheet, list_ended_sheets


@contextmanager
def resetting(jurisdiction_id: int, person_id: int) -> Iterator[None]:
    """Around the change, in its unit of work."""
    with moving(jurisdiction_id):
        sheets = [
            one for one in list_ended_sheets(date.min) if one.jurisdiction_id == jurisdiction_id
        ]
        met, before = _list_met(sheets), _map_days(sheets)
        yield
        db.session.flush()
        after, kept = _map_days(sheets), map_kept_days()
        met &= _list_met(sheets)
        other = [one for one in sheets if before[one.sheet_id] != after[one.sheet_id]]
        rows = [
            {
                "sheet_id": one.sheet_id,
                "jurisdiction_id": jurisdiction_id,
                "due_on": before[one.sheet_id],
            }
            for one in other
            if one.sheet_id in met - kept.keys() and before[one.sheet_id] is not None
        ]
        if rows:
            db.session.execute(insert(KeptDueDate.__table__), rows)  # type: ignore[arg-type]
        still_open = {one.inspection_id for one in other if one.sheet_id not in met}
        publish_due_dates(jurisdiction_id, still_open, person_id)


def _list_met(sheets: Sequence[EndedSheet]) -> set[int]:
    if not sheets:
        return set()
    entered = {one.sheet_id: one.entered_at for one in sheets}
    days = map_met_days(sheets[0].jurisdiction_id, entered)
    return {sheet for sheet, day in days.items() if day is not None}


def _map_days(sheets: Sequence[EndedSheet]) -> dict[int, date | None]:
    """Sheet → its due date by the settings of now; counted once for all visits of one day."""
    if not sheets:
        return {}
    county, calendar = sheets[0].jurisdiction_id, load_calendar()
    times, counted = map_visit_times(county), dict[object, date | None]()
    found: dict[int, date | None] = {}
    for one in sheets:
        time = times.get(one.inspection_id, NO_PAUSE)
        key = one.ended_on, one.codes, time
        if key not in counted:
            due = due_of(one.ended_on, list(one.codes), county, calendar, time)
            counted[key] = due.due if due else None
        found[one.sheet_id] = counted[key]
    return found
