"""Lookup and use case: what another calendar makes of the due dates of visits that have ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import insert, select

from domain.calendar import WorkCalendar
from domain.deadlines import DueDate
from server.db import db
from server.deadlines.models import DueDateMove, KeptDueDate
from server.deadlines.service import due_of, map_kept_days, map_met_days, map_visit_times
from server.deadlines.terms import NO_PAUSE
from server.inspections.ended import EndedSheet, list_ended_sheets

# A term may begin with the task's end, months after the visit, and be paused: two years pass by
# no more than a campaign that was forgotten.
LONGEST_TERM = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Move:
    """A sheet whose due date the two calendars count differently. ``is_met``: done before, so that
    nothing of it moves."""

    sheet: EndedSheet
    old: DueDate
    new: DueDate
    is_met: bool

    @property
    def is_moved(self) -> bool:
        """Whether the day is another; else a provisional day became certain, or the reverse."""
        return self.old.due != self.new.due


def list_moves(old: WorkCalendar, new: WorkCalendar) -> list[Move]:
    """Of every county in sight, by county and number."""
    first = _first_difference(old, new)
    if first is None:
        return []
    counties: dict[int, list[EndedSheet]] = {}
    for sheet in list_ended_sheets(first - LONGEST_TERM):
        counties.setdefault(sheet.jurisdiction_id, []).append(sheet)
    return [move for county in sorted(counties) for move in _moves(counties[county], old, new)]


def store_moves(notice_id: int, moves: Iterable[Move]) -> None:
    """Open sheets: what moved. Met ones: what they were met against, unless an earlier notice has
    said it. In the unit of work that changes the calendar."""
    moves = list(moves)
    lines = [
        {
            "jurisdiction_id": one.sheet.jurisdiction_id,
            "notice_id": notice_id,
            "inspection_id": one.sheet.inspection_id,
            "sheet_id": one.sheet.sheet_id,
            "old_on": one.old.due,
            "new_on": one.new.due,
            "was_provisional": one.old.provisional,
            "is_provisional": one.new.provisional,
        }
        for one in moves
        if not one.is_met
    ]
    kept = [
        {
            "sheet_id": one.sheet.sheet_id,
            "jurisdiction_id": one.sheet.jurisdiction_id,
            "due_on": one.old.due,
            "notice_id": notice_id,
        }
        for one in moves
        if one.is_met and one.is_moved
    ]
    for table, rows in ((DueDateMove, lines), (KeptDueDate, kept)):
        if rows:
            db.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def list_stored_moves(notice_id: int) -> list[DueDateMove]:
    """What the notice moved in the county in sight, in the order it was written."""
    query = select(DueDateMove).where(DueDateMove.notice_id == notice_id)
    return list(db.session.scalars(query.order_by(DueDateMove.id)))


def _moves(sheets: list[EndedSheet], old: WorkCalendar, new: WorkCalendar) -> list[Move]:
    county = sheets[0].jurisdiction_id
    met = map_met_days(county, {one.sheet_id: one.entered_at for one in sheets})
    kept = map_kept_days()
    times = map_visit_times(county)
    counted: dict[object, tuple[DueDate | None, DueDate | None]] = {}
    found = []
    for one in sheets:
        time = times.get(one.inspection_id, NO_PAUSE)
        key = (one.ended_on, one.codes, time)
        if key not in counted:
            pair = [
                due_of(one.ended_on, list(one.codes), county, each, time) for each in (old, new)
            ]
            counted[key] = (pair[0], pair[1])
        before, after = counted[key]
        if before is None or after is None:
            continue  # counted from the task's end, which has not come
        is_met = met[one.sheet_id] is not None
        is_same = (before.due, before.provisional) == (after.due, after.provisional)
        if is_same or (is_met and one.sheet_id in kept):
            continue
        found.append(Move(one, before, after, is_met))
    return found


def _first_difference(old: WorkCalendar, new: WorkCalendar) -> date | None:
    """The first day that counts otherwise or belongs to a year known to one of them alone."""
    days = (old.holidays ^ new.holidays) | (old.makeup_days ^ new.makeup_days)
    years = {date(year, 1, 1) for year in old.known_years ^ new.known_years}
    return min(days | years, default=None)
